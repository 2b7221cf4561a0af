package publish

import (
	"io/fs"
	"strings"
	"time"

	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/internal/release"
	"kompetenceudvikling.dk/kompas/internal/repo"
	"kompetenceudvikling.dk/kompas/tools/selvtjek"
)

// A Past is what git tells of the content of a commit.
type Past struct {
	Edits   map[string][]release.Edit // content file -> its changes, newest first
	Earlier []*selvtjek.Flow          // the self-checks before their last change; nil for none
}

// ReadPast reads the history of content/ below a folder of the repository ("" or with
// a last slash). The walk is kept in the file cache, "" for none.
func ReadPast(r *repo.Repo, commit, folder, cache string, now time.Time) (Past, error) {
	h, err := r.History(commit, folder+"content", cache)
	if err != nil {
		return Past{}, err
	}
	past := Past{Edits: make(map[string][]release.Edit, len(h.Files))}
	for name, at := range h.Files {
		list := make([]release.Edit, len(at))
		for i, place := range at {
			c := h.Changes[place]
			list[i] = release.Edit{At: c.At, Subject: c.Subject, Wide: c.Wide}
		}
		past.Edits[strings.TrimPrefix(name, folder)] = list
	}
	before := h.Before(folder+"content/selvtjek/", folder+"content/data/satser.yaml", folder+"content/data/regler.yaml")
	if before == "" {
		return past, nil
	}
	fsys, err := Below(r, before, folder)
	if err != nil {
		return Past{}, err
	}
	if tree, err := content.LoadFlows(fsys, now); err == nil {
		past.Earlier, _ = selvtjek.Load(tree) // a version that cannot be read any more tells nothing
	}
	return past, nil
}

// Below gives the files of a commit below a folder ("" or with a last slash).
func Below(r *repo.Repo, commit, folder string) (fs.FS, error) {
	fsys, err := r.Commit(commit)
	if err != nil || folder == "" {
		return fsys, err
	}
	return fs.Sub(fsys, strings.TrimSuffix(folder, "/"))
}

package repo

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// A History tells which commits of the first-parent line changed what below a folder.
// Files older than a shallow clone reaches are left out: their changes are not known.
type History struct {
	Head    string           `json:"head"`
	Changes []Change         `json:"changes"` // newest first
	Files   map[string][]int `json:"files"`   // file -> its changes, as places in Changes
}

// A Change is a commit that changed files.
type Change struct {
	Commit  string    `json:"commit"`
	Parent  string    `json:"parent"` // "" for the first commit
	At      time.Time `json:"at"`
	Subject string    `json:"subject"`
	Wide    bool      `json:"wide"` // it changed files outside the folder too
}

// Before gives the commit before the newest change to any file that one of the prefixes
// begins; "" when they are as old as the history.
func (h *History) Before(prefixes ...string) string {
	newest := len(h.Changes)
	for name, at := range h.Files {
		if slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(name, p) }) {
			newest = min(newest, at[0])
		}
	}
	if newest == len(h.Changes) {
		return ""
	}
	return h.Changes[newest].Parent
}

// History walks the first-parent line from hash back and compares the trees: go-git's
// own log of a file walks all of history for each. What it found is kept in the file
// cache ("" for none), and the next walk ends where that began.
func (r *Repo) History(hash, folder, cache string) (*History, error) {
	before := readHistory(cache, folder)
	w := &walk{repo: r, folder: strings.Split(strings.Trim(folder, "/"), "/"), files: map[string][]int{}}
	shallow, err := r.git.Storer.Shallow()
	if err != nil {
		return nil, fmt.Errorf("read shallow commits: %w", err)
	}
	c, err := r.git.CommitObject(plumbing.NewHash(hash))
	if err != nil {
		return nil, fmt.Errorf("read commit %s: %w", hash, err)
	}
	for c != nil {
		if before != nil && c.Hash.String() == before.Head {
			w.join(before)
			break
		}
		if slices.Contains(shallow, c.Hash) {
			break
		}
		var parent *object.Commit
		if len(c.ParentHashes) > 0 {
			if parent, err = r.git.CommitObject(c.ParentHashes[0]); err != nil {
				return nil, fmt.Errorf("read commit %s: %w", c.ParentHashes[0], err)
			}
		}
		if err := w.commit(c, parent); err != nil {
			return nil, err
		}
		c = parent
	}
	h := &History{Head: hash, Changes: w.changes, Files: w.files}
	if cache != "" && (before == nil || before.Head != hash) {
		writeHistory(cache, folder, h)
	}
	return h, nil
}

// A walk gathers the changes of a history.
type walk struct {
	repo    *Repo
	folder  []string // its path, by parts
	changes []Change
	files   map[string][]int
	trees   map[plumbing.Hash][]object.TreeEntry // of the last two commits: most are in both
	used    map[plumbing.Hash][]object.TreeEntry
}

// commit notes what a commit changed against its parent, nil for the first.
func (w *walk) commit(c, parent *object.Commit) error {
	w.trees, w.used = w.used, map[plumbing.Hash][]object.TreeEntry{}
	change := commitOf(c)
	var before plumbing.Hash
	out := Change{Commit: change.Hash, At: change.At, Subject: change.Subject}
	if parent != nil {
		before, out.Parent = parent.TreeHash, parent.Hash.String()
	}
	names, wide, err := w.compare(before, c.TreeHash, w.folder, "")
	if err != nil {
		return err
	}
	if len(names) == 0 {
		return nil
	}
	out.Wide = wide
	for _, name := range names {
		w.files[name] = append(w.files[name], len(w.changes))
	}
	w.changes = append(w.changes, out)
	return nil
}

// compare gives the files below the folder that differ between two trees, going only
// into folders that differ, and whether anything beside the folder does.
func (w *walk) compare(before, after plumbing.Hash, folder []string, dir string) (names []string, wide bool, err error) {
	a, err := w.read(before)
	if err != nil {
		return nil, false, err
	}
	b, err := w.read(after)
	if err != nil {
		return nil, false, err
	}
	err = merge(a, b, func(name string, isDir bool, old, now plumbing.Hash) error {
		switch {
		case len(folder) > 0 && (name != folder[0] || !isDir):
			wide = true
		case isDir:
			more, wider, err := w.compare(old, now, folder[min(1, len(folder)):], dir+name+"/")
			names, wide = append(names, more...), wide || wider
			return err
		default:
			names = append(names, dir+name)
		}
		return nil
	})
	return names, wide, err
}

// merge calls differs for each name whose entries differ; a hash is zero where there
// is none. A file that has become a folder is two names.
func merge(a, b []object.TreeEntry, differs func(name string, isDir bool, old, now plumbing.Hash) error) error {
	for len(a) > 0 || len(b) > 0 {
		order := 0
		switch {
		case len(a) == 0:
			order = 1
		case len(b) == 0:
			order = -1
		default:
			order = strings.Compare(sortName(a[0]), sortName(b[0]))
		}
		var err error
		switch {
		case order < 0:
			err = differs(a[0].Name, a[0].Mode == filemode.Dir, a[0].Hash, plumbing.ZeroHash)
			a = a[1:]
		case order > 0:
			err = differs(b[0].Name, b[0].Mode == filemode.Dir, plumbing.ZeroHash, b[0].Hash)
			b = b[1:]
		default:
			if a[0].Hash != b[0].Hash {
				err = differs(b[0].Name, b[0].Mode == filemode.Dir, a[0].Hash, b[0].Hash)
			}
			a, b = a[1:], b[1:]
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// sortName is what git sorts the entries of a tree by.
func sortName(e object.TreeEntry) string {
	if e.Mode == filemode.Dir {
		return e.Name + "/"
	}
	return e.Name
}

func (w *walk) read(h plumbing.Hash) ([]object.TreeEntry, error) {
	if h.IsZero() {
		return nil, nil
	}
	entries, ok := w.used[h]
	if !ok {
		entries, ok = w.trees[h]
	}
	if !ok {
		t, err := w.repo.git.TreeObject(h)
		if err != nil {
			return nil, fmt.Errorf("read tree %s: %w", h, err)
		}
		entries = t.Entries
	}
	w.used[h] = entries
	return entries, nil
}

// join goes on with what an earlier walk found.
func (w *walk) join(before *History) {
	base := len(w.changes)
	w.changes = append(w.changes, before.Changes...)
	for name, at := range before.Files {
		for _, i := range at {
			w.files[name] = append(w.files[name], base+i)
		}
	}
}

// A kept history is for one folder; another format, or a torn file, is as none.
type kept struct {
	Format int    `json:"format"`
	Folder string `json:"folder"`
	History
}

const keptFormat = 1

func readHistory(cache, folder string) *History {
	src, err := os.ReadFile(cache)
	var k kept
	if err != nil || json.Unmarshal(src, &k) != nil || k.Format != keptFormat || k.Folder != folder {
		return nil
	}
	for _, at := range k.Files {
		if len(at) == 0 || slices.Max(at) >= len(k.Changes) {
			return nil
		}
	}
	return &k.History
}

// writeHistory keeps a history for the next walk. Failing costs time, nothing else.
func writeHistory(cache, folder string, h *History) {
	src, err := json.Marshal(kept{keptFormat, folder, *h})
	if err != nil || os.MkdirAll(filepath.Dir(cache), 0o755) != nil {
		return
	}
	f, err := os.CreateTemp(filepath.Dir(cache), "historik-*")
	if err != nil {
		return
	}
	defer os.Remove(f.Name())
	if _, err := f.Write(src); f.Close() == nil && err == nil {
		_ = os.Rename(f.Name(), cache)
	}
}

// lookBack is how many commits LastChange looks at.
const lookBack = 500

// LastChange finds the newest commit from one back to another, that one not included, that
// changed a file.
func (r *Repo) LastChange(name, from, until string) (Commit, bool) {
	line, err := r.Line(from, lookBack)
	if err != nil {
		return Commit{}, false
	}
	for i, c := range line[:len(line)-1] {
		if c.Hash == until {
			break
		}
		now, errNow := r.List(c.Hash)
		was, errWas := r.List(line[i+1].Hash)
		if errNow != nil || errWas != nil {
			break
		}
		if now[name] != was[name] {
			return c, true
		}
	}
	return Commit{}, false
}

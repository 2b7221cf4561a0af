package repo

import (
	"fmt"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
)

// An Entry is a file of a commit, or what stands in its place.
type Entry struct {
	Hash string
	Kind Kind
}

// Kind tells what an entry is.
type Kind int

const (
	File    Kind = iota
	Program      // a file that may be run
	Link         // a symbolic link
	Module       // a submodule
)

// List gives all entries of a commit by path, as they are stored: names are not checked.
func (r *Repo) List(hash string) (map[string]Entry, error) {
	c, err := r.git.CommitObject(plumbing.NewHash(hash))
	if err != nil {
		return nil, fmt.Errorf("read commit %s: %w", hash, err)
	}
	out := map[string]Entry{}
	return out, r.list(c.TreeHash, "", out)
}

func (r *Repo) list(tree plumbing.Hash, dir string, into map[string]Entry) error {
	t, err := r.git.TreeObject(tree)
	if err != nil {
		return fmt.Errorf("read tree %s: %w", tree, err)
	}
	for _, e := range t.Entries {
		name := dir + e.Name
		switch e.Mode {
		case filemode.Dir:
			if err := r.list(e.Hash, name+"/", into); err != nil {
				return err
			}
			continue
		case filemode.Symlink:
			into[name] = Entry{e.Hash.String(), Link}
		case filemode.Submodule:
			into[name] = Entry{e.Hash.String(), Module}
		case filemode.Executable:
			into[name] = Entry{e.Hash.String(), Program}
		default:
			into[name] = Entry{e.Hash.String(), File}
		}
	}
	return nil
}

// Size gives the size of a stored file without reading it.
func (r *Repo) Size(e Entry) (int64, error) {
	n, err := r.git.Storer.EncodedObjectSize(plumbing.NewHash(e.Hash))
	if err != nil {
		return 0, fmt.Errorf("read size of %s: %w", e.Hash, err)
	}
	return n, nil
}

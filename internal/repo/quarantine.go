package repo

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-git/go-billy/v5"
	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/storage"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

// OpenPushed opens a bare repository together with what is being pushed to it, which
// git keeps apart until its hook has said yes (GIT_QUARANTINE_PATH). go-git does not
// look there by itself, and would miss a push of many files, which comes as a pack.
func OpenPushed(dir, quarantine string) (*Repo, error) {
	if quarantine == "" {
		return OpenBare(dir)
	}
	if !filepath.IsAbs(quarantine) {
		quarantine = filepath.Join(dir, quarantine)
	}
	pushed := newStorage(objectsOnly{osfs.New(quarantine)})
	return openStorage(dir, func(own *filesystem.Storage) storage.Storer { return &overlay{own, pushed} })
}

// OpenBare opens the bare repository at dir itself, never one that dir lies in.
func OpenBare(dir string) (*Repo, error) {
	return openStorage(dir, func(own *filesystem.Storage) storage.Storer { return own })
}

func openStorage(dir string, with func(*filesystem.Storage) storage.Storer) (*Repo, error) {
	if _, err := os.Stat(filepath.Join(dir, "objects")); err != nil {
		return nil, ErrNoRepo
	}
	own := newStorage(osfs.New(dir))
	r, err := git.Open(with(own), nil)
	if err != nil {
		return nil, fmt.Errorf("open repository %s: %w", dir, err)
	}
	return &Repo{git: r, close: own.Close}, nil
}

// newStorage keeps its files open: opening the pack anew for each object takes three
// times as long.
func newStorage(at billy.Filesystem) *filesystem.Storage {
	return filesystem.NewStorageWithOptions(at, cache.NewObjectLRUDefault(), filesystem.Options{KeepDescriptors: true})
}

// An overlay reads pushed objects first, then the repository's own.
type overlay struct {
	*filesystem.Storage
	pushed *filesystem.Storage
}

func (o *overlay) EncodedObject(t plumbing.ObjectType, h plumbing.Hash) (plumbing.EncodedObject, error) {
	if obj, err := o.pushed.EncodedObject(t, h); err == nil {
		return obj, nil
	}
	return o.Storage.EncodedObject(t, h)
}

func (o *overlay) HasEncodedObject(h plumbing.Hash) error {
	if o.pushed.HasEncodedObject(h) == nil {
		return nil
	}
	return o.Storage.HasEncodedObject(h)
}

func (o *overlay) EncodedObjectSize(h plumbing.Hash) (int64, error) {
	if n, err := o.pushed.EncodedObjectSize(h); err == nil {
		return n, nil
	}
	return o.Storage.EncodedObjectSize(h)
}

// objectsOnly makes a folder of objects look like a repository that has it as objects/.
type objectsOnly struct{ billy.Filesystem }

func inner(name string) string {
	name = filepath.ToSlash(name)
	if name == "objects" {
		return "."
	}
	return strings.TrimPrefix(name, "objects/")
}

func (o objectsOnly) Open(name string) (billy.File, error) { return o.Filesystem.Open(inner(name)) }
func (o objectsOnly) OpenFile(name string, flag int, perm os.FileMode) (billy.File, error) {
	return o.Filesystem.OpenFile(inner(name), flag, perm)
}
func (o objectsOnly) Stat(name string) (os.FileInfo, error)  { return o.Filesystem.Stat(inner(name)) }
func (o objectsOnly) Lstat(name string) (os.FileInfo, error) { return o.Filesystem.Lstat(inner(name)) }
func (o objectsOnly) ReadDir(name string) ([]os.FileInfo, error) {
	return o.Filesystem.ReadDir(inner(name))
}

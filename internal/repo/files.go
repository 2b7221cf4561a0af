package repo

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// A treeFS is a git tree as fs.FS. Files have the commit's time.
type treeFS struct {
	tree *object.Tree
	at   time.Time
}

// Open opens a file or folder of the commit.
func (t treeFS) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	if name == "." {
		return &dirFile{info{name: ".", mode: fs.ModeDir | 0o555, at: t.at}, t.list(t.tree), 0}, nil
	}
	e, err := t.tree.FindEntry(name)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	if e.Mode == filemode.Dir {
		sub, err := t.tree.Tree(name)
		if err != nil {
			return nil, &fs.PathError{Op: "open", Path: name, Err: err}
		}
		return &dirFile{info{name: path.Base(name), mode: fs.ModeDir | 0o555, at: t.at}, t.list(sub), 0}, nil
	}
	f, err := t.tree.TreeEntryFile(e)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	r, err := f.Reader()
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	defer r.Close()
	src, err := io.ReadAll(r)
	if err != nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: err}
	}
	return &blobFile{t.info(e, int64(len(src))), bytes.NewReader(src)}, nil
}

func (t treeFS) info(e *object.TreeEntry, size int64) info {
	mode := fs.FileMode(0o444)
	switch e.Mode {
	case filemode.Dir:
		mode = fs.ModeDir | 0o555
	case filemode.Symlink, filemode.Submodule:
		mode |= fs.ModeSymlink // not a regular file: content refuses it
	}
	return info{path.Base(e.Name), size, mode, t.at}
}

func (t treeFS) list(tree *object.Tree) []fs.DirEntry {
	out := make([]fs.DirEntry, 0, len(tree.Entries))
	for _, e := range tree.Entries {
		size := int64(0)
		if e.Mode.IsFile() {
			size, _ = tree.Size(e.Name)
		}
		out = append(out, fs.FileInfoToDirEntry(t.info(&e, size)))
	}
	slices.SortFunc(out, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return out
}

type info struct {
	name string
	size int64
	mode fs.FileMode
	at   time.Time
}

func (i info) Name() string       { return i.name }
func (i info) Size() int64        { return i.size }
func (i info) Mode() fs.FileMode  { return i.mode }
func (i info) ModTime() time.Time { return i.at }
func (i info) IsDir() bool        { return i.mode.IsDir() }
func (i info) Sys() any           { return nil }

type blobFile struct {
	info
	*bytes.Reader
}

func (f *blobFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *blobFile) Size() int64                { return f.info.size }
func (f *blobFile) Close() error               { return nil }

type dirFile struct {
	info
	entries []fs.DirEntry
	at      int
}

func (f *dirFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *dirFile) Close() error               { return nil }
func (f *dirFile) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: f.name, Err: errors.New("is a folder")}
}

// ReadDir gives the next n entries, or all of them when n <= 0.
func (f *dirFile) ReadDir(n int) ([]fs.DirEntry, error) {
	rest := f.entries[f.at:]
	if n > 0 && len(rest) == 0 {
		return nil, io.EOF
	}
	if n > 0 {
		rest = rest[:min(n, len(rest))]
	}
	f.at += len(rest)
	return rest, nil
}

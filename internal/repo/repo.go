// Package repo reads git. In goes a folder; out come commits as fs.FS and the date each
// file was last changed. It is the only importer of go-git, and writes nothing.
package repo

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// ErrNoRepo says that a folder lies in no git repository.
var ErrNoRepo = errors.New("no git repository")

// A Repo is a git repository, bare or with a work tree.
type Repo struct {
	git *git.Repository
	top string // work tree, "" when bare
}

// Open opens the repository that dir lies in.
func Open(dir string) (*Repo, error) {
	r, err := git.PlainOpenWithOptions(dir, &git.PlainOpenOptions{DetectDotGit: true, EnableDotGitCommonDir: true})
	if errors.Is(err, git.ErrRepositoryNotExists) {
		return nil, ErrNoRepo
	}
	if err != nil {
		return nil, fmt.Errorf("open repository %s: %w", dir, err)
	}
	out := &Repo{git: r}
	if w, err := r.Worktree(); err == nil {
		out.top = w.Filesystem.Root()
	}
	return out, nil
}

// Top gives the folder of the work tree, "" for a bare repository.
func (r *Repo) Top() string { return r.top }

// Resolve gives the full hash of a revision ("HEAD", "main", "v1~2", a short hash).
func (r *Repo) Resolve(rev string) (string, error) {
	h, err := r.git.ResolveRevision(plumbing.Revision(rev))
	if err != nil {
		return "", fmt.Errorf("find commit %s: %w", rev, err)
	}
	return h.String(), nil
}

// Commit gives the files of a commit, by its full hash.
func (r *Repo) Commit(hash string) (fs.FS, error) {
	c, err := r.git.CommitObject(plumbing.NewHash(hash))
	if err != nil {
		return nil, fmt.Errorf("read commit %s: %w", hash, err)
	}
	tree, err := c.Tree()
	if err != nil {
		return nil, fmt.Errorf("read tree of %s: %w", hash, err)
	}
	return treeFS{tree, c.Committer.When}, nil
}

// Changed gives for each file below prefix the time of the newest commit on the first-
// parent line that changed it, from commit hash back. Files that are older than a
// shallow clone reaches are left out: their date is not known.
func (r *Repo) Changed(hash, prefix string) (map[string]time.Time, error) {
	h := plumbing.NewHash(hash)
	shallow, err := r.git.Storer.Shallow()
	if err != nil {
		return nil, fmt.Errorf("read shallow commits: %w", err)
	}
	out := map[string]time.Time{}
	for !h.IsZero() {
		c, err := r.git.CommitObject(h)
		if err != nil {
			return nil, fmt.Errorf("read commit %s: %w", h, err)
		}
		if slices.Contains(shallow, h) {
			break
		}
		var before plumbing.Hash
		if len(c.ParentHashes) > 0 {
			p, err := r.git.CommitObject(c.ParentHashes[0])
			if err != nil {
				return nil, fmt.Errorf("read commit %s: %w", c.ParentHashes[0], err)
			}
			before, h = p.TreeHash, c.ParentHashes[0]
		} else {
			h = plumbing.ZeroHash
		}
		if err := r.compare(before, c.TreeHash, "", prefix, c.Committer.When, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Before gives the commit that came before the newest change, on the first-parent line
// from hash, to any of the paths; "" when they are as old as the history.
func (r *Repo) Before(hash string, paths ...string) (string, error) {
	for h := plumbing.NewHash(hash); ; {
		c, err := r.git.CommitObject(h)
		if err != nil {
			return "", fmt.Errorf("read commit %s: %w", h, err)
		}
		if len(c.ParentHashes) == 0 {
			return "", nil
		}
		p, err := r.git.CommitObject(c.ParentHashes[0])
		if errors.Is(err, plumbing.ErrObjectNotFound) {
			return "", nil // a shallow clone ends here
		}
		if err != nil {
			return "", fmt.Errorf("read commit %s: %w", c.ParentHashes[0], err)
		}
		for _, at := range paths {
			now, err := r.entry(c, at)
			if err != nil {
				return "", err
			}
			was, err := r.entry(p, at)
			if err != nil {
				return "", err
			}
			if now != was {
				return p.Hash.String(), nil
			}
		}
		h = p.Hash
	}
}

// entry gives the hash of a file or folder in a commit, zero when it is not there.
func (r *Repo) entry(c *object.Commit, at string) (plumbing.Hash, error) {
	tree, err := c.Tree()
	if err != nil {
		return plumbing.ZeroHash, fmt.Errorf("read tree of %s: %w", c.Hash, err)
	}
	e, err := tree.FindEntry(at)
	if errors.Is(err, object.ErrEntryNotFound) || errors.Is(err, object.ErrDirectoryNotFound) {
		return plumbing.ZeroHash, nil
	}
	if err != nil {
		return plumbing.ZeroHash, fmt.Errorf("find %s in %s: %w", at, c.Hash, err)
	}
	return e.Hash, nil
}

// compare notes the files that differ between two trees, going only into folders that
// differ: go-git's own log per file walks all of history for each.
func (r *Repo) compare(before, after plumbing.Hash, dir, prefix string, at time.Time, out map[string]time.Time) error {
	old, err := r.entries(before)
	if err != nil {
		return err
	}
	now, err := r.entries(after)
	if err != nil {
		return err
	}
	for name, e := range now {
		full := path.Join(dir, name)
		if old[name].Hash == e.Hash || !strings.HasPrefix(full+"/", prefix) && !strings.HasPrefix(prefix, full+"/") {
			continue
		}
		if e.Mode == filemode.Dir {
			was := old[name].Hash
			if old[name].Mode != filemode.Dir {
				was = plumbing.ZeroHash
			}
			if err := r.compare(was, e.Hash, full, prefix, at, out); err != nil {
				return err
			}
		} else if _, seen := out[full]; !seen {
			out[full] = at
		}
	}
	return nil
}

func (r *Repo) entries(h plumbing.Hash) (map[string]object.TreeEntry, error) {
	if h.IsZero() {
		return nil, nil
	}
	t, err := r.git.TreeObject(h)
	if err != nil {
		return nil, fmt.Errorf("read tree %s: %w", h, err)
	}
	out := make(map[string]object.TreeEntry, len(t.Entries))
	for _, e := range t.Entries {
		out[e.Name] = e
	}
	return out, nil
}

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

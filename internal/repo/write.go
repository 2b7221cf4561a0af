package repo

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// Hash gives the name git has for the bytes of a file.
func Hash(src []byte) string { return plumbing.ComputeHash(plumbing.BlobObject, src).String() }

// Bytes gives a stored file.
func (r *Repo) Bytes(e Entry) ([]byte, error) {
	blob, err := r.git.BlobObject(plumbing.NewHash(e.Hash))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", e.Hash, err)
	}
	in, err := blob.Reader()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", e.Hash, err)
	}
	defer in.Close()
	return io.ReadAll(in)
}

// An Edit is a commit that has not been made: files by path, nil for one that goes.
type Edit struct {
	Parent  string
	Files   map[string][]byte
	Who     string
	Message string
	At      time.Time
}

// Make stores an edit as a commit, and gives its hash. No branch moves. It builds the
// trees itself: go-git's work tree follows links, and is unsafe beside others.
func (r *Repo) Make(c Edit) (string, error) {
	entries, err := r.List(c.Parent)
	if err != nil {
		return "", err
	}
	for name, src := range c.Files {
		if src == nil {
			delete(entries, name)
			continue
		}
		h, err := r.put(plumbing.BlobObject, func(o plumbing.EncodedObject) error {
			w, err := o.Writer()
			if err != nil {
				return err
			}
			_, err = w.Write(src)
			return err
		})
		if err != nil {
			return "", fmt.Errorf("store %s: %w", name, err)
		}
		entries[name] = Entry{h.String(), File}
	}
	tree, err := r.putTree(entries)
	if err != nil {
		return "", fmt.Errorf("store files: %w", err)
	}
	by := object.Signature{Name: c.Who, Email: c.Who + "@kompas.invalid", When: c.At}
	commit := &object.Commit{Author: by, Committer: by, Message: c.Message, TreeHash: tree, ParentHashes: []plumbing.Hash{plumbing.NewHash(c.Parent)}}
	h, err := r.put(plumbing.CommitObject, commit.Encode)
	if err != nil {
		return "", fmt.Errorf("store commit: %w", err)
	}
	return h.String(), nil
}

func (r *Repo) put(t plumbing.ObjectType, encode func(plumbing.EncodedObject) error) (plumbing.Hash, error) {
	o := r.git.Storer.NewEncodedObject()
	o.SetType(t)
	if err := encode(o); err != nil {
		return plumbing.ZeroHash, err
	}
	return r.git.Storer.SetEncodedObject(o)
}

var modes = map[Kind]filemode.FileMode{File: filemode.Regular, Program: filemode.Executable, Link: filemode.Symlink, Module: filemode.Submodule}

// putTree stores the tree of the entries by their path below it.
func (r *Repo) putTree(entries map[string]Entry) (plumbing.Hash, error) {
	below := map[string]map[string]Entry{}
	tree := &object.Tree{}
	for name, e := range entries {
		folder, rest, deeper := strings.Cut(name, "/")
		if !deeper {
			tree.Entries = append(tree.Entries, object.TreeEntry{Name: name, Mode: modes[e.Kind], Hash: plumbing.NewHash(e.Hash)})
			continue
		}
		if below[folder] == nil {
			below[folder] = map[string]Entry{}
		}
		below[folder][rest] = e
	}
	for _, folder := range slices.Sorted(maps.Keys(below)) {
		h, err := r.putTree(below[folder])
		if err != nil {
			return h, err
		}
		tree.Entries = append(tree.Entries, object.TreeEntry{Name: folder, Mode: filemode.Dir, Hash: h})
	}
	sort.Sort(object.TreeEntrySorter(tree.Entries))
	return r.put(plumbing.TreeObject, tree.Encode)
}

// Settle says that the folder now rests on a commit of the server: main, what was last
// fetched, and git's own list of files. The files are left as they are.
func (r *Repo) Settle(commit string) error {
	h := plumbing.NewHash(commit)
	for _, name := range []plumbing.ReferenceName{base, originMain, localMain} {
		if err := r.git.Storer.SetReference(plumbing.NewHashReference(name, h)); err != nil {
			return fmt.Errorf("move %s: %w", name, err)
		}
	}
	if err := r.git.Storer.SetReference(plumbing.NewSymbolicReference(plumbing.HEAD, localMain)); err != nil {
		return fmt.Errorf("move HEAD: %w", err)
	}
	tree, err := r.git.Worktree()
	if err == nil {
		err = tree.Reset(&git.ResetOptions{Commit: h, Mode: git.MixedReset})
	}
	if err != nil {
		return fmt.Errorf("list files of %s: %w", commit, err)
	}
	return nil
}

// Setting gives a value of the section [kompas] of the repository's own settings.
func (r *Repo) Setting(name string) string {
	c, err := r.git.Config()
	if err != nil {
		return ""
	}
	return c.Raw.Section("kompas").Option(name)
}

// Set writes such a value.
func (r *Repo) Set(name, value string) error {
	c, err := r.git.Config()
	if err != nil {
		return fmt.Errorf("read settings: %w", err)
	}
	c.Raw.Section("kompas").SetOption(name, value)
	if err := r.git.SetConfig(c); err != nil {
		return fmt.Errorf("write settings: %w", err)
	}
	return nil
}

// Package repo is git. In goes a folder; out come commits as fs.FS, also pushed ones
// that are not accepted yet, and what was changed in them, when. It is the only
// importer of go-git, and knows nothing of what the files mean.
package repo

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// ErrNoRepo says that a folder lies in no git repository.
var ErrNoRepo = errors.New("no git repository")

// A Repo is a git repository, bare or with a work tree.
// It is for one goroutine at a time, and sees what others write only when it is opened again.
type Repo struct {
	git   *git.Repository
	top   string // work tree, "" when bare
	close func() error
}

// Close closes the files that reading has opened.
func (r *Repo) Close() error {
	if r.close == nil {
		return nil
	}
	return r.close()
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
	if len(rev) < shortest && strings.HasPrefix(h.String(), rev) {
		return "", fmt.Errorf("find commit %s: too short a hash", rev)
	}
	return h.String(), nil
}

// shortest is the shortest hash git itself takes.
const shortest = 4

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

// Refs gives the branches below a prefix, "kladde/", with the commit each is at.
func (r *Repo) Refs(prefix string) (map[string]string, error) {
	refs, err := r.git.Storer.IterReferences()
	if err != nil {
		return nil, fmt.Errorf("list branches: %w", err)
	}
	out := map[string]string{}
	err = refs.ForEach(func(ref *plumbing.Reference) error {
		name, ok := strings.CutPrefix(ref.Name().String(), "refs/heads/")
		if ok && strings.HasPrefix(name, prefix) && ref.Type() == plumbing.HashReference {
			out[name] = ref.Hash().String()
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list branches: %w", err)
	}
	return out, nil
}

// Branch gives the commit a branch is at, "" when there is no such branch.
func (r *Repo) Branch(name string) (string, error) {
	ref, err := r.git.Reference(plumbing.NewBranchReferenceName(name), true)
	if errors.Is(err, plumbing.ErrReferenceNotFound) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read branch %s: %w", name, err)
	}
	return ref.Hash().String(), nil
}

// Line gives the first-parent line from a commit back, itself first, at most n.
func (r *Repo) Line(hash string, n int) ([]Commit, error) {
	var out []Commit
	for h := plumbing.NewHash(hash); len(out) < n; {
		c, err := r.git.CommitObject(h)
		if errors.Is(err, plumbing.ErrObjectNotFound) && len(out) > 0 {
			return out, nil // a shallow clone ends here
		}
		if err != nil {
			return nil, fmt.Errorf("read commit %s: %w", h, err)
		}
		out = append(out, commitOf(c))
		if len(c.ParentHashes) == 0 {
			break
		}
		h = c.ParentHashes[0]
	}
	return out, nil
}

// A Commit is one change of the files, without them.
type Commit struct {
	Hash    string
	At      time.Time
	Author  string
	Subject string // the first line of its message
}

func commitOf(c *object.Commit) Commit {
	subject, _, _ := strings.Cut(strings.TrimSpace(c.Message), "\n")
	return Commit{c.Hash.String(), c.Committer.When, c.Author.Name, strings.TrimSpace(subject)}
}

// Follows tells whether a commit has another among its ancestors, or is it.
func (r *Repo) Follows(hash, ancestor string) (bool, error) {
	if hash == ancestor {
		return true, nil
	}
	from, err := r.git.CommitObject(plumbing.NewHash(hash))
	if err != nil {
		return false, fmt.Errorf("read commit %s: %w", hash, err)
	}
	to, err := r.git.CommitObject(plumbing.NewHash(ancestor))
	if err != nil {
		return false, fmt.Errorf("read commit %s: %w", ancestor, err)
	}
	is, err := to.IsAncestor(from)
	if err != nil {
		return false, fmt.Errorf("walk from %s: %w", hash, err)
	}
	return is, nil
}

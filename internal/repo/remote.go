package repo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/config"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/transport"
	"github.com/go-git/go-git/v5/plumbing/transport/http"
)

// Errors of Clone, Fetch and Push that a person can do something about.
var (
	ErrLogin       = errors.New("name or password is wrong")
	ErrUnreachable = errors.New("server cannot be reached")
	ErrNotThere    = errors.New("no repository at the address")
	ErrEmpty       = errors.New("repository is empty")
	ErrRefused     = errors.New("push was refused")
	ErrNoRemote    = errors.New("repository came from nowhere")
	ErrNoBranch    = errors.New("no such branch on the server")
)

// A Login is sent with each request, and kept nowhere.
type Login struct{ Name, Password string }

func (l Login) auth() transport.AuthMethod {
	return &http.BasicAuth{Username: l.Name, Password: l.Password}
}

const (
	originName = git.DefaultRemoteName
	originMain = plumbing.ReferenceName("refs/remotes/origin/main")
	localMain  = plumbing.ReferenceName("refs/heads/main")
)

// Clone fetches the main branch at an address into dir, which must not be there or be
// empty, and lays its files out.
func Clone(ctx context.Context, address, dir string, login Login) (*Repo, error) {
	r, err := git.PlainCloneContext(ctx, dir, false, &git.CloneOptions{
		URL: address, Auth: login.auth(), ReferenceName: localMain, SingleBranch: true, Tags: git.NoTags,
	})
	if err != nil {
		return nil, remoteError("clone "+address, err)
	}
	head, err := r.Head()
	if err != nil {
		return nil, fmt.Errorf("read what was cloned: %w", err)
	}
	return &Repo{git: r, top: dir}, r.Storer.SetReference(plumbing.NewHashReference(base, head.Hash()))
}

// Origin gives the address a repository was cloned from.
func (r *Repo) Origin() (string, error) {
	remote, err := r.git.Remote(originName)
	if err != nil || len(remote.Config().URLs) == 0 {
		return "", ErrNoRemote
	}
	return remote.Config().URLs[0], nil
}

// base is the commit of the server that the files of the folder rest on. Settle moves it,
// and nothing else: git fetch moves origin/main and leaves the files. fetched is where
// Fetch keeps what it got.
const (
	base    = plumbing.ReferenceName("refs/kompas/grund")
	fetched = plumbing.ReferenceName("refs/kompas/hentet")
)

// Base gives the commit of the server's main that the files of the folder rest on. In a
// folder that git cloned, it is where HEAD and the server's main part.
func (r *Repo) Base() (string, error) {
	if ref, err := r.git.Reference(base, true); err == nil {
		return ref.Hash().String(), nil
	}
	ref, err := r.git.Reference(originMain, true)
	if err != nil {
		return "", ErrNoRemote
	}
	server, err := r.git.CommitObject(ref.Hash())
	if err != nil {
		return "", fmt.Errorf("read commit %s: %w", ref.Hash(), err)
	}
	head, err := r.git.Head()
	if err != nil {
		return "", ErrNoRemote
	}
	own, err := r.git.CommitObject(head.Hash())
	if err != nil {
		return "", fmt.Errorf("read commit %s: %w", head.Hash(), err)
	}
	common, err := own.MergeBase(server)
	if err != nil || len(common) == 0 {
		return "", ErrNoRemote
	}
	return common[0].Hash.String(), nil
}

// Fetch gets the server's main, and gives its commit. Nothing of the folder changes.
func (r *Repo) Fetch(ctx context.Context, login Login) (string, error) {
	spec := config.RefSpec("+" + localMain.String() + ":" + fetched.String())
	err := r.git.FetchContext(ctx, &git.FetchOptions{RemoteName: originName, Auth: login.auth(), RefSpecs: []config.RefSpec{spec}, Tags: git.NoTags})
	if err != nil && !errors.Is(err, git.NoErrAlreadyUpToDate) {
		return "", remoteError("fetch", err)
	}
	ref, err := r.git.Reference(fetched, true)
	if err != nil {
		return "", fmt.Errorf("read what was fetched: %w", err)
	}
	return ref.Hash().String(), nil
}

// A Send is one push of one commit; "" takes the branch away.
type Send struct {
	Commit, Branch string
	Force          bool     // the branch may be another line
	Options        []string // as after git push -o
	Progress       io.Writer
}

// Push sends a commit to a branch of the server. What the server says goes to Progress.
func (r *Repo) Push(ctx context.Context, login Login, s Send) error {
	spec := s.Commit + ":refs/heads/" + s.Branch
	if s.Force {
		spec = "+" + spec
	}
	options := map[string]string{}
	for _, o := range s.Options {
		options[o] = "" // arrives as "o="
	}
	err := r.git.PushContext(heard(ctx, s.Progress), &git.PushOptions{
		RemoteName: originName, Auth: login.auth(), RefSpecs: []config.RefSpec{config.RefSpec(spec)}, Options: options, Progress: io.Discard, // it hears half of it
	})
	switch {
	case errors.Is(err, git.NoErrAlreadyUpToDate) && s.Commit == "":
		return ErrNoBranch
	case errors.Is(err, git.NoErrAlreadyUpToDate):
		return nil
	case err != nil:
		return remoteError("push", err)
	}
	return nil
}

// remoteError sorts what can go wrong on the way to a server.
func remoteError(act string, err error) error {
	var kind error
	var netError net.Error
	var opError *net.OpError
	text := err.Error()
	switch {
	case errors.Is(err, transport.ErrAuthenticationRequired), errors.Is(err, transport.ErrAuthorizationFailed):
		kind = ErrLogin
	case errors.Is(err, transport.ErrRepositoryNotFound):
		kind = ErrNotThere
	case errors.Is(err, transport.ErrEmptyRemoteRepository):
		kind = ErrEmpty
	case strings.Contains(text, "command error on"), strings.Contains(text, "non-fast-forward"), errors.Is(err, git.ErrForceNeeded):
		kind = ErrRefused
	case errors.As(err, &netError), errors.As(err, &opError), unexpectedNet(err), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		kind = ErrUnreachable
	default:
		return fmt.Errorf("%s: %w", act, err)
	}
	return fmt.Errorf("%s: %w: %w", act, kind, err)
}

// unexpectedNet looks into go-git's own error, which does not unwrap.
func unexpectedNet(err error) bool {
	var unexpected *plumbing.UnexpectedError
	if !errors.As(err, &unexpected) {
		return false
	}
	var netError net.Error
	return errors.As(unexpected.Err, &netError)
}

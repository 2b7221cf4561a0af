// Package client is the editor's side of publishing, for who has no git. In go a folder
// that Fetch made, and a login; out come the editor's changes on the server's main, or
// both texts where two have changed the same file. It writes files only below content/
// and never throws a text away that is nowhere else. Whether the content is sound is
// for the caller to check first, and for the server.
package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"kompetenceudvikling.dk/kompas/internal/repo"
)

// A Folder is a working copy of the site.
type Folder struct {
	Dir    string
	Site   string           // the site's address, with a last slash
	User   string           // who fetched it, "" when git did
	Now    func() time.Time // the clock
	Server io.Writer        // what the server says, in Danish
	repo   *repo.Repo
}

// Errors that a person can do something about, beside those of package repo.
var (
	ErrNotFetched = errors.New("folder was not fetched from a site")
	ErrNotEmpty   = errors.New("folder is not empty")
	ErrAddress    = errors.New("not the address of a site")
	ErrOpenLine   = errors.New("password would go over an open line")
	ErrBusy       = errors.New("others publish all the time")
	ErrNoDraft    = errors.New("no such draft")
)

// A FileError is a file of the folder that cannot be read, written or removed: often
// another program has it open.
type FileError struct {
	File string
	Err  error
}

func (e *FileError) Error() string { return fmt.Sprintf("change %s: %v", e.File, e.Err) }
func (e *FileError) Unwrap() error { return e.Err }

const repository = "kompas.git" // below the site's address

// Site reads the address of a site or of its repository, and the user name before the @
// in it.
func Site(address string) (site, user string, err error) {
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return "", "", ErrAddress
	}
	if u.Scheme == "http" && !ownMachine(u.Hostname()) {
		return "", "", ErrOpenLine
	}
	user = u.User.Username()
	u.User = nil
	u.Path = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(u.Path, "/"), repository), "/") + "/"
	return u.String(), user, nil
}

func ownMachine(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Fetch makes the folder dir with the first copy of a site. It is there whole or not at all.
func Fetch(ctx context.Context, site, dir string, login repo.Login) error {
	if err := MayFill(dir); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	tmp, err := os.MkdirTemp(filepath.Dir(dir), ".kompas-hent-")
	if err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	defer os.RemoveAll(tmp)
	r, err := repo.Clone(ctx, site+repository, tmp, login)
	if err != nil {
		return err
	}
	if err := errors.Join(r.Set("bruger", login.Name), r.Close(), os.Chmod(tmp, 0o755)); err != nil {
		return err
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, os.ErrNotExist) { // an empty one
		return ErrNotEmpty
	}
	if err := os.Rename(tmp, dir); err != nil {
		return fmt.Errorf("put folder into place: %w", err)
	}
	return nil
}

// MayFill tells whether Fetch can make dir: it is not there, or empty.
func MayFill(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil || len(entries) > 0 {
		return ErrNotEmpty
	}
	return nil
}

// Open finds the working copy that dir lies in.
func Open(dir string) (*Folder, error) {
	r, err := repo.Open(dir)
	if errors.Is(err, repo.ErrNoRepo) || err == nil && r.Top() == "" {
		return nil, ErrNotFetched
	}
	if err != nil {
		return nil, err
	}
	address, err := r.Origin()
	if err != nil {
		return nil, errors.Join(ErrNotFetched, r.Close())
	}
	site, user, err := Site(address)
	if err != nil || !strings.HasSuffix(strings.TrimSuffix(address, "/"), "/"+repository) {
		return nil, errors.Join(ErrNotFetched, r.Close())
	}
	if name := r.Setting("bruger"); name != "" {
		user = name
	}
	return &Folder{Dir: r.Top(), Site: site, User: user, Now: time.Now, Server: io.Discard, repo: r}, nil
}

// Fetched tells whether dir lies in a folder that Fetch made.
func Fetched(dir string) bool {
	r, err := repo.Open(dir)
	if err != nil {
		return false
	}
	defer r.Close()
	return r.Setting("bruger") != ""
}

// Close frees the folder.
func (f *Folder) Close() error { return f.repo.Close() }

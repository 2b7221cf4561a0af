// Package store keeps releases on disk. In go folders that a caller fills; out come
// whole releases, each with a manifest, and the one that is current. A release is
// there whole or not at all: it is filled beside its place and moved by rename. It
// knows nothing of Hugo, git or content.
package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// ManifestFile is the name of a release's manifest; a folder with one is ours.
const ManifestFile = "manifest.json"

// Format is the manifest's own version.
const Format = 1

// A Manifest says what a release was made of and what is in it. Times are UTC.
type Manifest struct {
	Format    int               `json:"format"`
	ID        string            `json:"id"`
	Commit    string            `json:"commit"` // "" for a working folder
	Source    string            `json:"source"` // hash of the names and bytes that were read
	AsOf      time.Time         `json:"as_of"`
	Program   string            `json:"program"`
	BaseURL   string            `json:"base_url"`
	Counts    Counts            `json:"counts"`
	Files     map[string]string `json:"files"`     // path below the release -> sha256; index/ is not listed
	Redirects map[string]string `json:"redirects"` // old address -> new
	Gone      map[string]string `json:"gone"`      // address taken down -> successor, or ""
}

// Counts tells the size of a release.
type Counts struct {
	Pages    int `json:"pages"`
	Files    int `json:"files"`
	Warnings int `json:"warnings"`
}

// ID names a release: the instant it shows, what it was made from, and the program.
func ID(asOf time.Time, from, program string) string {
	return fmt.Sprintf("%s-%.12s-%.8s", asOf.UTC().Format("20060102T150405Z"), from, program)
}

// ReadManifest reads the manifest of the release at dir.
func ReadManifest(dir string) (*Manifest, error) {
	src, err := os.ReadFile(filepath.Join(dir, ManifestFile))
	if err != nil {
		return nil, fmt.Errorf("read manifest: %w", err)
	}
	m := &Manifest{}
	if err := json.Unmarshal(src, m); err != nil || m.Format != Format {
		return nil, fmt.Errorf("read manifest %s: not of format %d: %v", dir, Format, err)
	}
	return m, nil
}

// WriteManifest writes the manifest of the release at dir.
func WriteManifest(dir string, m *Manifest) error {
	src, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("write manifest: %w", err)
	}
	return os.WriteFile(filepath.Join(dir, ManifestFile), append(src, '\n'), 0o644)
}

// Errors of Replace: the place is not one that may be overwritten.
var (
	ErrNotOurs = errors.New("folder is not empty and holds no release")
	ErrNotDir  = errors.New("not a folder")
)

// MayReplace tells whether a release may be put at dir: nothing there, an empty
// folder, or an earlier release.
func MayReplace(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("look at %s: %w", dir, err)
	case !info.IsDir():
		return ErrNotDir
	}
	if _, err := os.Stat(filepath.Join(dir, ManifestFile)); err == nil {
		return nil
	}
	entries, err := os.ReadDir(dir)
	if err == nil && len(entries) > 0 {
		return ErrNotOurs
	}
	return err
}

// Replace fills a folder beside dir and swaps it into place. When fill fails dir is as
// it was. What a run that was cut off left behind is put right first.
func Replace(dir string, fill func(tmp string) error) error {
	tmp, old := dir+".kompas-ny", dir+".kompas-gammel"
	if err := heal(dir, tmp, old); err != nil {
		return err
	}
	if err := MayReplace(dir); err != nil {
		return err
	}
	if err := os.MkdirAll(tmp, 0o755); err != nil {
		return fmt.Errorf("make %s: %w", tmp, err)
	}
	defer os.RemoveAll(tmp)
	if err := fill(tmp); err != nil {
		return err
	}
	if err := os.Rename(dir, old); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("move %s aside: %w", dir, err)
	}
	if err := os.Rename(tmp, dir); err != nil {
		return errors.Join(fmt.Errorf("put release at %s: %w", dir, err), os.Rename(old, dir))
	}
	return os.RemoveAll(old)
}

func heal(dir, tmp, old string) error {
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		if err := os.Rename(old, dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("put back %s: %w", dir, err)
		}
	}
	return errors.Join(os.RemoveAll(tmp), os.RemoveAll(old))
}

// A Store is a folder of releases: releases/<id>/ and current, which names one.
type Store struct {
	dir       string
	temporary bool
}

// Open opens the store at dir, making it if it is not there.
func Open(dir string) (*Store, error) {
	if err := os.MkdirAll(filepath.Join(dir, "releases"), 0o755); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	return &Store{dir: dir}, nil
}

// OpenTemporary opens a store that need not outlive a stop of the machine: nothing is
// synced to disk.
func OpenTemporary(dir string) (*Store, error) {
	s, err := Open(dir)
	if err == nil {
		s.temporary = true
	}
	return s, err
}

// Path gives the folder of a release, which may not exist.
func (s *Store) Path(id string) string { return filepath.Join(s.dir, "releases", id) }

// Add fills a new release and puts it into place; fill gives its id. A release that is
// there already is kept as it is. Add gives the id.
func (s *Store) Add(fill func(tmp string) (id string, err error)) (string, error) {
	tmp, err := os.MkdirTemp(filepath.Join(s.dir, "releases"), "ny-*.tmp")
	if err != nil {
		return "", fmt.Errorf("make release folder: %w", err)
	}
	defer os.RemoveAll(tmp)
	id, err := fill(tmp)
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(s.Path(id)); err == nil {
		return id, nil
	}
	if !s.temporary {
		if err := syncTree(tmp); err != nil {
			return "", fmt.Errorf("sync release %s: %w", id, err)
		}
	}
	if err := os.Rename(tmp, s.Path(id)); err != nil {
		return "", fmt.Errorf("put release %s into place: %w", id, err)
	}
	return id, nil
}

// Activate makes a release the current one, at once for every reader.
func (s *Store) Activate(id string) error {
	if _, err := ReadManifest(s.Path(id)); err != nil {
		return fmt.Errorf("activate %s: %w", id, err)
	}
	tmp, current := filepath.Join(s.dir, "current.tmp"), filepath.Join(s.dir, "current")
	_ = os.Remove(tmp)
	err := os.Symlink(filepath.Join("releases", id), tmp)
	if err != nil { // Windows without the right to make links: a file that names the release
		err = os.WriteFile(tmp, []byte(id), 0o644)
	}
	if err == nil {
		err = os.Rename(tmp, current)
	}
	if err != nil {
		return fmt.Errorf("activate %s: %w", id, err)
	}
	return nil
}

// Current gives the id of the current release, "" when there is none.
func (s *Store) Current() (string, error) {
	current := filepath.Join(s.dir, "current")
	to, err := os.Readlink(current)
	if err != nil {
		var src []byte
		src, err = os.ReadFile(current)
		to = strings.TrimSpace(string(src))
	}
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read current release: %w", err)
	}
	return filepath.Base(to), nil
}

// Prune removes every release but the current one and the newest keep others.
func (s *Store) Prune(keep int) error {
	current, err := s.Current()
	if err != nil {
		return err
	}
	entries, err := os.ReadDir(filepath.Join(s.dir, "releases"))
	if err != nil {
		return fmt.Errorf("list releases: %w", err)
	}
	for i := len(entries) - 1; i >= 0; i-- { // ids begin with their instant
		switch name := entries[i].Name(); {
		case name == current || strings.HasSuffix(name, ".tmp"):
		case keep > 0:
			keep--
		default:
			err = errors.Join(err, os.RemoveAll(s.Path(name)))
		}
	}
	return err
}

// syncTree hands all files below dir to the disk before a rename makes them count.
func syncTree(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // needs writable handles there; receiving pushes is for Linux
	}
	return filepath.WalkDir(dir, func(name string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		return errors.Join(f.Sync(), f.Close())
	})
}

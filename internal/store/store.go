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
	Next      time.Time         `json:"next,omitzero"` // when it would first look different; zero for never
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

const stamp = "20060102T150405Z"

// ID names a release: the instant it shows, what it was made from, and the program.
func ID(asOf time.Time, from, program string) string {
	return fmt.Sprintf("%s-%.12s-%.8s", asOf.UTC().Format(stamp), from, program)
}

// MadeOf tells whether an id names a release of a commit, by a program ("" for any).
func MadeOf(id, commit, program string) bool {
	_, of, _ := strings.Cut(id, "-")
	return strings.HasPrefix(of, fmt.Sprintf("%.12s-%.8s", commit, program))
}

// RightAt tells whether a release shows what there is to see at an instant.
func (m *Manifest) RightAt(now time.Time) bool {
	return !now.Before(m.AsOf) && (m.Next.IsZero() || now.Before(m.Next))
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

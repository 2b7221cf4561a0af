package store

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// Verify gives the files of a release that are not as its manifest says: missing,
// changed, or not listed. The index is not listed and not looked at.
func (s *Store) Verify(id string) ([]string, error) {
	dir := s.Path(id)
	m, err := ReadManifest(dir)
	if err != nil {
		return nil, err
	}
	var bad []string
	for name, want := range m.Files {
		if got, err := sumOf(filepath.Join(dir, filepath.FromSlash(name))); err != nil || got != want {
			bad = append(bad, name)
		}
	}
	for _, top := range []string{"site", "pages"} {
		err := filepath.WalkDir(filepath.Join(dir, top), func(name string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			rel, err := filepath.Rel(dir, name)
			if _, ok := m.Files[filepath.ToSlash(rel)]; !ok {
				bad = append(bad, filepath.ToSlash(rel))
			}
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("verify %s: %w", id, err)
		}
	}
	slices.Sort(bad)
	return bad, nil
}

func sumOf(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

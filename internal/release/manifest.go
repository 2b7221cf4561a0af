package release

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/internal/store"
)

func manifest(in Input, tree *content.Tree, source, dir string) (*store.Manifest, error) {
	from := in.Commit
	if from == "" {
		from = source
	}
	m := &store.Manifest{
		Format: store.Format, ID: store.ID(in.Now, from, in.Program), Commit: in.Commit, Source: source,
		AsOf: in.Now.UTC(), Program: in.Program, BaseURL: in.BaseURL,
		Files: map[string]string{}, Redirects: map[string]string{}, Gone: map[string]string{},
	}
	for _, sub := range []string{"site", "pages"} {
		if err := hashFiles(dir, sub, m.Files); err != nil {
			return nil, err
		}
	}
	for _, p := range tree.Pages {
		for _, a := range p.Aliases {
			m.Redirects[a.ID] = p.Path
		}
	}
	for _, p := range tree.Gone {
		m.Gone[p.Path] = p.Successor.ID
		for _, a := range p.Aliases {
			m.Gone[a.ID] = p.Successor.ID
		}
	}
	m.Counts = store.Counts{Pages: len(tree.Pages), Files: len(m.Files), Warnings: len(tree.Warnings)}
	return m, nil
}

func hashFiles(dir, sub string, into map[string]string) error {
	return filepath.WalkDir(filepath.Join(dir, sub), func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		src, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		sum := sha256.Sum256(src)
		into[filepath.ToSlash(rel)] = hex.EncodeToString(sum[:])
		return err
	})
}

// Hash names what a release is made from: the names and bytes of content/ in source and
// of all of look. The instant and the program are not part of it.
func Hash(source, look fs.FS) (string, error) {
	h := sha256.New()
	err := errors.Join(hashTree(h, source, "content"), hashTree(h, look, "."))
	if err != nil {
		return "", fmt.Errorf("hash source: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func hashTree(h io.Writer, fsys fs.FS, root string) error {
	files := map[string][]byte{}
	err := fs.WalkDir(fsys, root, func(name string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		src, err := fs.ReadFile(fsys, name)
		files[name] = src
		return err
	})
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(h, "%s\x00%d\x00", name, len(files[name]))
		_, _ = h.Write(files[name])
	}
	return err
}

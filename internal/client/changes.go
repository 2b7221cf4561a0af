package client

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/internal/repo"
)

// A Change is a file of content/ that is not as on the server's main.
type Change struct {
	File string
	What string // Danish: ny, ændret, slettet
	Src  []byte // nil when it is gone
}

const top = "content/"

// Changes gives the editor's changes, by name.
func (f *Folder) Changes() ([]Change, error) {
	base, err := f.repo.Base()
	if err != nil {
		return nil, err
	}
	was, err := f.repo.List(base)
	if err != nil {
		return nil, err
	}
	is, err := f.files()
	if err != nil {
		return nil, err
	}
	var out []Change
	for _, name := range slices.Sorted(maps.Keys(is)) {
		src, old, known := is[name], was[name], false
		if _, known = was[name]; known && same(src, old) {
			continue
		}
		c := Change{File: name, What: "ny", Src: lines(name, src)}
		if known {
			c.What = "ændret"
		}
		out = append(out, c)
	}
	for _, name := range slices.Sorted(maps.Keys(was)) {
		if _, there := is[name]; !there && strings.HasPrefix(name, top) && was[name].Kind == repo.File && !slices.ContainsFunc(strings.Split(name, "/"), content.Hidden) {
			out = append(out, Change{File: name, What: "slettet"})
		}
	}
	return out, nil
}

// files reads content/, but for what file managers and editors leave behind.
func (f *Folder) files() (map[string][]byte, error) {
	root := os.DirFS(f.Dir)
	out := map[string][]byte{}
	err := fs.WalkDir(root, strings.TrimSuffix(top, "/"), func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && content.Hidden(e.Name()):
			return fs.SkipDir
		case !e.Type().IsRegular() || content.Hidden(e.Name()):
			return nil
		}
		src, err := fs.ReadFile(root, name)
		out[name] = src
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFetched // the folder has lost content/: that is never meant
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", f.Dir, err)
	}
	return out, nil
}

// same tells whether the bytes of a file are the stored ones, whatever Windows did to
// the ends of its lines.
func same(src []byte, e repo.Entry) bool {
	return repo.Hash(src) == e.Hash || bytes.Contains(src, []byte("\r\n")) && repo.Hash(unix(src)) == e.Hash
}

func unix(src []byte) []byte { return bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n")) }

// lines gives a text with the ends of lines that the site has.
func lines(name string, src []byte) []byte {
	if isText(name) {
		return unix(src)
	}
	return src
}

func isText(name string) bool {
	return slices.Contains([]string{".md", ".yaml", ".csv", ".txt"}, path.Ext(name))
}

// read gives a file of the folder, nil when there is none.
func (f *Folder) read(name string) ([]byte, error) {
	info, err := os.Lstat(filepath.Join(f.Dir, filepath.FromSlash(name)))
	if err != nil || !info.Mode().IsRegular() {
		return nil, nil
	}
	src, err := os.ReadFile(filepath.Join(f.Dir, filepath.FromSlash(name)))
	if err != nil {
		return nil, &FileError{name, err}
	}
	if src == nil {
		src = []byte{}
	}
	return src, nil
}

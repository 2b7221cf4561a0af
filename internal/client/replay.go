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
	"time"

	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/internal/repo"
)

// A Conflict is a file that the editor and somebody else have changed. Both texts are in
// the folder.
type Conflict struct {
	File string
	Who  string // who changed it on the server
	At   time.Time
	Kind ConflictKind
	Mine string // where the editor's own file is, for Both
}

// ConflictKind tells what the two did, and so where their texts are.
type ConflictKind int

const (
	Marked   ConflictKind = iota // both changed a text: both are in the file, between marks
	Both                         // both changed another file: the server's is in its place, the editor's at Mine
	Restored                     // the editor deleted what the other changed: it is back
	Deleted                      // the other deleted what the editor changed: it still lies there
)

// aside is where the editor's own file is laid, below the folder.
const aside = "konflikt"

// bring makes the folder rest on a commit of the server: what others have changed is
// written where the editor has not. It gives the files written, and the conflicts. When
// it is cut off it can be run again.
func (f *Folder) bring(server string) (written []string, conflicts []Conflict, err error) {
	base, err := f.repo.Base()
	if err != nil || base == server {
		return nil, nil, err
	}
	was, err := f.repo.List(base)
	if err != nil {
		return nil, nil, err
	}
	is, err := f.repo.List(server)
	if err != nil {
		return nil, nil, err
	}
	root, err := os.OpenRoot(f.Dir) // no link of the folder leads out of it
	if err != nil {
		return nil, nil, fmt.Errorf("open folder: %w", err)
	}
	defer root.Close()
	names := maps.Clone(was)
	maps.Copy(names, is)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		old, had := was[name]
		now, has := is[name]
		if had == has && old == now {
			continue
		}
		mine, err := f.read(name)
		switch {
		case err != nil:
			return nil, nil, err
		case has && mine != nil && same(mine, now) || !has && mine == nil: // both did the same
			continue
		case had && mine != nil && same(mine, old) || !had && mine == nil: // only the server's is new
			err = f.take(root, name, now, has)
			written = append(written, name)
		case strings.HasPrefix(name, top):
			var c Conflict
			c, err = f.clash(root, name, mine, now, has)
			if by, found := f.repo.LastChange(name, server, base); found {
				c.Who, c.At = by.Author, by.At
			}
			conflicts = append(conflicts, c)
		}
		if err != nil {
			return nil, nil, err
		}
	}
	return written, conflicts, f.repo.Settle(server)
}

// take writes the server's file, or removes it.
func (f *Folder) take(root *os.Root, name string, e repo.Entry, has bool) error {
	if !has {
		if err := root.Remove(filepath.FromSlash(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return &FileError{name, err}
		}
		for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) { // git knows no empty folders
			if root.Remove(filepath.FromSlash(dir)) != nil {
				break
			}
		}
		return nil
	}
	if e.Kind == repo.Link || e.Kind == repo.Module || !filepath.IsLocal(filepath.FromSlash(name)) || strings.HasPrefix(strings.ToLower(name), ".git") {
		return nil // the server takes none; one that does is not trusted
	}
	src, err := f.repo.Bytes(e)
	if err != nil {
		return err
	}
	return write(root, name, src)
}

// write puts a whole file into place.
func write(root *os.Root, name string, src []byte) error {
	at := filepath.FromSlash(name)
	if err := root.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		return &FileError{name, err}
	}
	tmp := filepath.Join(filepath.Dir(at), ".kompas-ny") // content.Hidden
	err := root.WriteFile(tmp, src, 0o644)
	if err == nil {
		err = root.Rename(tmp, at)
	}
	if err != nil {
		return &FileError{name, err}
	}
	return nil
}

// clash keeps both texts of a file that two have changed.
func (f *Folder) clash(root *os.Root, name string, mine []byte, e repo.Entry, has bool) (Conflict, error) {
	c := Conflict{File: name}
	switch {
	case !has:
		c.Kind = Deleted
		return c, nil
	case mine == nil:
		c.Kind = Restored
		return c, f.take(root, name, e, true)
	case !isText(name):
		c.Kind, c.Mine = Both, aside+"/"+name
		if err := write(root, c.Mine, mine); err != nil {
			return c, err
		}
		return c, f.take(root, name, e, true)
	}
	theirs, err := f.repo.Bytes(e)
	if err != nil {
		return c, err
	}
	return c, write(root, name, marked(lines(name, mine), lines(name, theirs)))
}

// marked writes two texts as one: what they begin and end alike with once, and between
// marks what each has of its own. `kompas check` refuses a text with marks.
func marked(mine, theirs []byte) []byte {
	a, b := bytes.SplitAfter(mine, []byte("\n")), bytes.SplitAfter(theirs, []byte("\n"))
	head := 0
	for head < min(len(a), len(b)) && bytes.Equal(a[head], b[head]) {
		head++
	}
	tail := 0
	for tail < min(len(a), len(b))-head && bytes.Equal(a[len(a)-1-tail], b[len(b)-1-tail]) {
		tail++
	}
	var out bytes.Buffer
	part := func(mark string, lines [][]byte) {
		out.WriteString(mark + "\n")
		for _, l := range lines {
			out.Write(l)
		}
		if !bytes.HasSuffix(out.Bytes(), []byte("\n")) {
			out.WriteByte('\n')
		}
	}
	out.Write(bytes.Join(a[:head], nil))
	if head > 0 && !bytes.HasSuffix(out.Bytes(), []byte("\n")) {
		out.WriteByte('\n')
	}
	part("<<<<<<< DIN TEKST", a[head:len(a)-tail])
	part("=======", b[head:len(b)-tail])
	out.WriteString(">>>>>>> SERVERENS TEKST\n")
	out.Write(bytes.Join(a[len(a)-tail:], nil))
	return out.Bytes()
}

// Address gives the address of the page that a file is, "" when it is none.
func (f *Folder) Address(file string) string {
	at := content.Address(file)
	if at == "" {
		return ""
	}
	return strings.TrimSuffix(f.Site, "/") + at
}

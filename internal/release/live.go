package release

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/internal/fault"
	"kompetenceudvikling.dk/kompas/internal/store"
)

// A Live release remembers what it was made of: while somebody writes, pages whose texts
// alone are others can be shown long before a whole release could be made.
type Live struct {
	made   *rendered
	look   string            // hash of in.Look
	edited map[string][]byte // pages rendered since the release was made, by name
	stale  bool              // Hugo no longer knows the site as it is
}

// MakeLive makes a release as Make does, and remembers it until Close.
func MakeLive(ctx context.Context, in Input, dir string) (*Live, *store.Manifest, fault.List, error) {
	defer slack()()
	look, err := lookHash(in.Look)
	if err != nil {
		return nil, nil, nil, err
	}
	r, err := render(ctx, in, dir, true)
	if err != nil {
		return nil, nil, nil, err
	}
	l := &Live{made: r, look: look, edited: map[string][]byte{}}
	m, err := r.finish(ctx, in, dir)
	if err != nil {
		return nil, nil, nil, errors.Join(err, l.Close())
	}
	return l, m, r.tree.Warnings, nil
}

// Close frees the memory that the release is remembered in. There is none in nil.
func (l *Live) Close() error {
	if l == nil {
		return nil
	}
	return l.made.site.Close()
}

// Texts gives the files of the site, by name below site/, that are no longer as in the
// release, which now lies at dir: they are the bytes a whole release would have. It
// tells false when more than texts of pages is another, and a release must be made.
// The search is left as it was.
func (l *Live) Texts(in Input, dir string) (files map[string][]byte, ok bool, err error) {
	look, err := lookHash(in.Look)
	if err != nil || l.stale || look != l.look {
		return nil, false, err
	}
	tree, err := content.Reload(in.Source, in.Now, l.made.tree)
	if err != nil {
		return nil, false, err
	}
	changed, ok := l.textsOnly(tree)
	if !ok {
		return nil, false, nil
	}
	derived, err := derive(tree, l.made.flows, in)
	if err != nil || !bytes.Equal(derived, l.made.files["data/afledt.json"]) {
		return nil, false, err
	}
	if err := l.render(tree, changed); err != nil {
		return nil, false, err
	}
	if err := checkSite(tree, l.made.flows, l.made.docs, filepath.Join(dir, "site"), in.BaseURL); err != nil {
		return nil, false, err
	}
	return maps.Clone(l.edited), true, nil
}

// textsOnly gives the pages of tree that have another text than those of the release,
// and whether nothing else is another. A template's text makes documents too, and the
// self-checks are compiled: they do not count as texts.
func (l *Live) textsOnly(tree *content.Tree) (map[string][]byte, bool) {
	old := l.made.tree
	if len(tree.Files) != len(old.Files) || !samePages(tree.Pages, old.Pages) || !samePages(tree.Gone, old.Gone) {
		return nil, false
	}
	changed := map[string][]byte{}
	for name, src := range tree.Files {
		before, ok := old.Files[name]
		switch {
		case ok && bytes.Equal(src, before):
			continue
		case !ok || strings.HasPrefix(name, "content/selvtjek/"):
			return nil, false
		}
		i := slices.IndexFunc(tree.Pages, func(p *content.Page) bool { return p.File == name })
		if i < 0 {
			return nil, false
		}
		p, was := tree.Pages[i], old.Page(tree.Pages[i].Path)
		if p.Kind == "skabelon" || !bytes.Equal(src[:len(src)-len(p.Body)], before[:len(before)-len(was.Body)]) {
			return nil, false
		}
		changed[name] = tree.Linked(p)
	}
	return changed, true
}

func samePages(a, b []*content.Page) bool {
	return slices.EqualFunc(a, b, func(p, q *content.Page) bool { return p.File == q.File })
}

// render lets Hugo render what hangs on changed texts, and reads the pages it wrote.
func (l *Live) render(tree *content.Tree, changed map[string][]byte) error {
	if len(changed) == 0 {
		return nil
	}
	written, err := l.made.site.Edit(changed)
	if err != nil {
		l.stale = true
		return blame(err)
	}
	l.made.tree = tree
	maps.Copy(l.made.files, changed)
	for name, src := range written {
		if templates[name] {
			continue
		}
		l.edited[name] = src
		if !strings.HasSuffix(name, ".html") {
			continue
		}
		d, err := readPage(name, bytes.NewReader(src))
		if err != nil {
			return fmt.Errorf("read page %s: %w", name, err)
		}
		if i, ok := slices.BinarySearchFunc(l.made.docs, d, byPath); ok {
			l.made.docs[i] = d
		}
	}
	return nil
}

// templates are the pages that the server fills; no text of another page is on them.
var templates = map[string]bool{"soeg/index.html": true, "gone/index.html": true}

func lookHash(look fs.FS) (string, error) {
	h := sha256.New()
	err := hashTree(h, look, ".")
	return string(h.Sum(nil)), err
}

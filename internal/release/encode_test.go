package release

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"

	"kompetenceudvikling.dk/kompas/internal/store"
	"kompetenceudvikling.dk/kompas/internal/syntetisk"
)

// Each text of the site has versions that unpack to it; a release made on top of another
// is the same to the byte as one made alone, and shares the files that did not change.
func TestEncodedVersions(t *testing.T) {
	in := input(syntetisk.Site(1, 3), "2026-01-01")
	first := mustMake(t, in)
	m, err := store.ReadManifest(first)
	if err != nil {
		t.Fatal(err)
	}
	if n := checkEncoded(t, first, m); n < 10 {
		t.Errorf("only %d encoded versions", n)
	}

	in.Source = syntetisk.Site(1, 4)
	clean := mustMake(t, in)
	in.Last = first
	onTop := mustMake(t, in)
	a, _ := store.ReadManifest(clean)
	b, _ := store.ReadManifest(onTop)
	if !maps.Equal(a.Files, b.Files) {
		t.Error("a release made on top of another differs from one made alone")
	}
	checkEncoded(t, onTop, b)
	name := filepath.Join("site", "404.html.br")
	was, err := os.Stat(filepath.Join(first, name))
	if err != nil {
		t.Fatal(err)
	}
	if is, err := os.Stat(filepath.Join(onTop, name)); err != nil || !os.SameFile(was, is) {
		t.Errorf("%s was compressed again: %v", name, err)
	}

	in.Program = "en anden"
	other := mustMake(t, in)
	if is, err := os.Stat(filepath.Join(other, name)); err != nil || os.SameFile(was, is) {
		t.Errorf("%s of another program was used: %v", name, err)
	}
	in.Plain = true
	plain, _, err := Make(context.Background(), in, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name := range plain.Files {
		if _, is := store.Encoded(name); is {
			t.Errorf("a plain release has %s", name)
		}
	}
}

// checkEncoded unpacks every encoded version, and counts them.
func checkEncoded(t *testing.T, dir string, m *store.Manifest) (n int) {
	t.Helper()
	for name := range m.Files {
		of, is := store.Encoded(name)
		if !is {
			continue
		}
		n++
		src := read(t, dir, name)
		var r io.Reader = brotli.NewReader(strings.NewReader(src))
		if strings.HasSuffix(name, ".gz") {
			var err error
			if r, err = gzip.NewReader(strings.NewReader(src)); err != nil {
				t.Fatal(err)
			}
		}
		text, err := io.ReadAll(r)
		if want := read(t, dir, of); err != nil || !bytes.Equal(text, []byte(want)) || len(src) >= len(want) {
			t.Errorf("%s does not unpack to %s, or is larger: %v", name, of, err)
		}
	}
	return n
}

func BenchmarkEncode(b *testing.B) {
	in := input(os.DirFS("../.."), "2026-11-22")
	in.Plain = true
	dir := b.TempDir()
	m, _, err := Make(context.Background(), in, dir)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		fresh := *m
		fresh.Files = maps.Clone(m.Files)
		if err := encode(&fresh, dir, ""); err != nil {
			b.Fatal(err)
		}
	}
}

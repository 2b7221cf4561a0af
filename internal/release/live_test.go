package release

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"kompetenceudvikling.dk/kompas/internal/syntetisk"
)

// What is shown while somebody writes is, file by file and byte by byte, what a release
// made from nothing has, whatever the edits and their order. More than texts is left to
// a whole release.
func TestTextsAsMadeFromNothing(t *testing.T) {
	for name, source := range map[string]fstest.MapFS{"made up": syntetisk.Site(1, 30).(fstest.MapFS), "the site": inMemory(t, os.DirFS("../.."), "content")} {
		t.Run(name, func(t *testing.T) {
			e := editor{writer: rand.New(rand.NewPCG(7, 7)), files: source}
			in := input(source, "2026-11-22")
			in.Plain = true
			var live *Live
			dir, texts := "", 0
			for round := range rounds(t) {
				what, textOnly := "", false
				if round > 0 {
					what, textOnly = e.edit()
				}
				clean := t.TempDir()
				if _, err := render(t.Context(), in, clean, false); err != nil {
					t.Fatalf("round %d, %s: %v", round, what, err)
				}
				var files map[string][]byte
				if live != nil {
					var ok bool
					var err error
					if files, ok, err = live.Texts(in, dir); err != nil {
						t.Fatalf("round %d, %s: %v", round, what, err)
					}
					if ok != textOnly {
						t.Fatalf("round %d, %s: shown at once: %v", round, what, ok)
					}
					if ok {
						texts++
					} else if err := live.Close(); err != nil {
						t.Fatal(err)
					} else {
						live = nil
					}
				}
				if live == nil {
					dir = t.TempDir()
					var err error
					if live, _, _, err = MakeLive(context.Background(), in, dir); err != nil {
						t.Fatalf("round %d, %s: %v", round, what, err)
					}
				}
				same(t, fmt.Sprintf("round %d, %s", round, what), shown(t, dir, files), shown(t, clean, nil))
			}
			if err := live.Close(); err != nil {
				t.Fatal(err)
			}
			if texts == 0 {
				t.Error("no edit was shown at once")
			}
		})
	}
}

// rounds is how many edits are tried: more by KOMPAS_RUNDER.
func rounds(t *testing.T) int {
	n := 6
	if v := os.Getenv("KOMPAS_RUNDER"); v != "" {
		if _, err := fmt.Sscan(v, &n); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

func inMemory(t *testing.T, fsys fs.FS, root string) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(fsys, root, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		src, err := fs.ReadFile(fsys, name)
		files[name] = &fstest.MapFile{Data: src, Mode: 0o644}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// shown gives the site at dir with files instead of its own. The search is that of the
// last whole release until the next.
func shown(t *testing.T, dir string, files map[string][]byte) map[string][]byte {
	t.Helper()
	all := inMemory(t, os.DirFS(filepath.Join(dir, "site")), ".")
	out := map[string][]byte{}
	for name, f := range all {
		if !strings.HasPrefix(name, "soeg/indeks/") {
			out[name] = f.Data
		}
	}
	maps.Copy(out, files)
	return out
}

func same(t *testing.T, when string, got, want map[string][]byte) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if !bytes.Equal(got[name], want[name]) {
			g, w := apart(got[name], want[name])
			t.Fatalf("%s: %s is not as in a release made from nothing:\n%q\n---\n%q", when, name, g, w)
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Fatalf("%s: %s is left over", when, name)
		}
	}
}

// apart cuts two texts down to where they part.
func apart(a, b []byte) ([]byte, []byte) {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	from := max(0, i-100)
	return a[from:min(len(a), i+300)], b[from:min(len(b), i+300)]
}

// An editor makes edits by chance.
type editor struct {
	writer *rand.Rand
	files  fstest.MapFS
	made   []string // pages of its own, which nothing points at
	count  int      // of those it ever made
}

// edit makes one change and says which, and whether it was of texts alone.
func (e *editor) edit() (what string, textOnly bool) {
	n := e.writer.IntN(100)
	switch {
	case n < 70:
		return e.text()
	case n < 80 || len(e.made) == 0:
		e.count++
		name := fmt.Sprintf("content/proeve-%d.md", e.count)
		e.put(name, fmt.Sprintf("---\ntitle: Prøve %d\ndescription: En side til prøven.\nparams:\n  slags: guide\n  ejer: sekretariat\n---\nEn prøve.\n", e.count))
		e.made = append(e.made, name)
		return "a new page " + name, false
	case n < 85:
		name := e.made[0]
		e.made = e.made[1:]
		delete(e.files, name)
		return "without " + name, false
	case n < 90:
		name := e.made[len(e.made)-1]
		to := strings.TrimSuffix(name, ".md") + "-ny.md"
		e.files[to] = e.files[name]
		delete(e.files, name)
		e.made[len(e.made)-1] = to
		return name + " renamed", false
	case n < 95:
		name := e.page()
		e.put(name, strings.Replace(string(e.files[name].Data), "\ntitle: ", "\ntitle: Om ", 1))
		return "another title of " + name, false
	default:
		name := "content/data/kilder.yaml"
		e.put(name, string(e.files[name].Data)+fmt.Sprintf("PRV%d:\n  titel: Prøve\n  udgiver: Prøve\n  dato: udateret\n  laest: 2026-01-01\n  klasse: praksis\n", len(e.files)+e.writer.IntN(1e6)))
		return "another source", false
	}
}

// text adds to the text of one to three pages.
func (e *editor) text() (string, bool) {
	var names []string
	for range 1 + e.writer.IntN(3) {
		name := e.page()
		e.put(name, string(e.files[name].Data)+fmt.Sprintf("\nDet her er ændring %d med ordet prøve%d.\n", e.writer.IntN(1000), e.writer.IntN(1000)))
		names = append(names, name)
	}
	return fmt.Sprint("texts of ", names), true
}

// page picks a page whose text is nothing but a page.
func (e *editor) page() string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(e.files)) {
		if strings.HasSuffix(name, ".md") && !strings.HasPrefix(name, "content/selvtjek/") && !bytes.Contains(e.files[name].Data, []byte("slags: skabelon")) {
			names = append(names, name)
		}
	}
	return names[e.writer.IntN(len(names))]
}

func (e *editor) put(name, text string) {
	e.files[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
}

// BenchmarkText is one edit of the text of one page of a thousand.
func BenchmarkText1000Pages(b *testing.B) {
	site := syntetisk.Site(1, 1000).(fstest.MapFS)
	in, dir := input(site, "2026-11-22"), b.TempDir()
	in.Plain = true
	live, _, _, err := MakeLive(context.Background(), in, dir)
	if err != nil {
		b.Fatal(err)
	}
	defer live.Close()
	page := site["content/emne-1/side-1.md"]
	for b.Loop() {
		page.Data = append(page.Data, "\nEndnu en sætning.\n"...)
		if _, ok, err := live.Texts(in, dir); !ok || err != nil {
			b.Fatal(ok, err)
		}
	}
}

package deploy

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kompetenceudvikling.dk/kompas/internal/store"
)

// A bucket is a place in memory that remembers in which order things were done.
type bucket struct {
	mu    sync.Mutex
	held  map[string]string
	heads map[string]Headers
	acts  []string
	fail  func(key string) error // before a write
}

func newBucket() *bucket {
	return &bucket{held: map[string]string{}, heads: map[string]Headers{}, fail: func(string) error { return nil }}
}

func (b *bucket) List(context.Context) (map[string]int64, error) {
	sizes := map[string]int64{}
	for key, text := range b.held {
		sizes[key] = int64(len(text))
	}
	return sizes, nil
}

func (b *bucket) Read(_ context.Context, key string) ([]byte, error) {
	if text, ok := b.held[key]; ok {
		return []byte(text), nil
	}
	return nil, fs.ErrNotExist
}

func (b *bucket) Write(ctx context.Context, key string, body []byte, h Headers) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := errors.Join(b.fail(key), ctx.Err()); err != nil {
		return err
	}
	b.held[key], b.heads[key] = string(body), h
	if key != recordKey {
		b.acts = append(b.acts, "+"+key)
	}
	return nil
}

func (b *bucket) Delete(_ context.Context, key string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.held, key)
	b.acts = append(b.acts, "-"+key)
	return nil
}

// keys are what the place holds but for the record.
func (b *bucket) keys() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(b.held)), func(key string) bool { return key == recordKey })
}

var (
	day  = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	oldC = "css/site." + strings.Repeat("0a", 32) + ".css"
	newC = "css/site." + strings.Repeat("0b", 32) + ".css"
)

// release writes a release of site files, given by name and text, and gives its folder.
func release(t testing.TB, files map[string]string, change func(*store.Manifest)) string {
	t.Helper()
	dir := t.TempDir()
	m := &store.Manifest{Format: store.Format, ID: "et", BaseURL: "https://eksempel.dk/", AsOf: day, Files: map[string]string{}, Gone: map[string]string{}}
	write := func(name, text string) {
		at := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(at), 0o755), os.WriteFile(at, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256([]byte(text))
		m.Files[name] = hex.EncodeToString(sum[:])
	}
	for name, text := range files {
		write("site/"+name, text)
	}
	write("pages/410.html", "taget ned[[with .Successor]]: se [[.]][[end]]")
	if change != nil {
		change(m)
	}
	if err := store.WriteManifest(dir, m); err != nil {
		t.Fatal(err)
	}
	return dir
}

func first(t testing.TB) string {
	return release(t, map[string]string{
		"index.html": "forside", "index.html.gz": "forside gz", "index.html.br": "forside br",
		"fonden/index.html": "fonden", "nyt/index.html": "nyt", "english/index.html": "til /en/", oldC: "stil", oldC + ".gz": "stil gz", "filer/skema.docx": "word",
		"sitemap.xml": "kort", "sitemap.xml.gz": "kort gz", "soeg/indeks/meta.json": "meta", "soeg/indeks/meta.json.gz": "meta gz", "soeg/indeks/a-1f.bin": "bin",
	}, func(m *store.Manifest) { m.Redirects = map[string]string{"/FAQ": "/fonden/", "/english": "/en/"} })
}

func second(t testing.TB) string {
	return release(t, map[string]string{"index.html": "forside 2", "fonden/index.html": "fonden", newC: "stil 2", "filer/skema.docx": "word"}, func(m *store.Manifest) {
		m.ID, m.Gone = "to", map[string]string{"/nyt/": "/fonden/", "/vaek/": ""}
	})
}

func run(t testing.TB, p Place, o Options) *Summary {
	t.Helper()
	if o.Now.IsZero() {
		o.Now = day
	}
	s, err := Run(context.Background(), o, p)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestForms(t *testing.T) {
	dir := first(t)
	html, forever := "text/html; charset=utf-8", "public, max-age=31536000, immutable"
	for _, c := range []struct {
		form Form
		want map[string]string // key -> text | encoding | type | cache
		not  []string
	}{
		{Packed, map[string]string{
			"index.html": "forside gz|gzip|" + html + "|no-cache", "fonden/index.html": "fonden||" + html + "|no-cache",
			oldC: "stil gz|gzip|text/css; charset=utf-8|" + forever, "sitemap.xml": "kort||application/xml|no-cache",
			"soeg/indeks/meta.json": "meta gz|gzip|application/json|no-cache", "soeg/indeks/a-1f.bin": "bin||application/octet-stream|" + forever,
			"filer/skema.docx": "word||application/vnd.openxmlformats-officedocument.wordprocessingml.document|no-cache",
		}, []string{"index.html.gz", "index.html.br"}},
		{Plain, map[string]string{"index.html": "forside||" + html + "|no-cache"}, []string{"index.html.gz", oldC + ".gz"}},
		{Files, map[string]string{"index.html": "forside||" + html + "|no-cache", "index.html.br": "forside br||" + html + "|no-cache", oldC + ".gz": "stil gz||text/css; charset=utf-8|" + forever}, nil},
	} {
		b := newBucket()
		run(t, b, Options{From: dir, Form: c.form})
		for key, want := range c.want {
			h := b.heads[key]
			if got := b.held[key] + "|" + h.Encoding + "|" + h.Type + "|" + h.Cache; got != want {
				t.Errorf("form %d: %s is %s, want %s", c.form, key, got, want)
			}
		}
		for _, key := range c.not {
			if _, ok := b.held[key]; ok {
				t.Errorf("form %d: has %s", c.form, key)
			}
		}
		if !strings.Contains(b.held["FAQ/index.html"], `content="0; url=/fonden/"`) || b.held["english/index.html"] != "til /en/" {
			t.Errorf("form %d: old addresses lead nowhere, or the site's own page was replaced", c.form)
		}
	}
}

// A page is never there before what it needs, nor a list before its pages.
func TestOrder(t *testing.T) {
	b := newBucket()
	run(t, b, Options{From: first(t), Form: Files})
	last := 0
	for _, act := range b.acts {
		name := strings.TrimSuffix(strings.TrimSuffix(act[1:], ".gz"), ".br")
		turn := 0
		switch {
		case strings.HasSuffix(name, ".html"):
			turn = 1
		case name == "sitemap.xml" || name == "soeg/indeks/meta.json":
			turn = 2
		}
		if turn < last {
			t.Errorf("%s comes after a later turn:\n%s", act, strings.Join(b.acts, "\n"))
		}
		last = turn
	}
	b.acts = nil
	run(t, b, Options{From: second(t), Form: Files})
	if i := slices.IndexFunc(b.acts, func(a string) bool { return a[0] == '-' }); i < 0 || slices.ContainsFunc(b.acts[i:], func(a string) bool { return a[0] == '+' }) {
		t.Errorf("something is removed before all is there:\n%s", strings.Join(b.acts, "\n"))
	}
}

// What an open page asks for stays a day; a page that was taken down does not.
func TestRemoval(t *testing.T) {
	b := newBucket()
	b.held["andres.txt"] = "ikke vores"
	run(t, b, Options{From: first(t), Form: Packed, Adopt: true})
	next := second(t)
	s := run(t, b, Options{From: next, Form: Packed, Now: day.Add(time.Hour)})
	want := []string{"andres.txt", oldC, newC, "filer/skema.docx", "fonden/index.html", "index.html", "nyt/index.html", "soeg/indeks/a-1f.bin", "vaek/index.html"}
	if got := b.keys(); !slices.Equal(got, want) {
		t.Errorf("holds %q, want %q", got, want)
	}
	if b.held["nyt/index.html"] != "taget ned: se /fonden/" || b.held["vaek/index.html"] != "taget ned" {
		t.Errorf("a page that was taken down shows %q", b.held["nyt/index.html"])
	}
	if s.Left != 2 {
		t.Errorf("%+v: want two that stay", s)
	}
	if run(t, b, Options{From: next, Form: Packed, Now: day.Add(24*time.Hour + time.Minute)}); b.held[oldC] == "" {
		t.Error("gone before a day had passed")
	}
	run(t, b, Options{From: next, Form: Packed, Now: day.Add(25*time.Hour + time.Minute)})
	if b.held[oldC] != "" || b.held["andres.txt"] == "" {
		t.Errorf("after a day holds %q", b.keys())
	}
	// A file that comes back is of the site again, and its time begins anew.
	run(t, b, Options{From: first(t), Form: Packed, Now: day.Add(48 * time.Hour)})
	run(t, b, Options{From: next, Form: Packed, Now: day.Add(49 * time.Hour)})
	if b.held[oldC] == "" {
		t.Error("gone at once though it had come back")
	}
}

// The same again sends nothing; what somebody changed or removed is put right.
func TestUnchangedIsSkipped(t *testing.T) {
	b, dir := newBucket(), first(t)
	all := run(t, b, Options{From: dir, Form: Packed}).Put
	b.acts = nil
	if s := run(t, b, Options{From: dir, Form: Packed}); s.Put != 0 || s.Same != all || len(b.acts) > 0 {
		t.Errorf("%+v, did %q", s, b.acts)
	}
	delete(b.held, "index.html")
	b.held["fonden/index.html"] = "rettet i hånden"
	if run(t, b, Options{From: dir, Form: Packed}); !slices.Equal(b.acts, []string{"+fonden/index.html", "+index.html"}) && !slices.Equal(b.acts, []string{"+index.html", "+fonden/index.html"}) {
		t.Errorf("did %q", b.acts)
	}
	if s := run(t, b, Options{From: dir, Form: Plain}); s.Put == 0 {
		t.Error("another form of texts changed nothing")
	}
}

// Cut off after each write in turn, with or without the record being written once more,
// the place never has a page whose style is missing, and the next run ends as if nothing
// had happened.
func TestCutOff(t *testing.T) {
	one, two := first(t), second(t)
	whole := newBucket()
	run(t, whole, Options{From: one, Form: Packed})
	begun := maps.Clone(whole.held)
	whole.acts = nil
	run(t, whole, Options{From: two, Form: Packed, Now: day.Add(time.Hour)})
	for n := range len(whole.acts) + 2 {
		b := newBucket()
		maps.Copy(b.held, begun)
		writes := 0
		b.fail = func(key string) error {
			if writes++; writes > n {
				return errors.New("no more")
			}
			return nil
		}
		_, _ = Run(context.Background(), Options{From: two, Form: Packed, Now: day.Add(time.Hour)}, b)
		if b.held["index.html"] == "forside 2" && b.held[newC] == "" {
			t.Errorf("cut off at %d: the page is there without its style", n)
		}
		b.fail = func(string) error { return nil }
		run(t, b, Options{From: two, Form: Packed, Now: day.Add(time.Hour)})
		if got := b.keys(); !slices.Equal(got, whole.keys()) || b.held["index.html"] != "forside 2" {
			t.Errorf("cut off at %d, then again: %q, want %q", n, got, whole.keys())
		}
		run(t, b, Options{From: two, Form: Packed, Now: day.Add(30 * time.Hour)})
		if b.held[oldC] != "" {
			t.Errorf("cut off at %d: old files are forgotten", n)
		}
	}
}

func TestRefusals(t *testing.T) {
	ready := first(t)
	changed := first(t)
	if err := os.WriteFile(filepath.Join(changed, "site", "index.html"), []byte("andet"), 0o644); err != nil {
		t.Fatal(err)
	}
	due := release(t, map[string]string{"index.html": "x"}, func(m *store.Manifest) { m.Next = day.Add(time.Hour) })
	for _, c := range []struct {
		name string
		o    Options
		held map[string]string
		want string
	}{
		{"no release", Options{From: t.TempDir(), Now: day}, nil, "ikke et færdigt websted"},
		{"too old", Options{From: due, Now: day.Add(time.Hour)}, nil, "for gammelt: noget på det skulle have ændret sig 22.11.2026 kl. 02.00"},
		{"too new", Options{From: ready, Now: day.Add(-time.Hour)}, nil, "så langt er vi ikke"},
		{"not empty", Options{From: ready, Now: day}, map[string]string{"brev.txt": "x"}, "ikke tomt"},
		{"bad record", Options{From: ready, Now: day}, map[string]string{recordKey: "{"}, "kan ikke læses"},
		{"changed", Options{From: changed, Now: day}, nil, "site/index.html er ændret"},
	} {
		b := newBucket()
		maps.Copy(b.held, c.held)
		_, err := Run(context.Background(), c.o, b)
		var r *Refusal
		if !errors.As(err, &r) || !strings.Contains(r.Text, c.want) || r.Advice == "" {
			t.Errorf("%s: %v", c.name, err)
		}
		if c.name != "changed" && len(b.acts) > 0 {
			t.Errorf("%s: did %q", c.name, b.acts)
		}
	}
	b := newBucket()
	b.held[recordKey] = "{"
	run(t, b, Options{From: ready, Adopt: true})
}

func TestDry(t *testing.T) {
	b := newBucket()
	var told []string
	s := run(t, b, Options{From: first(t), Dry: true, Told: func(a Act, key string) { told = append(told, fmt.Sprint(a, key)) }})
	if len(b.held) > 0 || len(told) != s.Put || s.Put == 0 {
		t.Errorf("%+v, told %q, holds %q", s, told, b.keys())
	}
}

func TestFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "ny", "www")
	f, err := OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := os.Stat(dir); err == nil {
		t.Error("the folder is made before anything is written")
	}
	run(t, f, Options{From: first(t)})
	outside := filepath.Join(t.TempDir(), "udenfor.txt")
	if err := os.WriteFile(filepath.Join(dir, "vores.html.kompas-ny"), []byte("halv"), 0o644); err != nil {
		t.Fatal(err)
	}
	run(t, f, Options{From: second(t), Now: day.Add(time.Hour)})
	if _, err := os.Stat(filepath.Join(dir, "english")); err == nil {
		t.Error("an empty folder is left")
	}
	if src, err := os.ReadFile(filepath.Join(dir, "index.html")); err != nil || string(src) != "forside 2" {
		t.Errorf("%q, %v", src, err)
	}
	if err := os.Symlink(filepath.Dir(outside), filepath.Join(dir, "ud")); err != nil {
		t.Skip("no links here")
	}
	for _, key := range []string{"ud/udenfor.txt", "../udenfor.txt"} {
		if err := f.Write(context.Background(), key, []byte("x"), Headers{}); err == nil {
			t.Errorf("wrote %s", key)
		}
	}
}

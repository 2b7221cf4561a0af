package site

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"
	"weak"
)

// Even a layout can neither read the environment, run a program, nor fetch: what content
// could ever reach is closed by config.toml.
func TestHugoIsClosed(t *testing.T) {
	settings, err := os.ReadFile("../../config.toml")
	if err != nil {
		t.Fatal(err)
	}
	var asked atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer other.Close()
	t.Setenv("KOMPAS_HEMMELIGT", "hemmeligt")
	for name, c := range map[string]struct{ layout, want string }{
		"nothing":   {"fint", ""},
		"getenv":    {`{{ os.Getenv "KOMPAS_HEMMELIGT" }}`, "security.funcs.getenv"},
		"its own":   {`{{ os.Getenv "HUGO_ENV" }}`, "security.funcs.getenv"},
		"fetch":     {`{{ with resources.GetRemote "` + other.URL + `" }}{{ .Content }}{{ end }}`, "security.http"},
		"run":       {`{{ (resources.Get "a.css" | css.PostCSS).Content }}`, "security.exec.allow"},
		"run babel": {`{{ (resources.Get "a.js" | js.Babel).Content }}`, "security.exec.allow"},
	} {
		look := fstest.MapFS{"config.toml": {Data: settings}, "layouts/home.html": {Data: []byte(c.layout)}, "assets/a.css": {Data: []byte("a{}")}, "assets/a.js": {Data: []byte("a")}}
		out := t.TempDir()
		err := Render(context.Background(), Project{Look: look, Files: map[string][]byte{"content/_index.md": []byte("---\ntitle: T\n---\n")}, Cache: t.TempDir()}, out)
		switch {
		case c.want == "" && err != nil && strings.Contains(err.Error(), "security"): // the rest of the look is missing
			t.Errorf("%s: %v", name, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			page, _ := os.ReadFile(out + "/index.html")
			t.Errorf("%s: %v, want it refused by %s; page %q", name, err, c.want, page)
		}
	}
	if n := asked.Load(); n > 0 {
		t.Errorf("%d requests left", n)
	}
}

// A layout that fails on every page is told of by name, however many pages there are:
// Hugo itself then often waits for ever.
func TestLayoutThatFailsEverywhere(t *testing.T) {
	files := map[string][]byte{"content/_index.md": []byte("---\ntitle: T\n---\n")}
	for i := range 60 {
		files[fmt.Sprintf("content/side-%d.md", i)] = []byte("---\ntitle: S\n---\n")
	}
	look := fstest.MapFS{
		"config.toml":       {Data: []byte("baseURL = 'https://eksempel.dk/'\ndisableKinds = ['taxonomy', 'term', 'RSS', 'sitemap']\n")},
		"layouts/home.html": {Data: []byte("hjem")},
		"layouts/page.html": {Data: []byte("\n{{ .Findes.Ikke }}")},
	}
	p := Project{Look: look, Files: files, Cache: t.TempDir()}
	for range 8 {
		var e *Error
		if err := Render(context.Background(), p, t.TempDir()); !errors.As(err, &e) || e.File != "layouts/page.html" || e.Line != 2 {
			t.Fatalf("got %+v", err)
		}
	}
}

// A site that is closed is let go of, or a server would hold the pages of one release
// while it makes the next.
func TestClosedIsFreed(t *testing.T) {
	look := fstest.MapFS{
		"config.toml":         {Data: []byte("baseURL = 'https://eksempel.dk/'\ndisableKinds = ['taxonomy', 'term', 'RSS', 'sitemap']\n")},
		"layouts/home.html":   {Data: []byte("{{ range site.RegularPages.ByTitle }}{{ .Title }}{{ end }}")},
		"layouts/single.html": {Data: []byte("{{ .Title }}")},
	}
	files := map[string][]byte{"content/_index.md": []byte("---\ntitle: T\n---\n"), "content/side.md": []byte("---\ntitle: S\n---\n")}
	l, err := Open(t.Context(), Project{Look: look, Files: files, Cache: t.TempDir()}, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	sites := weak.Make(l.hugo)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	for range 100 {
		if runtime.GC(); sites.Value() == nil {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("Hugo still holds a site that is closed")
}

package web

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kompetenceudvikling.dk/kompas/internal/fault"
	"kompetenceudvikling.dk/kompas/internal/store"
	"kompetenceudvikling.dk/kompas/search"
)

const sum = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// newRelease writes a small release by hand: no Hugo needed.
func newRelease(t testing.TB, word string) string {
	t.Helper()
	dir := t.TempDir()
	files := map[string]string{
		"site/index.html":             "<html><body>forside " + word + "</body></html>",
		"site/fonden/index.html":      "<html><body>fonden</body></html>",
		"site/css/s." + sum + ".css":  "b{}",
		"site/filer/skema.docx":       "PK",
		"pages/soeg.html":             "<html><body><h1>[[ .Heading ]]</h1><input value=\"[[ .Query ]]\">[[ .Corrected ]][[ range .Hits ]]<a href=\"[[ .URL ]]\">[[ range .Title ]][[ .Text ]][[ end ]]</a>[[ range .Excerpt ]][[ if .Mark ]]<mark>[[ .Text ]]</mark>[[ else ]][[ .Text ]][[ end ]][[ end ]][[ end ]]</body></html>",
		"site/404.html":               "<html><body>findes ikke</body></html>",
		"pages/410.html":              "<html><body>taget ned [[ .Successor ]]</body></html>",
		"site/../hemmelig.txt":        "HEMMELIGT",
		"site/fonden/beloeb/data.csv": "a;b",
	}
	m := &store.Manifest{
		Format: store.Format, ID: word, BaseURL: "https://eksempel.dk/", Files: map[string]string{},
		Redirects: map[string]string{"/gammel/": "/fonden/", "/FAQ": "/fonden/", "/nå-godt": "/fonden/"},
		Gone:      map[string]string{"/vaek/": "/fonden/", "/VAEK-foer": "/fonden/"},
	}
	for name, text := range files {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(name, "..") {
			m.Files[name] = sum
		}
	}
	page := search.Page{URL: "/fonden/", Title: "Fonden", Kind: "oversigt", Sections: []search.Section{{Text: "Støtte til kurser <b>"}}}
	if err := search.Build(filepath.Join(dir, "index"), []search.Page{page}, search.Words{}); err != nil {
		t.Fatal(err)
	}
	if err := store.WriteManifest(dir, m); err != nil {
		t.Fatal(err)
	}
	return dir
}

func newServer(t *testing.T) *Server {
	t.Helper()
	s := &Server{}
	if err := s.Show(newRelease(t, "et")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func ask(h http.Handler, method, target string, header ...string) *http.Response {
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestAnswers(t *testing.T) {
	s := newServer(t)
	for _, c := range []struct {
		method, target string
		status         int
		want           string // in the body, or the Location
	}{
		{"GET", "/", 200, "forside et"},
		{"GET", "/fonden/", 200, "fonden"},
		{"HEAD", "/fonden/", 200, ""},
		{"GET", "/fonden", 301, "/fonden/"},
		{"GET", "/fonden//", 301, "/fonden/"},
		{"GET", "/fonden/../fonden/", 301, "/fonden/"},
		{"GET", "/fonden/index.html", 301, "/fonden/"},
		{"GET", "/fonden?q=mus&x=1", 301, "/fonden/?q=mus&x=1"},
		{"GET", "/fonden/index.html?q=mus", 301, "/fonden/?q=mus"},
		{"GET", "/gammel/", 301, "/fonden/"},
		{"GET", "/gammel", 301, "/fonden/"},
		{"GET", "/FAQ", 301, "/fonden/"},
		{"GET", "/n%C3%A5-godt", 301, "/fonden/"},
		{"GET", "/Gammel/", 301, "/fonden/"},
		{"GET", "/vaek/", 410, "taget ned /fonden/"}, {"GET", "/vaek", 410, "taget ned /fonden/"}, {"GET", "/VAEK-foer", 410, "taget ned /fonden/"},
		{"GET", "/findes-ikke/", 404, "findes ikke"},
		{"GET", "/../hemmelig.txt", 404, "findes ikke"},
		{"GET", "/%2e%2e/hemmelig.txt", 404, "findes ikke"},
		{"GET", "/manifest.json", 404, "findes ikke"},
		{"GET", "/pages/soeg.html", 404, "findes ikke"},
		{"POST", "/", 405, "kun læses"},
		{"GET", "/soeg/?q=kurser", 200, `<h1>1 side med »kurser«</h1>`},
		{"GET", "/soeg/?q=%3Cscript%3E", 200, `value="&lt;script&gt;"`},
		{"GET", "/soeg/?q=kurser", 200, "<mark>kurser</mark> &lt;b&gt;"},
		{"GET", "/soeg/?q=%zz", 200, `value=""`},
		{"GET", "/soeg/", 200, "<h1>"},
	} {
		r := ask(s, c.method, c.target)
		got := body(t, r)
		if r.StatusCode/100 == 3 {
			got = r.Header.Get("Location")
		}
		if r.StatusCode != c.status || !strings.Contains(got, c.want) {
			t.Errorf("%s %s: %d %q, want %d %q", c.method, c.target, r.StatusCode, got, c.status, c.want)
		}
		if r.Header.Get("Content-Security-Policy") != policy || r.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s %s: security headers missing", c.method, c.target)
		}
		if r.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s %s: sets a cookie", c.method, c.target)
		}
	}
}

func TestValidators(t *testing.T) {
	s := newServer(t)
	r := ask(s, "GET", "/fonden/")
	tag := r.Header.Get("ETag")
	if tag == "" || strings.HasPrefix(tag, "W/") || r.Header.Get("Cache-Control") != "no-cache" {
		t.Errorf("a page has ETag %q, Cache-Control %q", tag, r.Header.Get("Cache-Control"))
	}
	if r := ask(s, "GET", "/fonden/", "If-None-Match", tag); r.StatusCode != 304 {
		t.Errorf("known page: %d, want 304", r.StatusCode)
	}
	if r := ask(s, "GET", "/fonden/", "Range", "bytes=0-5"); r.StatusCode != 206 || body(t, r) != "<html>" {
		t.Errorf("range: %d", r.StatusCode)
	}
	if got := ask(s, "GET", "/css/s."+sum+".css").Header; !strings.Contains(got.Get("Cache-Control"), "immutable") || !strings.HasPrefix(got.Get("Content-Type"), "text/css") {
		t.Errorf("fingerprinted file: %v", got)
	}
	if got := ask(s, "GET", "/filer/skema.docx").Header.Get("Content-Type"); !strings.Contains(got, "wordprocessingml") {
		t.Errorf("docx as %s", got)
	}
}

func TestSearchJSON(t *testing.T) {
	var got search.Result
	r := ask(newServer(t), "GET", "/api/soeg?q=stoette")
	if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
		t.Fatal(err)
	}
	if got.Query != "stoette" || got.Total != 1 || got.Hits[0].URL != "/fonden/" {
		t.Errorf("got %+v", got)
	}
}

// Below a path of another host's, every address the server writes begins with that path.
func TestAddressesBelowAPath(t *testing.T) {
	dir := newRelease(t, "et")
	m, err := store.ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	m.BaseURL = "https://eksempel.dk/kompas/"
	if err := store.WriteManifest(dir, m); err != nil {
		t.Fatal(err)
	}
	s := &Server{}
	if err := s.Show(dir); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for target, want := range map[string]string{
		"/api/soeg?q=kurser":   `"url":"/kompas/fonden/"`,
		"/api/forslag?q=fonde": `"url":"/kompas/fonden/"`,
		"/soeg/?q=kurser":      `href="/kompas/fonden/"`,
		"/vaek/":               "taget ned /kompas/fonden/",
		"/gammel/":             "/kompas/fonden/",
		"/fonden":              "/kompas/fonden/",
	} {
		r := ask(s, "GET", target)
		if got := r.Header.Get("Location") + body(t, r); !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", target, got, want)
		}
	}
}

func TestPreview(t *testing.T) {
	look := fstest.MapFS{
		"layouts/fejl.html": &fstest.MapFile{Data: []byte("[[ range .Faults ]][[ .File ]]:[[ .Line ]] [[ .Message ]][[ end ]]")},
		"assets/live.js":    &fstest.MapFile{Data: []byte("// script")},
	}
	p := NewPreview(look)
	defer p.Close()
	p.Refuse(fault.List{{File: "a.md", Line: 3, Message: "title <mangler>"}})
	if got := body(t, ask(p, "GET", "/")); got != "a.md:3 title &lt;mangler&gt;" {
		t.Errorf("faults of a first build: %q", got)
	}
	if err := p.Show(newRelease(t, "et")); err != nil {
		t.Fatal(err)
	}
	p.Refuse(fault.List{{File: "a.md"}})
	r := ask(p, "GET", "/")
	if got := body(t, r); !strings.Contains(got, "forside et") || !strings.Contains(got, `<script src="/_kompas/live.js" defer></script>`) {
		t.Errorf("the last good site is not up: %q", got)
	}
	if r.Header.Get("ETag") != "" {
		t.Error("a page with the script has the release's validator")
	}
	if got := body(t, ask(p, "GET", "/_kompas/live.js")); got != "// script" {
		t.Errorf("script: %q", got)
	}
}

// Edited files stand in for the release's until the next is shown, as safe as any page.
func TestPreviewShowsEdits(t *testing.T) {
	p := NewPreview(fstest.MapFS{})
	defer p.Close()
	if err := p.Show(newRelease(t, "et")); err != nil {
		t.Fatal(err)
	}
	p.Edit(map[string][]byte{"index.html": []byte("<body>rettet</body>"), "feeds/nyheder.atom": []byte("<feed/>")})
	r := ask(p, "GET", "/")
	if got := body(t, r); !strings.Contains(got, "rettet") || !strings.Contains(got, "live.js") || r.Header.Get("Content-Security-Policy") == "" {
		t.Errorf("an edited page: %q, %v", got, r.Header)
	}
	if r := ask(p, "GET", "/feeds/nyheder.atom"); r.Header.Get("Content-Type") != "application/atom+xml" || body(t, r) != "<feed/>" {
		t.Errorf("an edited feed: %v", r.Header)
	}
	if r := ask(p, "POST", "/"); r.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST to an edited page: %d", r.StatusCode)
	}
	if err := p.Settle(newRelease(t, "to")); err != nil {
		t.Fatal(err)
	}
	if got := body(t, ask(p, "GET", "/")); !strings.Contains(got, "forside to") {
		t.Errorf("after the whole build: %q", got)
	}
}

func TestPreviewTellsOpenPages(t *testing.T) {
	p := NewPreview(fstest.MapFS{})
	defer p.Close()
	server := httptest.NewServer(p)
	defer server.Close()
	r, err := http.Get(server.URL + eventsPath)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if err := p.Show(newRelease(t, "et")); err != nil {
		t.Fatal(err)
	}
	got := make(chan string)
	go func() {
		b := make([]byte, 64)
		text := ""
		for !strings.Contains(text, "data:") {
			n, err := r.Body.Read(b)
			text += string(b[:n])
			if err != nil {
				break
			}
		}
		got <- text
	}()
	select {
	case text := <-got:
		if !strings.Contains(text, "data: ny") {
			t.Errorf("got %q", text)
		}
	case <-time.After(5 * time.Second):
		t.Error("no message")
	}
	p.Stop()
}

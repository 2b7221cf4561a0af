package web

import (
	"html/template"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kompetenceudvikling.dk/kompas/internal/store"
)

// FuzzServe asks for any address in any way: the server never fails, never shows what
// lies outside the site, never sends on to another host.
func FuzzServe(f *testing.F) {
	for _, at := range []string{"/", "/fonden/", "/fonden", "//andre.dk/", "/../hemmelig.txt", "/%2e%2e/hemmelig.txt", "/FAQ", "/vaek/", "/VAEK", "/soeg/?q=x", "/a\x00b", "/..%5chemmelig.txt", "//andre.dk/index.html", `/\andre.dk/index.html`} {
		f.Add("GET", at, "br, gzip;q=0.1", "bytes=0-1", `"x"`)
	}
	dir := f.TempDir()
	m := &store.Manifest{Format: store.Format, BaseURL: "https://eksempel.dk/", Files: map[string]string{}, Redirects: map[string]string{"/FAQ": "/fonden/"}, Gone: map[string]string{"/vaek/": ""}}
	for name, text := range map[string]string{"site/index.html": "forside", "site/fonden/index.html": "fonden", "site/404.html": "findes ikke", "hemmelig.txt": "HEMMELIGT"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			f.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			f.Fatal(err)
		}
		if strings.HasPrefix(name, "site/") {
			m.Files[name] = sum
		}
	}
	gone := template.Must(template.New("410").Delims("[[", "]]").Parse("taget ned [[.Successor]]"))
	o := &opened{manifest: m, files: newFiles(dir, m), pages: map[string]*template.Template{"410": gone}}
	f.Fuzz(func(t *testing.T, method, at, accept, part, tag string) {
		u, err := url.ParseRequestURI(at)
		if err != nil || u.Host != "" {
			return
		}
		r := &http.Request{Method: method, URL: u, Header: http.Header{"Accept-Encoding": {accept}, "Range": {part}, "If-None-Match": {tag}}}
		w := httptest.NewRecorder()
		o.file(w, r)
		body, _ := io.ReadAll(w.Result().Body)
		if w.Code >= 500 || strings.Contains(string(body), "HEMMELIGT") {
			t.Errorf("%q: %d %q", at, w.Code, body)
		}
		to := w.Header().Get("Location")
		if strings.HasPrefix(to, "//") || strings.HasPrefix(to, `/\`) || to != "" && !strings.HasPrefix(to, "/") {
			t.Errorf("%q: sends on to %q", at, to)
		}
	})
}

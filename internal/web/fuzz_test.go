package web

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// FuzzServe asks for any address in any way: the server never fails, never shows what
// lies outside the site, never sends on to another host.
func FuzzServe(f *testing.F) {
	for _, at := range []string{"/", "/fonden/", "/fonden", "//andre.dk/", "/../hemmelig.txt", "/%2e%2e/hemmelig.txt", "/FAQ", "/vaek/", "/VAEK", "/soeg/?q=x", "/a\x00b", "/..%5chemmelig.txt", "//andre.dk/index.html", `/\andre.dk/index.html`} {
		f.Add("GET", at, "br, gzip;q=0.1", "bytes=0-1", `"x"`)
	}
	o, err := open(newRelease(f, "et"), "")
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = o.release() })
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

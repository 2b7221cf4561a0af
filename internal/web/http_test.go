package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"kompetenceudvikling.dk/kompas/internal/store"
)

// encodedRelease has pages in three encodings, each with bytes that tell which it is.
func encodedRelease(t *testing.T) *Server {
	t.Helper()
	dir := newRelease(t, "et")
	m, err := store.ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{"site/fonden/index.html", "site/404.html"} {
		for j, suffix := range []string{"", ".br", ".gz"} {
			text := fmt.Sprintf("%s i udgave %q, som er lang nok til at tage dele af", name, suffix)
			if err := os.WriteFile(filepath.Join(dir, name+suffix), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			m.Files[name+suffix] = fmt.Sprintf("%d%d", i, j) + sum[2:]
		}
	}
	if err := store.WriteManifest(dir, m); err != nil {
		t.Fatal(err)
	}
	s := &Server{}
	if err := s.Show(dir); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// accepts are headers and the encoding that RFC 9110, section 12.5.3, gives for them.
var accepts = []struct{ header, encoding string }{
	{"", ""},
	{"gzip", "gzip"},
	{"br", "br"},
	{"gzip, deflate, br, zstd", "br"},
	{"GZIP", "gzip"},
	{"x-gzip", "gzip"},
	{"deflate", ""},
	{"*", "br"},
	{"*;q=0", ""},
	{"br;q=0, *", "gzip"},
	{"gzip;q=0", ""},
	{"br;q=0, gzip;q=0", ""},
	{"br;q=0.4, gzip;q=0.5", "gzip"},
	{"gzip;q=0.5, identity;q=0.8", ""},
	{"gzip;q=0.001", "gzip"},
	{"identity", ""},
	{"identity;q=0", ""}, // nothing suits: better the file than a refusal
	{"identity;q=0, gzip", "gzip"},
	{"br;q=to", ""},
	{"br;q=NaN", ""},
	{"br;q=2", ""},
	{"br ; q=1.0 ,gzip;q=0.9", "br"},
	{",,;q=1,", ""},
}

func TestNegotiation(t *testing.T) {
	s := encodedRelease(t)
	suffix := map[string]string{"": "", "br": ".br", "gzip": ".gz"}
	number := map[string]string{"": "0", "br": "1", "gzip": "2"}
	for _, a := range accepts {
		page := fmt.Sprintf("site/fonden/index.html i udgave %q, som er lang nok til at tage dele af", suffix[a.encoding])
		tag := `"0` + number[a.encoding] + sum[2:32] + `"`
		for _, c := range []struct {
			name, method, target string
			header               []string
			status               int
			body, tag            string
		}{
			{"200", "GET", "/fonden/", nil, 200, page, tag},
			{"HEAD", "HEAD", "/fonden/", nil, 200, "", tag},
			{"206", "GET", "/fonden/", []string{"Range", "bytes=5-10"}, 206, page[5:11], tag},
			{"206 of this version", "GET", "/fonden/", []string{"Range", "bytes=-3", "If-Range", tag}, 206, page[len(page)-3:], tag},
			{"200 for a part of another version", "GET", "/fonden/", []string{"Range", "bytes=0-3", "If-Range", `"andet"`}, 200, page, tag},
			{"416", "GET", "/fonden/", []string{"Range", "bytes=900-"}, 416, "", ""},
			{"304", "GET", "/fonden/", []string{"If-None-Match", `"andet", W/` + tag}, 304, "", tag},
			{"304 HEAD", "HEAD", "/fonden/", []string{"If-None-Match", tag}, 304, "", tag},
			{"200 for another version", "GET", "/fonden/", []string{"If-None-Match", `"99` + sum[2:32] + `"`}, 200, page, tag},
			{"412", "GET", "/fonden/", []string{"If-Match", `"andet"`}, 412, "", ""},
			{"404", "GET", "/nej/", []string{"If-None-Match", "*", "Range", "bytes=0-3"}, 404, strings.Replace(page, "fonden/index", "404", 1), ""},
			{"404 HEAD", "HEAD", "/nej/", nil, 404, "", ""},
			{"405", "PUT", "/fonden/", nil, 405, "Siden kan kun læses.\n", ""},
			{"410", "GET", "/vaek/", nil, 410, "<html><body>taget ned /fonden/</body></html>", ""},
			{"301", "GET", "/gammel/", nil, 301, "", ""},
		} {
			header := c.header
			if a.header != "" {
				header = append([]string{"Accept-Encoding", a.header}, c.header...)
			}
			r := ask(s, c.method, c.target, header...)
			got := body(t, r)
			bad := func(what string, got, want any) {
				t.Errorf("%s with Accept-Encoding %q: %s %q, want %q", c.name, a.header, what, got, want)
			}
			if r.StatusCode != c.status {
				bad("status", r.StatusCode, c.status)
				continue
			}
			if c.body != "" && got != c.body || c.method == "HEAD" && got != "" {
				bad("body", got, c.body)
			}
			if got := r.Header.Get("ETag"); c.tag != "" && got != c.tag {
				bad("ETag", got, c.tag)
			}
			encoding := a.encoding
			if c.status >= 300 && c.status != 404 {
				encoding = "" // no body, or one too small
			}
			if got := r.Header.Get("Content-Encoding"); got != encoding {
				bad("Content-Encoding", got, encoding)
			}
			switch c.status {
			case 200, 206, 304, 404:
				if got := r.Header.Get("Vary"); got != "Accept-Encoding" {
					bad("Vary", got, "Accept-Encoding")
				}
			}
			if want := strconv.Itoa(len(page)); c.status == 200 && r.Header.Get("Content-Length") != want {
				bad("Content-Length", r.Header.Get("Content-Length"), want)
			}
		}
	}
}

// An encoded version has no address of its own.
func TestEncodedVersionsHaveNoAddress(t *testing.T) {
	if r := ask(encodedRelease(t), "GET", "/fonden/index.html.br"); r.StatusCode != 404 {
		t.Errorf("status %d", r.StatusCode)
	}
}

// What is made for a request is compressed too, and says so.
func TestMadePagesAreCompressed(t *testing.T) {
	long := bytes.Repeat([]byte("Kompetencefonden "), 100)
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { answer(w, r, 200, "text/plain", long) })
	for header, want := range map[string]string{"": "", "gzip": "gzip", "br": "", "gzip;q=0": ""} {
		r := ask(h, "GET", "/", "Accept-Encoding", header)
		n := len(body(t, r))
		if r.Header.Get("Content-Encoding") != want || r.Header.Get("Vary") != "Accept-Encoding" || (n < len(long)) != (want == "gzip") {
			t.Errorf("Accept-Encoding %q: %v, %d bytes", header, r.Header, n)
		}
	}
}

// The headers that internet.nl and the Danish minimum requirements ask for, on every
// kind of answer.
func TestSecurityHeaders(t *testing.T) {
	mux := http.NewServeMux()
	mux.Handle("/", encodedRelease(t))
	mux.Handle("/kladde/", http.StripPrefix("/kladde", encodedRelease(t)))
	mux.HandleFunc("GET /healthz", func(http.ResponseWriter, *http.Request) {})
	s := Options{}.around(mux)
	for _, target := range []string{
		"/", "/fonden/", "/nej/", "/vaek/", "/gammel/", "/soeg/?q=x", "/api/soeg?q=x", "/css/s." + sum + ".css", "/selvtjek/kan-jeg-soege/stat/",
		"/kladde/selvtjek/kan-jeg-soege/", "/kladde", "//x", "/healthz",
	} {
		h := ask(s, "GET", target).Header
		for name, want := range map[string]string{
			"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
			"Permissions-Policy": permissions[0],
		} {
			if h.Get(name) != want {
				t.Errorf("%s: %s is %q", target, name, h.Get(name))
			}
		}
		want := "same-origin"
		if strings.Contains(target, "/selvtjek/") {
			want = "no-referrer"
		}
		if h.Get("Referrer-Policy") != want {
			t.Errorf("%s: Referrer-Policy %q, want %q", target, h.Get("Referrer-Policy"), want)
		}
		for _, name := range []string{"Set-Cookie", "Server", "X-Powered-By", "Access-Control-Allow-Origin"} {
			if h.Get(name) != "" {
				t.Errorf("%s: has %s", target, name)
			}
		}
	}
	for _, must := range []string{"default-src 'none'; ", "script-src 'self'; ", "form-action 'self'; ", "base-uri 'none'; ", "frame-ancestors 'none'"} {
		if !strings.Contains(policy, must) {
			t.Errorf("the policy does not say %s", must)
		}
	}
	for _, never := range []string{"camera=()", "geolocation=()", "microphone=()", "payment=()"} {
		if !strings.Contains(permissions[0], never) {
			t.Errorf("the permissions do not say %s", never)
		}
	}
	for _, bad := range []string{"unsafe-inline", "unsafe-eval", "unsafe-hashes", "wasm", "data:", "blob:", "http:", "https:", "*"} {
		if strings.Contains(policy, bad) {
			t.Errorf("the policy allows %s", bad)
		}
	}
}

// start serves h on this machine until the test ends, and gives the address.
func start(t *testing.T, h http.Handler, o Options) (addr string, stop func() error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- Serve(ctx, l, h, o) }()
	t.Cleanup(cancel)
	return l.Addr().String(), func() error { cancel(); return <-done }
}

func TestRequestsThatHaveBegunEnd(t *testing.T) {
	begun, end := make(chan struct{}), make(chan struct{})
	addr, stop := start(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(begun)
		<-end
		_, _ = io.WriteString(w, "hele svaret")
	}), Options{})
	got := make(chan string, 1)
	go func() {
		r, err := http.Get("http://" + addr)
		if err != nil {
			got <- err.Error()
			return
		}
		defer r.Body.Close()
		b, _ := io.ReadAll(r.Body)
		got <- string(b)
	}()
	<-begun
	stopped := make(chan error, 1)
	go func() { stopped <- stop() }()
	for {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			break // no new ones are taken
		}
		c.Close()
	}
	close(end)
	if text := <-got; text != "hele svaret" {
		t.Errorf("got %q", text)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

func TestRate(t *testing.T) {
	l := newLimiter(2)
	now := time.Unix(0, 0)
	l.now = func() time.Time { return now }
	count := func(addr string, n int) (allowed int) {
		for range n {
			if l.allow(addr) {
				allowed++
			}
		}
		return allowed
	}
	if n := count("192.0.2.1:5", 50); n != 20 {
		t.Errorf("%d at once, want 20", n)
	}
	now = now.Add(3 * time.Second)
	if n := count("192.0.2.1:6", 50); n != 6 {
		t.Errorf("%d after three seconds, want 6", n)
	}
	if n := count("127.0.0.1:5", 50); n != 50 {
		t.Errorf("this machine is held back after %d", n)
	}
	if a, b := count("[2001:db8::1]:5", 15), count("[2001:db8::2]:5", 15); a+b != 20 {
		t.Errorf("one customer's two addresses got %d", a+b)
	}
	h := newLimiter(2).wrap(http.NotFoundHandler())
	if r := ask(h, "GET", "/", "X-Forwarded-For", "192.0.2.9"); r.StatusCode != 404 {
		t.Errorf("status %d", r.StatusCode)
	}
	for range 50 {
		ask(h, "GET", "/")
	}
	if r := ask(h, "GET", "/"); r.StatusCode != 429 || r.Header.Get("Retry-After") == "" {
		t.Errorf("status %d, %v", r.StatusCode, r.Header)
	}
}

func TestLogTellsNothingOfPersons(t *testing.T) {
	var out bytes.Buffer
	h := logged(encodedRelease(t), &out)
	for _, target := range []string{"/fonden/", "/soeg/?q=hemmeligt", "/selvtjek/kan-jeg-soege/udfald/nej/", "/010190-1234/", "/33186969", "/a%0Ab", "/%30%31%30190-1234/", "/%73elvtjek/kan-jeg-soege/udfald/nej/", "/kladde/x/selvtjek/kan-jeg-soege/udfald/nej/", "/" + strings.Repeat("a", loggedPathLimit-6) + "0101901234"} {
		ask(h, "GET", target, "Accept-Encoding", "br", "Referer", "https://fra.eksempel/", "User-Agent", "browser")
	}
	ask(h, "HEMMELIG", "/")
	got := out.String()
	for _, never := range []string{"192.0.2.1", "hemmeligt", "udfald", "0101", "1234", "33186969", "eksempel", "browser", "HEMMELIG", "q="} {
		if strings.Contains(got, never) {
			t.Errorf("the log has %q:\n%s", never, got)
		}
	}
	for _, want := range []string{" GET /fonden/ 200 ", " br ", " GET /selvtjek/kan-jeg-soege/* 404 ", " ? / 405 "} {
		if !strings.Contains(got, want) {
			t.Errorf("the log has no %q:\n%s", want, got)
		}
	}
	if n := strings.Count(got, "\n"); n != 11 {
		t.Errorf("%d lines for 11 requests", n)
	}
}

// A client that says nothing, one that never ends its headers, one that sends a large
// body, and one with a header too large: each is let go, and the others are served.
func TestSlowAndLargeClients(t *testing.T) {
	addr, _ := start(t, encodedRelease(t), Options{})
	send := func(text string) (net.Conn, error) {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		_, err = io.WriteString(c, text)
		return c, err
	}
	var slow net.Conn
	for range 200 {
		var err error
		if slow, err = send("GET / HTTP/1.1\r\nHost: x\r\nX-A: "); err != nil {
			t.Fatal(err)
		}
	}
	if r, err := http.Get("http://" + addr + "/fonden/"); err != nil || r.StatusCode != 200 {
		t.Errorf("beside 200 slow clients: %v", err)
	}
	c, _ := send("GET / HTTP/1.1\r\nHost: x\r\nX-A: " + strings.Repeat("a", 64<<10) + "\r\n\r\n")
	answer := make([]byte, 64)
	if n, _ := c.Read(answer); !strings.Contains(string(answer[:n]), " 431 ") {
		t.Errorf("large header: %q", answer[:n])
	}
	r, err := http.Post("http://"+addr+"/", "text/plain", io.LimitReader(zeros{}, 10<<20))
	if err == nil && r.StatusCode != 405 {
		t.Errorf("large body: %d", r.StatusCode)
	}
	_ = slow.SetReadDeadline(time.Now().Add(4 * headerTime))
	if _, err := slow.Read(answer); !errors.Is(err, io.EOF) {
		t.Errorf("one that never ends its headers is not let go: %v", err)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { return len(b), nil }

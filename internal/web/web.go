// Package web serves a release. In go requests; out come its files with strong
// validators, the search page and its JSON, redirects, and Danish pages for what is
// not there. It reads releases and the search index only: it never builds, writes no more
// than how often words were searched for in vain, and keeps nothing about a visitor.
package web

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"kompetenceudvikling.dk/kompas/internal/store"
	"kompetenceudvikling.dk/kompas/search"
)

// A Server serves the release it was last shown. Its zero value has none yet.
type Server struct {
	Misses *Misses // counts searches in vain; nil counts none
	// Program, if set, is the program whose search indexes can be read. A release of
	// another one is served without.
	Program string

	mu      sync.RWMutex
	current *opened
	earlier earlier
}

// An opened release. Its users are the server that shows it and the requests that began
// with it; the last of them to release it closes its index, so that nobody waits for a
// client that does not read.
type opened struct {
	manifest *store.Manifest
	index    *search.Index
	turns    chan struct{} // to search: as many as may at once
	pages    map[string]*template.Template
	files    map[string]*file
	shelf    shelf
	users    atomic.Int64
}

// Show makes the release at dir the one that is served. Requests that have begun end
// on the release they began with. One whose index cannot be opened is served without,
// and the error says why.
func (s *Server) Show(dir string) error {
	next, err := open(dir, s.Program)
	if next == nil {
		return err
	}
	return errors.Join(err, s.swap(next))
}

// Close frees the release that is served.
func (s *Server) Close() error { return s.swap(nil) }

func (s *Server) swap(next *opened) error {
	s.mu.Lock()
	last := s.current
	s.current = next
	s.mu.Unlock()
	if last == nil {
		return nil
	}
	s.earlier.add(last, time.Now())
	return last.release()
}

// acquire gives the current release to a request, which must release it; nil for none.
func (s *Server) acquire() *opened {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.current != nil {
		s.current.users.Add(1)
	}
	return s.current
}

// open reads a release. It gives one and an error when the index alone cannot be opened.
func open(dir, program string) (*opened, error) {
	m, err := store.ReadManifest(dir)
	if err != nil {
		return nil, fmt.Errorf("open release: %w", err)
	}
	o := &opened{manifest: m, pages: map[string]*template.Template{}, files: newFiles(dir, m)}
	o.users.Store(1) // the server
	o.shelf.left.Store(shelfSize)
	if o.files[notFoundPage] == nil {
		return nil, fmt.Errorf("open release: no %s", notFoundPage)
	}
	for _, name := range []string{"soeg", "410"} {
		src, err := os.ReadFile(filepath.Join(dir, "pages", name+".html"))
		if err != nil {
			return nil, fmt.Errorf("open release: %w", err)
		}
		if o.pages[name], err = template.New(name).Delims("[[", "]]").Parse(string(src)); err != nil {
			return nil, fmt.Errorf("open release: page %s: %w", name, err)
		}
	}
	o.turns = make(chan struct{}, 2*runtime.GOMAXPROCS(0))
	if program != "" && program != m.Program {
		return o, nil // it may be of a form that this program does not know
	}
	o.index, err = search.Open(filepath.Join(dir, "index"))
	return o, err
}

// release ends one use of the release. The last one closes the index.
func (o *opened) release() error {
	if o.users.Add(-1) > 0 || o.index == nil {
		return nil
	}
	return o.index.Close()
}

const (
	notFoundPage = "site/404.html"

	queryLimit = 2000 // bytes of a query string that are read at all
	searchTime = 2 * time.Second
)

// ServeHTTP answers GET and HEAD.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	secure(w.Header(), r.URL.Path)
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "Siden kan kun læses.", http.StatusMethodNotAllowed)
		return
	}
	o := s.acquire()
	if o == nil {
		http.Error(w, "Webstedet er ikke klar endnu.", http.StatusServiceUnavailable)
		return
	}
	defer func() { _ = o.release() }() // an index that was only read loses nothing
	switch r.URL.Path {
	case "/soeg/", "/api/soeg":
		s.search(w, r, o)
	case "/api/forslag":
		o.suggest(w, r)
	default:
		name := "site" + r.URL.Path
		if o.files[name] != nil || !s.earlier.send(w, r, name) {
			o.file(w, r)
		}
	}
}

// file serves a file of the site, or what stands in for it.
func (o *opened) file(w http.ResponseWriter, r *http.Request) {
	at := r.URL.Path
	clean := path.Clean("/" + at)
	if strings.HasSuffix(at, "/") && clean != "/" {
		clean += "/"
	}
	name := "site" + clean
	if strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	to, moved := old(o.manifest.Redirects, at)
	successor, gone := old(o.manifest.Gone, at)
	f, known := o.files[name]
	switch _, folder := o.files[name+"/index.html"]; {
	case strings.HasSuffix(at, "/index.html") && known: // only to what is ours: /\host/ is another host to a browser
		o.sendOn(w, r, strings.TrimSuffix(clean, "index.html"))
	case moved:
		http.Redirect(w, r, o.address(to), http.StatusMovedPermanently)
	case gone:
		o.page(w, r, "410", http.StatusGone, map[string]any{"Successor": o.address(successor)})
	case known && clean == at:
		o.send(w, r, f)
	case known || folder:
		if folder {
			clean += "/"
		}
		o.sendOn(w, r, clean)
	default:
		o.sendAs(w, r, o.files[notFoundPage], http.StatusNotFound)
	}
}

// old looks an old address up: as written, else in lower case, with or without its
// last slash.
func old(addresses map[string]string, at string) (string, bool) {
	lower := strings.ToLower(at)
	for _, a := range []string{at, lower, lower + "/", strings.TrimSuffix(lower, "/")} {
		if to, ok := addresses[a]; ok {
			return to, true
		}
	}
	return "", false
}

// address puts the path of the base address before a path of the site.
func (o *opened) address(at string) string {
	if u, err := url.Parse(o.manifest.BaseURL); err == nil && at != "" {
		return strings.TrimSuffix(u.Path, "/") + at
	}
	return at
}

// sendOn sends a request on to the page it meant, with what it asked of it.
func (o *opened) sendOn(w http.ResponseWriter, r *http.Request, at string) {
	if r.URL.RawQuery != "" {
		at += "?" + r.URL.RawQuery
	}
	http.Redirect(w, r, o.address(at), http.StatusMovedPermanently)
}

// page fills one of the server's own templates.
func (o *opened) page(w http.ResponseWriter, r *http.Request, name string, status int, data any) {
	var out bytes.Buffer
	if err := o.pages[name].Execute(&out, data); err != nil {
		http.Error(w, "Siden kan ikke vises lige nu.", http.StatusInternalServerError)
		return
	}
	answer(w, r, status, "text/html; charset=utf-8", out.Bytes())
}

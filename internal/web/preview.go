package web

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"strings"
	"sync"
	"time"

	"kompetenceudvikling.dk/kompas/internal/fault"
	"kompetenceudvikling.dk/kompas/internal/store"
)

// A Preview serves a site that is being written: it tells open pages to load again
// after each build, and shows the faults while there is no site to show.
type Preview struct {
	Server
	look fs.FS // brings the page of faults and the script

	mu     sync.Mutex
	faults fault.List // of the first builds, until one succeeds
	shown  bool
	edited map[string][]byte // files by name, shown in place of the release's
	change chan struct{}     // closed at each change
	done   chan struct{}
}

// NewPreview serves nothing until Show or Refuse.
func NewPreview(look fs.FS) *Preview {
	return &Preview{look: look, change: make(chan struct{}), done: make(chan struct{})}
}

// Show serves the release at dir and tells open pages.
func (p *Preview) Show(dir string) error {
	if err := p.Server.Show(dir); err != nil {
		return err
	}
	p.changed(func() { p.shown, p.faults, p.edited = true, nil, nil })
	return nil
}

// Edit shows files, by their name below the site's folder, in place of those of the
// release, and tells open pages.
func (p *Preview) Edit(files map[string][]byte) {
	p.changed(func() { p.edited = files })
}

// Settle serves the release at dir, whose pages are those that are shown: open ones need
// not load again.
func (p *Preview) Settle(dir string) error {
	err := p.Server.Show(dir)
	if err == nil {
		p.mu.Lock()
		p.edited = nil
		p.mu.Unlock()
	}
	return err
}

// Refuse shows faults instead of a site, unless an earlier build is being served.
func (p *Preview) Refuse(faults fault.List) {
	p.changed(func() { p.faults = faults })
}

// Stop ends the open event streams.
func (p *Preview) Stop() { close(p.done) }

func (p *Preview) changed(set func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	set()
	close(p.change)
	p.change = make(chan struct{})
}

func (p *Preview) state() (change chan struct{}, faults fault.List, shown bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.change, p.faults, p.shown
}

const (
	eventsPath = "/_kompas/live"
	scriptPath = "/_kompas/live.js"
)

// ServeHTTP serves the site with the reloading script added to each page.
func (p *Preview) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, faults, shown := p.state()
	switch {
	case r.URL.Path == eventsPath:
		p.events(w, r)
	case r.URL.Path == scriptPath:
		http.ServeFileFS(w, r, p.look, "assets/live.js")
	case !shown:
		p.refused(w, faults)
	default:
		with := &scripted{ResponseWriter: w}
		r.Header.Del("Range")
		r.Header.Del("Accept-Encoding") // the script goes into the page as it is
		if name, src := p.edit(r.URL.Path); src != nil && r.Method == http.MethodGet {
			secure(w.Header(), r.URL.Path)
			w.Header().Set("Content-Type", store.MediaType(name))
			w.Header().Set("Cache-Control", "no-store")
			http.ServeContent(with, r, "", time.Time{}, bytes.NewReader(src))
		} else {
			p.Server.ServeHTTP(with, r)
		}
		with.finish()
	}
}

// edit gives the file that is shown at an address in place of the release's, or nil.
func (p *Preview) edit(at string) (name string, src []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	name = strings.TrimPrefix(at, "/")
	if strings.HasSuffix(at, "/") {
		name += "index.html"
	}
	return name, p.edited[name]
}

// events sends one message after each build.
func (p *Preview) events(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	out := http.NewResponseController(w)
	_ = out.SetWriteDeadline(time.Time{}) // it stays open for as long as the page
	change, _, _ := p.state()             // before the page hears that it is followed
	fmt.Fprint(w, ": klar\n\n")
	_ = out.Flush()
	for {
		select {
		case <-r.Context().Done():
			return
		case <-p.done:
			return
		case <-change:
			change, _, _ = p.state()
			fmt.Fprint(w, "data: ny\n\n")
			_ = out.Flush()
		}
	}
}

func (p *Preview) refused(w http.ResponseWriter, faults fault.List) {
	src, err := fs.ReadFile(p.look, "layouts/fejl.html")
	if err != nil {
		http.Error(w, faults.Error(), http.StatusInternalServerError)
		return
	}
	t, err := template.New("fejl").Delims("[[", "]]").Parse(string(src))
	if err != nil {
		http.Error(w, faults.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusServiceUnavailable)
	_ = t.Execute(w, map[string]any{"Faults": faults, "Script": scriptPath})
}

// A scripted response holds an HTML page back and adds the script to it.
type scripted struct {
	http.ResponseWriter
	status int
	page   *bytes.Buffer
}

// WriteHeader begins to hold back when the response is a page.
func (s *scripted) WriteHeader(status int) {
	s.status = status
	h := s.Header()
	if strings.HasPrefix(h.Get("Content-Type"), "text/html") && status != http.StatusNotModified {
		s.page = &bytes.Buffer{}
		h.Del("Content-Length")
		h.Del("ETag") // the page differs from the release's
		h.Set("Cache-Control", "no-store")
		return
	}
	s.ResponseWriter.WriteHeader(status)
}

// Write holds a page back and passes everything else on.
func (s *scripted) Write(b []byte) (int, error) {
	if s.status == 0 {
		s.WriteHeader(http.StatusOK)
	}
	if s.page != nil {
		return s.page.Write(b)
	}
	return s.ResponseWriter.Write(b)
}

func (s *scripted) finish() {
	if s.page == nil {
		return
	}
	s.ResponseWriter.WriteHeader(s.status)
	script := fmt.Sprintf("<script src=%q defer></script>\n</body>", scriptPath)
	_, _ = s.ResponseWriter.Write(bytes.Replace(s.page.Bytes(), []byte("</body>"), []byte(script), 1))
}

package web

import (
	"net/http"
	"sync"
	"time"

	"kompetenceudvikling.dk/kompas/internal/store"
)

// Manifest tells what the release that is served is made of, nil when there is none.
func (s *Server) Manifest() *store.Manifest {
	o := s.acquire()
	if o == nil {
		return nil
	}
	defer func() { _ = o.release() }()
	return o.manifest
}

// earlier keeps the fingerprinted files of releases that were served before: a page
// that was opened then asks for them still.
type earlier struct {
	mu   sync.RWMutex
	left []departed // the latest last
}

type departed struct {
	at    time.Time // when it was no longer served
	from  *opened
	files map[string]*file
}

const answerFor = 24 * time.Hour

// add remembers a release that is no longer served, and forgets those of yesterday.
func (e *earlier) add(o *opened, now time.Time) {
	d := departed{at: now, from: &opened{manifest: o.manifest}, files: map[string]*file{}}
	for name, f := range o.files {
		if store.Immutable(name) {
			d.files[name] = f
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for len(e.left) > 0 && now.Sub(e.left[0].at) > answerFor {
		e.left = e.left[1:]
	}
	e.left = append(e.left, d)
}

// send answers with a file of an earlier release, if one had it.
func (e *earlier) send(w http.ResponseWriter, r *http.Request, name string) bool {
	from, f := e.find(name)
	if f != nil {
		from.send(w, r, f)
	}
	return f != nil
}

func (e *earlier) find(name string) (*opened, *file) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	for i := len(e.left) - 1; i >= 0; i-- {
		if f := e.left[i].files[name]; f != nil {
			return e.left[i].from, f
		}
	}
	return nil, nil
}

// Remember adds a release that was live before this server began.
func (s *Server) Remember(dir string, now time.Time) error {
	m, err := store.ReadManifest(dir)
	if err != nil {
		return err
	}
	s.earlier.add(&opened{manifest: m, files: newFiles(dir, m)}, now)
	return nil
}

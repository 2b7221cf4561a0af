package web

import (
	"errors"
	"html/template"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"kompetenceudvikling.dk/kompas/internal/store"
)

// Drafts serves each store below Dir at /<name>/, and a list of them at /. It is for a
// listener of its own: who can reach it can read what is not published yet. Search
// engines are told to stay away.
type Drafts struct {
	Dir     string
	Program string // as of Server

	mu    sync.Mutex
	shown map[string]*draft
}

type draft struct {
	id     string
	server *Server
}

// ServeHTTP answers GET and HEAD.
func (d *Drafts) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Robots-Tag", "noindex, nofollow")
	switch r.URL.Path {
	case "/":
		d.list(w, r)
		return
	case "/robots.txt":
		answer(w, r, http.StatusOK, "text/plain; charset=utf-8", []byte("User-agent: *\nDisallow: /\n"))
		return
	}
	name, _, inside := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	server, err := d.server(name)
	switch {
	case err != nil:
		http.Error(w, "Kladden kan ikke vises lige nu.", http.StatusInternalServerError)
	case server == nil:
		http.Error(w, "Der er ingen kladde her. Er den taget ned, så send den igen.", http.StatusNotFound)
	case !inside:
		http.Redirect(w, r, "/"+name+"/", http.StatusMovedPermanently)
	default:
		http.StripPrefix("/"+name, server).ServeHTTP(w, r)
	}
}

// server gives the server of a draft, showing its current release; nil when there is no
// such draft.
func (d *Drafts) server(name string) (*Server, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	id, dir, err := d.current(name)
	if err != nil || id == "" {
		if open := d.shown[name]; open != nil && err == nil {
			delete(d.shown, name)
			err = open.server.Close()
		}
		return nil, err
	}
	if d.shown == nil {
		d.shown = map[string]*draft{}
	}
	open := d.shown[name]
	if open == nil {
		open = &draft{server: &Server{Program: d.Program}}
		d.shown[name] = open
	}
	if open.id != id {
		if err := open.server.Show(dir); err != nil {
			return nil, err
		}
		open.id = id
	}
	return open.server, nil
}

// current gives the release of a draft and its folder, "" for none.
func (d *Drafts) current(name string) (id, dir string, err error) {
	at := filepath.Join(d.Dir, name)
	if name == "" || strings.ContainsAny(name, `/\.:`) {
		return "", "", nil
	}
	if _, err := os.Stat(at); err != nil {
		return "", "", nil
	}
	s, err := store.Open(at)
	if err != nil {
		return "", "", err
	}
	if id, err = s.Current(); id == "" {
		return "", "", err
	}
	return id, s.Path(id), nil
}

// Close frees all that is served.
func (d *Drafts) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	var err error
	for _, open := range d.shown {
		err = errors.Join(err, open.server.Close())
	}
	d.shown = nil
	return err
}

var draftsPage = template.Must(template.New("kladder").Parse(`<!doctype html>
<html lang="da">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>Kladder – Kompas</title>
</head>
<body>
<main>
<h1>Kladder</h1>
{{ if . }}<p>Her kan du læse det, der ikke er udgivet.</p>
<ul>
{{ range . }}<li><a href="/{{ . }}/">{{ . }}</a></li>
{{ end }}</ul>
{{ else }}<p>Der er ingen kladder lige nu.</p>
{{ end }}</main>
</body>
</html>
`))

func (d *Drafts) list(w http.ResponseWriter, r *http.Request) {
	entries, err := os.ReadDir(d.Dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		http.Error(w, "Kladderne kan ikke vises lige nu.", http.StatusInternalServerError)
		return
	}
	var names []string
	for _, e := range entries {
		if id, _, err := d.current(e.Name()); err == nil && id != "" {
			names = append(names, e.Name())
		}
	}
	var out strings.Builder
	if err := draftsPage.Execute(&out, names); err != nil {
		http.Error(w, "Kladderne kan ikke vises lige nu.", http.StatusInternalServerError)
		return
	}
	answer(w, r, http.StatusOK, "text/html; charset=utf-8", []byte(out.String()))
}

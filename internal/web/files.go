package web

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"time"

	"kompetenceudvikling.dk/kompas/internal/store"
)

// A file of the site, with the headers that are the same each time. Header values are
// slices because net/http keeps them so: one request more makes no garbage.
type file struct {
	mediaType, cacheControl []string
	versions                []*version // the smallest first; the last is the file as it is
}

// A version is a file in one encoding.
type version struct {
	encoding        string // "" for the file as it is
	name            string // on disk
	etag            []string
	contentEncoding []string
	kept            atomic.Pointer[contents] // nil until asked for, and when too large
}

// The contents are a version's bytes, and how many they are as a header.
type contents struct {
	bytes  []byte
	length []string
}

// A shelf keeps the bytes of files once they have been asked for, up to so many in
// all. Nothing is taken off it: it goes with its release.
type shelf struct{ left atomic.Int64 }

const (
	shelfSize = 48 << 20
	shelfFile = 512 << 10 // larger files are read from disk each time
)

// newFiles gives the files of a release by their name, "site/fonden/index.html".
// Encoded versions are no files of their own.
func newFiles(dir string, m *store.Manifest) map[string]*file {
	files := map[string]*file{}
	for name, sum := range m.Files {
		if _, is := store.Encoded(name); is {
			continue
		}
		f := &file{mediaType: []string{store.MediaType(name)}, cacheControl: []string{store.CacheControl(name)}}
		add := func(encoding, name, sum string) {
			v := &version{encoding: encoding, name: filepath.Join(dir, filepath.FromSlash(name)), etag: []string{`"` + sum[:min(32, len(sum))] + `"`}}
			if encoding != "" {
				v.contentEncoding = []string{encoding}
			}
			f.versions = append(f.versions, v)
		}
		for _, e := range store.Encodings {
			if sum, ok := m.Files[name+e.Suffix]; ok && store.Compressible(name) {
				add(e.Name, name+e.Suffix, sum)
			}
		}
		add("", name, sum)
		files[name] = f
	}
	return files
}

// load gives the bytes of a version from the shelf, putting them there first if there
// is room; nil when there is none.
func (s *shelf) load(v *version) (*contents, error) {
	if b := v.kept.Load(); b != nil {
		return b, nil
	}
	info, err := os.Stat(v.name)
	if err != nil || info.Size() > shelfFile {
		return nil, err
	}
	if s.left.Add(-info.Size()) < 0 {
		s.left.Add(info.Size())
		return nil, nil
	}
	src, err := os.ReadFile(v.name)
	if err != nil {
		return nil, err
	}
	b := &contents{src, []string{strconv.Itoa(len(src))}}
	v.kept.Store(b)
	return b, nil
}

var (
	varyEncoding = []string{"Accept-Encoding"}
	acceptRanges = []string{"bytes"}
)

// send answers with a file in the encoding that suits the client best.
func (o *opened) send(w http.ResponseWriter, r *http.Request, f *file) {
	v := choose(r.Header.Get("Accept-Encoding"), f.versions)
	h := w.Header()
	h["Content-Type"], h["Cache-Control"], h["Etag"] = f.mediaType, f.cacheControl, v.etag
	if len(f.versions) > 1 {
		h["Vary"] = varyEncoding
	}
	if v.encoding != "" {
		h["Content-Encoding"] = v.contentEncoding
	}
	b, err := o.shelf.load(v)
	switch {
	case err != nil:
		o.unreadable(w)
	case b == nil:
		o.sendFromDisk(w, r, v)
	case conditional(r.Header):
		serveContent(w, r, v, b.length, bytes.NewReader(b.bytes))
	default:
		h["Content-Length"], h["Accept-Ranges"] = b.length, acceptRanges
		w.WriteHeader(http.StatusOK)
		if r.Method != http.MethodHead {
			_, _ = w.Write(b.bytes)
		}
	}
}

// conditional tells whether a request asks for a part, or only for what has changed.
func conditional(h http.Header) bool {
	for _, name := range []string{"Range", "If-None-Match", "If-Match", "If-Modified-Since", "If-Unmodified-Since"} {
		if _, ok := h[name]; ok {
			return true
		}
	}
	return false
}

func (o *opened) sendFromDisk(w http.ResponseWriter, r *http.Request, v *version) {
	f, err := os.Open(v.name)
	if err != nil {
		o.unreadable(w)
		return
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		o.unreadable(w)
		return
	}
	serveContent(w, r, v, []string{strconv.FormatInt(info.Size(), 10)}, f)
}

// serveContent is http.ServeContent, which for encoded files says neither how long the
// whole is nor that an answer without content has no encoding.
func serveContent(w http.ResponseWriter, r *http.Request, v *version, length []string, src io.ReadSeeker) {
	if v.encoding != "" {
		w = &exact{w, length}
	}
	http.ServeContent(w, r, "", time.Time{}, src)
}

type exact struct {
	http.ResponseWriter
	length []string
}

// WriteHeader mends the headers for the status.
func (e *exact) WriteHeader(status int) {
	switch status {
	case http.StatusOK:
		e.Header()["Content-Length"] = e.length
	case http.StatusPreconditionFailed:
		e.Header().Del("Content-Encoding")
	}
	e.ResponseWriter.WriteHeader(status)
}

// sendAs answers with a page of the site in place of another: no part of it, no
// validator, and with the status that belongs to it.
func (o *opened) sendAs(w http.ResponseWriter, r *http.Request, f *file, status int) {
	v := choose(r.Header.Get("Accept-Encoding"), f.versions)
	b, err := o.shelf.load(v)
	if err == nil && b == nil { // no room left on the shelf
		var src []byte
		src, err = os.ReadFile(v.name)
		b = &contents{src, []string{strconv.Itoa(len(src))}}
	}
	if err != nil {
		o.unreadable(w)
		return
	}
	h := w.Header()
	h["Content-Type"], h["Cache-Control"], h["Content-Length"], h["Vary"] = f.mediaType, f.cacheControl, b.length, varyEncoding
	if v.encoding != "" {
		h["Content-Encoding"] = v.contentEncoding
	}
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(b.bytes)
	}
}

func (o *opened) unreadable(w http.ResponseWriter) {
	h := w.Header()
	for _, name := range []string{"Content-Encoding", "Etag", "Vary"} {
		h.Del(name)
	}
	h.Set("Cache-Control", "no-store")
	http.Error(w, "Siden kan ikke læses lige nu.", http.StatusInternalServerError)
}

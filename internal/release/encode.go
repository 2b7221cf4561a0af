package release

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"

	"kompetenceudvikling.dk/kompas/internal/store"
)

const (
	brotliLevel = 6   // above it, time doubles for one per cent
	encodeFrom  = 256 // bytes; below it the headers weigh more than what is saved
)

// encode writes the encoded versions of the site's texts beside them and lists them in
// m. Those of files that are the same in the release at last ("" for none) are linked
// from there: with the same program they would be the same bytes.
func encode(m *store.Manifest, dir, last string) error {
	var before *store.Manifest
	if last != "" {
		if old, err := store.ReadManifest(last); err == nil && old.Program == m.Program {
			before = old
		}
	}
	e := &encoder{dir: dir, last: last, before: before, sums: map[string]string{}}
	names := make(chan string)
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			w := newWriters()
			for name := range names {
				e.file(w, name, m.Files[name])
			}
		})
	}
	for _, name := range slices.Sorted(maps.Keys(m.Files)) {
		if strings.HasPrefix(name, "site/") && store.Compressible(name) {
			names <- name
		}
	}
	close(names)
	all.Wait()
	maps.Copy(m.Files, e.sums)
	return e.err
}

// An encoder is the state that the workers of encode share.
type encoder struct {
	dir, last string
	before    *store.Manifest // of last; nil when nothing can be used again

	mu   sync.Mutex
	sums map[string]string
	err  error
}

// writers are one worker's compressors, by encoding.
type writers map[string]interface {
	io.WriteCloser
	Reset(io.Writer)
}

func newWriters() writers {
	return writers{"br": brotli.NewWriterLevel(nil, brotliLevel), "gzip": gzip.NewWriter(nil)}
}

func (e *encoder) file(w writers, name, sum string) {
	var src []byte
	for _, enc := range store.Encodings {
		if e.reuse(name+enc.Suffix, name, sum) {
			continue
		}
		if src == nil {
			var err error
			if src, err = os.ReadFile(e.path(e.dir, name)); err != nil {
				e.done("", "", err)
				return
			}
		}
		if len(src) < encodeFrom {
			return
		}
		var out bytes.Buffer
		c := w[enc.Name]
		c.Reset(&out)
		_, err := c.Write(src)
		if err == nil {
			err = c.Close()
		}
		switch {
		case err != nil:
		case out.Len() >= len(src):
			continue
		default:
			err = os.WriteFile(e.path(e.dir, name+enc.Suffix), out.Bytes(), 0o644)
		}
		sum := sha256.Sum256(out.Bytes())
		e.done(name+enc.Suffix, hex.EncodeToString(sum[:]), err)
	}
}

// reuse links an encoded version from the last release, if its file is the same there.
func (e *encoder) reuse(encoded, name, sum string) bool {
	if e.before == nil || e.before.Files[name] != sum {
		return false
	}
	known, ok := e.before.Files[encoded]
	if !ok || os.Link(e.path(e.last, encoded), e.path(e.dir, encoded)) != nil {
		return false
	}
	e.done(encoded, known, nil)
	return true
}

func (e *encoder) path(dir, name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }

func (e *encoder) done(name, sum string, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err != nil {
		if e.err == nil {
			e.err = fmt.Errorf("encode %s: %w", name, err)
		}
		return
	}
	e.sums[name] = sum
}

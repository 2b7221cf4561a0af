//go:build unix

package main

import (
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kompetenceudvikling.dk/kompas"
	"kompetenceudvikling.dk/kompas/internal/release"
	"kompetenceudvikling.dk/kompas/internal/store"
	"kompetenceudvikling.dk/kompas/internal/web"
)

// TestSwitchesUnderLoad switches fifty times between two releases whose text and style
// differ, while readers read: each page is one release's, the style sheet it names is
// that one's, and no answer is an error.
func TestSwitchesUnderLoad(t *testing.T) {
	s, ids := unlikeReleases(t)
	site := &web.Server{}
	defer site.Close()
	show := func(id string) {
		if err := s.Activate(id); err != nil {
			t.Fatal(err)
		}
		if err := site.Show(s.Path(id)); err != nil {
			t.Fatal(err)
		}
	}
	show(ids[1])
	show(ids[0])
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- web.Serve(ctx, l, site, web.Options{}) }()

	var readers sync.WaitGroup
	var done atomic.Bool
	var seen [2]atomic.Int64
	for n := range 8 {
		readers.Go(func() {
			r := &reader{t: t, base: "http://" + l.Addr().String(), packed: n%2 == 0}
			for !done.Load() && !t.Failed() {
				seen[r.page()].Add(1)
				r.get("/soeg/?q=udgave")
			}
		})
	}
	for i := range 50 {
		time.Sleep(20 * time.Millisecond)
		show(ids[(i+1)%2])
	}
	done.Store(true)
	readers.Wait()
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if seen[0].Load() < 20 || seen[1].Load() < 20 {
		t.Errorf("too few pages were read to tell: %d and %d", seen[0].Load(), seen[1].Load())
	}
	t.Logf("%d and %d pages of the two releases, none mixed", seen[0].Load(), seen[1].Load())
}

// unlikeReleases makes two whose pages say "udgave 0" and "udgave 1", each with a style
// sheet of its own.
func unlikeReleases(t *testing.T) (*store.Store, [2]string) {
	t.Helper()
	s, err := store.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var ids [2]string
	for i := range ids {
		source, look := t.TempDir(), t.TempDir()
		small, err := fs.Sub(smallSite, "testdata/site")
		if err == nil {
			err = os.CopyFS(source, small)
		}
		if err == nil {
			err = os.CopyFS(look, kompas.Look)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(source, "content/side.md"), fmt.Appendf([]byte(page), "Dette er udgave %d.\n", i), 0o644)
		}
		if err == nil {
			css := filepath.Join(look, "assets/css/site.css")
			var src []byte
			if src, err = os.ReadFile(css); err == nil {
				err = os.WriteFile(css, fmt.Appendf(src, "\n.prose { --udgave: \"nummer %d\"; }\n", i), 0o644)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
		in := release.Input{
			Source: os.DirFS(source), Look: os.DirFS(look), Now: time.Date(2026, 2, 1, 12, 0, i, 0, time.UTC),
			Program: "p", Commit: strings.Repeat(fmt.Sprint(i), 40), Cache: t.TempDir(),
		}
		ids[i], err = s.Add(func(tmp string) (string, error) {
			m, _, err := release.Make(t.Context(), in, tmp)
			if err != nil {
				return "", err
			}
			return m.ID, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return s, ids
}

// A reader reads as a browser does: a page, then the style sheet that it names.
type reader struct {
	t      *testing.T
	base   string
	packed bool
}

var sheetRe = regexp.MustCompile(`href="(/[^"]+\.css)"( integrity="sha256-[^"]+")?`)

// page gives which of the two releases answered.
func (r *reader) page() int {
	text := r.get("/side/")
	which := 0
	if strings.Contains(text, "udgave 1") {
		which = 1
	}
	m := sheetRe.FindStringSubmatch(text)
	if m == nil || !strings.Contains(text, fmt.Sprintf("udgave %d", which)) {
		r.t.Errorf("not a page: %s", text)
		return which
	}
	css := r.get(m[1])
	sum := sha256.Sum256([]byte(css))
	if !strings.Contains(css, fmt.Sprintf("nummer %d", which)) || !strings.Contains(m[1], hex.EncodeToString(sum[:])) {
		r.t.Errorf("a page of release %d with another one's %s", which, m[1])
	}
	return which
}

func (r *reader) get(at string) string {
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodGet, r.base+at, nil)
	if err != nil {
		r.t.Error(err)
		return ""
	}
	req.Header.Set("Accept-Encoding", map[bool]string{true: "gzip", false: "identity"}[r.packed])
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Errorf("%s: %v", at, err)
		return ""
	}
	defer res.Body.Close()
	body := io.Reader(res.Body)
	if res.Header.Get("Content-Encoding") == "gzip" {
		if body, err = gzip.NewReader(body); err != nil {
			r.t.Errorf("%s: %v", at, err)
			return ""
		}
	}
	src, err := io.ReadAll(body)
	if err != nil || res.StatusCode != http.StatusOK {
		r.t.Errorf("%s: %d, %v", at, res.StatusCode, err)
	}
	return string(src)
}

package web

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"kompetenceudvikling.dk/kompas/internal/store"
	"kompetenceudvikling.dk/kompas/search"
)

func TestNoReleaseYet(t *testing.T) {
	if r := ask(&Server{}, "GET", "/"); r.StatusCode != 503 {
		t.Errorf("got %d", r.StatusCode)
	}
}

// Visitors never meet a half-changed site, and an index is not closed under them.
func TestShowWhileServing(t *testing.T) {
	s := newServer(t)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if r := ask(s, "GET", "/api/soeg?q=kurser"); r.StatusCode != 200 {
					t.Errorf("search: %d", r.StatusCode)
				}
				if r := ask(s, "GET", "/"); r.StatusCode != 200 {
					t.Errorf("front page: %d", r.StatusCode)
				}
			}
		})
	}
	for range 10 {
		if err := s.Show(newRelease(t, "to")); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	wg.Wait()
	if got := body(t, ask(s, "GET", "/")); !strings.Contains(got, "forside to") {
		t.Errorf("got %s", got)
	}
	if err := s.Show(t.TempDir()); err == nil {
		t.Error("a folder that is no release was shown")
	}
	if r := ask(s, "GET", "/"); r.StatusCode != 200 {
		t.Errorf("after a release that could not be opened: %d", r.StatusCode)
	}
}

// stuck is a client that asks and does not read.
type stuck struct {
	*httptest.ResponseRecorder
	begun, end chan struct{}
}

func (s *stuck) Write(b []byte) (int, error) {
	close(s.begun)
	<-s.end
	return s.ResponseRecorder.Write(b)
}

// A client that does not read holds up neither the next release of what it reads nor
// another draft.
func TestSlowReaderHoldsNothingUp(t *testing.T) {
	d := &Drafts{Dir: t.TempDir()}
	defer d.Close()
	show := func(draft, word string) {
		from := newRelease(t, word)
		s, err := store.Open(filepath.Join(d.Dir, draft))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Add(func(tmp string) (string, error) { return word, os.CopyFS(tmp, os.DirFS(from)) }); err != nil {
			t.Fatal(err)
		}
		if err := s.Activate(word); err != nil {
			t.Fatal(err)
		}
	}
	show("en", "et")
	show("anden", "andet")
	slow := &stuck{httptest.NewRecorder(), make(chan struct{}), make(chan struct{})}
	ended := make(chan struct{})
	go func() { defer close(ended); d.ServeHTTP(slow, httptest.NewRequest("GET", "/en/", nil)) }()
	<-slow.begun
	show("en", "to")
	for target, want := range map[string]string{"/en/": "forside to", "/anden/": "forside andet"} {
		got := make(chan *http.Response, 1)
		go func() { got <- ask(d, "GET", target) }()
		select {
		case r := <-got:
			if text := body(t, r); !strings.Contains(text, want) {
				t.Errorf("%s: %q, want %q", target, text, want)
			}
		case <-time.After(10 * time.Second):
			t.Errorf("%s waits for another reader", target)
		}
	}
	close(slow.end)
	if <-ended; !strings.Contains(slow.Body.String(), "forside et") {
		t.Errorf("the slow one got %q", slow.Body)
	}
}

// The index of a release is open until the last request that began with it ends, and
// then it is closed.
func TestIndexIsClosedByItsLastRequest(t *testing.T) {
	s := newServer(t)
	one, two := s.acquire(), s.acquire()
	if err := s.Show(newRelease(t, "to")); err != nil {
		t.Fatal(err)
	}
	find := func() error {
		_, err := one.find(httptest.NewRequest("GET", "/", nil), search.Query{Text: "kurser"})
		return err
	}
	if err := one.release(); err != nil || find() != nil {
		t.Errorf("closed under a request: %v, %v", err, find())
	}
	if err := two.release(); err != nil || find() == nil {
		t.Errorf("not closed after the last request: %v", err)
	}
}

// Pages are served though their index is damaged, and the search page lists them all.
func TestShowWithoutIndex(t *testing.T) {
	dir := newRelease(t, "et")
	if err := os.RemoveAll(filepath.Join(dir, "index")); err != nil {
		t.Fatal(err)
	}
	s := &Server{}
	defer s.Close()
	if err := s.Show(dir); err == nil {
		t.Error("nobody hears of it")
	}
	for _, target := range []string{"/", "/soeg/?q=kurser", "/api/forslag?q=k"} {
		if r := ask(s, "GET", target); r.StatusCode != 200 {
			t.Errorf("%s: %d", target, r.StatusCode)
		}
	}
}

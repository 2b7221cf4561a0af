package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"

	"kompetenceudvikling.dk/kompas/internal/publish"
	"kompetenceudvikling.dk/kompas/internal/store"
	"kompetenceudvikling.dk/kompas/internal/web"
)

// A running server, as `kompas serve` in a folder of its own.
type running struct {
	t      *testing.T
	dir    string
	url    string
	stderr *safeBuffer
	exit   chan int
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func startServe(t *testing.T, prepare func(dir string)) *running {
	t.Helper()
	dir := t.TempDir()
	sub, err := fs.Sub(smallSite, "testdata/site")
	if err == nil {
		err = os.CopyFS(dir, sub)
	}
	if err != nil {
		t.Fatal(err)
	}
	prepare(dir)
	t.Setenv("XDG_CACHE_HOME", filepath.Join(os.TempDir(), "kompas-test-cache"))
	ctx, cancel := context.WithCancel(context.Background())
	out, in := io.Pipe()
	r := &running{t: t, dir: dir, stderr: &safeBuffer{}, exit: make(chan int, 1)}
	go func() {
		r.exit <- run(ctx, []string{"serve", "--addr", "127.0.0.1:0", "--source", dir, "--date", "2026-02-01"}, in, r.stderr)
		in.Close()
	}()
	t.Cleanup(func() {
		cancel()
		select {
		case code := <-r.exit:
			if code != exitFine {
				t.Errorf("exit code %d when stopped: %s", code, r.stderr)
			}
		case <-time.After(10 * time.Second):
			t.Error("the server does not stop")
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "http://127.0.0.1:") {
		t.Fatalf("first line %q, %v: %s", line, err, r.stderr)
	}
	r.url = strings.TrimSpace(line)
	return r
}

func (r *running) get(at string) (int, string) {
	r.t.Helper()
	res, err := http.Get(strings.TrimSuffix(r.url, "/") + at)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

// until asks for a page until its text holds want.
func (r *running) until(at, want string) {
	r.t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if _, text := r.get(at); strings.Contains(text, want) {
			return
		}
	}
	_, text := r.get(at)
	r.t.Fatalf("%s never shows %q: %s\n%s", at, want, text, r.stderr)
}

func (r *running) write(name, text string) {
	r.t.Helper()
	if err := os.WriteFile(filepath.Join(r.dir, name), []byte(text), 0o644); err != nil {
		r.t.Fatal(err)
	}
}

const page = "---\ntitle: Ny\ndescription: En ny side.\nparams:\n  slags: guide\n  ejer: fond\n---\n"

func TestServeShowsEdits(t *testing.T) {
	r := startServe(t, func(string) {})
	if code, text := r.get("/"); code != 200 || !strings.Contains(text, "Velkommen") {
		t.Fatalf("front page: %d %s", code, text)
	}
	r.write("content/ny.md", page+"Første udgave.\n")
	r.until("/ny/", "Første udgave")
	r.write("content/ny.md", page+"Anden udgave.\n")
	r.until("/ny/", "Anden udgave")
	if code, text := r.get("/api/soeg?q=udgave"); code != 200 || !strings.Contains(text, `"/ny/"`) {
		t.Errorf("search: %d %s", code, text)
	}

	// A fault is told; the last good site stays up.
	r.write("content/ny.md", page+"Se [her](/findes-ikke/).\n")
	for end := time.Now().Add(20 * time.Second); !strings.Contains(r.stderr.String(), "content/ny.md:8: linket peger på en side, der ikke findes"); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the fault is not told: %s", r.stderr)
		}
	}
	if _, text := r.get("/ny/"); !strings.Contains(text, "Anden udgave") {
		t.Error("the last good site is not up")
	}

	// A new folder is followed too.
	if err := os.Mkdir(filepath.Join(r.dir, "content/mus"), 0o755); err != nil {
		t.Fatal(err)
	}
	r.write("content/mus/_index.md", page+"Om MUS.\n")
	r.write("content/ny.md", page+"Tredje udgave.\n")
	r.until("/mus/", "Om MUS")
	r.write("content/mus/_index.md", page+"Mere om MUS.\n")
	r.until("/mus/", "Mere om MUS")
}

func TestServeShowsTheFaultsOfAFirstBuild(t *testing.T) {
	r := startServe(t, func(dir string) { _ = os.WriteFile(filepath.Join(dir, "content/ny.md"), []byte("intet hoved"), 0o644) })
	if code, text := r.get("/"); code != 503 || !strings.Contains(text, "siden mangler hoved") || !strings.Contains(text, "content/ny.md, linje 1") {
		t.Errorf("%d %s", code, text)
	}
	r.write("content/ny.md", page+"Rettet.\n")
	r.until("/ny/", "Rettet")
}

func TestServeSaysWhenThePortIsTaken(t *testing.T) {
	r := startServe(t, func(string) {})
	var stderr safeBuffer
	addr := strings.TrimSuffix(strings.TrimPrefix(r.url, "http://"), "/")
	code := run(context.Background(), []string{"serve", "--addr", addr, "--source", r.dir}, io.Discard, &stderr)
	if code != exitOther || !strings.Contains(stderr.String(), "er optaget") || !strings.Contains(stderr.String(), "råd: luk det andet program") {
		t.Errorf("exit %d: %s", code, &stderr)
	}
	if code := run(context.Background(), []string{"serve", "--addr", "8080"}, io.Discard, &stderr); code != exitUsage {
		t.Errorf("exit %d for an address without a port", code)
	}
}

// When more has changed than the system can tell of, all of it is read.
func TestServeReadsAllWhenTooMuchChanges(t *testing.T) {
	dir := t.TempDir()
	sub, err := fs.Sub(smallSite, "testdata/site")
	if err == nil {
		err = os.CopyFS(dir, sub)
	}
	releases, also := store.OpenTemporary(t.TempDir())
	notes, third := fsnotify.NewWatcher() // of nothing: it tells of no change
	if err := errors.Join(err, also, third); err != nil {
		t.Fatal(err)
	}
	defer notes.Close()
	t.Setenv("XDG_CACHE_HOME", filepath.Join(os.TempDir(), "kompas-test-cache"))
	preview := web.NewPreview(lookOf(dir))
	defer preview.Close()
	w := &watcher{call: &call{stderr: &safeBuffer{}}, source: &source{dir: dir, date: "2026-02-01"}, store: releases, preview: preview}
	defer func() { _ = w.live.Close() }()
	if err := w.rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	r := &running{t: t, dir: dir, stderr: w.stderr.(*safeBuffer)}
	r.write("content/ny.md", page+"Første udgave.\n")
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.watch(ctx, notes) }()
	notes.Errors <- fsnotify.ErrEventOverflow
	if err := followFolder(notes, filepath.Join(dir, "content/vaek")); err != nil {
		t.Errorf("a folder that is gone again: %v", err)
	}
	server := httptest.NewServer(preview)
	defer server.Close()
	r.url = server.URL
	r.until("/ny/", "Første udgave")
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// With nothing to show, /readyz says why.
func TestReadySaysWhyNot(t *testing.T) {
	s, err := store.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SetProblem(&store.Problem{Text: "disken er fuld"}); err != nil {
		t.Fatal(err)
	}
	mux, answer := http.NewServeMux(), httptest.NewRecorder()
	health(mux, &web.Server{}, &publish.Publisher{Store: s})
	mux.ServeHTTP(answer, httptest.NewRequest("GET", "/readyz", nil))
	if answer.Code != 503 || !strings.Contains(answer.Body.String(), "disken er fuld") {
		t.Errorf("%d %s", answer.Code, answer.Body)
	}
}

//go:build unix

package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kompetenceudvikling.dk/kompas/internal/store"
	"kompetenceudvikling.dk/kompas/search"
)

// A publishing place: a bare repository, a store, and an editor's clone, all driven
// by the real git and the built program.
type place struct {
	t     testing.TB
	dir   string
	env   []string
	store *store.Store
}

func newPlace(t testing.TB) *place {
	t.Helper()
	sub, err := fs.Sub(smallSite, "testdata/site")
	if err != nil {
		t.Fatal(err)
	}
	return newPlaceOf(t, sub)
}

// newPlaceOf begins with another site than the small one.
func newPlaceOf(t testing.TB, site fs.FS) *place {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("needs git")
	}
	p := &place{t: t, dir: t.TempDir()}
	p.env = append(os.Environ(),
		"GIT_AUTHOR_NAME=redaktør", "GIT_AUTHOR_EMAIL=redaktoer@example.dk", "GIT_COMMITTER_NAME=redaktør", "GIT_COMMITTER_EMAIL=redaktoer@example.dk",
		"GIT_CONFIG_GLOBAL=/dev/null", "GIT_TERMINAL_PROMPT=0", "XDG_CACHE_HOME="+filepath.Join(os.TempDir(), "kompas-test-cache"))
	if err := os.CopyFS(p.at("klon"), site); err != nil {
		t.Fatal(err)
	}
	p.must(p.kompas("publish", "init", p.at("lager.git"), p.at("ud"), "--base-url", "https://kompas.example/"))
	for _, args := range [][]string{{"init", "-q", "-b", "main"}, {"remote", "add", "origin", p.at("lager.git")}, {"add", "content"}, {"commit", "-q", "-m", "første udgave"}, {"push", "-q", "-u", "origin", "main"}} {
		p.must(p.git(args...))
	}
	var err error
	if p.store, err = store.Open(p.at("ud")); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *place) at(name string) string { return filepath.Join(p.dir, name) }

func (p *place) run(dir string, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = dir, p.env
	out, err := cmd.CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out), err
}

func (p *place) kompas(args ...string) (string, error) { return p.run(p.dir, "kompas", args...) }
func (p *place) git(args ...string) (string, error)    { return p.run(p.at("klon"), "git", args...) }

func (p *place) must(out string, err error) string {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
	return strings.TrimSpace(out)
}

// with gives the place with more settings in its environment.
func (p *place) with(env ...string) *place {
	q := *p
	q.env = append(append([]string{}, p.env...), env...)
	return &q
}

// write puts a sound page at content/<name>.md in the clone.
func (p *place) write(name, text string) {
	p.t.Helper()
	at := filepath.Join(p.at("klon"), "content", name+".md")
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(at, []byte(page+text+"\n"), 0o644); err != nil {
		p.t.Fatal(err)
	}
}

func (p *place) commit(message string) string {
	p.t.Helper()
	p.must(p.git("add", "-A"))
	p.must(p.git("commit", "-q", "-m", message))
	return p.must(p.git("rev-parse", "HEAD"))
}

// push gives what git said; an error when the push was refused.
func (p *place) push(args ...string) (string, error) {
	return p.git(append([]string{"push"}, args...)...)
}

func (p *place) main() string {
	p.t.Helper()
	return p.must(p.run(p.at("lager.git"), "git", "rev-parse", "main"))
}

// whole demands that the live release is whole and of one of the commits: each file as
// its manifest says, the index open, and as many pages in it as on the site.
func (p *place) whole(commits ...string) *store.Manifest {
	p.t.Helper()
	m, err := p.store.Live()
	if err != nil || m == nil {
		p.t.Fatalf("no live release: %v", err)
	}
	bad, err := p.store.Verify(m.ID)
	if err != nil || len(bad) > 0 {
		p.t.Fatalf("the live release %s is not whole: %v, %v", m.ID, bad, err)
	}
	index, err := search.Open(filepath.Join(p.store.Path(m.ID), "index"))
	if err != nil {
		p.t.Fatalf("index of %s: %v", m.ID, err)
	}
	defer index.Close()
	for _, c := range commits {
		if m.Commit == c {
			return m
		}
	}
	p.t.Fatalf("live is %.8s, want one of %.8v", m.Commit, commits)
	return nil
}

// A liveServer is kompas serve --store, as a process of its own.
type liveServer struct {
	t   testing.TB
	cmd *exec.Cmd
	url string
	err *safeBuffer
}

func (p *place) serve(more ...string) *liveServer {
	p.t.Helper()
	args := append([]string{"serve", "--store", p.at("ud"), "--addr", "127.0.0.1:0"}, more...)
	s := &liveServer{t: p.t, cmd: exec.Command("kompas", args...), err: &safeBuffer{}}
	s.cmd.Env, s.cmd.Dir = p.env, p.dir
	out := &safeBuffer{}
	s.cmd.Stdout, s.cmd.Stderr = out, s.err
	if err := s.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(s.stop)
	for end := time.Now().Add(time.Minute); !strings.Contains(out.String(), "\n"); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			p.t.Fatalf("the server does not begin: %s", s.err)
		}
	}
	s.url, _, _ = strings.Cut(out.String(), "\n")
	return s
}

func (s *liveServer) stop() {
	if s.cmd.ProcessState == nil {
		_ = s.cmd.Process.Signal(os.Interrupt)
		_ = s.cmd.Wait()
	}
}

func (s *liveServer) get(at string) (int, string) {
	res, err := http.Get(strings.TrimSuffix(s.url, "/") + at)
	if err != nil {
		return 0, err.Error()
	}
	defer res.Body.Close()
	var b bytes.Buffer
	_, _ = b.ReadFrom(res.Body)
	return res.StatusCode, b.String()
}

// until asks for a page until it answers so.
func (s *liveServer) until(at string, status int, text string) {
	s.t.Helper()
	var got int
	var body string
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if got, body = s.get(at); got == status && strings.Contains(body, text) {
			return
		}
	}
	s.t.Fatalf("%s never answers %d with %q: %d %s\n%s", at, status, text, got, body, s.err)
}

// eventually waits for a commit to be live.
func (p *place) eventually(commit string) {
	p.t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if m, err := p.store.Live(); err == nil && m != nil && m.Commit == commit {
			return
		}
	}
	p.t.Fatalf("%.8s is never live", commit)
}

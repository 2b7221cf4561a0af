package repo

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// A history is a repository that a test writes commit by commit, a day apart.
type history struct {
	t   *testing.T
	dir string
	git *git.Repository
	at  time.Time
}

func newHistory(t *testing.T) *history {
	t.Helper()
	dir := t.TempDir()
	r, err := git.PlainInit(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	return &history{t, dir, r, time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)}
}

// commit writes files (nil removes one) and gives the commit's hash.
func (h *history) commit(files map[string][]byte) string {
	h.t.Helper()
	w, err := h.git.Worktree()
	if err != nil {
		h.t.Fatal(err)
	}
	for name, src := range files {
		full := filepath.Join(h.dir, name)
		if src == nil {
			_, err = w.Remove(name)
		} else if err = os.MkdirAll(filepath.Dir(full), 0o755); err == nil {
			if err = os.WriteFile(full, src, 0o644); err == nil {
				_, err = w.Add(name)
			}
		}
		if err != nil {
			h.t.Fatal(err)
		}
	}
	h.at = h.at.AddDate(0, 0, 1)
	who := &object.Signature{Name: "redaktør", Email: "redaktoer@example.dk", When: h.at}
	hash, err := w.Commit("indhold", &git.CommitOptions{Author: who, Committer: who})
	if err != nil {
		h.t.Fatal(err)
	}
	return hash.String()
}

func TestCommitIsAFileSystem(t *testing.T) {
	h := newHistory(t)
	hash := h.commit(map[string][]byte{"content/_index.md": []byte("forside"), "content/fonden/a.md": []byte("æøå"), "tom.txt": {}})
	r, err := Open(filepath.Join(h.dir, "content"))
	if err != nil {
		t.Fatal(err)
	}
	head, err := r.Resolve("HEAD")
	if err != nil || head != hash {
		t.Fatalf("HEAD is %s, %v; want %s", head, err, hash)
	}
	if got, err := r.Resolve(hash[:4]); err != nil || got != hash {
		t.Errorf("%s is %s, %v", hash[:4], got, err)
	}
	if got, err := r.Resolve(hash[:3]); err == nil {
		t.Errorf("%s is %s", hash[:3], got)
	}
	fsys, err := r.Commit(hash)
	if err != nil {
		t.Fatal(err)
	}
	if err := fstest.TestFS(fsys, "content/_index.md", "content/fonden/a.md", "tom.txt"); err != nil {
		t.Error(err)
	}
	if src, err := fs.ReadFile(fsys, "content/fonden/a.md"); string(src) != "æøå" || err != nil {
		t.Errorf("got %q, %v", src, err)
	}
}

func TestLinksInACommitAreNotFiles(t *testing.T) {
	h := newHistory(t)
	if err := os.Symlink("/etc/passwd", filepath.Join(h.dir, "genvej.md")); err != nil {
		t.Skip("no symlinks here:", err)
	}
	w, err := h.git.Worktree()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Add("genvej.md"); err != nil {
		t.Fatal(err)
	}
	hash := h.commit(nil)
	r, _ := Open(h.dir)
	fsys, err := r.Commit(hash)
	if err != nil {
		t.Fatal(err)
	}
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil || len(entries) != 1 || entries[0].Type().IsRegular() {
		t.Errorf("got %v, %v: a link must not look like a file", entries, err)
	}
}

func TestChanged(t *testing.T) {
	h := newHistory(t)
	h.commit(map[string][]byte{"content/a.md": []byte("1"), "content/b/c.md": []byte("1"), "cmd/x.go": []byte("1")})
	h.commit(map[string][]byte{"content/b/c.md": []byte("2")})
	h.commit(map[string][]byte{"cmd/x.go": []byte("2"), "content/d.md": []byte("1")})
	last := h.commit(map[string][]byte{"content/d.md": nil, "content/b/e.md": []byte("1")})
	r, err := Open(h.dir)
	if err != nil {
		t.Fatal(err)
	}
	history, err := r.History(last, "content/", "")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]time.Time{}
	for name, at := range history.Files {
		got[name] = history.Changes[at[0]].At
	}
	for name, day := range map[string]int{"content/a.md": 2, "content/b/c.md": 3, "content/b/e.md": 5} {
		if at := got[name]; at.Day() != day {
			t.Errorf("%s changed on day %d, want %d", name, at.Day(), day)
		}
	}
	if at, ok := got["cmd/x.go"]; ok {
		t.Errorf("a file outside the prefix has a date: %v", at)
	}
}

func TestNoRepository(t *testing.T) {
	if _, err := Open(t.TempDir()); !errors.Is(err, ErrNoRepo) {
		t.Errorf("got %v, want ErrNoRepo", err)
	}
}

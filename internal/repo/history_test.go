package repo

import (
	"bytes"
	"fmt"
	"os/exec"
	"path/filepath"
	"reflect"
	"testing"
)

func TestHistory(t *testing.T) {
	h := newHistory(t)
	h.commit(map[string][]byte{"content/a.md": []byte("1"), "content/selvtjek/f/flow.yaml": []byte("1"), "README.md": []byte("1")})
	second := h.commit(map[string][]byte{"content/a.md": []byte("2")})
	h.commit(map[string][]byte{"README.md": []byte("2")})
	fourth := h.commit(map[string][]byte{"content/selvtjek/f/flow.yaml": []byte("2"), "README.md": []byte("3")})
	last := h.commit(map[string][]byte{"content/a.md": nil, "content/a": []byte("en fil"), "content/b.md": []byte("1")})
	r, err := Open(h.dir)
	if err != nil {
		t.Fatal(err)
	}
	cache := filepath.Join(t.TempDir(), "kompas", "historik.json")
	if _, err := r.History(second, "content", cache); err != nil {
		t.Fatal(err)
	}
	got, err := r.History(last, "content", cache) // goes on from the second
	if err != nil {
		t.Fatal(err)
	}
	plain, err := r.History(last, "content", "")
	if err != nil {
		t.Fatal(err)
	}
	again, err := r.History(last, "content", cache)
	if err != nil {
		t.Fatal(err)
	}
	if !sameHistory(got, plain) || !sameHistory(again, plain) {
		t.Errorf("kept history differs:\n%+v\n%+v\n%+v", got, again, plain)
	}
	if len(plain.Changes) != 4 {
		t.Fatalf("%d changes, want 4: README alone is none", len(plain.Changes))
	}
	if c := plain.Changes[1]; c.Commit != fourth || !c.Wide {
		t.Errorf("%+v: the fourth commit changed more than content", c)
	}
	if c := plain.Changes[2]; c.Commit != second || c.Wide || c.Subject != "indhold" {
		t.Errorf("%+v: the second commit changed content alone", c)
	}
	if at := plain.Files["content/a.md"]; !reflect.DeepEqual(at, []int{0, 2, 3}) {
		t.Errorf("a.md changed in %v", at)
	}
	if before := plain.Before("content/selvtjek/", "content/data/satser.yaml"); before != plain.Changes[1].Parent || before == "" {
		t.Errorf("before the flow's change: %q", before)
	}
	if before := plain.Before("content/findes-ikke"); before != "" {
		t.Errorf("before nothing: %q", before)
	}
}

func sameHistory(a, b *History) bool {
	if len(a.Changes) != len(b.Changes) || !reflect.DeepEqual(a.Files, b.Files) || a.Head != b.Head {
		return false
	}
	for i, c := range a.Changes {
		d := b.Changes[i]
		if !c.At.Equal(d.At) {
			return false
		}
		c.At = d.At
		if c != d {
			return false
		}
	}
	return true
}

// BenchmarkHistory walks 5,000 commits of 500 pages, first without and then with what
// the last walk kept. The target is 1.5 s, and 50 ms.
func BenchmarkHistory(b *testing.B) {
	dir, head := longHistory(b, 5000, 500)
	cache := filepath.Join(b.TempDir(), "historik.json")
	for _, run := range []struct{ name, cache string }{{"cold", ""}, {"after", cache}} {
		b.Run(run.name, func(b *testing.B) {
			for range b.N {
				r, err := OpenBare(dir)
				if err != nil {
					b.Fatal(err)
				}
				h, err := r.History(head, "content", run.cache)
				if err != nil || len(h.Files) != 500 {
					b.Fatal(len(h.Files), err)
				}
			}
		})
		if r, err := OpenBare(dir); err == nil {
			_, _ = r.History(head, "content", cache)
		}
	}
}

// longHistory makes a bare repository by git fast-import.
func longHistory(b *testing.B, commits, pages int) (dir, head string) {
	b.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		b.Skip("needs git")
	}
	dir = filepath.Join(b.TempDir(), "lang.git")
	var in bytes.Buffer
	name := func(i int) string { return fmt.Sprintf("content/emne-%d/side-%d.md", i%20, i) }
	for n := range commits {
		fmt.Fprintf(&in, "commit refs/heads/main\ncommitter r <r@example.dk> %d +0000\ndata 7\nindhold\n", 1700000000+n*60)
		first, last := n%pages, n%pages
		if n == 0 {
			last = pages - 1
		}
		for i := first; i <= last; i++ {
			text := fmt.Sprintf("side %d i udgave %d", i, n)
			fmt.Fprintf(&in, "M 100644 inline %s\ndata %d\n%s\n", name(i), len(text), text)
		}
	}
	for _, args := range [][]string{{"init", "-q", "--bare", dir}, {"-C", dir, "fast-import", "--quiet"}, {"-C", dir, "repack", "-adq"}} {
		cmd := exec.Command("git", args...)
		if args[2] == "fast-import" {
			cmd.Stdin = &in
		}
		if out, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("git %v: %v %s", args, err, out)
		}
	}
	out, err := exec.Command("git", "-C", dir, "rev-parse", "main").Output()
	if err != nil {
		b.Fatal(err)
	}
	return dir, string(bytes.TrimSpace(out))
}

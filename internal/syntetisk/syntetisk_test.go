package syntetisk

import (
	"io/fs"
	"strings"
	"testing"
)

func TestSameSeedSameBytes(t *testing.T) {
	a, b, other := Site(1, 30), Site(1, 30), Site(2, 30)
	differ := false
	err := fs.WalkDir(a, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		x, _ := fs.ReadFile(a, name)
		y, _ := fs.ReadFile(b, name)
		z, _ := fs.ReadFile(other, name)
		if string(x) != string(y) {
			t.Errorf("%s differs", name)
		}
		differ = differ || string(x) != string(z)
		return nil
	})
	if err != nil || !differ {
		t.Errorf("another seed gives the same site: %v", err)
	}
}

func TestPagesAreOfRealLength(t *testing.T) {
	src, err := fs.ReadFile(Site(1, 200), "content/emne-0/side-0.md")
	if err != nil {
		t.Fatal(err)
	}
	if n := len(strings.Fields(string(src))); n < 450 || n > 750 {
		t.Errorf("%d words, want about 600", n)
	}
}

package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

// The same source in two folders, compiled from nothing each time, is the same bytes.
func TestTwoFoldersSameBytes(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles the standard library twice")
	}
	var got [2][]byte
	for i := range got {
		dir := filepath.Join(t.TempDir(), []string{"her", "et/andet/sted"}[i])
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		for name, src := range map[string]string{
			"go.mod":  "module example.dk/lille\n\ngo 1.26\n",
			"main.go": "package main\n\nimport \"os\"\n\nfunc main() { _, _ = os.Stdout.WriteString(\"hej\\n\") }\n",
		} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(src), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		t.Chdir(dir)
		t.Setenv("GOCACHE", t.TempDir())
		var err error
		if got[i], err = compile(".", "linux", "arm64"); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(got[0], got[1]) {
		t.Error("the program knows where it was built")
	}
}

// The real program too, when asked: it compiles all of it twice, which takes ten minutes.
func TestRealProgramTwoFolders(t *testing.T) {
	if os.Getenv("KOMPAS_ARKIV") == "" {
		t.Skip("compiles everything twice: KOMPAS_ARKIV=1 go test -timeout 1h -run RealProgram -v ./cmd/arkiv")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	var got [2][]byte
	dirs := []string{filepath.Join(t.TempDir(), "her"), filepath.Join(t.TempDir(), "et", "andet", "sted")}
	for _, dir := range dirs { // both before the first is compiled: somebody may be at work on the source
		export := exec.Command("git", "checkout-index", "--all", "--prefix="+dir+"/")
		export.Dir = root
		if out, err := export.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	for i, dir := range dirs {
		t.Chdir(dir)
		t.Setenv("GOCACHE", t.TempDir())
		if got[i], err = compile("./cmd/kompas", runtime.GOOS, runtime.GOARCH); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d bytes, sha256 %x", dir, len(got[i]), sha256.Sum256(got[i]))
	}
	if !bytes.Equal(got[0], got[1]) {
		t.Error("the program knows where it was built")
	}
}

func TestArchives(t *testing.T) {
	files := []file{{"LICENSE", 0o644, []byte("fri")}, {"kompas", 0o755, bytes.Repeat([]byte("program"), 1000)}}
	packed, err := tarred("kompas-1", files)
	if err != nil {
		t.Fatal(err)
	}
	unzipped, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	for r, i := tar.NewReader(unzipped), 0; ; i++ {
		h, err := r.Next()
		if err == io.EOF && i == len(files) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		src, err := io.ReadAll(r)
		if err != nil || h.Name != "kompas-1/"+files[i].name || h.Mode != files[i].mode || !h.ModTime.Equal(epoch) || !bytes.Equal(src, files[i].src) {
			t.Errorf("%+v, %v", h, err)
		}
	}
	packed, err = zipped("kompas-1", files)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil || len(z.File) != 2 || z.File[1].Name != "kompas-1/kompas" || z.File[1].Mode() != 0o755 || !z.File[1].Modified.Equal(epoch) {
		t.Errorf("zip: %v", err)
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{nil, {"../x"}, {"1", t.TempDir(), "plan9/386"}} {
		if err := run(args, io.Discard); err == nil {
			t.Errorf("%v: taken", args)
		}
	}
}

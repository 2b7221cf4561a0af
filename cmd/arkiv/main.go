// Command arkiv makes the archives of a release: one for each system, with the program,
// its licence and those of all that is compiled in, and a list of their hashes. The
// same source gives the same bytes, wherever it lies and whenever it is built.
//
//	go run ./cmd/arkiv NAVN [MAPPE] [SYSTEM/MASKINE ...]
//
// NAVN is what the release is called, as 2026-12. It writes to build/arkiver unless told
// otherwise. A system that was never built for takes some minutes, the next time
// seconds.
package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

var systems = []string{"darwin/amd64", "darwin/arm64", "linux/amd64", "linux/arm64", "windows/amd64", "windows/arm64"}

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "arkiv:", err)
		os.Exit(1)
	}
}

var nameRe = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]*$`)

func run(args []string, out io.Writer) error {
	if len(args) == 0 || !nameRe.MatchString(args[0]) {
		return errors.New("usage: go run ./cmd/arkiv NAVN [MAPPE] [SYSTEM/MASKINE ...]")
	}
	name, dir, want := args[0], filepath.Join("build", "arkiver"), systems
	if len(args) > 1 {
		dir = args[1]
	}
	if len(args) > 2 {
		want = args[2:]
	}
	for _, s := range want {
		if !slices.Contains(systems, s) {
			return fmt.Errorf("%s is not one of %s", s, strings.Join(systems, ", "))
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	licence, err := os.ReadFile("LICENSE")
	if err != nil {
		return fmt.Errorf("read licence: %w", err)
	}
	var sums strings.Builder
	for _, s := range want {
		archive, src, err := one(name, s, licence)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, archive), src, 0o644); err != nil {
			return fmt.Errorf("write archive: %w", err)
		}
		line := fmt.Sprintf("%x  %s\n", sha256.Sum256(src), archive)
		sums.WriteString(line)
		fmt.Fprint(out, line)
	}
	return os.WriteFile(filepath.Join(dir, "SHA256SUMS"), []byte(sums.String()), 0o644)
}

// one builds for a system and gives the archive's name and bytes.
func one(name, system string, licence []byte) (string, []byte, error) {
	goos, arch, _ := strings.Cut(system, "/")
	program, err := compile("./cmd/kompas", goos, arch)
	if err != nil {
		return "", nil, err
	}
	notices, err := notices(goos, arch)
	if err != nil {
		return "", nil, err
	}
	base := fmt.Sprintf("kompas-%s-%s-%s", name, goos, arch)
	files := []file{{"LICENSE", 0o644, licence}, {"THIRD_PARTY_NOTICES.txt", 0o644, notices}, {"kompas", 0o755, program}}
	if goos == "windows" {
		files[2].name = "kompas.exe"
		src, err := zipped(base, files)
		return base + ".zip", src, err
	}
	src, err := tarred(base, files)
	return base + ".tar.gz", src, err
}

// compile builds a program so that neither folder, clock nor repository is in it.
func compile(pkg, goos, arch string) ([]byte, error) {
	dir, err := os.MkdirTemp("", "kompas-arkiv-")
	if err != nil {
		return nil, fmt.Errorf("make folder: %w", err)
	}
	defer os.RemoveAll(dir)
	at := filepath.Join(dir, "program")
	if _, err := command(goos, arch, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", at, pkg); err != nil {
		return nil, err
	}
	return os.ReadFile(at)
}

// notices are the licences of what is compiled in for a system.
func notices(goos, arch string) ([]byte, error) {
	dir, err := os.MkdirTemp("", "kompas-arkiv-")
	if err != nil {
		return nil, fmt.Errorf("make folder: %w", err)
	}
	defer os.RemoveAll(dir)
	at := filepath.Join(dir, "licenser")
	if out, err := exec.Command("go", "build", "-o", at, "./cmd/licenser").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build licenser: %w: %s", err, out)
	}
	return command(goos, arch, at)
}

func command(goos, arch, name string, args ...string) ([]byte, error) {
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "GOOS="+goos, "GOARCH="+arch, "CGO_ENABLED=0", "GOFLAGS=-mod=readonly", "GOAMD64=", "GOARM64=")
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s for %s/%s: %w: %s", filepath.Base(name), goos, arch, err, said.Bytes())
	}
	return out, nil
}

// A file of an archive. They are written in the order given.
type file struct {
	name string
	mode int64
	src  []byte
}

// epoch is the time of every file: the earliest a zip can hold.
var epoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

func tarred(dir string, files []file) ([]byte, error) {
	var out bytes.Buffer
	packed, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	t := tar.NewWriter(packed)
	for _, f := range files {
		err := t.WriteHeader(&tar.Header{Name: dir + "/" + f.name, Mode: f.mode, Size: int64(len(f.src)), ModTime: epoch, Format: tar.FormatUSTAR})
		if err == nil {
			_, err = t.Write(f.src)
		}
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", f.name, err)
		}
	}
	err = errors.Join(t.Close(), packed.Close())
	return out.Bytes(), err
}

func zipped(dir string, files []file) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range files {
		h := &zip.FileHeader{Name: dir + "/" + f.name, Method: zip.Deflate, Modified: epoch}
		h.SetMode(os.FileMode(f.mode))
		w, err := z.CreateHeader(h)
		if err == nil {
			_, err = w.Write(f.src)
		}
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", f.name, err)
		}
	}
	err := z.Close()
	return out.Bytes(), err
}

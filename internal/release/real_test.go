package release

import (
	"context"
	"os"
	"sync"
	"testing"
)

var realDir string // "" until somebody asks for it

var makeReal = sync.OnceValue(func() (err error) {
	if realDir, err = os.MkdirTemp("", "kompas-release-"); err == nil {
		_, _, err = Make(context.Background(), real("2026-11-22"), realDir)
	}
	return err
})

// realSite gives the release of the real content that the tests share: to be read only.
func realSite(t testing.TB) string {
	t.Helper()
	if err := makeReal(); err != nil {
		t.Fatal(err)
	}
	return realDir
}

func TestMain(m *testing.M) {
	code := m.Run()
	if realDir != "" {
		os.RemoveAll(realDir)
	}
	os.Exit(code)
}

package main

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

//go:embed all:testdata/site
var smallSite embed.FS

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"kompas": func() { os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr)) },
	})
}

// TestScripts runs the texts of testdata/script: what the program says and does, as a
// person at the keyboard meets it.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("XDG_CACHE_HOME", filepath.Join(os.TempDir(), "kompas-test-cache"))
			e.Setenv("TMPDIR", e.Getenv("WORK")+"/.tmp")
			repo, err := filepath.Abs("../..")
			if err != nil {
				return err
			}
			e.Setenv("REPO", repo)
			return os.MkdirAll(e.Getenv("WORK")+"/.tmp", 0o755)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"site": cmdSite, "exits": cmdExits},
	})
}

// cmdSite lays a small sound site out in the current folder: site.
func cmdSite(ts *testscript.TestScript, _ bool, _ []string) {
	sub, err := fs.Sub(smallSite, "testdata/site")
	ts.Check(err)
	ts.Check(os.CopyFS(ts.MkAbs("."), sub))
}

// cmdExits runs a command that must end with an exit code: exits 1 kompas check.
func cmdExits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

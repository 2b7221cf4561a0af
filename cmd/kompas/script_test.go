package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/zalando/go-keyring"
)

//go:embed all:testdata/site
var smallSite embed.FS

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"kompas": func() {
			keyring.MockInitWithError(keyring.ErrUnsupportedPlatform) // not this machine's
			ctx, stop := signal.NotifyContext(withTrial(context.Background()), os.Interrupt, syscall.SIGTERM)
			code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
			stop()
			os.Exit(code)
		},
	})
}

// Who stops a command, or may not write, is not told to send it to the maker.
func TestNotTheProgramsFault(t *testing.T) {
	for err, want := range map[error]string{
		fmt.Errorf("render site: %w", context.Canceled): "kompas build: afbrudt\n",
		fmt.Errorf("make b: %w", fs.ErrPermission):      "kompas build: du må ikke læse eller skrive her: make b",
	} {
		var out strings.Builder
		code := exit(&call{command: command{name: "build"}, stderr: &out}, err)
		if code != exitOther || !strings.HasPrefix(out.String(), want) || !strings.Contains(out.String(), "  råd: ") {
			t.Errorf("exit %d, %q", code, out.String())
		}
	}
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
			for _, who := range []string{"AUTHOR", "COMMITTER"} {
				e.Setenv("GIT_"+who+"_NAME", "redaktør")
				e.Setenv("GIT_"+who+"_EMAIL", "redaktoer@example.dk")
			}
			e.Setenv("GIT_CONFIG_GLOBAL", "/dev/null")
			e.Setenv("GIT_TERMINAL_PROMPT", "0")
			return os.MkdirAll(e.Getenv("WORK")+"/.tmp", 0o755)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"site": cmdSite, "exits": cmdExits, "fetch": cmdFetch, "url": cmdURL},
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

// cmdURL waits for the address that a server in the background prints as its first line
// to a file, and puts it in $URL: url server.out.
func cmdURL(ts *testscript.TestScript, _ bool, args []string) {
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		line, rest, ok := strings.Cut(readIfThere(ts.MkAbs(args[0])), "\n")
		_ = rest
		if ok {
			ts.Setenv("URL", strings.TrimSuffix(line, "/"))
			return
		}
	}
	ts.Fatalf("the server has not begun: %s", readIfThere(ts.MkAbs(args[0])))
}

func readIfThere(name string) string {
	src, _ := os.ReadFile(name)
	return string(src)
}

// cmdFetch asks a server for a page: fetch 200 $URL/fonden/ 'text'. It tries for a
// while, since a server may be about to begin.
func cmdFetch(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	var got int
	var text string
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		res, err := http.Get(args[1])
		if err != nil {
			text = err.Error()
			continue
		}
		src, _ := io.ReadAll(res.Body)
		res.Body.Close()
		got, text = res.StatusCode, string(src)
		if found := len(args) < 3 || regexp.MustCompile(args[2]).MatchString(text); got == want && found != neg {
			return
		}
	}
	ts.Fatalf("%s: %d %s", args[1], got, text)
}

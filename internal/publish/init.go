package publish

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"kompetenceudvikling.dk/kompas/internal/store"
)

// Errors of Init that the operator can mend.
var (
	ErrNoGit    = errors.New("git is missing or older than 2.36")
	ErrNotGit   = errors.New("folder holds something else than a bare repository")
	ErrOtherTop = errors.New("repository has branches but no main")
)

// settings of the bare repository, each for a reason.
var gitConfig = [][2]string{
	{"transfer.fsckObjects", "true"},         // names like .. and .git are refused by git itself
	{"receive.fsckObjects", "true"},          //
	{"core.protectHFS", "true"},              // also as macOS and Windows would read them
	{"core.protectNTFS", "true"},             //
	{"receive.advertisePushOptions", "true"}, // git push -o kun-tjek
	{"receive.maxInputSize", "250m"},         // one push
	{"receive.denyDeletes", "false"},         // drafts may be deleted; the hook keeps main
	{"receive.denyNonFastForwards", "false"}, // and written anew; the hook keeps main
	{"core.fsync", "committed,reference"},    // a push that was accepted survives a power cut
	{"core.fsyncMethod", "fsync"},            //
	{"http.receivepack", "true"},             // behind the server's login
	{"http.uploadpack", "true"},              //
	{"gc.autoDetach", "false"},               // tidying never runs beside a hook of the same push
	{"core.logAllRefUpdates", "true"},        // where main was, whatever happens
}

// Init makes a bare repository and a store that belong together, or takes over what is
// there. program is the path of the program that the hooks run. It may be run again:
// addresses that change does not touch stay. It tells in Danish what it did.
func Init(ctx context.Context, lager, dir, program string, change func(*store.Settings), out io.Writer) error {
	if err := gitVersion(ctx); err != nil {
		return err
	}
	fresh, err := bare(ctx, lager)
	if err != nil {
		return err
	}
	s, err := store.Open(dir)
	if err != nil {
		return err
	}
	to, err := s.Settings()
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	to.Repo = lager
	change(&to)
	hooks := filepath.Join(lager, "hooks")
	for _, c := range append(gitConfig, [2]string{"core.hooksPath", hooks}) {
		if _, err := git(ctx, lager, "config", c[0], c[1]); err != nil {
			return err
		}
	}
	for _, name := range []string{"pre-receive", "post-receive"} {
		moved, err := writeHook(filepath.Join(hooks, name), name, program, dir)
		if err != nil {
			return err
		}
		if moved != "" {
			fmt.Fprintf(out, "Den gamle hook %s er lagt til side som %s.\n", name, moved)
		}
	}
	if err := s.Set(to); err != nil {
		return err
	}
	if fresh {
		fmt.Fprintf(out, "Lageret %s er lavet.\n", lager)
	} else {
		fmt.Fprintf(out, "Lageret %s er taget i brug.\n", lager)
	}
	fmt.Fprintf(out, "Udgivelserne ligger i %s.\n", dir)
	return nil
}

func git(ctx context.Context, dir string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = dir
	for _, v := range os.Environ() { // a hook's own settings are of another repository
		if !strings.HasPrefix(v, "GIT_") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	text, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("git %s: %w: %s", args[0], err, bytes.TrimSpace(stderr.Bytes()))
	}
	return strings.TrimSpace(string(text)), nil
}

var versionRe = regexp.MustCompile(`(\d+)\.(\d+)`)

func gitVersion(ctx context.Context) error {
	text, err := git(ctx, ".", "version")
	m := versionRe.FindStringSubmatch(text)
	if err != nil || m == nil {
		return ErrNoGit
	}
	major, _ := strconv.Atoi(m[1])
	minor, _ := strconv.Atoi(m[2])
	if major < 2 || major == 2 && minor < 36 {
		return ErrNoGit
	}
	return nil
}

// bare makes sure that dir is a bare repository whose HEAD is main.
func bare(ctx context.Context, dir string) (fresh bool, err error) {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return false, ErrNotGit
	}
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, fmt.Errorf("look at %s: %w", dir, err)
	}
	if len(entries) == 0 {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return false, fmt.Errorf("make repository: %w", err)
		}
		_, err := git(ctx, dir, "init", "--quiet", "--bare", "--initial-branch", Main, ".")
		return true, err
	}
	if is, err := git(ctx, dir, "rev-parse", "--is-bare-repository"); err != nil || is != "true" {
		return false, ErrNotGit
	}
	if at, err := git(ctx, dir, "rev-parse", "--absolute-git-dir"); err != nil || !sameFolder(at, dir) {
		return false, ErrNotGit
	}
	branches, err := git(ctx, dir, "for-each-ref", "--format=%(refname)", "refs/heads")
	if err != nil {
		return false, err
	}
	if branches != "" && !strings.Contains("\n"+branches+"\n", "\nrefs/heads/"+Main+"\n") {
		return false, ErrOtherTop
	}
	_, err = git(ctx, dir, "symbolic-ref", "HEAD", "refs/heads/"+Main)
	return false, err
}

func sameFolder(a, b string) bool {
	x, err := os.Stat(a)
	y, err2 := os.Stat(b)
	return err == nil && err2 == nil && os.SameFile(x, y)
}

const hookMark = "# Skrevet af kompas publish init."

// writeHook puts our hook into place. One that is not ours is moved aside.
func writeHook(at, name, program, dir string) (moved string, err error) {
	text := fmt.Sprintf("#!/bin/sh\n%s Ret ikke her: kør den igen.\nexec %s publish hook %s --store %s\n", hookMark, quote(program), name, quote(dir))
	old, err := os.ReadFile(at)
	switch {
	case err == nil && string(old) == text:
		return "", os.Chmod(at, 0o755)
	case err == nil && !bytes.Contains(old, []byte(hookMark)):
		moved = at + ".foer-kompas"
		if err := os.Rename(at, moved); err != nil {
			return "", fmt.Errorf("move hook aside: %w", err)
		}
	}
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		return "", fmt.Errorf("write hook: %w", err)
	}
	if err := os.WriteFile(at+".tmp", []byte(text), 0o755); err != nil {
		return "", fmt.Errorf("write hook: %w", err)
	}
	if err := os.Rename(at+".tmp", at); err != nil {
		return "", fmt.Errorf("write hook: %w", err)
	}
	return moved, nil
}

// quote writes a word so that a shell reads it as it is.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

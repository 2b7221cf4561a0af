package store

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

func fillWith(id string) func(string) (string, error) {
	return func(tmp string) (string, error) { return id, WriteManifest(tmp, &Manifest{Format: Format, ID: id}) }
}

func TestID(t *testing.T) {
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.FixedZone("", 3600))
	if got, want := ID(at, "0123456789abcdef", "fedcba9876543210"), "20261122T090000Z-0123456789ab-fedcba98"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestReplaceKeepsTheOldWhenFillFails(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "build")
	if err := Replace(dir, func(tmp string) error { return WriteManifest(tmp, &Manifest{Format: Format, ID: "et"}) }); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	err := Replace(dir, func(tmp string) error {
		write(t, filepath.Join(tmp, "halvt"), "x")
		return broken
	})
	if !errors.Is(err, broken) {
		t.Errorf("got %v, want the fill's error", err)
	}
	if m, err := ReadManifest(dir); err != nil || m.ID != "et" {
		t.Errorf("the old release is gone: %v, %v", m, err)
	}
	if left, _ := os.ReadDir(filepath.Dir(dir)); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

// A machine may stop between any two of Replace's steps.
func TestReplaceHeals(t *testing.T) {
	for name, prepare := range map[string]func(dir string){
		"while filling":       func(dir string) { write(t, dir+".kompas-ny/halvt", "x") },
		"between the renames": func(dir string) { _ = os.Rename(dir, dir+".kompas-gammel") },
		"before the clean-up": func(dir string) { write(t, dir+".kompas-gammel/"+ManifestFile, "{}") },
	} {
		dir := filepath.Join(t.TempDir(), "build")
		write(t, filepath.Join(dir, "gammelt"), "x")
		write(t, filepath.Join(dir, ManifestFile), "{}")
		prepare(dir)
		// The next run fails: what was there before must be there again.
		_ = Replace(dir, func(string) error { return errors.New("broken") })
		if !exists(filepath.Join(dir, "gammelt")) {
			t.Errorf("cut off %s: the old build is lost", name)
		}
		if exists(dir+".kompas-ny") || exists(dir+".kompas-gammel") {
			t.Errorf("cut off %s: leftovers stay", name)
		}
	}
}

func TestMayReplace(t *testing.T) {
	dir := t.TempDir()
	write(t, dir+"/ours/"+ManifestFile, "{}")
	write(t, dir+"/theirs/brev.txt", "x")
	write(t, dir+"/file", "x")
	if err := os.Mkdir(dir+"/empty", 0o755); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]error{"ours": nil, "empty": nil, "missing": nil, "theirs": ErrNotOurs, "file": ErrNotDir} {
		if got := MayReplace(filepath.Join(dir, name)); !errors.Is(got, want) {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}

func TestPathsAreAbsolute(t *testing.T) {
	t.Chdir(t.TempDir())
	s, err := Open("ud")
	if err != nil || !filepath.IsAbs(s.Dir()) {
		t.Errorf("the store is at %v, %v", s, err)
	}
}

func TestStore(t *testing.T) {
	s, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if id, err := s.Current(); id != "" || err != nil {
		t.Errorf("a new store has current %q, %v", id, err)
	}
	for _, id := range []string{"20260101T000000Z-a", "20260102T000000Z-b", "20260103T000000Z-c"} {
		if got, err := s.Add(fillWith(id)); got != id || err != nil {
			t.Fatalf("Add gave %q, %v", got, err)
		}
	}
	if err := s.Activate("20260101T000000Z-a"); err != nil {
		t.Fatal(err)
	}
	if err := s.Activate("findes-ikke"); err == nil {
		t.Error("a release that is not there was activated")
	}
	if id, _ := s.Current(); id != "20260101T000000Z-a" {
		t.Errorf("current is %q", id)
	}
	if _, err := s.Prune(1, time.Time{}); err != nil {
		t.Fatal(err)
	}
	var left []string
	entries, _ := os.ReadDir(filepath.Join(s.dir, "releases"))
	for _, e := range entries {
		left = append(left, e.Name())
	}
	if want := []string{"20260101T000000Z-a", "20260103T000000Z-c"}; !slices.Equal(left, want) {
		t.Errorf("kept %v, want the current and the newest: %v", left, want)
	}
}

func TestAddLeavesNothingWhenFillFails(t *testing.T) {
	s, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Add(func(string) (string, error) { return "", errors.New("broken") }); err == nil {
		t.Fatal("no error")
	}
	if entries, _ := os.ReadDir(filepath.Join(s.dir, "releases")); len(entries) > 0 {
		t.Errorf("left behind: %v", entries)
	}
}

// Lines that were cut off are left out of the log; those of any length stay in.
func TestLog(t *testing.T) {
	s, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(s.dir, logFile), `{"what":"udgi`)
	for _, text := range []string{"kort", strings.Repeat("lang", 1<<19), "sidst"} {
		if err := s.Note(Entry{What: "afvist", Text: text}); err != nil {
			t.Fatal(err)
		}
	}
	log, err := s.Log()
	if err != nil || len(log) != 3 || len(log[1].Text) != 2<<20 || log[2].Text != "sidst" {
		t.Errorf("%d lines, %v", len(log), err)
	}
}

package web

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// misses counts queries as the server does, each so many times, and gives what lies on
// disk when it has stopped.
func misses(t *testing.T, dir string, now func() time.Time, times int, queries ...string) string {
	t.Helper()
	m := OpenMisses(dir, now)
	for _, q := range queries {
		for range times {
			m.Count(q)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.WriteString(filepath.Base(name) + " " + string(src) + "\n")
	}
	return all.String()
}

func noon() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }

// What may say who somebody is never gets to the disk, however often it is asked.
func TestMissesKeepNothingOfPersons(t *testing.T) {
	got := misses(t, t.TempDir(), noon, 9,
		"010170-1234", "0101701234", "010170 1234", "01 01 70 12 34", "cpr 010170–1234", "٠١٠١٧٠١٢٣٤",
		"fornavn@example.dk", "mail fornavn@example", "33186969", "+45 33 18 69 69", "sag 20261122",
		strings.Repeat("en lang historie om mig ", 4), "nul\x00tegn", "")
	if got != "" {
		t.Errorf("on disk: %s", got)
	}
	if got := misses(t, t.TempDir(), noon, 5, "ok26", "Ophold  1234"); got != `2026-11-22.json {"ok26":5,"ophold 1234":5}`+"\n" {
		t.Errorf("what says nothing of a person is not counted: %q", got)
	}
}

// Four of a kind are not kept: not at the end of the day, nor when the server stops, and
// what is forgotten does not count later.
func TestMissesKeepNothingUnderFive(t *testing.T) {
	dir := t.TempDir()
	for range 3 {
		if got := misses(t, dir, noon, 4, "sjælden", "Anden"); got != "" {
			t.Fatalf("on disk: %s", got)
		}
	}
	at := noon()
	m := OpenMisses(dir, func() time.Time { return at })
	for range 4 {
		m.Count("sjælden")
	}
	at = at.AddDate(0, 0, 1)
	m.Count("sjælden")
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	if list, err := ReadMisses(dir); err != nil || len(list) != 0 {
		t.Errorf("kept: %v, %v", list, err)
	}
}

// A day's count goes on after a restart, days are added up, and others on the machine
// cannot read them.
func TestMissesAreAddedUp(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "forgaeves")
	misses(t, dir, noon, 5, "zeppelin")
	misses(t, dir, noon, 1, "ZEPPELIN ")
	misses(t, dir, func() time.Time { return noon().AddDate(0, 0, 1) }, 5, "zeppelin", "ballon")
	list, err := ReadMisses(dir)
	if err != nil || len(list) != 2 || list[0] != (Miss{"zeppelin", 11, 2}) || list[1] != (Miss{"ballon", 5, 1}) {
		t.Errorf("got %v, %v", list, err)
	}
	for _, name := range []string{"", "2026-11-22.json"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%q can be read by others: %v, %v", name, info.Mode(), err)
		}
	}
}

package internal_test

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"testing"
)

// floors are the versions below which a library has a hole that is known and concerns
// us. Each is read from the library's own advisories when it is added.
var floors = map[string]string{
	"github.com/gohugoio/hugo":    "v0.162.0", // GHSA-c54g-xjwj-8g82: raw .html content in spite of unsafe = false
	"github.com/go-git/go-git/v5": "v5.19.2",
}

// pins are the versions that were chosen with care: newer ones need a newer Go, or have
// not been tried. Who moves one moves it here too, and says why.
var pins = map[string]string{
	"github.com/gohugoio/hugo":        "v0.165.0", // later needs Go 1.27
	"github.com/blevesearch/bleve/v2": "v2.6.1",   // later has not been tried
	"github.com/yuin/goldmark":        "v1.8.7",   // the one Hugo uses
	"github.com/go-git/go-git/v5":     "v5.19.3",
}

// required reads the versions that go.mod names.
func required(t *testing.T) map[string]string {
	t.Helper()
	f, err := os.Open("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out := map[string]string{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if fields := strings.Fields(strings.TrimPrefix(lines.Text(), "require ")); len(fields) >= 2 {
			out[fields[0]] = fields[1]
		}
	}
	return out
}

func TestPinnedVersions(t *testing.T) {
	got := required(t)
	for name, want := range pins {
		if got[name] != want {
			t.Errorf("%s is %q in go.mod, want %s", name, got[name], want)
		}
	}
}

func TestNoVersionBelowItsFloor(t *testing.T) {
	got := required(t)
	for name, floor := range floors {
		if got[name] == "" {
			t.Errorf("%s is not in go.mod: take its floor away", name)
		} else if below(t, got[name], floor) {
			t.Errorf("%s %s is below %s", name, got[name], floor)
		}
	}
	if !below(t, "v0.161.9", "v0.162.0") || below(t, "v1.0.0", "v0.162.0") || below(t, "v0.162.0", "v0.162.0") {
		t.Error("versions are compared wrongly")
	}
}

func below(t *testing.T, a, b string) bool {
	t.Helper()
	x, y := strings.Split(strings.TrimPrefix(a, "v"), "."), strings.Split(strings.TrimPrefix(b, "v"), ".")
	for i := range y {
		m, err := strconv.Atoi(strings.FieldsFunc(x[i], func(r rune) bool { return r < '0' || r > '9' })[0])
		if err != nil {
			t.Fatal(err)
		}
		if n, _ := strconv.Atoi(y[i]); m != n {
			return m < n
		}
	}
	return false
}

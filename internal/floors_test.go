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

func TestNoVersionBelowItsFloor(t *testing.T) {
	f, err := os.Open("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	seen := map[string]bool{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) < 2 || floors[fields[0]] == "" {
			continue
		}
		seen[fields[0]] = true
		if floor := floors[fields[0]]; below(t, fields[1], floor) {
			t.Errorf("%s %s is below %s", fields[0], fields[1], floor)
		}
	}
	for name := range floors {
		if !seen[name] {
			t.Errorf("%s is not in go.mod: take its floor away", name)
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

// Package internal_test guards the shape of the program.
package internal_test

import (
	"bytes"
	"encoding/json"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "kompetenceudvikling.dk/kompas"

// arrows are the imports between our packages that may be. None goes upwards.
var arrows = map[string][]string{
	"":                   {},
	"internal":           {},
	"internal/fault":     {},
	"internal/content":   {"internal/fault"},
	"internal/site":      {},
	"internal/repo":      {},
	"internal/store":     {},
	"internal/card":      {},
	"internal/release":   {"internal/card", "internal/content", "internal/fault", "internal/site", "internal/store", "search", "tools/selvtjek", "tools/skabelon"},
	"tools/selvtjek":     {"internal/content", "internal/fault"},
	"tools/skabelon":     {"internal/content", "internal/fault"},
	"internal/web":       {"internal/fault", "internal/store", "search"},
	"internal/client":    {"internal/content", "internal/repo"},
	"internal/publish":   {"internal/content", "internal/fault", "internal/release", "internal/repo", "internal/store", "tools/selvtjek"},
	"internal/deploy":    {"internal/store"},
	"internal/syntetisk": {},
	"internal/bench":     {},
	"search":             {"search/dansk"},
	"search/dansk":       {},
	"cmd/kompas":         {"", "internal/bench", "internal/client", "internal/content", "internal/deploy", "internal/fault", "internal/publish", "internal/release", "internal/repo", "internal/store", "internal/syntetisk", "internal/web", "search", "tools/selvtjek", "tools/skabelon"},
	"cmd/licenser":       {},
	"cmd/arkiv":          {},
}

// owners are the only packages that may import a heavy library.
var owners = map[string][]string{
	"github.com/gohugoio/hugo":     {"internal/site"},
	"github.com/go-git/go-git":     {"internal/repo"},
	"github.com/blevesearch/bleve": {"search"},
}

func TestArrows(t *testing.T) {
	for _, p := range packages(t) {
		name := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
		allowed, known := arrows[name]
		if !known {
			t.Errorf("package %s is not on the list of packages", name)
		}
		for _, imported := range p.Imports {
			if ours, ok := strings.CutPrefix(imported, module); ok {
				if to := strings.TrimPrefix(ours, "/"); !slices.Contains(allowed, to) {
					t.Errorf("%s imports %s: not on the list of arrows", name, to)
				}
			}
			for library, owner := range owners {
				if (imported == library || strings.HasPrefix(imported, library+"/")) && !slices.Contains(owner, name) {
					t.Errorf("%s imports %s: only %s may", name, imported, owner)
				}
			}
		}
	}
}

type goPackage struct {
	ImportPath string
	Imports    []string
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var list []goPackage
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		err := dec.Decode(&p)
		if err == io.EOF {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
}

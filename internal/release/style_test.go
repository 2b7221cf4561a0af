package release

import (
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	kompas "kompetenceudvikling.dk/kompas"
)

var (
	cssNoise   = regexp.MustCompile(`(?s)/\*.*?\*/|"[^"]*"`)
	cssRule    = regexp.MustCompile(`[^{};]+\{`)
	cssClass   = regexp.MustCompile(`\.([a-zA-Z][\w-]*)`)
	htmlClass  = regexp.MustCompile(`class=(?:"([^"]*)"|([^\s>]+))`)
	iconID     = regexp.MustCompile(`<symbol id="([^"]+)"`)
	scriptWord = regexp.MustCompile("[\"'` .][a-zA-Z][\\w-]*[\"'` .]")
)

// What today's content has none of: an event, a fault, a page taken down, a pool in
// each of its states.
var (
	rareLayouts = []string{"layouts/_partials/event.html", "layouts/_partials/events.html", "layouts/fejl.html", "layouts/gone.html"}
	rareClasses = []string{"status--open", "status--soon"}
)

// TestStyleSheetHasNoDeadClasses: each class the style sheets name is on a built page, or
// put there by a script.
func TestStyleSheetHasNoDeadClasses(t *testing.T) {
	in := real("2026-11-22")
	in.Plain = true
	used := map[string]bool{}
	for _, c := range rareClasses {
		used[c] = true
	}
	page := func(src []byte) {
		for _, m := range htmlClass.FindAllSubmatch(src, -1) {
			for _, c := range strings.Fields(string(m[1]) + " " + string(m[2])) {
				used[c] = true
			}
		}
	}
	for _, name := range rareLayouts {
		page(lookFile(t, name))
	}
	eachFile(t, os.DirFS(mustMake(t, in)), ".html", page)
	eachFile(t, kompas.Look, ".js", func(src []byte) {
		for _, w := range scriptWord.FindAll(src, -1) {
			used[strings.Trim(string(w), "\"'` .")] = true
		}
	})
	css := cssNoise.ReplaceAll(append(lookFile(t, "assets/css/site.css"), lookFile(t, "assets/css/tokens.css")...), nil)
	named := map[string]bool{}
	for _, rule := range cssRule.FindAll(css, -1) {
		for _, m := range cssClass.FindAllSubmatch(rule, -1) {
			named[string(m[1])] = true
		}
	}
	if len(named) < 80 {
		t.Fatalf("only %d classes", len(named))
	}
	for _, c := range slices.Sorted(maps.Keys(named)) {
		if !used[c] {
			t.Errorf("class %s is on no page", c)
		}
	}
}

// TestLookHasNothingUnused: each icon and each partial is named by a layout.
func TestLookHasNothingUnused(t *testing.T) {
	var layouts strings.Builder
	var names []string
	err := fs.WalkDir(kompas.Look, "layouts", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		if path.Dir(name) == "layouts/_partials" {
			names = append(names, path.Base(name))
		}
		layouts.Write(lookFile(t, name))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range iconID.FindAllSubmatch(lookFile(t, "assets/ikoner.svg"), -1) {
		names = append(names, string(m[1]))
	}
	if len(names) < 80 {
		t.Fatalf("only %d icons and partials", len(names))
	}
	for _, name := range names {
		if !strings.Contains(layouts.String(), `"`+name+`"`) && !strings.Contains(layouts.String(), "#"+name+`"`) {
			t.Errorf("no layout uses %s", name)
		}
	}
}

func lookFile(t *testing.T, name string) []byte {
	t.Helper()
	src, err := fs.ReadFile(kompas.Look, name)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func eachFile(t *testing.T, fsys fs.FS, ext string, do func(src []byte)) {
	t.Helper()
	err := fs.WalkDir(fsys, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || filepath.Ext(name) != ext {
			return err
		}
		src, err := fs.ReadFile(fsys, name)
		do(src)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

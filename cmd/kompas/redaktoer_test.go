package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestGuideQuotes demands that each message that the editors' guide explains is one that
// the program says, and each of git's own one that a script has seen git say.
func TestGuideQuotes(t *testing.T) {
	src, err := os.ReadFile("../../content/redaktoer.md")
	if err != nil {
		t.Fatal(err)
	}
	ours, gits, ok := strings.Cut(string(src), "## Hvis du bruger git")
	if !ok {
		t.Fatal("the guide has no part about git")
	}
	program := texts(t, "../..", func(name string) bool {
		return strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go")
	})
	scripts := texts(t, "testdata/script", func(name string) bool { return strings.HasSuffix(name, ".txtar") })
	quoted := regexp.MustCompile("(?m)^- `([^`]+)`:|(?:skriver den|Svarer serveren|står der) `([^`]+)`")
	said := func(guide, by string) {
		all := quoted.FindAllStringSubmatch(guide, -1)
		if len(all) < 3 {
			t.Errorf("only %d messages found in the guide", len(all))
		}
		for _, m := range all {
			if text := m[1] + m[2]; !strings.Contains(by, text) {
				t.Errorf("the guide explains %q, and nobody says it", text)
			}
		}
	}
	said(ours, program)
	said(strings.ReplaceAll(gits, "` og `", "`:\n- `"), scripts)
}

func texts(t *testing.T, dir string, wanted func(name string) bool) string {
	t.Helper()
	var out strings.Builder
	err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !wanted(name) {
			return err
		}
		src, err := os.ReadFile(name)
		out.Write(src)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

package release

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/net/html"

	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/internal/fault"
)

// What is set behind every text: an element, and a way out of an attribute.
const (
	element   = ` <i id=fjende>`
	attribute = ` \" data-fjende=\"`
)

var (
	textRe  = regexp.MustCompile(`^(\s*(?:- )*(?:[a-z0-9æøå-]+: +)?)(\S.*)$`)
	otherRe = regexp.MustCompile(`^(?:[|>{&*!#]|[0-9:T.-]+$|true$|false$|.* #)`)
)

// hostileText sets the two behind the text of a line of YAML; "" for a line without text.
func hostileText(line string) string {
	m := textRe.FindStringSubmatch(line)
	if m == nil || strings.HasSuffix(m[1], "id: ") || strings.HasSuffix(m[2], ":") || otherRe.MatchString(m[2]) {
		return ""
	}
	text := m[2]
	last := text[len(text)-1:]
	switch {
	case strings.HasPrefix(text, `"`) && last == `"`:
		return m[1] + text[:len(text)-1] + attribute + element + `"`
	case strings.HasPrefix(text, "'") && last == "'", strings.HasPrefix(text, "[") && last == "]" && text != "[]":
		return m[1] + text[:len(text)-1] + element + last
	case strings.HasPrefix(text, `"`), strings.HasPrefix(text, "'"), strings.HasPrefix(text, "["), strings.Contains(text, ": "):
		return ""
	}
	return line + element
}

// hostileTexts gives the real content with every text of its data and heads made
// hostile, but where that is refused, and how many texts are.
func hostileTexts(t *testing.T) (fstest.MapFS, int) {
	t.Helper()
	site := files(t, "../../content", "content/")
	lines, sound := map[string][]string{}, map[string][]string{}
	for name, f := range site {
		if ext := filepath.Ext(name); ext != ".yaml" && ext != ".md" || strings.HasSuffix(name, "/flow.yaml") {
			continue // a flow holds no text
		}
		all := strings.Split(string(f.Data), "\n")
		sound[name], lines[name] = all, append([]string(nil), all...)
		for i, line := range all {
			if filepath.Ext(name) == ".md" && i > 0 && line == "---" {
				break // the body is Markdown
			}
			if bad := hostileText(line); bad != "" {
				lines[name][i] = bad
			}
		}
	}
	for range 40 {
		for name := range lines {
			site[name] = &fstest.MapFile{Data: []byte(strings.Join(lines[name], "\n")), Mode: 0o644}
		}
		now, _ := content.ParseTime("2026-11-22")
		_, err := content.Load(site, now)
		var faults fault.List
		if !errors.As(err, &faults) {
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for name := range lines {
				for i := range lines[name] {
					if lines[name][i] != sound[name][i] {
						n++
					}
				}
			}
			return site, n
		}
		mended := false
		for _, f := range faults { // laid on the line, or on the first of its record
			for i := max(f.Line-1, 0); f.Level == fault.Fejl && i < len(lines[f.File]); i++ {
				if lines[f.File][i] != sound[f.File][i] {
					lines[f.File][i], mended = sound[f.File][i], true
					break
				}
			}
		}
		if !mended {
			t.Fatalf("refused for what is not hostile:\n%v", faults[0])
		}
	}
	t.Fatal("not accepted in forty rounds")
	return nil, 0
}

// Whatever an editor writes where text belongs, in data or in the head of a page, is
// text on every page.
func TestTextsAreText(t *testing.T) {
	site, n := hostileTexts(t)
	if n < 1000 {
		t.Errorf("only %d texts were made hostile", n)
	}
	dir := t.TempDir()
	if _, _, err := Make(context.Background(), input(site, "2026-11-22"), dir); err != nil {
		t.Fatal(err)
	}
	shown := 0
	err := filepath.WalkDir(filepath.Join(dir, "site"), func(name string, e fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".html" {
			return err
		}
		src, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		shown += bytes.Count(src, []byte("id=fjende"))
		root, err := html.Parse(bytes.NewReader(src))
		for n := range root.Descendants() {
			for _, a := range n.Attr {
				if a.Key == "id" && a.Val == "fjende" || strings.Contains(a.Key, "fjende") {
					t.Errorf("%s: <%s %s=%q>", strings.TrimPrefix(name, dir), n.Data, a.Key, a.Val)
				}
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if shown < 1000 {
		t.Errorf("only %d of them are on the pages", shown)
	}
	t.Logf("%d texts, %d times on the pages", n, shown)
}

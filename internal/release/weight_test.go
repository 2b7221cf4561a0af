package release

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"kompetenceudvikling.dk/kompas/internal/store"
)

// The budgets of a first visit, in bytes as they are sent, without headers.
const (
	pageBudget   = 30_000 // HTML, style sheet, scripts, pictures, icons, data fetched at once
	scriptBudget = 6_000
)

// kinds are the page types by address; the first that fits counts.
var kinds = []struct {
	name    string
	address *regexp.Regexp
}{
	{"forside", regexp.MustCompile(`^/$`)},
	{"engelsk side", regexp.MustCompile(`^/en/`)},
	{"søgeside på filer", regexp.MustCompile(`^/soeg/$`)},
	{"fejlside", regexp.MustCompile(`^/404\.html$`)},
	{"A-Å og ordliste", regexp.MustCompile(`^/(a-aa|ordliste)/$`)},
	{"selvtjek: spørgsmål og udfald", regexp.MustCompile(`^/selvtjek/[^/]+/.`)},
	{"selvtjek: start", regexp.MustCompile(`^/selvtjek/`)},
	{"skabelon", regexp.MustCompile(`^/skabeloner/.`)},
	{"pulje på ét ark", regexp.MustCompile(`^/fonden/puljer/.*-ark/$`)},
	{"pulje", regexp.MustCompile(`^/fonden/puljer/.`)},
	{"regelregister, tal og sammenligning", regexp.MustCompile(`^/fonden/(regler|tal|puljer)/$`)},
	{"regelside", regexp.MustCompile(`^/fonden/`)},
	{"liste med filter", regexp.MustCompile(`^/(initiativer|55-plus/indsatser|amu/kurser)/$`)},
	{"case", regexp.MustCompile(`^/cases/.`)},
	{"nyhed", regexp.MustCompile(`^/nyheder/.`)},
	{"rolle og opgave", regexp.MustCompile(`^/(for|mus|su|raadgivning|vaerktoejer|55-plus|amu|initiativer|arrangementer)/`)},
	{"oversigt og om", regexp.MustCompile(`^/`)},
}

// Every page stays within the budgets, and all that it loads is ours: 404 and the
// search page too, which are measured as plain files.
func TestWeight(t *testing.T) {
	dir := filepath.Join(realSite(t), "site")
	type most struct {
		at                  string
		pages, br, gz, code int
	}
	table := map[string]most{}
	err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".html" {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		at := strings.TrimSuffix("/"+filepath.ToSlash(rel), "index.html")
		v, err := visit(dir, name)
		if err != nil || v.alias {
			return err
		}
		if v.bytes["br"] > pageBudget {
			t.Errorf("%s: %d bytes at the first visit, and %d is the most:\n%s", at, v.bytes["br"], pageBudget, strings.Join(v.list, "\n"))
		}
		if v.script > scriptBudget {
			t.Errorf("%s: %d bytes of scripts, and %d is the most", at, v.script, scriptBudget)
		}
		for _, k := range kinds {
			if k.address.MatchString(at) {
				row := table[k.name]
				row.pages++
				if v.bytes["br"] > row.br {
					row.at, row.br, row.gz, row.code = at, v.bytes["br"], v.bytes["gzip"], v.script
				}
				table[k.name] = row
				break
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	out.WriteString("\n| sidetype | sider | tungeste | brotli | gzip | heraf scripts (brotli) |\n|---|---:|---|---:|---:|---:|\n")
	for _, k := range kinds {
		row, ok := table[k.name]
		if !ok {
			t.Errorf("no page is of the kind %q: its address is wrong here", k.name)
		}
		fmt.Fprintf(&out, "| %s | %d | `%s` | %d | %d | %d |\n", k.name, row.pages, row.at, row.br, row.gz, row.code)
	}
	t.Log(out.String())
}

// A visited page is what one loads by opening it with an empty cache.
type visited struct {
	alias  bool // only sends on
	bytes  map[string]int
	script int      // brotli
	list   []string // what was loaded, for the message
}

func visit(dir, page string) (v visited, err error) {
	src, err := os.ReadFile(page)
	if err != nil {
		return v, err
	}
	root, err := html.Parse(bytes.NewReader(src))
	if err != nil {
		return v, err
	}
	loads := map[string]bool{page: false} // file -> is a script
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		a := map[string]string{}
		for _, one := range n.Attr {
			a[one.Key] = one.Val
		}
		v.alias = v.alias || n.Data == "meta" && strings.EqualFold(a["http-equiv"], "refresh")
		for _, ref := range loaded(n.Data, a) {
			ref, _, _ = strings.Cut(ref, "#")
			if ref == "" {
				continue
			}
			if !strings.HasPrefix(ref, "/") || strings.HasPrefix(ref, "//") {
				return v, fmt.Errorf("%s loads %s: from elsewhere, or relative", page, ref)
			}
			loads[filepath.Join(dir, filepath.FromSlash(path.Clean(ref)))] = n.Data == "script"
		}
	}
	v.bytes = map[string]int{}
	for _, file := range slices.Sorted(maps.Keys(loads)) {
		if err := v.add(file, loads[file]); err != nil {
			return v, err
		}
	}
	return v, nil
}

// loaded gives the addresses that a browser fetches unasked for an element.
func loaded(tag string, a map[string]string) (refs []string) {
	switch tag {
	case "link":
		if slices.Contains([]string{"stylesheet", "icon", "preload", "modulepreload", "manifest"}, a["rel"]) {
			refs = append(refs, a["href"])
		}
	case "use", "image":
		refs = append(refs, a["href"])
	case "script", "img", "source", "iframe", "embed", "video", "audio":
		refs = append(refs, a["src"])
		for one := range strings.SplitSeq(a["srcset"], ",") {
			ref, _, _ := strings.Cut(strings.TrimSpace(one), " ")
			refs = append(refs, ref)
		}
	}
	return append(refs, a["data-dine-svar"]) // what svar.js asks for
}

// add counts a file, or its encoded version where there is one.
func (v *visited) add(file string, script bool) error {
	for _, enc := range store.Encodings {
		info, err := os.Stat(file + enc.Suffix)
		if os.IsNotExist(err) {
			info, err = os.Stat(file)
		}
		if err != nil {
			return err
		}
		v.bytes[enc.Name] += int(info.Size())
		if enc.Name == "br" {
			v.list = append(v.list, fmt.Sprintf("%6d %s", info.Size(), filepath.Base(file)))
			if script {
				v.script += int(info.Size())
			}
		}
	}
	return nil
}

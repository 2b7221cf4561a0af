package release

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"kompetenceudvikling.dk/kompas"
	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/internal/fault"
	"kompetenceudvikling.dk/kompas/internal/store"
	"kompetenceudvikling.dk/kompas/internal/syntetisk"
)

func input(source fs.FS, day string) Input {
	now, err := content.ParseTime(day)
	if err != nil {
		panic(err)
	}
	return Input{Source: source, Look: kompas.Look, Now: now, Program: "prøve", Cache: filepath.Join(os.TempDir(), "kompas-test-cache")}
}

// real is the content of the checkout.
func real(day string) Input { return input(os.DirFS("../.."), day) }

func mustMake(t testing.TB, in Input) string {
	t.Helper()
	dir := t.TempDir()
	if _, _, err := Make(context.Background(), in, dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

func read(t testing.TB, dir, name string) string {
	t.Helper()
	src, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(src)
}

// The content in the checkout is sound on days before, in and after the periods its
// rates are documented for.
func TestRealContentIsSound(t *testing.T) {
	for _, day := range []string{"2024-09-01", "2025-02-01", "2026-03-31", "2026-11-22", "2028-01-01"} {
		faults, err := Check(context.Background(), real(day))
		if err != nil {
			t.Fatal(err)
		}
		if err := faults.Err(); err != nil {
			t.Errorf("on %s:\n%v", day, err)
		}
	}
}

// An amount is bare only on days it is confirmed for; else its period stands beside it.
func TestAmountsCarryTheirPeriod(t *testing.T) {
	for day, want := range map[string]string{
		"2024-09-01": `30.000.kr.</span> <small class="muted">\(OK21\)</small>`,
		"2026-11-22": `30.000.kr.</span> <small class="muted">\(OK21\)</small>`,
	} {
		page := read(t, mustMake(t, real(day)), "site/fonden/beloeb/index.html")
		if !regexp.MustCompile(want).MatchString(page) {
			t.Errorf("on %s the CO10 ceiling is not written as %s", day, want)
		}
	}
}

func TestSameInputSameBytes(t *testing.T) {
	a, b := realSite(t), mustMake(t, real("2026-11-22"))
	for _, sub := range []string{"site", "pages", "manifest.json"} {
		err := filepath.WalkDir(filepath.Join(a, sub), func(name string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			rel, _ := filepath.Rel(a, name)
			if read(t, a, rel) != read(t, b, rel) {
				t.Errorf("%s differs between two builds", rel)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// Every link, picture and form of every page stays on the site or is a plain link out;
// nothing is loaded from elsewhere, and nothing is written inline.
func TestPagesLoadNothingFromElsewhere(t *testing.T) {
	dir := filepath.Join(realSite(t), "site")
	forbidden := regexp.MustCompile(`(?i)<script(?:[^>]*)>[^<]|<style| style="| on[a-z]+="|<iframe|(?:src|action)="https?:|<link[^>]+rel="?stylesheet"?[^>]+https?:`)
	err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".html" {
			return err
		}
		src, err := os.ReadFile(name)
		if m := forbidden.Find(src); m != nil {
			t.Errorf("%s: %s", name, m)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A site in a folder of its host is the same site: but for the folder's name before each
// address, and the documents that bear the address in print, every file is equal.
func TestBaseURLWithAPath(t *testing.T) {
	const folder = "/kladde/x"
	in := real("2026-11-22")
	in.BaseURL, in.Plain = "https://eksempel.dk/", true
	in.Edits = map[string][]Edit{"content/fonden/_index.md": {{At: in.Now.AddDate(0, 0, -20), Subject: "indhold: ny frist"}}}
	plain := filepath.Join(mustMake(t, in), "site")
	in.BaseURL = "https://eksempel.dk" + folder + "/"
	below := filepath.Join(mustMake(t, in), "site")

	elsewhere := regexp.MustCompile(`(?:href|src|action|data-[a-z]+)="?/[a-z][^"> ]*`)
	err := filepath.WalkDir(plain, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || filepath.Ext(name) != ".html" && filepath.Ext(name) != ".xml" {
			return err
		}
		rel, err := filepath.Rel(plain, name)
		if err != nil {
			return err
		}
		got := read(t, below, rel)
		for _, at := range elsewhere.FindAllString(got, -1) {
			if !strings.Contains(at, `=`+folder) && !strings.Contains(at, `="`+folder) {
				t.Errorf("%s: %s lies outside the folder", rel, at)
			}
		}
		want := sizes.ReplaceAllString(read(t, plain, rel), "kB")
		if got = sizes.ReplaceAllString(strings.ReplaceAll(got, folder, ""), "kB"); got != want {
			t.Errorf("%s differs:\n%s", rel, firstDifference(want, got))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for page, holds := range map[string]string{
		"selvtjek/kan-jeg-soege/index.html": `href="` + folder + `/selvtjek/kan-jeg-soege/sektor/"`,
		"fonden/index.html":                 "Ændret",
		"sitemap.xml":                       "<lastmod>2026-11-02</lastmod>",
		"soeg/index.html":                   `action="` + folder + `/soeg/"`,
	} {
		if !strings.Contains(read(t, below, page), holds) {
			t.Errorf("%s lacks %s", page, holds)
		}
	}
}

// sizes of documents differ by the length of the address printed in them.
var sizes = regexp.MustCompile(`\d+\x{a0}kB`)

// firstDifference gives the surroundings of the first place where two texts part.
func firstDifference(want, got string) string {
	i := 0
	for i < min(len(want), len(got)) && want[i] == got[i] {
		i++
	}
	around := func(s string) string { return s[max(0, i-80):min(len(s), i+80)] }
	return "want " + around(want) + "\ngot  " + around(got)
}

func TestSectionsAreWhatTheReaderSees(t *testing.T) {
	dir := t.TempDir()
	src := `<html><body><nav>menu</nav><main><h1>Titel</h1><nav>krummer</nav><p>Første<sup><a>[1]</a></sup> <b>del</b>.</p>
<h2 id="a">Af<wbr>snit</h2><table><tr><td>celle</td><td>to</td></tr></table><div data-soeg="nej">skjult</div><h3 id="b">Under</h3>tekst</main><footer>bund</footer></body></html>`
	if err := os.WriteFile(filepath.Join(dir, "index.html"), []byte(src), 0o644); err != nil {
		t.Fatal(err)
	}
	docs, err := readSite(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []section{{"", "", "Første del."}, {"a", "Afsnit", "celle to"}, {"b", "Under", "tekst"}}
	if got := docs[0].sections; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Addresses are a contract: other sites link to them. Sections that are being built
// join the list of finished ones here.
func TestPromisedAddresses(t *testing.T) {
	dir := realSite(t)
	finished := regexp.MustCompile(`^/(fonden/.*|ordliste/|a-aa/|soeg|55-plus/.*|amu/.*|initiativer/.*|om/.*|nyheder/|arrangementer/|was|selvtjek/.*|mus/.*|su/.*|vaerktoejer/.*|raadgivning/.*|cases/.*|for/.*|skabeloner/.*|redaktoer/)?$`)
	for at := range strings.Lines(read(t, "testdata", "adresser.txt")) {
		at = strings.TrimSpace(at)
		if !finished.MatchString(at) {
			continue
		}
		if _, err := os.Stat(filepath.Join(dir, "site", filepath.FromSlash(at), "index.html")); err != nil {
			t.Errorf("%s: %v", at, err)
		}
	}
}

// Our own server sends an old address on; in a plain copy a page at the address does,
// and at no other.
func TestOldAddressesAreSentOn(t *testing.T) {
	dir := realSite(t)
	m, err := store.ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	docs, err := readSite(filepath.Join(dir, "site"))
	if err != nil {
		t.Fatal(err)
	}
	sendOn := map[string]bool{}
	for _, d := range docs {
		sendOn[strings.Trim(d.path, "/")] = d.alias
	}
	for old, to := range m.Redirects {
		if at := strings.Trim(old, "/"); !sendOn[at] {
			t.Errorf("a plain copy has no page at %s that sends on", old)
		} else if page := read(t, dir, "site/"+at+"/index.html"); !strings.Contains(page, "url=https://kompetenceudvikling.dk"+to+`"`) {
			t.Errorf("the page at %s does not send on to %s", old, to)
		}
		delete(sendOn, strings.Trim(old, "/"))
	}
	for at, alias := range sendOn {
		if alias {
			t.Errorf("a plain copy has a page at /%s/ that sends on, and nobody asked for it", at)
		}
	}
	for old, want := range map[string]string{
		"/FAQ": "/fonden/spoergsmaal-og-svar/", "/fonden/lc-fondspuljen/": "/fonden/puljer/lc/", "/OAO-positivliste": "/fonden/positivlister/",
	} {
		if got := m.Redirects[old]; got != want {
			t.Errorf("%s is sent to %q, want %s", old, got, want)
		}
	}
}

const look = `
-- config.toml --
disableKinds = ["taxonomy", "term", "rss", "sitemap", "robotstxt"]
-- layouts/all.html --
<html><body><main>{{ .Content }}{{ if eq .RelPermalink "/" }}<a href="/borte/">link</a>{{ end }}</main></body></html>
-- layouts/404.html --
<html><body></body></html>
-- assets/tom.txt --
`

// A link that a template made, and that leads nowhere, is the program's fault, not an
// editor's: it stops the release, and says which page.
func TestBrokenTemplateLinkIsAnError(t *testing.T) {
	fsys, err := txtar.FS(txtar.Parse([]byte(look)))
	if err != nil {
		t.Fatal(err)
	}
	in := input(syntetisk.Site(1, 3), "2026-01-01")
	in.Look = fsys
	_, _, err = Make(context.Background(), in, t.TempDir())
	var faults fault.List
	if err == nil || errors.As(err, &faults) || !strings.Contains(err.Error(), "page /: template links to /borte/") {
		t.Errorf("got %v", err)
	}
}

func TestHashSeesNamesAndBytes(t *testing.T) {
	hash := func(src string) string {
		fsys, err := txtar.FS(txtar.Parse([]byte(src)))
		if err != nil {
			t.Fatal(err)
		}
		h, err := Hash(fsys, kompas.Look)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	a := hash("-- content/a.md --\nx\n-- README.md --\n1\n")
	if a != hash("-- content/a.md --\nx\n-- README.md --\n2\n") {
		t.Error("a file outside content/ counts")
	}
	for _, other := range []string{"-- content/a.md --\ny\n", "-- content/b.md --\nx\n", "-- content/a.md --\nx\n-- content/b.md --\n"} {
		if a == hash(other) {
			t.Errorf("another source has the same hash: %q", other)
		}
	}
}

// What is saved while a release is made is not what it was made of.
func TestReleaseIsNamedByWhatItWasMadeOf(t *testing.T) {
	source := syntetisk.Site(1, 3).(fstest.MapFS)
	want, err := Hash(source, kompas.Look)
	if err != nil {
		t.Fatal(err)
	}
	in := input(source, "2026-01-01")
	in.Plain = true
	in.Step = func(part string) {
		if part == "index" {
			source["content/ny.md"] = &fstest.MapFile{Data: []byte("ny")}
		}
	}
	m, err := store.ReadManifest(mustMake(t, in))
	if err != nil || m.Source != want {
		t.Errorf("source %s, want %s: %v", m.Source, want, err)
	}
}

// What is only odd in a self-check counts too, when warnings are faults.
func TestStrictSeesSelfChecks(t *testing.T) {
	source := inMemory(t, os.DirFS("../.."), "content")
	flow := source["content/selvtjek/mus-eller-grus/flow.yaml"]
	flow.Data = bytes.Replace(flow.Data, []byte("{hvem: mig, emne: loen}\n    udfald: loen"), []byte("{hvem: mig, emne: kursus}\n    udfald: kursus"), 1)
	in := input(source, "2026-11-22")
	in.Strict = true
	if err := (&rendered{}).load(in); err == nil || !strings.Contains(err.Error(), "intet scenarie prøver reglen loen") {
		t.Errorf("got %v", err)
	}
}

func TestEveryShortcodeHasALayout(t *testing.T) {
	for name := range content.Shortcodes() {
		if _, err := fs.Stat(kompas.Look, "layouts/_shortcodes/"+name+".html"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

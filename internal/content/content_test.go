package content

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/tools/txtar"

	"kompetenceudvikling.dk/kompas/internal/fault"
)

func day(s string) time.Time {
	t, err := ParseTime(s)
	if err != nil {
		panic(err)
	}
	return t
}

// load reads a site written as one text, and gives its faults as one string.
func load(t *testing.T, src, date string) (*Tree, string) {
	t.Helper()
	fsys, err := txtar.FS(txtar.Parse([]byte(src)))
	if err != nil {
		t.Fatal(err)
	}
	tree, err := Load(fsys, day(date))
	var faults fault.List
	if err != nil && !errors.As(err, &faults) {
		t.Fatal(err)
	}
	return tree, faults.Error()
}

const front = "title: T\ndescription: D\nparams:\n  slags: guide\n  ejer: fond\n---\n"

const home = "-- content/_index.md --\n---\n" + front

func TestAddress(t *testing.T) {
	for file, want := range map[string]string{
		"content/_index.md": "/", "content/fonden/_index.md": "/fonden/", "content/fonden/beloeb.md": "/fonden/beloeb/",
		"content/55-plus/tal/index.md": "/55-plus/tal/", "content/nyheder/2026-01-02-ny.md": "/nyheder/2026-01-02-ny/",
	} {
		if got, bad := address(file); got != want || bad != "" {
			t.Errorf("address(%s) = %q, %q; want %q", file, got, bad, want)
		}
	}
	for _, file := range []string{"content/Fonden/x.md", "content/æble.md", "content/en side.md", "content/-x.md", "content/a--b.md"} {
		if got, bad := address(file); bad == "" {
			t.Errorf("address(%s) = %q, want it refused", file, got)
		}
	}
}

func TestHeadingIDs(t *testing.T) {
	tree, faults := load(t, home+"## Må jeg selv betale?\n\n### Økonomi, tid & andet\n\n## Fast {#anker}\n\n## 55+\n", "2026-01-01")
	if faults != "" {
		t.Fatal(faults)
	}
	var got []string
	for _, h := range tree.Page("/").Headings {
		got = append(got, h.ID)
	}
	if want := "maa-jeg-selv-betale oekonomi-tid--andet anker 55"; strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

func TestMarkdownFaults(t *testing.T) {
	for _, c := range []struct{ body, want string }{
		{"Tekst\n\n<b>fed</b>\n", "10: siden indeholder HTML"},
		{"Tekst <br> mere\n", "8: siden indeholder HTML"},
		{"Tekst\n<!-- note -->\n", "siden indeholder HTML"},
		{"# Titel\n", "8: overskriften har kun ét #"},
		{"### Spring\n", "8: overskriften springer et niveau over"},
		{"## A\n\n## A\n", ""}, // Hugo numbers the second
		{"## [A](https://eksempel.dk/)\n\n[x](#a)\n", ""},
		{"## Løn &amp; *mere*\n\n[x](#loen--mere)\n", ""}, // as Hugo names it
		{"##\n", "8: en overskrift har ingen tekst"},
		{"## A {#x}\n\n## B {#x}\n", "10: to overskrifter har samme anker #x"},
		{"![](billede.png)\n", "8: et billede mangler alternativ tekst"},
		{"![x](/)\n", "8: det er ikke et billede: /"},
		{"![x](skema.pdf)\n", "8: det er ikke et billede: skema.pdf"},
		{"```html\n<b>\n```\n", ""},
		{"[](/)\n", "8: et link har ingen tekst"},
		{"[x](javascript:alert(1))\n", "8: den slags link er ikke tilladt"},
		{"[x](//andet.dk/)\n", "den slags link er ikke tilladt"},
		{"[x](data:text/html,x)\n", "den slags link er ikke tilladt"},
		{"[x](/fonden)\n", "8: linket peger på en side, der ikke findes: /fonden"},
		{"[x](naboen.md)\n", "8: linket peger ikke på noget: naboen.md"},
		{"[x](skema.docx)\n", "råd: læg filen i samme mappe som siden"},
		{"[x](www.eksempel.dk)\n", "råd: begynd adressen med https://"},
		{"![x](mit foto.png)\n", "8: et link eller billede kan ikke læses"},
		{"A\n\n- se [x](mit skema.docx).\n", "10: et link eller billede kan ikke læses"},
		{"`[x](a b)` og \\[x\\](a b)\n", ""},
		{"[x](#intet)\n", "8: der er intet #intet på /"},
		{"## Moms\n\n[x](#mums)\n", "råd: mente du #moms?"},
		{"{{< youtube abc >}}\n", "8: ukendt kortkode youtube"},
		{"{{< sats >}}\n", "8: sats har 0 værdier"},
		{"{{< sats \"loft\"\n>}}\n", "8: {{< slutter ikke på samme linje"},
		{"{{% sats \"loft\" %}}\n", "kan ikke læses"},
		{"{{< sats \"loft\" >}}\n", "8: ukendt sats loft"},
		{"{{< kilde S1 >}}\n", "8: kilden S1 står ikke i sidens hoved"},
		{"## Loft {{< sats \"x\" >}}\n", "8: overskriften indeholder sats"},
		{"> [!advarsel] Pas på\n> tekst\n", "8: ukendt boks [!advarsel]"},
		{"> [!info]\n> tekst\n", "8: boksen mangler en overskrift"},
		{"Linje et\n\n\u202eekst\n", "10: linjen indeholder et tegn, der vender læseretningen (U+202E)"},
		{"Linje\x00\n", "8: linjen indeholder et usynligt styretegn (U+0000)"},
		{"\xff\n", "8: linjen er ikke gemt som UTF-8"},
		{"<<<<<<< HEAD\n", "8: her står mærker fra en fletning"},
	} {
		_, got := load(t, home+c.body, "2026-01-01")
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%q:\ngot  %s\nwant %s", c.body, got, c.want)
		}
	}
}

func TestAliasFaults(t *testing.T) {
	for alias, want := range map[string]string{
		"/fonden/gammel-side/": "", "/FAQ": "", "/nå-godt-i-mål": "", "/om_os/": "",
		"gammel/": "begynder ikke med /", "/": "kan ikke være", "//andre.dk/": "kan ikke være", "/../op/": "kan ikke være", "/robots.txt": "kan ikke være",
		"/index.html": "kan ikke være", "/x?y/": "kan ikke være", "/%2e%2e/": "kan ikke være", `/\\andre.dk/`: "kan ikke være", "/soeg/": "kan ikke være",
	} {
		_, got := load(t, "-- content/_index.md --\n---\naliases: [\""+alias+"\"]\n"+front, "2026-01-01")
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%q:\ngot  %s\nwant %s", alias, got, want)
		}
	}
}

// An address is the same with its last slash and without.
func TestAliasThatIsTaken(t *testing.T) {
	for alias, want := range map[string]string{
		"/mus": "aliases: /mus er adressen på content/mus/_index.md", "/mus/": "er adressen på", "/soeg": "kan ikke være",
		"/anden": "aliases: /anden står også i content/a.md",
	} {
		_, got := load(t, home+"-- content/mus/_index.md --\n---\n"+front+"-- content/a.md --\n---\naliases: [/anden/]\n"+front+"-- content/b.md --\n---\naliases: ["+alias+"]\n"+front, "2026-01-01")
		if !strings.Contains(got, "content/b.md:2: "+"aliases: "+alias) || !strings.Contains(got, want) {
			t.Errorf("%q:\ngot  %s\nwant %s", alias, got, want)
		}
	}
	if _, got := load(t, "-- content/_index.md --\n---\n"+front+"-- content/mus.md --\n---\naliases: [/mus]\n"+front, "2026-01-01"); !strings.Contains(got, "er adressen på content/mus.md") {
		t.Errorf("a page's own address: %s", got)
	}
}

func TestDemandedListIsNotEmpty(t *testing.T) {
	for file, c := range map[string]struct{ src, want string }{
		"satser.yaml":   {"loft: {navn: Loft, versioner: []}\n", "satser.yaml:1: versioner mangler"},
		"ordliste.yaml": {"[]\n", ""},
	} {
		_, got := load(t, home+"-- content/data/"+file+" --\n"+c.src, "2026-01-01")
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s:\ngot  %s\nwant %s", c.src, got, c.want)
		}
	}
}

// A day without a clock time lasts to its end.
func TestEventsAreOver(t *testing.T) {
	for _, c := range []struct {
		begins, ends, at string
		over             bool
	}{
		{"2027-01-31", "", "2027-01-31T23:59", false}, {"2027-01-31", "", "2027-02-01", true},
		{"2027-01-31", "2027-02-02", "2027-02-02T10:00", false}, {"2027-01-31", "2027-02-02", "2027-02-03", true},
		{"2027-01-31T10:00", "", "2027-01-31T10:00", true}, {"2027-01-31T10:00", "2027-01-31T12:00", "2027-01-31T11:59", false},
	} {
		head := "title: T\ndescription: D\nparams:\n  slags: arrangement\n  ejer: fond\n  begynder: " + c.begins + "\n"
		if c.ends != "" {
			head += "  slutter: " + c.ends + "\n"
		}
		tree, faults := load(t, home+"-- content/x.md --\n---\n"+head+"---\n", "2026-01-01")
		if faults != "" {
			t.Fatal(faults)
		}
		p := tree.Page("/x/")
		if p.Over(day(c.at)) != c.over || c.over != slices.ContainsFunc(tree.Boundaries(), func(at time.Time) bool { return !at.After(day(c.at)) }) {
			t.Errorf("%+v: over %v, boundaries %v", c, p.Over(day(c.at)), tree.Boundaries())
		}
	}
}

func TestSearchLeadsToWholePages(t *testing.T) {
	for at, want := range map[string]string{
		"/": "", "/#a": "der er ingen side på adressen /#a", "/soeg/": "der er ingen side", "/vaek": "adressen slutter med skråstreg: /vaek/",
		"/vaek/": "advarsel", "/ny/": "ikke er udgivet",
	} {
		tree, got := load(t, home+"## A\n-- content/vaek.md --\n---\nexpiryDate: 2025-01-01\n"+front+"-- content/ny.md --\n---\ndraft: true\n"+front+
			"-- content/data/soeg.yaml --\nbedste-bud:\n  - {soegninger: [a], side: \""+at+"\"}\n", "2026-01-01")
		if tree != nil {
			got += fmt.Sprint(tree.Warnings)
		}
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s:\ngot  %s\nwant %s", at, got, want)
		}
	}
}

func TestLongTitleIsAFault(t *testing.T) {
	for n, want := range map[int]string{300: "", 301: "title er på 301 tegn; grænsen er 300"} {
		_, got := load(t, "-- content/_index.md --\n---\n"+strings.Replace(front, "title: T", "title: "+strings.Repeat("å", n), 1), "2026-01-01")
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%d letters: %s", n, got)
		}
	}
}

func TestTextIsMadeAlike(t *testing.T) {
	src := "\ufeff---\r\n" + strings.ReplaceAll(front, "\n", "\r\n") + "Tekst med a\u030a.\r\n"
	fsys := fstest.MapFS{"content/_index.md": &fstest.MapFile{Data: []byte(src)}}
	tree, err := Load(fsys, day("2026-01-01"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(tree.Files["content/_index.md"]), "---\n"+front+"Tekst med å.\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestFilesThatAreNoPage(t *testing.T) {
	for src, want := range map[string]string{
		"":                                      "content/a.md:1: siden mangler hoved",
		"-\x00-\x00-\x00\n\x00":                 "content/a.md: filen er gemt som UTF-16",
		"\x00-\x00-\x00-\x00\n":                 "content/a.md: filen er gemt som UTF-16",
		"---\ntitle: T\nparams:\n\tx: y\n---\n": "content/a.md:4: linjen begynder med et tabulatortegn",
	} {
		fsys := fstest.MapFS{"content/_index.md": &fstest.MapFile{Data: []byte("---\n" + front)}, "content/a.md": &fstest.MapFile{Data: []byte(src)}}
		if _, err := Load(fsys, day("2026-01-01")); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q:\ngot  %v\nwant %s", src, err, want)
		}
	}
}

func TestOnlyKnownFilesAreContent(t *testing.T) {
	for name, refused := range map[string]bool{
		"content/side.html": true, "content/_content.gotmpl": true, "content/a.org": true, "content/x.svg": true,
		"content/x.yaml": true, "content/data/ukendt.yaml": true, "content/data/side.md": true, "content/x.PNG": true,
		"content/x.png": false, "content/.DS_Store": false, "content/Thumbs.db": false, "content/.git/x.html": false,
	} {
		fsys := fstest.MapFS{
			"content/_index.md": &fstest.MapFile{Data: []byte("---\n" + front)},
			name:                &fstest.MapFile{Data: []byte("x")},
		}
		_, err := Load(fsys, day("2026-01-01"))
		if got := err != nil && strings.Contains(err.Error(), "filen hører ikke til i content/"); got != refused {
			t.Errorf("%s: refused %v, want %v: %v", name, got, refused, err)
		}
	}
}

func TestLimitsAndLinks(t *testing.T) {
	fsys := fstest.MapFS{
		"content/_index.md": &fstest.MapFile{Data: []byte("---\n" + front)},
		"content/stor.png":  &fstest.MapFile{Data: make([]byte, pictureLimit+1)},
		"content/genvej.md": &fstest.MapFile{Data: []byte("/etc/passwd"), Mode: fs.ModeSymlink},
	}
	_, err := Load(fsys, day("2026-01-01"))
	for _, want := range []string{"content/stor.png: filen fylder 9 MB; grænsen er 8 MB", "content/genvej.md: er en genvej, ikke en fil"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestTwoFilesAtOneAddress(t *testing.T) {
	_, got := load(t, home+"-- content/a.md --\n---\n"+front+"-- content/a/index.md --\n---\n"+front, "2026-01-01")
	if want := "content/a/index.md: har samme adresse som content/a.md: /a/"; !strings.Contains(got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte("---\n" + front + "## A\n\n> [!info] B\n> c\n\n| a | b |\n|---|---:|\n| 1 | {{< sats \"x\" >}} |\n"))
	f.Add([]byte("---\ntitle: &a [*a]\n---\n"))
	f.Add([]byte("---\n- a\n- b: {c: !!binary x}\n---\n[a]: b\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		fsys := fstest.MapFS{"content/_index.md": &fstest.MapFile{Data: src}, "content/data/satser.yaml": &fstest.MapFile{Data: src}}
		_, err := Load(fsys, day("2026-01-01"))
		var faults fault.List
		if err != nil && !errors.As(err, &faults) {
			t.Errorf("not a fault: %v", err)
		}
	})
}

// FuzzTree reads any two files beside a sound front page, as a push may bring them.
func FuzzTree(f *testing.F) {
	f.Add("fonden/_index.md", []byte("---\n"+front), "fonden/skema.docx", []byte("PK"))
	f.Add("a.md", []byte("---\n"+front), "a/index.md", []byte("---\n"+front))
	f.Add("data/puljer.yaml", []byte("[]"), "data/kilder.yaml", []byte("S1: {}"))
	f.Add("selvtjek/x/flow.yaml", []byte("titel: T"), "selvtjek/x/spoergsmaal/a.md", []byte("---\ntitle: T\n---\n"))
	f.Add("b.png", []byte("\x89PNG\r\n\x1a\n"), "data/statistik/a.csv", []byte("a;b\n1"))
	f.Add("A/CON.md", []byte{0}, "a\u0301/.git/config", []byte("<<<<<<< a"))
	f.Fuzz(func(t *testing.T, one string, a []byte, two string, b []byte) {
		fsys := fstest.MapFS{"content/_index.md": &fstest.MapFile{Data: []byte("---\n" + front)}}
		for name, src := range map[string][]byte{one: a, two: b} {
			if !fs.ValidPath(name) || name == "." || name == "_index.md" {
				return
			}
			fsys["content/"+name] = &fstest.MapFile{Data: src}
		}
		if strings.HasPrefix(one, two+"/") || strings.HasPrefix(two, one+"/") {
			return // a file and a folder
		}
		_, err := Load(fsys, day("2026-01-01"))
		var faults fault.List
		if err != nil && !errors.As(err, &faults) {
			t.Errorf("not a fault: %v", err)
		}
	})
}

func TestReadability(t *testing.T) {
	for _, c := range []struct {
		pieces []string
		want   int
	}{
		{nil, 0},
		{[]string{"Du kan få støtte."}, 4}, // 4 words, none long
		{[]string{"Du kan få uddannelse."}, 4 + 25},                         // one of four is long
		{[]string{"Du kan. Du må. Du skal."}, 2},                            // three sentences
		{[]string{"Prisen er 30.000 kr. pr. år den 22. november."}, 9 + 11}, // abbreviations and dates end no sentence
		{[]string{"Ja", "Nej"}, 1},                                          // each piece ends one
	} {
		if got := readability(c.pieces); got != c.want {
			t.Errorf("readability(%q) = %d, want %d", c.pieces, got, c.want)
		}
	}
}

func TestGlossaryLinks(t *testing.T) {
	src := home + "Et tilsagn er et ja. Tilsagn igen, eller tilsagnet.\n\n## Om tilsagn\n\nSe [bortfald](/) og `bortfald`, bortfald og særlig indsats.\n" +
		"-- content/ordliste.md --\n---\n" + front + "Tilsagn.\n" +
		"-- content/data/ordliste.yaml --\n- {id: tilsagn, ord: Tilsagn, forklaring: Ja}\n- {id: bortfald, ord: Bortfald (af tilsagn), forklaring: Mistet}\n- {id: saerlig, ord: Særlig indsats, forklaring: Penge}\n- {id: indsats, ord: Indsats, forklaring: X}\n"
	tree, faults := load(t, src, "2026-01-01")
	if faults != "" {
		t.Fatal(faults)
	}
	got := string(tree.Linked(tree.Page("/")))
	want := "---\n" + front + "Et [tilsagn](/ordliste/#tilsagn) er et ja. Tilsagn igen, eller tilsagnet.\n\n## Om tilsagn\n\nSe [bortfald](/) og `bortfald`, [bortfald](/ordliste/#bortfald) og [særlig indsats](/ordliste/#saerlig).\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := string(tree.Linked(tree.Page("/ordliste/"))); strings.Contains(got, "](") {
		t.Errorf("the glossary links to itself: %s", got)
	}
}

// What the last commit answers is what its pages answer: parts of self-checks have no
// address, and drafts had none.
func TestAddresses(t *testing.T) {
	fsys, err := txtar.FS(txtar.Parse([]byte(home +
		"-- content/selvtjek/x/spoergsmaal/q.md --\n---\ntitle: Q\nkort: q\n---\n" +
		"-- content/ny.md --\n---\ndraft: true\n" + front +
		"-- content/gammel.md --\n---\naliases: [/foer/]\n" + front)))
	if err != nil {
		t.Fatal(err)
	}
	got, err := Addresses(fsys, day("2026-01-01"))
	if err != nil {
		t.Fatal(err)
	}
	if want := "/ /foer/ /gammel/"; strings.Join(keys(got), " ") != want {
		t.Errorf("got %v, want %s", keys(got), want)
	}
}

// Old addresses of a page that is taken down are answered, as the page is.
func TestKeptAddresses(t *testing.T) {
	tree, faults := load(t, home+"-- content/gammel.md --\n---\naliases: [/foer/]\nexpiryDate: 2025-01-01\n"+front, "2026-01-01")
	if faults != "" {
		t.Fatal(faults)
	}
	err := tree.CheckKept(map[string]string{"/foer/": "content/gammel.md", "/gammel/": "content/gammel.md", "/borte/": "content/borte.md"})
	if err == nil || strings.Contains(err.Error(), "gammel") || !strings.Contains(err.Error(), "/borte/") {
		t.Errorf("got %v", err)
	}
}

// Hugo takes an old address of an English page as below /en/, however it is written.
func TestOldAddressesOfEnglishPages(t *testing.T) {
	head := "---\ntitle: T\naliases: [/english, \"/en/old/\"] # /old\n---\n"
	p := &Page{Path: "/en/", FrontMatter: FrontMatter{Aliases: []Ref{{ID: "/english", Line: 3}, {ID: "/en/old/", Line: 3}}}}
	want := "---\ntitle: T\naliases: [/../english, \"/../en/old/\"] # /../old\n---\n"
	if got := string(p.hugoAliases([]byte(head))); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	p.Path = "/fonden/"
	if got := string(p.hugoAliases([]byte(head))); got != head {
		t.Errorf("of a Danish page: %q", got)
	}
}

package release

import (
	"cmp"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/tools/selvtjek"
)

// The editors' guide is reached by its address, and by who is told of it.
func TestGuideIsNotListed(t *testing.T) {
	dir := filepath.Join(realSite(t), "site")
	for _, file := range []string{"a-aa/index.html", "soeg/index.html", "index.html", "sitemap.xml"} {
		if strings.Contains(read(t, dir, filepath.FromSlash(file)), "/redaktoer/") {
			t.Errorf("/redaktoer/ is listed in %s", file)
		}
	}
}

func TestGlossaryWordsAreLinkedAtFirstUse(t *testing.T) {
	page := read(t, realSite(t), "site/fonden/svar-og-klage/index.html")
	if n := strings.Count(page, `href="/ordliste/#tilsagn" class="term"`); n > 1 {
		t.Errorf("tilsagn is linked %d times", n)
	}
	if !strings.Contains(page, `class="term"`) {
		t.Error("no word is linked to the glossary")
	}
	for _, m := range regexp.MustCompile(`<h[1-6][^>]*>[^<]*<a[^>]*class="term"`).FindAllString(page, -1) {
		t.Errorf("a heading links to the glossary: %s", m)
	}
}

// A source whose address is known in part says so beside its link.
func TestSourceKnownInPart(t *testing.T) {
	for page, want := range map[string]string{
		"fonden/medfinansiering": "Siden ligger et sted under linket", "en/eligibility": "The page is somewhere below the link",
		"selvtjek/find-din-fond/udfald/regional": "(et sted under linket)",
	} {
		if !strings.Contains(read(t, realSite(t), "site/"+page+"/index.html"), want) {
			t.Errorf("%s lacks %q", page, want)
		}
	}
}

// The built pages lead where the diagram says, and nowhere else.
func TestLinksOfSelfChecksAreTheDiagram(t *testing.T) {
	in := real("2026-11-22")
	tree, err := content.Load(in.Source, in.Now)
	if err != nil {
		t.Fatal(err)
	}
	flows, err := selvtjek.Load(tree)
	if err != nil {
		t.Fatal(err)
	}
	docs, err := readSite(filepath.Join(mustMake(t, in), "site"))
	if err != nil {
		t.Fatal(err)
	}
	links := map[string][]string{}
	for _, d := range docs {
		links[d.path] = d.links
	}
	for _, f := range flows {
		for _, n := range f.Nodes {
			var got, want []string
			for _, l := range links[f.Address(n)] {
				if strings.HasPrefix(l, f.Base()) && l != f.Base() {
					got = append(got, l)
				}
			}
			for _, e := range n.Edges {
				want = append(want, f.Address(e.To))
			}
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("%s leads to %v, want %v", f.Address(n), got, want)
			}
		}
	}
}

// A yes that rests on an earlier period's rules says so in a sentence of its own.
func TestUnconfirmedYesSaysSo(t *testing.T) {
	page := read(t, realSite(t), "site/selvtjek/kan-jeg-soege/udfald/ja-co10/index.html")
	if !strings.Contains(page, `<p class="lead">OK26 er indgået. Hvad den betyder for fonden, har vi ikke set.`) {
		t.Error("the outcome does not say that OK26 is not confirmed")
	}
}

// A tab of an outcome tells which self-check it ends, and whose money it is about.
func TestTitleOfAnOutcome(t *testing.T) {
	page := read(t, realSite(t), "site/selvtjek/kan-jeg-soege/udfald/ja-co10/index.html")
	if !strings.Contains(page, "<title>Ja, efter reglerne i OK21 – CO10 – Selvtjek: Kan jeg søge? – Kompetencesekretariatet</title>") {
		t.Error("got " + page[:min(len(page), 400)])
	}
}

// The title of a form in English is marked so wherever it stands on a Danish page (WCAG 3.1.2).
func TestTitleInEnglishIsMarked(t *testing.T) {
	in := real("2026-11-22")
	tree, err := content.Load(in.Source, in.Now)
	if err != nil {
		t.Fatal(err)
	}
	var titles []string
	for _, p := range tree.Pages {
		if p.FormLang == "en" {
			titles = append(titles, regexp.QuoteMeta(p.Title), regexp.QuoteMeta(cmp.Or(p.LinkTitle, p.Title)))
		}
	}
	link, found := regexp.MustCompile(`<(?:a|li|h1)\b[^>]*>(?:<span>)?(?:`+strings.Join(titles, "|")+`)<`), 0
	eachFile(t, os.DirFS(filepath.Join(realSite(t), "site")), ".html", func(src []byte) {
		for _, m := range link.FindAllString(string(src), -1) {
			if found++; !strings.Contains(m, "lang=") {
				t.Errorf("no lang: %s", m)
			}
		}
	})
	if found < 6 {
		t.Errorf("only %d titles in English", found)
	}
}

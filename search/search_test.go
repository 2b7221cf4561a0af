package search

import (
	"context"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/blevesearch/bleve/v2"

	"kompetenceudvikling.dk/kompas/search/dansk"
)

func site() []Page {
	page := func(url, title, lead string, sections ...Section) Page {
		return Page{URL: url, Title: title, Description: lead, Kind: "guide", Sections: append([]Section{{Text: lead}}, sections...)}
	}
	return []Page{
		page("/fonden/", "Kompetencefonden", "Fonden støtter efteruddannelse."),
		page("/fonden/beloeb/", "Hvor meget kan du få?", "Loftet står her.",
			Section{"moms", "Moms", "Prisen uden moms. Beløbet er 30.000 kr. i CO10."},
			Section{"aar", "Hvilket år tæller", "Året for tilsagnet tæller."}),
		page("/mus/", "MUS-samtalen", "Medarbejderudviklingssamtaler holdes med medarbejdere hvert år."),
		page("/55-plus/", "Ansatte på 55+", "Om kompetenceudvikling sent i arbejdslivet."),
		page("/om/", "Om os", "Vi er et sekretariat for medarbejdere med en alder på 55 år."),
		page("/a/", "Ens sider", "Den samme tekst om rotation."),
		page("/b/", "Ens sider", "Den samme tekst om rotation."),
	}
}

func open(t testing.TB, pages []Page) *Index {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "index")
	if err := Build(dir, pages, Words{}); err != nil {
		t.Fatal(err)
	}
	ix, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := ix.Close(); err != nil {
			t.Error(err)
		}
	})
	return ix
}

func query(t testing.TB, ix *Index, q string) Result {
	t.Helper()
	r, err := ix.Find(context.Background(), Query{Text: q, Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestFirstHit(t *testing.T) {
	ix := open(t, site())
	for q, want := range map[string]string{
		"fond":                "/fonden/",        // a part of Kompetencefonden
		"kompetence fond":     "/fonden/",        // written apart
		"uddannelse":          "/fonden/",        // a part of efteruddannelse
		"kompetansefonden":    "/fonden/",        // misspelt
		"BELØB":               "/fonden/beloeb/", // any case
		"beloeb":              "/fonden/beloeb/", // ø as oe
		"belob":               "/fonden/beloeb/", // ø as o
		"30000":               "/fonden/beloeb/", // no point
		"30.000 kr":           "/fonden/beloeb/", // with one
		"medarbejdersamtale":  "/mus/",           // not a word of the site: a page about both its parts
		"55+":                 "/55-plus/",       // not any 55
		"55":                  "/om/",            // not 55+
		"hvad er moms":        "/fonden/beloeb/", // stop words
		"kompetenceudvikling": "/55-plus/",       // whole word before its parts
		"tæller året":         "/fonden/beloeb/", // other words than a heading's, or in another order
	} {
		r := query(t, ix, q)
		if len(r.Hits) == 0 || r.Hits[0].URL != want {
			t.Errorf("%q: got %v, want %s first", q, r.Hits, want)
		}
	}
}

// courses is a site where many compounds end in kursus, and few in skema.
func courses() []Page {
	return append(site(), Page{URL: "/kurser/", Title: "Kurser", Kind: "guide", Sections: []Section{
		{Text: "Sprog, motor, musik og miljø. Et kursus og et skema."},
		{Text: "Sprogkurser, motorkursus, musikkursus og et miljøkursus har hvert et sprogskema."},
	}})
}

// A compound whose beginning is on no page is found by its end, when many of the site's
// compounds end so; what only looks so is not.
func TestCompoundOfAnUnknownWord(t *testing.T) {
	ix := open(t, courses())
	for q, first := range map[string]string{"orgelkursus": "/kurser/", "svejsekurserne": "/kurser/", "xykursus": "", "orgelskema": ""} {
		r := query(t, ix, q)
		if first == "" && r.Total > 0 || first != "" && (r.Total == 0 || r.Hits[0].URL != first) {
			t.Errorf("%q finds %v, want %q first", q, urls(r), first)
		}
		if first != "" && r.Corrected != "kursus" && r.Corrected != "kurser" {
			t.Errorf("%q is read as %q, and it is not said", q, r.Corrected)
		}
	}
}

func TestCorrectionIsSaid(t *testing.T) {
	ix := open(t, site())
	for q, want := range map[string]string{
		"kompetansefonden":          "kompetencefonden",
		"hvad er kompetansefonden?": "hvad er kompetencefonden?",
		"fonden":                    "", // known
		"GRUX":                      "", // an abbreviation is never misspelt
		"xyzzyqq":                   "", // nothing near
	} {
		if got := query(t, ix, q).Corrected; got != want {
			t.Errorf("%q corrected to %q, want %q", q, got, want)
		}
	}
}

func TestHitNamesItsSection(t *testing.T) {
	h := query(t, open(t, site()), "moms").Hits[0]
	if len(h.Sections) != 1 || h.Sections[0].Anchor != "moms" || h.Sections[0].Heading != "Moms" {
		t.Errorf("got sections %v", h.Sections)
	}
	var marked []string
	for _, m := range h.Marks {
		marked = append(marked, h.Excerpt[m[0]:m[1]])
	}
	if strings.Join(marked, " ") != "moms" {
		t.Errorf("marked %q in %q", marked, h.Excerpt)
	}
}

func TestExcerptBeginsAtWords(t *testing.T) {
	text := strings.Repeat("ærlige ord om åben øvelse. ", 30) + "Her står nålen. " + strings.Repeat("mere bagefter ", 40)
	got, marks := excerpt(text, map[string]bool{"nal": true})
	if len(marks) != 1 || got[marks[0][0]:marks[0][1]] != "nålen" {
		t.Fatalf("marks %v in %q", marks, got)
	}
	if !strings.HasPrefix(got, "… ") || !strings.HasSuffix(got, " …") || len(got) > excerptLength+30 {
		t.Errorf("got %d bytes: %q", len(got), got)
	}
	if whole, _ := excerpt("Kort tekst.", nil); whole != "Kort tekst." {
		t.Errorf("a short text is cut: %q", whole)
	}
}

// The order must not depend on the order of pages, nor on Bleve's own numbers.
func TestOrderIsTheSameInEveryBuild(t *testing.T) {
	pages := site()
	a := open(t, pages)
	for i := range len(pages) / 2 {
		j := len(pages) - 1 - i
		pages[i], pages[j] = pages[j], pages[i]
	}
	b := open(t, pages)
	for _, q := range []string{"rotation", "ens sider", "fond", "medarbejder", "år"} {
		x, y := query(t, a, q), query(t, b, q)
		if len(x.Hits) != len(y.Hits) {
			t.Fatalf("%q: %d and %d hits", q, len(x.Hits), len(y.Hits))
		}
		for i := range x.Hits {
			if x.Hits[i].URL != y.Hits[i].URL {
				t.Errorf("%q: hit %d is %s and %s", q, i, x.Hits[i].URL, y.Hits[i].URL)
			}
		}
	}
	if h := query(t, a, "rotation").Hits; h[0].URL != "/a/" || h[1].URL != "/b/" {
		t.Errorf("equal pages not by address: %v", h)
	}
}

func TestPlainBleveOpensTheIndex(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "index")
	if err := Build(dir, site(), Words{}); err != nil {
		t.Fatal(err)
	}
	ix, err := bleve.OpenUsing(dir, map[string]any{"read_only": true})
	if err != nil {
		t.Fatal(err)
	}
	defer ix.Close()
	q := bleve.NewTermQuery(dansk.Term("moms"))
	q.SetField("overskrift")
	res, err := ix.Search(bleve.NewSearchRequest(q))
	if err != nil || res.Total != 1 || res.Hits[0].ID != "/fonden/beloeb/" {
		t.Errorf("got %v, %v", res, err)
	}
}

func TestManyAtOnce(t *testing.T) {
	ix := open(t, site())
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, q := range []string{"fond", "kompetansefonden", "55+", "moms"} {
				if _, err := ix.Find(context.Background(), Query{Text: q, Limit: 3}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

func TestHostileQueries(t *testing.T) {
	ix := open(t, site())
	for _, q := range []string{
		"", "   ", "???", "og i at", "+title:x AND (", `"`, "\x00\xff", strings.Repeat("kompetence", 1200),
		strings.Repeat("a ", 5000), "<script>alert(1)</script>", "æøå", "010190-1234",
	} {
		r := query(t, ix, q)
		if r.Hits == nil {
			t.Errorf("%.20q: hits are null", q)
		}
	}
}

func FuzzSearch(f *testing.F) {
	ix := open(f, site())
	f.Add("kompetansefonden 55+ e-læring")
	f.Fuzz(func(t *testing.T, q string) {
		r := query(t, ix, q)
		for _, h := range r.Hits {
			at := 0
			for _, m := range h.Marks {
				if m[0] < at || m[1] > len(h.Excerpt) {
					t.Fatalf("mark %v outside %q", m, h.Excerpt)
				}
				at = m[1]
			}
		}
	})
}

package search

import (
	"maps"
	"strings"
	"testing"

	"github.com/blevesearch/bleve/v2"

	"kompetenceudvikling.dk/kompas/search/dansk"
)

func TestFacetsCountAndNarrow(t *testing.T) {
	pages := []Page{
		{URL: "/a/", Title: "Kursus i staten", Kind: "guide", Audience: []string{"leder", "hr"}, Sector: "stat"},
		{URL: "/b/", Title: "Kursus i kommunen", Kind: "guide", Audience: []string{"medarbejder"}, Sector: "kommune-region"},
		{URL: "/c/", Title: "Nyt kursus", Kind: "nyhed", Audience: []string{"leder"}},
		{URL: "/d/", Title: "Noget andet", Kind: "nyhed"},
	}
	for i := range pages {
		pages[i].Sections = []Section{{Text: "Kort sagt."}, {"mere", "Mere", "Mere."}}
	}
	type counts = map[string]int
	for name, f := range finders(t, pages, Words{}) {
		for _, c := range []struct {
			q                      Query
			want                   string
			kind, audience, sector counts
		}{
			{Query{}, "/a/ /b/ /c/", counts{"guide": 2, "nyhed": 1}, counts{"leder": 2, "hr": 1, "medarbejder": 1}, counts{"stat": 1, "kommune-region": 1}},
			// a narrowing counts as if it were not there, in its own list alone
			{Query{Kind: "guide"}, "/a/ /b/", counts{"guide": 2, "nyhed": 1}, counts{"leder": 1, "hr": 1, "medarbejder": 1}, counts{"stat": 1, "kommune-region": 1}},
			{Query{Audience: "leder"}, "/a/ /c/", counts{"guide": 1, "nyhed": 1}, counts{"leder": 2, "hr": 1, "medarbejder": 1}, counts{"stat": 1}},
			{Query{Sector: "kommune-region"}, "/b/", counts{"guide": 1}, counts{"medarbejder": 1}, counts{"stat": 1, "kommune-region": 1}},
			{Query{Kind: "nyhed", Sector: "stat"}, "", counts{"guide": 1}, counts{}, counts{}},
		} {
			c.q.Text = "kursus"
			r := find(t, f, c.q)
			got := map[string]bool{}
			for _, u := range urls(r) {
				got[u] = true
			}
			want := map[string]bool{}
			for _, u := range strings.Fields(c.want) {
				want[u] = true
			}
			if !maps.Equal(got, want) || r.Total != len(want) {
				t.Errorf("%s, %+v: got %v of %d, want %s", name, c.q, urls(r), r.Total, c.want)
			}
			if !maps.Equal(r.Facets.Kind, c.kind) || !maps.Equal(r.Facets.Audience, c.audience) || !maps.Equal(r.Facets.Sector, c.sector) {
				t.Errorf("%s, %+v: facets %+v", name, c.q, r.Facets)
			}
		}
	}
}

// Danish endings are not cut from English words, and letters are folded in both.
func TestEnglishIsFoldedNotStemmed(t *testing.T) {
	english := Page{URL: "/en/", Title: "Eligible employees", Kind: "guide", English: true, Sections: []Section{{Text: "Courses at the Café in Aarhus."}}}
	danish := Page{URL: "/da/", Title: "Ansatte", Kind: "guide", Sections: []Section{{Text: "Samtaler og kurser i Århus."}}}
	if dansk.Term("employees") == "employees" {
		t.Fatal("the Danish stemmer leaves employees alone: take another word")
	}
	for name, f := range finders(t, []Page{english, danish}, Words{}) {
		for q, want := range map[string]string{
			"employees": "/en/", "EMPLOYEES": "/en/", "courses": "/en/", "cafe": "/en/", "café": "/en/",
			"employ": "", "course": "", "samtale": "/da/", "kursus": "/da/",
		} {
			got := strings.Join(urls(find(t, f, Query{Text: q, Exact: true})), " ")
			if got != want {
				t.Errorf("%s: %q finds %q, want %q", name, q, got, want)
			}
		}
		if got := find(t, f, Query{Text: "Århus"}).Total; got != 2 {
			t.Errorf("%s: Århus finds %d pages, want both", name, got)
		}
	}
	ix, _ := exported(t, []Page{english, danish}, Words{})
	q := bleve.NewTermQuery("employees")
	q.SetField("titel")
	if res, err := ix.bleve.Search(bleve.NewSearchRequest(q)); err != nil || res.Total != 1 {
		t.Errorf("the whole English word is not a term: %v, %v", res, err)
	}
}

// A page comes once, with the sections that say most of what was asked, at most three.
func TestOneHitAPageWithItsBestSections(t *testing.T) {
	page := Page{URL: "/beloeb/", Title: "Beløb", Kind: "guide", Sections: []Section{
		{Text: "Om moms."},
		{"a", "Først", "Her står moms en gang."},
		{"b", "Andet", "Intet af det."},
		{"moms", "Moms og frister", "Momsen lægges til."},
		{"c", "Moms igen", "Mere."},
		{"d", "Hvad med moms", "Mere."},
		{"e", "Momsens satser", "Mere."},
	}}
	other := Page{URL: "/andet/", Title: "Andet", Kind: "guide", Sections: []Section{{Text: "Uden det ord."}}}
	for name, f := range finders(t, []Page{page, other}, Words{}) {
		r := find(t, f, Query{Text: "moms frist"})
		if r.Total != 1 || len(r.Hits) != 1 {
			t.Fatalf("%s: %d hits for one page", name, len(r.Hits))
		}
		s := r.Hits[0].Sections
		if len(s) == 0 || len(s) > 3 || s[0].Anchor != "moms" || s[0].Heading != "Moms og frister" {
			t.Errorf("%s: sections %+v", name, s)
		}
		for _, one := range s {
			if one.Anchor == "b" || one.Anchor == "a" {
				t.Errorf("%s: section %+v is not among the best", name, one)
			}
		}
		if got := len(find(t, f, Query{Text: "moms"}).Hits[0].Sections); got != 3 {
			t.Errorf("%s: %d of four equal sections, want 3", name, got)
		}
	}
}

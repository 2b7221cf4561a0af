package search

import (
	"context"
	"testing"
)

// Pages without a section, a description or words of their own are found by their titles.
func TestPagesWithoutSections(t *testing.T) {
	ix, _ := exported(t, []Page{{URL: "/a/", Title: "Fondens regler"}, {URL: "/b/", Title: "Kontakt"}}, Words{})
	if r := query(t, ix, "fond"); len(r.Hits) != 1 || r.Hits[0].URL != "/a/" {
		t.Errorf("fond finds %v, want /a/", urls(r))
	}
}

// A stop word is a word, and never a slip.
func TestStopWordsAreNotCorrected(t *testing.T) {
	ix := open(t, append(site(), Page{URL: "/skole/", Title: "Skolen og vores vært"}))
	for _, q := range []string{"skulle", "hvor", "vores hvor", "være", "vaere"} {
		if r := query(t, ix, q); r.Corrected != "" {
			t.Errorf("%q is read as %q", q, r.Corrected)
		}
	}
}

// A page is raised for a heading that the query is, but for labels that many pages have.
func TestHeadingsNamePages(t *testing.T) {
	faq := Page{URL: "/faq/", Title: "Spørgsmål", Weight: 50, Sections: []Section{
		{ID: "sent", Heading: "Må jeg søge for sent? Nej", Text: "Nej."}, {ID: "nu", Heading: "Det gør du nu i dag", Text: "Ring."}}}
	pages := []Page{faq, {URL: "/soeg/", Title: "Søge for sent", Sections: []Section{{Text: "Du må søge sent."}}}}
	for _, url := range []string{"/1/", "/2/", "/3/"} {
		pages = append(pages, Page{URL: url, Title: "Nu i dag", Sections: []Section{{Heading: "Det gør du nu i dag", Text: "Ring i dag."}}})
	}
	ix := open(t, pages)
	for q, want := range map[string]string{"må man søge for sent": "/faq/", "det gør du nu i dag": "/1/"} {
		if r := query(t, ix, q); len(r.Hits) == 0 || r.Hits[0].URL != want {
			t.Errorf("%q finds %v, want %s first", q, urls(r), want)
		}
	}
}

// A term's number of pages is that of the pages it is found on, on the server and in the
// files: how rare it is decides how much it counts.
func TestTermsCountTheirPages(t *testing.T) {
	ix := open(t, append(site(), Page{URL: "/c/", Title: "Ro", Short: "Fondsmoms", Trail: []string{"Kompetencemoms"}, Description: "Rotationsmoms", Words: []string{"fondsrotation"}}))
	a, err := ix.bleve.Advanced()
	if err != nil {
		t.Fatal(err)
	}
	r, err := a.Reader()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for term, w := range ix.vocab.Terms {
		found := 0
		if err := ix.impacts(context.Background(), r, term, func(int, int, uint64) { found++ }); err != nil {
			t.Fatal(err)
		}
		if found != w.Pages {
			t.Errorf("%s counts %d pages and is on %d", term, w.Pages, found)
		}
	}
}

// A best bet of one compound holds when it is written apart.
func TestBestBetWrittenApart(t *testing.T) {
	words := Words{Best: map[string]string{"fondsmoms": "/om/"}}
	pages := append(site(), Page{URL: "/d/", Title: "Fondsmoms", Sections: []Section{{Text: "Fonds moms og fondsmoms"}}})
	ix, _ := exported(t, pages, words)
	for _, q := range []string{"fondsmoms", "fonds moms"} {
		if r := query(t, ix, q); len(r.Hits) == 0 || !r.Hits[0].Best {
			t.Errorf("%q finds %v, want the best bet first", q, urls(r))
		}
	}
}

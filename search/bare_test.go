package search

import "testing"

// Pages without a section, a description or words of their own are found by their titles.
func TestPagesWithoutSections(t *testing.T) {
	ix, _ := exported(t, []Page{{URL: "/a/", Title: "Fondens regler"}, {URL: "/b/", Title: "Kontakt"}}, Words{})
	if r := query(t, ix, "fond"); len(r.Hits) != 1 || r.Hits[0].URL != "/a/" {
		t.Errorf("fond finds %v, want /a/", urls(r))
	}
}

// A stop word is a word, and never a slip: with nothing else to search for, nothing is found.
func TestStopWordsAreNotCorrected(t *testing.T) {
	ix := open(t, append(site(), Page{URL: "/skole/", Title: "Skolen og vores vært"}))
	for _, q := range []string{"skulle", "hvor", "vores hvor", "være", "vaere"} {
		if r := query(t, ix, q); r.Corrected != "" {
			t.Errorf("%q is read as %q", q, r.Corrected)
		}
	}
}

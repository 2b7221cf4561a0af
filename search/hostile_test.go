package search

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// What looks like Bleve's query language finds what its words find.
func TestQuerySyntaxIsWords(t *testing.T) {
	for name, f := range finders(t, site(), Words{}) {
		for typed, words := range map[string]string{
			`+fonden -moms`:                 "fonden moms",
			`titel:moms`:                    "titel moms",
			`"fonden støtter"`:              "fonden støtter",
			`moms^5 fond~2`:                 "moms 5 fond 2",
			`fond* /mom./ (beløb)`:          "fond mom beløb",
			`side:>30000 brod:[a TO b]`:     "side 30000 brod a TO b",
			`{"query":"moms"}`:              "query moms",
			`moms\ fonden`:                  "moms fonden",
			"<b>moms</b>":                   "b moms b",
			"moms\x00fonden":                "moms fonden",
			"\x1b[31mfonden\x07\r\n\tmoms ": "31mfonden moms",
		} {
			got, want := find(t, f, Query{Text: typed, Exact: true}), find(t, f, Query{Text: words, Exact: true})
			if !slices.Equal(urls(got), urls(want)) || len(got.Hits) == 0 {
				t.Errorf("%s: %q finds %v, its words %v", name, typed, urls(got), urls(want))
			}
		}
	}
}

// A query is cut at 200 letters, never inside one, and answered as far as it goes.
func TestLongQueriesAreCut(t *testing.T) {
	for name, f := range finders(t, site(), Words{}) {
		for _, q := range []string{strings.Repeat("moms ", 2000), "moms " + strings.Repeat("å", 10_000), "moms " + strings.Repeat("\x00", 10_000), "moms " + strings.Repeat("<", 10_000)} {
			r := find(t, f, Query{Text: q})
			if n := utf8.RuneCountInString(r.Query); n > 200 || !utf8.ValidString(r.Query) {
				t.Errorf("%s: %.10q… is kept as %d letters", name, q, n)
			}
			if len(r.Hits) == 0 || r.Hits[0].URL != "/fonden/beloeb/" {
				t.Errorf("%s: %.10q… finds %v", name, q, urls(r))
			}
		}
	}
}

// Nothing but signs or words that say nothing: no page, no error, and nothing made up.
func TestQueriesThatSayNothing(t *testing.T) {
	for name, f := range finders(t, site(), Words{}) {
		for _, q := range []string{"", " ", "???", `"" -- ''`, "+-*/:;()[]{}<>", "\x00\x01\x7f", "\xff\xfe", "og i at det", "hvordan", "…–·«»", "🙂"} {
			r := find(t, f, Query{Text: q})
			if r.Total != 0 || r.Corrected != "" || r.Hits == nil {
				t.Errorf("%s: %q finds %d pages, read as %q", name, q, r.Total, r.Corrected)
			}
		}
	}
}

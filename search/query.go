package search

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/blevesearch/bleve/v2"

	"kompetenceudvikling.dk/kompas/search/dansk"
)

// A Query is what a person asks for. Text is words, never a language of its own. Kind,
// Audience and Sector keep only pages of one; "" keeps all. With Exact, a word that no
// page has is not read as another.
type Query struct {
	Text                   string
	Kind, Audience, Sector string
	Exact                  bool
	From, Limit            int // the first hit given, from 0, and how many
}

// A Result answers a query. Total counts pages. Corrected is the query as it was read
// when a word had to be read as another, else "".
type Result struct {
	Query     string `json:"query"`
	Corrected string `json:"corrected"`
	Total     int    `json:"total"`
	Hits      []Hit  `json:"hits"`
	Facets    Facets `json:"facets"`
}

// Facets count the pages found by what they may be narrowed to, each as if its own
// narrowing were not there.
type Facets struct {
	Kind     map[string]int `json:"kind"`
	Audience map[string]int `json:"audience"`
	Sector   map[string]int `json:"sector"`
}

// A Hit is one page. URL is a path without anchor; Sections are those that fit best, none
// for the page's beginning. Best marks the page that the secretariat chose for the query.
type Hit struct {
	URL      string       `json:"url"`
	Title    string       `json:"title"`
	Sections []SectionHit `json:"sections"`
	Excerpt  string       `json:"excerpt"`
	Kind     string       `json:"kind"`
	Sector   string       `json:"sector,omitempty"`
	Best     bool         `json:"best,omitempty"`
	Marks    [][2]int     `json:"-"` // byte ranges of Excerpt that the query found
	Titles   [][2]int     `json:"-"` // byte ranges of Title
}

// A SectionHit is a section of a page that was found.
type SectionHit struct {
	Anchor  string   `json:"anchor"`
	Heading string   `json:"heading"`
	Marks   [][2]int `json:"-"`
}

// Find answers a query.
func (ix *Index) Find(ctx context.Context, q Query) (Result, error) {
	text := clip(q.Text)
	p := planner{ix, q.Exact}
	words := p.plan(text)
	out := Result{Query: text, Corrected: corrected(text, words), Hits: []Hit{}}
	best := -1
	if at, ok := ix.byURL[ix.vocab.Best[bestKey(text)]]; ok {
		best = at
	}
	sum := &sumQuery{ix: ix, ranking: newRanking(words, ix.vocab.Pages, q, best, p.rise(words))}
	req := bleve.NewSearchRequestOptions(sum, q.Limit, q.From, false)
	req.SortBy([]string{"-_score", "_id"}) // Bleve's own order of equals differs from build to build
	req.Fields = []string{cardField}
	res, err := ix.bleve.SearchInContext(ctx, req)
	if err != nil {
		return out, fmt.Errorf("search %q: %w", text, err)
	}
	out.Total, out.Facets = int(res.Total), sum.facets()
	wanted := p.wantedTerms(words)
	for _, m := range res.Hits {
		var p Page
		if err := json.Unmarshal([]byte(m.Fields[cardField].(string)), &p); err != nil {
			return out, fmt.Errorf("read hit %s: %w", m.ID, err)
		}
		at := ix.place[m.IndexInternalID.Value()]
		h := newHit(p, sum.pages[at], wanted)
		h.Best = at == best
		out.Hits = append(out.Hits, h)
	}
	return out, nil
}

func (p planner) wantedTerms(words []queryWord) map[string]bool {
	wanted := map[string]bool{}
	for _, w := range words {
		for _, t := range append(p.synonyms(w.others), w.terms...) {
			wanted[t.term] = true
		}
	}
	return wanted
}

// corrected writes the query with the words that were read as others.
func corrected(query string, words []queryWord) string {
	out, at, changed := "", 0, false
	for _, w := range words {
		if w.read == "" {
			continue
		}
		out += query[at:w.token.Start] + w.read
		at, changed = w.token.End, true
	}
	if !changed {
		return ""
	}
	return out + query[at:]
}

func newHit(p Page, t *tally, wanted map[string]bool) Hit {
	h := Hit{URL: p.URL, Title: p.Title, Kind: p.Kind, Sector: p.Sector, Sections: []SectionHit{}, Titles: marks(p.Title, wanted)}
	text := p.Description
	for i, s := range t.best(min(len(p.Sections), maxSections)) {
		sec := p.Sections[s]
		if sec.ID != "" {
			h.Sections = append(h.Sections, SectionHit{sec.ID, sec.Heading, marks(sec.Heading, wanted)})
		}
		if i == 0 && sec.Text != "" {
			text = sec.Text
		}
	}
	h.Excerpt, h.Marks = excerpt(text, wanted)
	return h
}

// marks gives the byte ranges of a text that the query found: whole words, and words of
// which a part was asked for.
func marks(text string, wanted map[string]bool) [][2]int {
	var out [][2]int
	for _, t := range dansk.Tokens(text) {
		if isWanted(t, wanted) {
			out = append(out, [2]int{t.Start, t.End})
		}
	}
	return out
}

func isWanted(t dansk.Token, wanted map[string]bool) bool {
	return wanted[dansk.Term(t.Word)] || wanted[dansk.Plain(t.Word)]
}

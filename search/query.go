package search

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/blevesearch/bleve/v2"

	"kompetenceudvikling.dk/kompas/search/dansk"
)

// A Result answers a query. Total counts pages. Corrected is the query as it was read
// when a word had to be read as another, else "".
type Result struct {
	Query     string `json:"query"`
	Corrected string `json:"corrected"`
	Total     int    `json:"total"`
	Hits      []Hit  `json:"hits"`
}

// A Hit is one page. URL is a path without anchor; Anchor and Section name the section
// that fits best, "" for the page's beginning.
type Hit struct {
	URL     string   `json:"url"`
	Anchor  string   `json:"anchor"`
	Title   string   `json:"title"`
	Section string   `json:"section"`
	Excerpt string   `json:"excerpt"`
	Kind    string   `json:"kind"`
	Marks   [][2]int `json:"-"` // byte ranges of Excerpt that the query found
}

// Search gives the best limit pages for a query typed by a person. Equal scores go by
// address: Bleve's own order differs from build to build.
func (ix *Index) Search(ctx context.Context, query string, limit int) (Result, error) {
	query = clip(query)
	q := &sumQuery{ix: ix, words: ix.plan(query)}
	out := Result{Query: query, Corrected: corrected(query, q.words), Hits: []Hit{}}
	req := bleve.NewSearchRequestOptions(q, limit, 0, false)
	req.SortBy([]string{"-_score", "_id"})
	req.Fields = []string{cardField}
	res, err := ix.bleve.SearchInContext(ctx, req)
	if err != nil {
		return out, fmt.Errorf("search %q: %w", query, err)
	}
	out.Total = int(res.Total)
	wanted := map[string]bool{}
	for _, w := range q.words {
		for _, t := range w.terms {
			wanted[t.term] = true
		}
	}
	for _, m := range res.Hits {
		var p Page
		if err := json.Unmarshal([]byte(m.Fields[cardField].(string)), &p); err != nil {
			return out, fmt.Errorf("read hit %s: %w", m.ID, err)
		}
		out.Hits = append(out.Hits, newHit(p, q.pages[m.IndexInternalID.Value()].votes, wanted))
	}
	return out, nil
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

func newHit(p Page, votes [maxSections]int, wanted map[string]bool) Hit {
	best := 0
	for i := range min(len(p.Sections), maxSections) {
		if votes[i] > votes[best] {
			best = i
		}
	}
	h := Hit{URL: p.URL, Title: p.Title, Kind: p.Kind}
	text := p.Description
	if len(p.Sections) > 0 && votes[best] > 0 {
		s := p.Sections[best]
		h.Anchor, h.Section = s.ID, s.Heading
		if s.Text != "" {
			text = s.Text
		}
	}
	h.Excerpt, h.Marks = excerpt(text, wanted)
	return h
}

const excerptLength = 200 // bytes, about

// excerpt cuts a piece of text around the first word that was wanted, at word ends.
func excerpt(text string, wanted map[string]bool) (string, [][2]int) {
	tokens := dansk.Tokens(text)
	first := 0
	for _, t := range tokens {
		if wanted[dansk.Term(t.Word)] {
			first = t.Start
			break
		}
	}
	from, to := 0, len(text)
	for _, t := range tokens { // begin some words before, end at a word
		if t.Start <= first-excerptLength/3 {
			from = t.Start
		}
		if t.End <= from+excerptLength || t.Start <= first {
			to = t.End
		}
	}
	if len(tokens) > 0 && to == tokens[len(tokens)-1].End {
		to = len(text)
	}
	head, tail := "", ""
	if from > 0 {
		head = "… "
	}
	if to < len(text) {
		tail = " …"
	}
	piece := head + strings.TrimSpace(text[from:to]) + tail
	var marks [][2]int
	for _, t := range dansk.Tokens(piece) {
		if wanted[dansk.Term(t.Word)] {
			marks = append(marks, [2]int{t.Start, t.End})
		}
	}
	return piece, marks
}

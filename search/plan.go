package search

import (
	"slices"
	"strings"

	"kompetenceudvikling.dk/kompas/search/dansk"
)

// Weights of the terms that may stand for a word of the query, in tenths, and the
// factors of coverage: a page's sum is multiplied by coverBase*words + coverHit*found.
const (
	weightWhole, weightPart, weightJoined, weightNear, weightPrefix = 10, 6, 15, 8, 5

	coverBase, coverHit = 2, 3
	queryLimit          = 200 // letters; what is longer is cut
	wordLimit           = 20
)

// A queryWord is a word of the query with the terms that may stand for it.
type queryWord struct {
	token dansk.Token
	terms []weighted
	read  string // the form that a word the index lacks was read as, or ""
}

type weighted struct {
	term   string
	weight int
}

// clip cuts a query to what is searched for.
func clip(q string) string {
	r := []rune(strings.ToValidUTF8(strings.TrimSpace(q), ""))
	return string(r[:min(len(r), queryLimit)])
}

// plan turns a query into words with weighted terms.
func (ix *Index) plan(q string) []queryWord {
	all := dansk.Tokens(q)
	tokens := slices.DeleteFunc(slices.Clone(all), func(t dansk.Token) bool { return dansk.Stop(t.Word) })
	if len(tokens) == 0 {
		tokens = all
	}
	tokens = tokens[:min(len(tokens), wordLimit)]
	words := make([]queryWord, len(tokens))
	for i, t := range tokens {
		next := ""
		if i+1 < len(tokens) {
			next = tokens[i+1].Word
		}
		words[i] = ix.word(q, t, next)
	}
	return words
}

func (ix *Index) word(q string, t dansk.Token, next string) queryWord {
	w := queryWord{token: t}
	term := dansk.Term(t.Word)
	known := ix.add(&w, term, weightWhole)
	for _, p := range ix.parts(t, term) {
		ix.add(&w, p, weightPart)
	}
	if next != "" {
		for _, joined := range dansk.Join(t.Word, next) {
			ix.add(&w, dansk.Term(joined), weightJoined)
		}
	}
	written := q[t.Start:t.End]
	abbreviation := written == strings.ToUpper(written)
	if !known && !abbreviation && len([]rune(t.Word)) >= 4 {
		ix.guess(&w, term)
	}
	return w
}

// add gives the word a term of the index; false when the index lacks it.
func (ix *Index) add(w *queryWord, term string, weight int) bool {
	if _, ok := ix.vocab.Terms[term]; !ok {
		return false
	}
	if !slices.ContainsFunc(w.terms, func(o weighted) bool { return o.term == term }) {
		w.terms = append(w.terms, weighted{term, weight})
	}
	return true
}

// parts gives the terms of a word's parts: known from the index, or cut here. Parts
// cut here have terms of four letters at least: shorter ones are found by chance.
func (ix *Index) parts(t dansk.Token, term string) (out []string) {
	if w, ok := ix.vocab.Terms[term]; ok {
		return w.Parts
	}
	words := t.Parts
	if words == nil {
		words = dansk.Split(dansk.Fold(t.Word), 4, func(p string) bool {
			term := dansk.Term(p)
			_, ok := ix.vocab.Terms[term]
			return ok && len(term) > 3
		})
	}
	for _, p := range words {
		out = append(out, dansk.Term(p))
	}
	return out
}

// guess reads a word the index lacks as the nearest terms, else as the beginning of
// longer ones.
func (ix *Index) guess(w *queryWord, term string) {
	for _, n := range ix.near([]rune(term)) {
		if ix.add(w, n, weightNear) && w.read == "" {
			w.read = ix.vocab.Terms[n].Form
		}
	}
	if len(w.terms) > 0 {
		return
	}
	k, _ := slices.BinarySearch(ix.terms, term)
	for n := k; n < min(k+8, len(ix.terms)) && strings.HasPrefix(ix.terms[n], term); n++ {
		ix.add(w, ix.terms[n], weightPrefix)
	}
}

// near gives at most four terms at the least distance: 1, or 2 from eight letters on.
// The first letter is taken to be right.
func (ix *Index) near(term []rune) (out []string) {
	best := 1
	if len(term) >= 8 {
		best = 2
	}
	for _, t := range ix.terms {
		r := []rune(t)
		if r[0] != term[0] {
			continue
		}
		switch d := dansk.Distance(term, r, best); {
		case d < best:
			best, out = d, []string{t}
		case d == best:
			out = append(out, t)
		}
	}
	return out[:min(4, len(out))]
}

package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"kompetenceudvikling.dk/kompas/search/dansk"
)

// Weights of the terms that may stand for a word of the query, in tenths, and the
// factors of coverage: a page's sum is multiplied by coverBase*words + coverHit*found.
const (
	weightWhole, weightPart, weightJoined, weightTurned, weightNear, weightAlso, weightPrefix = 10, 6, 15, 9, 8, 7, 5

	coverBase, coverHit = 2, 3
	queryLimit          = 200 // letters; what is longer is cut
	wordLimit           = 20
	nearLimit           = 3
	prefixLimit         = 8
)

// A lexicon is what a plan asks of an index: Bleve's on the server, the export's files
// elsewhere.
type lexicon interface {
	// word gives what is known of a term.
	word(term string) (word, bool)
	// total gives the number of pages.
	total() int
	// beginning gives the terms whose sound begins with that letter, sorted.
	beginning(initial byte) []string
}

func (ix *Index) word(term string) (word, bool) {
	w, ok := ix.vocab.Terms[term]
	return w, ok
}

func (ix *Index) total() int { return len(ix.vocab.Pages) }

func (ix *Index) beginning(initial byte) []string { return ix.terms[initial] }

// A queryWord is a word of the query with the terms that may stand for it.
type queryWord struct {
	token dansk.Token
	terms []weighted
	read  string // the form that a word the index lacks was read as, or ""
}

// A weighted term weighs so many tenths. It stands for the word, or is the word itself, a
// part of it, or the word joined with the next.
type weighted struct {
	term   string
	weight int
	stands bool
	also   bool // it stands for the word as its synonym
}

// clip cuts a query to what is searched for.
func clip(q string) string {
	r := []rune(strings.ToValidUTF8(strings.TrimSpace(q), ""))
	return string(r[:min(len(r), queryLimit)])
}

// A planner turns queries into words with weighted terms. With exact, words are taken as
// they are written.
type planner struct {
	lexicon
	exact bool
}

func (p planner) plan(q string) []queryWord {
	tokens := significant(q)
	words := make([]queryWord, len(tokens))
	for i, t := range tokens {
		next := ""
		if i+1 < len(tokens) {
			next = tokens[i+1].Word
		}
		words[i] = p.queryWord(q, t, next)
	}
	return words
}

func (p planner) queryWord(q string, t dansk.Token, next string) queryWord {
	w := queryWord{token: t}
	term := dansk.Term(t.Word)
	entry, told := p.word(term)
	known := p.add(&w, term, weightWhole)
	if plain := dansk.Plain(t.Word); !known && plain != term { // a word of an English page
		known = p.add(&w, plain, weightWhole)
	}
	parts := entry.Parts
	if !known {
		parts = p.split(t)
	}
	for _, part := range parts {
		p.add(&w, part, weightPart)
	}
	for _, also := range entry.Also {
		p.add(&w, also, weightAlso)
	}
	if next != "" {
		p.join(&w, entry, dansk.Term(next), weightJoined)
		after, _ := p.word(dansk.Term(next))
		p.join(&w, after, term, weightTurned) // skema til mus: musskema
	}
	written := q[t.Start:t.End]
	abbreviation := written == strings.ToUpper(written)
	if !known && !told && len(parts) == 0 && !abbreviation && !p.exact && len([]rune(t.Word)) >= 4 {
		p.guess(&w, term)
	}
	return w
}

// join gives the word the compounds that one entry and the next term make.
func (p planner) join(w *queryWord, e word, next string, weight int) {
	for _, j := range e.Joins {
		if j.Next == next {
			p.add(w, j.Term, weight)
		}
	}
}

// add gives the word a term that pages have; false when none has it. What much of the
// site is about says little: its weight falls.
func (p planner) add(w *queryWord, term string, weight int) bool {
	also := weight == weightAlso
	stands := also || weight == weightNear || weight == weightPrefix
	e, _ := p.word(term)
	if e.Pages == 0 {
		return false
	}
	weight = weight * p.rarity(e.Pages) / 10
	if !slices.ContainsFunc(w.terms, func(o weighted) bool { return o.term == term && o.also == also }) {
		w.terms = append(w.terms, weighted{term, weight, stands, also})
	}
	return true
}

// rarity gives the tenths that a term counts, by the number of pages that have it: Bleve
// knows how rare a term is in a field only, and nearly every word is rare in titles.
func (p planner) rarity(pages int) int {
	for i, tenths := range []int{3, 4, 6, 8} {
		if pages<<(i+1) > p.total() {
			return tenths
		}
	}
	return 10
}

// split cuts a word that the index lacks into terms that it has. Parts have terms of
// four letters at least, for shorter ones are found by chance, but for the few short
// ones kept by hand.
func (p planner) split(t dansk.Token) (out []string) {
	words := t.Parts
	if words == nil {
		words = dansk.Split(dansk.Fold(t.Word), 3, func(part string) bool {
			term := dansk.Term(part)
			if utf8.RuneCountInString(term) < 4 && !dansk.ShortPart(part) {
				return false
			}
			list := p.beginning(initial(term))
			_, ok := slices.BinarySearch(list, term)
			return ok
		})
	}
	for _, w := range words {
		out = append(out, dansk.Term(w))
	}
	return out
}

// guess reads a word the index lacks as the nearest terms, else as the beginning of
// longer ones.
func (p planner) guess(w *queryWord, term string) {
	list := p.beginning(initial(term))
	for _, n := range p.near(term, list) {
		if p.add(w, n, weightNear) && w.read == "" {
			e, _ := p.word(n)
			w.read = e.Form
		}
	}
	if len(w.terms) > 0 {
		return
	}
	k, _ := slices.BinarySearch(list, term)
	for n := k; n < min(k+prefixLimit, len(list)) && strings.HasPrefix(list[n], term); n++ {
		p.add(w, list[n], weightPrefix)
	}
}

// near gives the terms whose sound is nearest: at a distance of 1 at most, or 2 from
// eight letters on. Of those equally near, the ones most pages have come first.
func (p planner) near(term string, list []string) (out []string) {
	sound := []rune(dansk.Sound(term))
	best := 1
	if len(sound) >= 8 {
		best = 2
	}
	for _, t := range list {
		switch d := dansk.Distance(sound, []rune(dansk.Sound(t)), best); {
		case d < best:
			best, out = d, []string{t}
		case d == best:
			out = append(out, t)
		}
	}
	pages := func(t string) int { e, _ := p.word(t); return e.Pages }
	slices.SortStableFunc(out, func(a, b string) int { return cmp.Compare(pages(b), pages(a)) })
	return out[:min(nearLimit, len(out))]
}

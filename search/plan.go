package search

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"kompetenceudvikling.dk/kompas/search/dansk"
)

// Weights of the terms that may stand for a word of the query, in tenths. A page's sum is
// multiplied by its cover: coverBase*words + coverHit*found + coverName*found in its name,
// where each word counts as much as it is rare; and by riseNone, or more when the query
// names the page: riseTitle for its whole title, riseName for a menu title, the end of its
// address, or search words of more than one, riseHeading for a heading that few pages have.
const (
	weightWhole, weightPart, weightJoined, weightTurned, weightNear, weightAlso, weightPrefix = 10, 6, 10, 9, 8, 7, 5

	coverBase, coverHit, coverName = 2, 4, 1

	riseNone, riseName, riseTitle, riseHeading = 10, 25, 40, 100

	queryLimit  = 200 // letters; what is longer is cut
	wordLimit   = 20
	nearLimit   = 3
	prefixLimit = 8
)

// A lexicon is what a plan asks of an index: Bleve's on the server, the export's files
// elsewhere.
type lexicon interface {
	// word gives what is known of a term.
	word(term string) (word, bool)
	// total gives the number of pages.
	total() int
	// beginning gives the words whose sound begins with that letter, sorted by term.
	beginning(initial byte) []listed
	// endings matches a term, and gives what it ends in when many compounds do.
	endings() *regexp.Regexp
	// named gives the pages that terms in a row name, by place, with what their scores
	// rise by.
	named(terms string) map[int]int
}

func (ix *Index) word(term string) (word, bool) {
	w, ok := ix.vocab.Terms[term]
	return w, ok
}

func (ix *Index) total() int { return len(ix.vocab.Pages) }

func (ix *Index) beginning(initial byte) []listed { return ix.terms[initial] }

func (ix *Index) endings() *regexp.Regexp { return ix.ends }

func (ix *Index) named(terms string) map[int]int { return ix.vocab.Named[terms] }

// A queryWord is a word of the query with the terms that may stand for it.
type queryWord struct {
	token  dansk.Token
	tenths int    // how much it counts for cover
	base   string // its own term, or that of the word it was read as
	terms  []weighted
	others []string // terms whose synonyms may stand for the word
	read   string   // the form that a word the index lacks was read as, or ""
}

// A weighted term weighs so many hundredths. It stands for the word, or is the word
// itself, a part of it, or the word joined with the next.
type weighted struct {
	term   string
	weight int
	stands bool
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
	var words []queryWord
	for _, t := range tokens {
		w := p.queryWord(q, t)
		w.tenths = p.tenths(w)
		words = append(words, w)
	}
	before := stopsBefore(q)
	var following []string // the next word, and what it makes with the one after
	for i := len(words) - 1; i >= 0; i-- {
		w := &words[i]
		var joined []string
		for _, next := range following {
			joined = append(joined, p.join(w, w.base, next, weightJoined)...)
			p.join(w, next, w.base, weightTurned) // skema til mus: musskema
		}
		if stop := before[w.token.Start]; stop != "" { // med finansiering
			p.join(w, w.base, afterStop+dansk.Fold(stop), weightJoined)
		}
		following = append([]string{w.base}, joined...)
	}
	return words
}

// stopsBefore gives the stop words by where the word after begins.
func stopsBefore(q string) map[int]string {
	out, last := map[int]string{}, ""
	for _, t := range dansk.Tokens(q) {
		if dansk.Stop(last) {
			out[t.Start] = last
		}
		last = t.Word
	}
	return out
}

func (p planner) queryWord(q string, t dansk.Token) queryWord {
	w := queryWord{token: t, base: dansk.Term(t.Word)}
	entry, told := p.word(w.base)
	if told {
		w.others = []string{w.base}
	}
	known := p.add(&w, w.base, weightWhole, false)
	if plain := dansk.Plain(t.Word); !known && plain != w.base { // a word of an English page
		known = p.add(&w, plain, weightWhole, false)
	}
	if known {
		p.addParts(&w, entry.Parts)
		return w
	}
	written := q[t.Start:t.End]
	abbreviation := written == strings.ToUpper(written) // is never misspelt
	if told || abbreviation || p.exact || dansk.Stop(t.Word) || utf8.RuneCountInString(t.Word) < 4 {
		p.addParts(&w, p.split(t))
	} else {
		p.guess(&w)
	}
	return w
}

// tenths gives how much a word counts for cover: as much as its rarest term, and least
// when no page has it.
func (p planner) tenths(w queryWord) int {
	most := p.rarity(p.total())
	for _, t := range w.terms {
		e, _ := p.word(t.term)
		most = max(most, p.rarity(e.Pages))
	}
	return most
}

func (p planner) addParts(w *queryWord, parts []string) {
	for _, part := range parts {
		p.add(w, part, weightPart, false)
	}
}

// join gives the word the compounds that one term and the next make, with what may stand
// for them.
func (p planner) join(w *queryWord, first, next string, weight int) (joined []string) {
	e, _ := p.word(first)
	for _, j := range e.Joins {
		if j.Next == next && p.add(w, j.Term, weight, false) {
			joined = append(joined, j.Term)
		}
	}
	w.others = append(w.others, joined...)
	return joined
}

// add gives the word a term that pages have; false when none has it. What much of the
// site is about says little: its weight falls.
func (p planner) add(w *queryWord, term string, weight int, stands bool) bool {
	e, _ := p.word(term)
	if e.Pages == 0 {
		return false
	}
	weight *= p.rarity(e.Pages)
	if !slices.ContainsFunc(w.terms, func(o weighted) bool { return o.term == term }) {
		w.terms = append(w.terms, weighted{term, weight, stands})
	}
	return true
}

// synonyms gives the terms that may stand for words, weighted: none more than the word.
func (p planner) synonyms(words []string) (out []weighted) {
	for _, word := range words {
		e, _ := p.word(word)
		for _, term := range e.Also {
			if also, _ := p.word(term); also.Pages > 0 {
				out = append(out, weighted{term, weightAlso * min(p.rarity(also.Pages), p.rarity(e.Pages)), true})
			}
		}
	}
	return out
}

// rise gives, by place, what the scores of pages rise by that the query names.
func (p planner) rise(words []queryWord) map[int]int {
	var terms []string
	for _, w := range words {
		terms = append(terms, w.base)
	}
	return p.named(strings.Join(terms, " "))
}

// rarity gives the tenths that a term counts, by the number of pages that have it: Bleve
// knows how rare a term is in a field only, and nearly every word is rare in titles.
func (p planner) rarity(pages int) int {
	if 10*pages > 7*p.total() {
		return 2
	}
	for i, tenths := range []int{3, 4, 6, 8} {
		if pages<<(i+1) > p.total() {
			return tenths
		}
	}
	return 10
}

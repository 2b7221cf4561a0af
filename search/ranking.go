package search

import (
	"math/bits"
	"slices"
)

const (
	maxSections   = 32 // further sections count as the last
	sectionsShown = 3
	bestScore     = 1 << 40 // above any sum: the secretariat's own choice comes first
)

// A ranking adds the integers of one query, page by page: on the server what Bleve's
// term searchers give, in the export what its files hold. The order is the same by
// construction.
type ranking struct {
	words []queryWord
	info  []pageInfo // by place
	query Query
	best  int // the place of the page chosen for the query, or -1
	pages map[int]*tally
	all   int         // tenths of all words
	rise  map[int]int // place -> what its score rises by, for the query names it
}

// A tally is what a page has got. For the word being added, own is the sum of its own
// terms, other the most of any term that stands for it, with the sections of that term: a
// synonym on the page adds nothing to the word itself.
type tally struct {
	sum, found, last, own, other int
	named, name                  int // tenths of words found in its name; of the one being added
	sections                     uint64
	votes                        [maxSections]int
}

// close ends the word being added.
func (t *tally) close() {
	t.sum += max(t.own, t.other)
	t.vote(t.other, t.sections>>1)
	t.named += t.name
	t.own, t.other, t.sections, t.name = 0, 0, 0, 0
}

func (t *tally) vote(points int, sections uint64) {
	for ; sections != 0; sections &= sections - 1 {
		t.votes[bits.TrailingZeros64(sections)] += points
	}
}

func newRanking(words []queryWord, info []pageInfo, q Query, best int, rise map[int]int) ranking {
	r := ranking{words: words, info: info, query: q, best: best, pages: map[int]*tally{}, rise: rise}
	for _, w := range words {
		r.all += w.tenths
	}
	for place := range rise {
		r.pages[place] = &tally{}
	}
	if best >= 0 {
		r.pages[best] = &tally{}
	}
	return r
}

// vote gives a page points for a term of one word of the query, counted from 1.
func (r *ranking) vote(place, word int, t weighted, impact int, sections uint64) {
	points := t.weight * impact
	p := r.pages[place]
	if p == nil {
		p = &tally{}
		r.pages[place] = p
	}
	if p.last != word {
		p.close()
		p.last = word
		p.found += r.words[word-1].tenths
	}
	switch {
	case !t.stands:
		p.own += points
		p.vote(points, sections>>1)
		if sections&1 == 1 {
			p.name = r.words[word-1].tenths
		}
	case points > p.other:
		p.other, p.sections = points, sections
	}
}

// close ends the last word of every page.
func (r *ranking) close() {
	for _, p := range r.pages {
		p.close()
	}
}

func (r *ranking) score(place int) int {
	p := r.pages[place]
	score := p.sum * (coverBase*r.all + coverHit*p.found + coverName*p.named) * max(riseNone, r.rise[place])
	if place == r.best {
		score += bestScore
	}
	return score
}

// keeps tells whether a page is among those the query is narrowed to.
func (r *ranking) keeps(place int) bool {
	kind, audience, sector := r.matches(place)
	return kind && audience && sector
}

func (r *ranking) matches(place int) (kind, audience, sector bool) {
	p, q := r.info[place], r.query
	return q.Kind == "" || p.Kind == q.Kind,
		q.Audience == "" || slices.Contains(p.Audience, q.Audience),
		q.Sector == "" || p.Sector == q.Sector
}

func (r *ranking) facets() Facets {
	f := Facets{map[string]int{}, map[string]int{}, map[string]int{}}
	for place := range r.pages {
		p := r.info[place]
		kind, audience, sector := r.matches(place)
		if audience && sector {
			f.Kind[p.Kind]++
		}
		if kind && sector {
			for _, a := range p.Audience {
				f.Audience[a]++
			}
		}
		if kind && audience && p.Sector != "" {
			f.Sector[p.Sector]++
		}
	}
	return f
}

// best gives the sections with most votes, at most three, best first: the first one, and
// others with half of its votes at least. Equals go by place.
func (t *tally) best(sections int) []int {
	var out []int
	for i := range sections {
		if t.votes[i] > 0 {
			out = append(out, i)
		}
	}
	slices.SortStableFunc(out, func(a, b int) int { return t.votes[b] - t.votes[a] })
	for i, s := range out {
		if i == sectionsShown || 2*t.votes[s] < t.votes[out[0]] {
			return out[:i]
		}
	}
	return out
}

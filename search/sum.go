package search

import (
	"context"
	"math"
	"slices"

	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/searcher"
	index "github.com/blevesearch/bleve_index_api"
)

const impactScale = 16 // an impact is the boosted score times this, as a whole number

// impacts calls hit for each page that has the term, with the term's impact on the page
// and the sections it stands in (bits). An impact is the sum of Bleve's BM25 over the
// fields, boosted, times the page's weight, rounded once: integers are all that is ever added, so that a static
// export can do the same sums. Boosts are applied here, for Bleve's term searchers
// ignore theirs when they stand alone.
func (ix *Index) impacts(ctx context.Context, r index.IndexReader, term string, hit func(place, impact int, sections uint64)) error {
	ctx = context.WithValue(ctx, search.BM25StatsKey, ix.stats)
	ctx = context.WithValue(ctx, search.GetScoringModelCallbackKey,
		search.GetScoringModelCallbackFn(func() string { return index.BM25Scoring }))
	found := map[uint64]*share{}
	sc := &search.SearchContext{DocumentMatchPool: search.NewDocumentMatchPool(2, 0), IndexReader: r}
	for _, f := range fields {
		s, err := searcher.NewTermSearcher(ctx, r, term, f.name, 1, search.SearcherOptions{IncludeTermVectors: inSections(f.name)})
		if err != nil {
			return err
		}
		for {
			m, err := s.Next(sc)
			if err != nil {
				return err
			}
			if m == nil {
				break
			}
			id := m.IndexInternalID.Value()
			if found[id] == nil {
				found[id] = &share{}
			}
			found[id].take(m, f.name, f.boost)
			sc.DocumentMatchPool.Put(m)
		}
		if err := s.Close(); err != nil {
			return err
		}
	}
	for id, s := range found {
		place := ix.place[id]
		weight := float64(ix.vocab.Pages[place].Weight) / 100
		hit(place, max(1, int(math.Floor(float64(s.score*weight*impactScale)+.5))), s.sections())
	}
	return nil
}

// A share is what one term gives to one page.
type share struct {
	score           float64
	headings, texts uint64
	name            uint64 // 1 when it is in the page's name
}

func (s *share) take(m *search.DocumentMatch, field string, boost float64) {
	s.score += float64(boost * m.Score) // the conversion forbids a fused multiply-add
	if slices.Contains(names, field) {
		s.name = 1
	}
	for _, l := range m.FieldTermLocations {
		if len(l.Location.ArrayPositions) == 0 {
			continue
		}
		bit := uint64(1) << min(l.Location.ArrayPositions[0], maxSections-1)
		if field[0] == 'o' {
			s.headings |= bit
		} else {
			s.texts |= bit
		}
	}
}

// names are the fields that tell what a page is.
var names = []string{"titel", "titeld", "kort", "ord"}

// sections gives those with the term in the heading if there are any: a heading says
// more than the text below it. The lowest bit is set for a term in the page's name.
func (s *share) sections() uint64 {
	if s.headings != 0 {
		return s.headings<<1 | s.name
	}
	return s.texts<<1 | s.name
}

// A sumQuery is a Bleve query and its searcher: Bleve's term searchers score, it adds.
type sumQuery struct {
	ix *Index
	ranking
	ids []uint64 // of the pages to give, in Bleve's order
}

// Searcher runs all terms and keeps the sums.
func (q *sumQuery) Searcher(ctx context.Context, r index.IndexReader, _ mapping.IndexMapping, _ search.SearcherOptions) (search.Searcher, error) {
	for i, w := range q.words {
		for _, t := range append(slices.Clone(w.terms), planner{lexicon: q.ix}.synonyms(w.others)...) {
			err := q.ix.impacts(ctx, r, t.term, func(place, impact int, sections uint64) {
				q.vote(place, i+1, t, impact, sections)
			})
			if err != nil {
				return nil, err
			}
		}
	}
	q.close()
	for place := range q.pages {
		if q.keeps(place) {
			q.ids = append(q.ids, q.ix.ids[place])
		}
	}
	slices.Sort(q.ids)
	return q, nil
}

// Next gives the next page in Bleve's order.
func (q *sumQuery) Next(ctx *search.SearchContext) (*search.DocumentMatch, error) {
	if len(q.ids) == 0 {
		return nil, nil
	}
	id := q.ids[0]
	q.ids = q.ids[1:]
	m := ctx.DocumentMatchPool.Get()
	m.IndexInternalID = index.NewIndexInternalID(m.IndexInternalID, id)
	m.Score = float64(q.score(q.ix.place[id]))
	return m, nil
}

// Advance skips to a page.
func (q *sumQuery) Advance(ctx *search.SearchContext, to index.IndexInternalID) (*search.DocumentMatch, error) {
	for len(q.ids) > 0 && q.ids[0] < to.Value() {
		q.ids = q.ids[1:]
	}
	return q.Next(ctx)
}

func (q *sumQuery) Close() error               { return nil }
func (q *sumQuery) Weight() float64            { return 1 }
func (q *sumQuery) SetQueryNorm(float64)       {}
func (q *sumQuery) Count() uint64              { return uint64(len(q.pages)) }
func (q *sumQuery) Min() int                   { return 0 }
func (q *sumQuery) Size() int                  { return len(q.pages) }
func (q *sumQuery) DocumentMatchPoolSize() int { return 1 }

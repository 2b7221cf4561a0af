// Package search makes the site's index and answers queries from it. In go pages cut
// into sections; out come hits, one a page, best first. Bleve is the index and scores
// every term; the plan of a query and the sum are ours (docs/beslutninger/0003). It is
// the only importer of Bleve, with search/dansk for the language, and never sees HTML.
package search

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/whitespace"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search"
	index "github.com/blevesearch/bleve_index_api"

	"kompetenceudvikling.dk/kompas/search/dansk"
)

// A Page is what is indexed of one page of the site. URL is its path.
type Page struct {
	URL, Title, Description, Kind string
	Short                         string   // the name in menus, or ""
	Trail                         []string // the names of the pages above it
	Words                         []string // words people search by that the page does not use
	Audience                      []string
	Sector                        string    // stat, kommune-region, or "" when it is about neither or both
	English                       bool      // folded, not stemmed
	Weight                        int       // hundredths that its scores are multiplied by; 0 is 100
	Sections                      []Section // the first has no heading: the lead
}

// Words is what the search is told of people's words beside the pages: see
// content/data/soeg.yaml, which it is read from.
type Words struct {
	Synonyms []Synonym
	Best     map[string]string   // whole query -> address
	Parts    []string            // words that compounds are made of, beside dansk.Parts
	Splits   map[string][]string // word -> its parts; none: it is not a compound
}

// A Synonym lets each of Words find pages by Means too.
type Synonym struct{ Words, Means []string }

// A Section is the text below one heading.
type Section struct {
	ID      string `json:"id"`
	Heading string `json:"heading"`
	Text    string `json:"text"`
}

// fields are the indexed fields in the order their scores are added, with their
// boosts. Those that end in d hold the parts of compounds: apart, so that they neither
// lengthen a title nor weigh as a whole word.
var fields = []struct {
	name  string
	boost float64
}{{"titel", 6}, {"kort", 4}, {"ord", 5}, {"overskrift", 4}, {"intro", 1.5}, {"brod", 3}, {"titeld", 4}, {"ordd", 2.5}, {"overskriftd", 1.5}, {"brodd", .4}, {"sti", 2}, {"adresse", 2}, {"adressed", 1}}

const (
	cardField = "side"        // a page's Page as JSON: stored, not indexed
	vocabFile = "kompas.json" // beside Bleve's files
	format    = 4
)

// A vocabulary is what ranking needs beside Bleve's index.
type vocabulary struct {
	Format  int                    `json:"format"`
	Pages   []pageInfo             `json:"pages"`   // by address
	Lengths map[string]int         `json:"lengths"` // tokens per field: Bleve's own average length is not one
	Terms   map[string]word        `json:"terms"`
	Best    map[string]string      `json:"best"`    // terms of a whole query, sorted -> address
	Named   map[string]map[int]int `json:"named"`   // terms -> place -> what its score rises by
	Endings string                 `json:"endings"` // a pattern: see endings
	Splits  []string               `json:"splits"`
}

// A pageInfo is what every search needs of every page.
type pageInfo struct {
	URL      string   `json:"url"`
	Weight   int      `json:"weight"`
	Kind     string   `json:"kind"`
	Audience []string `json:"audience,omitempty"`
	Sector   string   `json:"sector,omitempty"`
	Names    []name   `json:"names"` // what may be suggested while typing
}

// A name is a title or heading with the anchor it stands at.
type name struct {
	Text   string `json:"text"`
	Anchor string `json:"anchor,omitempty"`
}

// A word tells of a term the form most often written, the number of pages that have it
// (none when it is only a synonym), the terms of its parts and of its synonyms, and the
// compounds that it begins.
type word struct {
	Form  string   `json:"form"`
	Pages int      `json:"pages"`
	Parts []string `json:"parts,omitempty"`
	Also  []string `json:"also,omitempty"`
	Joins []join   `json:"joins,omitempty"`
}

// A join is a compound of two: the term of its other part, and its own.
type join struct {
	Next string `json:"next"`
	Term string `json:"term"`
}

// An Index answers queries. It may be used by many at once; Close it when done.
type Index struct {
	bleve bleve.Index
	vocab vocabulary
	terms map[byte][]listed // sorted, by the first letter of their sound
	stats *search.BM25Stats
	ends  *regexp.Regexp
	place map[uint64]int // Bleve's document number -> place in vocab.Pages
	ids   []uint64       // and back
	byURL map[string]int // address -> place

	headings []heading
}

func newMapping() (*mapping.IndexMappingImpl, error) {
	m := bleve.NewIndexMapping()
	m.ScoringModel = index.BM25Scoring
	// Text is analysed outside Bleve, which needs to know blanks only: one function for
	// index, query and export, and an index that plain Bleve code can open.
	if err := m.AddCustomAnalyzer("ord", map[string]any{"type": custom.Name, "tokenizer": whitespace.Name}); err != nil {
		return nil, err
	}
	m.DefaultMapping = bleve.NewDocumentStaticMapping()
	for _, f := range fields {
		fm := bleve.NewTextFieldMapping()
		fm.Analyzer, fm.Store, fm.DocValues, fm.IncludeInAll = "ord", false, false, false
		fm.IncludeTermVectors = inSections(f.name) // their array positions are section numbers
		m.DefaultMapping.AddFieldMappingsAt(f.name, fm)
	}
	card := bleve.NewTextFieldMapping()
	card.Index, card.Store, card.DocValues, card.IncludeInAll, card.IncludeTermVectors = false, true, false, false, false
	m.DefaultMapping.AddFieldMappingsAt(cardField, card)
	return m, nil
}

func inSections(field string) bool {
	return strings.HasPrefix(field, "overskrift") || strings.HasPrefix(field, "brod")
}

// Build writes an index of pages at dir, which must not exist. The pages' order does
// not matter. Bleve's bytes differ from build to build; its documents do not.
func Build(dir string, pages []Page, words Words) error {
	m, err := newMapping()
	if err != nil {
		return fmt.Errorf("make index mapping: %w", err)
	}
	// Bleve moves its segments into place by rename: they must lie on the same disk.
	// Segments are merged in one go: in steps of ten, what was merged is merged again. A
	// batch is what is held in memory: at 500 pages, twice as much as all the rest.
	b, err := bleve.NewBuilder(dir, m, map[string]any{"batchSize": 100, "mergeMax": 1000, "buildPathPrefix": filepath.Dir(dir)})
	if err != nil {
		return fmt.Errorf("create index %s: %w", dir, err)
	}
	pages = slices.SortedFunc(slices.Values(pages), func(a, b Page) int { return strings.Compare(a.URL, b.URL) })
	a := newAnalysis(pages, words)
	for _, p := range pages {
		doc, err := a.document(p)
		if err == nil {
			err = b.Index(p.URL, doc)
		}
		if err != nil {
			return errors.Join(fmt.Errorf("index page %s: %w", p.URL, err), b.Close())
		}
	}
	src, err := json.Marshal(a.vocabulary(pages, words)) // now, so that a is gone when Bleve merges
	if err != nil {
		return errors.Join(fmt.Errorf("write vocabulary: %w", err), b.Close())
	}
	if err := b.Close(); err != nil {
		return fmt.Errorf("write index %s: %w", dir, err)
	}
	return os.WriteFile(filepath.Join(dir, vocabFile), src, 0o644)
}

// Open opens the index that Build wrote at dir, read only.
func Open(dir string) (*Index, error) {
	src, err := os.ReadFile(filepath.Join(dir, vocabFile))
	if err != nil {
		return nil, fmt.Errorf("open index: %w", err)
	}
	ix := &Index{}
	if err := json.Unmarshal(src, &ix.vocab); err != nil || ix.vocab.Format != format {
		return nil, fmt.Errorf("open index %s: vocabulary of another format: %v", dir, err)
	}
	if ix.ends, err = regexp.Compile(ix.vocab.Endings); err != nil {
		return nil, fmt.Errorf("open index %s: endings: %w", dir, err)
	}
	ix.terms, ix.headings = byInitial(ix.vocab.Terms), headings(ix.vocab.Pages)
	ix.stats = &search.BM25Stats{DocCount: float64(len(ix.vocab.Pages)), FieldCardinality: ix.vocab.Lengths}
	if ix.bleve, err = bleve.OpenUsing(dir, map[string]any{"read_only": true}); err != nil {
		return nil, fmt.Errorf("open index %s: %w", dir, err)
	}
	if err := ix.number(); err != nil {
		return nil, errors.Join(fmt.Errorf("open index %s: %w", dir, err), ix.bleve.Close())
	}
	return ix, nil
}

// A listed word is what a misspelt one is compared with.
type listed struct {
	term, form string
	pages      int // 0 for a word that is only a synonym
}

// byInitial sorts the terms that pages or synonyms have by the first letter of their
// sound: a misspelt word is compared with those that begin as it does.
func byInitial(terms map[string]word) map[byte][]listed {
	out := map[byte][]listed{}
	for _, t := range slices.Sorted(maps.Keys(terms)) {
		w := terms[t]
		if w.Pages > 0 || len(w.Also) > 0 {
			b := initial(t)
			out[b] = append(out[b], listed{t, w.Form, w.Pages})
		}
	}
	return out
}

// initial gives the first letter or digit of a term's sound, or _ for any other sign.
func initial(term string) byte {
	b := dansk.Sound(term)[0]
	if b >= 'a' && b <= 'z' || b >= '0' && b <= '9' {
		return b
	}
	return '_'
}

// number finds the place of each of Bleve's documents: its numbers differ from build to
// build.
func (ix *Index) number() error {
	a, err := ix.bleve.Advanced()
	if err != nil {
		return err
	}
	r, err := a.Reader()
	if err != nil {
		return err
	}
	ix.place, ix.byURL = map[uint64]int{}, map[string]int{}
	for i, p := range ix.vocab.Pages {
		id, err := r.InternalID(p.URL)
		if err != nil || id == nil {
			return errors.Join(fmt.Errorf("page %s is not in the index", p.URL), err, r.Close())
		}
		ix.place[id.Value()], ix.byURL[p.URL] = i, i
		ix.ids = append(ix.ids, id.Value())
	}
	return r.Close()
}

// Close frees the index's files.
func (ix *Index) Close() error { return ix.bleve.Close() }

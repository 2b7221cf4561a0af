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
	Sections                      []Section // the first has no heading: the lead
}

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
}{{"titel", 6}, {"overskrift", 4}, {"intro", 1}, {"brod", 1}, {"titeld", 4}, {"overskriftd", 1.5}, {"brodd", .4}}

const (
	cardField = "kort"        // a page's Page as JSON: stored, not indexed
	vocabFile = "kompas.json" // beside Bleve's files
	format    = 1
)

// A vocabulary is what ranking needs beside Bleve's index.
type vocabulary struct {
	Format  int             `json:"format"`
	Pages   int             `json:"pages"`
	Lengths map[string]int  `json:"lengths"` // tokens per field: Bleve's own average length is not one
	Terms   map[string]word `json:"terms"`
}

// A word tells of a term the form most often written, and the terms of its parts.
type word struct {
	Form  string   `json:"form"`
	Parts []string `json:"parts,omitempty"`
}

// An Index answers queries. It may be used by many at once; Close it when done.
type Index struct {
	bleve bleve.Index
	vocab vocabulary
	terms []string // sorted
	stats *search.BM25Stats
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
func Build(dir string, pages []Page) error {
	m, err := newMapping()
	if err != nil {
		return fmt.Errorf("make index mapping: %w", err)
	}
	b, err := bleve.NewBuilder(dir, m, map[string]any{"batchSize": 500})
	if err != nil {
		return fmt.Errorf("create index %s: %w", dir, err)
	}
	a := newAnalysis(pages)
	for _, p := range slices.SortedFunc(slices.Values(pages), func(a, b Page) int { return strings.Compare(a.URL, b.URL) }) {
		doc, err := a.document(p)
		if err == nil {
			err = b.Index(p.URL, doc)
		}
		if err != nil {
			return errors.Join(fmt.Errorf("index page %s: %w", p.URL, err), b.Close())
		}
	}
	if err := b.Close(); err != nil {
		return fmt.Errorf("write index %s: %w", dir, err)
	}
	src, err := json.Marshal(a.vocabulary(len(pages)))
	if err != nil {
		return fmt.Errorf("write vocabulary: %w", err)
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
	ix.terms = slices.Sorted(maps.Keys(ix.vocab.Terms))
	ix.stats = &search.BM25Stats{DocCount: float64(ix.vocab.Pages), FieldCardinality: ix.vocab.Lengths}
	if ix.bleve, err = bleve.OpenUsing(dir, map[string]any{"read_only": true}); err != nil {
		return nil, fmt.Errorf("open index %s: %w", dir, err)
	}
	return ix, nil
}

// Close frees the index's files.
func (ix *Index) Close() error { return ix.bleve.Close() }

// An analysis turns pages into documents and remembers what it met.
type analysis struct {
	lexicon map[string]bool // words that a compound may be cut into
	cuts    map[string][]string
	forms   map[string]map[string]int // term -> form -> times
	parts   map[string][]string       // term -> terms of its parts
	lengths map[string]int
}

func newAnalysis(pages []Page) *analysis {
	a := &analysis{map[string]bool{}, map[string][]string{}, map[string]map[string]int{}, map[string][]string{}, map[string]int{}}
	for _, p := range pages {
		for _, s := range append([]Section{{Heading: p.Title, Text: p.Description}}, p.Sections...) {
			for _, t := range append(dansk.Tokens(s.Heading), dansk.Tokens(s.Text)...) {
				a.lexicon[t.Word] = true
			}
		}
	}
	return a
}

func (a *analysis) has(word string) bool { return a.lexicon[word] || dansk.Parts(word) }

// document gives a page's fields: terms parted by blanks, one element a section.
func (a *analysis) document(p Page) (map[string]any, error) {
	card, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	doc := map[string]any{cardField: string(card)}
	put := func(field, text string) {
		whole, parts := a.terms(text)
		a.put(doc, field, whole)
		if field != "intro" {
			a.put(doc, field+"d", parts)
		}
	}
	put("titel", p.Title)
	put("intro", p.Description)
	for _, s := range p.Sections {
		put("overskrift", s.Heading)
		put("brod", s.Text)
	}
	return doc, nil
}

func (a *analysis) put(doc map[string]any, field string, terms []string) {
	a.lengths[field] += len(terms)
	list, _ := doc[field].([]string)
	doc[field] = append(list, strings.Join(terms, " "))
}

// terms gives the terms of a text, and those of the parts of its compounds.
func (a *analysis) terms(text string) (whole, parts []string) {
	for _, t := range dansk.Tokens(text) {
		if dansk.Stop(t.Word) {
			continue
		}
		term := dansk.Term(t.Word)
		cut := a.cut(t, term)
		a.note(term, t.Word)
		whole, parts = append(whole, term), append(parts, cut...)
	}
	return whole, parts
}

// cut gives the terms of a word's parts; each word form is split once.
func (a *analysis) cut(t dansk.Token, term string) []string {
	cut, ok := a.cuts[t.Word]
	if ok {
		return cut
	}
	words := t.Parts
	if words == nil {
		words = dansk.Split(t.Word, 3, a.has)
	}
	for _, w := range words {
		if p := dansk.Term(w); p != term && !dansk.Stop(w) && len([]rune(w)) > 1 {
			cut = append(cut, p)
			a.note(p, w)
		}
	}
	a.cuts[t.Word] = cut
	if old, ok := a.parts[term]; len(cut) > 0 && (!ok || strings.Join(cut, " ") < strings.Join(old, " ")) {
		a.parts[term] = cut
	}
	return cut
}

func (a *analysis) note(term, form string) {
	if a.forms[term] == nil {
		a.forms[term] = map[string]int{}
	}
	a.forms[term][form]++
}

func (a *analysis) vocabulary(pages int) vocabulary {
	v := vocabulary{format, pages, a.lengths, map[string]word{}}
	for term, forms := range a.forms {
		best := ""
		for _, f := range slices.Sorted(maps.Keys(forms)) {
			if best == "" || forms[f] > forms[best] {
				best = f
			}
		}
		v.Terms[term] = word{best, a.parts[term]}
	}
	return v
}

package search

import (
	"cmp"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"

	"kompetenceudvikling.dk/kompas/search/dansk"
)

// An analysis turns pages into documents and remembers what it met.
type analysis struct {
	lexicon map[string]bool // words that a compound may be cut into
	splits  map[string][]string
	read    map[string][]uint32 // text -> its words, as places in forms: pointers would cost the collector
	forms   []*form
	place   map[string]uint32 // word -> place in forms
	terms   map[string]*term
	parts   map[string][]string // term -> terms of its parts
	lengths map[string]int
	page    string // being read
}

// A form is a word as it is written. What it is indexed by is worked out once: a site
// uses each of its words some twenty times.
type form struct {
	dansk.Token
	stop  bool
	term  *term   // nil until asked for
	parts []*term // of its parts, with term
}

// A term is met on pages one after the other.
type term struct {
	name  string
	forms map[string]int // form -> times
	pages int
	last  string // the page it was last met on
}

func newAnalysis(pages []Page, words Words) *analysis {
	a := &analysis{
		lexicon: map[string]bool{}, splits: words.Splits, read: map[string][]uint32{}, place: map[string]uint32{}, terms: map[string]*term{},
		parts: map[string][]string{}, lengths: map[string]int{},
	}
	for _, f := range fields { // Bleve asks for the length of a field that no page has too
		a.lengths[f.name] = 0
	}
	for _, p := range words.Parts {
		a.lexicon[strings.ToLower(p)] = true
	}
	for _, p := range pages {
		if p.English {
			continue
		}
		for _, s := range append([]Section{{Heading: p.Title, Text: p.Description}}, p.Sections...) {
			a.learn(s.Heading)
			a.learn(s.Text)
		}
	}
	return a
}

// learn takes the words of a text into the lexicon, and keeps them until it is indexed.
func (a *analysis) learn(text string) {
	if _, known := a.read[text]; known {
		return
	}
	a.read[text] = a.words(text)
	for _, i := range a.read[text] {
		a.lexicon[a.forms[i].Word] = true
	}
}

// words gives the words of a Danish text, as places in forms.
func (a *analysis) words(text string) []uint32 {
	if known, ok := a.read[text]; ok {
		return known
	}
	tokens := dansk.Tokens(text)
	out := make([]uint32, len(tokens))
	for i, t := range tokens {
		at, known := a.place[t.Word]
		if !known {
			at = uint32(len(a.forms))
			a.place[t.Word] = at
			a.forms = append(a.forms, &form{Token: t, stop: dansk.Stop(t.Word)})
		}
		out[i] = at
	}
	return out
}

func (a *analysis) has(word string) bool { return a.lexicon[word] || dansk.Parts(word) }

// document gives a page's fields: terms parted by blanks, one element a section.
func (a *analysis) document(p Page) (map[string]any, error) {
	card, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	a.page = p.URL
	doc := map[string]any{cardField: string(card)}
	put := func(field, text string, withParts bool) {
		whole, parts := a.index(text, p.English, withParts)
		if field == "ord" { // a word in three of the editors' phrases is no more than in one
			whole, parts = once(whole), once(parts)
		}
		a.put(doc, field, whole)
		if withParts {
			a.put(doc, field+"d", parts)
		}
	}
	put("titel", p.Title, true)
	put("kort", p.Short, false)
	put("ord", strings.Join(p.Words, " "), true)
	put("intro", p.Description, false)
	put("adresse", address(p), true)
	put("sti", strings.Join(p.Trail, " "), false)
	for _, s := range p.Sections {
		put("overskrift", s.Heading, true)
		put("brod", s.Text, true)
		delete(a.read, s.Text) // few stand on another page too
	}
	return doc, nil
}

func once(terms []string) []string {
	slices.Sort(terms)
	return slices.Compact(terms)
}

func (a *analysis) put(doc map[string]any, field string, terms []string) {
	a.lengths[field] += len(terms)
	list, _ := doc[field].([]string)
	doc[field] = append(list, strings.Join(terms, " "))
}

// index gives the terms of a text, and those of the parts of its compounds when they are
// to be found: a term counts the pages that it is indexed on, for the script knows no others.
func (a *analysis) index(text string, english, withParts bool) (whole, parts []string) {
	if english {
		return a.plain(text), nil
	}
	for _, i := range a.words(text) {
		f := a.forms[i]
		if f.stop {
			continue
		}
		if f.term == nil {
			f.term = a.term(dansk.Term(f.Word))
			f.parts = a.cut(f)
		}
		a.note(f.term, f.Word)
		whole = append(whole, f.term.name)
		for _, p := range f.parts {
			if !withParts {
				break
			}
			a.note(p, "")
			parts = append(parts, p.name)
		}
	}
	return whole, parts
}

// plain gives the terms of an English text.
func (a *analysis) plain(text string) (terms []string) {
	for _, t := range dansk.Tokens(text) {
		if !dansk.Stop(t.Word) {
			term := dansk.Plain(t.Word)
			a.note(a.term(term), t.Word)
			terms = append(terms, term)
		}
	}
	return terms
}

// cut gives the terms of the parts of a word.
func (a *analysis) cut(f *form) (parts []*term) {
	words, told := a.splits[f.Word]
	switch {
	case told:
	case f.Parts != nil:
		words = f.Parts
	case !dansk.Whole(f.Word):
		words = dansk.Split(f.Word, a.has)
	}
	var names []string
	for _, w := range words {
		if p := dansk.Term(w); p != f.term.name && !dansk.Stop(w) && len([]rune(w)) > 1 {
			parts, names = append(parts, a.term(p)), append(names, p)
			a.term(p).forms[w]++
		}
	}
	name := f.term.name
	if old, ok := a.parts[name]; len(names) > 0 && (!ok || strings.Join(names, " ") < strings.Join(old, " ")) {
		a.parts[name] = names
	}
	return parts
}

func termNames(terms []*term) (out []string) {
	for _, t := range terms {
		out = append(out, t.name)
	}
	return out
}

func (a *analysis) term(name string) *term {
	t := a.terms[name]
	if t == nil {
		t = &term{name: name, forms: map[string]int{}}
		a.terms[name] = t
	}
	return t
}

// note counts a form of a term on the page being read; a part has no form there.
func (a *analysis) note(t *term, form string) {
	if t.last != a.page {
		t.pages, t.last = t.pages+1, a.page
	}
	if form != "" {
		t.forms[form]++
	}
}

// anyLength is the token total that makes the length of a field count for nothing: a page
// with many search words is no less about each.
const anyLength = 1_000_000

func (a *analysis) vocabulary(pages []Page, words Words) vocabulary {
	v := vocabulary{Format: format, Lengths: a.lengths, Terms: map[string]word{}, Best: map[string]string{}}
	for _, field := range []string{"ord", "ordd", "adresse", "adressed", "sti"} {
		v.Lengths[field] = anyLength * len(pages)
	}
	for name, t := range a.terms {
		best := ""
		for _, f := range slices.Sorted(maps.Keys(t.forms)) {
			if best == "" || t.forms[f] > t.forms[best] {
				best = f
			}
		}
		v.Terms[name] = word{Form: best, Pages: t.pages, Parts: a.parts[name]}
	}
	a.joins(&v)
	for _, s := range words.Synonyms {
		v.link(s)
	}
	v.linkVerbs()
	v.Endings = endings(v.Terms)
	v.Named = named(pages)
	a.best(&v, words.Best)
	for _, p := range pages {
		v.Pages = append(v.Pages, info(p))
	}
	for _, f := range a.forms {
		if len(f.parts) > 1 {
			v.Splits = append(v.Splits, f.Word+" = "+strings.Join(termNames(f.parts), " "))
		}
	}
	slices.Sort(v.Splits)
	return v
}

// endings gives a pattern of what many compounds of the site end in, so that one with a
// beginning that no page has is found by its end: the most frequent, of four letters at
// least, after three of something else.
func endings(terms map[string]word) string {
	times := map[string]int{}
	for _, w := range terms {
		if n := len(w.Parts); n > 1 && w.Pages > 0 && len(w.Parts[n-1]) > 3 {
			times[w.Parts[n-1]]++
		}
	}
	maps.DeleteFunc(times, func(_ string, n int) bool { return n < endingsFrom })
	often := slices.SortedFunc(maps.Keys(times), func(a, b string) int { return cmp.Or(cmp.Compare(times[b], times[a]), strings.Compare(a, b)) })
	if often = often[:min(len(often), endingsMost)]; len(often) == 0 {
		return ""
	}
	for i, term := range often {
		often[i] = regexp.QuoteMeta(term)
	}
	return "^.{3,}?(" + strings.Join(often, "|") + ")$"
}

const endingsFrom, endingsMost = 4, 50

func info(p Page) pageInfo {
	out := pageInfo{URL: p.URL, Weight: p.Weight, Kind: p.Kind, Audience: p.Audience, Sector: p.Sector, Names: []name{{Text: p.Title}}}
	if out.Weight == 0 {
		out.Weight = 100
	}
	if p.Short != "" && p.Short != p.Title {
		out.Names = append(out.Names, name{Text: p.Short})
	}
	for _, s := range p.Sections {
		if s.Heading != "" && s.ID != "" {
			out.Names = append(out.Names, name{s.Heading, s.ID})
		}
	}
	return out
}

// best takes the best bets, those of one compound also written apart: mus samtale.
func (a *analysis) best(v *vocabulary, best map[string]string) {
	for q, url := range best {
		if parts := slices.Sorted(slices.Values(a.parts[bestKey(q)])); len(parts) > 1 {
			v.Best[strings.Join(slices.Compact(parts), " ")] = url
		}
	}
	for q, url := range best {
		v.Best[bestKey(q)] = url
	}
}

// bestKey makes two ways of writing a query one: its terms, sorted, stop words left out.
func bestKey(q string) string {
	var terms []string
	for _, t := range significant(q) {
		terms = append(terms, dansk.Term(t.Word))
	}
	slices.Sort(terms)
	return strings.Join(slices.Compact(terms), " ")
}

// significant gives the words of a query that are searched for: all but stop words, or
// those when there is nothing else.
func significant(q string) []dansk.Token {
	all := dansk.Tokens(q)
	tokens := slices.DeleteFunc(slices.Clone(all), func(t dansk.Token) bool { return dansk.Stop(t.Word) })
	if len(tokens) == 0 {
		tokens = all
	}
	return tokens[:min(len(tokens), wordLimit)]
}

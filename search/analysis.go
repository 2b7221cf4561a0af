package search

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"kompetenceudvikling.dk/kompas/search/dansk"
)

// An analysis turns pages into documents and remembers what it met.
type analysis struct {
	lexicon map[string]bool // words that a compound may be cut into
	splits  map[string][]string
	cuts    map[string][]string
	forms   map[string]map[string]int  // term -> form -> times
	on      map[string]map[string]bool // term -> pages
	parts   map[string][]string        // term -> terms of its parts
	lengths map[string]int
	page    string // being read
}

func newAnalysis(pages []Page, words Words) *analysis {
	a := &analysis{
		lexicon: map[string]bool{}, splits: words.Splits, cuts: map[string][]string{}, forms: map[string]map[string]int{},
		on: map[string]map[string]bool{}, parts: map[string][]string{}, lengths: map[string]int{},
	}
	for _, p := range words.Parts {
		a.lexicon[strings.ToLower(p)] = true
	}
	for _, p := range pages {
		if p.English {
			continue
		}
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
	a.page = p.URL
	doc := map[string]any{cardField: string(card)}
	put := func(field, text string, withParts bool) {
		whole, parts := a.terms(text, p.English)
		a.put(doc, field, whole)
		if withParts {
			a.put(doc, field+"d", parts)
		}
	}
	put("titel", p.Title, true)
	put("kort", p.Short, false)
	put("ord", strings.Join(p.Words, " "), true)
	put("intro", p.Description, false)
	for _, s := range p.Sections {
		put("overskrift", s.Heading, true)
		put("brod", s.Text, true)
	}
	return doc, nil
}

func (a *analysis) put(doc map[string]any, field string, terms []string) {
	a.lengths[field] += len(terms)
	list, _ := doc[field].([]string)
	doc[field] = append(list, strings.Join(terms, " "))
}

// terms gives the terms of a text, and those of the parts of its compounds.
func (a *analysis) terms(text string, english bool) (whole, parts []string) {
	for _, t := range dansk.Tokens(text) {
		if dansk.Stop(t.Word) {
			continue
		}
		if english {
			term := dansk.Plain(t.Word)
			a.note(term, t.Word)
			whole = append(whole, term)
			continue
		}
		term := dansk.Term(t.Word)
		cut := a.cut(t, term)
		a.note(term, t.Word)
		for _, c := range cut {
			a.note(c, "")
		}
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
	words, told := a.splits[t.Word]
	switch {
	case told:
	case t.Parts != nil:
		words = t.Parts
	default:
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

// note counts a form of a term on the page being read; a part has no form there.
func (a *analysis) note(term, form string) {
	if a.forms[term] == nil {
		a.forms[term], a.on[term] = map[string]int{}, map[string]bool{}
	}
	a.on[term][a.page] = true
	if form != "" {
		a.forms[term][form]++
	}
}

// anyLength is the token total that makes the length of the field of search words count
// for nothing: a page with many of them is no less about each.
const anyLength = 1_000_000

func (a *analysis) vocabulary(pages []Page, words Words) vocabulary {
	v := vocabulary{Format: format, Lengths: a.lengths, Terms: map[string]word{}, Best: map[string]string{}}
	v.Lengths["ord"], v.Lengths["ordd"] = anyLength*len(pages), anyLength*len(pages)
	for term, forms := range a.forms {
		best := ""
		for _, f := range slices.Sorted(maps.Keys(forms)) {
			if best == "" || forms[f] > forms[best] {
				best = f
			}
		}
		v.Terms[term] = word{Form: best, Pages: len(a.on[term]), Parts: a.parts[term]}
	}
	for _, term := range slices.Sorted(maps.Keys(a.parts)) {
		if p := a.parts[term]; len(p) == 2 {
			w := v.Terms[p[0]]
			w.Joins = append(w.Joins, join{p[1], term})
			v.Terms[p[0]] = w
		}
	}
	for _, s := range words.Synonyms {
		v.link(s)
	}
	for q, url := range words.Best {
		v.Best[bestKey(q)] = url
	}
	for _, p := range pages {
		v.Pages = append(v.Pages, info(p))
	}
	for form, cut := range a.cuts {
		if len(cut) > 1 {
			v.Splits = append(v.Splits, form+" = "+strings.Join(cut, " "))
		}
	}
	slices.Sort(v.Splits)
	return v
}

// link makes each word of a synonym lead to its means.
func (v *vocabulary) link(s Synonym) {
	for _, from := range s.Words {
		for _, t := range dansk.Tokens(from) {
			term := dansk.Term(t.Word)
			w := v.Terms[term]
			for _, to := range s.Means {
				for _, m := range dansk.Tokens(to) {
					if also := dansk.Term(m.Word); also != term && !slices.Contains(w.Also, also) {
						w.Also = append(w.Also, also)
					}
				}
			}
			if w.Form == "" {
				w.Form = t.Word
			}
			v.Terms[term] = w
		}
	}
}

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

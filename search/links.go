package search

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"

	"kompetenceudvikling.dk/kompas/search/dansk"
)

// afterStop marks, among the compounds that a word makes, the one it makes after a stop
// word: after "med", finansiering makes medfinansiering.
const afterStop = "<"

// joins tells of each word which compounds it makes with the next: as they were cut, and
// as anyone may write a word of the site apart.
func (a *analysis) joins(v *vocabulary) {
	found := map[string]map[join]bool{}
	add := func(first, next, whole string) {
		if found[first] == nil {
			found[first] = map[join]bool{}
		}
		found[first][join{next, whole}] = true
	}
	for whole, parts := range a.parts {
		if len(parts) == 2 {
			add(parts[0], parts[1], whole)
		}
	}
	known := func(term string) bool { return v.Terms[term].Pages > 0 }
	for whole, t := range a.terms {
		for form := range t.forms {
			r := []rune(form)
			for i := 2; i+4 <= len(r) && len(r) <= dansk.SplitLimit && known(whole); i++ {
				first, next := string(r[:i]), dansk.Term(string(r[i:]))
				if term := dansk.Term(first); !known(next) || next == whole || term == whole {
					continue
				} else if dansk.Stop(first) {
					add(next, afterStop+dansk.Fold(first), whole)
				} else if known(term) {
					add(term, next, whole)
				}
			}
		}
	}
	for first, set := range found {
		w := v.Terms[first]
		w.Joins = slices.SortedFunc(maps.Keys(set), func(a, b join) int {
			return cmp.Or(strings.Compare(a.Next, b.Next), strings.Compare(a.Term, b.Term))
		})
		v.Terms[first] = w
	}
}

// link makes each word of a synonym lead to its means.
func (v *vocabulary) link(s Synonym) {
	for _, from := range s.Words {
		for _, t := range dansk.Tokens(from) {
			term := dansk.Term(t.Word)
			for _, to := range s.Means {
				for _, m := range dansk.Tokens(to) {
					v.lead(term, dansk.Term(m.Word))
				}
			}
			w := v.Terms[term]
			if w.Form == "" {
				w.Form = t.Word
			}
			v.Terms[term] = w
		}
	}
}

func (v *vocabulary) lead(from, to string) {
	w := v.Terms[from]
	if from != to && !slices.Contains(w.Also, to) {
		w.Also = append(w.Also, to)
		v.Terms[from] = w
	}
}

// linkVerbs lets a noun in -ning or -ing and the verb it is made of stand for each other:
// ansøge and ansøgning. Verbs have four letters at least: måling is not mål.
func (v *vocabulary) linkVerbs() {
	for _, noun := range slices.Sorted(maps.Keys(v.Terms)) {
		stem, ok := strings.CutSuffix(noun, "ing")
		if !ok || v.Terms[noun].Pages == 0 {
			continue
		}
		for _, verb := range []string{stem, strings.TrimSuffix(stem, "n")} {
			w, known := v.Terms[verb]
			if !known || len(verb) < 4 {
				continue
			}
			v.lead(verb, noun)
			if w.Pages > 0 {
				v.lead(noun, verb)
			}
		}
	}
}

// named gives the pages, by place, that terms in a row name, with what their scores rise
// by. A single search word is no name: it is no more than a word of the page.
func named(pages []Page) map[string]map[int]int {
	out := map[string]map[int]int{}
	for place, p := range pages {
		add := func(name string, rise, least int) {
			terms := terms(name)
			key := strings.Join(terms, " ")
			if len(terms) < least || len(key) >= longest {
				return
			}
			if out[key] == nil {
				out[key] = map[int]int{}
			}
			out[key][place] = max(out[key][place], rise)
		}
		add(p.Title, riseTitle, 1)
		head, _, _ := strings.Cut(p.Title, ":")
		for _, name := range []string{head, p.Short, address(p)} {
			add(name, riseName, 1)
		}
		for _, words := range p.Words {
			add(words, riseName, 2)
		}
	}
	nameHeadings(out, pages)
	return out
}

// nameHeadings adds the headings that two pages have at most, and what of them is asked
// first: "Må jeg søge sent? Ja" answers who asks it. Of less than three words they are no
// questions but labels.
func nameHeadings(named map[string]map[int]int, pages []Page) {
	found := map[string]map[int]int{}
	for place, p := range pages {
		for _, s := range p.Sections {
			first, _, _ := strings.Cut(strings.ReplaceAll(s.Heading, "?", "."), ".")
			for _, name := range []string{s.Heading, first} {
				terms := terms(name)
				key := strings.Join(terms, " ")
				if len(terms) < 3 || len(key) >= longest {
					continue
				}
				if found[key] == nil {
					found[key] = map[int]int{}
				}
				found[key][place] = riseHeading
			}
		}
	}
	for key, places := range found {
		if len(places) <= 2 && named[key] == nil {
			named[key] = places
		}
	}
}

// addressWords reads an address as it is spoken: 55-plus is 55+, not 55.
var addressWords = strings.NewReplacer("-plus", "+", "-", " ")

// address gives the words of the end of a Danish page's address.
func address(p Page) string {
	if p.English {
		return ""
	}
	return addressWords.Replace(path.Base(p.URL))
}

func terms(text string) (out []string) {
	for _, t := range significant(text) {
		out = append(out, dansk.Term(t.Word))
	}
	return out
}

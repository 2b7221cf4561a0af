package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"kompetenceudvikling.dk/kompas/search/dansk"
)

// guess reads a word the index lacks: as one that sounds the same, as a compound, as one
// that is a slip or two away, by its ending, as the beginning of longer words. The first that
// gives anything counts.
func (p planner) guess(w *queryWord) {
	near, off := p.near(w.token.Word, w.base)
	if len(near) == 0 || off > 0 {
		if parts := p.split(w.token); w.token.Parts == nil || p.hasAll(parts) {
			p.addParts(w, parts)
		}
	}
	if len(w.terms) > 0 {
		return
	}
	for _, n := range near {
		p.add(w, n.term, weightNear, len(near) > 1)
		w.others = append(w.others, n.term)
	}
	if len(near) > 0 {
		w.base, w.read = near[0].term, near[0].form
		if off == 0 { // the same word in other letters
			same, _ := p.word(w.base)
			p.addParts(w, same.Parts)
		}
		return
	}
	if end := p.endings().FindStringSubmatch(w.base); len(end) > 1 && p.has(end[1]) { // orgelkursus: a course
		p.addParts(w, end[1:])
		list := p.beginning(initial(end[1]))
		w.read = list[seek(list, end[1])].form
		return
	}
	list := p.beginning(initial(w.base))
	for k := seek(list, w.base); k < len(list) && strings.HasPrefix(list[k].term, w.base) && len(w.terms) < prefixLimit; k++ {
		p.add(w, list[k].term, weightPrefix, true)
	}
}

// near gives the words nearest to one, as they are heard, and how far off they are: at
// most 1, or 2 from eight letters on. They are compared as written and by their stems. Of
// those equally near, the ones most pages have come first.
func (p planner) near(word, term string) (out []listed, off int) {
	stem, written := []rune(dansk.Sound(term)), []rune(dansk.Sound(dansk.Fold(word)))
	off = 1
	if len(stem) >= 8 {
		off = 2
	}
	for _, l := range p.beginning(initial(term)) {
		if utf8.RuneCountInString(l.term) < 3 { // a letter or two sound like too much: aaaa
			continue
		}
		d := min(dansk.Distance(stem, []rune(dansk.Sound(l.term)), off), dansk.Distance(written, []rune(dansk.Sound(dansk.Fold(l.form))), off))
		switch {
		case d < off:
			off, out = d, []listed{l}
		case d == off:
			out = append(out, l)
		}
	}
	slices.SortStableFunc(out, func(a, b listed) int { return cmp.Compare(b.pages, a.pages) })
	return out[:min(nearLimit, len(out))], off
}

// seek gives the place of a term in a sorted list, or where it would be.
func seek(list []listed, term string) int {
	k, _ := slices.BinarySearchFunc(list, term, func(l listed, t string) int { return strings.Compare(l.term, t) })
	return k
}

// has tells whether pages have a term.
func (p planner) has(term string) bool {
	list := p.beginning(initial(term))
	k := seek(list, term)
	return k < len(list) && list[k].term == term && list[k].pages > 0
}

// hasAll tells whether pages have each of some terms.
func (p planner) hasAll(terms []string) bool {
	return !slices.ContainsFunc(terms, func(term string) bool { return !p.has(term) })
}

// split cuts a word that the index lacks into terms that it has, of four letters at least,
// for shorter ones are found by chance, but for the few short ones kept by hand.
func (p planner) split(t dansk.Token) (out []string) {
	words := t.Parts
	if words == nil {
		words = dansk.Split(dansk.Fold(t.Word), func(part string) bool {
			term := dansk.Term(part)
			if utf8.RuneCountInString(term) < 4 && !dansk.ShortPart(part) {
				return false
			}
			return p.has(term)
		})
	}
	for _, w := range words {
		if utf8.RuneCountInString(w) > 1 { // e-læring is not about E
			out = append(out, dansk.Term(w))
		}
	}
	return out
}

package search

import (
	"slices"
	"strings"

	"kompetenceudvikling.dk/kompas/search/dansk"
)

const excerptLength = 200 // bytes, about

// excerpt cuts a piece of text around the first word that was wanted, at word ends.
func excerpt(text string, wanted map[string]bool) (string, [][2]int) {
	tokens := dansk.Tokens(text)
	first := 0
	if i := slices.IndexFunc(tokens, func(t dansk.Token) bool { return isWanted(t, wanted) }); i >= 0 {
		first = tokens[i].Start
	}
	from, to := 0, len(text)
	for _, t := range tokens { // begin some words before, end at a word
		if t.Start <= first-excerptLength/3 {
			from = t.Start
		}
		if t.End <= from+excerptLength || t.Start <= first {
			to = t.End
		}
	}
	if len(tokens) > 0 && to == tokens[len(tokens)-1].End {
		to = len(text)
	}
	head, tail := "", ""
	if from > 0 {
		head = "… "
	}
	if to < len(text) {
		tail = " …"
	}
	piece := head + strings.TrimSpace(text[from:to]) + tail
	return piece, marks(piece, wanted)
}

package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"kompetenceudvikling.dk/kompas/search/dansk"
)

// A Suggestion is a page or section that begins as what is being typed.
type Suggestion struct {
	Title string `json:"title"`
	URL   string `json:"url"` // with the anchor of a section
}

// A heading is a title or heading of the site, ready to be compared.
type heading struct {
	Suggestion
	words   []string // folded
	section bool
	weight  int
}

const suggestFrom = 3 // letters

func headings(pages []pageInfo) []heading {
	var out []heading
	for _, p := range pages {
		for _, n := range p.Names {
			h := heading{Suggestion{n.Text, p.URL}, folded(n.Text), n.Anchor != "", p.Weight}
			if n.Anchor != "" {
				h.URL += "#" + n.Anchor
			}
			out = append(out, h)
		}
	}
	return out
}

func folded(text string) []string {
	var out []string
	for _, t := range dansk.Tokens(text) {
		out = append(out, dansk.Fold(t.Word))
	}
	return out
}

// Suggest gives titles and headings that have every word of text, or begin one as it
// does: from three letters on, titles first, at most limit, none twice.
func (ix *Index) Suggest(text string, limit int) []Suggestion {
	text = clip(text)
	words := folded(text)
	out := []Suggestion{}
	if utf8.RuneCountInString(text) < suggestFrom || len(words) == 0 {
		return out
	}
	var found []*heading
	for i := range ix.headings {
		if h := &ix.headings[i]; h.has(words) {
			found = append(found, h)
		}
	}
	begins := func(h *heading) int {
		if strings.HasPrefix(h.words[0], words[0]) {
			return 0
		}
		return 1
	}
	section := func(h *heading) int {
		if h.section {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(found, func(a, b *heading) int {
		return cmp.Or(section(a)-section(b), begins(a)-begins(b), b.weight-a.weight, len(a.words)-len(b.words), strings.Compare(a.URL, b.URL))
	})
	seen := map[string]bool{}
	for _, h := range found {
		if len(out) == limit {
			break
		}
		if !seen[h.URL] && !seen[h.Title] {
			seen[h.URL], seen[h.Title] = true, true
			out = append(out, h.Suggestion)
		}
	}
	return out
}

func (h *heading) has(words []string) bool {
	for _, w := range words {
		if !slices.ContainsFunc(h.words, func(own string) bool { return strings.HasPrefix(own, w) }) {
			return false
		}
	}
	return true
}

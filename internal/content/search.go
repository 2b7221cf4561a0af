package content

import (
	"fmt"
	"strings"

	"kompetenceudvikling.dk/kompas/internal/fault"
)

// SearchWords is what the secretariat tells the search of people's words (soeg.yaml).
type SearchWords struct {
	Line     int
	Synonyms []Synonym    `yaml:"synonymer"`
	Pages    []PageWords  `yaml:"sider"`
	Best     []BestAnswer `yaml:"bedste-bud"`
	Parts    []Ref        `yaml:"dele"`     // words that compounds are made of
	Splits   []WordSplit  `yaml:"delinger"` // compounds the program cuts wrongly
}

// A Synonym lets words stand for others. Without Means they all stand for each other;
// with it, each of Words also finds Means, and not the other way round.
type Synonym struct {
	Line  int
	Words []Ref `yaml:"ord,krav"`
	Means []Ref `yaml:"betyder"`
}

// PageWords gives a page words that it does not use itself, and the sector it is about.
type PageWords struct {
	Line   int
	Page   Ref    `yaml:"side,krav"`
	Words  []Ref  `yaml:"ord"`
	Sector string `yaml:"sektor" allowed:"stat kommune-region alle"`
}

// A BestAnswer puts a page first for whole queries.
type BestAnswer struct {
	Line    int
	Queries []Ref `yaml:"soegninger,krav"`
	Page    Ref   `yaml:"side,krav"`
}

// A WordSplit says how a word is cut: its parts with a blank between, or "hel".
type WordSplit struct {
	Line  int
	Word  Ref    `yaml:"ord,krav"`
	Parts string `yaml:"dele,krav"`
}

const searchFile = dataDir + "soeg.yaml"

// checkSearch demands single words where only single words work, and no query with two
// best answers. Addresses are checked with the other links.
func (d *Data) checkSearch(faults *fault.List) {
	single := func(refs ...Ref) {
		for _, r := range refs {
			if len(strings.Fields(r.ID)) > 1 {
				faults.Add(searchFile, r.Line, fmt.Sprintf("%q er mere end ét ord", r.ID), "skriv ét ord; hele søgninger hører til under bedste-bud eller sider")
			}
		}
	}
	for _, s := range d.Search.Synonyms {
		single(s.Words...)
		single(s.Means...)
		if len(s.Words) < 2 && len(s.Means) == 0 {
			faults.Add(searchFile, s.Line, "et ord alene er ikke synonym med noget", "skriv mindst to ord, eller skriv betyder: [...]")
		}
	}
	single(d.Search.Parts...)
	for _, s := range d.Search.Splits {
		single(s.Word)
		joined := strings.ReplaceAll(s.Parts, " ", "")
		if s.Parts != "hel" && len(strings.Fields(s.Parts)) < 2 || len(joined) > len(s.Word.ID) {
			faults.Add(searchFile, s.Line, fmt.Sprintf("%q er ikke en deling af %s", s.Parts, s.Word.ID), "skriv delene med mellemrum, fx fonds middel, eller skriv hel")
		}
	}
	taken := map[string]int{}
	for _, b := range d.Search.Best {
		for _, q := range b.Queries {
			key := strings.ToLower(strings.Join(strings.Fields(q.ID), " "))
			if line, ok := taken[key]; ok {
				faults.Add(searchFile, q.Line, fmt.Sprintf("søgningen %q står også på linje %d", q.ID, line), "behold den kun ét sted")
			}
			taken[key] = q.Line
		}
	}
}

// checkSearchPages demands that each address of soeg.yaml is a whole page that does not
// wait: a search finds no files and anchors. Of a page that is taken down it warns; the
// search does without it.
func (t *Tree) checkSearchPages(faults *fault.List) {
	check := func(r Ref) {
		if page, _, _ := strings.Cut(r.ID, "#"); t.byPath[r.ID] == nil {
			faults.Add(searchFile, r.Line, "der er ingen side på adressen "+r.ID, t.nearAddress(page))
			return
		}
		t.checkAddress(searchFile, Link{Dest: r.ID, Line: r.Line}, faults)
	}
	seen := map[string]bool{}
	for _, p := range t.Data.Search.Pages {
		check(p.Page)
		if seen[p.Page.ID] {
			faults.Add(searchFile, p.Page.Line, "siden "+p.Page.ID+" står to gange under sider", "saml dens ord ét sted")
		}
		seen[p.Page.ID] = true
	}
	for _, b := range t.Data.Search.Best {
		check(b.Page)
	}
}

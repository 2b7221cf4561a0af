// Package syntetisk makes realistic Danish pages out of a seed, for benchmarks: the
// length, headings, compounds, links and spread of words of real rule and guide pages.
// The same seed gives the same bytes. The texts mean nothing and are never published.
package syntetisk

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"strings"
	"testing/fstest"
)

var (
	heads = strings.Fields(`kompetence uddannelse medarbejder leder arbejdsplads kursus samtale fond pulje
ansøgning overenskomst strategi udvikling læring vejledning evaluering dialog økonomi frist tilsagn
støtte modul diplom master akademi samarbejde udvalg forløb indsats erfaring rotation praksis`)
	tails = strings.Fields(`plan mål skema forløb område gruppe behov ordning samtale strategi indsats
vejledning aftale regel periode proces ramme liste rapport analyse redskab model møde netværk`)
	verbs = strings.Fields(`aftaler beskriver drøfter vælger planlægger afholder følger støtter søger
godkender evaluerer samler fordeler prøver styrker sikrer finder lærer bruger deler`)
	adjectives = strings.Fields(`fælles ny konkret lokal strategisk årlig skriftlig åben kort faglig
digital tværgående særlig individuel målrettet enkel praktisk løbende`)
	links = []string{"", "s"}
)

// A writer writes text with its own source of chance.
type writer struct{ *rand.Rand }

func pick(w writer, list []string) string { return list[w.IntN(len(list))] }

// noun gives a compound; common ones come often, as in real text.
func (w writer) noun() string {
	head := heads[min(w.IntN(len(heads)), w.IntN(len(heads)))]
	if w.IntN(5) < 2 {
		return head
	}
	return head + pick(w, links) + pick(w, tails)
}

func (w writer) sentence() string {
	s := fmt.Sprintf("%s %s den %s %s", w.noun(), pick(w, verbs), pick(w, adjectives), w.noun())
	for range w.IntN(3) {
		s += fmt.Sprintf(" og %s for %s", w.noun(), w.noun())
	}
	r := []rune(s)
	return strings.ToUpper(string(r[0])) + string(r[1:]) + "."
}

func (w writer) paragraph(sentences int) string {
	s := make([]string, sentences)
	for i := range s {
		s[i] = w.sentence()
	}
	return strings.Join(s, " ")
}

// page gives one page of about 600 words: a lead, eight sections, a list and a table.
func (w writer) page(i, pages, sections int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "---\ntitle: %s %d\ndescription: %s\nweight: %d\nparams:\n  slags: guide\n  ejer: sekretariat\n---\n", w.noun(), i, w.sentence(), i)
	fmt.Fprintf(&b, "%s\n", w.paragraph(2))
	for s := range 8 {
		fmt.Fprintf(&b, "\n%s %s og %s %d\n\n%s\n", []string{"##", "###"}[s%2], w.noun(), w.noun(), s, w.paragraph(6))
	}
	fmt.Fprintf(&b, "\n- %s\n- %s\n- se [%s](%s)\n", w.sentence(), w.sentence(), w.noun(), address(w.IntN(pages), sections))
	fmt.Fprintf(&b, "\n| Emne | Antal |\n|---|---:|\n| %s | %d |\n| %s | %d |\n", w.noun(), w.IntN(900), w.noun(), w.IntN(900))
	return b.String()
}

func address(i, sections int) string { return fmt.Sprintf("/emne-%d/side-%d/", i%sections, i) }

// Site gives a source with that many pages below about one section per hundred.
func Site(seed uint64, pages int) fs.FS {
	w := writer{rand.New(rand.NewPCG(seed, 0))}
	sections := pages/100 + 1
	files := fstest.MapFS{}
	put := func(name, text string) { files["content/"+name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644} }
	front := "---\ntitle: %s\ndescription: %s\nparams:\n  slags: oversigt\n  ejer: sekretariat\n---\n%s\n"
	put("_index.md", fmt.Sprintf(front, "Forside", w.sentence(), w.sentence()))
	for s := range sections {
		put(fmt.Sprintf("emne-%d/_index.md", s), fmt.Sprintf(front, w.noun(), w.sentence(), w.sentence()))
	}
	for i := range pages {
		put(strings.TrimPrefix(strings.TrimSuffix(address(i, sections), "/"), "/")+".md", w.page(i, pages, sections))
	}
	put("data/kontakt.yaml", "telefon: \"33 18 69 69\"\ntelefon-link: \"+4533186969\"\nfond-mail: fond@kompetenceudvikling.dk\ninfo-mail: info@kompetenceudvikling.dk\nadresse: [1105 København K]\nkilder: [S1]\n")
	put("data/kilder.yaml", "S1:\n  titel: Prøve\n  udgiver: Prøve\n  dato: udateret\n  laest: 2026-01-01\n  klasse: praksis\n")
	return files
}

package content

import (
	"bytes"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"kompetenceudvikling.dk/kompas/internal/fault"
)

// FrontMatter is the head of a Markdown file: Hugo's own keys, and ours under params.
// The set is closed.
type FrontMatter struct {
	Title       string    `yaml:"title,krav"`
	LinkTitle   string    `yaml:"linkTitle"` // the short name in menus
	Description string    `yaml:"description,krav"`
	Date        time.Time `yaml:"date"`
	Lastmod     time.Time `yaml:"lastmod"`
	PublishDate time.Time `yaml:"publishDate"`
	ExpiryDate  time.Time `yaml:"expiryDate"`
	Weight      int       `yaml:"weight"`
	Aliases     []Ref     `yaml:"aliases"`
	Draft       bool      `yaml:"draft"`
	Params      `yaml:"params,krav"`
}

// Params are the keys of our own.
type Params struct {
	Kind      string    `yaml:"slags,krav" allowed:"oversigt regel opgave pulje guide nyhed case kursus initiativ indsats selvtjek skabelon vaerktoej arrangement om"`
	Sources   []Ref     `yaml:"kilder"`
	Checked   time.Time `yaml:"kontrolleret"`
	NextCheck time.Time `yaml:"naeste-kontrol"`
	Owner     string    `yaml:"ejer,krav" allowed:"fond sekretariat"`
	Audience  []string  `yaml:"maalgruppe" allowed:"medarbejder leder hr tillidsrepraesentant samarbejdsudvalg"`
	Topics    []Ref     `yaml:"emner"`
	Period    string    `yaml:"periode" allowed:"OK18 OK21 OK24 OK26"`
	Workplace string    `yaml:"arbejdsplads"` // of a case
	Begins    time.Time `yaml:"begynder"`     // of an event; midnight means the whole day
	Ends      time.Time `yaml:"slutter"`
	Where     string    `yaml:"sted"`
	Duration  string    `yaml:"tid"` // of a template: how long it takes to fill in
	Version   string    `yaml:"version"`
	FormLang  string    `yaml:"sprog" allowed:"da en"` // the language of a template
	Successor Ref       `yaml:"afloeser"`              // where a withdrawn page's visitors are sent
	Danish    Ref       `yaml:"dansk"`                 // of an English page: the Danish one it follows
	Followed  Ref       `yaml:"dansk-stand"`           // of an English page: the Danish text it was written from, as Page.Stand
}

// misplaced tells of a key that belongs in the other part of the head, "" for any other.
func misplaced(in reflect.Type, key string) (message, advice string) {
	head, own := reflect.TypeFor[FrontMatter](), reflect.TypeFor[Params]()
	has := func(t reflect.Type) bool { names, _ := keysOf(t); return slices.Contains(names, key) }
	switch {
	case in == head && has(own):
		return key + " skal stå under params", "flyt linjen ned under params:, og sæt to mellemrum foran"
	case in == own && has(head):
		return key + " skal stå oven over params", "flyt linjen op over params:, uden mellemrum foran"
	}
	return "", ""
}

// Unwritten begins what kompas new puts where an editor should write a sentence.
const Unwritten = "Skriv én sætning"

var frontRe = regexp.MustCompile(`\A---[ \t]*\n(?s:(.*?)\n)??---[ \t]*(?:\n|\z)`)

// splitFront parts a Markdown file. bodyLine is the line the body begins on.
func splitFront(name string, src []byte, faults *fault.List) (front, body []byte, bodyLine int, ok bool) {
	m := frontRe.FindSubmatchIndex(src)
	if m == nil {
		message := "siden mangler hoved"
		if bytes.HasPrefix(src, []byte("---")) {
			message = "sidens hoved slutter ikke"
		}
		faults.Add(name, 1, message, "begynd filen med en linje ---, så title: ... og de andre nøgler, og så en linje ---")
		return nil, nil, 0, false
	}
	if m[2] >= 0 {
		front = src[m[2]:m[3]]
	}
	return front, src[m[1]:], 1 + bytes.Count(src[:m[1]], []byte("\n")), true
}

// ruled tells the kinds of page that state rules, and so must show what they rest on.
func ruled(kind string) bool { return kind == "regel" || kind == "opgave" || kind == "pulje" }

// headLimit is the letters of a title or description: menus, share cards and the search
// take it whole. Our longest has 148.
const headLimit = 300

// checkFront adds the faults of the head that its shape does not show.
func (p *Page) checkFront(d *Data, faults *fault.List) {
	add := func(line int, message, advice string) { faults.Add(p.File, line, message, advice) }
	for _, text := range []struct{ key, is string }{{"title", p.Title}, {"linkTitle", p.LinkTitle}, {"description", p.Description}} {
		if n := utf8.RuneCountInString(text.is); n > headLimit {
			add(1, fmt.Sprintf("%s er på %d tegn; grænsen er %d", text.key, n, headLimit), "skriv det kortere; resten hører til i teksten")
		}
	}
	if ruled(p.Kind) {
		for _, need := range []struct {
			key string
			is  bool
		}{
			{"kilder", len(p.Sources) > 0}, {"kontrolleret", !p.Checked.IsZero()}, {"naeste-kontrol", !p.NextCheck.IsZero()},
			{"maalgruppe", len(p.Audience) > 0}, {"periode", p.Period != ""},
		} {
			if !need.is {
				add(1, need.key+" mangler under params", "en side med regler skal have "+need.key)
			}
		}
	}
	if strings.HasPrefix(p.Description, Unwritten) {
		faults.Warn(p.File, 1, "description er ikke skrevet endnu", "skriv den sætning, der skal stå i lister og i søgning")
	}
	misread := func(key string) bool { // said already, with its own line
		return slices.ContainsFunc(*faults, func(f fault.Fault) bool { return f.File == p.File && strings.HasPrefix(f.Message, key+": ") })
	}
	if p.Kind == "nyhed" && p.Date.IsZero() && !misread("date") {
		add(1, "date mangler", "en nyhed skal have en dato: skriv fx date: 2026-01-31")
	}
	if p.Kind == "case" && len(p.Topics) == 0 {
		add(1, "emner mangler under params", "en case skal have et emne, den står under: skriv fx emner: [mus]")
	}
	if p.Kind == "arrangement" && p.Begins.IsZero() && !misread("begynder") {
		add(1, "begynder mangler under params", "et arrangement skal have en tid: skriv fx begynder: 2027-01-31T10:00")
	}
	if p.Kind != "arrangement" && !(p.Begins.IsZero() && p.Ends.IsZero() && p.Where == "") {
		add(1, "begynder, slutter og sted hører til et arrangement", "skriv slags: arrangement, eller slet dem")
	}
	if p.Kind == "skabelon" && (p.Date.IsZero() || p.Duration == "" || p.Version == "" || len(p.Audience) == 0) {
		add(1, "date, tid, version eller maalgruppe mangler", "en skabelon skal sige, hvem den er til, hvor lang tid den tager, og hvilken udgave det er: skriv fx date: 2026-01-31, og under params tid: 30 minutter og version: 1")
	}
	if p.Kind != "skabelon" && p.Duration+p.Version+p.FormLang != "" {
		add(1, "tid, version og sprog hører til en skabelon", "skriv slags: skabelon, eller slet dem")
	}
	if !p.Ends.IsZero() && p.Ends.Before(p.Begins) {
		add(1, "slutter ligger før begynder", "ret tiderne")
	}
	if p.Checked.After(p.NextCheck) && !p.NextCheck.IsZero() {
		add(1, "naeste-kontrol ligger før kontrolleret", "ret datoerne")
	}
	if !p.ExpiryDate.IsZero() && p.ExpiryDate.Before(p.PublishDate) {
		add(1, "expiryDate ligger før publishDate", "ret datoerne")
	}
	for _, s := range p.Sources {
		d.checkSource(p.File, s, faults)
	}
	for _, t := range p.Topics {
		if _, ok := d.Topics[t.ID]; !ok {
			add(t.Line, "ukendt emne "+t.ID, choose(t.ID, keys(d.Topics)))
		}
	}
}

package content

import (
	"fmt"

	"kompetenceudvikling.dk/kompas/internal/fault"
)

// An Effort is something the secretariat has done for an age group (indsatser.yaml).
type Effort struct {
	Line    int
	ID      string `yaml:"id,krav"`
	Name    string `yaml:"navn,krav"`
	Purpose string `yaml:"formaal,krav"`
	Period  string `yaml:"periode,krav"`
	Status  string `yaml:"status,krav" allowed:"igang afsluttet lukket ukendt"`
	Result  string `yaml:"resultat,krav"`
	Page    Ref    `yaml:"side"`
	Sources []Ref  `yaml:"kilder,krav"`
}

// A Course is an AMU course in a special area (kurser.yaml). Code is left out where no
// source gives it.
type Course struct {
	Line     int
	ID       string `yaml:"id,krav"`
	Name     string `yaml:"navn,krav"`
	Code     string `yaml:"kode"`
	Area     string `yaml:"omraade,krav"`
	For      string `yaml:"maalgruppe,krav"`
	Duration string `yaml:"varighed,krav"`
	Price    string `yaml:"pris,krav"`
	Note     string `yaml:"note"`
	Page     Ref    `yaml:"side"`
	Sources  []Ref  `yaml:"kilder,krav"`
}

// An Initiative is one of the parties' initiatives of 2019-2022 (initiativer.yaml).
type Initiative struct {
	Line    int
	ID      string `yaml:"id,krav"`
	Name    string `yaml:"navn,krav"`
	Theme   string `yaml:"tema,krav" allowed:"ledelse kompetente arbejdspladser ukendt"`
	Type    string `yaml:"type,krav" allowed:"tvaeroffentlig sektorvis statslig ukendt"`
	Anchor  string `yaml:"forankring,krav"`
	Status  string `yaml:"status,krav"`
	Certain string `yaml:"sikkerhed,krav" allowed:"bekraeftet naevnt"`
	Text    string `yaml:"tekst,krav"`
	Page    Ref    `yaml:"side"`
	Sources []Ref  `yaml:"kilder,krav"`
}

// A Task is one of the secretariat's own (opgaver.yaml), with the pages that do it.
type Task struct {
	Line    int
	ID      string   `yaml:"id,krav"`
	Slug    string   `yaml:"slug,krav"`
	Title   string   `yaml:"titel,krav"`
	For     []string `yaml:"maalgruppe,krav"`
	Status  string   `yaml:"status,krav"`
	Text    string   `yaml:"tekst,krav"`
	Pages   []Ref    `yaml:"sider,krav"`
	Sources []Ref    `yaml:"kilder,krav"`
}

// A Milestone is a line of the secretariat's history (tidslinje.yaml).
type Milestone struct {
	Line   int
	When   string `yaml:"aar,krav"` // a day, or a year
	Text   string `yaml:"tekst,krav"`
	Source Ref    `yaml:"kilde,krav"`
}

// An OldNews is a piece of news from before this site (nyhedsarkiv.yaml), newest first.
// Its date is its source's.
type OldNews struct {
	Line   int
	Title  string `yaml:"titel,krav"`
	Text   string `yaml:"tekst,krav"`
	Source Ref    `yaml:"kilde,krav"`
}

// An entry is what the catalogues have in common for the checks.
type entry struct {
	file    string
	id      Ref
	text    string // every field that may hold {sats:id}
	pages   []Ref
	sources []Ref
}

func (d *Data) entries() []entry {
	var out []entry
	add := func(file, id string, line int, text string, sources []Ref, pages ...Ref) {
		out = append(out, entry{dataDir + file, Ref{id, line}, text, pages, sources})
	}
	for _, e := range d.Efforts {
		add("indsatser.yaml", e.ID, e.Line, e.Purpose+e.Period+e.Result, e.Sources, e.Page)
	}
	for _, c := range d.Courses {
		add("kurser.yaml", c.ID, c.Line, c.Price+c.Note, c.Sources, c.Page)
	}
	for _, i := range d.Initiatives {
		add("initiativer.yaml", i.ID, i.Line, i.Text+i.Status, i.Sources, i.Page)
	}
	for _, t := range d.Tasks {
		add("opgaver.yaml", t.ID, t.Line, t.Text+t.Status, t.Sources, append([]Ref{{"/om/opgaver/" + t.Slug + "/", t.Line}}, t.Pages...)...)
	}
	for _, n := range d.OldNews {
		add("nyhedsarkiv.yaml", n.Title, n.Line, n.Text, []Ref{n.Source})
	}
	for i, m := range d.History {
		add("tidslinje.yaml", fmt.Sprint(i), m.Line, m.Text, []Ref{m.Source})
	}
	return out
}

func (d *Data) checkEntries(faults *fault.List) {
	seen := map[[2]string]bool{}
	for _, e := range d.entries() {
		if key := [2]string{e.file, e.id.ID}; seen[key] {
			faults.Add(e.file, e.id.Line, "to poster hedder "+e.id.ID, "giv den ene et andet id")
		} else {
			seen[key] = true
		}
		for _, s := range e.sources {
			d.checkSource(e.file, s, faults)
		}
		for _, m := range ruleRateRe.FindAllStringSubmatch(e.text, -1) {
			d.checkRate(e.file, Ref{m[1], e.id.Line}, faults)
		}
	}
	for _, m := range d.History {
		if _, err := ParseTime(m.When); err != nil && !yearRe.MatchString(m.When) {
			faults.Add(dataDir+"tidslinje.yaml", m.Line, "aar er hverken en dato eller et år: "+m.When, "skriv fx 1999 eller 2019-09-04")
		}
	}
}

package content

import (
	"fmt"
	"regexp"

	"kompetenceudvikling.dk/kompas/internal/fault"
)

// loadData reads content/data out of the files that were found.
func loadData(files map[string][]byte, faults *fault.List) *Data {
	d := &Data{}
	for name, into := range d.files() {
		src, ok := files[dataDir+name]
		if !ok {
			continue // content may do without; what refers to it is a fault
		}
		dec := decoder{file: dataDir + name, faults: faults}
		dec.decode(src, into)
	}
	d.Rates.check(dataDir+"satser.yaml", faults)
	d.checkRefs(faults)
	d.checkSeries(files, faults)
	d.words = newGlossary(d.Terms)
	return d
}

func (d *Data) checkRefs(faults *fault.List) {
	sources := func(file string, refs ...Ref) {
		for _, r := range refs {
			d.checkSource(file, r, faults)
		}
	}
	for _, rate := range d.Rates {
		for _, v := range rate.Versions {
			sources(dataDir+"satser.yaml", v.Sources...)
		}
	}
	for _, p := range d.Pools {
		sources(dataDir+"puljer.yaml", p.Sources...)
		for _, r := range p.Rounds {
			sources(dataDir+"puljer.yaml", r.Source)
			if !r.Closes.IsZero() && r.Closes.Before(r.Opens) {
				faults.Add(dataDir+"puljer.yaml", r.Line, "runden lukker, før den åbner", "byt om på aabner og lukker")
			}
		}
		for _, r := range p.Rates {
			d.checkRate(dataDir+"puljer.yaml", r, faults)
		}
	}
	for _, p := range d.Periods {
		sources(dataDir+"perioder.yaml", p.Source...)
	}
	sources(dataDir+"kontakt.yaml", d.Contact.Sources...)
	for _, r := range d.Rules {
		sources(dataDir+"regler.yaml", r.Sources...)
	}
	for _, p := range d.Places {
		sources(dataDir+"organisationer.yaml", p.Sources...)
	}
	for _, t := range d.Terms {
		sources(dataDir+"ordliste.yaml", t.Sources...)
	}
	for _, s := range d.Series {
		sources(dataDir+"statistik.yaml", s.Sources...)
	}
	for _, c := range d.Cards {
		sources(dataDir+"cases.yaml", c.Source)
		if _, ok := d.Topics[c.Topic.ID]; !ok {
			faults.Add(dataDir+"cases.yaml", c.Topic.Line, "ukendt emne "+c.Topic.ID, choose(c.Topic.ID, keys(d.Topics)))
		}
	}
	for _, n := range d.Notices {
		if n.To.Before(n.From) {
			faults.Add(dataDir+"obs.yaml", n.Line, "beskeden slutter, før den begynder", "byt om på fra og til")
		}
	}
	for _, e := range d.Year {
		if e.Month < 1 || e.Month > 12 {
			faults.Add(dataDir+"aarshjul.yaml", e.Line, fmt.Sprintf("%s: maaned er %d", e.ID, e.Month), "skriv et tal fra 1 til 12")
		}
	}
	d.checkRules(faults)
	d.checkEntries(faults)
	d.checkSearch(faults)
}

// ruleRateRe finds the rates in a text of the data: {sats:co10-loft}.
var ruleRateRe = regexp.MustCompile(`\{sats:([a-z0-9-]+)\}`)

var yearRe = regexp.MustCompile(`^[0-9]{4}$`)

// checkRules checks what rules and the comparison refer to.
func (d *Data) checkRules(faults *fault.List) {
	rates := func(file, text string, line int) {
		for _, m := range ruleRateRe.FindAllStringSubmatch(text, -1) {
			d.checkRate(file, Ref{m[1], line}, faults)
		}
	}
	ids := map[string]bool{}
	for _, r := range d.Rules {
		if ids[r.ID] {
			faults.Add(dataDir+"regler.yaml", r.Line, "to regler hedder "+r.ID, "giv den ene et andet id")
		}
		ids[r.ID] = true
		if _, err := ParseTime(r.From); err != nil && !yearRe.MatchString(r.From) {
			faults.Add(dataDir+"regler.yaml", r.Line, fmt.Sprintf("%s: fra er hverken en dato eller et år: %s", r.ID, r.From), "skriv fx 2019 eller 2019-09-04")
		}
		rates(dataDir+"regler.yaml", r.Text, r.Line)
	}
	for _, row := range d.Compare {
		for _, cell := range row.Cells {
			rates(dataDir+"sammenlign.yaml", cell, row.Line)
		}
		for _, r := range row.Rules {
			if !ids[r.ID] {
				faults.Add(dataDir+"sammenlign.yaml", r.Line, "ukendt regel "+r.ID, "brug et id fra content/data/regler.yaml")
			}
		}
	}
}

func (d *Data) checkSource(file string, r Ref, faults *fault.List) {
	if _, ok := d.Sources[r.ID]; !ok {
		faults.Add(file, r.Line, "ukendt kilde "+r.ID, "brug et id fra content/data/kilder.yaml, eller skriv kilden ind dér")
	}
}

func (d *Data) checkRate(file string, r Ref, faults *fault.List) {
	if _, ok := d.Rates[r.ID]; ok {
		return
	}
	advice := "brug et id fra content/data/satser.yaml, eller skriv satsen ind dér"
	if near := fault.Nearest(r.ID, keys(d.Rates)); near != "" {
		advice = "mente du " + near + "? Satserne står i content/data/satser.yaml"
	}
	faults.Add(file, r.Line, "ukendt sats "+r.ID, advice)
}

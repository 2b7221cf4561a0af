package selvtjek

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/internal/fault"
)

// site is a small sound flow: sector, pool, and an amount held against a dated rate.
const site = `
-- content/_index.md --
---
title: T
description: D
params: {slags: oversigt, ejer: fond}
---
-- content/selvtjek/_index.md --
---
title: T
description: D
params: {slags: selvtjek, ejer: fond}
---
-- content/selvtjek/proeve/_index.md --
---
title: T
description: D
params: {slags: selvtjek, ejer: fond}
---
-- content/selvtjek/proeve/spoergsmaal/sektor.md --
---
title: Hvor er du ansat?
kort: Ansat
svar: {stat: {tekst: I staten}, kommune: {tekst: I en kommune}, ved-ikke: {tekst: Det ved jeg ikke}}
find-ud-af: Se i din kontrakt.
---
-- content/selvtjek/proeve/spoergsmaal/pulje.md --
---
title: Hvilken pulje?
kort: Pulje
svar: {co10: {tekst: CO10}, lc: {tekst: LC}}
---
-- content/selvtjek/proeve/spoergsmaal/sendt.md --
---
title: Hvor mange har du sendt?
kort: Sendt
---
-- content/selvtjek/proeve/spoergsmaal/beloeb.md --
---
title: Hvor meget?
kort: Beløb
---
-- content/selvtjek/proeve/udfald/ja.md --
---
title: Ja
ubekraeftet: Ja, efter reglerne i {ok}
klasse: ja
kort: Kan søge
---
-- content/selvtjek/proeve/udfald/loft.md --
---
title: Ja, men
ubekraeftet: Ja, men efter {ok}
klasse: ja-loft
kort: Over loftet
---
-- content/selvtjek/proeve/udfald/nej.md --
---
title: Nej
klasse: nej
kort: Kan ikke søge
---
-- content/selvtjek/proeve/udfald/vent.md --
---
title: Vent
klasse: vent
kort: Vent
---
-- content/selvtjek/proeve/udfald/spoerg.md --
---
title: Spørg
klasse: spoerg
kort: Spørg
---
-- content/data/satser.yaml --
co10-loft:
  navn: Loft
  versioner:
    - {kr: 30000, fra: 2022-01-01, til: 2024-03-31, ok: OK21, kilde: S13, kontrolleret: 2026-01-01}
    - {kr: 35000, fra: 2027-01-01, til: 2030-03-31, ok: OK26, kilde: S14, kontrolleret: 2026-01-01, hul: true}
lc-loft:
  navn: Loft
  versioner:
    - {kr: 25000, fra: 2022-01-01, til: 2026-03-31, ok: OK24, kilde: S8, kontrolleret: 2026-01-01}
lc-antal:
  navn: Ansøgninger
  versioner:
    - {antal: 2, fra: 2022-01-01, til: 2023-12-31, ok: OK21, kilde: S8, kontrolleret: 2026-01-01}
-- content/data/kilder.yaml --
S1: {titel: T, udgiver: U, dato: udateret, laest: 2026-01-01, klasse: retningslinje}
S8: {titel: T, udgiver: U, dato: udateret, laest: 2026-01-01, klasse: retningslinje}
S13: {titel: T, udgiver: U, dato: udateret, laest: 2026-01-01, klasse: andenhaand}
S14: {titel: T, udgiver: U, dato: "3. maj 2027", laest: 2026-01-01, klasse: andenhaand}
-- content/data/regler.yaml --
- {id: R6, titel: T, tekst: T, kilder: [S1], fra: 2019, til: 2026-03-31, ok: OK24, puljer: [alle], emne: hvem}
- {id: R15, titel: T, tekst: T, kilder: [S13], fra: 2022-01-01, til: 2030-03-31, ok: OK21, puljer: [co10], emne: beloeb}
- {id: R16, titel: T, tekst: T, kilder: [S8], fra: 2022-01-01, til: 2026-03-31, ok: OK24, puljer: [lc], emne: beloeb}
- {id: R23, titel: T, tekst: T, kilder: [S1], fra: 2019, til: 2026-03-31, ok: OK24, puljer: [lc], emne: ansoegning}
-- content/selvtjek/proeve/flow.yaml --
`

const flow = `titel: Prøve
spoergsmaal:
  - {id: sektor, svar: [stat, kommune, ved-ikke]}
  - {id: pulje, svar: [co10, lc]}
  - {id: sendt, tal: {mindst: 0, enhed: antal}, naar: {pulje: lc}}
  - {id: beloeb, tal: {mindst: 1, enhed: kr}}
regler:
  - {id: kommune, naar: {sektor: kommune}, saa: nej, kilder: [R6]}
  - {id: ved-ikke, naar: {sektor: ved-ikke}, saa: spoerg, undersoegt: Kontrakten}
  - {id: sendt, naar: {sendt: {mindst: 2}}, saa: vent, kilder: [R23]}
  - {id: co10-over, naar: {pulje: co10, beloeb: {over: co10-loft}}, saa: loft, sats: co10-loft, kilder: [R15]}
  - {id: co10, naar: {pulje: co10, beloeb: {hoejst: co10-loft}}, saa: ja, sats: co10-loft, kilder: [R15]}
  - {id: lc-over, naar: {pulje: lc, beloeb: {over: lc-loft}}, saa: loft, sats: lc-loft, kilder: [R16]}
  - {id: lc, naar: {pulje: lc, beloeb: {hoejst: lc-loft}}, saa: ja, sats: lc-loft, kilder: [R16]}
scenarier:
  - {navn: Kommune, svar: {sektor: kommune}, udfald: nej}
  - {navn: CO10, svar: {sektor: stat, pulje: co10, beloeb: 30000}, udfald: ja}
  - {navn: LC, svar: {sektor: stat, pulje: lc, sendt: 2}, udfald: vent}
`

func load2(t testing.TB, flow, day string) (*Flow, string) {
	t.Helper()
	fsys, err := txtar.FS(txtar.Parse([]byte(site + flow)))
	if err != nil {
		t.Fatal(err)
	}
	now, err := content.ParseTime(day)
	if err != nil {
		t.Fatal(err)
	}
	tree, err := content.Load(fsys, now)
	if err != nil {
		t.Fatal(err)
	}
	flows, err := Load(tree)
	var faults fault.List
	if errors.As(err, &faults) {
		return nil, faults.Error()
	}
	if err != nil {
		t.Fatal(err)
	}
	return flows[0], ""
}

func sound(t testing.TB, day string) *Flow {
	t.Helper()
	f, faults := load2(t, flow, day)
	if faults != "" {
		t.Fatal(faults)
	}
	return f
}

func run(t testing.TB, f *Flow, words string) Result {
	t.Helper()
	raw := map[string]string{}
	for _, w := range strings.Fields(words) {
		id, a, _ := strings.Cut(w, "=")
		raw[id] = a
	}
	answers, err := f.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	return f.Run(answers)
}

func TestRun(t *testing.T) {
	f := sound(t, "2026-11-22")
	for words, want := range map[string]string{
		"sektor=stat pulje=co10 beloeb=30000":         "ja [R15] [S13] 30000 false [sektor pulje beloeb] []",
		"sektor=stat pulje=co10 beloeb=30001":         "loft [R15] [S13] 30000 false [sektor pulje beloeb] []",
		"sektor=stat pulje=lc sendt=1 beloeb=1":       "ja [R16] [S8] 25000 false [sektor pulje sendt beloeb] []",
		"sektor=kommune pulje=lc":                     "nej [R6] [S1] 0 false [sektor] [pulje]",
		"sektor=ved-ikke":                             "spoerg [] [] 0 false [sektor] []",
		"sektor=stat pulje=lc sendt=2 beloeb=5":       "vent [R23] [S1] 0 false [sektor pulje sendt] [beloeb]",
		"sektor=stat pulje=co10 sendt=9 beloeb=30000": "ja [R15] [S13] 30000 false [sektor pulje beloeb] [sendt]",
		"sektor=stat":          "next pulje [sektor] []",
		"":                     "next sektor [] []",
		"pulje=co10 beloeb=10": "next sektor [] [pulje beloeb]",
	} {
		r := run(t, f, words)
		got := ""
		if v := r.Verdict; v != nil {
			limit := 0
			if v.Limit != nil {
				limit = *v.Limit
			}
			got = fmt.Sprint(v.Outcome, " ", v.Rules, " ", v.Sources, " ", limit, " ", v.Confirmed, " ", r.Asked, " ", r.Unused)
		} else {
			got = fmt.Sprint("next ", r.Next.ID, " ", r.Asked, " ", r.Unused)
		}
		if got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", words, got, want)
		}
	}
}

func TestConfirmedFollowsRuleAndRate(t *testing.T) {
	for day, want := range map[string]bool{"2023-01-01": true, "2024-03-31": true, "2024-04-01": false, "2027-06-01": true} {
		v := run(t, sound(t, day), "sektor=stat pulje=co10 beloeb=1").Verdict
		if v.Confirmed != want {
			t.Errorf("CO10 on %s: confirmed %v", day, v.Confirmed)
		}
	}
}

// A verdict hangs on the rates of its conditions too, and on those of the rules that it
// came past.
func TestConfirmedFollowsConditions(t *testing.T) {
	gated := strings.Replace(flow, "{sendt: {mindst: 2}}", "{sendt: {mindst: lc-antal}}", 1)
	for day, known := range map[string]bool{"2023-12-31": true, "2024-01-01": false} {
		f, faults := load2(t, gated, day)
		if faults != "" {
			t.Fatal(faults)
		}
		for words, want := range map[string]bool{
			"sektor=stat pulje=lc sendt=2": known, "sektor=stat pulje=lc sendt=1 beloeb=1": known,
			"sektor=stat pulje=co10 beloeb=1": true, "sektor=kommune": true,
		} {
			if v := run(t, f, words).Verdict; v.Confirmed != want {
				t.Errorf("on %s %s: %s, confirmed %v", day, words, v.Outcome, v.Confirmed)
			}
		}
	}
}

func TestParse(t *testing.T) {
	f := sound(t, "2026-11-22")
	for _, c := range []struct{ id, answer, want string }{
		{"sekter", "stat", `der er intet spørgsmål "sekter"; vælg blandt: sektor, pulje, sendt, beloeb`},
		{"sektor", "staten", `"staten" er ikke et svar på sektor; vælg blandt: stat, kommune, ved-ikke`},
		{"beloeb", "28.000", "skriv et helt tal fra 1"}, {"beloeb", "-1", "skriv et helt tal"}, {"beloeb", "0", "fra 1"},
		{"beloeb", "1234567890", "højst 9 cifre"}, {"beloeb", "", "skriv et helt tal"}, {"beloeb", "+5", "skriv et helt tal"},
		{"beloeb", "٣", "skriv et helt tal"},
	} {
		if _, err := f.Parse(map[string]string{c.id: c.answer}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s=%s: %v", c.id, c.answer, err)
		}
	}
	if _, err := f.Parse(map[string]string{"beloeb": "999999999", "sendt": "0"}); err != nil {
		t.Error(err)
	}
}

func TestFaults(t *testing.T) {
	rule := func(s string) string { return strings.Replace(flow, "scenarier:", "  - "+s+"\nscenarier:", 1) }
	swap := func(old, new string) string {
		if !strings.Contains(flow, old) {
			t.Fatal("nothing to swap: " + old)
		}
		return strings.Replace(flow, old, new, 1)
	}
	for name, c := range map[string]struct{ flow, want string }{
		"gap":              {swap("  - {id: kommune, naar: {sektor: kommune}, saa: nej, kilder: [R6]}\n", "  - {id: kommune, naar: {sektor: kommune, pulje: co10}, saa: nej, kilder: [R6]}\n"), ""},
		"gap in numbers":   {swap("{hoejst: co10-loft}", "{under: co10-loft}"), "ingen regel svarer på: sektor=stat pulje=co10 beloeb=30000"},
		"contradiction":    {rule("{id: ny, naar: {pulje: co10, beloeb: {mindst: 20000}}, saa: nej, kilder: [R6]}"), "reglerne co10 og ny er uenige: ja og nej"},
		"masked":           {rule("{id: ny, naar: {sektor: kommune, pulje: lc}, saa: nej, kilder: [R6]}"), "reglen ny kan aldrig slå til"},
		"unknown question": {rule("{id: ny, naar: {sekter: kommune}, saa: nej, kilder: [R6]}"), "ukendt spørgsmål sekter"},
		"unknown answer":   {swap("naar: {sektor: kommune}", "naar: {sektor: komune}"), "mente du kommune?"},
		"unknown outcome":  {swap("saa: vent", "saa: vendt"), "udfaldet vendt findes ikke"},
		"unused outcome":   {swap("saa: vent", "saa: nej"), "ingen svar fører til udfaldet vent"},
		"unknown rate":     {swap("{over: lc-loft}", "{over: lc-luft}"), "beloeb skal sammenlignes med et tal eller en sats"},
		"unit":             {swap("{over: lc-loft}", "{over: lc-antal}"), "beloeb er i kr, men satsen lc-antal er i antal"},
		"unit of ceiling":  {swap("saa: loft, sats: lc-loft", "saa: loft, sats: lc-antal"), "satsen lc-antal er i antal og kan ikke være et loft"},
		"no questions":     {swap(flow[strings.Index(flow, "  - {id: sektor"):strings.Index(flow, "regler:")], "  []\n"), "spoergsmaal mangler"},
		"no sources":       {swap("saa: nej, kilder: [R6]}", "saa: nej}"), "kommune mangler kilder"},
		"unknown source":   {swap("[R6]", "[R66]"), "ukendt kilde R66"},
		"searched for no":  {swap("saa: nej, kilder: [R6]}", "saa: nej, undersoegt: Alt}"), "undersoegt kan kun bære udfald af klassen spoerg"},
		"rate on a no":     {swap("saa: nej, kilder: [R6]}", "saa: nej, sats: lc-loft, kilder: [R6]}"), "sats hører kun til ja og ja-loft"},
		"two at a time":    {rule("{id: kommune, naar: {sektor: kommune}, saa: nej, kilder: [R6]}"), "to regler hedder kommune på samme tid"},
		"useless question": {swap("  - {id: beloeb,", "  - {id: pulje2, svar: [a, b]}\n  - {id: beloeb,"), "spørgsmålet pulje2 har ingen tekst"},
		"number as words":  {swap("{sendt: {mindst: 2}}", "{sendt: to}"), "sendt skal sammenlignes med et tal"},
		"words as number":  {swap("naar: {sektor: kommune}", "naar: {sektor: {over: 1}}"), "sektor er ikke et tal"},
		"comparison":       {swap("{mindst: 2}", "{mere: 2}"), "ukendt sammenligning mere"},
		"scenario":         {swap("udfald: vent", "udfald: ja"), "scenariet »LC« ender i vent, ikke i ja"},
		"short scenario":   {swap("{sektor: stat, pulje: lc, sendt: 2}", "{sektor: stat, pulje: lc}"), "mangler svar på sendt"},
		"few scenarios":    {swap("  - {navn: Kommune, svar: {sektor: kommune}, udfald: nej}\n", ""), "færre end tre scenarier"},
		"anchors":          {swap("titel: Prøve", "titel: &t Prøve"), "bruger YAML-ankre"},
		"no conditions":    {rule("{id: ny, naar: {}, saa: nej, kilder: [R6]}"), "ny har ingen betingelser"},
	} {
		if c.want == "" {
			continue
		}
		_, got := load2(t, c.flow, "2026-11-22")
		if !strings.Contains(got, c.want) || !strings.Contains(got, "content/selvtjek/proeve/") {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, c.want)
		}
	}
}

func TestRulesByPeriod(t *testing.T) {
	f := strings.Replace(flow, "{id: kommune, naar: {sektor: kommune}, saa: nej, kilder: [R6]}",
		"{id: kommune, naar: {sektor: kommune}, saa: nej, kilder: [R6], til: 2026-12-31}\n  - {id: kommune, naar: {sektor: kommune}, saa: spoerg, undersoegt: OK26, fra: 2027-01-01}", 1)
	f = strings.Replace(f, "  - {navn: Kommune, svar: {sektor: kommune}, udfald: nej}", "  - {navn: CO10 igen, svar: {sektor: stat, pulje: co10, beloeb: 1}, udfald: ja}", 1)
	before, faults := load2(t, f, "2026-12-31")
	if faults != "" {
		t.Fatal(faults)
	}
	if got := run(t, before, "sektor=kommune").Verdict.Outcome; got != "nej" {
		t.Errorf("before the change: %s", got)
	}
	// After it no answer leads to nej any more: the editor is told to take the text away.
	if _, faults := load2(t, f, "2027-01-01"); !strings.Contains(faults, "ingen svar fører til udfaldet nej") {
		t.Errorf("after the change: %s", faults)
	}
}

func TestPagesAreOneForEachState(t *testing.T) {
	f := sound(t, "2026-11-22")
	var slugs []string
	for _, n := range f.Nodes {
		slugs = append(slugs, n.Slug)
	}
	want := "sektor pulje sendt beloeb-co10 beloeb-lc udfald/ja-co10-loft udfald/ja-lc-loft udfald/loft-co10-loft udfald/loft-lc-loft udfald/nej udfald/spoerg udfald/vent"
	slices.Sort(slugs[5:])
	if got := strings.Join(slugs, " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestBandWords(t *testing.T) {
	kr := &Question{Number: &Number{Least: 1, Unit: "kr"}}
	days := &Question{Number: &Number{Least: 1, Unit: "dage"}}
	count := &Question{Number: &Number{Least: 0, Unit: "antal"}}
	for _, c := range []struct {
		q    *Question
		band Band
		want string
	}{
		{kr, Band{1, 30000}, "Højst 30.000 kr."}, {kr, Band{30001, Endless}, "Mere end 30.000 kr."}, {kr, Band{25001, 30000}, "Mere end 25.000 kr. og højst 30.000 kr."},
		{days, Band{1, 3}, "Højst 3 dage"}, {days, Band{4, 4}, "4 dage"}, {days, Band{1, 1}, "1 dag"}, {days, Band{5, Endless}, "5 dage eller flere"}, {days, Band{2, 3}, "2 til 3 dage"},
		{count, Band{0, 0}, "Ingen"}, {count, Band{1, Endless}, "1 eller flere"}, {count, Band{0, 1}, "Højst 1"}, {count, Band{1, 1}, "1"},
	} {
		if got := strings.ReplaceAll(c.q.bandWords(c.band), "\u00a0", " "); got != c.want {
			t.Errorf("%v: %q, want %q", c.band, got, c.want)
		}
	}
}

func TestDiffOfTwoDays(t *testing.T) {
	d := Compare(sound(t, "2026-11-22"), sound(t, "2027-06-01"))
	var b strings.Builder
	if err := d.Write(&b); err != nil {
		t.Fatal(err)
	}
	want := `3 af 8 veje får et andet svar.

Fra ja (Ja, 30.000 kr.)
til ja (Ja, 35.000 kr.): 1 vej
  Ansat: »I staten«
  Pulje: »CO10«
  Beløb: Højst 30.000 kr.

Fra loft (Ja, men beløbet er over loftet, 30.000 kr.)
til ja (Ja, 35.000 kr.): 1 vej
  Ansat: »I staten«
  Pulje: »CO10«
  Beløb: Mere end 30.000 kr. og højst 35.000 kr.

Fra loft (Ja, men beløbet er over loftet, 30.000 kr.)
til loft (Ja, men beløbet er over loftet, 35.000 kr.): 1 vej
  Ansat: »I staten«
  Pulje: »CO10«
  Beløb: Mere end 35.000 kr.
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
	if same := Compare(sound(t, "2026-11-22"), sound(t, "2026-11-23")); same.Changed() != 0 || same.Paths == 0 {
		t.Errorf("equal versions differ: %+v", same)
	}
}

package selvtjek

import (
	"fmt"
	"maps"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/internal/fault"
)

// A loader reads one flow and gathers its faults.
type loader struct {
	*Flow
	tree   *content.Tree
	faults *fault.List
	index  map[string]int
	raw    flowFile
}

// Load reads, compiles and verifies every flow of the content. A fault.List as error
// means that at least one is refused.
func Load(tree *content.Tree) ([]*Flow, error) {
	var faults fault.List
	var flows []*Flow
	for name, src := range tree.Files {
		if strings.HasPrefix(name, "content/selvtjek/") && path.Base(name) == "flow.yaml" {
			flows = append(flows, load(tree, name, src, &faults))
		}
	}
	slices.SortFunc(flows, func(a, b *Flow) int { return strings.Compare(a.ID, b.ID) })
	for _, p := range tree.Parts {
		if !slices.ContainsFunc(flows, func(f *Flow) bool { return f.ID == p.Flow }) {
			faults.Add(p.File, 0, "hører til et selvtjek uden flow.yaml", "læg reglerne i content/selvtjek/"+p.Flow+"/flow.yaml")
		}
	}
	faults.Sort()
	if err := faults.Err(); err != nil {
		return nil, err
	}
	tree.Warnings = append(tree.Warnings, faults...)
	return flows, nil
}

func load(tree *content.Tree, file string, src []byte, faults *fault.List) *Flow {
	var raw flowFile
	before := len(*faults)
	content.Decode(file, 0, src, &raw, faults)
	return read(tree, file, raw, before, faults)
}

// read makes a flow of a file's contents; it is compiled when no fault has come since
// there were before of them.
func read(tree *content.Tree, file string, raw flowFile, before int, faults *fault.List) *Flow {
	f := &Flow{ID: path.Base(path.Dir(file)), File: file, Now: tree.Now, outcomes: map[string]*content.Part{}, data: tree.Data}
	l := &loader{f, tree, faults, map[string]int{}, raw}
	f.Title, f.scenarios = raw.Title, raw.Scenarios
	if tree.Page("/selvtjek/"+f.ID+"/") == nil {
		l.add(1, "selvtjekket har ingen startside", "læg den i content/selvtjek/"+f.ID+"/_index.md")
	}
	l.questions(raw.Questions)
	l.rules(raw.Rules)
	l.texts()
	if len(*faults) == before {
		l.compile()
	}
	return f
}

func (l *loader) add(line int, message, advice string) {
	l.faults.Add(l.File, line, message, advice)
}

// unknown adds a fault for a word outside a closed set.
func (l *loader) unknown(line int, what, word string, allowed []string) {
	advice := "vælg en af: " + strings.Join(allowed, ", ")
	if near := fault.Nearest(word, allowed); near != "" {
		advice = "mente du " + near + "? Ellers " + advice
	}
	l.add(line, fmt.Sprintf("ukendt %s %s", what, word), advice)
}

var reserved = []string{"udfald", "saadan-er-det-bygget"}

func (l *loader) questions(list []questionFile) {
	for i, q := range list {
		if _, twice := l.index[q.ID]; twice || slices.Contains(reserved, q.ID) {
			l.add(q.Line, "id "+q.ID+" er optaget", "giv spørgsmålet et andet id")
		}
		if (q.Number == nil) == (len(q.Answers) == 0) {
			l.add(q.Line, q.ID+" skal have enten svar eller tal", "skriv svar: [ja, nej], eller tal: {mindst: 1, enhed: kr}")
		}
		question := &Question{ID: q.ID, Number: q.Number, line: q.Line, index: i}
		for _, a := range q.Answers {
			if slices.Contains(question.Answers, a.ID) {
				l.add(a.Line, "svaret "+a.ID+" står to gange", "slet det ene")
			}
			question.Answers = append(question.Answers, a.ID)
		}
		for _, id := range sorted(q.When) {
			question.when = append(question.when, l.answersTest(q.Line, id, q.When[id]))
		}
		l.Questions = append(l.Questions, question)
		l.index[q.ID] = i
	}
}

// answersTest reads a test on a question that is asked earlier.
func (l *loader) answersTest(line int, id string, answers []content.Ref) test {
	i, ok := l.index[id]
	if !ok {
		l.unknown(line, "spørgsmål", id, sorted(l.index))
		return test{}
	}
	t := test{question: i, band: Band{math.MinInt, Endless}}
	for _, a := range answers {
		if !slices.Contains(l.Questions[i].Answers, a.ID) {
			l.unknown(a.Line, "svar på "+id, a.ID, l.Questions[i].Answers)
		}
		t.answers = append(t.answers, a.ID)
	}
	return t
}

func (l *loader) rules(list []ruleFile) {
	l.periods(list)
	for _, raw := range list {
		r := &Rule{ID: raw.ID, Outcome: raw.Outcome.ID, Rate: raw.Rate.ID, Searched: raw.Searched, last: -1, line: raw.Line}
		for _, id := range sorted(raw.When) {
			t := l.test(id, raw.When[id])
			r.tests = append(r.tests, t)
			r.last = max(r.last, t.question)
		}
		if r.last < 0 {
			l.add(raw.Line, raw.ID+" har ingen betingelser", "skriv mindst ét spørgsmål under naar")
		}
		l.basis(raw, r)
		if !raw.From.IsZero() {
			l.Boundaries = append(l.Boundaries, raw.From)
		}
		if !raw.To.IsZero() {
			l.Boundaries = append(l.Boundaries, raw.To.AddDate(0, 0, 1))
		}
		if !raw.From.IsZero() && l.Now.Before(raw.From) || !raw.To.IsZero() && !l.Now.Before(raw.To.AddDate(0, 0, 1)) {
			continue // checked, but not in force on the day
		}
		l.Rules = append(l.Rules, r)
	}
}

// periods refuses two lines of one id that hold on the same day.
func (l *loader) periods(list []ruleFile) {
	end := func(r ruleFile) time.Time {
		if r.To.IsZero() {
			return time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
		}
		return r.To.AddDate(0, 0, 1)
	}
	for i, a := range list {
		for _, b := range list[i+1:] {
			if a.ID == b.ID && a.From.Before(end(b)) && b.From.Before(end(a)) {
				l.add(b.Line, "to regler hedder "+b.ID+" på samme tid", "giv den ene et andet id, eller skriv fra og til, så de afløser hinanden")
			}
		}
	}
}

// test reads one condition of a rule, and what the question's own condition implies.
func (l *loader) test(id string, c condition) test {
	i, ok := l.index[id]
	if !ok {
		l.unknown(c.line, "spørgsmål", id, sorted(l.index))
		return test{}
	}
	q := l.Questions[i]
	if q.Number == nil {
		if c.op != "" {
			l.add(c.line, id+" er ikke et tal", "skriv et eller flere svar: ["+strings.Join(q.Answers, ", ")+"]")
		}
		return l.answersTest(c.line, id, c.answers)
	}
	n, unit, sure, err := l.number(c.to)
	switch {
	case c.op == "" || err != nil:
		l.add(c.line, id+" skal sammenlignes med et tal eller en sats", "skriv fx {over: co10-loft} eller {mindst: 5}")
		return test{}
	case unit != "" && unit != q.Number.Unit:
		l.add(c.line, fmt.Sprintf("%s er i %s, men satsen %s er i %s", id, q.Number.Unit, c.to, unit), "sammenlign med en sats, der er i "+q.Number.Unit)
		return test{}
	}
	t := test{question: i, unsure: !sure}
	switch c.op {
	case "over":
		t.band = Band{n + 1, Endless}
	case "mindst":
		t.band = Band{n, Endless}
	case "under":
		t.band = Band{q.Number.Least, n - 1}
	case "hoejst":
		t.band = Band{q.Number.Least, n}
	case "er":
		t.band = Band{n, n}
	default:
		l.unknown(c.line, "sammenligning", c.op, []string{"over", "under", "mindst", "hoejst", "er"})
	}
	t.band.Low = max(t.band.Low, q.Number.Least)
	return t
}

// number reads a plain number, which has no unit, or the value of a rate on the day.
func (l *loader) number(s string) (n int, unit string, sure bool, err error) {
	if n, err := strconv.Atoi(s); err == nil {
		return n, "", true, nil
	}
	v, status, err := l.data.Rates.On(s, l.Now)
	n, unit = v.Value()
	return n, unit, status == content.Confirmed, err
}

// basis checks what a rule rests on, and works out the verdict it gives.
func (l *loader) basis(raw ruleFile, r *Rule) {
	outcome := l.part(raw.Outcome.ID)
	if outcome == nil {
		l.add(raw.Outcome.Line, "udfaldet "+raw.Outcome.ID+" findes ikke", "læg teksten i content/selvtjek/"+l.ID+"/udfald/"+raw.Outcome.ID+".md")
		return
	}
	l.outcomes[raw.Outcome.ID] = outcome
	class := outcome.Outcome.Class
	switch {
	case len(raw.Basis) == 0 && raw.Searched == "":
		l.add(raw.Line, raw.ID+" mangler kilder", "skriv kilder: [R1], eller for et spoerg-udfald undersoegt: hvad I har læst uden at finde svar")
	case raw.Searched != "" && class != "spoerg":
		l.add(raw.Line, raw.ID+": undersoegt kan kun bære udfald af klassen spoerg", "skriv kilder: [...]")
	case raw.Searched != "" && len(raw.Basis) > 0:
		l.add(raw.Line, raw.ID+" har både kilder og undersoegt", "behold den ene")
	}
	if raw.Rate.ID != "" && class != "ja" && class != "ja-loft" {
		l.add(raw.Rate.Line, raw.ID+": sats hører kun til ja og ja-loft", "slet sats")
	}
	v := &Verdict{Outcome: raw.Outcome.ID, Class: class, Rate: raw.Rate.ID, Part: outcome, Confirmed: len(raw.Basis) > 0}
	for _, b := range raw.Basis {
		r.Basis = append(r.Basis, b.ID)
		l.rest(b, v)
	}
	l.limit(raw.Rate, v)
	slices.Sort(v.Sources)
	v.Sources = slices.Compact(v.Sources)
	r.verdict = v
}

// rest adds one id that a verdict rests on: of the register of rules, or a source.
func (l *loader) rest(b content.Ref, v *Verdict) {
	if i := slices.IndexFunc(l.data.Rules, func(r content.Rule) bool { return r.ID == b.ID }); i >= 0 {
		rule := l.data.Rules[i]
		v.Rules = append(v.Rules, rule.ID)
		for _, s := range rule.Sources {
			v.Sources = append(v.Sources, s.ID)
		}
		v.Period = max(v.Period, rule.Period)
		v.Confirmed = v.Confirmed && rule.On(l.Now) == content.Confirmed
		return
	}
	if s, ok := l.data.Sources[b.ID]; ok {
		v.Sources = append(v.Sources, b.ID)
		v.Confirmed = false // a source has no period
		if year := lastYear(s.Date); v.Period == "" {
			v.Period = year
		}
		return
	}
	l.add(b.Line, "ukendt kilde "+b.ID, "brug et id fra content/data/regler.yaml (R1) eller content/data/kilder.yaml (S1)")
}

func (l *loader) limit(rate content.Ref, v *Verdict) {
	if rate.ID == "" {
		return
	}
	version, status, err := l.data.Rates.On(rate.ID, l.Now)
	if err != nil {
		l.add(rate.Line, "satsen "+rate.ID+" findes ikke eller har ingen værdi på dagen", "brug et id fra content/data/satser.yaml")
		return
	}
	n, unit := version.Value()
	if unit != "kr" {
		l.add(rate.Line, fmt.Sprintf("satsen %s er i %s og kan ikke være et loft", rate.ID, unit), "brug en sats i kr")
		return
	}
	v.Limit, v.Period = &n, version.Period
	v.Confirmed = v.Confirmed && status == content.Confirmed
	for _, s := range version.Sources {
		v.Sources = append(v.Sources, s.ID)
	}
}

// lastYear finds the last year named in a source's date: "OK21, før 7. februar 2023".
func lastYear(date string) string {
	year := ""
	for _, word := range strings.FieldsFunc(date, func(r rune) bool { return r < '0' || r > '9' }) {
		if len(word) == 4 {
			year = word
		}
	}
	return year
}

func (l *loader) part(outcome string) *content.Part {
	for _, p := range l.tree.Parts {
		if p.Flow == l.ID && p.Outcome != nil && p.ID == outcome {
			return p
		}
	}
	return nil
}

// texts joins the questions with their texts.
func (l *loader) texts() {
	for _, p := range l.tree.Parts {
		if p.Flow != l.ID || p.Question == nil {
			continue
		}
		if i, ok := l.index[p.ID]; ok {
			l.Questions[i].Text, l.Questions[i].Part = p.Question, p
		} else {
			l.faults.Add(p.File, 0, "flow.yaml har intet spørgsmål "+p.ID, "slet filen, eller giv den spørgsmålets id som navn")
		}
	}
	for _, q := range l.Questions {
		if q.Text == nil {
			l.add(q.line, "spørgsmålet "+q.ID+" har ingen tekst", "læg den i content/selvtjek/"+l.ID+"/spoergsmaal/"+q.ID+".md")
			continue
		}
		for _, a := range q.Answers {
			if q.Text.Answers[a].Text == "" {
				l.faults.Add(q.Part.File, 1, "svaret "+a+" har ingen tekst", "skriv under svar: "+a+": {tekst: ...}")
			}
		}
		for a, text := range q.Text.Answers {
			if !slices.Contains(q.Answers, a) {
				l.faults.Add(q.Part.File, text.Line, "flow.yaml har intet svar "+a+" på "+q.ID, "slet svaret, eller ret dets id")
			}
		}
		if slices.Contains(q.Answers, "ved-ikke") && q.Text.FindOut == "" {
			l.faults.Add(q.Part.File, 1, "man kan svare »ved ikke«, men ikke læse, hvordan man finder ud af det", "skriv find-ud-af: ...")
		}
	}
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

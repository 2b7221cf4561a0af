package selvtjek

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"kompetenceudvikling.dk/kompas/internal/fault"
)

func (c *compiler) once(line int, message, advice string) {
	if !c.told[message] {
		c.told[message] = true
		c.add(line, message, advice)
	}
}

func (c *compiler) gap(path []step) {
	if len(c.told) < 5 { // one hole shows as many examples
		c.once(path[len(path)-1].question.line, "ingen regel svarer på: "+example(path), "tilføj en regel, der gælder dér")
	}
}

// example writes answers the way the command takes them.
func example(path []step) string {
	var out []string
	for _, s := range path {
		a := s.answer
		if s.question.Number != nil {
			a = fmt.Sprint(s.band.Low)
		}
		out = append(out, s.question.ID+"="+a)
	}
	return strings.Join(out, " ")
}

// checkUse finds rules, questions and outcomes that no visitor can meet.
func (c *compiler) checkUse() {
	for _, r := range c.Rules {
		if !c.fired[r] {
			c.add(r.line, "reglen "+r.ID+" kan aldrig slå til", "en tidligere regel tager alle dens tilfælde; slet den, eller flyt den op")
		}
	}
	shown := map[*Question]bool{}
	reached := map[string]bool{}
	for _, n := range c.Nodes {
		if n.Question != nil {
			shown[n.Question] = true
		} else {
			reached[n.Verdict.Outcome] = true
		}
	}
	for _, q := range c.Questions {
		switch {
		case !c.asked[q.index]:
			c.add(q.line, "spørgsmålet "+q.ID+" bliver aldrig stillet", "ret dets naar, eller slet det")
		case !shown[q]:
			c.add(q.line, "alle svar på "+q.ID+" fører til samme side", "slet spørgsmålet, eller lad en regel bruge det")
		}
	}
	for _, p := range c.tree.Parts {
		if p.Flow == c.ID && p.Outcome != nil && !reached[p.ID] {
			c.faults.Add(p.File, 0, "ingen svar fører til udfaldet "+p.ID, "slet filen, eller lad en regel bruge den")
		}
	}
}

func (c *compiler) checkBudget() {
	switch n := len(c.Nodes); {
	case n > pagesMost:
		c.add(1, fmt.Sprintf("selvtjekket giver %d sider; grænsen er %d", n, pagesMost), "del det i to, eller fjern spørgsmål")
	case n > pagesWarned:
		c.faults.Warn(c.File, 1, fmt.Sprintf("selvtjekket giver %d sider", n), fmt.Sprintf("hold det under %d, så det kan læses igennem", pagesWarned))
	}
}

// checkScenarios runs each scenario on the day it is told for: a rate that changes later
// must not make it wrong.
func (c *compiler) checkScenarios() {
	if len(c.scenarios) < 3 {
		c.add(1, "selvtjekket har færre end tre scenarier", "skriv mindst tre under scenarier")
	}
	days := map[time.Time]*Flow{c.Now: c.Flow}
	tried := map[string]bool{}
	for _, s := range c.scenarios {
		day := s.Day
		if day.IsZero() {
			day = c.raw.Day
		}
		if day.IsZero() {
			day = c.Now
		}
		if days[day] == nil {
			days[day] = c.on(day)
		}
		if f := days[day]; f.Root != nil {
			tried[c.scenario(f, s)] = true
		} else {
			c.add(s.Line, fmt.Sprintf("scenariet »%s«: selvtjekket kan ikke regnes ud den %s", s.Name, day.Format("2.1.2006")), "ret dag, eller giv reglerne værdier den dag")
		}
	}
	for _, r := range c.Rules {
		if !tried[r.ID] {
			c.faults.Warn(c.File, r.line, "intet scenarie prøver reglen "+r.ID, "skriv et under scenarier, så en fejl i reglen bliver set")
		}
	}
}

// on gives the flow as of another day, without its scenarios and faults.
func (c *compiler) on(day time.Time) *Flow {
	tree := *c.tree
	tree.Now = day
	raw := c.raw
	raw.Scenarios = nil
	var faults fault.List
	return read(&tree, c.File, raw, 0, &faults)
}

// scenario holds one scenario against a flow, and gives the rule that it tries.
func (c *compiler) scenario(f *Flow, s scenario) string {
	if _, ok := c.outcomes[s.Outcome]; !ok {
		c.unknown(s.Line, "udfald", s.Outcome, sorted(c.outcomes))
		return ""
	}
	answers, err := f.Parse(s.Answers)
	if err != nil {
		c.add(s.Line, fmt.Sprintf("scenariet »%s«: %v", s.Name, err), "ret scenariets svar")
		return ""
	}
	switch got := f.Run(answers); {
	case got.Verdict == nil:
		c.add(s.Line, fmt.Sprintf("scenariet »%s« mangler svar på %s", s.Name, got.Next.ID), "skriv svaret, eller ret reglerne")
	case got.Verdict.Outcome != s.Outcome:
		c.add(s.Line, fmt.Sprintf("scenariet »%s« ender i %s, ikke i %s", s.Name, got.Verdict.Outcome, s.Outcome), "ret reglerne eller scenariet")
	}
	if r := f.first(answers); r != nil {
		return r.ID
	}
	return ""
}

// first gives the first rule that answers meet: the plain reading of the rules.
func (f *Flow) first(answers Answers) *Rule {
	given := map[int]Edge{}
	for _, q := range f.Questions {
		a, ok := answers[q.ID]
		if !ok || !metAll(q.when, given, f.Questions) {
			continue
		}
		n, _ := strconv.Atoi(a)
		given[q.index] = Edge{Answer: a, Band: Band{n, n}}
		for _, r := range f.Rules {
			if metAll(r.tests, given, f.Questions) {
				return r
			}
		}
	}
	return nil
}

func metAll(tests []test, given map[int]Edge, questions []*Question) bool {
	return !slices.ContainsFunc(tests, func(t test) bool {
		e, ok := given[t.question]
		return !ok || !holds([]test{t}, questions[t.question], e)
	})
}

package selvtjek

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"kompetenceudvikling.dk/kompas/internal/content"
)

// A Node is a state of the flow: a question with the ways on, or an outcome. States
// with equal futures, in all that is printed, are one node.
type Node struct {
	Question *Question // nil for an outcome
	Edges    []Edge
	Verdict  *Verdict // nil for a question
	Slug     string   // last part of the address; outcomes begin with udfald/
	number   int      // order of making
}

// An Edge is an answer and where it leads. For a number, Band says which.
type Edge struct {
	Answer string
	Band   Band
	To     *Node
}

// A Verdict is what an outcome says: which text, on which rules and sources, with
// which ceiling (nil for none), and whether all of it is confirmed for the day.
type Verdict struct {
	Outcome, Class string
	Rules, Sources []string
	Rate           string
	Limit          *int // kroner
	Period         string
	Confirmed      bool
	Part           *content.Part
}

// key tells verdicts apart by all that their page prints.
func (v *Verdict) key() string {
	return fmt.Sprint(v.Outcome, "|", v.Rate, "|", v.Rules, v.Sources, v.Period, v.Confirmed)
}

const (
	pagesWarned = 120
	pagesMost   = 300
	statesMost  = 60_000 // states looked at before a flow is given up
)

// A compiler walks the questions in order and carries the rules that may still fire.
type compiler struct {
	*loader
	memo    map[string]*Node
	unique  map[string]*Node
	fired   map[*Rule]bool
	asked   map[int]bool
	told    map[string]bool // faults told once
	givenUp bool
}

// A state is where the walk stands: which rules, and which questions' conditions, no
// answer so far has ruled out.
type state struct {
	level int
	rules []*Rule
	open  []*Question // questions ahead whose conditions still hold
	path  []step
}

// A step is an answer given, for the examples in faults.
type step struct {
	question *Question
	answer   string
	band     Band
}

// compile makes the diagram and verifies the flow.
func (l *loader) compile() {
	c := &compiler{l, map[string]*Node{}, map[string]*Node{}, map[*Rule]bool{}, map[int]bool{}, map[string]bool{}, false}
	for _, r := range l.Rules {
		r.imply(l.Questions)
	}
	l.doubt()
	root := c.walk(state{0, l.Rules, l.Questions, nil})
	if c.givenUp {
		l.add(1, fmt.Sprintf("selvtjekket giver over %d sider", pagesMost), "del det i to, eller fjern spørgsmål, som kun få regler bruger")
		return
	}
	if root == nil || len(c.told) > 0 {
		return
	}
	l.Root, l.Nodes = root, reachable(root)
	c.checkUse()
	l.name()
	c.checkBudget()
	c.checkScenarios()
}

// imply gives a rule the conditions of the questions it names.
func (r *Rule) imply(questions []*Question) {
	for i := 0; i < len(r.tests); i++ {
		for _, w := range questions[r.tests[i].question].when {
			if !slices.ContainsFunc(r.tests, func(t test) bool { return t.question == w.question }) {
				r.tests = append(r.tests, w)
			}
		}
	}
}

// doubt takes the confirmation from verdicts that hang on a rate which is not confirmed:
// by a condition of the rule, or of one tried before it whose failing led on to it.
func (l *loader) doubt() {
	for i, r := range l.Rules {
		for j, gate := range l.Rules {
			before := gate.last < r.last || gate.last == r.last && j <= i
			if before && slices.ContainsFunc(gate.tests, func(t test) bool { return t.unsure }) && meet(gate.tests, r.tests) {
				r.verdict.Confirmed = false
			}
		}
	}
}

// meet tells whether one set of answers may pass both lists, when no unsure test counts.
func meet(a, b []test) bool {
	for _, t := range a {
		for _, u := range b {
			if t.question != u.question || t.unsure || u.unsure {
				continue
			}
			if t.answers != nil && !slices.ContainsFunc(t.answers, func(s string) bool { return slices.Contains(u.answers, s) }) ||
				t.answers == nil && (t.band.High < u.band.Low || u.band.High < t.band.Low) {
				return false
			}
		}
	}
	return true
}

func (s state) key() string {
	var b strings.Builder
	fmt.Fprint(&b, s.level)
	for _, r := range s.rules {
		fmt.Fprintf(&b, " %p", r)
	}
	for _, q := range s.open {
		fmt.Fprintf(&b, ",%d", q.index)
	}
	return b.String()
}

// walk gives the node of a state, or nil after a fault.
func (c *compiler) walk(s state) *Node {
	if c.givenUp {
		return nil
	}
	if s.level == len(c.Questions) {
		c.gap(s.path)
		return nil
	}
	key := s.key()
	if n, ok := c.memo[key]; ok {
		return n
	}
	if len(c.memo) > statesMost {
		c.givenUp = true
		return nil
	}
	n := c.ask(s)
	c.memo[key] = n
	return n
}

func (c *compiler) ask(s state) *Node {
	q := c.Questions[s.level]
	if !slices.Contains(s.open, q) {
		return c.walk(s.without(q))
	}
	c.asked[q.index] = true
	n := &Node{Question: q}
	for _, e := range c.options(q, s) {
		next := s.after(q, e)
		e.To = c.fire(q, &next)
		if e.To == nil {
			e.To = c.walk(next)
		}
		if last := len(n.Edges) - 1; q.Number != nil && last >= 0 && n.Edges[last].To == e.To {
			n.Edges[last].Band.High = e.Band.High // two bands with one future are one
			continue
		}
		n.Edges = append(n.Edges, e)
	}
	first := n.Edges[0].To
	if !slices.ContainsFunc(n.Edges, func(e Edge) bool { return e.To != first }) {
		return first
	}
	return c.one(n)
}

// without drops what cannot be, since a question is not asked.
func (s state) without(q *Question) state {
	names := func(t test) bool { return t.question == q.index }
	next := state{level: s.level + 1, path: s.path}
	for _, r := range s.rules {
		if !slices.ContainsFunc(r.tests, names) {
			next.rules = append(next.rules, r)
		}
	}
	for _, o := range s.open {
		if !slices.ContainsFunc(o.when, names) {
			next.open = append(next.open, o)
		}
	}
	return next
}

// after drops what an answer rules out.
func (s state) after(q *Question, e Edge) state {
	next := state{level: s.level + 1, path: append(s.path[:len(s.path):len(s.path)], step{q, e.Answer, e.Band})}
	for _, r := range s.rules {
		if holds(r.tests, q, e) {
			next.rules = append(next.rules, r)
		}
	}
	for _, o := range s.open {
		if o != q && holds(o.when, q, e) {
			next.open = append(next.open, o)
		}
	}
	return next
}

// holds tells whether an answer passes the tests that are about its question.
func holds(tests []test, q *Question, e Edge) bool {
	for _, t := range tests {
		if t.question != q.index {
			continue
		}
		if q.Number == nil && !slices.Contains(t.answers, e.Answer) || q.Number != nil && !t.band.has(e.Band.Low) {
			return false
		}
	}
	return true
}

// options gives a question's answers, or the bands that the living rules cut its
// numbers into.
func (c *compiler) options(q *Question, s state) []Edge {
	if q.Number == nil {
		edges := make([]Edge, len(q.Answers))
		for i, a := range q.Answers {
			edges[i].Answer = a
		}
		return edges
	}
	var tests []test
	for _, r := range s.rules {
		tests = append(tests, r.tests...)
	}
	var edges []Edge
	for _, b := range bands(q, tests) {
		edges = append(edges, Edge{Band: b})
	}
	return edges
}

// bands cuts a question's numbers wherever a test begins or ends.
func bands(q *Question, tests []test) []Band {
	starts := []int{q.Number.Least}
	for _, t := range tests {
		if t.question != q.index {
			continue
		}
		starts = append(starts, t.band.Low)
		if t.band.High != Endless {
			starts = append(starts, t.band.High+1)
		}
	}
	slices.Sort(starts)
	starts = slices.Compact(starts)
	var out []Band
	for i, low := range starts {
		high := Endless
		if i+1 < len(starts) {
			high = starts[i+1] - 1
		}
		out = append(out, Band{low, high})
	}
	return out
}

// fire gives the outcome of the first rule whose last question is answered now, and
// tells when two such rules want outcomes of different classes.
func (c *compiler) fire(q *Question, s *state) *Node {
	var first *Rule
	for _, r := range s.rules {
		switch {
		case r.last != q.index:
		case first == nil:
			first = r
			c.fired[r] = true
		case r.verdict.Class != first.verdict.Class:
			c.once(r.line, fmt.Sprintf("reglerne %s og %s er uenige: %s og %s", first.ID, r.ID, first.verdict.Class, r.verdict.Class), "stram den ene regels naar. Et eksempel: "+example(s.path))
		}
	}
	if first == nil {
		return nil
	}
	return c.one(&Node{Verdict: first.verdict})
}

// one gives the node that is equal to n in all it prints and leads to.
func (c *compiler) one(n *Node) *Node {
	var key strings.Builder
	if n.Verdict != nil {
		key.WriteString(n.Verdict.key())
	} else {
		fmt.Fprint(&key, n.Question.index)
		for _, e := range n.Edges {
			if e.To == nil {
				return nil
			}
			fmt.Fprintf(&key, " %s%d-%d>%d", e.Answer, e.Band.Low, e.Band.High, e.To.number)
		}
	}
	if old, ok := c.unique[key.String()]; ok {
		return old
	}
	n.number = len(c.unique) + 1
	c.unique[key.String()] = n
	return n
}

// reachable lists the nodes by question, outcomes last, each in order of making.
func reachable(root *Node) []*Node {
	seen := map[*Node]bool{}
	var out []*Node
	var visit func(n *Node)
	visit = func(n *Node) {
		if seen[n] {
			return
		}
		seen[n] = true
		out = append(out, n)
		for _, e := range n.Edges {
			visit(e.To)
		}
	}
	visit(root)
	level := func(n *Node) int {
		if n.Question == nil {
			return math.MaxInt
		}
		return n.Question.index
	}
	slices.SortStableFunc(out, func(a, b *Node) int {
		switch x, y := level(a), level(b); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	return out
}

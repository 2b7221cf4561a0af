package selvtjek

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"kompetenceudvikling.dk/kompas/internal/content"
)

// A Diff tells whose answer two versions of a flow change. Paths are the joint ones:
// numbers are cut wherever either version cuts them.
type Diff struct {
	Paths     int
	Changes   []Change
	Confirmed int // paths whose outcome stays, but is confirmed in one version only
}

// A Change is a group of paths with one outcome before and one after.
type Change struct {
	From  string   `json:"fra"`
	To    string   `json:"til"`
	Paths int      `json:"veje"`
	Where []string `json:"hvor"` // what the group's answers have in common, in words
}

// Changed counts the paths whose outcome or ceiling differs.
func (d Diff) Changed() int {
	n := 0
	for _, c := range d.Changes {
		n += c.Paths
	}
	return n
}

// missing stands for an answer or question that a version does not have.
const missing = "findes ikke i den version"

// A pair walks two diagrams at once.
type pair struct {
	old, new *Flow
	order    []string // questions of both, in the new order
	diff     *Diff
	groups   map[[2]string]*group
	keys     [][2]string
}

type group struct {
	paths   int
	answers map[string][]string // question -> answers in words, over the group's paths
	bands   map[string][]Band
}

// Compare gives the difference of two versions.
func Compare(old, new *Flow) Diff {
	p := &pair{old, new, order(old, new), &Diff{}, map[[2]string]*group{}, nil}
	p.walk(old.Root, new.Root, nil)
	for _, k := range p.keys {
		p.diff.Changes = append(p.diff.Changes, Change{k[0], k[1], p.groups[k].paths, p.where(p.groups[k])})
	}
	return *p.diff
}

func order(old, new *Flow) []string {
	var out []string
	for _, q := range new.Questions {
		out = append(out, q.ID)
	}
	for i, q := range old.Questions {
		if slices.Contains(out, q.ID) {
			continue
		}
		at := 0 // after the question before it
		if i > 0 {
			at = slices.Index(out, old.Questions[i-1].ID) + 1
		}
		out = slices.Insert(out, at, q.ID)
	}
	return out
}

// taken is an answer on the joint path.
type taken struct {
	question *Question
	edge     Edge
}

func (p *pair) walk(a, b *Node, path []taken) {
	q := p.next(a, b)
	if q == nil {
		p.count(a, b, path)
		return
	}
	for _, e := range joint(a, b, q) {
		p.walk(advance(a, q, e), advance(b, q, e), append(path[:len(path):len(path)], taken{q, e}))
	}
}

// next gives the earlier of the two questions that are asked.
func (p *pair) next(a, b *Node) *Question {
	switch {
	case !asks(a) && !asks(b):
		return nil
	case !asks(a):
		return b.Question
	case !asks(b):
		return a.Question
	case slices.Index(p.order, a.Question.ID) < slices.Index(p.order, b.Question.ID):
		return a.Question
	}
	return b.Question
}

func asks(n *Node) bool { return n != nil && n.Question != nil }

// joint gives the answers of both nodes to a question.
func joint(a, b *Node, q *Question) []Edge {
	var edges []Edge
	var tests []test
	for _, n := range []*Node{a, b} {
		if !asks(n) || n.Question.ID != q.ID {
			continue
		}
		for _, e := range n.Edges {
			tests = append(tests, test{question: q.index, band: e.Band})
			if !slices.ContainsFunc(edges, func(o Edge) bool { return o.Answer == e.Answer }) {
				edges = append(edges, Edge{Answer: e.Answer})
			}
		}
	}
	if q.Number == nil {
		return edges
	}
	edges = nil
	for _, band := range bands(q, tests) {
		edges = append(edges, Edge{Band: band})
	}
	return edges
}

// advance takes one answer: nodes that ask something else stay, and a version that does
// not know the answer leads nowhere (nil).
func advance(n *Node, q *Question, e Edge) *Node {
	if !asks(n) || n.Question.ID != q.ID {
		return n
	}
	for _, o := range n.Edges {
		if q.Number == nil && o.Answer == e.Answer || q.Number != nil && o.Band.has(e.Band.Low) {
			return o.To
		}
	}
	return nil
}

func outcomeWords(n *Node) string {
	if n == nil {
		return missing
	}
	v := n.Verdict
	s := fmt.Sprintf("%s (%s", v.Outcome, ClassWords(v.Class))
	if v.Limit != nil {
		s += ", " + content.Thousands(*v.Limit) + " kr."
	}
	return s + ")"
}

func (p *pair) count(a, b *Node, path []taken) {
	p.diff.Paths++
	key := [2]string{outcomeWords(a), outcomeWords(b)}
	if key[0] == key[1] {
		if a != nil && a.Verdict.Confirmed != b.Verdict.Confirmed {
			p.diff.Confirmed++
		}
		return
	}
	g := p.groups[key]
	if g == nil {
		g = &group{answers: map[string][]string{}, bands: map[string][]Band{}}
		p.groups[key] = g
		p.keys = append(p.keys, key)
	}
	g.paths++
	for _, t := range path {
		if t.question.Number != nil {
			g.bands[t.question.ID] = append(g.bands[t.question.ID], t.edge.Band)
		} else {
			g.answers[t.question.ID] = union(g.answers[t.question.ID], []string{t.edge.Answer})
		}
	}
}

// where tells what a group has in common: each question where not every answer occurs.
func (p *pair) where(g *group) []string {
	var out []string
	for _, id := range p.order {
		q := p.question(id)
		if answers, ok := g.answers[id]; ok && len(answers) < len(q.Answers) {
			var words []string
			for _, a := range p.new.ordered(q, answers) {
				words = append(words, "»"+q.Text.Answers[a].Text+"«")
			}
			out = append(out, q.Text.Short+": "+strings.Join(words, " eller "))
		}
		if bands, ok := g.bands[id]; ok {
			b := bands[0]
			for _, o := range bands {
				b = Band{min(b.Low, o.Low), max(b.High, o.High)}
			}
			if b.Low > q.Number.Least || b.High != Endless {
				out = append(out, q.Text.Short+": "+strings.ReplaceAll(q.bandWords(b), "\u00a0", " "))
			}
		}
	}
	return out
}

func (p *pair) question(id string) *Question {
	for _, f := range []*Flow{p.new, p.old} {
		for _, q := range f.Questions {
			if q.ID == id {
				return q
			}
		}
	}
	return nil
}

// Write tells the difference in Danish.
func (d Diff) Write(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s af %s veje får et andet svar.\n", content.Thousands(d.Changed()), content.Thousands(d.Paths))
	for _, c := range d.Changes {
		fmt.Fprintf(&b, "\nFra %s\ntil %s: %s\n", c.From, c.To, ways(c.Paths))
		for _, where := range c.Where {
			fmt.Fprintf(&b, "  %s\n", where)
		}
	}
	if d.Confirmed > 0 {
		fmt.Fprintf(&b, "\nFor %s er svaret det samme, men kun den ene version er bekræftet.\n", ways(d.Confirmed))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func ways(n int) string {
	if n == 1 {
		return "1 vej"
	}
	return content.Thousands(n) + " veje"
}

package selvtjek

import (
	"fmt"
	"slices"
	"strings"
)

// name gives each node its slug. A question with one state is named by its id; one
// with several by the answers before it that tell them apart. Slugs depend on the
// rules alone, so that an address lives as long as the question's place in the flow.
func (f *Flow) name() {
	before := f.before()
	for _, q := range f.Questions {
		var states []*Node
		for _, n := range f.Nodes {
			if n.Question == q {
				states = append(states, n)
			}
		}
		f.tell(states, q.ID, before)
	}
	f.nameOutcomes()
}

// before gives for each node, and each question before it, the answers that lead there.
func (f *Flow) before() map[*Node]map[int][]string {
	out := map[*Node]map[int][]string{f.Root: {}}
	for _, n := range f.Nodes { // a node comes after all that lead to it
		for _, e := range n.Edges {
			if out[e.To] == nil {
				out[e.To] = map[int][]string{}
			}
			for q, answers := range out[n] {
				out[e.To][q] = union(out[e.To][q], answers)
			}
			out[e.To][n.Question.index] = union(out[e.To][n.Question.index], []string{e.slug()})
		}
	}
	return out
}

func union(a, b []string) []string {
	out := slices.Clone(a)
	for _, s := range b {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

func (e Edge) slug() string {
	switch {
	case e.Answer != "":
		return e.Answer
	case e.Band.High == Endless:
		return fmt.Sprintf("fra-%d", e.Band.Low)
	case e.Band.Low == e.Band.High:
		return fmt.Sprint(e.Band.Low)
	}
	return fmt.Sprintf("%d-%d", e.Band.Low, e.Band.High)
}

// tell names states that share a question, by the first question before it that parts
// them into groups no answer is shared between.
func (f *Flow) tell(states []*Node, slug string, before map[*Node]map[int][]string) {
	if len(states) == 0 {
		return
	}
	if len(states) == 1 {
		states[0].Slug = slug
		return
	}
	for _, q := range f.Questions {
		groups := part(states, q.index, before)
		if len(groups) < 2 {
			continue
		}
		for _, g := range groups {
			label := strings.Join(f.ordered(q, before[g[0]][q.index]), "-")
			if label == "" {
				label = "uden-" + q.ID
			}
			f.tell(g, slug+"-"+label, before)
		}
		return
	}
	for i, n := range states { // told apart by answers together only
		n.Slug = fmt.Sprintf("%s-%d", slug, i+1)
	}
}

// part groups states by the answers to a question; nil when groups would share one.
func part(states []*Node, question int, before map[*Node]map[int][]string) (groups [][]*Node) {
	var sets [][]string
	for _, n := range states {
		set := slices.Clone(before[n][question])
		slices.Sort(set)
		i := slices.IndexFunc(sets, func(s []string) bool { return slices.Equal(s, set) })
		if i >= 0 {
			groups[i] = append(groups[i], n)
			continue
		}
		for _, s := range sets {
			if slices.ContainsFunc(s, func(a string) bool { return slices.Contains(set, a) }) {
				return nil
			}
		}
		sets, groups = append(sets, set), append(groups, []*Node{n})
	}
	return groups
}

// ordered gives answers in the question's order.
func (f *Flow) ordered(q *Question, answers []string) []string {
	out := slices.Clone(answers)
	slices.SortStableFunc(out, func(a, b string) int { return slices.Index(q.Answers, a) - slices.Index(q.Answers, b) })
	return out
}

// nameOutcomes names outcomes by their text, and by rate or rules where one text
// serves several.
func (f *Flow) nameOutcomes() {
	uses := map[string][]*Node{}
	for _, n := range f.Nodes {
		if n.Verdict != nil {
			uses[n.Verdict.Outcome] = append(uses[n.Verdict.Outcome], n)
		}
	}
	for id, nodes := range uses {
		taken := map[string]bool{}
		for _, n := range nodes {
			n.Slug = "udfald/" + id
			if len(nodes) == 1 {
				break
			}
			switch v := n.Verdict; {
			case v.Rate != "":
				n.Slug += "-" + strings.TrimPrefix(v.Rate, v.Part.Outcome.Pool+"-")
			case len(v.Rules) > 0:
				n.Slug += "-" + strings.ToLower(strings.Join(v.Rules, "-"))
			}
			for base, i := n.Slug, 2; taken[n.Slug]; i++ {
				n.Slug = fmt.Sprintf("%s-%d", base, i)
			}
			taken[n.Slug] = true
		}
	}
}

package selvtjek

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/internal/fault"
)

// oracle is the plain reading of the rules: ask what is to be asked, in order, and stop
// at the first rule all of whose conditions are met by the answers so far.
func oracle(f *Flow, answer func(q *Question) Edge) *Verdict {
	given := map[int]Edge{}
	met := func(tests []test) bool {
		for _, t := range tests {
			e, asked := given[t.question]
			if !asked {
				return false
			}
			q := f.Questions[t.question]
			if q.Number == nil && !slices.Contains(t.answers, e.Answer) || q.Number != nil && (e.Band.Low < t.band.Low || e.Band.Low > t.band.High) {
				return false
			}
		}
		return true
	}
	for _, q := range f.Questions {
		if !met(q.when) {
			continue
		}
		given[q.index] = answer(q)
		for _, r := range f.Rules {
			if met(r.tests) {
				return r.verdict
			}
		}
	}
	return nil
}

// disagreements walks every asked path, with numbers cut at every test of any rule, and
// counts where the oracle and the diagram differ.
func disagreements(t testing.TB, f *Flow) (paths int) {
	t.Helper()
	var tests []test
	for _, r := range f.Rules {
		tests = append(tests, r.tests...)
	}
	options := func(q *Question) []Edge {
		if q.Number == nil {
			var out []Edge
			for _, a := range q.Answers {
				out = append(out, Edge{Answer: a})
			}
			return out
		}
		var out []Edge
		for _, b := range bands(q, tests) {
			out = append(out, Edge{Band: Band{b.Low, b.Low}})
		}
		return out
	}
	type choice struct {
		q *Question
		i int
	}
	var path []choice
	for {
		at := 0
		answers := Answers{}
		want := oracle(f, func(q *Question) Edge {
			if at == len(path) {
				path = append(path, choice{q, 0})
			}
			e := options(q)[path[at].i]
			answers[q.ID] = e.Answer
			if q.Number != nil {
				answers[q.ID] = fmt.Sprint(e.Band.Low)
			}
			at++
			return e
		})
		paths++
		switch got := f.Run(answers); {
		case want == nil:
			t.Fatalf("the oracle finds no rule for %v", answers)
		case got.Verdict == nil:
			t.Fatalf("%v: the diagram asks for %s, the oracle says %s", answers, got.Next.ID, want.Outcome)
		case got.Verdict.key() != want.key():
			t.Errorf("%v: the diagram says %s, the oracle %s", answers, got.Verdict.key(), want.key())
		}
		for len(path) > 0 && path[len(path)-1].i+1 == len(options(path[len(path)-1].q)) {
			path = path[:len(path)-1]
		}
		if len(path) == 0 {
			return paths
		}
		path[len(path)-1].i++
	}
}

func TestDiagramAgreesWithTheOracle(t *testing.T) {
	if n := disagreements(t, sound(t, "2026-11-22")); n < 8 {
		t.Errorf("only %d paths were walked", n)
	}
}

// random makes a flow by chance: conditional questions, numbers, overlapping rules of
// one class, and last rules that leave no gap.
func random(r *rand.Rand, questions, rules, width int) *loader {
	var faults fault.List
	l := &loader{&Flow{ID: "x", outcomes: map[string]*content.Part{}}, &content.Tree{}, &faults, map[string]int{}, flowFile{}}
	for i := range questions {
		q := &Question{ID: fmt.Sprint("q", i), index: i, Text: &content.QuestionText{}}
		if r.IntN(4) == 0 {
			q.Number = &Number{Least: r.IntN(2), Unit: "antal"}
		} else {
			for a := range 2 + r.IntN(3) {
				q.Answers = append(q.Answers, fmt.Sprint("a", a))
			}
		}
		if i > 0 && i < questions-1 && r.IntN(3) == 0 {
			q.when = []test{l.chance(r, r.IntN(i))}
		}
		l.Questions = append(l.Questions, q)
	}
	add := func(tests []test) {
		rule := &Rule{ID: fmt.Sprint("r", len(l.Rules)), tests: tests, verdict: &Verdict{Outcome: fmt.Sprint("u", r.IntN(6)), Class: "nej"}}
		for _, t := range tests {
			rule.last = max(rule.last, t.question)
		}
		l.Rules = append(l.Rules, rule)
	}
	for range rules {
		var tests []test
		for _, i := range r.Perm(questions)[:1+r.IntN(width)] {
			tests = append(tests, l.chance(r, i))
		}
		add(tests)
	}
	last := l.Questions[questions-1]
	add([]test{{question: last.index, answers: last.Answers, band: Band{0, Endless}}})
	return l
}

func (l *loader) chance(r *rand.Rand, i int) test {
	q := l.Questions[i]
	if q.Number != nil {
		low := q.Number.Least + r.IntN(4)
		return test{question: i, band: Band{low, []int{low, low + 2, Endless}[r.IntN(3)]}}
	}
	return test{question: i, answers: q.Answers[:1+r.IntN(len(q.Answers)-1)], band: Band{0, Endless}}
}

func TestRandomFlowsAgreeWithTheOracle(t *testing.T) {
	walked := 0
	for seed := range uint64(300) {
		l := random(rand.New(rand.NewPCG(seed, 1)), 3+int(seed%5), 2+int(seed%9), 3)
		l.compile()
		if l.Root == nil {
			t.Fatalf("seed %d: %v", seed, *l.faults)
		}
		walked += disagreements(t, l.Flow)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	t.Logf("%d paths walked", walked)
}

// A flow that grows beyond what can be read is given up, not enumerated.
func TestHugeFlowIsRefused(t *testing.T) {
	for seed := range uint64(4) {
		l := random(rand.New(rand.NewPCG(seed, 7)), 20, 80, 9)
		for _, r := range l.Rules[:80] { // nothing stops early
			r.tests = append(r.tests, test{question: 19, answers: l.Questions[19].Answers, band: Band{0, Endless}})
			r.last = 19
		}
		l.compile()
		if got := l.faults.Error(); !strings.Contains(got, "selvtjekket giver") {
			t.Errorf("seed %d: got %.300s", seed, got)
		}
	}
}

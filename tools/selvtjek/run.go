package selvtjek

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Answers holds answers by question: an answer's id, or a whole number.
type Answers map[string]string

// maxDigits is how long a number may be.
const maxDigits = 9

// Parse checks answers as typed. Errors are Danish and say what is allowed.
func (f *Flow) Parse(raw map[string]string) (Answers, error) {
	var ids []string
	for _, q := range f.Questions {
		ids = append(ids, q.ID)
	}
	for _, id := range sorted(raw) {
		i := slices.Index(ids, id)
		if i < 0 {
			return nil, fmt.Errorf("der er intet spørgsmål %q; vælg blandt: %s", id, strings.Join(ids, ", "))
		}
		if err := f.Questions[i].check(raw[id]); err != nil {
			return nil, err
		}
	}
	return Answers(raw), nil
}

func (q *Question) check(answer string) error {
	if q.Number == nil {
		if !slices.Contains(q.Answers, answer) {
			return fmt.Errorf("%q er ikke et svar på %s; vælg blandt: %s", answer, q.ID, strings.Join(q.Answers, ", "))
		}
		return nil
	}
	plain := answer != "" && !strings.ContainsFunc(answer, func(r rune) bool { return r < '0' || r > '9' })
	n, err := strconv.Atoi(answer)
	if !plain || err != nil || len(answer) > maxDigits || n < q.Number.Least {
		return fmt.Errorf("%q er ikke et tal for %s; skriv et helt tal fra %d, højst %d cifre, uden punktum", answer, q.ID, q.Number.Least, maxDigits)
	}
	return nil
}

// A Result is how far answers lead. Verdict is nil while Next is still to be asked.
type Result struct {
	Verdict *Verdict
	Node    *Node
	Next    *Question
	Asked   []string // questions answered on the way, in order
	Unused  []string // given, but never asked; in order of the questions
}

// Run walks the diagram with answers that Parse has checked.
func (f *Flow) Run(answers Answers) Result {
	var r Result
	n := f.Root
	for n.Question != nil {
		answer, given := answers[n.Question.ID]
		if !given {
			r.Next = n.Question
			break
		}
		r.Asked = append(r.Asked, n.Question.ID)
		n = n.follow(answer)
	}
	r.Node, r.Verdict = n, n.Verdict
	for _, q := range f.Questions {
		if _, given := answers[q.ID]; given && !slices.Contains(r.Asked, q.ID) {
			r.Unused = append(r.Unused, q.ID)
		}
	}
	return r
}

// follow gives the node that an answer leads to.
func (n *Node) follow(answer string) *Node {
	number, _ := strconv.Atoi(answer)
	for _, e := range n.Edges {
		if n.Question.Number == nil && e.Answer == answer || n.Question.Number != nil && e.Band.has(number) {
			return e.To
		}
	}
	panic("selvtjek: answer " + answer + " to " + n.Question.ID + " was not checked")
}

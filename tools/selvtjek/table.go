package selvtjek

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
)

// A Path is one way through the diagram: single answers, numbers as bands.
type Path struct {
	Steps   []Edge // by question, in order; Questions tells which
	Asked   []*Question
	Verdict *Verdict
}

// Paths gives every way through the flow, in the order of the answers.
func (f *Flow) Paths() []Path {
	var out []Path
	var walk func(n *Node, steps []Edge, asked []*Question)
	walk = func(n *Node, steps []Edge, asked []*Question) {
		if n.Question == nil {
			out = append(out, Path{steps, asked, n.Verdict})
			return
		}
		for _, e := range n.Edges {
			walk(e.To, append(steps[:len(steps):len(steps)], e), append(asked[:len(asked):len(asked)], n.Question))
		}
	}
	walk(f.Root, nil, nil)
	return out
}

// row gives a path's cells: one for each question of the flow, then the outcome.
func (f *Flow) row(p Path) []string {
	cells := make([]string, len(f.Questions))
	for i, q := range p.Asked {
		cells[q.index] = p.Steps[i].ID(q)
	}
	limit := ""
	if p.Verdict.Limit != nil {
		limit = fmt.Sprint(*p.Verdict.Limit)
	}
	confirmed := "nej"
	if p.Verdict.Confirmed {
		confirmed = "ja"
	}
	return append(cells, p.Verdict.Outcome, p.Verdict.Class, limit, confirmed, strings.Join(p.Verdict.Rules, " "), strings.Join(p.Verdict.Sources, " "))
}

// ID writes an answer as the command takes it, a band by its ends: "1-30000", "30001-".
func (e Edge) ID(q *Question) string {
	switch {
	case q.Number == nil:
		return e.Answer
	case e.Band.High == Endless:
		return fmt.Sprintf("%d-", e.Band.Low)
	case e.Band.Low == e.Band.High:
		return fmt.Sprint(e.Band.Low)
	}
	return fmt.Sprintf("%d-%d", e.Band.Low, e.Band.High)
}

func (f *Flow) header() []string {
	var out []string
	for _, q := range f.Questions {
		out = append(out, q.ID)
	}
	return append(out, "udfald", "klasse", "loft", "bekraeftet", "regler", "kilder")
}

// WriteCSV writes the fact-check table: a line for each path.
func (f *Flow) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	_ = out.Write(f.header())
	for _, p := range f.Paths() {
		_ = out.Write(f.row(p))
	}
	out.Flush()
	return out.Error()
}

// WriteMarkdown writes the same as a Markdown table, without the empty cells.
func (f *Flow) WriteMarkdown(w io.Writer) error {
	if _, err := fmt.Fprintf(w, "| svar | udfald | klasse | loft | bekraeftet | regler | kilder |\n|---|---|---|---:|---|---|---|\n"); err != nil {
		return err
	}
	for _, p := range f.Paths() {
		var answers []string
		for i, q := range p.Asked {
			answers = append(answers, q.ID+"="+p.Steps[i].ID(q))
		}
		row := f.row(p)
		if _, err := fmt.Fprintf(w, "| %s | %s |\n", strings.Join(answers, " "), strings.Join(row[len(f.Questions):], " | ")); err != nil {
			return err
		}
	}
	return nil
}

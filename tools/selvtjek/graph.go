package selvtjek

import (
	"fmt"
	"html"
	"io"
	"slices"
	"strings"
)

// Sizes of the drawing, in SVG units.
const (
	graphWidth = 980
	boxWidth   = 340
	boxHeight  = 40
	lineHeight = 22
	spineX     = 60 // left edge of the questions' boxes
)

// WriteSVG draws the flow: the questions from top to bottom, beside each the outcomes
// it may end in with the answers that lead there, and arrows to the questions that may
// follow. Colours are the page's own (currentColor).
func (f *Flow) WriteSVG(w io.Writer) error {
	g := f.gather()
	height := 20
	top := map[*Question]int{}
	for _, q := range g.questions {
		top[q] = height
		height += max(boxHeight, lineHeight*len(g.stops[q])) + 26
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-labelledby="graf-titel" class="graph" font-size="14">`, graphWidth, height)
	fmt.Fprintf(&b, `<title id="graf-titel">%s: %d spørgsmål og de svar, der stopper</title>`, html.EscapeString(f.Title), len(g.questions))
	b.WriteString(`<defs><marker id="pil" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8Z" fill="currentColor"/></marker></defs>`)
	for i, q := range g.questions {
		g.draw(&b, i, q, top)
	}
	b.WriteString("</svg>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// A drawing is the flow by questions: where each one stops, and where it goes on.
type drawing struct {
	questions []*Question
	stops     map[*Question][]stop
	next      map[*Question][]*Question
}

type stop struct {
	text, class string
	answers     []string
}

func (f *Flow) gather() *drawing {
	g := &drawing{stops: map[*Question][]stop{}, next: map[*Question][]*Question{}}
	for _, n := range f.Nodes {
		q := n.Question
		if q == nil {
			continue
		}
		if !slices.Contains(g.questions, q) {
			g.questions = append(g.questions, q)
		}
		for _, e := range n.Edges {
			if to := e.To.Question; to != nil {
				if !slices.Contains(g.next[q], to) {
					g.next[q] = append(g.next[q], to)
				}
				continue
			}
			text := e.To.Verdict.Part.Outcome.Short
			i := slices.IndexFunc(g.stops[q], func(s stop) bool { return s.text == text })
			if i < 0 {
				i = len(g.stops[q])
				g.stops[q] = append(g.stops[q], stop{text: text, class: e.To.Verdict.Class})
			}
			g.stops[q][i].answers = union(g.stops[q][i].answers, []string{q.Words(e)})
		}
	}
	return g
}

func (g *drawing) draw(b *strings.Builder, i int, q *Question, top map[*Question]int) {
	y := top[q]
	fmt.Fprintf(b, `<rect x="%d" y="%d" width="%d" height="%d" rx="3" fill="none" stroke="currentColor" stroke-width="2"/>`, spineX, y, boxWidth, boxHeight)
	fmt.Fprintf(b, `<text x="%d" y="%d" fill="currentColor">%s</text>`, spineX+12, y+25, html.EscapeString(clip(q.Text.Title, 44)))
	for k, s := range g.stops[q] {
		at := y + boxHeight/2 + k*lineHeight
		fmt.Fprintf(b, `<path d="M%d %dH%d" fill="none" stroke="currentColor" marker-end="url(#pil)"/>`, spineX+boxWidth, at, spineX+boxWidth+30)
		text := fmt.Sprintf("%s: %s", ClassWords(s.class), s.text)
		fmt.Fprintf(b, `<text x="%d" y="%d" fill="currentColor"><title>%s</title>%s</text>`, spineX+boxWidth+38, at+5, html.EscapeString(strings.Join(s.answers, " / ")), html.EscapeString(clip(text, 70)))
	}
	for _, to := range g.next[q] {
		g.arrow(b, i, q, to, top)
	}
}

// arrow goes straight down to the next question, and round the left side past others.
func (g *drawing) arrow(b *strings.Builder, i int, q, to *Question, top map[*Question]int) {
	from, end := top[q]+boxHeight, top[to]
	skipped := slices.Index(g.questions, to) - i - 1
	if skipped == 0 {
		fmt.Fprintf(b, `<path d="M%d %dV%d" fill="none" stroke="currentColor" marker-end="url(#pil)"/>`, spineX+boxWidth/2, from, end)
		return
	}
	x := max(6, spineX-8-7*skipped)
	fmt.Fprintf(b, `<path d="M%d %dH%dV%dH%d" fill="none" stroke="currentColor" stroke-opacity=".45" marker-end="url(#pil)"/>`, spineX, from-12, x, end+12, spineX)
}

// clip shortens a text to at most n letters.
func clip(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}

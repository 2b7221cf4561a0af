package skabelon

import "strings"

const cellPad = 4.0

// dateRoom is the width of a field for a day, in points: ten figures of ten points.
const dateRoom = 62.0

// A grid is a table measured: widths of columns, heights of rows.
type grid struct {
	widths    []float64
	head      float64
	rows      []float64
	headStyle style
	fieldRoom []float64 // width inside each column
}

// weights say how much of the width a column with such fields wants.
var weights = map[Kind]float64{Text: 3, Lines: 4, Date: 2.3, Choice: 3.4, Choices: 3, Check: 1.3, Scale: 3.6}

func (p *paper) grid(t *Table) grid {
	g := grid{headStyle: style{9.5, ink, true}}
	want := make([]float64, len(t.Header))
	total := 0.0
	for i := range want {
		want[i] = 1
		for _, row := range t.Rows {
			if i >= len(row) {
				continue
			}
			if f := row[i].Field; f != nil {
				want[i] = max(want[i], weights[f.Kind])
			} else {
				want[i] = max(want[i], min(4, p.fonts[regular].width(plain(row[i].Runs), small.size)/40))
			}
		}
		total += want[i]
	}
	for i, w := range p.widen(t, want, total) {
		g.widths = append(g.widths, w)
		g.fieldRoom = append(g.fieldRoom, g.widths[i]-2*cellPad)
		g.head = max(g.head, p.height(t.Header[i], g.headStyle, g.fieldRoom[i])+2*cellPad)
	}
	for _, row := range t.Rows {
		h := 0.0
		for i, c := range row {
			h = max(h, p.cellHeight(c, g.fieldRoom[i], i == 0))
		}
		g.rows = append(g.rows, h+2*cellPad)
	}
	return g
}

// widen gives the widths of columns by what they want, but none narrower than the
// longest word of its head, or than a day written in it.
func (p *paper) widen(t *Table, want []float64, total float64) []float64 {
	widths := make([]float64, len(want))
	missing, spare := 0.0, 0.0
	least := make([]float64, len(want))
	for i := range want {
		widths[i] = column * want[i] / total
		for _, word := range strings.Fields(plain(t.Header[i])) {
			least[i] = max(least[i], p.fonts[bold].width(word, small.size)+2*cellPad+1)
		}
		if t.holds(i, Date) {
			least[i] = max(least[i], dateRoom+2*cellPad)
		}
		missing += max(0, least[i]-widths[i])
		spare += max(0, widths[i]-least[i])
	}
	if missing > spare {
		return widths // the words are broken
	}
	for i := range widths {
		if widths[i] < least[i] {
			widths[i] = least[i]
		} else if spare > 0 {
			widths[i] -= missing * (widths[i] - least[i]) / spare
		}
	}
	return widths
}

func (p *paper) cellHeight(c Cell, width float64, first bool) float64 {
	if c.Field == nil {
		return p.height(c.Runs, style{small.size, ink, first}, width)
	}
	return p.controlHeight(*c.Field, width, small)
}

// table draws a table. Where the page turns its head stands again, for the eye alone.
func (p *paper) table(t *Table) {
	g := p.grid(t)
	e := p.element(p.root, "Table")
	e.attributes = " /A << /O /Table /Summary " + textString(t.Caption) + " >>"
	head := p.element(p.element(e, "THead"), "TR")
	p.frame(g, g.head, mist)
	p.cells(g, g.head, func(i int, x float64) {
		th := p.element(head, "TH")
		th.attributes = " /A << /O /Table /Scope /Column >>"
		p.flow(th, t.Header[i], g.headStyle, x, g.fieldRoom[i], false)
	})
	tbody := p.element(e, "TBody")
	for n, row := range t.Rows {
		if p.y-g.rows[n] < bottom {
			p.newPage()
			p.again(g, t)
		}
		tr := p.element(tbody, "TR")
		p.frame(g, g.rows[n], "")
		p.cells(g, g.rows[n], func(i int, x float64) {
			if i >= len(row) {
				return
			}
			c := row[i]
			td := p.element(tr, "TD")
			if c.Field != nil {
				p.control(td, *c.Field, x, g.fieldRoom[i], small)
				return
			}
			st := small
			if i == 0 && len(c.Runs) > 0 {
				td.kind, td.attributes, st.strong = "TH", " /A << /O /Table /Scope /Row >>", true
			}
			p.flow(td, c.Runs, st, x, g.fieldRoom[i], false)
		})
	}
	p.y -= gap + 4
}

// again draws the head on a further page, as an ornament: screen readers know it.
func (p *paper) again(g grid, t *Table) {
	p.frame(g, g.head, mist)
	p.cells(g, g.head, func(i int, x float64) {
		for _, l := range p.wrap(t.Header[i], g.headStyle.size, g.fieldRoom[i], true) {
			p.y -= g.headStyle.size * leading
			p.ornament("Pagination", func() {
				at := x
				for _, s := range l {
					p.text(s.font, g.headStyle.size, at, p.y+g.headStyle.size*0.32, ink, s.text)
					at += p.fonts[s.font].width(s.text, g.headStyle.size)
				}
			})
		}
	})
}

// cells calls draw for each cell of a row that begins at y, and moves y below it.
func (p *paper) cells(g grid, height float64, draw func(i int, x float64)) {
	top, x := p.y, margin
	for i, w := range g.widths {
		p.y = top - cellPad
		draw(i, x+cellPad)
		x += w
	}
	p.y = top - height
}

func (p *paper) frame(g grid, height float64, ground string) {
	p.ornament("Layout", func() {
		x := margin
		for _, w := range g.widths {
			if ground != "" {
				p.draw("%s rg %.2f %.2f %.2f %.2f re f\n", ground, x, p.y-height, w, height)
			}
			p.draw("%s RG 0.7 w %.2f %.2f %.2f %.2f re S\n", line, x, p.y-height, w, height)
			x += w
		}
	})
}

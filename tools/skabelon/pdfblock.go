package skabelon

import "fmt"

var (
	body    = style{10.5, ink, false}
	small   = style{9.5, ink, false}
	strong  = style{10.5, ink, true}
	lead    = style{12, soft, false}
	kicker  = style{9.5, blue, true}
	heads   = map[int]style{1: {21, deep, true}, 2: {14.5, deep, true}, 3: {11.5, deep, true}}
	headGap = map[int]float64{2: 11, 3: 7}
)

const (
	gap       = 5.0     // below a block
	rowGap    = gap + 2 // below fields
	headBelow = 4.0     // below a heading
	keepWhole = 160.0   // a lower paragraph is not cut by the page
	keepTable = 170.0   // nor is a lower table
	indent    = 20.0
)

// title draws the head of the first page.
func (p *paper) title() {
	t, w := p.t, p.t.words()
	p.ornament("Layout", func() { p.draw("%s rg %.2f %.2f 46 4 re f\n", yellow, margin, p.y-4) })
	p.y -= 14
	p.flow(p.element(p.root, "P"), []Run{{Text: fmt.Sprintf("%s %s · %s", w.template, t.For, t.Duration)}}, kicker, margin, column, false)
	p.y -= 2
	p.marks = append(p.marks, mark{t.Title, p.page().obj, p.y})
	p.flow(p.element(p.root, "H1"), []Run{{Text: t.Title}}, heads[1], margin, column, false)
	p.y -= 3
	p.flow(p.element(p.root, "P"), []Run{{Text: t.Subject}}, lead, margin, column, false)
	p.y -= 8
}

func (p *paper) blocks(blocks []Block) {
	for i, b := range blocks {
		p.room(p.needs(blocks[i:]))
		switch {
		case b.Heading != nil:
			p.heading(b.Heading)
		case b.Para != nil:
			p.flow(p.element(p.root, "P"), b.Para, body, margin, column, true)
			p.y -= gap
		case b.List != nil:
			p.list(p.root, b.List, margin, column)
			p.y -= gap
		case b.Note != nil:
			p.note(b.Note)
		case b.Fields != nil:
			p.row(b.Fields)
		case b.Table != nil:
			p.table(b.Table)
		}
	}
}

// needs is the height that the first of some blocks must have on its page: a heading
// stays with what follows, a field is not cut, and neither is a short paragraph.
func (p *paper) needs(blocks []Block) float64 {
	if len(blocks) == 0 {
		return 0
	}
	switch b := blocks[0]; {
	case b.Heading != nil:
		return headGap[b.Heading.Level] + p.height(b.Heading.Runs, heads[b.Heading.Level], column) + headBelow + p.needs(blocks[1:])
	case b.Para != nil:
		h := p.height(b.Para, body, column) + gap
		if h > keepWhole {
			h = 3 * body.size * leading
		} else if len(blocks) > 1 && (blocks[1].Fields != nil || blocks[1].Table != nil || blocks[1].List != nil) {
			h += p.needs(blocks[1:]) // it says what to do there
		}
		return h
	case b.List != nil:
		return p.height(b.List.Items[0], body, column-indent)
	case b.Note != nil:
		return p.noteHeight(b.Note)
	case b.Fields != nil:
		return p.rowHeight(b.Fields) - rowGap // what stands last on a page needs none
	default:
		g := p.grid(b.Table)
		h := g.head
		for _, row := range g.rows {
			h += row
		}
		if h > keepTable && len(g.rows) > 1 {
			h = g.head + g.rows[0] + g.rows[1]
		}
		return h
	}
}

func (p *paper) heading(h *Heading) {
	s := heads[h.Level]
	if !p.fresh() {
		p.y -= headGap[h.Level]
	}
	if h.Level == 2 {
		p.marks = append(p.marks, mark{plain(h.Runs), p.page().obj, p.y})
	}
	p.flow(p.element(p.root, fmt.Sprintf("H%d", h.Level)), h.Runs, s, margin, column, false)
	p.y -= headBelow
}

func (p *paper) list(parent *element, l *List, x, width float64) {
	e := p.element(parent, "L")
	e.attributes = " /A << /O /List /ListNumbering /Disc >>"
	if l.Numbered {
		e.attributes = " /A << /O /List /ListNumbering /Decimal >>"
	}
	for i, item := range l.Items {
		p.room(p.height(item, body, width-indent))
		li := p.element(e, "LI")
		sign := "•"
		if l.Numbered {
			sign = fmt.Sprintf("%d.", i+1)
		}
		p.in(p.element(li, "Lbl"), func() {
			p.text(regular, body.size, x+6, p.y-body.size*(leading-0.32), ink, sign)
		})
		p.flow(p.element(li, "LBody"), item, body, x+indent, width-indent, true)
		p.y -= 2
	}
}

const notePad = 9.0

func (p *paper) noteHeight(n *Note) float64 {
	width := column - 2*notePad - 4
	h := 2*notePad - 6 + p.height([]Run{{Text: n.Title}}, strong, width)
	for _, b := range n.Blocks {
		if b.Para != nil {
			h += p.height(b.Para, body, width) + 3
			continue
		}
		for _, item := range b.List.Items {
			h += p.height(item, body, width-indent) + 2
		}
		h += 3
	}
	return h + 4
}

// note draws a box with a bar at its left, as on the site.
func (p *paper) note(n *Note) {
	h := p.noteHeight(n) - 4
	ground, bar := pale, blue
	if n.warns() {
		ground, bar = sand, amber
	}
	p.ornament("Layout", func() {
		p.draw("%s rg %.2f %.2f %.2f %.2f re f\n", ground, margin, p.y-h, column, h)
		p.draw("%s rg %.2f %.2f 4 %.2f re f\n", bar, margin, p.y-h, h)
	})
	x, width := margin+4+notePad, column-2*notePad-4
	end := p.y - h
	p.y -= notePad - 2
	e := p.element(p.root, "Sect")
	p.flow(p.element(e, "P"), []Run{{Text: n.Title}}, strong, x, width, false)
	for _, b := range n.Blocks {
		if b.Para != nil {
			p.flow(p.element(e, "P"), b.Para, body, x, width, false)
		} else {
			p.list(e, b.List, x, width)
		}
		p.y -= 3
	}
	p.y = end - gap - 2
}

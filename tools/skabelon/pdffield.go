package skabelon

import (
	"fmt"
	"strings"

	"kompetenceudvikling.dk/kompas/internal/content"
)

const (
	lineHeight   = 20.0 // of a field for one line
	rowLeading   = 14.0 // of a line in a field for many
	button       = 11.0 // side of a box to tick
	buttonGap    = 5.0  // from it to its text
	optionGap    = 14.0 // between options
	optionsInRow = 13.0
	dateWidth    = 110.0
	betweenCells = 14.0 // between fields side by side
	labelGap     = 3.0
)

// fieldWidth is the width of each of some fields side by side.
func fieldWidth(n int) float64 {
	return (column - float64(n-1)*betweenCells) / float64(n)
}

// label gives the words above a field; a box to tick has them beside it.
func (p *paper) label(f Field) []Run {
	runs := []Run{{Text: f.Label, Bold: true}}
	if f.Kind == Date {
		runs = append(runs, Run{Text: " (" + p.t.words().date + ")"})
	}
	if mark := p.t.mark(f); mark != "" {
		runs = append(runs, Run{Text: " " + firm(mark)})
	}
	return runs
}

func (p *paper) rowHeight(fields []Field) float64 {
	width := fieldWidth(len(fields))
	label, control := 0.0, 0.0
	for _, f := range fields {
		if f.Kind != Check {
			label = max(label, p.height(p.label(f), body, width)+labelGap)
		}
		control = max(control, p.controlHeight(f, width, body))
	}
	return label + control + rowGap
}

// row draws fields side by side, each below its label.
func (p *paper) row(fields []Field) {
	width := fieldWidth(len(fields))
	label := 0.0
	for _, f := range fields {
		if f.Kind != Check {
			label = max(label, p.height(p.label(f), body, width)+labelGap)
		}
	}
	top, end := p.y, p.y-p.rowHeight(fields)
	for i, f := range fields {
		x := margin + float64(i)*(width+betweenCells)
		div := p.element(p.root, "Div")
		if f.Kind != Check {
			// The label stands on its field, however low the neighbour's begins.
			p.y = top - label + labelGap + p.height(p.label(f), body, width)
			p.flow(p.element(div, "P"), p.label(f), body, x, width, false)
		}
		p.y = top - label
		p.control(div, f, x, width, body)
	}
	p.y = end
}

// controlHeight measures what one fills in.
func (p *paper) controlHeight(f Field, width float64, s style) float64 {
	switch f.Kind {
	case Lines:
		return float64(f.Rows)*rowLeading + 6
	case Check:
		return max(button+4, p.height(p.beside(f, s), s, width-button-buttonGap)+2)
	case Choice, Choices:
		_, h := p.options(f.Options, width, s)
		return h
	case Scale:
		return button + 4 + p.height([]Run{{Text: p.ends(f)}}, small, width)
	}
	return lineHeight
}

// beside gives the words of a box to tick. In a table the head of the column says it.
func (p *paper) beside(f Field, s style) []Run {
	if s == small {
		return nil
	}
	runs := p.label(f)
	runs[0].Bold = false
	return runs
}

// ends says what the first and the last step of a scale mean.
func (p *paper) ends(f Field) string {
	return fmt.Sprintf("1 = %s, %d = %s", f.Options[0], scaleSteps, f.Options[1])
}

// An option is where a box to tick stands, from the field's upper left corner.
type option struct{ x, y, width float64 }

// options lays boxes with their texts out in rows, and gives the height of them all.
func (p *paper) options(texts []string, width float64, s style) ([]option, float64) {
	var out []option
	x, y, row := 0.0, 0.0, 0.0
	for _, t := range texts {
		w := min(button+buttonGap+p.fonts[regular].width(t, s.size)+1, width)
		if x > 0 && x+w > width {
			x, y, row = 0, y+row, 0
		}
		out = append(out, option{x, y, w})
		row = max(row, p.height([]Run{{Text: t}}, s, w-button-buttonGap)+4)
		x += w + optionGap
	}
	return out, y + row
}

// control draws what one fills in, below y.
func (p *paper) control(e *element, f Field, x, width float64, s style) {
	top := p.y
	h := p.controlHeight(f, width, s)
	switch f.Kind {
	case Check:
		p.button(p.element(e, "Form"), f.ID, f.Label, x, top-button-2, f.Required)
		if words := p.beside(f, s); words != nil {
			p.y = top
			p.flow(p.element(e, "P"), words, s, x+button+buttonGap, width-button-buttonGap, false)
		}
	case Choices:
		spots, _ := p.options(f.Options, width, s)
		for i, o := range spots {
			p.button(p.element(e, "Form"), f.option(i), f.Label+": "+f.Options[i], x+o.x, top-o.y-button-2, false)
			p.optionText(e, f.Options[i], o, x, top, s)
		}
	case Choice:
		spots, _ := p.options(f.Options, width, s)
		g := p.group(f)
		for i, o := range spots {
			g.radio(p, p.element(e, "Form"), content.Slug(f.Options[i]), f.Options[i], x+o.x, top-o.y-button-2)
			p.optionText(e, f.Options[i], o, x, top, s)
		}
		g.close(p)
	case Scale:
		p.scale(e, f, x, width, top)
	default:
		if f.Kind == Date {
			width = min(width, dateWidth)
		}
		p.textField(p.element(e, "Form"), f, x, top-h, width, h)
	}
	p.y = top - h
}

func (p *paper) optionText(e *element, text string, o option, x, top float64, s style) {
	p.y = top - o.y
	p.flow(p.element(e, "P"), []Run{{Text: text}}, s, x+o.x+button+buttonGap, o.width-button-buttonGap, false)
}

func (p *paper) scale(e *element, f Field, x, width, top float64) {
	g := p.group(f)
	step := min(44, width/scaleSteps)
	for n := 1; n <= scaleSteps; n++ {
		at := x + float64(n-1)*step
		text := fmt.Sprint(n)
		g.radio(p, p.element(e, "Form"), text, text, at, top-button-2)
		p.y = top
		p.flow(p.element(e, "P"), []Run{{Text: text}}, small, at+button+3, step, false)
	}
	g.close(p)
	p.y = top - button - 3
	p.flow(p.element(e, "P"), []Run{{Text: p.ends(f)}}, style{small.size, soft, false}, x, width, false)
}

// Flags of fields (12.7.3.1, 12.7.4).
const (
	flagRequired  = 1 << 1
	flagMultiline = 1 << 12
	flagNoOff     = 1 << 14
	flagRadio     = 1 << 15
)

func flags(required bool, others int) int {
	if required {
		others |= flagRequired
	}
	return others
}

const widgetLook = "/MK << /BC [0.392 0.475 0.498] /BG [1 1 1] >> /BS << /W 1 /S /S >>"

func (p *paper) textField(e *element, f Field, x, y, w, h float64) {
	more := 0
	if f.Kind == Lines {
		more = flagMultiline
	}
	label := f.Label
	if f.Kind == Date {
		label += " (" + p.t.words().date + ")"
	}
	p.fields = append(p.fields, p.annotation(e, fmt.Sprintf("/Subtype /Widget /FT /Tx /Rect [%.2f %.2f %.2f %.2f] /T %s /TU %s /Ff %d /DA (/F0 10 Tf 0 g) /AP << /N %s >> %s",
		x, y, x+w, y+h, textString(f.ID), textString(label), flags(f.Required, more), p.box(w, h, "/Tx BMC EMC"), widgetLook)))
}

// button draws a box to tick.
func (p *paper) button(e *element, id, label string, x, y float64, required bool) {
	on := p.box(button, button, fmt.Sprintf("q 0 g 0 G 1.6 w 2.6 5.4 m 4.7 3 l %.1f 8.6 l S Q", button-2.4))
	off := p.box(button, button, "")
	p.fields = append(p.fields, p.annotation(e, fmt.Sprintf("/Subtype /Widget /FT /Btn /Rect [%.2f %.2f %.2f %.2f] /T %s /TU %s /Ff %d /V /Off /AS /Off /DA (/ZaDb 0 Tf 0 g) /AP << /N << /Ja %s /Off %s >> /D << /Ja %s /Off %s >> >> %s",
		x, y, x+button, y+button, textString(id), textString(label), flags(required, 0), on, off, on, off, widgetLook)))
}

// A group is the radio buttons of one field.
type group struct {
	f    Field
	obj  ref
	kids []ref
}

func (p *paper) group(f Field) *group { return &group{f: f, obj: p.file.alloc()} }

// radio draws one button. name is what the file remembers, text what is read out.
func (g *group) radio(p *paper, e *element, name, text string, x, y float64) {
	on, off := p.circle("q 0 g "+circle(button/2, 2.7)+" f Q"), p.circle("")
	g.kids = append(g.kids, p.annotation(e, fmt.Sprintf("/Subtype /Widget /Parent %s /Rect [%.2f %.2f %.2f %.2f] /TU %s /AS /Off /DA (/ZaDb 0 Tf 0 g) /AP << /N << /%s %s /Off %s >> /D << /%s %s /Off %s >> >> /MK << /BC [0.392 0.475 0.498] /BG [1 1 1] /CA (l) >> /BS << /W 1 /S /S >>",
		g.obj, x, y, x+button, y+button, textString(g.f.Label+": "+text), name, on, off, name, on, off)))
}

func (g *group) close(p *paper) {
	p.file.set(g.obj, "<< /FT /Btn /T %s /TU %s /Ff %d /V /Off /Kids %v >>", textString(g.f.ID), textString(g.f.Label), flags(g.f.Required, flagRadio|flagNoOff), g.kids)
	p.fields = append(p.fields, g.obj)
}

// box gives the picture of a field: a frame, and what is in it.
func (p *paper) box(w, h float64, in string) ref {
	return p.picture(w, h, fmt.Sprintf("q 1 g %s RG 1 w 0.5 0.5 %.2f %.2f re B Q\n%s", line, w-1, h-1, in))
}

func (p *paper) circle(in string) ref {
	return p.picture(button, button, fmt.Sprintf("q 1 g %s RG 1 w %s B Q\n%s", line, circle(button/2, button/2-0.5), in))
}

// circle draws with four Bézier curves.
func circle(c, r float64) string {
	k := r * 0.5523
	var s strings.Builder
	fmt.Fprintf(&s, "%.2f %.2f m", c+r, c)
	for _, q := range [][6]float64{{r, k, k, r, 0, r}, {-k, r, -r, k, -r, 0}, {-r, -k, -k, -r, 0, -r}, {k, -r, r, -k, r, 0}} {
		fmt.Fprintf(&s, " %.2f %.2f %.2f %.2f %.2f %.2f c", c+q[0], c+q[1], c+q[2], c+q[3], c+q[4], c+q[5])
	}
	return s.String()
}

// picture gives a form XObject; equal ones are one object.
func (p *paper) picture(w, h float64, src string) ref {
	key := fmt.Sprintf("%.2f %.2f %s", w, h, src)
	if r, ok := p.boxes[key]; ok {
		return r
	}
	r := p.file.alloc()
	p.boxes[key] = r
	p.file.stream(r, fmt.Sprintf("/Type /XObject /Subtype /Form /BBox [0 0 %.2f %.2f] /Resources << /Font << /F0 %s >> >>", w, h, p.fonts[regular].obj), []byte(src))
	return r
}

package skabelon

import (
	"encoding/xml"
	"fmt"
	"strings"
)

// A writer writes the body of a Word document (ECMA-376, WordprocessingML).
type writer struct {
	strings.Builder
	t        *Template
	base     string
	links    []string // targets; the first is relationship L1
	controls int
	numbered int // numbered lists so far: each counts from 1
}

// escape writes text for XML.
func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // to memory
	return b.String()
}

func (w *writer) put(format string, args ...any) { fmt.Fprintf(w, format, args...) }

// DOCX writes a template as a Word document. base is the address of the site, for its
// links. Every field is a content control that names itself; nothing is protected, so
// a workplace can change the questions. The same input gives the same bytes.
func (t *Template) DOCX(base string) ([]byte, error) {
	w := &writer{t: t, base: base}
	w.paragraph("Kicker", []Run{{Text: fmt.Sprintf("%s %s · %s", t.words().template, t.For, t.Duration)}})
	w.paragraph("Heading1", []Run{{Text: t.Title}})
	w.paragraph("Subtitle", []Run{{Text: t.Subject}})
	w.blocks(t.Blocks, "")
	return w.pack()
}

func (w *writer) blocks(blocks []Block, style string) {
	for i, b := range blocks {
		switch {
		case b.Heading != nil:
			w.paragraph(fmt.Sprintf("Heading%d", b.Heading.Level), b.Heading.Runs)
		case b.Para != nil && i+1 < len(blocks) && (blocks[i+1].Table != nil || blocks[i+1].Fields != nil):
			w.open(style, "<w:keepNext/>") // it says what to do there
			w.runs(b.Para)
			w.WriteString("</w:p>")
		case b.Para != nil:
			w.paragraph(style, b.Para)
		case b.List != nil:
			w.list(b.List, style)
		case b.Note != nil:
			note := "Info"
			if b.Note.warns() {
				note = "Note"
			}
			w.paragraph(note+"Title", []Run{{Text: b.Note.Title}})
			w.blocks(b.Note.Blocks, note)
		case b.Fields != nil:
			for _, f := range b.Fields {
				w.field(f)
			}
		case b.Table != nil:
			w.table(b.Table)
		}
	}
}

// open begins a paragraph. more is what its properties have beside its style.
func (w *writer) open(style, more string) {
	w.WriteString("<w:p>")
	if style != "" {
		style = fmt.Sprintf(`<w:pStyle w:val="%s"/>`, style)
	}
	if style+more != "" {
		w.put("<w:pPr>%s%s</w:pPr>", style, more)
	}
}

func (w *writer) paragraph(style string, runs []Run) {
	w.open(style, "")
	w.runs(runs)
	w.WriteString("</w:p>")
}

func (w *writer) runs(runs []Run) {
	for _, r := range runs {
		var look string
		if r.Link != "" {
			look += `<w:rStyle w:val="Hyperlink"/>`
		}
		if r.Bold {
			look += "<w:b/>"
		}
		if r.Italic {
			look += "<w:i/>"
		}
		if look != "" {
			look = "<w:rPr>" + look + "</w:rPr>"
		}
		text := fmt.Sprintf(`<w:r>%s<w:t xml:space="preserve">%s</w:t></w:r>`, look, escape(r.Text))
		if r.Link == "" {
			w.WriteString(text)
			continue
		}
		w.links = append(w.links, absolute(w.base, r.Link))
		w.put(`<w:hyperlink r:id="L%d" w:history="1">%s</w:hyperlink>`, len(w.links), text)
	}
}

func (w *writer) list(l *List, style string) {
	number := 1 // the bullets
	if l.Numbered {
		w.numbered++
		number = 1 + w.numbered
	}
	if style == "" {
		style = "ListParagraph"
	}
	for _, item := range l.Items {
		w.open(style, fmt.Sprintf(`<w:numPr><w:ilvl w:val="0"/><w:numId w:val="%d"/></w:numPr>`, number))
		w.runs(item)
		w.WriteString("</w:p>")
	}
}

// field writes the question and what one fills in: beside it if that is short, else
// in a frame below it.
func (w *writer) field(f Field) {
	label := []Run{{Text: f.Label, Bold: true}}
	if mark := w.t.mark(f); mark != "" {
		label = append(label, Run{Text: " " + firm(mark)})
	}
	if hint := f.hint(); hint != "" {
		label = append(label, Run{Text: " (" + hint + ")"})
	}
	switch f.Kind {
	case Check:
		label[0].Bold = false
		w.open("Option", "")
		w.control(f, f.ID, f.Label)
		w.runs(append([]Run{{Text: " "}}, label...))
		w.WriteString("</w:p>")
	case Choices:
		w.paragraph("Question", label)
		w.open("Options", "")
		for i, o := range f.Options {
			w.control(Field{Kind: Check}, f.option(i), f.Label+": "+o)
			w.runs([]Run{{Text: firm(" "+o) + "\u2003 "}})
		}
		w.WriteString("</w:p>")
	case Lines:
		w.paragraph("Question", label)
		w.open("Answer", "")
		w.control(f, f.ID, f.Label)
		w.WriteString("</w:p>")
	default:
		w.open("Line", "")
		w.runs(append(label, Run{Text: "\u2002"}))
		w.control(f, f.ID, f.Label)
		w.WriteString("</w:p>")
	}
}

// hint tells what may be answered, for those who fill the form in by hand.
func (f Field) hint() string {
	switch f.Kind {
	case Choice:
		return strings.Join(f.Options, " / ")
	case Scale:
		return fmt.Sprintf("1 = %s, %d = %s", f.Options[0], scaleSteps, f.Options[1])
	}
	return ""
}

// control writes a content control (17.5.2). Its children stand in the schema's order.
func (w *writer) control(f Field, tag, title string) {
	w.controls++
	w.put(`<w:sdt><w:sdtPr><w:alias w:val="%s"/><w:tag w:val="%s"/><w:id w:val="%d"/>`, escape(shorten(title)), escape(shorten(tag)), 100000+w.controls)
	words := w.t.words()
	prompt := words.write
	switch f.Kind {
	case Check:
		const font = `<w:rFonts w:ascii="MS Gothic" w:eastAsia="MS Gothic" w:hAnsi="MS Gothic" w:hint="eastAsia"/>`
		w.put(`<w14:checkbox><w14:checked w14:val="0"/><w14:checkedState w14:val="2612" w14:font="MS Gothic"/><w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox></w:sdtPr><w:sdtContent><w:r><w:rPr>%s</w:rPr><w:t>☐</w:t></w:r></w:sdtContent></w:sdt>`, font)
		return
	case Text:
		w.put(`<w:showingPlcHdr/><w:text/>`)
	case Lines:
		w.put(`<w:showingPlcHdr/><w:richText/>`)
	case Date:
		prompt = words.date
		w.put(`<w:showingPlcHdr/><w:date><w:dateFormat w:val="dd-MM-yyyy"/><w:lid w:val="%s"/><w:storeMappedDataAs w:val="dateTime"/><w:calendar w:val="gregorian"/></w:date>`, words.locale)
	case Choice, Scale, Choices:
		prompt = words.choose
		w.put(`<w:showingPlcHdr/><w:dropDownList>`)
		for _, o := range f.choices() {
			w.put(`<w:listItem w:displayText="%s" w:value="%s"/>`, escape(o), escape(o))
		}
		w.put(`</w:dropDownList>`)
	}
	const look = `<w:r><w:rPr><w:rStyle w:val="PlaceholderText"/></w:rPr>`
	w.put(`</w:sdtPr><w:sdtContent>%s<w:t>%s</w:t></w:r>`, look, prompt)
	w.WriteString(strings.Repeat(look+"<w:br/></w:r>", max(0, f.Rows-1))) // room to write by hand; it goes when one types
	w.WriteString(`</w:sdtContent></w:sdt>`)
}

// choices are what a drop-down offers.
func (f Field) choices() []string {
	if f.Kind == Scale {
		return []string{"1", "2", "3", "4", "5"}
	}
	return f.Options
}

// shorten keeps to Word's limit of 64 characters for a control's title and tag.
func shorten(s string) string {
	if r := []rune(s); len(r) > 64 {
		return string(r[:63]) + "…"
	}
	return s
}

// Widths in twentieths of a point.
const docxColumn = 9638

func (w *writer) table(t *Table) {
	widths := t.shares(docxColumn)
	caption := escape(t.Caption)
	w.put(`<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="%d" w:type="dxa"/><w:tblLayout w:type="fixed"/><w:tblLook w:val="04A0" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="0" w:noVBand="1"/><w:tblCaption w:val="%s"/><w:tblDescription w:val="%s"/></w:tblPr><w:tblGrid>`, docxColumn, caption, caption)
	for _, n := range widths {
		w.put(`<w:gridCol w:w="%d"/>`, n)
	}
	w.put(`</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>`)
	for i, c := range t.Header {
		w.put(`<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/><w:shd w:val="clear" w:color="auto" w:fill="E6EEEF"/></w:tcPr>`, widths[i])
		strong := make([]Run, len(c))
		for j, r := range c {
			r.Bold = true
			strong[j] = r
		}
		w.paragraph("HeadCell", strong)
		w.put(`</w:tc>`)
	}
	w.put(`</w:tr>`)
	for _, row := range t.Rows {
		w.put(`<w:tr><w:trPr><w:cantSplit/></w:trPr>`)
		for i := range t.Header {
			w.put(`<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr>`, widths[i])
			w.open("Cell", "")
			if i < len(row) && row[i].Field != nil {
				w.control(*row[i].Field, row[i].Field.ID, row[i].Field.Label)
			} else if i < len(row) {
				w.runs(row[i].Runs)
			}
			w.put(`</w:p></w:tc>`)
		}
		w.put(`</w:tr>`)
	}
	w.WriteString(`</w:tbl>`)
	w.paragraph("AfterTable", nil) // without it two tables become one
}

// shares parts a width among the columns by what they hold.
func (t *Table) shares(width int) []int {
	want := make([]float64, len(t.Header))
	total := 0.0
	for i := range want {
		want[i] = 1.2
		for _, row := range t.Rows {
			switch {
			case i >= len(row):
			case row[i].Field != nil:
				want[i] = max(want[i], weights[row[i].Field.Kind])
			default:
				want[i] = max(want[i], min(4, float64(len(plain(row[i].Runs)))/9))
			}
		}
		total += want[i]
	}
	return t.leave(want, total, float64(width))
}

// leave gives each column its share, but room for a day where one is to be written.
func (t *Table) leave(want []float64, total, width float64) []int {
	const day = 1320 // twentieths of a point
	dated := make([]bool, len(want))
	for i := range want {
		if dated[i] = t.holds(i, Date) && width*want[i]/total < day && width > 2*day; dated[i] {
			width -= day
			total -= want[i]
		}
	}
	out := make([]int, len(want))
	for i := range want {
		if out[i] = int(width * want[i] / total); dated[i] {
			out[i] = day
		}
	}
	return out
}

package skabelon

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"

	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/internal/fault"
)

// maxColumns is how many columns a page has room for.
const maxColumns = 7

// maxRepeat is how many times a row may be repeated.
const maxRepeat = 30

// parse reads a page. What it cannot read is a fault with its line, and left out.
func parse(p *content.Page, faults *fault.List) *Template {
	t := &Template{
		ID: strings.Trim(strings.TrimPrefix(p.Path, folder), "/"), Path: p.Path, Title: p.Title, Subject: p.Description,
		For: readers(p.Audience, p.FormLang), Duration: p.Duration, Version: p.Version, Date: p.Date, Lang: p.FormLang,
	}
	if t.Lang == "" {
		t.Lang = "da"
	}
	r := &reader{page: p, faults: faults, seen: map[string]int{}, caption: t.Title}
	if strings.Contains(t.ID, "/") || !strings.HasPrefix(p.Path, folder) {
		r.add(1, "skabelonen ligger ikke i content/skabeloner/", "flyt filen dertil")
	}
	root := markdown().Parse(text.NewReader(p.Body))
	t.Blocks = r.blocks(root)
	if !r.tried {
		r.add(1, "skabelonen har ingen felter", `skriv fx [[tekst navn "Dit navn"]]`)
	}
	for _, s := range []string{t.Title, t.Subject, t.For, t.Duration, t.Version} {
		r.glyphs(s, 1)
	}
	return t
}

// A reader is the state of reading one page.
type reader struct {
	page     *content.Page
	faults   *fault.List
	seen     map[string]int // id of a field -> line
	tried    bool           // a field is written, be it wrongly
	headings int
	caption  string // the last heading, which names a table
}

func (r *reader) add(line int, message, advice string) {
	r.faults.Add(r.page.File, line, message, advice)
}

func (r *reader) line(offset int) int {
	return r.page.BodyLine + bytes.Count(r.page.Body[:min(max(offset, 0), len(r.page.Body))], []byte("\n"))
}

// at gives the line a node begins on: its own, else the first known around it.
func (r *reader) at(n ast.Node) int {
	for ; n != nil; n = n.Parent() {
		if n.Pos() >= 0 {
			return r.line(n.Pos())
		}
		if n.Type() == ast.TypeBlock && n.Lines().Len() > 0 {
			return r.line(n.Lines().At(0).Start)
		}
	}
	return r.page.BodyLine
}

func (r *reader) blocks(root ast.Node) []Block {
	var out []Block
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		out = append(out, r.block(n)...)
	}
	return out
}

func (r *reader) block(n ast.Node) []Block {
	switch n := n.(type) {
	case *ast.Heading:
		h := &Heading{Level: n.Level, Runs: r.runs(n)}
		if r.headings < len(r.page.Headings) {
			h.ID = r.page.Headings[r.headings].ID
		}
		r.headings++
		r.caption = plain(h.Runs)
		if n.Level > 3 {
			r.add(r.at(n), "overskriften har for mange #", "brug ## til afsnit og ### til underafsnit")
		}
		return []Block{{Heading: h}}
	case *ast.Paragraph, *ast.TextBlock:
		if fields := r.fields(n); fields != nil {
			return []Block{{Fields: fields}}
		}
		return []Block{{Para: r.runs(n)}}
	case *ast.List:
		return []Block{{List: r.list(n)}}
	case *ast.Blockquote:
		return r.note(n)
	case *east.Table:
		return []Block{{Table: r.table(n)}}
	}
	r.add(r.at(n), "det kan ikke stå i en skabelon", "brug overskrifter, afsnit, lister, tabeller, bokse og felter")
	return nil
}

// fields gives the fields of a paragraph that holds nothing else, or nil.
func (r *reader) fields(p ast.Node) []Field {
	var nodes []*fieldNode
	for n := p.FirstChild(); n != nil; n = n.NextSibling() {
		if f, ok := n.(*fieldNode); ok {
			nodes = append(nodes, f)
		} else if t, ok := n.(*ast.Text); !ok || len(bytes.TrimSpace(t.Segment.Value(r.page.Body))) > 0 {
			return nil // runs tells the fields among the words
		}
	}
	if len(nodes) > 3 {
		r.add(r.at(p), fmt.Sprintf("der står %d felter ved siden af hinanden", len(nodes)), "højst tre kan stå i ét afsnit; lav en tom linje mellem dem")
	}
	fields := []Field{}
	for _, n := range nodes {
		f, ok := r.field(n)
		if ok && f.Label == "" {
			r.add(f.Line, "feltet "+f.ID+" mangler et spørgsmål", fmt.Sprintf(`skriv [[%s %s "Spørgsmålet"]]`, f.Kind, f.ID))
		}
		if ok {
			r.unique(f)
			fields = append(fields, f)
		}
	}
	if len(nodes) == 0 {
		return nil
	}
	return fields
}

func (r *reader) field(n *fieldNode) (Field, bool) {
	line := r.line(n.offset)
	r.tried = true
	if n.open {
		r.add(line, "et felt slutter ikke med ]]", "skriv hele feltet på én linje")
		return Field{}, false
	}
	f, wrong := readField(n.src)
	f.Line = line
	if wrong != nil {
		r.add(line, wrong.message, wrong.advice)
		return f, false
	}
	r.glyphs(f.Label+strings.Join(f.Options, ""), line)
	return f, true
}

func (r *reader) unique(f Field) {
	if before, taken := r.seen[f.ID]; taken {
		r.add(f.Line, fmt.Sprintf("to felter hedder %s (det andet står i linje %d)", f.ID, before), "giv det ene et andet id")
	}
	r.seen[f.ID] = f.Line
}

func (r *reader) list(l *ast.List) *List {
	out := &List{Numbered: l.IsOrdered()}
	for li := l.FirstChild(); li != nil; li = li.NextSibling() {
		if li.ChildCount() != 1 || li.FirstChild().Kind() != ast.KindTextBlock && li.FirstChild().Kind() != ast.KindParagraph {
			r.add(r.at(li), "et punkt på en liste skal være ét afsnit", "del listen op, eller skriv punktet kortere")
			continue
		}
		out.Items = append(out.Items, r.runs(li.FirstChild()))
	}
	return out
}

var noteRe = regexp.MustCompile(`^\[!([a-z]+)\]\s*(.*)`)

// note reads a box: > [!obs] Title, and paragraphs and lists below it.
func (r *reader) note(q *ast.Blockquote) []Block {
	first, ok := q.FirstChild().(*ast.Paragraph)
	if !ok || first.Lines().Len() == 0 {
		r.add(r.at(q), "boksen mangler en overskrift", "skriv fx > [!info] Overskriften")
		return nil
	}
	segment := first.Lines().At(0)
	m := noteRe.FindStringSubmatch(strings.TrimSpace(string(segment.Value(r.page.Body))))
	if m == nil {
		r.add(r.at(q), "boksen mangler en overskrift", "skriv fx > [!info] Overskriften")
		return nil
	}
	note := &Note{Kind: m[1], Title: m[2]}
	r.glyphs(note.Title, r.line(segment.Start))
	// The title is the first line of the paragraph; what follows is its text.
	for n := first.FirstChild(); n != nil; n = first.FirstChild() {
		t, ok := n.(*ast.Text)
		first.RemoveChild(first, n)
		if ok && t.SoftLineBreak() {
			break
		}
	}
	if first.ChildCount() == 0 {
		q.RemoveChild(q, first)
	}
	for n := q.FirstChild(); n != nil; n = n.NextSibling() {
		for _, b := range r.block(n) {
			if b.Para == nil && b.List == nil {
				r.add(r.at(n), "i en boks kan der kun stå afsnit og lister", "flyt det ud under boksen")
				continue
			}
			note.Blocks = append(note.Blocks, b)
		}
	}
	return []Block{{Note: note}}
}

func (r *reader) table(t *east.Table) *Table {
	out := &Table{Caption: r.caption}
	for row := t.FirstChild(); row != nil; row = row.NextSibling() {
		if _, head := row.(*east.TableHeader); head {
			for c := row.FirstChild(); c != nil; c = c.NextSibling() {
				out.Header = append(out.Header, r.runs(c))
			}
			if n := len(out.Header); n > maxColumns {
				r.add(r.at(row), fmt.Sprintf("tabellen har %d kolonner", n), fmt.Sprintf("der er plads til %d på en side; del tabellen", maxColumns))
			}
			continue
		}
		out.Rows = append(out.Rows, r.row(row, out.Header, len(out.Rows))...)
	}
	return out
}

// row reads a row; [[raekker 3]] in it makes three of it, whose fields get the number
// at the end of their ids. before is how many rows there are already.
func (r *reader) row(row ast.Node, header [][]Run, before int) []([]Cell) {
	times, repeated := r.times(row)
	var out [][]Cell
	for i := range times {
		var cells []Cell
		label := fmt.Sprintf("%d", before+i+1)
		column := 0
		for c := row.FirstChild(); c != nil; c = c.NextSibling() {
			cell := r.cell(c, i == 0)
			if f := cell.Field; f != nil {
				if f.Label == "" && column < len(header) {
					f.Label = plain(header[column]) + ", " + label
				} else if repeated {
					f.Label += " " + strconv.Itoa(i+1)
				}
				if repeated {
					f.ID = fmt.Sprintf("%s-%d", f.ID, i+1)
					f.Required, f.Advised = f.Required && i == 0, f.Advised && i == 0
				}
				r.unique(*f)
			} else if column == 0 && plain(cell.Runs) != "" {
				label = plain(cell.Runs)
			}
			cells = append(cells, cell)
			column++
		}
		out = append(out, cells)
	}
	return out
}

// times tells how often a row is to stand, and takes the mark out of it.
func (r *reader) times(row ast.Node) (int, bool) {
	for c := row.FirstChild(); c != nil; c = c.NextSibling() {
		for n := c.FirstChild(); n != nil; n = n.NextSibling() {
			f, ok := n.(*fieldNode)
			if !ok || !strings.HasPrefix(f.src, repeat) {
				continue
			}
			c.RemoveChild(c, n)
			times, err := strconv.Atoi(strings.TrimSpace(strings.TrimPrefix(f.src, repeat)))
			if err != nil || times < 1 || times > maxRepeat {
				r.add(r.line(f.offset), "["+"["+f.src+"]] kan ikke læses", fmt.Sprintf("skriv fx [[raekker 3]], højst %d", maxRepeat))
				times = 1
			}
			return times, true
		}
	}
	return 1, false
}

// cell reads a cell. Its faults are told the first time a repeated row is read.
func (r *reader) cell(c ast.Node, tell bool) Cell {
	if !tell {
		quiet := *r
		quiet.faults = &fault.List{}
		r = &quiet
	}
	var fields []*fieldNode
	words := false
	for n := c.FirstChild(); n != nil; n = n.NextSibling() {
		if f, ok := n.(*fieldNode); ok {
			fields = append(fields, f)
		} else if t, ok := n.(*ast.Text); !ok || len(bytes.TrimSpace(t.Segment.Value(r.page.Body))) > 0 {
			words = true
		}
	}
	switch {
	case len(fields) == 0:
		return Cell{Runs: r.runs(c)}
	case len(fields) > 1 || words:
		r.tried = true
		r.add(r.line(fields[0].offset), "en celle kan have tekst eller ét felt, ikke begge dele", "del cellen i to kolonner")
		return Cell{}
	}
	f, ok := r.field(fields[0])
	if !ok {
		return Cell{}
	}
	return Cell{Field: &f}
}

// runs gives the text of a node by style.
func (r *reader) runs(n ast.Node) []Run {
	var out []Run
	r.styled(n, Run{}, &out)
	if len(out) > 0 {
		out[0].Text = strings.TrimLeft(out[0].Text, " ")
		out[len(out)-1].Text = strings.TrimRight(out[len(out)-1].Text, " ")
	}
	return out
}

func (r *reader) styled(n ast.Node, style Run, out *[]Run) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch v := c.(type) {
		case *ast.Text:
			run := style
			run.Text = string(v.Segment.Value(r.page.Body))
			r.glyphs(run.Text, r.line(v.Segment.Start))
			if strings.Contains(run.Text, "{{") {
				r.add(r.line(v.Segment.Start), "en skabelon kan ikke bruge kortkoder", "skriv teksten ud; beløb hører ikke til i en skabelon")
			}
			if v.SoftLineBreak() || v.HardLineBreak() {
				run.Text += " "
			}
			if n := len(*out); n > 0 && same((*out)[n-1], run) {
				(*out)[n-1].Text += run.Text
			} else {
				*out = append(*out, run)
			}
		case *ast.Emphasis:
			s := style
			s.Bold, s.Italic = s.Bold || v.Level == 2, s.Italic || v.Level == 1
			r.styled(v, s, out)
		case *ast.Link:
			s := style
			s.Link = string(v.Destination)
			r.styled(v, s, out)
		case *fieldNode:
			r.add(r.line(v.offset), "et felt står midt i en tekst", "giv feltet sin egen linje med en tom linje før og efter")
		default:
			r.add(r.at(c), "det kan ikke stå i en skabelon", "brug tekst, fed, kursiv, links og felter")
		}
	}
}

func same(a, b Run) bool { return a.Bold == b.Bold && a.Italic == b.Italic && a.Link == b.Link }

// glyphs refuses what the PDF's font cannot show.
func (r *reader) glyphs(s string, line int) {
	for _, c := range s {
		if _, ok := winAnsi(c); !ok {
			r.add(line, fmt.Sprintf("tegnet %q (U+%04X) kan ikke skrives i skabelonen", c, c), "skriv det med almindelige bogstaver og tegn; skriftens tegn dækker dansk og vesteuropæisk")
			return
		}
	}
}

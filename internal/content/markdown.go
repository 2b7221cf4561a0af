package content

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"kompetenceudvikling.dk/kompas/internal/fault"
)

// markdown is goldmark with the options that config.toml gives Hugo.
func markdown() parser.Parser {
	return goldmark.New(
		goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.TaskList),
		goldmark.WithParserOptions(parser.WithAttribute()),
	).Parser()
}

// parseBody reads the Markdown: headings, links, shortcodes, and all that is not allowed.
func (p *Page) parseBody(firstLine int, d *Data, faults *fault.List) {
	b := &body{page: p, data: d, faults: faults, line: firstLine, ends: lineEnds(p.Body), ids: map[string]bool{}, number: map[string]int{}}
	if n := countMarks(p.Body); n > marksLimit {
		b.add(firstLine, fmt.Sprintf("siden har %d tegn som *, _ og [; grænsen er %d", n, marksLimit), "del siden, eller slet de tegn, der ikke hører til teksten")
		return
	}
	b.src = b.shortcodes(p.Body)
	root := markdown().Parse(text.NewReader(b.src))
	depth := 0
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			depth--
			return ast.WalkContinue, nil
		}
		if depth++; depth > depthLimit {
			b.add(b.at(n), "lister eller citater ligger for dybt inden i hinanden", "del teksten op, så højst tre-fire lag ligger i hinanden")
			return ast.WalkStop, nil
		}
		b.node(n)
		return ast.WalkContinue, nil
	})
	if depth > depthLimit {
		return
	}
	b.checkOrder()
	b.prose(root)
	p.terms = d.words.uses(root, b.src)
}

// marksLimit bounds the marks of a page: the time goldmark and Hugo take grows with
// their square (100,000 on one line took 6 s). Our longest page has 111.
const marksLimit = 4000

// depthLimit bounds how deep elements lie in each other. A list in a list in a list is
// eight deep; readers of HTML give up at 512.
const depthLimit = 40

func countMarks(src []byte) (n int) {
	for _, c := range src {
		switch c {
		case '*', '_', '~', '[', '`', '<':
			n++
		}
	}
	return n
}

// languageRe is what may follow ```: Hugo reads anything more as settings.
var languageRe = regexp.MustCompile(`^[A-Za-z0-9+#-]*$`)

// A body is the state of reading one page's Markdown.
type body struct {
	page   *Page
	data   *Data
	faults *fault.List
	src    []byte // the body with shortcodes blanked, byte for byte
	line   int    // line of the file that src begins on
	ends   []int  // where the lines of src end
	ids    map[string]bool
	number map[string]int // the last that was set behind an id
}

// lineEnds is found once: a page has as many texts as lines, each asks for its own.
func lineEnds(src []byte) (ends []int) {
	for i, c := range src {
		if c == '\n' {
			ends = append(ends, i)
		}
	}
	return ends
}

func (b *body) lineAt(offset int) int {
	before, _ := slices.BinarySearch(b.ends, offset)
	return b.line + before
}

func (b *body) add(line int, message, advice string) {
	b.faults.Add(b.page.File, line, message, advice)
}

// at gives the line of a node: its own, else the first one known around it.
func (b *body) at(n ast.Node) int {
	for ; n != nil; n = n.Parent() {
		if n.Pos() >= 0 {
			return b.lineAt(n.Pos())
		}
		if n.Type() == ast.TypeBlock && n.Lines().Len() > 0 {
			return b.lineAt(n.Lines().At(0).Start)
		}
	}
	return b.line
}

// unreadRe finds in plain text what was meant as a link or picture.
var unreadRe = regexp.MustCompile(`(?:^|[^\\])\]\(`)

func (b *body) node(n ast.Node) {
	switch n := n.(type) {
	case *ast.Heading:
		b.heading(n)
	case *ast.Link:
		b.link(string(n.Destination), b.at(n))
		if strings.TrimSpace(plain(n, b.src)) == "" {
			b.add(b.at(n), "et link har ingen tekst", "skriv [teksten](/adressen/)")
		}
	case *ast.Image:
		b.link(string(n.Destination), b.at(n))
		if strings.TrimSpace(plain(n, b.src)) == "" {
			b.add(b.at(n), "et billede mangler alternativ tekst", "skriv ![hvad billedet viser](fil.jpg)")
		}
		switch d := string(n.Destination); {
		case strings.Contains(d, ":") || strings.HasPrefix(d, "//"):
			b.add(b.at(n), "billedet ligger ikke på webstedet: "+d, "læg filen ved siden af siden, og skriv ![hvad billedet viser](fil.jpg)")
		case limits[path.Ext(d)] != pictureLimit:
			b.add(b.at(n), "det er ikke et billede: "+d, "vis et billede, der ender på .png, .jpg eller .webp; til andet skriver du et link")
		}
	case *ast.FencedCodeBlock:
		if n.Info != nil && !languageRe.Match(bytes.TrimSpace(n.Info.Segment.Value(b.src))) {
			b.add(b.at(n), "efter ``` må kun stå ét ord", "skriv ``` alene på linjen")
		}
	case *ast.AutoLink:
		b.link(string(n.URL(b.src)), b.at(n))
	case *ast.HTMLBlock, *ast.RawHTML:
		b.add(b.at(n), "siden indeholder HTML", "skriv det som Markdown; HTML vises ikke")
	case *ast.Blockquote:
		b.callout(n)
	case *ast.Text:
		text := string(n.Segment.Value(b.src))
		if strings.Contains(text, "](") && n.Parent().Kind() != ast.KindCodeSpan && unreadRe.MatchString(text) {
			b.add(b.lineAt(n.Segment.Start), "et link eller billede kan ikke læses", "der må ikke være mellemrum i adressen: giv filen et navn uden, fx mit-foto.jpg")
		}
		b.numbers(text, b.lineAt(n.Segment.Start))
	}
}

func (b *body) link(dest string, line int) {
	b.page.Links = append(b.page.Links, Link{dest, line})
}

// plain gives the text of a node without its marks.
func plain(n ast.Node, src []byte) string {
	var s strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := n.(*ast.Text); ok && entering {
			s.Write(t.Segment.Value(src))
			if t.SoftLineBreak() {
				s.WriteByte(' ')
			}
		}
		return ast.WalkContinue, nil
	})
	return s.String()
}

// Callouts are the kinds of alert an editor may write: > [!kind] Title.
var calloutKinds = []string{"info", "obs", "stop", "uafklaret", "eksempel", "tekst", "detaljer", "krav", "praksis"}

var calloutRe = regexp.MustCompile(`^\[!([^\]]*)\]([-+]?)[ \t]*(.*)`)

func (b *body) callout(n *ast.Blockquote) {
	first := n.FirstChild()
	if first == nil || first.Lines().Len() == 0 {
		return
	}
	segment := first.Lines().At(0)
	m := calloutRe.FindSubmatch(bytes.TrimSpace(segment.Value(b.src)))
	if m == nil {
		return
	}
	line := b.lineAt(segment.Start)
	if kind := string(m[1]); !slices.Contains(calloutKinds, kind) {
		b.add(line, "ukendt boks [!"+kind+"]", choose(kind, calloutKinds))
	}
	if len(m[3]) == 0 {
		b.add(line, "boksen mangler en overskrift", "skriv fx > [!info] Overskriften")
	}
}

var numberRe = regexp.MustCompile(`[0-9]{1,3}(?:[.,][0-9]{3})+|[0-9]{4,}`)

// numbers notes the amounts of the text; whether one is a rate hangs on the day.
func (b *body) numbers(s string, line int) {
	if !strings.ContainsAny(s, "0123456789") { // most texts; the expression is slow
		return
	}
	for _, found := range numberRe.FindAllString(s, -1) {
		if n, err := strconv.Atoi(strings.NewReplacer(".", "", ",", "").Replace(found)); err == nil {
			b.page.amounts = append(b.page.amounts, amount{found, n, line})
		}
	}
}

// An amount is a number as written.
type amount struct {
	text string
	n    int
	line int
}

// checkAmounts refuses an amount typed by hand that is, or was, a rate: the next change
// of the rate would pass it by.
func (p *Page) checkAmounts(d *Data, now time.Time, faults *fault.List) {
	for _, a := range p.amounts {
		if id := d.rateOf(a.n, now); id != "" {
			faults.Add(p.File, a.line, fmt.Sprintf("%s er skrevet i hånden, men er satsen %s", a.text, id), fmt.Sprintf(`skriv {{< sats "%s" >}}, så følger teksten satsen`, id))
		}
	}
}

// rateOf gives the first rate, by id, that has or had n kroner as its value. One that is
// yet to come is not held against the text.
func (d *Data) rateOf(n int, now time.Time) string {
	for _, id := range keys(d.Rates) {
		for _, v := range d.Rates[id].Versions {
			if v.Kr != nil && *v.Kr == n && n >= 1000 && !v.From.After(now) {
				return id
			}
		}
	}
	return ""
}

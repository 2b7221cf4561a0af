package content

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
)

// GlossaryPath is the page that words of the glossary link to.
const GlossaryPath = "/ordliste/"

// A termUse is the first use of a word of the glossary: bytes of the body.
type termUse struct {
	from, to int
	id       string
}

// A glossary finds words in running text.
type glossary struct {
	re  *regexp.Regexp
	ids map[string]string // lower-case form -> term
}

func newGlossary(terms []Term) *glossary {
	g := &glossary{ids: map[string]string{}}
	var forms []string
	for _, t := range terms {
		list := t.Forms
		if len(list) == 0 {
			word, _, _ := strings.Cut(t.Word, " (")
			list = []string{word}
		}
		for _, f := range list {
			g.ids[strings.ToLower(f)] = t.ID
			forms = append(forms, regexp.QuoteMeta(f))
		}
	}
	// Longest first: "særlig indsats" before "indsats".
	slices.SortFunc(forms, func(a, b string) int { return len(b) - len(a) })
	if len(forms) > 0 {
		g.re = regexp.MustCompile(`(?i)` + strings.Join(forms, "|"))
	}
	return g
}

// uses gives the first use of each word in a body's paragraphs and list items, but not
// in headings, links, tables, code or the title of a callout.
func (g *glossary) uses(root ast.Node, src []byte) []termUse {
	if g.re == nil {
		return nil
	}
	var out []termUse
	seen := map[string]bool{}
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading, *ast.Link, *ast.AutoLink, *ast.CodeSpan, *ast.FencedCodeBlock, *east.Table, *ast.Blockquote:
			return ast.WalkSkipChildren, nil
		case *ast.Text:
			for _, m := range g.re.FindAllIndex(n.Segment.Value(src), -1) {
				from, to := n.Segment.Start+m[0], n.Segment.Start+m[1]
				id := g.ids[strings.ToLower(string(src[from:to]))]
				if whole(src, from, to) && !seen[id] {
					seen[id] = true
					out = append(out, termUse{from, to, id})
				}
			}
		}
		return ast.WalkContinue, nil
	})
	return out
}

// whole tells whether src[from:to] is a word of its own.
func whole(src []byte, from, to int) bool {
	before, _ := utf8.DecodeLastRune(src[:from])
	after, _ := utf8.DecodeRune(src[to:])
	letter := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '\'' || r == '+'
	}
	return !letter(before) && !letter(after)
}

// Linked gives a page's file with the first use of each word of the glossary linked.
func (t *Tree) Linked(p *Page) []byte {
	src := t.Files[p.File]
	return append(src[:len(src)-len(p.Body):len(src)-len(p.Body)], t.LinkedBody(p)...)
}

// LinkedBody gives the same without the head.
func (t *Tree) LinkedBody(p *Page) []byte {
	if t.byPath[GlossaryPath] == nil || p.Path == GlossaryPath {
		return p.Body
	}
	var out []byte
	at := 0
	for _, u := range p.terms {
		out = append(out, p.Body[at:u.from]...)
		out = append(out, "["+string(p.Body[u.from:u.to])+"]("+GlossaryPath+"#"+u.id+")"...)
		at = u.to
	}
	return append(out, p.Body[at:]...)
}

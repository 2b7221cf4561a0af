package content

import (
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

// A glossary finds words in running text: forms by their first word, longest first.
type glossary map[string][]form

type form struct{ text, id string }

func newGlossary(terms []Term) glossary {
	g := glossary{}
	for _, t := range terms {
		list := t.Forms
		if len(list) == 0 {
			word, _, _ := strings.Cut(t.Word, " (")
			list = []string{word}
		}
		for _, f := range list {
			f = strings.ToLower(f)
			first := f[:wordEnd(f)]
			g[first] = append(g[first], form{f, t.ID})
		}
	}
	for _, forms := range g {
		slices.SortFunc(forms, func(a, b form) int { return len(b.text) - len(a.text) })
	}
	return g
}

// uses gives the first use of each word in a body's paragraphs and list items, but not
// in headings, links, tables, code or callouts.
func (g glossary) uses(root ast.Node, src []byte) []termUse {
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
			for _, u := range g.find(string(n.Segment.Value(src))) {
				if u.from, u.to = u.from+n.Segment.Start, u.to+n.Segment.Start; whole(src, u.from, u.to) && !seen[u.id] {
					seen[u.id] = true
					out = append(out, u)
				}
			}
		}
		return ast.WalkContinue, nil
	})
	return out
}

// find gives the forms in a text from left to right, none inside another.
func (g glossary) find(text string) []termUse {
	var out []termUse
	for at := 0; at < len(text); {
		end := wordEnd(text[at:])
		if end == 0 {
			_, size := utf8.DecodeRuneInString(text[at:])
			at += size
			continue
		}
		next := at + end
		for _, f := range g[strings.ToLower(text[at:next])] {
			if to := at + len(f.text); to <= len(text) && strings.EqualFold(text[at:to], f.text) {
				out = append(out, termUse{at, to, f.id})
				next = max(next, to)
				break
			}
		}
		at = next
	}
	return out
}

// wordEnd gives the length in bytes of the word that a text begins with.
func wordEnd(text string) int {
	for i, r := range text {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return i
		}
	}
	return len(text)
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

// Linked gives a page's file as Hugo is to read it: the first use of each word of the
// glossary linked, and its head as Hugo must read it.
func (t *Tree) Linked(p *Page) []byte {
	src := t.Files[p.File]
	return append(p.hugoAliases(hugoTimes(src[:len(src)-len(p.Body)])), t.LinkedBody(p)...)
}

// LinkedBody gives the same without the head.
func (t *Tree) LinkedBody(p *Page) []byte {
	if t.byPath[GlossaryPath] == nil || p.Path == GlossaryPath || p.Lang() == English {
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

package content

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

func (b *body) heading(n *ast.Heading) {
	h := Heading{Level: n.Level, Text: plain(n, b.src), Line: b.at(n)}
	if given, ok := n.AttributeString("id"); ok {
		id, _ := given.([]byte)
		h.ID = string(id)
	} else {
		h.ID = b.newID(headingText(n, b.src))
	}
	b.ids[h.ID] = true
	h.ID = anchorFolds.Replace(h.ID)
	if strings.TrimSpace(h.Text) == "" {
		b.add(h.Line, "en overskrift har ingen tekst", "skriv teksten efter #, eller slet linjen")
	}
	b.page.Headings = append(b.page.Headings, h)
}

// newID makes an id as Hugo does ("github"): letters, digits, - and _, blanks to -, and
// a number where the id is taken.
func (b *body) newID(text string) string {
	var s strings.Builder
	for _, r := range strings.TrimSpace(text) {
		switch {
		case r == '-' || r == ' ':
			s.WriteByte('-')
		case r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
			s.WriteRune(unicode.ToLower(r))
		}
	}
	base := s.String()
	if base == "" {
		base = "heading"
	}
	id := base
	for b.ids[id] {
		b.number[base]++
		id = fmt.Sprintf("%s-%d", base, b.number[base])
	}
	return id
}

// headingText is the text that Hugo makes an id of: names of characters (&amp;) as the
// characters, of a link or a stress no more than what comes first in it, and of several
// lines the last.
func headingText(n ast.Node, src []byte) string {
	var s strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		firstText(c, src, &s)
	}
	text := string(util.ResolveEntityNames([]byte(s.String())))
	return text[strings.LastIndex(text, "\n")+1:]
}

func firstText(n ast.Node, src []byte, s *strings.Builder) {
	switch n := n.(type) {
	case nil:
	case *ast.Text:
		s.Write(n.Segment.Value(src))
		if n.SoftLineBreak() || n.HardLineBreak() {
			s.WriteByte('\n')
		}
	case *ast.String:
		s.Write(n.Value)
	default:
		firstText(n.FirstChild(), src, s)
	}
}

// anchorFolds write an id without æ, ø and å, as the render hook for headings does.
var anchorFolds = strings.NewReplacer("æ", "ae", "ø", "oe", "å", "aa")

// checkOrder refuses headings that a reader of the page's outline would trip over.
func (b *body) checkOrder() {
	level, seen := 1, map[string]bool{}
	for _, h := range b.page.Headings {
		switch {
		case h.Level == 1:
			b.add(h.Line, "overskriften har kun ét #", "sidens øverste overskrift er title; begynd med ##")
		case h.Level > level+1:
			b.add(h.Line, "overskriften springer et niveau over", fmt.Sprintf("brug %s her", strings.Repeat("#", level+1)))
		}
		if seen[h.ID] {
			b.add(h.Line, "to overskrifter har samme anker #"+h.ID, "skriv den ene om, eller giv den et anker: ## Tekst {#andet-ord}")
		}
		level, seen[h.ID] = h.Level, true
		for _, c := range b.page.shortcodes {
			if c.line == h.Line {
				b.add(h.Line, "overskriften indeholder "+c.name, "flyt den ned i teksten; ankre skal ligge fast")
			}
		}
	}
}

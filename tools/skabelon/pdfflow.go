package skabelon

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"
)

// A piece is a stretch of a line in one style.
type piece struct {
	text string
	font int
	link string
}

// A textLine is a line as it will stand.
type textLine []piece

// wrap breaks text into lines of a width in points, at blanks but the firm ones. A word
// wider than the line is broken where it must.
func (p *paper) wrap(runs []Run, size, width float64, strong bool) []textLine {
	var lines []textLine
	var now textLine
	used := 0.0
	blank := false // a blank stands before the next word
	put := func(s string, style piece) {
		style.text = s
		if n := len(now); n > 0 && now[n-1].font == style.font && now[n-1].link == style.link {
			now[n-1].text += s
		} else {
			now = append(now, style)
		}
	}
	end := func() { lines, now, used = append(lines, now), nil, 0 }
	for _, r := range runs {
		style := piece{font: regular, link: r.Link}
		switch {
		case r.Bold || strong:
			style.font = bold
		case r.Italic:
			style.font = italic
		}
		face := p.fonts[style.font]
		space := face.width(" ", size)
		blank = blank || strings.HasPrefix(r.Text, " ")
		for i, word := range strings.FieldsFunc(r.Text, blankSpace) {
			blank = blank || i > 0
			w := face.width(word, size)
			if used > 0 && blank && used+space+w > width {
				end()
			}
			if blank && used > 0 {
				if last := now[len(now)-1]; last.link == "" {
					put(" ", last) // a link is not underlined before its first word
				} else {
					put(" ", style)
				}
				used += space
			}
			for w > width && len(word) > 1 {
				head := face.fit(word, size, width-used)
				put(head, style)
				end()
				word = word[len(head):]
				w = face.width(word, size)
			}
			put(word, style)
			used += w
			blank = false
		}
		blank = blank || strings.HasSuffix(r.Text, " ")
	}
	if now != nil || lines == nil {
		end()
	}
	return lines
}

func blankSpace(r rune) bool { return r != '\u00a0' && unicode.IsSpace(r) }

// firm keeps words on one line.
func firm(s string) string { return strings.ReplaceAll(s, " ", "\u00a0") }

// fit gives as much of a word as a width holds, one letter at least.
func (f *pdfFont) fit(word string, size, width float64) string {
	end := 0
	for i, c := range word {
		next := i + len(string(c))
		if end > 0 && f.width(word[:next], size) > width {
			break
		}
		end = next
	}
	return word[:end]
}

// A style is how a paragraph is set.
type style struct {
	size   float64
	ink    string
	strong bool
}

// height measures text.
func (p *paper) height(runs []Run, s style, width float64) float64 {
	return float64(len(p.wrap(runs, s.size, width, s.strong))) * s.size * leading
}

// flow draws text below y as content of an element, and moves y. It turns the page
// between lines if split.
func (p *paper) flow(e *element, runs []Run, s style, x, width float64, split bool) {
	lines := p.wrap(runs, s.size, width, s.strong)
	for i, l := range lines {
		if split {
			p.room(s.size * leading)
		}
		p.y -= s.size * leading
		at := x
		for j, piece := range l {
			if j == len(l)-1 && i < len(lines)-1 {
				piece.text += " " // so that the words of two lines stay apart when read out
			}
			at = p.piece(e, piece, s, at, p.y+s.size*0.32)
		}
	}
}

// piece draws a stretch of text and gives where it ends.
func (p *paper) piece(e *element, piece piece, s style, x, y float64) float64 {
	end := x + p.fonts[piece.font].width(piece.text, s.size)
	if piece.link == "" {
		p.in(e, func() { p.text(piece.font, s.size, x, y, s.ink, piece.text) })
		return end
	}
	link := p.element(e, "Link")
	p.in(link, func() { p.text(piece.font, s.size, x, y, blue, piece.text) })
	p.ornament("Layout", func() { p.draw("%s RG 0.6 w %.2f %.2f m %.2f %.2f l S\n", blue, x, y-1.6, end, y-1.6) })
	p.annotation(link, fmt.Sprintf("/Subtype /Link /Border [0 0 0] /Rect [%.2f %.2f %.2f %.2f] /Contents %s /A << /S /URI /URI %s >>",
		x, y-3, end, y+s.size, textString(strings.TrimSpace(piece.text)), byteString([]byte(absolute(p.base, piece.link)))))
	return end
}

// absolute writes a link so that it works outside the site, in ASCII.
func absolute(base, link string) string {
	if strings.HasPrefix(link, "/") {
		link = strings.TrimSuffix(base, "/") + link
	}
	u, err := url.Parse(link)
	if err != nil {
		return link
	}
	return u.String()
}

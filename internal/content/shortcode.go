package content

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Shortcodes gives each shortcode an editor may use, with the least and most arguments.
// Hugo's built-in ones load third parties and are not among them.
func Shortcodes() map[string][2]int {
	return map[string][2]int{
		"sats": {1, 2}, "kilde": {1, 1}, "puljer": {0, 0}, "pulje-status": {1, 1}, "kontakt": {0, 0},
		"regel": {1, 1}, "henvis": {1, 1}, "runder": {0, 1}, "senest-start": {0, 0}, "kontaktlinje": {0, 0},
		"tal": {1, 1}, "sammenlign": {0, 0}, "regler": {0, 0}, "puljefinder": {0, 0}, "ordliste": {0, 0}, "a-aa": {0, 0}, "loft": {0, 0}, "mus-hjul": {0, 0}, "cases": {0, 0}, "aarshjul": {0, 0},
		"indsatser": {0, 0}, "kurser": {0, 0}, "initiativer": {0, 0}, "opgaver": {0, 0}, "tidslinje": {0, 0}, "nyhedsarkiv": {0, 0},
	}
}

type call struct {
	name string
	args []string
	line int
}

var (
	callRe  = regexp.MustCompile(`\{\{[<%][^\n]*?[>%]\}\}`)
	innerRe = regexp.MustCompile(`^\{\{<\s+([\w-]+)((?:\s+(?:"[^"]*"|[\w./-]+))*)\s+>\}\}$`)
	argRe   = regexp.MustCompile(`"[^"]*"|[\w./-]+`)
)

// shortcodes checks the shortcodes of a body and gives the body with each of them
// blanked to letters, so that lines and columns stay.
func (b *body) shortcodes(src []byte) []byte {
	b.src = src
	out := bytes.Clone(src)
	for _, m := range callRe.FindAllIndex(src, -1) {
		b.call(string(src[m[0]:m[1]]), b.lineAt(m[0]))
		copy(out[m[0]:m[1]], bytes.Repeat([]byte("x"), m[1]-m[0]))
	}
	for _, open := range []string{"{{<", "{{%"} {
		if i := bytes.Index(out, []byte(open)); i >= 0 {
			b.add(b.lineAt(i), open+" slutter ikke på samme linje", `skriv fx {{< sats "co10-loft" >}}`)
		}
	}
	return out
}

func (b *body) call(s string, line int) {
	m := innerRe.FindStringSubmatch(s)
	if m == nil {
		b.add(line, s+" kan ikke læses", `skriv fx {{< sats "co10-loft" >}}`)
		return
	}
	c := call{name: m[1], line: line}
	for _, a := range argRe.FindAllString(m[2], -1) {
		c.args = append(c.args, strings.Trim(a, `"`))
	}
	known := Shortcodes()
	count, ok := known[c.name]
	if !ok {
		b.add(line, "ukendt kortkode "+c.name, choose(c.name, keys(known)))
		return
	}
	if n := len(c.args); n < count[0] || n > count[1] {
		b.add(line, fmt.Sprintf("%s har %d værdier", c.name, n), "se, hvordan en anden side skriver den")
		return
	}
	b.page.shortcodes = append(b.page.shortcodes, c)
	b.use(c)
}

// use checks what a shortcode refers to.
func (b *body) use(c call) {
	switch c.name {
	case "sats":
		u := RateUse{ID: c.args[0], Line: c.line}
		if len(c.args) > 1 {
			u.Day = c.args[1]
		}
		b.page.Rates = append(b.page.Rates, u)
	case "kilde":
		if !slices.ContainsFunc(b.page.Sources, func(r Ref) bool { return r.ID == c.args[0] }) {
			b.add(c.line, "kilden "+c.args[0]+" står ikke i sidens hoved", "tilføj den under params: kilder")
		}
	case "regel":
		if !slices.ContainsFunc(b.data.Rules, func(r Rule) bool { return r.ID == c.args[0] }) {
			b.add(c.line, "ukendt regel "+c.args[0], "brug et id fra content/data/regler.yaml, fx R15")
		}
		b.page.Rules = append(b.page.Rules, c.args[0])
	case "loft":
		if b.page.Path != "" {
			b.add(c.line, "loft kan kun bruges i et udfald af et selvtjek", `skriv {{< sats "co10-loft" >}} med satsens id`)
		}
	case "henvis":
		b.link(c.args[0], c.line)
	case "tal":
		if _, ok := b.data.Series[c.args[0]+".csv"]; !ok {
			b.add(c.line, "ukendt talserie "+c.args[0], choose(c.args[0]+".csv", keys(b.data.Series)))
		}
	case "senest-start":
		b.page.Rates = append(b.page.Rates, RateUse{ID: "start-maaneder", Line: c.line})
	case "pulje-status", "runder":
		if len(c.args) == 0 {
			return
		}
		if !slices.ContainsFunc(b.data.Pools, func(p Pool) bool { return p.ID == c.args[0] }) {
			b.add(c.line, "ukendt pulje "+c.args[0], "vælg en af: ac, co10, lc, hk, oao")
		}
	}
}

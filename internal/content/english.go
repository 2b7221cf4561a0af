package content

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"kompetenceudvikling.dk/kompas/internal/fault"
)

// Danish and English are the languages of the site, as in the lang of HTML.
const (
	Danish  = "da"
	English = "en"
)

// Lang gives the language a page is written in: what lies below /en/ is English.
func (p *Page) Lang() string {
	if strings.HasPrefix(p.Path, "/en/") {
		return English
	}
	return Danish
}

// aliasStart is where an address begins in a line of aliases.
var aliasStart = regexp.MustCompile(`(^|[\s\[,"'])/`)

// hugoAliases writes the old addresses in the head of an English page as Hugo must read
// them: it takes what begins with / as below /en/.
func (p *Page) hugoAliases(head []byte) []byte {
	if p.Lang() == Danish || len(p.Aliases) == 0 {
		return head
	}
	lines := bytes.SplitAfter(head, []byte("\n"))
	done := map[int]bool{}
	for _, a := range p.Aliases {
		if !done[a.Line] {
			lines[a.Line-1] = aliasStart.ReplaceAll(lines[a.Line-1], []byte("$1/../"))
			done[a.Line] = true
		}
	}
	return bytes.Join(lines, nil)
}

// Stand names the text of a page in eight letters: it changes when the text does.
func (p *Page) Stand() string {
	sum := sha256.Sum256(p.Body)
	return hex.EncodeToString(sum[:4])
}

// checkEnglish demands that each English page names the Danish one it follows, and warns
// when that one has been changed since.
func (t *Tree) checkEnglish(faults *fault.List) {
	for _, p := range t.all() {
		if p.Lang() == Danish {
			if p.Danish.ID != "" || p.Followed.ID != "" {
				faults.Add(p.File, 1, "dansk og dansk-stand hører til en engelsk side", "slet dem, eller flyt siden til content/en/")
			}
			continue
		}
		danish := t.byPath[p.Danish.ID]
		switch {
		case p.Danish.ID == "":
			faults.Add(p.File, 1, "dansk mangler under params", "skriv adressen på den danske side, som den engelske følger, fx dansk: /fonden/")
		case danish == nil || slices.Contains(t.Gone, danish) || danish.Lang() == English:
			t.checkAddress(p.File, Link{Dest: p.Danish.ID, Line: p.Danish.Line}, faults)
		case p.Followed.ID == "":
			faults.Add(p.File, 1, "dansk-stand mangler under params", "skriv dansk-stand: "+quoted(danish.Stand())+", når den engelske tekst svarer til den danske")
		case p.Followed.ID != danish.Stand():
			faults.Warn(p.File, p.Followed.Line, fmt.Sprintf("den danske side %s er ændret, siden den engelske blev skrevet", danish.File), "ret den engelske tekst, hvis den skal rettes; skriv så dansk-stand: "+quoted(danish.Stand()))
		}
	}
}

// quoted keeps YAML from reading a stand of digits alone as a number.
func quoted(s string) string { return `"` + s + `"` }

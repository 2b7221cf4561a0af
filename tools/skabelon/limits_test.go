package skabelon

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/internal/fault"
)

const head = `---
title: Prøve
description: En prøve.
date: 2026-01-31
params:
  slags: skabelon
  ejer: sekretariat
  maalgruppe: [leder]
  tid: 5 minutter
  version: 1
---
`

// load reads a template of a body; faults come back as text.
func load(t testing.TB, body string) (*Template, string) {
	t.Helper()
	p, err := content.LoadPage(fstest.MapFS{}, "content/skabeloner/proeve.md", []byte(head+body), time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC))
	if p == nil {
		t.Fatal(err)
	}
	one, more := New(p)
	var all fault.List
	for _, e := range []error{err, more} {
		var some fault.List
		if errors.As(e, &some) {
			all = append(all, some...)
		}
	}
	if all == nil {
		return one, ""
	}
	return one, all.Error()
}

func TestFieldFaults(t *testing.T) {
	for body, want := range map[string]string{
		`[[tekst a "A]]`:                              "feltets tekst slutter ikke",
		`[[tekst a "A" x]]`:                           `"x" hører ikke til her`,
		`[[tekst a "A" skal helst]]`:                  "feltet har både skal og helst",
		`[[felt a "A" 99]]`:                           "et felt kan ikke have 99 linjer",
		`[[valg a "A" "ja; Ja"]]`:                     `svaret "Ja" står to gange`,
		`[[tekst a "A" "ja; nej"]]`:                   "har ingen svar at vælge imellem",
		`[[tekst a "A" "b" "c"]]`:                     "for mange tekster",
		"[[]]":                                        `ukendt slags felt ""`,
		"Ingen felter.":                               "skabelonen har ingen felter",
		`[[tekst a "Emoji 🎉"]]`:                       "(U+1F389) kan ikke skrives",
		`[[tekst ø "Ø"]]`:                             "feltets id \"ø\" kan ikke bruges",
		"| A |\n|---|\n| ord [[tekst a]] |":           "en celle kan have tekst eller ét felt",
		"| A |\n|---|\n| [[raekker 0]] [[tekst a]] |": "[[raekker 0]] kan ikke læses",
		"- et\n\n  to\n\n[[tekst a \"A\"]]":           "et punkt på en liste skal være ét afsnit",
		"> uden titel\n\n[[tekst a \"A\"]]":           "boksen mangler en overskrift",
		"```\nkode\n```\n\n[[tekst a \"A\"]]":         "det kan ikke stå i en skabelon",
		"| A |\n|---|\n| [[raekker 2]] [[tekst a]] |\n\n[[tekst a-1 \"A\"]]": "to felter hedder a-1",
		"Et link: <https://eksempel.dk>\n\n[[tekst a \"A\"]]":                "det kan ikke stå i en skabelon",
	} {
		_, got := load(t, body+"\n")
		if !strings.Contains(got, want) {
			t.Errorf("%q: got %q, want %q", body, got, want)
		}
		if strings.Contains(got, "ingen felter") && strings.Contains(body, "[[") {
			t.Errorf("%q: a field is written, if wrongly: %q", body, got)
		}
	}
}

// 500 fields on more than twenty pages, a word wider than the page, and a table as wide
// as it may be, come out whole.
func TestPDFOfALongTemplate(t *testing.T) {
	var s strings.Builder
	for i := range 500 {
		if i%25 == 0 {
			fmt.Fprintf(&s, "## Afsnit %d\n\n", i/25+1)
		}
		fmt.Fprintf(&s, "[[felt f%d \"Spørgsmål nummer %d, som er så langt, at det godt kan blive til mere end én linje på siden\" 3]]\n\n", i, i)
	}
	s.WriteString("Overskud" + strings.Repeat("understøttelse", 30) + "\n\n")
	s.WriteString("| En | To | Tre | Fire | Fem | Seks | Syv |\n|---|---|---|---|---|---|---|\n| [[raekker 30]] [[tekst t1]] | [[felt t2]] | [[dato t3]] | [[valg t4 \"\" \"ja; nej; ved ikke\"]] | [[skala t5 \"\" \"lidt; meget\"]] | [[kryds t6]] | [[flervalg t7 \"\" \"a; b\"]] |\n")
	one, faults := load(t, s.String())
	if faults != "" {
		t.Fatal(faults)
	}
	pdf, pages := one.PDF(fonts(t), base)
	if pages < 20 {
		t.Errorf("%d pages", pages)
	}
	c := check(t, one, pdf)
	if n := len(one.Fields()); n != 710 || len(c.widgets) < n {
		t.Errorf("%d fields, %d drawn", n, len(c.widgets))
	}
}

// Fields fill a page to its edge: the space below them is not asked for where nothing
// follows on that page.
func TestFieldsReachTheBottom(t *testing.T) {
	one, _ := load(t, `[[felt a "Et felt" 2]]`+"\n")
	letters := fonts(t)
	for left, want := range map[float64]int{0: 1, -1: 2} {
		p := &paper{t: one, boxes: map[string]ref{}, root: &element{}}
		for _, f := range []*face{letters.regular, letters.bold, letters.italic} {
			p.fonts = append(p.fonts, &pdfFont{face: f, used: map[byte]bool{}})
		}
		p.newPage()
		p.y = bottom + p.rowHeight(one.Fields()) - rowGap + left
		p.blocks(one.Blocks)
		if len(p.pages) != want {
			t.Errorf("%v points to spare: %d pages, want %d", left, len(p.pages), want)
		}
	}
}

func TestSameTemplateSameBytes(t *testing.T) {
	for i, one := range real(t) {
		again := real(t)[i]
		a, _ := one.PDF(fonts(t), base)
		b, _ := again.PDF(fonts(t), base)
		if !bytes.Equal(a, b) {
			t.Errorf("%s: two PDF files", one.ID)
		}
		c, errC := one.DOCX(base)
		d, errD := again.DOCX(base)
		if errC != nil || errD != nil || !bytes.Equal(c, d) {
			t.Errorf("%s: two Word files: %v %v", one.ID, errC, errD)
		}
	}
}

// part reads one part of a Word file.
func part(t testing.TB, docx []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(docx), int64(len(docx)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	src, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(src)
}

// Word files: well-formed parts, a control with a title for each field, tables with a
// header row and a caption, language and title, page numbers, and nothing protected.
func TestWordFile(t *testing.T) {
	for _, one := range real(t) {
		docx, err := one.DOCX(base)
		if err != nil {
			t.Fatal(err)
		}
		if len(docx) > 30_000 {
			t.Errorf("%s: %d bytes", one.ID, len(docx))
		}
		for _, name := range []string{"[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/styles.xml", "word/numbering.xml", "word/settings.xml", "word/header1.xml", "word/footer1.xml", "word/_rels/document.xml.rels", "docProps/core.xml"} {
			dec := xml.NewDecoder(strings.NewReader(part(t, docx, name)))
			for err = nil; err == nil; {
				_, err = dec.Token()
			}
			if err != io.EOF {
				t.Errorf("%s: %s: %v", one.ID, name, err)
			}
		}
		doc := part(t, docx, "word/document.xml")
		want, tables := 0, 0
		for _, f := range one.Fields() {
			want++
			if f.Kind == Choices {
				want += len(f.Options) - 1
			}
		}
		for _, b := range one.Blocks {
			if b.Table != nil {
				tables++
			}
		}
		titles := regexp.MustCompile(`<w:alias w:val="([^"]+)"/><w:tag w:val="([^"]+)"/>`).FindAllStringSubmatch(doc, -1)
		if len(titles) != want {
			t.Errorf("%s: %d controls with titles, want %d", one.ID, len(titles), want)
		}
		for _, piece := range []string{"<w:tblHeader/>", "<w:tblCaption w:val="} {
			if n := strings.Count(doc, piece); n != tables {
				t.Errorf("%s: %d of %s, want %d", one.ID, n, piece, tables)
			}
		}
		if strings.Count(doc, `w:val="Heading1"`) != 1 {
			t.Errorf("%s: not one title", one.ID)
		}
		locale := one.words().locale
		if !strings.Contains(part(t, docx, "word/styles.xml"), `<w:lang w:val="`+locale+`"`) || !strings.Contains(part(t, docx, "docProps/core.xml"), "<dc:title>"+escape(one.Title)+"</dc:title>") {
			t.Errorf("%s: language or title is missing", one.ID)
		}
		if !strings.Contains(part(t, docx, "word/footer1.xml"), " PAGE ") || !strings.Contains(part(t, docx, "word/header1.xml"), escape(one.words().workplace)) {
			t.Errorf("%s: page number or place for the workplace is missing", one.ID)
		}
		if strings.Contains(part(t, docx, "word/settings.xml"), "documentProtection") {
			t.Errorf("%s is protected", one.ID)
		}
	}
}

// What may be left out is marked as advice, and is required nowhere; of rows alike, the
// first alone is marked.
func TestAdvisedIsNotRequired(t *testing.T) {
	one, faults := load(t, "[[tekst a \"Hvad?\" helst]]\n\n| A |\n|---|\n| [[raekker 2]] [[tekst b helst]] |\n\n[[tekst c \"Og?\" skal]]\n")
	if faults != "" {
		t.Fatal(faults)
	}
	pdf, _ := one.PDF(fonts(t), base)
	check(t, one, pdf)
	docx, err := one.DOCX(base)
	if err != nil {
		t.Fatal(err)
	}
	doc := part(t, docx, "word/document.xml")
	for _, mark := range []string{"(vigtigst)", "(skal\u00a0udfyldes)"} {
		if strings.Count(doc, mark) != 1 {
			t.Errorf("%s: %d times", mark, strings.Count(doc, mark))
		}
	}
	var marks []bool
	for _, f := range one.Fields() {
		marks = append(marks, f.Advised, f.Required)
	}
	if want := []bool{true, false, true, false, false, false, false, true}; !slices.Equal(marks, want) {
		t.Errorf("advised and required: %v, want %v", marks, want)
	}
}

// The agreement asks for a written goal and no more, so no more is required of those
// who use a template; only a story sent to us must say who tells it.
func TestOnlyAGoalIsRequired(t *testing.T) {
	for _, one := range real(t) {
		for _, f := range one.Fields() {
			goal := strings.HasPrefix(f.ID, "maal")
			if f.Required && !goal && one.ID != "del-jeres-erfaring" {
				t.Errorf("%s: %s must be filled in", one.ID, f.ID)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("[[tekst navn \"Navn\" skal]]\n")
	f.Add("| A |\n|---|\n| [[raekker 3]] [[felt a 2]] |\n")
	f.Add("> [!obs] Titel\n> - [[valg a \"A\" \"ja; nej\"]]\n")
	letters, err := NewFonts()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body string) {
		p, _ := content.LoadPage(fstest.MapFS{}, "content/skabeloner/proeve.md", []byte(head+body), time.Unix(0, 0))
		if p == nil {
			return
		}
		one, err := New(p)
		if err != nil {
			return
		}
		one.PDF(letters, base)
		if _, err := one.DOCX(base); err != nil {
			t.Error(err)
		}
	})
}

// BenchmarkAll reads and writes every template of the checkout in every format.
func BenchmarkAll(b *testing.B) {
	tree, err := content.Load(os.DirFS("../.."), time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		list, err := Load(tree)
		if err != nil {
			b.Fatal(err)
		}
		letters := fonts(b)
		for _, one := range list {
			one.PDF(letters, base)
			if _, err := one.DOCX(base); err != nil {
				b.Fatal(err)
			}
		}
	}
}

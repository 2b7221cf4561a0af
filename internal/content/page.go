package content

import (
	"fmt"
	"path"
	"regexp"
	"strings"
	"time"

	"kompetenceudvikling.dk/kompas/internal/fault"
)

// A Page is one Markdown file. Path is its address on the site, with both slashes.
// Lines count from 1 in the file.
type Page struct {
	File, Path string
	FrontMatter
	Body       []byte // Markdown, without the head
	BodyLine   int    // of the file that Body begins on
	Headings   []Heading
	Links      []Link
	Rates      []RateUse
	Rules      []string // ids of the rules it relies on
	shortcodes []call
	terms      []termUse
	amounts    []amount
	found      fault.List // in the page alone, whatever the day
}

// Over tells whether an event has ended.
func (p *Page) Over(now time.Time) bool { return !now.Before(p.over()) }

// over is the first instant after an event, which ends where it begins when it has no
// end. A time at midnight is a whole day.
func (p *Page) over() time.Time {
	end := p.Ends
	if end.IsZero() {
		end = p.Begins
	}
	if day := end.In(Copenhagen()); day.Hour() == 0 && day.Minute() == 0 {
		return dayAfter(day)
	}
	return end
}

// A Heading is a heading with the id that links reach it by.
type Heading struct {
	Level    int
	ID, Text string
	Line     int
}

// A Link is a link or picture as written.
type Link struct {
	Dest string
	Line int
}

// A RateUse is a rate printed on a page, on a day of its own if the editor gave one.
type RateUse struct {
	ID, Day string
	Line    int
}

// Key names the use in the data handed to the templates.
func (u RateUse) Key() string {
	if u.Day == "" {
		return u.ID
	}
	return u.ID + "@" + u.Day
}

var slugRe = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// IsSlug tells whether a word can be a part of an address.
func IsSlug(word string) bool { return slugRe.MatchString(word) }

var slugFolds = strings.NewReplacer("æ", "ae", "ø", "oe", "å", "aa", "é", "e", "ü", "u", "ö", "oe", "ä", "ae")

// Slug writes a title as the last part of an address: "Ny frist i LC's pulje" is
// ny-frist-i-lcs-pulje.
func Slug(title string) string {
	s := slugFolds.Replace(strings.ToLower(strings.NewReplacer("'", "", "’", "").Replace(title)))
	return strings.Trim(regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(s, "-"), "-")
}

// address gives the address of a content file, or a Danish reason why it has none.
func address(file string) (string, string) {
	dir, base := path.Split(strings.TrimSuffix(strings.TrimPrefix(file, "content/"), ".md"))
	parts := strings.Split(strings.Trim(dir, "/"), "/")
	if base != "_index" && base != "index" {
		parts = append(parts, base)
	}
	at := "/"
	for _, p := range parts {
		if p == "" {
			continue
		}
		if !IsSlug(p) {
			return "", p
		}
		at += p + "/"
	}
	return at, ""
}

// Address gives the address that a file of the content answers, "" when it is no page.
func Address(file string) string {
	if !strings.HasPrefix(file, "content/") || path.Ext(file) != ".md" || partRe.MatchString(file) {
		return ""
	}
	at, bad := address(file)
	if bad != "" {
		return ""
	}
	return at
}

// parsePage reads a page, with all that is wrong with it whatever the day.
func parsePage(file string, src []byte, d *Data, faults *fault.List) *Page {
	at, bad := address(file)
	if bad != "" {
		faults.Add(file, 0, fmt.Sprintf("navnet %q kan ikke være en adresse", bad), "brug kun a-z, 0-9 og bindestreg; skriv æ som ae, ø som oe, å som aa")
	}
	front, body, line, ok := splitFront(file, src, faults)
	if !ok || bad != "" {
		return nil
	}
	p := &Page{File: file, Path: at, Body: body, BodyLine: line}
	dec := decoder{file: file, offset: 1, faults: &p.found}
	dec.decode(front, &p.FrontMatter)
	p.checkFront(d, &p.found)
	p.parseBody(line, d, &p.found)
	*faults = append(*faults, p.found...)
	return p
}

// checkDated adds the faults that hang on the day.
func (p *Page) checkDated(d *Data, now time.Time, faults *fault.List) {
	if !p.NextCheck.IsZero() && p.NextCheck.Before(now) {
		faults.Warn(p.File, 1, "siden skulle være kontrolleret igen senest "+p.NextCheck.Format("2.1.2006"), "hold siden op mod kilderne, og ret kontrolleret og naeste-kontrol")
	}
	p.checkAmounts(d, now, faults)
	p.checkRates(d, now, faults)
}

// checkRates demands that each rate on the page is known and has a value.
func (p *Page) checkRates(d *Data, now time.Time, faults *fault.List) {
	for _, u := range p.Rates {
		at := now
		if u.Day != "" {
			day, err := ParseTime(u.Day)
			if err != nil {
				faults.Add(p.File, u.Line, fmt.Sprintf("%q er ikke en dato", u.Day), "skriv år-måned-dag, fx 2026-01-31")
				continue
			}
			at = day
		}
		if _, ok := d.Rates[u.ID]; !ok {
			d.checkRate(p.File, Ref{u.ID, u.Line}, faults)
			continue
		}
		if _, _, err := d.Rates.On(u.ID, at); err != nil {
			faults.Add(p.File, u.Line, fmt.Sprintf("satsen %s har ingen værdi den %s", u.ID, at.In(Copenhagen()).Format("2.1.2006")), "giv satsen en version, der begynder tidligere, i content/data/satser.yaml")
		}
	}
}

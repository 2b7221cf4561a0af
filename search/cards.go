package search

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

const cardText = 110 // letters of a description on a card

// A card is what is shown of a page: address, title, description, and its sections as
// anchor and heading; the anchor is left out when the heading gives it. Masks are the
// sections of lists that have none themselves.
type card struct {
	url, title, text, kind, sector string

	sections [][2]string
	masks    []uint32
}

func (c card) MarshalJSON() ([]byte, error) {
	sections := make([][]string, len(c.sections))
	for i, s := range c.sections {
		sections[i] = []string{s[1]}
		if slug(s[1]) != s[0] {
			sections[i] = []string{s[1], s[0]}
		}
	}
	values := []any{c.url, c.title, c.text, c.kind, c.sector, sections}
	if c.masks != nil {
		values = append(values, c.masks)
	}
	return json.Marshal(values)
}

func (c *card) UnmarshalJSON(src []byte) error {
	var sections [][]string
	err := json.Unmarshal(src, &[]any{&c.url, &c.title, &c.text, &c.kind, &c.sector, &sections, &c.masks})
	for _, s := range sections {
		if len(s) == 1 {
			s = append(s, slug(s[0]))
		}
		c.sections = append(c.sections, [2]string{s[1], s[0]})
	}
	return err
}

var (
	slugPairs = [][2]string{{"æ", "ae"}, {"ø", "oe"}, {"å", "aa"}}
	slugFolds = strings.NewReplacer("æ", "ae", "ø", "oe", "å", "aa")
)

// slug gives the anchor that most headings have: lower case, æøå written out, hyphens
// for what is neither letter nor digit. Only a saving: a card names the others.
func slug(heading string) string {
	return strings.Join(strings.FieldsFunc(slugFolds.Replace(strings.ToLower(heading)), func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9')
	}), "-")
}

func (x *exporter) cards(pages []Page) error {
	pages = slices.SortedFunc(slices.Values(pages), func(a, b Page) int { return strings.Compare(a.URL, b.URL) })
	for i := 0; i < len(pages); i += x.block {
		var block []card
		for k, p := range pages[i:min(i+x.block, len(pages))] {
			c := card{url: p.URL, title: p.Title, text: clipText(p.Description), kind: p.Kind, sector: p.Sector, masks: x.masks[i+k]}
			for _, s := range p.Sections[:min(len(p.Sections), maxSections)] {
				c.sections = append(c.sections, [2]string{s.ID, s.Heading})
			}
			block = append(block, c)
		}
		var out bytes.Buffer
		enc := json.NewEncoder(&out)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(block); err != nil {
			return err
		}
		x.files[fmt.Sprintf("k%d", i/x.block)] = out.Bytes()
	}
	return nil
}

// clipText cuts a description at a word's end.
func clipText(s string) string {
	r := []rune(s)
	if len(r) <= cardText {
		return s
	}
	short := string(r[:cardText])
	if i := strings.LastIndexByte(short, ' '); i > 0 {
		short = short[:i]
	}
	return short + " …"
}

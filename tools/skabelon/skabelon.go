// Package skabelon makes documents of the templates in content/skabeloner. In goes a
// page of Markdown with fields ([[tekst navn "Dit navn"]]); out come one model of it, a
// Word file, a tagged PDF with form fields, and the data that the web form is drawn
// from, or faults in Danish. It never reads the clock or the disk: the same page and
// base address give the same bytes.
package skabelon

import (
	"strings"
	"time"

	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/internal/fault"
)

// A Template is one form, ready to be written in any format. Field ids are unique.
type Template struct {
	ID, Path string // "mus-medarbejder", "/skabeloner/mus-medarbejder/"
	Title    string
	Subject  string // one sentence on what it is for
	For      string // whom it is for, in its language: "medarbejdere og ledere"
	Duration string // how long it takes to fill in: "30-45 minutter"
	Version  string
	Date     time.Time
	Lang     string // "da" or "en"
	Blocks   []Block
}

// A Block is a piece of a template. Exactly one of its parts is set.
type Block struct {
	Heading *Heading `json:"overskrift,omitempty"`
	Para    []Run    `json:"afsnit,omitempty"`
	List    *List    `json:"liste,omitempty"`
	Note    *Note    `json:"boks,omitempty"`
	Fields  []Field  `json:"felter,omitempty"` // side by side
	Table   *Table   `json:"tabel,omitempty"`
}

// A Heading has level 2 or 3; level 1 is the title.
type Heading struct {
	Level int    `json:"niveau"`
	ID    string `json:"id"`
	Runs  []Run  `json:"tekst"`
}

// A List holds items of one paragraph each.
type List struct {
	Numbered bool    `json:"nummereret"`
	Items    [][]Run `json:"punkter"`
}

// A Note is a box with a title, to be read before one goes on.
type Note struct {
	Kind   string  `json:"slags"` // as in an alert of the pages: info, obs ...
	Title  string  `json:"titel"`
	Blocks []Block `json:"indhold"` // paragraphs and lists
}

// warns tells whether a note is to be heeded, and not only known.
func (n *Note) warns() bool { return n.Kind == "obs" || n.Kind == "stop" }

// A Table has one header row. Caption says what it is, for those who cannot see it.
type Table struct {
	Caption string   `json:"titel"`
	Header  [][]Run  `json:"hoved"`
	Rows    [][]Cell `json:"raekker"`
}

// A Cell holds text or one field.
type Cell struct {
	Runs  []Run  `json:"tekst,omitempty"`
	Field *Field `json:"felt,omitempty"`
}

// A Run is text of one style.
type Run struct {
	Text   string `json:"tekst"`
	Bold   bool   `json:"fed,omitempty"`
	Italic bool   `json:"kursiv,omitempty"`
	Link   string `json:"link,omitempty"`
}

// A Field is something to fill in.
type Field struct {
	Kind     Kind     `json:"slags"`
	ID       string   `json:"id"`
	Label    string   `json:"navn"`
	Options  []string `json:"svar,omitempty"`   // of a choice; the two ends of a scale
	Rows     int      `json:"linjer,omitempty"` // of Lines
	Required bool     `json:"skal,omitempty"`
	Advised  bool     `json:"helst,omitempty"` // the first to answer, where none must be
	Line     int      `json:"-"`
}

// A Kind is what a field takes, by the word an editor writes.
type Kind string

const (
	Text    Kind = "tekst"    // one line
	Lines   Kind = "felt"     // many lines
	Date    Kind = "dato"     // a day
	Choice  Kind = "valg"     // one of some options
	Choices Kind = "flervalg" // any of some options
	Check   Kind = "kryds"    // a box to tick
	Scale   Kind = "skala"    // 1 to 5
)

// scaleSteps is how many steps a scale has.
const scaleSteps = 5

// folder is where templates lie.
const folder = "/skabeloner/"

// Load reads the published templates of a tree, by address.
func Load(tree *content.Tree) ([]*Template, error) {
	var faults fault.List
	var out []*Template
	for _, p := range tree.Pages {
		if p.Kind == "skabelon" {
			out = append(out, parse(p, &faults))
		}
	}
	faults.Sort()
	return out, faults.Err()
}

// New reads one template.
func New(p *content.Page) (*Template, error) {
	var faults fault.List
	t := parse(p, &faults)
	faults.Sort()
	return t, faults.Err()
}

// Fields gives every field in reading order.
func (t *Template) Fields() []Field {
	var out []Field
	for _, b := range t.Blocks {
		out = append(out, b.Fields...)
		if b.Table == nil {
			continue
		}
		for _, row := range b.Table.Rows {
			for _, c := range row {
				if c.Field != nil {
					out = append(out, *c.Field)
				}
			}
		}
	}
	return out
}

// option names one option of a field, in files where each has a name of its own.
func (f Field) option(i int) string { return f.ID + "_" + content.Slug(f.Options[i]) }

func plain(runs []Run) string {
	var s strings.Builder
	for _, r := range runs {
		s.WriteString(r.Text)
	}
	return s.String()
}

// words are what the program itself writes into a document, by language.
type words struct {
	locale, must, best, write, choose, date, page, of, version, template, workplace string
}

func (t *Template) words() words {
	if t.Lang == "en" {
		return words{"en-GB", "required", "most important", "Write here", "Choose", "dd-mm-yyyy", "Page", "of", "version", "Template for", "Name of the workplace"}
	}
	return words{"da-DK", "skal udfyldes", "vigtigst", "Skriv her", "Vælg", "dd-mm-åååå", "Side", "af", "version", "Skabelon til", "Arbejdspladsens navn"}
}

// mark says after a question whether it must be answered: "(skal udfyldes)".
func (t *Template) mark(f Field) string {
	switch w := t.words(); {
	case f.Required:
		return "(" + w.must + ")"
	case f.Advised:
		return "(" + w.best + ")"
	}
	return ""
}

// holds tells whether a column has a field of a kind.
func (t *Table) holds(column int, k Kind) bool {
	for _, row := range t.Rows {
		if column < len(row) && row[column].Field != nil && row[column].Field.Kind == k {
			return true
		}
	}
	return false
}

var months = map[string][12]string{
	"da": {"januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"},
	"en": {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
}

// stamp writes the version with its day: "version 1, 28. november 2026".
func (t *Template) stamp() string {
	d, dot := t.Date.In(content.Copenhagen()), "."
	if t.Lang == "en" {
		dot = ""
	}
	return t.words().version + " " + t.Version + ", " + d.Format("2") + dot + " " + months[t.Lang][d.Month()-1] + " " + d.Format("2006")
}

var audiences = map[string]map[string]string{
	"da": {"medarbejder": "medarbejdere", "leder": "ledere", "hr": "HR", "tillidsrepraesentant": "tillidsrepræsentanter", "samarbejdsudvalg": "samarbejdsudvalg"},
	"en": {"medarbejder": "employees", "leder": "leaders", "hr": "HR", "tillidsrepraesentant": "union representatives", "samarbejdsudvalg": "cooperation committees"},
}

// readers writes whom a template is for: "medarbejdere, ledere og HR".
func readers(ids []string, lang string) string {
	and := " og "
	if lang == "en" {
		and = " and "
	} else {
		lang = "da"
	}
	var names []string
	for _, id := range ids {
		names = append(names, audiences[lang][id])
	}
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + and + names[n-1]
	}
	return strings.Join(names, "")
}

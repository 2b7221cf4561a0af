package content

import (
	"maps"
	"slices"
	"time"
)

// Data is what content/data holds: the facts that pages, tools and search share.
type Data struct {
	Rates   Rates
	Sources map[string]Source
	Pools   []Pool
	Topics  map[string]Topic
	Periods []Period
	Notices []Notice
	Contact Contact
	Rules   []Rule
	Places  []Place
	Terms   []Term
	Series  map[string]Series
	Compare []Comparison
	Cards   []Card
	Year    []YearEntry

	Efforts     []Effort
	Courses     []Course
	Initiatives []Initiative
	Tasks       []Task
	History     []Milestone
	OldNews     []OldNews

	Search SearchWords

	words glossary
}

// A Source is a page or agreement that a claim rests on (kilder.yaml).
type Source struct {
	Line      int
	Title     string    `yaml:"titel,krav"`
	Publisher string    `yaml:"udgiver,krav"`
	Address   string    `yaml:"adresse"`
	Shortened bool      `yaml:"forkortet"` // the address is only known in part
	Date      string    `yaml:"dato,krav"` // the page's own date: a day, or words
	Read      time.Time `yaml:"laest,krav"`
	Class     string    `yaml:"klasse,krav" allowed:"aftale retningslinje praksis andenhaand"`
	Note      string    `yaml:"note"`
}

// A Pool is one of the fund's five (puljer.yaml), with what is known of its status.
type Pool struct {
	Line       int
	ID         string    `yaml:"id,krav" allowed:"ac co10 lc hk oao"`
	Name       string    `yaml:"navn,krav"`
	Short      string    `yaml:"kort,krav"`
	Page       string    `yaml:"side,krav"`
	Who        string    `yaml:"hvem,krav"`
	Rates      []Ref     `yaml:"satser,krav"`
	LimitWord  string    `yaml:"loft-ord"` // before the amount: Op til
	LimitText  string    `yaml:"loft-tekst,krav"`
	Status     string    `yaml:"status,krav" allowed:"aaben lukket snart ubekraeftet"`
	StatusText string    `yaml:"status-tekst,krav"`
	StatusDate time.Time `yaml:"status-dato,krav"`
	Order      string    `yaml:"fordeling,krav" allowed:"foerst-til-moelle tilfaeldig ukendt"`
	OrderText  string    `yaml:"fordeling-tekst,krav"`
	LastRound  string    `yaml:"seneste-runde,krav"`
	Rounds     []Round   `yaml:"runder"`
	Sources    []Ref     `yaml:"kilder,krav"`
}

// A Round is a time in which a pool took applications.
type Round struct {
	Line   int
	Opens  time.Time `yaml:"aabner,krav"`
	Closes time.Time `yaml:"lukker"`
	Source Ref       `yaml:"kilde,krav"`
	Note   string    `yaml:"note"`
}

// A Topic is a subject that pages are tagged with (emner.yaml).
type Topic struct {
	Line int
	Name string `yaml:"navn,krav"`
}

// A Period is the term of a collective agreement (perioder.yaml).
type Period struct {
	Line   int
	ID     string    `yaml:"id,krav"`
	From   time.Time `yaml:"fra,krav"`
	To     time.Time `yaml:"til,krav"`
	Source []Ref     `yaml:"kilder,krav"`
	Note   string    `yaml:"note"`
	Notice string    `yaml:"besked"` // said where a self-check says yes by rules of an earlier period
}

// A Notice is a message on every page of the site from one day to another, both included
// (obs.yaml).
type Notice struct {
	Line  int
	Title string    `yaml:"overskrift,krav"`
	Text  string    `yaml:"tekst,krav"`
	From  time.Time `yaml:"fra,krav"`
	To    time.Time `yaml:"til,krav"`
	Page  Ref       `yaml:"side"`
	// On the English pages; a notice without them is not shown there.
	EnglishTitle string `yaml:"overskrift-en"`
	EnglishText  string `yaml:"tekst-en"`
}

// Contact is how to reach the secretariat and the fund (kontakt.yaml).
type Contact struct {
	Line      int
	Phone     string   `yaml:"telefon,krav"`
	PhoneLink string   `yaml:"telefon-link,krav"`
	FundMail  string   `yaml:"fond-mail,krav"`
	InfoMail  string   `yaml:"info-mail,krav"`
	Address   []string `yaml:"adresse,krav"`
	System    System   `yaml:"fond-system"`
	Sources   []Ref    `yaml:"kilder,krav"`
}

// System is where applications are written and approved.
type System struct {
	Line      int
	Applicant string `yaml:"ansoeger,krav"`
	Leader    string `yaml:"leder,krav"`
}

// A Rule is one of the fund's rules in own words (regler.yaml). Amounts in Text are
// written {sats:id}.
type Rule struct {
	Line    int
	ID      string    `yaml:"id,krav"`
	Title   string    `yaml:"titel,krav"`
	Text    string    `yaml:"tekst,krav"`
	Sources []Ref     `yaml:"kilder,krav"`
	From    string    `yaml:"fra,krav"` // a day, or a year
	To      time.Time `yaml:"til,krav"`
	Period  string    `yaml:"ok,krav" allowed:"OK18 OK21 OK24 OK26"`
	Pools   []string  `yaml:"puljer,krav" allowed:"alle ac co10 lc hk oao"`
	Topic   string    `yaml:"emne,krav" allowed:"hvem puljer beloeb medfinansiering aktiviteter ansoegning saerlige-indsatser"`
	Note    string    `yaml:"note"`
}

// On tells whether a rule is documented for an instant.
func (r Rule) On(at time.Time) Status {
	begin := r.begins()
	if begin.IsZero() || at.Before(begin) || !at.Before(r.To.AddDate(0, 0, 1)) {
		return Unconfirmed
	}
	return Confirmed
}

// begins gives the first instant of a rule, zero when From cannot be read.
func (r Rule) begins() time.Time {
	from := r.From
	if len(from) == len("2019") {
		from += "-01-01"
	}
	at, err := ParseTime(from)
	if err != nil {
		return time.Time{}
	}
	return at
}

// A Place is an organisation, job title or kind of workplace, and the pool its people
// apply to (organisationer.yaml).
type Place struct {
	Line    int
	Name    string `yaml:"navn,krav"`
	Kind    string `yaml:"slags,krav" allowed:"organisation stilling arbejdsplads"`
	Pool    string `yaml:"pulje,krav" allowed:"ac co10 lc hk oao ingen"`
	Certain string `yaml:"sikkerhed,krav" allowed:"hoej middel lav"`
	Fund    string `yaml:"fond"` // the other fund, when there is no pool
	Sources []Ref  `yaml:"kilder,krav"`
	Note    string `yaml:"note"`
}

// A Term is a word of the glossary (ordliste.yaml).
type Term struct {
	Line    int
	ID      string   `yaml:"id,krav"`
	Word    string   `yaml:"ord,krav"`
	Forms   []string `yaml:"former"` // how it is written in text; else as Word, without its bracket
	Text    string   `yaml:"forklaring,krav"`
	See     []Ref    `yaml:"se"`
	Sources []Ref    `yaml:"kilder"`
}

// A Series tells what a file of content/data/statistik holds (statistik.yaml).
type Series struct {
	Line    int
	Title   string            `yaml:"titel,krav"`
	Text    string            `yaml:"forklaring,krav"`
	Sources []Ref             `yaml:"kilder,krav"`
	Date    string            `yaml:"dato,krav"`
	Proviso string            `yaml:"forbehold"`
	Columns map[string]string `yaml:"kolonner,krav"` // header of the file -> what is printed
	Bar     string            `yaml:"soejle"`        // the column that is also drawn
}

// A Card is a case too small for a page of its own (cases.yaml).
type Card struct {
	Line      int
	Title     string `yaml:"titel,krav"`
	Workplace string `yaml:"arbejdsplads,krav"`
	Topic     Ref    `yaml:"emne,krav"`
	Text      string `yaml:"tekst,krav"`
	Source    Ref    `yaml:"kilde,krav"`
}

// A YearEntry is a task of the SU's year (aarshjul.yaml). Duty marks what the agreement
// demands; the month is a suggestion.
type YearEntry struct {
	Line  int
	ID    string `yaml:"id,krav"`
	Title string `yaml:"titel,krav"`
	Month int    `yaml:"maaned,krav"`
	Text  string `yaml:"tekst,krav"`
	Duty  bool   `yaml:"krav"`
}

// A Comparison is one row of the comparison of the pools (sammenlign.yaml).
type Comparison struct {
	Line  int
	Topic string            `yaml:"emne,krav"`
	Rules []Ref             `yaml:"regler"`
	Cells map[string]string `yaml:"celler,krav"` // pool -> what it does; amounts as {sats:id}
}

// Period gives the id of the agreement period an instant lies in, or "".
func (d *Data) Period(at time.Time) string {
	for _, p := range d.Periods {
		if !at.Before(p.From) && at.Before(p.To.AddDate(0, 0, 1)) {
			return p.ID
		}
	}
	return ""
}

// files says where each file of content/data goes. A file not named here is a fault.
func (d *Data) files() map[string]any {
	return map[string]any{
		"satser.yaml": &d.Rates, "kilder.yaml": &d.Sources, "puljer.yaml": &d.Pools,
		"emner.yaml": &d.Topics, "perioder.yaml": &d.Periods, "obs.yaml": &d.Notices, "kontakt.yaml": &d.Contact,
		"regler.yaml": &d.Rules, "organisationer.yaml": &d.Places, "ordliste.yaml": &d.Terms,
		"statistik.yaml": &d.Series, "sammenlign.yaml": &d.Compare, "cases.yaml": &d.Cards, "aarshjul.yaml": &d.Year,
		"indsatser.yaml": &d.Efforts, "kurser.yaml": &d.Courses, "initiativer.yaml": &d.Initiatives,
		"opgaver.yaml": &d.Tasks, "tidslinje.yaml": &d.History, "nyhedsarkiv.yaml": &d.OldNews,
		"soeg.yaml": &d.Search,
	}
}

const dataDir = "content/data/"

func keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

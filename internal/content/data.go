package content

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"kompetenceudvikling.dk/kompas/internal/fault"
)

// Data is what content/data holds: the facts that pages, tools and search share.
type Data struct {
	Rates   Rates
	Sources map[string]Source
	Pools   []Pool
	Topics  map[string]Topic
	Periods []Period
	Contact Contact
	Rules   []Rule
	Places  []Place
	Terms   []Term
	Series  map[string]Series
	Compare []Comparison
	Cards   []Card
	Year    []YearEntry

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
	Notice string    `yaml:"besked"` // shown on the fund's pages while the period runs
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
	from := r.From
	if len(from) == len("2019") {
		from += "-01-01"
	}
	begin, err := ParseTime(from)
	if err != nil || at.Before(begin) || !at.Before(r.To.AddDate(0, 0, 1)) {
		return Unconfirmed
	}
	return Confirmed
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

// dataFiles says where each file of content/data goes. A file not named here is a fault.
func (d *Data) files() map[string]any {
	return map[string]any{
		"satser.yaml": &d.Rates, "kilder.yaml": &d.Sources, "puljer.yaml": &d.Pools,
		"emner.yaml": &d.Topics, "perioder.yaml": &d.Periods, "kontakt.yaml": &d.Contact,
		"regler.yaml": &d.Rules, "organisationer.yaml": &d.Places, "ordliste.yaml": &d.Terms,
		"statistik.yaml": &d.Series, "sammenlign.yaml": &d.Compare, "cases.yaml": &d.Cards, "aarshjul.yaml": &d.Year,
	}
}

const dataDir = "content/data/"

// loadData reads content/data out of the files that were found.
func loadData(files map[string][]byte, faults *fault.List) *Data {
	d := &Data{}
	for name, into := range d.files() {
		src, ok := files[dataDir+name]
		if !ok {
			continue // content may do without; what refers to it is a fault
		}
		dec := decoder{file: dataDir + name, faults: faults}
		dec.decode(src, into)
	}
	d.Rates.check(dataDir+"satser.yaml", faults)
	d.checkRefs(faults)
	d.checkSeries(files, faults)
	d.words = newGlossary(d.Terms)
	return d
}

func (d *Data) checkRefs(faults *fault.List) {
	sources := func(file string, refs ...Ref) {
		for _, r := range refs {
			d.checkSource(file, r, faults)
		}
	}
	for _, rate := range d.Rates {
		for _, v := range rate.Versions {
			sources(dataDir+"satser.yaml", v.Sources...)
		}
	}
	for _, p := range d.Pools {
		sources(dataDir+"puljer.yaml", p.Sources...)
		for _, r := range p.Rounds {
			sources(dataDir+"puljer.yaml", r.Source)
			if !r.Closes.IsZero() && r.Closes.Before(r.Opens) {
				faults.Add(dataDir+"puljer.yaml", r.Line, "runden lukker, før den åbner", "byt om på aabner og lukker")
			}
		}
		for _, r := range p.Rates {
			d.checkRate(dataDir+"puljer.yaml", r, faults)
		}
	}
	for _, p := range d.Periods {
		sources(dataDir+"perioder.yaml", p.Source...)
	}
	sources(dataDir+"kontakt.yaml", d.Contact.Sources...)
	for _, r := range d.Rules {
		sources(dataDir+"regler.yaml", r.Sources...)
	}
	for _, p := range d.Places {
		sources(dataDir+"organisationer.yaml", p.Sources...)
	}
	for _, t := range d.Terms {
		sources(dataDir+"ordliste.yaml", t.Sources...)
	}
	for _, s := range d.Series {
		sources(dataDir+"statistik.yaml", s.Sources...)
	}
	for _, c := range d.Cards {
		sources(dataDir+"cases.yaml", c.Source)
		if _, ok := d.Topics[c.Topic.ID]; !ok {
			faults.Add(dataDir+"cases.yaml", c.Topic.Line, "ukendt emne "+c.Topic.ID, choose(c.Topic.ID, keys(d.Topics)))
		}
	}
	for _, e := range d.Year {
		if e.Month < 1 || e.Month > 12 {
			faults.Add(dataDir+"aarshjul.yaml", e.Line, fmt.Sprintf("%s: maaned er %d", e.ID, e.Month), "skriv et tal fra 1 til 12")
		}
	}
	d.checkRules(faults)
}

var ruleRateRe = regexp.MustCompile(`\{sats:([a-z0-9-]+)\}`)

var yearRe = regexp.MustCompile(`^[0-9]{4}$`)

// checkRules checks what rules and the comparison refer to.
func (d *Data) checkRules(faults *fault.List) {
	rates := func(file, text string, line int) {
		for _, m := range ruleRateRe.FindAllStringSubmatch(text, -1) {
			d.checkRate(file, Ref{m[1], line}, faults)
		}
	}
	ids := map[string]bool{}
	for _, r := range d.Rules {
		if ids[r.ID] {
			faults.Add(dataDir+"regler.yaml", r.Line, "to regler hedder "+r.ID, "giv den ene et andet id")
		}
		ids[r.ID] = true
		if _, err := ParseTime(r.From); err != nil && !yearRe.MatchString(r.From) {
			faults.Add(dataDir+"regler.yaml", r.Line, fmt.Sprintf("%s: fra er hverken en dato eller et år: %s", r.ID, r.From), "skriv fx 2019 eller 2019-09-04")
		}
		rates(dataDir+"regler.yaml", r.Text, r.Line)
	}
	for _, row := range d.Compare {
		for _, cell := range row.Cells {
			rates(dataDir+"sammenlign.yaml", cell, row.Line)
		}
		for _, r := range row.Rules {
			if !ids[r.ID] {
				faults.Add(dataDir+"sammenlign.yaml", r.Line, "ukendt regel "+r.ID, "brug et id fra content/data/regler.yaml")
			}
		}
	}
}

func (d *Data) checkSource(file string, r Ref, faults *fault.List) {
	if _, ok := d.Sources[r.ID]; !ok {
		faults.Add(file, r.Line, "ukendt kilde "+r.ID, "brug et id fra content/data/kilder.yaml, eller skriv kilden ind dér")
	}
}

func (d *Data) checkRate(file string, r Ref, faults *fault.List) {
	if _, ok := d.Rates[r.ID]; ok {
		return
	}
	advice := "brug et id fra content/data/satser.yaml, eller skriv satsen ind dér"
	if near := fault.Nearest(r.ID, keys(d.Rates)); near != "" {
		advice = "mente du " + near + "? Satserne står i content/data/satser.yaml"
	}
	faults.Add(file, r.Line, "ukendt sats "+r.ID, advice)
}

func keys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// readFiles reads every file below a folder of content, by name, and refuses what is not
// content.
func readFiles(fsys fs.FS, root string, faults *fault.List) (map[string][]byte, error) {
	files := map[string][]byte{}
	err := fs.WalkDir(fsys, root, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() {
			if strings.HasPrefix(e.Name(), ".") {
				return fs.SkipDir
			}
			return nil
		}
		if hidden(e.Name()) {
			return nil
		}
		src, err := readFile(fsys, name, e, faults)
		if err == nil && src != nil {
			files[name] = src
		}
		return err
	})
	return files, err
}

// hidden tells files that file managers and editors leave behind.
func hidden(name string) bool {
	return strings.HasPrefix(name, ".") || name == "Thumbs.db" || name == "desktop.ini" || strings.HasSuffix(name, "~")
}

const (
	textLimit     = 2 << 20
	pictureLimit  = 8 << 20
	documentLimit = 20 << 20
)

// limits gives the size limit of each kind of file that is content.
var limits = map[string]int64{
	".md": textLimit, ".yaml": textLimit, ".csv": textLimit,
	".png": pictureLimit, ".jpg": pictureLimit, ".webp": pictureLimit,
	".pdf": documentLimit, ".docx": documentLimit,
}

func readFile(fsys fs.FS, name string, e fs.DirEntry, faults *fault.List) ([]byte, error) {
	limit, known := limits[path.Ext(name)]
	switch {
	case !known || !inPlace(name):
		faults.Add(name, 0, "filen hører ikke til i content/", "flyt eller slet den. Her må ligge .md, .png, .jpg, .webp, .pdf og .docx, og i content/data/ de kendte .yaml- og .csv-filer")
		return nil, nil
	case !e.Type().IsRegular():
		faults.Add(name, 0, "er en genvej, ikke en fil", "læg selve filen her")
		return nil, nil
	}
	info, err := e.Info()
	if err != nil {
		return nil, err
	}
	if info.Size() > limit {
		faults.Add(name, 0, fmt.Sprintf("filen fylder %d MB; grænsen er %d MB", (info.Size()+1<<20-1)>>20, limit>>20), "gør den mindre, eller del den")
		return nil, nil
	}
	src, err := fs.ReadFile(fsys, name)
	if err != nil || limit != textLimit {
		return src, err
	}
	return cleanText(name, src, faults), nil
}

var flowRe = regexp.MustCompile(`^content/selvtjek/[a-z0-9-]+/flow\.yaml$`)

// inPlace tells whether data lies in content/data and nothing else does.
func inPlace(name string) bool {
	ext := path.Ext(name)
	inData := strings.HasPrefix(name, dataDir)
	switch ext {
	case ".yaml":
		_, known := (&Data{}).files()[strings.TrimPrefix(name, dataDir)]
		return inData && known || flowRe.MatchString(name)
	case ".csv":
		return path.Dir(name) == dataDir+"statistik"
	}
	return !inData
}

package release

import (
	"encoding/json"
	"slices"
	"time"

	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/tools/selvtjek"
)

// A derived is data/afledt.json: what the templates must not work out.
type derived struct {
	Events    []derivedEvent         `json:"arrangementer"`
	Date      string                 `json:"dato"`
	Draft     bool                   `json:"kladde,omitempty"`
	Rates     map[string]derivedRate `json:"satser"`
	Pages     map[string]derivedPage `json:"sider"`
	Rules     map[string][]string    `json:"regler"` // rule -> pages that rely on it
	LastStart *derivedDay            `json:"senest-start"`
	Flows     map[string]flowInfo    `json:"selvtjek"` // by address of the start page
	Uses      map[string][]use       `json:"udfald"`   // rule -> outcomes that rely on it
}

type derivedRate struct {
	Text    string `json:"tekst"`
	English string `json:"engelsk"`
	Period  string `json:"ok"`      // the agreement the value is from
	Show    string `json:"periode"` // the same when it must be printed, else ""
	Checked string `json:"kontrolleret"`
}

type derivedPage struct {
	Changed string `json:"aendret,omitempty"`
	History *edits `json:"historik,omitempty"`
	English string `json:"engelsk,omitempty"` // the address of the page in English
}

type derivedDay struct {
	Date string `json:"dato"`
	Show string `json:"periode"`
}

type derivedEvent struct {
	Page   string `json:"side"`
	Begins string `json:"begynder"` // a day, or a day and clock time
	Ends   string `json:"slutter"`
	Where  string `json:"sted"`
	Over   bool   `json:"afholdt"`
}

// derive gives data/afledt.json.
func derive(tree *content.Tree, flows []*selvtjek.Flow, in Input) ([]byte, error) {
	out := &derived{Date: in.Now.In(content.Copenhagen()).Format(time.DateOnly), Draft: in.Draft, Rates: map[string]derivedRate{}, Pages: map[string]derivedPage{}, Rules: map[string][]string{}}
	out.Flows, out.Uses = describeFlows(flows, lastDiffs(in, flows))
	out.rates(tree, in.Now)
	out.pages(tree, in)
	for _, p := range events(tree) {
		out.Events = append(out.Events, derivedEvent{p.Path, moment(p.Begins), moment(p.Ends), p.Where, p.Over(in.Now)})
	}
	if v, status, err := tree.Data.Rates.On("start-maaneder", in.Now); err == nil && v.Maaned != nil {
		out.LastStart = &derivedDay{Date: content.AddMonths(in.Now, *v.Maaned).Format(time.DateOnly)}
		if status != content.Confirmed {
			out.LastStart.Show = v.Period
		}
	}
	return json.Marshal(out)
}

// rates gives the value of each rate on the day, and of those that a text shows on
// another.
func (d *derived) rates(tree *content.Tree, now time.Time) {
	add := func(u content.RateUse) {
		at := now
		if u.Day != "" {
			at, _ = content.ParseTime(u.Day) // checked by content
		}
		v, status, err := tree.Data.Rates.On(u.ID, at)
		if err != nil {
			return // checked by content where a page uses it
		}
		r := derivedRate{Text: v.Text(), English: v.English(), Period: v.Period, Checked: v.Checked.Format(time.DateOnly)}
		if status != content.Confirmed || u.Day != "" {
			r.Show = v.Period
		}
		d.Rates[u.Key()] = r
	}
	for id := range tree.Data.Rates {
		add(content.RateUse{ID: id})
	}
	for _, p := range tree.Parts {
		for _, u := range p.Rates {
			add(u)
		}
	}
	for _, p := range tree.Pages {
		for _, u := range p.Rates {
			add(u)
		}
	}
}

// pages gives when each page was changed, its page in English, and the pages of each rule.
func (d *derived) pages(tree *content.Tree, in Input) {
	for _, p := range tree.Pages {
		for _, r := range p.Rules {
			if !slices.Contains(d.Rules[r], p.Path) {
				d.Rules[r] = append(d.Rules[r], p.Path)
			}
		}
		about := d.Pages[p.Path]
		if list := in.Edits[p.File]; len(list) > 0 {
			about.History = describeEdits(list)
			about.Changed = about.History.List[0].Date
		}
		d.Pages[p.Path] = about
		if p.Lang() == content.English {
			danish := d.Pages[p.Danish.ID]
			danish.English = p.Path
			d.Pages[p.Danish.ID] = danish
		}
	}
}

// moment writes a time as the templates read it: a day, or a day and clock time.
func moment(t time.Time) string {
	t = t.In(content.Copenhagen())
	switch {
	case t.IsZero():
		return ""
	case t.Hour() == 0 && t.Minute() == 0:
		return t.Format(time.DateOnly)
	default:
		return t.Format("2006-01-02T15:04")
	}
}

package release

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/tools/selvtjek"
)

// project gives the files Hugo reads beside the look: published pages, data, and what
// is worked out here (data/afledt.json).
func project(tree *content.Tree, flows []*selvtjek.Flow, forms *forms, in Input) (map[string][]byte, error) {
	files := map[string][]byte{}
	for name, src := range tree.Files {
		if !strings.HasSuffix(name, ".md") {
			files[name] = src
		}
	}
	for _, p := range tree.Pages {
		files[p.File] = tree.Linked(p)
	}
	for _, p := range generated(tree, flows) {
		head := map[string]any{"title": p.title, "description": p.about, "layout": p.layout, "params": p.params}
		src, err := json.Marshal(head)
		if err != nil {
			return nil, fmt.Errorf("write head of %s: %w", p.path, err)
		}
		files["content"+p.path+"index.md"] = slices.Concat(src, []byte("\n\n"), p.body)
	}
	derived, err := derive(tree, flows, in)
	if err != nil {
		return nil, err
	}
	files["data/afledt.json"] = derived
	if files["data/skabeloner.json"], err = json.Marshal(forms.data); err != nil {
		return nil, fmt.Errorf("write templates: %w", err)
	}
	return files, addCards(files, tree, in)
}

// A generatedPage is one that no editor wrote as it stands: its layout makes it.
type generatedPage struct {
	path, layout, title, about string // about is what a shared link says of it
	params                     map[string]any
	body                       []byte
}

// generated gives the program's own pages: the server's, each pool on a printed page
// of its own, and those of the self-checks.
func generated(tree *content.Tree, flows []*selvtjek.Flow) []generatedPage {
	out := []generatedPage{{path: "/soeg/", layout: "soeg", title: "Søg", about: "Søg i regler, guider, selvtjek, skabeloner og cases."}, {path: "/gone/", layout: "gone", title: "Taget ned"}}
	for _, p := range tree.Data.Pools {
		if page := tree.Page(p.Page); page != nil && slices.Contains(tree.Pages, page) {
			out = append(out, generatedPage{
				path: strings.TrimSuffix(p.Page, "/") + "-ark/", layout: "ark", title: p.Name + " på én side", about: page.Description, params: map[string]any{"pulje": p.ID},
			})
		}
	}
	out = append(out, flowPages(tree, flows)...)
	for i := range out {
		if out[i].params == nil {
			out[i].params = map[string]any{}
		}
		out[i].params["skjult"] = true
	}
	return out
}

// derive works out what the templates must not: the value of each rate on the day, and
// the dates of change.
func derive(tree *content.Tree, flows []*selvtjek.Flow, in Input) ([]byte, error) {
	type rate struct {
		Text    string `json:"tekst"`
		English string `json:"engelsk"`
		Period  string `json:"ok"`      // the agreement the value is from
		Show    string `json:"periode"` // the same when it must be printed, else ""
		Checked string `json:"kontrolleret"`
	}
	type page struct {
		Changed string `json:"aendret,omitempty"`
		History *edits `json:"historik,omitempty"`
		English string `json:"engelsk,omitempty"` // the address of the page in English
	}
	type day struct {
		Date string `json:"dato"`
		Show string `json:"periode"`
	}
	type event struct {
		Page   string `json:"side"`
		Begins string `json:"begynder"` // a day, or a day and clock time
		Ends   string `json:"slutter"`
		Where  string `json:"sted"`
		Over   bool   `json:"afholdt"`
	}
	out := struct {
		Events    []event             `json:"arrangementer"`
		Date      string              `json:"dato"`
		Draft     bool                `json:"kladde,omitempty"`
		Rates     map[string]rate     `json:"satser"`
		Pages     map[string]page     `json:"sider"`
		Rules     map[string][]string `json:"regler"` // rule -> pages that rely on it
		LastStart *day                `json:"senest-start"`
		Flows     map[string]flowInfo `json:"selvtjek"` // by address of the start page
		Uses      map[string][]use    `json:"udfald"`   // rule -> outcomes that rely on it
	}{Date: in.Now.In(content.Copenhagen()).Format(time.DateOnly), Draft: in.Draft, Rates: map[string]rate{}, Pages: map[string]page{}, Rules: map[string][]string{}}
	out.Flows, out.Uses = describeFlows(flows, lastDiffs(in, flows))
	add := func(u content.RateUse) {
		at := in.Now
		if u.Day != "" {
			at, _ = content.ParseTime(u.Day) // checked by content
		}
		v, status, err := tree.Data.Rates.On(u.ID, at)
		if err != nil {
			return // checked by content where a page uses it
		}
		r := rate{Text: v.Text(), English: v.English(), Period: v.Period, Checked: v.Checked.Format(time.DateOnly)}
		if status != content.Confirmed || u.Day != "" {
			r.Show = v.Period
		}
		out.Rates[u.Key()] = r
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
		for _, r := range p.Rules {
			if !slices.Contains(out.Rules[r], p.Path) {
				out.Rules[r] = append(out.Rules[r], p.Path)
			}
		}
		about := out.Pages[p.Path]
		if list := in.Edits[p.File]; len(list) > 0 {
			about.History = describeEdits(list)
			about.Changed = about.History.List[0].Date
		}
		out.Pages[p.Path] = about
		if p.Lang() == content.English {
			danish := out.Pages[p.Danish.ID]
			danish.English = p.Path
			out.Pages[p.Danish.ID] = danish
		}
	}
	for _, p := range events(tree) {
		out.Events = append(out.Events, event{p.Path, moment(p.Begins), moment(p.Ends), p.Where, p.Over(in.Now)})
	}
	if v, status, err := tree.Data.Rates.On("start-maaneder", in.Now); err == nil && v.Maaned != nil {
		out.LastStart = &day{Date: content.AddMonths(in.Now, *v.Maaned).Format(time.DateOnly)}
		if status != content.Confirmed {
			out.LastStart.Show = v.Period
		}
	}
	return json.Marshal(out)
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

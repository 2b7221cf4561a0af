package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"kompetenceudvikling.dk/kompas/search"
)

const (
	hitLimit     = 10
	lastHit      = 1000 // no one reads on from there
	suggestLimit = 5
	waitTime     = 200 * time.Millisecond // for a turn to search
)

var (
	errBusy    = errors.New("too many searches at once")
	errNoIndex = errors.New("no index that this program can read")
)

// values reads what can be read of a query string.
func values(r *http.Request) url.Values {
	raw := r.URL.RawQuery
	v, _ := url.ParseQuery(raw[:min(len(raw), queryLimit)])
	return v
}

func asked(v url.Values) search.Query {
	from, _ := strconv.Atoi(v.Get("fra"))
	return search.Query{
		Text: v.Get("q"), Kind: v.Get("slags"), Audience: v.Get("maalgruppe"), Sector: v.Get("sektor"),
		Exact: v.Get("som") == "skrevet", From: max(0, min(from, lastHit)), Limit: hitLimit,
	}
}

// find waits a moment for a turn: searches at once are bounded, and pages are served
// meanwhile.
func (o *opened) find(r *http.Request, q search.Query) (search.Result, error) {
	if o.index == nil {
		return search.Result{}, errNoIndex
	}
	ctx, cancel := context.WithTimeout(r.Context(), searchTime)
	defer cancel()
	select {
	case o.turns <- struct{}{}:
		defer func() { <-o.turns }()
	case <-time.After(waitTime):
		return search.Result{}, errBusy
	}
	return o.index.Find(ctx, q)
}

// search answers as a page, or as JSON.
func (s *Server) search(w http.ResponseWriter, r *http.Request, o *opened) {
	v := values(r)
	q := asked(v)
	res, err := o.find(r, q)
	if errors.Is(err, errNoIndex) && r.URL.Path == "/soeg/" {
		o.page(w, r, "soeg", http.StatusOK, searchView{Static: true}) // all pages from A to Å
		return
	}
	if err != nil {
		w.Header().Set("Retry-After", "2")
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, "Søgningen svarer ikke lige nu. Prøv igen om lidt.", http.StatusServiceUnavailable)
		return
	}
	if res.Total == 0 && s.Misses != nil && q.Kind+q.Audience+q.Sector == "" {
		s.Misses.Count(res.Query)
	}
	if r.URL.Path == "/api/soeg" {
		for i := range res.Hits {
			res.Hits[i].URL = o.address(res.Hits[i].URL)
		}
		sendJSON(w, r, res)
		return
	}
	o.page(w, r, "soeg", http.StatusOK, o.view(res, q, v))
}

// suggest answers what is being typed.
func (o *opened) suggest(w http.ResponseWriter, r *http.Request) {
	if o.index == nil {
		sendJSON(w, r, []search.Suggestion{})
		return
	}
	list := o.index.Suggest(values(r).Get("q"), suggestLimit)
	for i := range list {
		list[i].URL = o.address(list[i].URL)
	}
	sendJSON(w, r, list)
}

func sendJSON(w http.ResponseWriter, r *http.Request, v any) {
	var out bytes.Buffer
	_ = json.NewEncoder(&out).Encode(v)
	answer(w, r, http.StatusOK, "application/json", out.Bytes())
}

// A piece of a text, marked when the query found it.
type piece struct {
	Text string
	Mark bool
}

// pieces cuts a text at its marks.
func pieces(text string, marks [][2]int) []piece {
	var out []piece
	at := 0
	for _, m := range marks {
		out = append(out, piece{text[at:m[0]], false}, piece{text[m[0]:m[1]], true})
		at = m[1]
	}
	return append(out, piece{text[at:], false})
}

// A searchView is what layouts/soeg.html is filled with.
type searchView struct {
	Static                          bool
	Query, Corrected, Undo, Heading string
	Shown, Previous, Next           string
	Hits                            []hitView
	Facets                          []facetView
}

type hitView struct {
	URL, Kind, Sector string
	Best              bool
	Title, Excerpt    []piece
	Sections          []sectionView
}

type sectionView struct {
	URL     string
	Heading []piece
}

type facetView struct {
	Name    string
	Choices []choiceView
}

type choiceView struct {
	Name, URL string
	Pages     string
	Current   bool
}

func (o *opened) view(res search.Result, q search.Query, v url.Values) searchView {
	to := func(key, value string) string { return o.address("/soeg/") + "?" + with(v, key, value) }
	out := searchView{Query: res.Query, Corrected: res.Corrected, Heading: heading(res), Undo: to("som", "skrevet")}
	sectors := map[string]bool{}
	for _, h := range res.Hits {
		sectors[h.Sector] = true
	}
	delete(sectors, "")
	for _, h := range res.Hits {
		one := hitView{URL: o.address(h.URL), Kind: labels[h.Kind], Best: h.Best, Title: pieces(h.Title, h.Titles), Excerpt: pieces(h.Excerpt, h.Marks)}
		if len(sectors) > 1 { // names that state and municipality share
			one.Sector = labels[h.Sector]
		}
		for _, s := range h.Sections {
			one.Sections = append(one.Sections, sectionView{one.URL + "#" + s.Anchor, pieces(s.Heading, s.Marks)})
		}
		out.Hits = append(out.Hits, one)
	}
	end := q.From + len(res.Hits)
	if res.Total > len(res.Hits) && len(res.Hits) > 0 {
		out.Shown = fmt.Sprintf("Viser %d–%d af %d", q.From+1, end, res.Total)
	}
	if q.From > 0 {
		out.Previous = to("fra", number(max(0, q.From-hitLimit)))
	}
	if end < min(res.Total, lastHit) {
		out.Next = to("fra", number(end))
	}
	out.Facets = []facetView{
		facet("Slags", "slags", q.Kind, res.Facets.Kind, to),
		facet("For hvem", "maalgruppe", q.Audience, res.Facets.Audience, to),
		facet("Sektor", "sektor", q.Sector, res.Facets.Sector, to),
	}
	out.Facets = slices.DeleteFunc(out.Facets, func(f facetView) bool { return len(f.Choices) < 2 })
	return out
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// with gives the query string with one value changed, or gone; another narrowing begins
// at the first page.
func with(v url.Values, key, value string) string {
	out := url.Values{}
	for _, k := range []string{"q", "slags", "maalgruppe", "sektor", "som", "fra"} {
		if got := v.Get(k); got != "" && k != "fra" {
			out.Set(k, got)
		}
	}
	out.Set(key, value)
	if value == "" {
		out.Del(key)
	}
	return out.Encode()
}

func facet(name, key, chosen string, pages map[string]int, to func(key, value string) string) facetView {
	f := facetView{Name: name, Choices: []choiceView{{Name: "Alle", URL: to(key, ""), Current: chosen == ""}}}
	ids := slices.SortedFunc(maps.Keys(pages), func(a, b string) int {
		if pages[a] != pages[b] {
			return pages[b] - pages[a]
		}
		return slices.Compare([]byte(a), []byte(b))
	})
	for _, id := range ids {
		f.Choices = append(f.Choices, choiceView{labels[id], to(key, id), strconv.Itoa(pages[id]), chosen == id})
	}
	return f
}

func heading(res search.Result) string {
	shown := res.Query
	if res.Corrected != "" {
		shown = res.Corrected
	}
	switch res.Total {
	case 0:
		return fmt.Sprintf("Ingen sider med »%s«", shown)
	case 1:
		return fmt.Sprintf("1 side med »%s«", shown)
	}
	return fmt.Sprintf("%d sider med »%s«", res.Total, shown)
}

// labels names kinds, audiences and sectors to a reader. layouts/soeg.html has the same
// for the script.
var labels = map[string]string{
	"oversigt": "Oversigt", "regel": "Regel", "opgave": "Sådan gør du", "pulje": "Pulje", "guide": "Guide",
	"nyhed": "Nyhed", "case": "Case", "kursus": "Kursus", "initiativ": "Initiativ", "indsats": "Indsats",
	"selvtjek": "Selvtjek", "skabelon": "Skabelon", "vaerktoej": "Værktøj", "arrangement": "Arrangement",
	"om": "Om os", "medarbejder": "Medarbejder", "leder": "Leder", "hr": "HR",
	"tillidsrepraesentant": "Tillidsrepræsentant", "samarbejdsudvalg": "Samarbejdsudvalg",
	"stat": "Staten", "kommune-region": "Kommuner og regioner", "alle": "Stat, kommune og region",
}

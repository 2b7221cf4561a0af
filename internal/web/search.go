package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"kompetenceudvikling.dk/kompas/search"
)

// errNoIndex says that the release has no index this program can read.
var errNoIndex = errors.New("no index")

func (o *opened) search(r *http.Request) (search.Result, error) {
	if o.index == nil {
		return search.Result{}, errNoIndex
	}
	raw := r.URL.RawQuery
	values, _ := url.ParseQuery(raw[:min(len(raw), queryLimit)]) // what can be read of it
	ctx, cancel := context.WithTimeout(r.Context(), searchTime)
	defer cancel()
	return o.index.Search(ctx, values.Get("q"), hitLimit)
}

// A piece of an excerpt, marked when the query found it.
type piece struct {
	Text string
	Mark bool
}

func (o *opened) searchPage(w http.ResponseWriter, r *http.Request) {
	res, err := o.search(r)
	if errors.Is(err, errNoIndex) {
		o.page(w, r, "soeg", http.StatusOK, map[string]any{"Static": true}) // all pages from A to Å
		return
	}
	if err != nil {
		http.Error(w, "Søgningen svarer ikke lige nu.", http.StatusServiceUnavailable)
		return
	}
	type hit struct {
		URL, Anchor, Title, Section, Kind string
		Excerpt                           []piece
	}
	view := struct {
		Static                    bool
		Query, Corrected, Heading string
		Hits                      []hit
	}{Query: res.Query, Corrected: res.Corrected, Heading: heading(res)}
	for _, h := range res.Hits {
		view.Hits = append(view.Hits, hit{o.address(h.URL), h.Anchor, h.Title, h.Section, kinds[h.Kind], pieces(h)})
	}
	o.page(w, r, "soeg", http.StatusOK, view)
}

func heading(res search.Result) string {
	shown := res.Query
	if res.Corrected != "" {
		shown = res.Corrected
	}
	switch {
	case res.Total == 0:
		return fmt.Sprintf("Ingen sider med »%s«", shown)
	case res.Total == 1:
		return fmt.Sprintf("1 side med »%s«", shown)
	case res.Total > len(res.Hits):
		return fmt.Sprintf("De %d bedste af %d sider med »%s«", len(res.Hits), res.Total, shown)
	}
	return fmt.Sprintf("%d sider med »%s«", res.Total, shown)
}

// kinds names each kind of page to a reader.
var kinds = map[string]string{
	"oversigt": "Oversigt", "regel": "Regel", "opgave": "Sådan gør du", "pulje": "Pulje", "guide": "Guide",
	"nyhed": "Nyhed", "case": "Case", "kursus": "Kursus", "initiativ": "Initiativ", "indsats": "Indsats",
	"selvtjek": "Selvtjek", "skabelon": "Skabelon", "vaerktoej": "Værktøj", "arrangement": "Arrangement",
	"om": "Om os",
}

// pieces cuts an excerpt at its marks.
func pieces(h search.Hit) []piece {
	var out []piece
	at := 0
	for _, m := range h.Marks {
		out = append(out, piece{h.Excerpt[at:m[0]], false}, piece{h.Excerpt[m[0]:m[1]], true})
		at = m[1]
	}
	return append(out, piece{h.Excerpt[at:], false})
}

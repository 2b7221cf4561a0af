package release

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/blevesearch/bleve/v2"
	blevesearch "github.com/blevesearch/bleve/v2/search"

	"kompetenceudvikling.dk/kompas/search"
)

// The index of a build is a Bleve index like any other: nothing of ours is needed to ask
// it for terms.
func TestPlainBleveOpensABuild(t *testing.T) {
	ix, err := bleve.Open(filepath.Join(realSite(t), "index"))
	if err != nil {
		t.Fatal(err)
	}
	defer ix.Close()
	for _, c := range []struct{ field, term, want string }{
		{"titel", "medfinansiering", "/fonden/medfinansiering/"},
		{"titel", "grus", "/mus/grus/"}, // terms are lower case, folded and stemmed
		{"titeld", "fond", "/fonden/"},  // a part of Kompetencefonden
		{"ord", "kontorassistent", "/fonden/puljer/hk-stat/"},
		{"overskrift", "klag", "/fonden/svar-og-klage/"},
		{"brod", "tilsagn", "/fonden/beloeb/"},
	} {
		q := bleve.NewTermQuery(c.term)
		q.SetField(c.field)
		req := bleve.NewSearchRequestOptions(q, 200, 0, false)
		req.Fields = []string{"side"}
		res, err := ix.Search(req)
		if err != nil {
			t.Fatal(err)
		}
		at := slices.IndexFunc(res.Hits, func(m *blevesearch.DocumentMatch) bool { return m.ID == c.want })
		if at < 0 {
			t.Errorf("%s:%s finds %d pages, and not %s", c.field, c.term, res.Total, c.want)
			continue
		}
		var page search.Page
		if err := json.Unmarshal([]byte(res.Hits[at].Fields["side"].(string)), &page); err != nil || page.URL != c.want || page.Title == "" {
			t.Errorf("%s is stored as %+v, %v", c.want, page, err)
		}
	}
	if n, err := ix.DocCount(); err != nil || n < 150 {
		t.Errorf("%d pages, %v", n, err)
	}
}

// The server and the plain files give the same first ten of the real site, for the
// queries we measure by, for every title, and for both with æøå written otherwise.
func TestFilesAnswerAsTheServer(t *testing.T) {
	dir := realSite(t)
	ix, err := search.Open(filepath.Join(dir, "index"))
	if err != nil {
		t.Fatal(err)
	}
	defer ix.Close()
	files, err := search.OpenExport(os.DirFS(filepath.Join(dir, "site/soeg/indeks")))
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	pages, err := ix.Pages(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var queries []string
	for _, p := range pages {
		queries = append(queries, p.Title)
	}
	for _, name := range []string{"relevans.txt", "hverdag.txt", "personer.txt", "tredje.txt", "fjerde.txt", "ulaest.txt", "queries.tsv"} {
		cases, err := search.ParseCases(read(t, "../../search/testdata", name), filepath.Ext(name) == ".tsv")
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cases {
			queries = append(queries, c.Query)
		}
	}
	double, single := strings.NewReplacer("æ", "ae", "ø", "oe", "å", "aa"), strings.NewReplacer("æ", "ae", "ø", "o", "å", "a")
	for _, q := range slices.Clone(queries) {
		queries = append(queries, double.Replace(q), single.Replace(q))
	}
	slices.Sort(queries)
	queries = slices.Compact(queries)
	if len(queries) < 600 {
		t.Fatalf("only %d queries", len(queries))
	}
	for _, text := range queries {
		q := search.Query{Text: text, Limit: 10}
		a, err := ix.Find(ctx, q)
		if err != nil {
			t.Fatal(err)
		}
		b, err := files.Find(ctx, q)
		if err != nil {
			t.Fatal(err)
		}
		if x, y := told(a), told(b); !slices.Equal(x, y) || a.Total != b.Total || a.Corrected != b.Corrected || !reflect.DeepEqual(a.Facets, b.Facets) {
			t.Errorf("%q: server %d %q %v, files %d %q %v", text, a.Total, a.Corrected, x, b.Total, b.Corrected, y)
		}
	}
}

// told gives hits as a visitor tells them apart: address, title, sections, best bet.
func told(r search.Result) []string {
	var out []string
	for _, h := range r.Hits {
		s := h.URL + " " + h.Title + " " + h.Kind + " " + h.Sector
		for _, sec := range h.Sections {
			s += " #" + sec.Anchor + " " + sec.Heading
		}
		if h.Best {
			s += " best"
		}
		out = append(out, s)
	}
	return out
}

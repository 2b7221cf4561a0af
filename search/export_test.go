package search

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// exported gives an index of pages, and the same as files.
func exported(t testing.TB, pages []Page, words Words) (*Index, string) {
	t.Helper()
	dir := t.TempDir()
	if err := Build(filepath.Join(dir, "index"), pages, words); err != nil {
		t.Fatal(err)
	}
	ix, err := Open(filepath.Join(dir, "index"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := ix.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := ix.Export(context.Background(), filepath.Join(dir, "files"), pages); err != nil {
		t.Fatal(err)
	}
	return ix, filepath.Join(dir, "files")
}

// finders gives the two that answer queries.
func finders(t testing.TB, pages []Page, words Words) map[string]Finder {
	t.Helper()
	ix, dir := exported(t, pages, words)
	files, err := OpenExport(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	return map[string]Finder{"index": ix, "export": files}
}

func find(t testing.TB, f Finder, q Query) Result {
	t.Helper()
	if q.Limit == 0 {
		q.Limit = 10
	}
	r, err := f.Find(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func urls(r Result) []string {
	out := []string{}
	for _, h := range r.Hits {
		out = append(out, h.URL)
	}
	return out
}

// A best bet whose page is not there is none.
func TestBestBetWithoutItsPage(t *testing.T) {
	pages, words := labelled()
	words.Best["mus"] = "/taget-ned/"
	for name, f := range finders(t, pages, words) {
		for _, h := range find(t, f, Query{Text: "mus"}).Hits {
			if h.Best {
				t.Errorf("%s: %s is the best bet", name, h.URL)
			}
		}
	}
}

// labelled is site with what facets, best bets and synonyms need.
func labelled() ([]Page, Words) {
	pages := site()
	for i := range pages {
		pages[i].Audience = [][]string{{"leder", "hr"}, {"medarbejder"}, nil}[i%3]
		pages[i].Sector = []string{"stat", "kommune-region", ""}[i%3]
		pages[i].Kind = []string{"guide", "regel"}[i%2]
	}
	return pages, Words{
		Synonyms: []Synonym{{Words: []string{"penge", "støtte"}, Means: []string{"beløb", "støtte"}}},
		Best:     map[string]string{"mus": "/mus/", "støtte til kursus": "/om/"},
	}
}

func TestExportSameBytes(t *testing.T) {
	pages, words := labelled()
	_, a := exported(t, pages, words)
	slices.Reverse(pages)
	_, b := exported(t, pages, words)
	left, right := contents(t, a), contents(t, b)
	if len(left) < 10 || !reflect.DeepEqual(left, right) {
		t.Errorf("two exports of %d and %d files differ", len(left), len(right))
	}
	pages[0].Title += " i dag"
	_, c := exported(t, pages, words)
	if reflect.DeepEqual(left, contents(t, c)) {
		t.Error("another title gives the same files")
	}
}

func anchors(h Hit) []string {
	out := []string{}
	for _, s := range h.Sections {
		out = append(out, s.Anchor)
	}
	return out
}

// manySite has more pages than a list may have before its sections lie on the cards.
func manySite() ([]Page, Words) {
	var pages []Page
	for i := range manyPages + 100 {
		p := Page{URL: fmt.Sprintf("/side-%d/", i), Title: "Side " + fmt.Sprint(i), Kind: "guide", Sections: []Section{{Text: "Her er noget."}}}
		for k := range 4 {
			text := "Om noget andet."
			if (i>>k)&1 == 1 {
				text = "Du kan søge støtte til rotation." + strings.Repeat(" Støtte!", i%7)
			}
			p.Sections = append(p.Sections, Section{ID: fmt.Sprintf("afsnit-%d", k), Heading: "Afsnit " + fmt.Sprint(k), Text: text})
		}
		pages = append(pages, p)
	}
	return pages, Words{Synonyms: []Synonym{{Words: []string{"penge"}, Means: []string{"støtte", "rotation"}}}}
}

// A list of very many pages has its sections on the cards, and answers as any other does.
func TestSectionsOnCards(t *testing.T) {
	pages, words := manySite()
	ix, dir := exported(t, pages, words)
	files, err := OpenExport(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	e, _ := files.entry(shardOf("rotation", files.meta.Shards), "rotation")
	if e.own.where == 0 {
		t.Fatal("the sections of rotation lie in its list")
	}
	shown := 0
	for _, text := range []string{"rotation", "støtte", "penge", "søge støtte", "rotasion", "side 17 rotation"} {
		a, b := find(t, ix, Query{Text: text}), find(t, files, Query{Text: text})
		if !slices.Equal(urls(a), urls(b)) {
			t.Errorf("%s: index %v, export %v", text, urls(a), urls(b))
			continue
		}
		for i, h := range a.Hits {
			shown += len(h.Sections)
			if !slices.Equal(anchors(h), anchors(b.Hits[i])) {
				t.Errorf("%s: %s has %v in the index, %v in the export", text, h.URL, anchors(h), anchors(b.Hits[i]))
			}
		}
	}
	if shown < 60 {
		t.Errorf("only %d sections shown in all", shown)
	}
}

func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		src, err := os.ReadFile(filepath.Join(dir, name))
		out[name] = string(src)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// What one says the other says, in the same order: of hits, sections, facets, best bets
// and corrections.
func TestExportAnswersAsTheIndex(t *testing.T) {
	pages, words := labelled()
	f := finders(t, pages, words)
	found := 0
	for _, text := range []string{
		"fond", "kompetansefonden", "penge", "mus", "støtte til kursus", "beloeb moms", "rotation", "medarbejder år",
		"medarbejdersamtale", "efteruddannelsesstøtte", "30.000", "55+", "xyzzyq", "", "og", "GRUX", "samme tekst om rotation",
	} {
		for _, q := range []Query{{Text: text}, {Text: text, Exact: true}, {Text: text, Kind: "guide"}, {Text: text, Audience: "hr", Sector: "stat"}, {Text: text, From: 1, Limit: 1}} {
			a, b := find(t, f["index"], q), find(t, f["export"], q)
			found += a.Total
			if !slices.Equal(urls(a), urls(b)) || a.Total != b.Total || a.Corrected != b.Corrected || !reflect.DeepEqual(a.Facets, b.Facets) {
				t.Errorf("%+v: index %v %d %q %v, export %v %d %q %v", q, urls(a), a.Total, a.Corrected, a.Facets, urls(b), b.Total, b.Corrected, b.Facets)
				continue
			}
			for i, h := range a.Hits {
				if !slices.Equal(anchors(h), anchors(b.Hits[i])) || h.Best != b.Hits[i].Best || h.Kind != b.Hits[i].Kind || h.Sector != b.Hits[i].Sector {
					t.Errorf("%+v: hit %d is %+v and %+v", q, i, h, b.Hits[i])
				}
			}
		}
	}
	if found < 50 {
		t.Errorf("only %d pages found in all", found)
	}
}

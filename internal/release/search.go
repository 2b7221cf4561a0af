package release

import (
	"context"
	"errors"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/search"
)

// index writes the search index beside the site, and the same as plain files into it.
func index(ctx context.Context, in Input, tree *content.Tree, docs []doc, dir string) error {
	in.step("index")
	all, at := pages(tree, docs), filepath.Join(dir, "index")
	if err := search.Build(at, all, words(tree.Data)); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	in.step("export")
	ix, err := search.Open(at)
	if err != nil {
		return err
	}
	return errors.Join(ix.Export(ctx, filepath.Join(dir, "site", "soeg", "indeks"), all), ix.Close())
}

// pages joins what the model knows with what the reader sees.
func pages(tree *content.Tree, docs []doc) []search.Page {
	known := searchWords(tree.Data)
	var out []search.Page
	for _, d := range docs {
		p := tree.Page(d.path)
		if p == nil || slices.Contains(unsearched, d.path) {
			continue
		}
		s := search.Page{
			URL: p.Path, Title: p.Title, Short: p.LinkTitle, Description: p.Description, Kind: p.Kind, Audience: p.Audience,
			Words: known[p.Path].words, Sector: known[p.Path].sector, Trail: trail(tree, p.Path),
			English: p.Lang() == content.English, Weight: weight(p, tree.Now),
		}
		for _, sec := range d.sections {
			s.Sections = append(s.Sections, search.Section{ID: sec.id, Heading: sec.heading, Text: sec.text})
		}
		out = append(out, s)
	}
	lowerParents(out)
	return out
}

// lowerParents lets a page that others lie below count a little less: whoever asks for
// more than its name asks for one of those.
func lowerParents(pages []search.Page) {
	parents := map[string]bool{}
	for _, p := range pages {
		for at := path.Dir(path.Clean(p.URL)); at != "/"; at = path.Dir(at) {
			parents[at+"/"] = true
		}
	}
	for i, p := range pages {
		if parents[p.URL] && p.Weight == 100 {
			pages[i].Weight = 90
		}
	}
}

// trail gives the names of the pages above an address, the front page left out.
func trail(tree *content.Tree, address string) (names []string) {
	for at := path.Dir(path.Clean(address)); at != "/"; at = path.Dir(at) {
		if p := tree.Page(at + "/"); p != nil {
			names = append(names, p.Title, p.LinkTitle)
		}
	}
	return names
}

// unsearched are pages that are not for the public.
var unsearched = []string{"/redaktoer/"}

// weight says how much a page's scores count, in hundredths: what is told once, or is
// over, stands below what holds now.
func weight(p *content.Page, now time.Time) int {
	switch {
	case p.Kind == "nyhed" && now.Sub(p.Date) > 365*24*time.Hour:
		return 50
	case p.Kind == "nyhed":
		return 80
	case p.Path == "/nyheder/" || p.Path == "/arrangementer/":
		return 70
	case p.Kind == "arrangement" && p.Over(now):
		return 50
	case p.Lang() == content.English: // a Danish query that both know is better served in Danish
		return 60
	case p.Path == "/" || p.Path == "/a-aa/" || p.Path == "/ordliste/" || p.Path == "/fonden/spoergsmaal-og-svar/": // a little of everything
		return 50
	case p.Kind == "case" && p.Path != "/cases/" || strings.HasPrefix(p.Path, "/om/opgaver/"):
		return 75
	case strings.HasPrefix(p.Path, "/for/"):
		return 90
	}
	return 100
}

type pageWords struct {
	words  []string
	sector string
}

// searchWords gives the words people search a page by: those of soeg.yaml, the names in
// the pool finder, and the glossary's words that say where to read on.
func searchWords(d *content.Data) map[string]pageWords {
	out := map[string]pageWords{}
	add := func(address string, words ...string) {
		p := out[address]
		p.words = append(p.words, words...)
		out[address] = p
	}
	for _, p := range d.Search.Pages {
		add(p.Page.ID, ids(p.Words)...)
		w := out[p.Page.ID]
		w.sector = p.Sector
		out[p.Page.ID] = w
	}
	for _, pool := range d.Pools {
		for _, place := range d.Places {
			if place.Pool == pool.ID {
				add(pool.Page, place.Name)
			}
		}
	}
	for _, t := range d.Terms {
		if len(t.See) > 0 {
			to, _, _ := strings.Cut(t.See[0].ID, "#")
			add(to, t.Word)
		}
	}
	return out
}

func ids(refs []content.Ref) []string {
	var out []string
	for _, r := range refs {
		out = append(out, r.ID)
	}
	return out
}

// words gives the search what soeg.yaml says.
func words(d *content.Data) search.Words {
	out := search.Words{Best: map[string]string{}, Parts: ids(d.Search.Parts), Splits: map[string][]string{}}
	for _, s := range d.Search.Synonyms {
		from, to := ids(s.Words), ids(s.Means)
		if len(to) == 0 {
			to = from
		}
		out.Synonyms = append(out.Synonyms, search.Synonym{Words: from, Means: to})
	}
	for _, b := range d.Search.Best {
		for _, q := range b.Queries {
			out.Best[q.ID] = b.Page.ID
		}
	}
	for _, s := range d.Search.Splits {
		out.Splits[strings.ToLower(s.Word.ID)] = nil
		if s.Parts != "hel" {
			out.Splits[strings.ToLower(s.Word.ID)] = strings.Fields(s.Parts)
		}
	}
	return out
}

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"kompetenceudvikling.dk/kompas/internal/release"
	"kompetenceudvikling.dk/kompas/internal/store"
	"kompetenceudvikling.dk/kompas/internal/web"
	"kompetenceudvikling.dk/kompas/search"
)

func searchCommand(ctx context.Context, c *call) error {
	s := c.source()
	limit := c.flags.Int("limit", 10, "højst så mange sider")
	list := c.flags.String("eval", "", "mål søgningen på en liste af søgninger og rigtige sider (.txt eller .tsv)")
	misses := c.flags.Bool("misses", false, "vis, hvad der er søgt forgæves efter på serveren: søgninger, der er lavet mindst fem gange på en dag")
	storeDir := c.flags.String("store", "", "mappen med udgivelserne, til --misses")
	asJSON := c.flags.Bool("json", false, "skriv svaret som JSON")
	if err := c.parse(1 << 10); err != nil {
		return err
	}
	if *misses {
		return searchMisses(ctx, c, *storeDir, *limit, *asJSON)
	}
	query := strings.Join(c.flags.Args(), " ")
	if *list != "" {
		return evalSearch(ctx, c, s, *list, *asJSON)
	}
	if strings.TrimSpace(query) == "" {
		return usageError{"der er ikke noget at søge efter", "brugen er: " + c.usage}
	}
	if *limit < 1 || *limit > 1000 {
		return usageError{fmt.Sprintf("--limit %d er uden for 1-1000", *limit), "brugen er: " + c.usage}
	}
	dir, cleanup, err := c.index(ctx, s)
	if err != nil {
		return err
	}
	defer cleanup()
	ix, err := search.Open(dir)
	if err != nil {
		return err
	}
	defer ix.Close()
	res, err := ix.Find(ctx, search.Query{Text: query, Limit: *limit})
	if err != nil {
		return err
	}
	if *asJSON {
		return c.json(res)
	}
	printResult(c, res)
	return nil
}

// searchMisses tells the secretariat which words the site lacks.
func searchMisses(ctx context.Context, c *call, dir string, limit int, asJSON bool) error {
	if _, err := openPublisher(ctx, c, dir); err != nil {
		return err
	}
	list, err := web.ReadMisses(missesIn(dir))
	if err != nil {
		return err
	}
	list = list[:min(len(list), max(limit, 0))]
	if asJSON {
		return c.json(list)
	}
	if len(list) == 0 {
		fmt.Fprintln(c.stdout, "Ingen. Her står kun søgninger, der er lavet mindst fem gange på en dag.")
	}
	for _, m := range list {
		fmt.Fprintf(c.stdout, "%5d gange på %d dage  %s\n", m.Times, m.Days, m.Query)
	}
	return nil
}

func printResult(c *call, res search.Result) {
	if res.Corrected != "" {
		fmt.Fprintf(c.stdout, "Viser resultater for: %s\n", res.Corrected)
	}
	switch res.Total {
	case 0:
		fmt.Fprintln(c.stdout, "Ingen sider.")
	case 1:
		fmt.Fprintln(c.stdout, "1 side.")
	default:
		fmt.Fprintf(c.stdout, "%d sider.\n", res.Total)
	}
	for _, h := range res.Hits {
		at := h.URL
		if len(h.Sections) > 0 {
			at += "#" + h.Sections[0].Anchor
		}
		fmt.Fprintf(c.stdout, "\n%s\n  %s\n  %s\n", h.Title, at, h.Excerpt)
	}
}

// index gives the index of build/ when it was made by this program from this source, and
// is right on the day; else one built for the occasion.
func (c *call) index(ctx context.Context, s *source) (dir string, cleanup func(), err error) {
	in, err := s.input()
	if err != nil {
		return "", nil, err
	}
	built := filepath.Join(s.dir, "build")
	if m, err := store.ReadManifest(built); err == nil && m.Program == in.Program && m.RightAt(in.Now) {
		if source, err := release.Hash(in.Source, in.Look); err == nil && source == m.Source {
			return filepath.Join(built, "index"), func() {}, nil
		}
	}
	fmt.Fprintln(c.stderr, "build/ mangler eller er ikke det, der skal søges i: indholdet eller dagen er en anden; bygger et indeks til denne søgning")
	tmp, err := os.MkdirTemp("", "kompas-search-")
	if err != nil {
		return "", nil, fmt.Errorf("make folder: %w", err)
	}
	cleanup = func() { _ = os.RemoveAll(tmp) }
	if _, _, err := release.Make(ctx, in, tmp); err != nil {
		cleanup()
		return "", nil, err
	}
	return filepath.Join(tmp, "index"), cleanup, nil
}

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kompetenceudvikling.dk/kompas/search"
)

// evalSearch measures the search on a list of queries and their right pages.
func evalSearch(ctx context.Context, c *call, s *source, list string, asJSON bool) error {
	src, err := os.ReadFile(list)
	if err != nil {
		return usageError{fmt.Sprintf("listen %s kan ikke læses", list), "vis vej til en fil, fx --eval search/testdata/relevans.txt"}
	}
	cases, err := search.ParseCases(string(src), filepath.Ext(list) == ".tsv")
	if err != nil {
		return usageError{list + ": " + err.Error(), "skriv en søgning, adresserne på linjen under, og en tom linje"}
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
	files, err := search.OpenExport(os.DirFS(filepath.Join(dir, "..", "site", "soeg", "indeks")))
	if err != nil {
		return err
	}
	server, err := search.Evaluate(ctx, ix, cases)
	if err != nil {
		return err
	}
	plain, err := search.Evaluate(ctx, files, cases)
	if err != nil {
		return err
	}
	if asJSON {
		return c.json(map[string]search.Score{"server": server, "filer": plain})
	}
	printScore(c, "server", server)
	apart := 0
	for i, o := range server.Cases {
		if !slices.Equal(o.First, plain.Cases[i].First) {
			apart++
		}
	}
	printSum(c, "filer", plain)
	fmt.Fprintf(c.stdout, "de samme ti i samme orden: %d af %d\n", len(cases)-apart, len(cases))
	return nil
}

func printScore(c *call, name string, s search.Score) {
	for _, o := range s.Cases {
		if o.Rank != 1 {
			fmt.Fprintf(c.stdout, "%-4s %s  (%s)\n", rank(o.Rank), o.Query, strings.Join(o.First[:min(3, len(o.First))], " "))
		}
	}
	printSum(c, name, s)
}

func printSum(c *call, name string, s search.Score) {
	fmt.Fprintf(c.stdout, "%s: %d søgninger, rigtig side først %s, blandt de fem første %s, MRR %s, uden svar %s\n",
		name, s.Queries, share(s.Success1), share(s.Success5), decimal(s.MRR), share(s.Zero))
}

func rank(n int) string {
	if n == 0 {
		return "-"
	}
	return fmt.Sprint(n)
}

func share(f float64) string   { return strings.Replace(fmt.Sprintf("%.1f %%", 100*f), ".", ",", 1) }
func decimal(f float64) string { return strings.Replace(fmt.Sprintf("%.3f", f), ".", ",", 1) }

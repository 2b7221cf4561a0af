package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
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
	server, err := search.Evaluate(ctx, ix, cases)
	if err != nil {
		return err
	}
	if asJSON {
		out := json.NewEncoder(c.stdout)
		out.SetEscapeHTML(false)
		return out.Encode(map[string]search.Score{"server": server})
	}
	printScore(c, "server", server)
	return nil
}

func printScore(c *call, name string, s search.Score) {
	for _, o := range s.Cases {
		if o.Rank != 1 {
			fmt.Fprintf(c.stdout, "%-4s %s  (%s)\n", rank(o.Rank), o.Query, strings.Join(o.First[:min(3, len(o.First))], " "))
		}
	}
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

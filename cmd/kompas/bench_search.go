package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kompetenceudvikling.dk/kompas/internal/bench"
	"kompetenceudvikling.dk/kompas/internal/store"
	"kompetenceudvikling.dk/kompas/search"
)

const (
	indexRuns    = 3  // times the index is made; the table has the median
	searchRounds = 10 // times each query is asked
)

// benchSearch measures what the index of a finished build costs to make, in a process of
// its own, and how fast a server answers queries, one at a time.
func benchSearch(ctx context.Context, c *call, dir, list string) error {
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find program: %w", err)
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return err
	}
	m, err := store.ReadManifest(dir)
	if err != nil {
		return hint{err, "byg først: kompas build"}
	}
	queries := bench.Searches
	if list != "" {
		src, err := os.ReadFile(list)
		if err != nil {
			return usageError{fmt.Sprintf("listen %s kan ikke læses", list), "skriv en søgning på hver linje"}
		}
		queries = strings.FieldsFunc(string(src), func(r rune) bool { return r == '\n' })
	}
	costs := make([]bench.Cost, indexRuns)
	for i := range costs {
		if costs[i], err = bench.Run(ctx, dir, program, "bench", "--index", dir); err != nil {
			return err
		}
	}
	times, err := answerTimes(ctx, program, dir, queries)
	if err != nil {
		return err
	}
	mid := median(costs)
	fmt.Fprintf(c.stdout, "| %d sider | målt |\n|---|---:|\n| indeks og eksport, CPU | %.2f s |\n| indeks og eksport, tid | %.2f s |\n| indeks og eksport, hukommelse | %d MiB |\n",
		m.Counts.Pages, mid.CPU.Seconds(), mid.Wall.Seconds(), mid.Peak>>20)
	fmt.Fprintf(c.stdout, "| serverens svar, median af %d | %s |\n| serverens svar, 99 %% | %s |\n", len(times), millis(times[len(times)/2]), millis(times[len(times)*99/100]))
	return nil
}

func millis(d time.Duration) string {
	return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000)
}

// answerTimes asks a server every query in turn, and gives the sorted times of all but
// the first round.
func answerTimes(ctx context.Context, program, dir string, queries []string) ([]time.Duration, error) {
	work, err := os.MkdirTemp("", "kompas-bench-")
	if err != nil {
		return nil, fmt.Errorf("make folder: %w", err)
	}
	defer os.RemoveAll(work)
	s, err := bench.Serve(ctx, "kompas", program, dir, work, nil)
	if err != nil {
		return nil, err
	}
	defer s.Stop()
	if _, err := bench.Times(ctx, s, queries); err != nil {
		return nil, err
	}
	var all []time.Duration
	for range searchRounds {
		times, err := bench.Times(ctx, s, queries)
		if err != nil {
			return nil, err
		}
		all = append(all, times...)
	}
	slices.Sort(all)
	return all, nil
}

// makeIndex makes the index and the export of a finished build once more, and throws them
// away: for a parent that measures.
func makeIndex(ctx context.Context, dir string) error {
	old, err := search.Open(filepath.Join(dir, "index"))
	if err != nil {
		return err
	}
	pages, err := old.Pages(ctx)
	if err := errors.Join(err, old.Close()); err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "kompas-index-")
	if err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	defer os.RemoveAll(work)
	at := filepath.Join(work, "index")
	if err := search.Build(at, pages, search.Words{}); err != nil {
		return err
	}
	ix, err := search.Open(at)
	if err != nil {
		return err
	}
	return errors.Join(ix.Export(ctx, filepath.Join(work, "indeks"), pages), ix.Close())
}

package release

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"kompetenceudvikling.dk/kompas"
	"kompetenceudvikling.dk/kompas/internal/syntetisk"
	"kompetenceudvikling.dk/kompas/search"
)

// BenchmarkMake makes a release of 300 pages as a push does, one page another each
// time: from nothing, and beside the last one.
func BenchmarkMake(b *testing.B) {
	site := syntetisk.Site(1, 300).(fstest.MapFS)
	for _, beside := range []bool{false, true} {
		b.Run(map[bool]string{false: "clean", true: "beside"}[beside], func(b *testing.B) {
			last, cache := "", b.TempDir()
			for i := range b.N {
				site["content/emne-0/side-0.md"].Data = fmt.Appendf(site["content/emne-0/side-0.md"].Data, "\nUdgave %d.\n", i)
				dir := filepath.Join(b.TempDir(), "ud")
				in := Input{
					Source: site, Look: kompas.Look, Now: time.Date(2026, 2, 1, 12, 0, 0, 0, time.UTC), Program: "p", Cache: cache, Last: last, Ahead: true,
					Commit: fmt.Sprintf("%040d", i), BaseURL: "https://kompas.example/",
				}
				if _, _, err := Make(b.Context(), in, dir); err != nil {
					b.Fatal(err)
				}
				if beside {
					last = dir
				}
			}
		})
	}
}

func BenchmarkRealSite(b *testing.B) {
	in := real("2026-11-22")
	for b.Loop() {
		mustMake(b, in)
	}
}

func Benchmark1000Pages(b *testing.B) {
	in := input(syntetisk.Site(1, 1000), "2026-11-22")
	for b.Loop() {
		mustMake(b, in)
	}
}

func BenchmarkSearch1000Pages(b *testing.B) {
	dir := mustMake(b, input(syntetisk.Site(1, 1000), "2026-11-22"))
	ix, err := search.Open(filepath.Join(dir, "index"))
	if err != nil {
		b.Fatal(err)
	}
	defer ix.Close()
	queries := []string{"kompetence", "uddannelsesplan", "kompetanceplan", "leder samtale", "årlig evaluering af strategi", "fond"}
	var times []time.Duration
	i := 0
	for b.Loop() {
		began := time.Now()
		if _, err := ix.Find(context.Background(), search.Query{Text: queries[i%len(queries)], Limit: 10}); err != nil {
			b.Fatal(err)
		}
		times = append(times, time.Since(began))
		i++
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Microseconds()), "µs-median")
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds()), "µs-p99")
}

package release

import (
	"fmt"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"kompetenceudvikling.dk/kompas"
	"kompetenceudvikling.dk/kompas/internal/syntetisk"
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

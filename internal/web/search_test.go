package web

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"kompetenceudvikling.dk/kompas/search"
)

// sectorServer shows a release with a name that state and municipality share, and the
// narrowings drawn as words.
func sectorServer(t *testing.T) *Server {
	t.Helper()
	dir := newRelease(t, "et")
	page := `[[ .Heading ]]
[[ range .Hits ]]hit [[ .URL ]] [[ .Kind ]] [[ with .Sector ]]sektor [[ . ]][[ end ]]
[[ end ]][[ range .Facets ]]list [[ .Name ]]
[[ range .Choices ]]valg [[ .Name ]] [[ .Pages ]] [[ .URL ]][[ if .Current ]] valgt[[ end ]]
[[ end ]][[ end ]]`
	if err := os.WriteFile(filepath.Join(dir, "pages", "soeg.html"), []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(dir, "index")); err != nil {
		t.Fatal(err)
	}
	pages := []search.Page{
		{URL: "/fonden/", Title: "Kompetencefonden", Kind: "regel", Audience: []string{"leder"}, Sector: "stat"},
		{URL: "/forkert-fond/", Title: "Den Kommunale Kompetencefond", Kind: "guide", Audience: []string{"leder"}, Sector: "kommune-region"},
		{URL: "/amu/", Title: "AMU i staten", Kind: "guide", Audience: []string{"hr"}, Sector: "stat"},
		{URL: "/mus/", Title: "MUS i staten", Kind: "guide"},
	}
	for i := range pages {
		pages[i].Sections = []search.Section{{Text: "Kort sagt."}}
	}
	if err := search.Build(filepath.Join(dir, "index"), pages, search.Words{}); err != nil {
		t.Fatal(err)
	}
	s := &Server{}
	if err := s.Show(dir); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestSectorIsPrintedWhereANameIsShared(t *testing.T) {
	s := sectorServer(t)
	got := body(t, ask(s, "GET", "/soeg/?q=kompetencefond"))
	for _, want := range []string{"hit /fonden/ Regel sektor Staten", "hit /forkert-fond/ Guide sektor Kommuner og regioner"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if got := body(t, ask(s, "GET", "/soeg/?q=amu+mus")); !strings.Contains(got, "hit /amu/") || strings.Contains(got, "sektor Staten") {
		t.Errorf("the sector is printed where it tells nothing apart:\n%s", got)
	}
}

func TestFacetsAreShownAndNarrow(t *testing.T) {
	s := sectorServer(t)
	got := body(t, ask(s, "GET", "/soeg/?q=kompetencefond&fra=10"))
	for _, want := range []string{
		"list Slags", "valg Alle  /soeg/?q=kompetencefond valgt", "valg Guide 1 /soeg/?q=kompetencefond&amp;slags=guide\n",
		"list Sektor", "valg Staten 1 /soeg/?q=kompetencefond&amp;sektor=stat\n",
		"list For hvem", "valg Leder 2 /soeg/?maalgruppe=leder&amp;q=kompetencefond\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	got = body(t, ask(s, "GET", "/soeg/?q=kompetencefond&sektor=stat&som=skrevet"))
	for _, want := range []string{
		"1 side", "hit /fonden/", "valg Staten 1 /soeg/?q=kompetencefond&amp;sektor=stat&amp;som=skrevet valgt",
		"valg Alle  /soeg/?q=kompetencefond&amp;som=skrevet\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("narrowed: no %q in\n%s", want, got)
		}
	}
	if strings.Contains(got, "hit /forkert-fond/") {
		t.Errorf("narrowed to the state, and the municipal fund is there:\n%s", got)
	}
}

// When all turns to search are taken, a search is told to come again; pages and
// suggestions are served meanwhile.
func TestSearchesAtOnceAreBounded(t *testing.T) {
	s := newServer(t)
	turns := s.current.turns
	for range cap(turns) {
		turns <- struct{}{}
	}
	for _, at := range []string{"/soeg/?q=kurser", "/api/soeg?q=kurser"} {
		r := ask(s, "GET", at)
		if r.StatusCode != 503 || r.Header.Get("Retry-After") == "" || r.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %v", at, r.StatusCode, r.Header)
		}
		if got := body(t, r); got != "Søgningen svarer ikke lige nu. Prøv igen om lidt.\n" {
			t.Errorf("%s says %q", at, got)
		}
	}
	for _, at := range []string{"/", "/fonden/", "/api/forslag?q=fon"} {
		if r := ask(s, "GET", at); r.StatusCode != 200 {
			t.Errorf("%s meanwhile: %d", at, r.StatusCode)
		}
	}
	<-turns
	if r := ask(s, "GET", "/soeg/?q=kurser"); r.StatusCode != 200 {
		t.Errorf("with a turn free: %d", r.StatusCode)
	}
}

// Whatever is typed gets an answer: as text, whole letters, and none of it longer than a
// query is let be.
func TestSearchTakesWhateverIsTyped(t *testing.T) {
	s := newServer(t)
	for _, q := range []string{
		strings.Repeat("kurser ", 1500), strings.Repeat("å", 5000), strings.Repeat("<", 10_000), "\x00\x01\x1b[2J\x7f", "\xff\xfe", "og i at", "?!.,;:",
		`+title:"x" AND (NOT y^2~`, "<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "{{ .Heading }}", "[[ .Heading ]]", "%00%zz", "010170-1234",
	} {
		for _, at := range []string{"/soeg/?q=", "/api/soeg?q=", "/api/forslag?q="} {
			r := ask(s, "GET", at+url.QueryEscape(q))
			got := body(t, r)
			if r.StatusCode != 200 || !utf8.ValidString(got) || len(got) > 5000 {
				t.Errorf("%s %.20q: %d with %d bytes", at, q, r.StatusCode, len(got))
			}
			if strings.Contains(got, "<script") || strings.Contains(got, "<img") || strings.Contains(got, "\x00") {
				t.Errorf("%s %.20q comes back as more than text: %s", at, q, got)
			}
		}
	}
}

// Narrowing by what there is none of, or from a place that is none, finds nothing or the
// first page, and never fails.
func TestOddNarrowings(t *testing.T) {
	s := newServer(t)
	for query, status := range map[string]int{
		"q=kurser&slags=" + strings.Repeat("x", 1000): 200, "q=kurser&slags=%00": 200, "q=kurser&fra=-5": 200, "q=kurser&fra=99999999999999999999": 200,
		"q=kurser&q=fonden": 200, "q[]=kurser": 200, "som=skrevet": 200, "fra=1e9&q=kurser": 200, strings.Repeat("q=kurser&", 5000): 200,
	} {
		if r := ask(s, "GET", "/soeg/?"+query); r.StatusCode != status {
			t.Errorf("%.40s: %d, want %d", query, r.StatusCode, status)
		}
	}
}

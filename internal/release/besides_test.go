package release

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/xuri/excelize/v2"

	"kompetenceudvikling.dk/kompas/internal/content"
)

// The day a round opened, its pools and its note, in a row of the table of all rounds.
var roundRow = regexp.MustCompile(`(?s)<th scope="?row"?[^>]*><time datetime="?([0-9-]{10})[^>]*>.{0,400}?data-label="?Puljer"?><span>(.*?)</span>.{0,100}?data-label="?Om runden"?><span>(.*?)</span>`)

func TestFeedsAreReadable(t *testing.T) {
	dir := filepath.Join(realSite(t), "site")
	for _, name := range []string{"feeds/nyheder.atom", "feeds/nyheder.rss", "sitemap.xml", "opensearch.xml"} {
		dec := xml.NewDecoder(strings.NewReader(read(t, dir, name)))
		for {
			if _, err := dec.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Errorf("%s: %v", name, err)
				break
			}
		}
	}
	var feed struct {
		Items []struct{ ID, URL, Title string }
	}
	if err := json.Unmarshal([]byte(read(t, dir, "feeds/nyheder.json")), &feed); err != nil || len(feed.Items) == 0 {
		t.Fatalf("json feed: %v, %d items", err, len(feed.Items))
	}
	for _, it := range feed.Items {
		if !strings.HasPrefix(it.ID, "tag:kompetenceudvikling.dk,") || !strings.HasPrefix(it.URL, "https://") || it.Title == "" {
			t.Errorf("item %+v", it)
		}
		if !strings.Contains(read(t, dir, "feeds/nyheder.atom"), it.ID) {
			t.Errorf("%s is not in the Atom feed", it.ID)
		}
	}
	if strings.Contains(read(t, dir, "sitemap.xml"), "-ark/") {
		t.Error("pages that are not to be found are in the sitemap")
	}
}

func TestRoundsCalendar(t *testing.T) {
	dir := filepath.Join(realSite(t), "site")
	cal, err := ics.ParseCalendar(strings.NewReader(read(t, dir, "kalender/runder.ics")))
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, e := range cal.Events() {
		if ids[e.Id()] {
			t.Errorf("id %s stands twice", e.Id())
		}
		ids[e.Id()] = true
		if e.Id() == "runde-ac-20250506T0800@kompetenceudvikling.dk" {
			start, _ := e.GetStartAt()
			end, err := e.GetEndAt()
			if err != nil || start.UTC().Hour() != 8 || end.UTC().Format(time.DateTime) != "2025-05-12 15:00:00" {
				t.Errorf("the round of May 2025 is from %s to %s: %v", start, end, err)
			}
		}
	}
	if len(ids) < 50 || !ids["runde-ac-20250506T0800@kompetenceudvikling.dk"] {
		t.Errorf("%d rounds", len(ids))
	}
}

// A row of the table of all rounds holds for each pool it names: pools share a row only
// when they share the note.
func TestRoundsTellOfTheirOwnPool(t *testing.T) {
	in := real("2026-11-22")
	tree, err := content.Load(in.Source, in.Now)
	if err != nil {
		t.Fatal(err)
	}
	var want, got, all []string
	for _, p := range tree.Data.Pools {
		all = append(all, p.Short)
		for _, r := range p.Rounds {
			want = append(want, r.Opens.In(content.Copenhagen()).Format(time.DateOnly)+" "+p.Short+": "+r.Note)
		}
	}
	page := html.UnescapeString(read(t, realSite(t), "site/fonden/runder/index.html"))
	for _, m := range roundRow.FindAllStringSubmatch(page, -1) {
		pools := strings.Split(m[2], ", ")
		if m[2] == "Alle fem" {
			pools = all
		}
		for _, p := range pools {
			got = append(got, m[1]+" "+p+": "+m[3])
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("the table of rounds tells\n%s\nand the data\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestYearCalendar(t *testing.T) {
	dir := filepath.Join(realSite(t), "site")
	cal, err := ics.ParseCalendar(strings.NewReader(read(t, dir, "kalender/su.ics")))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range cal.Events() {
		day, err := e.GetAllDayStartAt()
		if err != nil || day.Before(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)) || day.After(time.Date(2027, 11, 22, 0, 0, 0, 0, time.UTC)) {
			t.Errorf("%s begins %s: %v", e.Id(), day, err)
		}
	}
	if len(cal.Events()) < 6 {
		t.Errorf("%d events", len(cal.Events()))
	}
}

// The spreadsheet sums an employee's grants of a year and holds them against the pool.
func TestOverviewSums(t *testing.T) {
	f, err := excelize.OpenFile(filepath.Join(realSite(t), "site/vaerktoejer/overblik/overblik.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for cell, want := range map[string]string{"M1": "som det sidst er set (se Lofter)", "N1": "hvis loftet holder"} {
		if got, err := f.GetCellValue("Tilsagn", cell); !strings.Contains(got, want) || err != nil {
			t.Errorf("%s is %q, %v: an unconfirmed ceiling stands as today's", cell, got, err)
		}
	}
	fill := func(row int, who, pool string, amount int, day time.Time) {
		for cell, value := range map[string]any{"A": who, "B": pool, "G": amount, "H": day} {
			if err := f.SetCellValue("Tilsagn", fmt.Sprintf("%s%d", cell, row), value); err != nil {
				t.Fatal(err)
			}
		}
	}
	fill(2, "Medarbejder 1", "CO10", 9000, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))
	fill(3, "Medarbejder 1", "CO10", 7000, time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC))
	fill(4, "Medarbejder 1", "CO10", 5000, time.Date(2025, 9, 1, 0, 0, 0, 0, time.UTC))
	fill(5, "Medarbejder 2", "CO10", 4000, time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC))
	for cell, want := range map[string]string{"I2": "2026", "L2": "16000", "M2": "30000", "N2": "14000", "L4": "5000", "L5": "4000"} {
		if got, err := f.CalcCellValue("Tilsagn", cell); got != want || err != nil {
			t.Errorf("%s is %q, %v; want %s", cell, got, err, want)
		}
	}
}

package release

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestEditsTellNoMoreThanTheyShould(t *testing.T) {
	at := time.Date(2026, 3, 1, 23, 30, 0, 0, time.UTC)
	for subject, want := range map[string]string{
		"indhold: ny frist for runden": "Ny frist for runden",
		"åbent møde":                   "Åbent møde",
		"Merge branch 'main' of http://chef@vaert/kompas.git": "Flere ændringer samlet",
		"rettet efter mail fra en@example.dk":                 "Ændret",
		"":                                                    "Ændret",
		"indhold: ":                                           "Ændret",
		"ny\u202e frist\x07":                                  "Ny frist",
		"\xff\xfefrist":                                       "Frist",
		"<b>frist</b>":                                        "<b>frist</b>", // the template escapes
		strings.Repeat("æ", 101):                              "Æ" + strings.Repeat("æ", 99) + " ...",
	} {
		got := describeEdits([]Edit{{At: at, Subject: subject}}).List[0]
		if got.What != want || got.Who != "redaktionen" || got.Date != "2026-03-02" {
			t.Errorf("%q: %+v, want %q on the Danish day", subject, got, want)
		}
	}
	if got := describeEdits([]Edit{{At: at, Subject: "layouts: mend the menu", Wide: true}}).List[0]; got.What != "Ændret sammen med programmet" || got.Who != "udgiveren" {
		t.Errorf("a change of the program: %+v", got)
	}
	var many []Edit
	for i := range 25 {
		many = append(many, Edit{At: at.AddDate(0, 0, -i), Subject: fmt.Sprint("udgave ", i)})
	}
	if got := describeEdits(many); len(got.List) != editsShown || got.More != 15 || got.Since != "2026-02-06" || got.List[0].What != "Udgave 0" {
		t.Errorf("many: %+v", got)
	}
}

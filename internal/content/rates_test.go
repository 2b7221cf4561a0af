package content

import (
	"strings"
	"testing"
	"time"

	"kompetenceudvikling.dk/kompas/internal/fault"
)

const ratesYAML = `
loft:
  navn: Loft
  versioner:
    - {kr: 25000, fra: 2020-01-01, til: 2021-03-31, ok: OK18, kilde: S1, kontrolleret: 2026-01-01}
    - {kr: 30000, fra: 2022-09-27, til: 2024-03-31, ok: OK21, kilde: [S1, S2], kontrolleret: 2026-01-01, hul: true}
`

func rates(t *testing.T, src string) (Rates, fault.List) {
	t.Helper()
	var r Rates
	var faults fault.List
	d := decoder{file: "satser.yaml", faults: &faults}
	d.decode([]byte(src), &r)
	r.check("satser.yaml", &faults)
	faults.Sort()
	return r, faults
}

func TestRatesOn(t *testing.T) {
	r, faults := rates(t, ratesYAML)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	for _, c := range []struct {
		day    string
		kr     int
		status Status
	}{
		{"2019-12-31", 0, ""},
		{"2020-01-01", 25000, Confirmed},
		{"2021-03-31T23:59", 25000, Confirmed},
		{"2021-04-01", 25000, Unconfirmed}, // in the hole
		{"2022-09-26T23:59", 25000, Unconfirmed},
		{"2022-09-27", 30000, Confirmed},
		{"2024-03-31T23:59", 30000, Confirmed},
		{"2024-04-01", 30000, Unconfirmed}, // after the last
		{"2026-11-22", 30000, Unconfirmed},
	} {
		at, err := ParseTime(c.day)
		if err != nil {
			t.Fatal(err)
		}
		v, status, err := r.On("loft", at)
		if status != c.status || (err != nil) != (c.status == "") {
			t.Errorf("%s: status %q, error %v; want %q", c.day, status, err, c.status)
			continue
		}
		if err == nil && *v.Kr != c.kr {
			t.Errorf("%s: %d kr., want %d", c.day, *v.Kr, c.kr)
		}
	}
	if _, _, err := r.On("andet", time.Now()); err == nil {
		t.Error("an unknown rate has no value")
	}
}

func TestRatesCheck(t *testing.T) {
	version := func(values string) string {
		return "loft:\n  navn: Loft\n  versioner:\n    - {kr: 1, fra: 2020-01-01, til: 2020-12-31, ok: OK18, kilde: S1, kontrolleret: 2026-01-01}\n" +
			"    - {" + values + ", ok: OK21, kilde: S1, kontrolleret: 2026-01-01}\n"
	}
	for values, want := range map[string]string{
		"kr: 2, fra: 2020-12-31, til: 2021-12-31":          "5: loft: to versioner dækker samme dag",
		"kr: 2, fra: 2021-02-01, til: 2021-12-31":          "5: advarsel: loft: ingen version mellem 2020-12-31 og 2021-02-01",
		"kr: 2, fra: 2021-01-01, til: 2020-12-31":          "5: loft: til ligger før fra",
		"fra: 2021-01-01, til: 2021-12-31":                 "5: loft: en version skal have netop én værdi",
		"kr: 2, aar: 3, fra: 2021-01-01, til: 2021-12-31":  "5: loft: en version skal have netop én værdi",
		"kr: 30.000, fra: 2021-01-01, til: 2021-12-31":     "5: kr er ikke et helt tal: 30.000",
		"kr: 2, fra: 2021-02-30, til: 2021-12-31":          `5: fra: "2021-02-30" er ikke en dato`,
		"kr: 2, fra: 2021-01-01, til: 2021-12-31, ukendt:": "5: ukendt nøgle ukendt",
	} {
		_, faults := rates(t, version(values))
		if !strings.Contains(faults.Error(), want) {
			t.Errorf("%s:\ngot  %s\nwant %s", values, faults, want)
		}
	}
}

func TestVersionText(t *testing.T) {
	n := func(i int) *int { return &i }
	for want, v := range map[string]Version{
		"30.000 kr.": {Kr: n(30000)}, "297 kr.": {Kr: n(297)}, "127,03 kr.": {Oere: n(12703)},
		"1.234.567 kr.": {Kr: n(1234567)}, "25 år": {Aar: n(25)}, "1 uge": {Uger: n(1)}, "13 uger": {Uger: n(13)},
		"9 måneder": {Maaned: n(9)}, "1 måned": {Maaned: n(1)}, "2": {Antal: n(2)}, "80 procent": {Procent: n(80)},
	} {
		if got := v.Text(); got != strings.ReplaceAll(want, " ", "\u00a0") {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestAddMonths(t *testing.T) {
	for _, c := range [][2]string{
		{"2026-11-22", "2027-08-22"}, {"2026-05-31", "2027-02-28"}, {"2027-05-31", "2028-02-29"}, {"2026-06-30", "2027-03-30"},
	} {
		from, _ := ParseTime(c[0])
		if got := AddMonths(from, 9).Format(time.DateOnly); got != c[1] {
			t.Errorf("nine months from %s: %s, want %s", c[0], got, c[1])
		}
	}
}

package content

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"kompetenceudvikling.dk/kompas/internal/fault"
)

// A Rate is an amount, age, deadline or other number of a rule, with its history
// (content/data/satser.yaml). Versions are in order and do not overlap.
type Rate struct {
	Line     int
	Name     string    `yaml:"navn,krav"`
	Per      string    `yaml:"pr"`
	Proviso  string    `yaml:"forbehold"`
	Versions []Version `yaml:"versioner,krav"`
}

// A Version is a rate's value in the days From to To, both included.
// Exactly one of the units is set.
type Version struct {
	Line    int
	Kr      *int      `yaml:"kr"`
	Oere    *int      `yaml:"oere"`
	Antal   *int      `yaml:"antal"`
	Aar     *int      `yaml:"aar"`
	Dage    *int      `yaml:"dage"`
	Uger    *int      `yaml:"uger"`
	Maaned  *int      `yaml:"maaneder"`
	Timer   *int      `yaml:"timer"`
	Procent *int      `yaml:"procent"`
	From    time.Time `yaml:"fra,krav"`
	To      time.Time `yaml:"til,krav"`
	Period  string    `yaml:"ok,krav"` // what is printed when it is not confirmed: OK24, or the year
	Sources []Ref     `yaml:"kilde,krav"`
	Checked time.Time `yaml:"kontrolleret,krav"`
	Gap     bool      `yaml:"hul"` // the days before From, back to the last version, are known to be empty
	Note    string    `yaml:"note"`
}

// Status says how sure a rate is on a day.
type Status string

const (
	Confirmed   Status = "bekraeftet"  // a version covers the day
	Unconfirmed Status = "ubekraeftet" // the last known value; no version covers the day
)

// Rates holds all rates by id.
type Rates map[string]Rate

// On gives the version of a rate that holds at an instant. In a hole, or after the
// last day known, that is the last value before it, as Unconfirmed. Before the
// first day, and for an unknown id, there is none: an error, never a guess.
func (r Rates) On(id string, at time.Time) (Version, Status, error) {
	rate, ok := r[id]
	if !ok {
		return Version{}, "", fmt.Errorf("rate %s is not known", id)
	}
	for i := len(rate.Versions) - 1; i >= 0; i-- {
		v := rate.Versions[i]
		if at.Before(v.From) {
			continue
		}
		if at.Before(v.End()) {
			return v, Confirmed, nil
		}
		return v, Unconfirmed, nil
	}
	return Version{}, "", fmt.Errorf("rate %s has no value on %s", id, at.Format(time.DateOnly))
}

// End is the first instant after the version.
func (v Version) End() time.Time { return v.To.AddDate(0, 0, 1) }

// Value gives the number and the unit's key in satser.yaml.
func (v Version) Value() (n int, unit string) {
	for _, u := range v.units() {
		if u.value != nil {
			return *u.value, u.key
		}
	}
	return 0, ""
}

type unit struct {
	key, one, many string
	value          *int
	english        [2]string // one, many
}

func (v Version) units() []unit {
	return []unit{
		{"kr", "kr.", "kr.", v.Kr, [2]string{"DKK", "DKK"}}, {"oere", "kr.", "kr.", v.Oere, [2]string{"DKK", "DKK"}},
		{"antal", "", "", v.Antal, [2]string{}}, {"aar", "år", "år", v.Aar, [2]string{"year", "years"}},
		{"dage", "dag", "dage", v.Dage, [2]string{"day", "days"}}, {"uger", "uge", "uger", v.Uger, [2]string{"week", "weeks"}},
		{"maaneder", "måned", "måneder", v.Maaned, [2]string{"month", "months"}},
		{"timer", "time", "timer", v.Timer, [2]string{"hour", "hours"}},
		{"procent", "procent", "procent", v.Procent, [2]string{"per cent", "per cent"}},
	}
}

// Text writes the value in Danish with its unit, the blank unbreakable: "30.000 kr.".
func (v Version) Text() string {
	number, u := v.number()
	word := u.many
	if u.value != nil && *u.value == 1 {
		word = u.one
	}
	return strings.TrimSuffix(number+"\u00a0"+word, "\u00a0")
}

// English writes the value in English: "DKK 30,000", "9 months".
func (v Version) English() string {
	number, u := v.number()
	number = strings.NewReplacer(".", ",", ",", ".").Replace(number)
	word := u.english[1]
	if u.value != nil && *u.value == 1 {
		word = u.english[0]
	}
	if u.key == "kr" || u.key == "oere" {
		return word + "\u00a0" + number
	}
	return strings.TrimSuffix(number+"\u00a0"+word, "\u00a0")
}

// number gives the value with Danish separators, and its unit.
func (v Version) number() (string, unit) {
	for _, u := range v.units() {
		switch {
		case u.value == nil:
		case u.key == "oere":
			return fmt.Sprintf("%s,%02d", Thousands(*u.value/100), *u.value%100), u
		default:
			return Thousands(*u.value), u
		}
	}
	return "", unit{}
}

// Thousands writes a whole number the Danish way: 30.000.
func Thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return s
}

// check adds the faults of the register itself.
func (r Rates) check(file string, faults *fault.List) {
	for id, rate := range r {
		for i, v := range rate.Versions {
			set := 0
			for _, u := range v.units() {
				if u.value != nil {
					set++
				}
			}
			if set != 1 {
				faults.Add(file, v.Line, fmt.Sprintf("%s: en version skal have netop én værdi", id), "skriv fx kr: 25000")
			}
			if v.To.Before(v.From) {
				faults.Add(file, v.Line, fmt.Sprintf("%s: til ligger før fra", id), "byt om på datoerne")
			}
			if i == 0 {
				continue
			}
			switch before := rate.Versions[i-1]; {
			case v.From.Before(before.End()):
				faults.Add(file, v.Line, fmt.Sprintf("%s: to versioner dækker samme dag (%s)", id, v.From.Format(time.DateOnly)), "ret fra eller til, og hold versionerne i rækkefølge")
			case v.From.After(before.End()) && !v.Gap:
				faults.Warn(file, v.Line, fmt.Sprintf("%s: ingen version mellem %s og %s", id, before.To.Format(time.DateOnly), v.From.Format(time.DateOnly)), "i den tid vises den gamle værdi som ubekræftet; er der ikke mere at finde, så skriv hul: true i den nye version")
			}
		}
	}
}

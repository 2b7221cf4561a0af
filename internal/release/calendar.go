package release

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"kompetenceudvikling.dk/kompas/internal/content"
)

// roundsCalendar writes the rounds of all pools as iCalendar (RFC 5545). Ids are made
// of the pool and the opening, so that a calendar that follows the file does not get
// the same round twice. A round with no known end is its opening alone.
func roundsCalendar(d *content.Data, dir string) error {
	cal := ics.NewCalendarFor("kompetenceudvikling.dk")
	cal.SetMethod(ics.MethodPublish)
	cal.SetXWRCalName("Runder i Den Statslige Kompetencefond")
	for _, p := range d.Pools {
		for _, r := range p.Rounds {
			e := cal.AddEvent(fmt.Sprintf("runde-%s-%s@kompetenceudvikling.dk", p.ID, r.Opens.UTC().Format("20060102T1504")))
			e.SetDtStampTime(p.StatusDate)
			span(e, r)
			e.SetSummary(p.Name + " åben for ansøgninger")
			if r.Closes.IsZero() {
				e.SetSummary(p.Name + " åbner")
			}
			source := d.Sources[r.Source.ID]
			e.SetDescription(strings.TrimSpace(fmt.Sprintf("%s Kilde: %s, %s.", sentence(r.Note), source.Title, source.Publisher)))
			e.SetTimeTransparency(ics.TransparencyTransparent)
		}
	}
	return writeCalendar(cal, dir, "runder.ics")
}

// yearCalendar writes the SU's year wheel as iCalendar: a whole day each year, the first
// time in the year of now or the next.
func yearCalendar(d *content.Data, now time.Time, dir string) error {
	cal := ics.NewCalendarFor("kompetenceudvikling.dk")
	cal.SetMethod(ics.MethodPublish)
	cal.SetXWRCalName("SU's år med kompetenceudvikling")
	now = now.In(content.Copenhagen())
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	for _, entry := range d.Year {
		day := time.Date(today.Year(), time.Month(entry.Month), 1, 0, 0, 0, 0, time.UTC)
		if day.Before(today) {
			day = day.AddDate(1, 0, 0)
		}
		e := cal.AddEvent("su-" + entry.ID + "@kompetenceudvikling.dk")
		e.SetDtStampTime(today)
		e.SetAllDayStartAt(day)
		e.AddRrule("FREQ=YEARLY")
		e.SetSummary(entry.Title)
		why := "God praksis."
		if entry.Duty {
			why = "Aftalen kræver det; måneden er et forslag."
		}
		e.SetDescription(sentence(entry.Text) + " " + why)
		e.SetTimeTransparency(ics.TransparencyTransparent)
	}
	return writeCalendar(cal, dir, "su.ics")
}

func writeCalendar(cal *ics.Calendar, dir, name string) error {
	at := filepath.Join(dir, "kalender")
	if err := os.MkdirAll(at, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(at, name), []byte(cal.Serialize(ics.WithNewLineWindows)), 0o644)
}

// span sets when a round runs. One whose clock time is not known takes whole days.
func span(e *ics.VEvent, r content.Round) {
	opens := r.Opens.In(content.Copenhagen())
	if opens.Hour() != 0 || opens.Minute() != 0 {
		e.SetStartAt(r.Opens)
		if !r.Closes.IsZero() {
			e.SetEndAt(r.Closes)
		}
		return
	}
	e.SetAllDayStartAt(opens)
	if !r.Closes.IsZero() {
		e.SetAllDayEndAt(r.Closes.In(content.Copenhagen()).AddDate(0, 0, 1)) // the day after the last
	}
}

// sentence ends a note with a full stop, if it is not empty.
func sentence(s string) string {
	if s == "" || strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}

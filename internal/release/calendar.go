package release

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
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
			span(e, r.Opens, r.Closes)
			e.SetSummary(p.Name + " åben for ansøgninger")
			if r.Closes.IsZero() {
				e.SetSummary(p.Name + " åbner")
			}
			source := d.Sources[r.Source.ID]
			e.SetDescription(strings.TrimSpace(fmt.Sprintf("%s Kilde: %s, %s.", sentence(r.Note), source.Title, source.Publisher)))
			e.SetTimeTransparency(ics.TransparencyTransparent)
		}
	}
	return writeCalendar(cal, filepath.Join(dir, "kalender"), "runder.ics")
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
	return writeCalendar(cal, filepath.Join(dir, "kalender"), "su.ics")
}

// events gives the published events, the first to begin first.
func events(tree *content.Tree) []*content.Page {
	var out []*content.Page
	for _, p := range tree.Pages {
		if p.Kind == "arrangement" {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b *content.Page) int { return a.Begins.Compare(b.Begins) })
	return out
}

// eventCalendars writes each event as iCalendar in its page's folder.
func eventCalendars(tree *content.Tree, dir string) error {
	var errs []error
	for _, p := range events(tree) {
		cal := ics.NewCalendarFor("kompetenceudvikling.dk")
		cal.SetMethod(ics.MethodPublish)
		e := cal.AddEvent(strings.ReplaceAll(strings.Trim(p.Path, "/"), "/", "-") + "@kompetenceudvikling.dk")
		e.SetDtStampTime(p.Begins)
		span(e, p.Begins, p.Ends)
		e.SetSummary(p.Title)
		e.SetDescription(p.Description)
		if p.Where != "" {
			e.SetLocation(p.Where)
		}
		errs = append(errs, writeCalendar(cal, filepath.Join(dir, filepath.FromSlash(p.Path)), "arrangement.ics"))
	}
	return errors.Join(errs...)
}

func writeCalendar(cal *ics.Calendar, at, name string) error {
	if err := os.MkdirAll(at, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(at, name), []byte(cal.Serialize(ics.WithNewLineWindows)), 0o644)
}

// span sets when something runs; no end is its beginning alone. What has no clock time
// takes whole days.
func span(e *ics.VEvent, from, to time.Time) {
	day := from.In(content.Copenhagen())
	if day.Hour() != 0 || day.Minute() != 0 {
		e.SetStartAt(from)
		if !to.IsZero() {
			e.SetEndAt(to)
		}
		return
	}
	e.SetAllDayStartAt(day)
	if !to.IsZero() {
		e.SetAllDayEndAt(to.In(content.Copenhagen()).AddDate(0, 0, 1)) // the day after the last
	}
}

// sentence ends a note with a full stop, if it is not empty.
func sentence(s string) string {
	if s == "" || strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}

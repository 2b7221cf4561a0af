package content

import "time"

// Copenhagen is the time zone of every date in the content.
func Copenhagen() *time.Location {
	loc, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		panic("time zone data is compiled in: " + err.Error())
	}
	return loc
}

// AddMonths gives the same day n months on in Copenhagen, or the month's last day when
// it has no such day: 31 May and nine months is 28 February.
func AddMonths(t time.Time, n int) time.Time {
	t = t.In(Copenhagen())
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, t.Location())
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1)
}

// ParseTime reads a day (00:00 in Copenhagen), a day and clock time, or RFC 3339.
func ParseTime(s string) (time.Time, error) {
	for _, layout := range []string{time.DateOnly, "2006-01-02T15:04"} {
		if t, err := time.ParseInLocation(layout, s, Copenhagen()); err == nil {
			return t, nil
		}
	}
	return time.Parse(time.RFC3339, s)
}

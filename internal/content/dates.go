package content

import (
	"bytes"
	"regexp"
	"time"
)

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

const dayAndClock = "2006-01-02T15:04"

// ParseTime reads a day (00:00 in Copenhagen), a day and clock time, or RFC 3339. Of two
// instants with one clock time, the night the clock is put back, it takes the first; a
// clock time that is not there, the night it is put forward, is an hour later.
func ParseTime(s string) (time.Time, error) {
	for _, layout := range []string{time.DateOnly, dayAndClock} {
		if t, err := time.ParseInLocation(layout, s, Copenhagen()); err == nil {
			if first := t.Add(-time.Hour); first.Format(layout) == s && layout == dayAndClock {
				return first, nil
			}
			return t, nil
		}
	}
	return time.Parse(time.RFC3339, s)
}

var clockRe = regexp.MustCompile(`(?m)^((?:date|lastmod|publishDate|expiryDate):[ \t]*)["']?(\d{4}-\d{2}-\d{2}T\d{2}:\d{2})["']?[ \t]*(?:#.*)?$`)

// hugoTimes writes the times of a head with seconds and offset: Hugo reads no shorter.
func hugoTimes(head []byte) []byte {
	return clockRe.ReplaceAllFunc(head, func(line []byte) []byte {
		m := clockRe.FindSubmatch(line)
		at, err := ParseTime(string(m[2]))
		if err != nil {
			return line // told by checkFront
		}
		return at.AppendFormat(bytes.Clone(m[1]), time.RFC3339)
	})
}

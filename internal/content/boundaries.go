package content

import (
	"slices"
	"time"

	"kompetenceudvikling.dk/kompas/internal/fault"
)

// At gives the same content as of another instant, with what hangs on the day checked
// again, and nothing else.
func (t *Tree) At(now time.Time) (*Tree, error) {
	out := &Tree{Now: now, Parts: t.Parts, Files: t.Files, Data: t.Data, byPath: t.byPath}
	var faults fault.List
	for _, p := range t.all() {
		out.place(p)
		p.checkDated(t.Data, now, &faults)
	}
	out.sort()
	for _, p := range t.Parts {
		p.checkDated(t.Data, now, &faults)
	}
	out.checkReferences(&faults)
	faults.Sort()
	if err := faults.Err(); err != nil {
		return nil, err
	}
	out.Warnings = faults
	return out, nil
}

// Boundaries gives the instants after now at which a date in the content makes the site
// another: pages come and go, rates, rules, agreements, rounds and messages begin and
// end, events are over. They are in order, each once. Midnights, at which dates are
// worked out anew, are not among them.
func (t *Tree) Boundaries() []time.Time {
	var all []time.Time
	add := func(at ...time.Time) { all = append(all, at...) }
	days := func(from, to time.Time) { add(from, dayAfter(to)) }
	for _, p := range t.all() {
		if !p.Draft {
			add(p.PublishDate, p.ExpiryDate, p.over())
		}
	}
	for _, r := range t.Data.Rates {
		for _, v := range r.Versions {
			days(v.From, v.To)
		}
	}
	for _, r := range t.Data.Rules {
		days(r.begins(), r.To)
	}
	for _, p := range t.Data.Periods {
		days(p.From, p.To)
	}
	for _, n := range t.Data.Notices {
		days(n.From, n.To)
	}
	for _, p := range t.Data.Pools {
		for _, r := range p.Rounds {
			add(r.Opens, r.Closes)
		}
	}
	all = slices.DeleteFunc(all, func(at time.Time) bool { return !at.After(t.Now) })
	slices.SortFunc(all, time.Time.Compare)
	return slices.CompactFunc(all, time.Time.Equal)
}

// dayAfter is the first instant after a day that is included; zero stays zero.
func dayAfter(day time.Time) time.Time {
	if day.IsZero() {
		return day
	}
	return day.AddDate(0, 0, 1)
}

// Midnight gives the next midnight in Copenhagen: the day printed, the last day an
// activity may begin, and whether a page is due for control are worked out from it.
func Midnight(now time.Time) time.Time {
	now = now.In(Copenhagen())
	return time.Date(now.Year(), now.Month(), now.Day()+1, 0, 0, 0, 0, now.Location())
}

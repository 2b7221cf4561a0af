package release

import (
	"errors"
	"slices"
	"time"

	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/internal/fault"
	"kompetenceudvikling.dk/kompas/tools/selvtjek"
)

// boundaries gives the instants ahead at which a date somebody wrote makes the site
// another, in order.
func boundaries(tree *content.Tree, flows []*selvtjek.Flow) []time.Time {
	out := tree.Boundaries()
	for _, f := range flows {
		for _, at := range f.Boundaries {
			if at.After(tree.Now) {
				out = append(out, at)
			}
		}
	}
	slices.SortFunc(out, time.Time.Compare)
	return slices.CompactFunc(out, time.Time.Equal)
}

// next gives the first instant at which a release made now would be another.
func next(tree *content.Tree, flows []*selvtjek.Flow) time.Time {
	first := content.Midnight(tree.Now)
	if all := boundaries(tree, flows); len(all) > 0 && all[0].Before(first) {
		first = all[0]
	}
	return first
}

// checkAhead checks the content as of each boundary, so that none of them meets a fault
// when nobody is there to mend it. The content is not read again.
func checkAhead(tree *content.Tree, flows []*selvtjek.Flow) error {
	var faults fault.List
	seen := map[fault.Fault]bool{}
	for _, at := range boundaries(tree, flows) {
		then, err := tree.At(at)
		if err == nil {
			_, err = selvtjek.Load(then)
		}
		var found fault.List
		if err != nil && !errors.As(err, &found) {
			return err
		}
		for _, f := range found {
			if f.Level != fault.Fejl || seen[f] {
				continue
			}
			seen[f] = true
			faults.Add(f.File, f.Line, "fra "+moments(at)+": "+f.Message, f.Advice)
		}
	}
	faults.Sort()
	return faults.Err()
}

// moments writes an instant to an editor: 1.1.2027, or 1.1.2027 kl. 8.30.
func moments(at time.Time) string {
	at = at.In(content.Copenhagen())
	if at.Hour() == 0 && at.Minute() == 0 {
		return at.Format("2.1.2006")
	}
	return at.Format("2.1.2006 kl. 15.04")
}

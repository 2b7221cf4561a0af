package release

import (
	"strings"
	"time"
	"unicode"

	"kompetenceudvikling.dk/kompas/internal/content"
)

// An Edit is one change of a content file, as git tells it.
type Edit struct {
	At      time.Time
	Subject string // the first line of the message
	Wide    bool   // the program was changed too: no editor may
}

// edits are the changes of a page as its foot shows them. Who made one is told as a
// role: the names in git are persons'.
type edits struct {
	List  []edit `json:"liste"` // newest first
	More  int    `json:"flere"`
	Since string `json:"siden"` // the day of the oldest of all
}

type edit struct {
	Date string `json:"dato"`
	What string `json:"hvad"`
	Who  string `json:"hvem"`
}

const (
	editsShown  = 10
	subjectSize = 100 // letters
)

func describeEdits(list []Edit) *edits {
	day := func(e Edit) string { return e.At.In(content.Copenhagen()).Format(time.DateOnly) }
	out := &edits{More: max(0, len(list)-editsShown), Since: day(list[len(list)-1])}
	for _, e := range list[:min(len(list), editsShown)] {
		who := "redaktionen"
		if e.Wide {
			who = "udgiveren"
		}
		out.List = append(out.List, edit{day(e), what(e), who})
	}
	return out
}

// what tells a change in words for readers. The messages of those who change the
// program are for each other, and git's own name branches and servers.
func what(e Edit) string {
	said := strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(e.Subject, "")))
	said = strings.TrimSpace(strings.TrimPrefix(said, "indhold:"))
	letters := []rune(said)
	switch {
	case e.Wide:
		return "Ændret sammen med programmet"
	case strings.HasPrefix(said, "Merge "):
		return "Flere ændringer samlet"
	case said == "" || strings.Contains(said, "@"):
		return "Ændret"
	case len(letters) > subjectSize:
		said = strings.TrimSpace(string(letters[:subjectSize])) + " ..."
	}
	return string(unicode.ToUpper(letters[0])) + said[len(string(letters[0])):]
}

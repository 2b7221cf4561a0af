package publish

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"kompetenceudvikling.dk/kompas/internal/fault"
	"kompetenceudvikling.dk/kompas/internal/repo"
)

// differences gives the names that two commits do not have alike, in order.
func differences(old, now map[string]repo.Entry) []string {
	var out []string
	for name, e := range now {
		if was, ok := old[name]; !ok || was != e {
			out = append(out, name)
		}
	}
	for name := range old {
		if _, ok := now[name]; !ok {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

func outsideContent(names []string) []string {
	var out []string
	for _, name := range names {
		if !strings.HasPrefix(name, "content/") {
			out = append(out, name)
		}
	}
	return out
}

func notYours(names []string) error {
	var l fault.List
	for _, name := range names {
		l.Add(name, 0, "ligger uden for content/, og det må du ikke ændre", "tag ændringen ud, eller bed en udgiver om den")
	}
	return l
}

const (
	nameLimit = 200       // bytes of a path
	fileLimit = 100 << 20 // bytes of a file outside content/; content has its own
)

// checkEntries refuses what must not be in a commit at all. git's own checks have
// taken . and .. and .git before.
func checkEntries(r *repo.Repo, now map[string]repo.Entry, changed []string) error {
	var l fault.List
	for _, name := range changed {
		e, ok := now[name]
		if !ok {
			continue
		}
		shown := strings.ToValidUTF8(strings.Map(visible, name), "?")
		switch {
		case e.Kind == repo.Link:
			l.Add(shown, 0, "er en genvej (symlink), ikke en fil", "læg selve filen her")
		case e.Kind == repo.Module:
			l.Add(shown, 0, "er et andet git-lager (submodule), ikke en mappe", "læg filerne selv her")
		case e.Kind == repo.Program && strings.HasPrefix(name, "content/"):
			l.Add(shown, 0, "er mærket som et program", "tag mærket af: git update-index --chmod=-x "+shown)
		}
		if why := badName(name); why != "" {
			l.Add(shown, 0, "navnet kan ikke bruges: "+why, "giv filen et navn med a-z, 0-9 og bindestreg")
		}
		if e.Kind == repo.File {
			if n, err := r.Size(e); err != nil {
				return err
			} else if n > fileLimit {
				l.Add(shown, 0, fmt.Sprintf("filen fylder %d MB; grænsen er %d MB", (n+1<<20-1)>>20, fileLimit>>20), "gør den mindre")
			}
		}
	}
	twins(now, &l)
	l.Sort()
	return l.Err()
}

func visible(r rune) rune {
	if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
		return '?'
	}
	return r
}

// badName tells what is wrong with a path, "" for nothing.
func badName(name string) string {
	if len(name) > nameLimit {
		return "det er for langt"
	}
	for _, part := range strings.Split(name, "/") {
		lower := strings.ToLower(strings.TrimRight(part, ". "))
		base, _, _ := strings.Cut(lower, ".")
		switch {
		case part == "" || part == "." || part == "..":
			return "det går uden for mappen"
		case strings.HasPrefix(lower, ".git") && !allowedGit(name), strings.HasPrefix(lower, "git~"):
			return "git bruger selv navne, der begynder med .git"
		case strings.ContainsFunc(part, func(r rune) bool { return visible(r) != r }) || part != strings.ToValidUTF8(part, "?"):
			return "der er usynlige tegn i det"
		case strings.ContainsAny(part, `\:*?"<>|`):
			return `tegnene \ : * ? " < > | kan ikke bruges på alle maskiner`
		case part != strings.TrimRight(part, ". "):
			return "det slutter med punktum eller blank"
		case slices.Contains(reserved, base):
			return "Windows bruger selv navnet " + base
		}
	}
	return ""
}

// allowedGit are git's own files that belong to a program.
func allowedGit(name string) bool {
	return !strings.HasPrefix(name, "content/") && slices.Contains([]string{".gitignore", ".gitattributes"}, path.Base(name))
}

var reserved = strings.Fields("con prn aux nul com1 com2 com3 com4 com5 com6 com7 com8 com9 lpt1 lpt2 lpt3 lpt4 lpt5 lpt6 lpt7 lpt8 lpt9")

// twins refuses names that are one and the same on Windows and macOS.
func twins(now map[string]repo.Entry, l *fault.List) {
	seen := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(now)) {
		for at := name; at != "."; at = path.Dir(at) {
			same := strings.ToLower(norm.NFC.String(at))
			other, ok := seen[same]
			if !ok {
				seen[same] = at
			} else if other != at {
				l.Add(at, 0, "hedder det samme som "+other+" på Windows og Mac", "giv det ene et andet navn")
			}
		}
	}
}

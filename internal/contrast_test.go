package internal_test

import (
	"fmt"
	"io/fs"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"kompetenceudvikling.dk/kompas"
)

// pairs are the colours that meet on the site: what is in front, on which grounds, and
// the least ratio. 4.5 is text (WCAG 1.4.3), 3 is what one must see to know a control,
// its state or a sign (1.4.11). All text is held to 4.5, the large too. The focus ring is
// of two colours that differ from each other, so one of them differs from any ground.
const pairs = `
4.5 ink          bg bg-soft bg-mist wait-bg info-bg yes-bg no-bg still-bg mark
4.5 ink-soft     bg bg-soft bg-mist wait-bg info-bg yes-bg no-bg still-bg phase-1 phase-2 phase-3
4.5 heading      bg bg-soft bg-mist wait-bg info-bg yes-bg no-bg still-bg mark phase-1 phase-2 phase-3
4.5 link         bg bg-soft bg-mist wait-bg info-bg yes-bg no-bg still-bg mark
4.5 link-hover   bg bg-soft bg-mist wait-bg info-bg yes-bg no-bg still-bg mark
4.5 on-primary   primary primary-hover
4.5 on-accent    accent accent-hover
4.5 on-deep      deep
4.5 on-deep-soft deep
4.5 accent       deep
4.5 focus-ink    focus
4.5 yes          yes-bg bg bg-soft
4.5 no           no-bg bg
4.5 wait         wait-bg bg
4.5 info         info-bg bg
4.5 still        still-bg bg bg-soft
3   line-strong  bg bg-soft
3   on-deep      deep
3   primary      bg bg-soft bg-mist
3   focus        focus-ink
`

// decoration are the colours that carry nothing: what they frame is told by words,
// weight or shape as well.
var decoration = map[string]string{
	"line":         "rules between rows that stand apart without them",
	"deep-line":    "the compass behind the hero",
	"accent-hover": "the bar of what is also bold on a ground of its own",
	"needle":       "the logo",
}

var themes = []string{"", "(prefers-color-scheme: dark)", "print"}

func TestContrast(t *testing.T) {
	tokens := styles(t, "assets/css/tokens.css")
	for _, theme := range themes {
		colours := map[string]string{}
		for _, r := range tokens {
			if r.media == "" || r.media == theme {
				for name, value := range r.set {
					colours[strings.TrimPrefix(name, "--")] = value
				}
			}
		}
		for _, p := range met() {
			if theme == "print" && p.front == "accent" {
				continue // a link under the pointer; the wheel's number is black on paper
			}
			ratio, err := contrast(colours, p.front, p.ground)
			if err != nil {
				t.Errorf("%s on %s %s: %v", p.front, p.ground, theme, err)
			} else if ratio < p.least {
				t.Errorf("%s on %s %s: %.2f, and %.1f is the least", p.front, p.ground, theme, ratio, p.least)
			}
		}
	}
}

// A rule that puts one colour on another must be among the pairs, and no colour may
// come from elsewhere than the tokens: else TestContrast would not see it.
func TestContrastKnowsEveryPair(t *testing.T) {
	known := map[string]bool{}
	for _, p := range met() {
		known[p.front], known[p.ground], known[p.front+" on "+p.ground] = true, true, true
	}
	for _, r := range styles(t, "assets/css/tokens.css") {
		for name, value := range r.set {
			name = strings.TrimPrefix(name, "--")
			role := strings.HasPrefix(value, "#") || strings.HasPrefix(value, "var(")
			palette := regexp.MustCompile(`-\d\d+$`).MatchString(name)
			if role && !palette && !known[name] && decoration[name] == "" {
				t.Errorf("tokens.css: --%s is in no pair", name)
			}
		}
	}
	raw := regexp.MustCompile(`#[0-9a-fA-F]{3,8}\b|\b(rgb|hsl|oklch)\(`)
	for _, r := range styles(t, "assets/css/site.css") {
		if r.media == "print" {
			continue // black on white
		}
		for name, value := range r.set {
			if raw.MatchString(value) && decoration[strings.TrimPrefix(name, "--")] == "" {
				t.Errorf("site.css: %s { %s: %s }: a colour that is no token", r.selector, name, value)
			}
		}
		front, ground := token(r.set["color"]), token(r.set["background"])
		if c, b := token(r.set["--c"]), token(r.set["--b"]); c != "" && b != "" && decoration[c] == "" {
			front, ground = c, b
		}
		if front == "c" || decoration[front] != "" {
			continue // --c is settled where it is set
		}
		if front != "" && !known[front] {
			t.Errorf("site.css: %s: --%s is in front, and in no pair", r.selector, front)
		}
		if front != "" && ground != "" && ground != "b" && !known[front+" on "+ground] {
			t.Errorf("site.css: %s: --%s on --%s is no pair", r.selector, front, ground)
		}
	}
}

// A token that nothing uses is taken out, and one that is used is there: a browser drops
// a declaration with an unknown one without a word.
func TestTokensAreThoseUsed(t *testing.T) {
	var used strings.Builder
	for _, name := range []string{"assets/css/tokens.css", "assets/css/site.css", "assets/ikoner.svg"} {
		src, err := fs.ReadFile(kompas.Look, name)
		if err != nil {
			t.Fatal(err)
		}
		used.Write(src)
	}
	uses := map[string]bool{}
	for _, m := range varAnywhere.FindAllStringSubmatch(used.String(), -1) {
		uses[m[1]] = true
	}
	is := map[string]bool{}
	for _, r := range append(styles(t, "assets/css/tokens.css"), styles(t, "assets/css/site.css")...) {
		for name := range r.set {
			if strings.HasPrefix(name, "--") {
				is[name] = true
			}
		}
	}
	for name := range is {
		if !uses[name] {
			t.Errorf("nothing uses %s", name)
		}
	}
	for name := range uses {
		if !is[name] {
			t.Errorf("no token is called %s", name)
		}
	}
}

var varAnywhere = regexp.MustCompile(`var\((--[a-z0-9-]+)`)

type pair struct {
	front, ground string
	least         float64
}

func met() (list []pair) {
	for line := range strings.Lines(strings.TrimSpace(pairs)) {
		fields := strings.Fields(line)
		least, err := strconv.ParseFloat(fields[0], 64)
		if err != nil {
			panic(err)
		}
		for _, ground := range fields[2:] {
			list = append(list, pair{fields[1], ground, least})
		}
	}
	return list
}

// contrast is the ratio of two tokens, 1 to 21 (WCAG 2.2, "contrast ratio").
func contrast(colours map[string]string, front, ground string) (float64, error) {
	a, err := luminance(colours, front)
	if err != nil {
		return 0, err
	}
	b, err := luminance(colours, ground)
	if err != nil {
		return 0, err
	}
	return (max(a, b) + .05) / (min(a, b) + .05), nil
}

// luminance is the relative luminance of a token, 0 to 1 (WCAG 2.2, "relative luminance").
func luminance(colours map[string]string, name string) (float64, error) {
	value := colours[name]
	for range 5 {
		if next := token(value); next != "" {
			value = colours[next]
		}
	}
	hex := strings.TrimPrefix(value, "#")
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	n, err := strconv.ParseUint(hex, 16, 32)
	if err != nil || len(hex) != 6 {
		return 0, fmt.Errorf("--%s is %q, and no colour of six digits", name, value)
	}
	var l float64
	for i, weight := range []float64{.2126, .7152, .0722} {
		c := float64(n>>(16-8*i)&0xff) / 255
		if c <= .04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+.055)/1.055, 2.4)
		}
		l += weight * c
	}
	return l, nil
}

var varToken = regexp.MustCompile(`^var\(--([a-z0-9-]+)\)`)

// token names the token a value begins with, or gives "".
func token(value string) string {
	if m := varToken.FindStringSubmatch(value); m != nil {
		return m[1]
	}
	return ""
}

// A rule is one block of a style sheet.
type rule struct {
	media, selector string
	set             map[string]string
}

var comment = regexp.MustCompile(`(?s)/\*.*?\*/`)

// styles reads our style sheets: blocks, at most one @media around them.
func styles(t *testing.T, name string) (rules []rule) {
	t.Helper()
	src, err := fs.ReadFile(kompas.Look, name)
	if err != nil {
		t.Fatal(err)
	}
	media, rest := "", comment.ReplaceAllString(string(src), "")
	for {
		i := strings.IndexAny(rest, "{}")
		if i < 0 {
			break
		}
		head := strings.TrimSpace(rest[:i])
		closes := rest[i] == '}'
		rest = rest[i+1:]
		if closes {
			media = ""
		} else if at, ok := strings.CutPrefix(head, "@media "); ok {
			media = at
		} else {
			body, after, _ := strings.Cut(rest, "}")
			rest = after
			rules = append(rules, rule{media, head, declarations(body)})
		}
	}
	if !slices.ContainsFunc(rules, func(r rule) bool { return r.media == "print" }) {
		t.Fatalf("%s: no @media print found: it is read wrongly", name)
	}
	return rules
}

func declarations(body string) map[string]string {
	set := map[string]string{}
	for part := range strings.SplitSeq(body, ";") {
		if name, value, ok := strings.Cut(part, ":"); ok {
			set[strings.TrimSpace(name)] = strings.TrimSpace(value)
		}
	}
	return set
}

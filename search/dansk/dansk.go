// Package dansk analyses Danish text for search: words with their places, the term a
// word form is indexed by, the parts of a compound, and the distance between two
// spellings. Index and query go through the same functions. It never reads files and
// keeps no state.
package dansk

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A Token is one word of a text. Start and End are byte offsets in the text.
type Token struct {
	Word       string   // lower case, NFC, hyphens and thousands points gone: "elæring", "25000", "55+"
	Parts      []string // the words between hyphens, when there were any
	Start, End int
}

// Words is the pattern of a word, in what Go and JavaScript share: questions of how much,
// which are one word here, numbers with thousands points, ages as 55+, and words with the
// hyphens in them. An ending after an apostrophe (HK's, TR'erne) belongs to the word and
// says nothing. The word is the first group or the second: what must end where a word ends
// takes the sign after it along, for neither \b knows æ, ø and å.
const Words = `([Hh]vor +(?:mange|meget|længe|ofte|tit|lang tid)|[0-9]{1,3}(?:\.[0-9]{3})+|` +
	hyphened + `['’´\x60](?:erne|ere|ens|er|en|et|s))(?:[^` + letters + `]|$)|([0-9]+\+|` + hyphened + `)`

const (
	letters  = `\p{L}\p{N}\p{M}\xad`
	hyphened = `[` + letters + `]+(?:-[` + letters + `]+)*`
)

var (
	words  = regexp.MustCompile(Words)
	suffix = regexp.MustCompile(`['’´\x60].*`)
	joints = strings.NewReplacer("-", "", ".", "", " ", "")
)

// Tokens cuts a text into words.
func Tokens(s string) []Token {
	var out []Token
	for at := 0; at < len(s); {
		if c := s[at]; c < utf8.RuneSelf && !isLetter(c) && !isDigit(c) {
			at++
			continue
		}
		if end := ordinary(s, at); end > at {
			out = append(out, Token{Word: strings.ToLower(s[at:end]), Start: at, End: end})
			at = end
			continue
		}
		m := words.FindStringSubmatchIndex(s[at:])
		if m == nil {
			break
		}
		if t := token(s, at+m[0], at+max(m[3], m[5])); t.Word != "" {
			out = append(out, t)
		}
		at += m[1]
	}
	return out
}

// token makes a token of what the pattern found.
func token(s string, start, end int) Token {
	t := Token{Start: start, End: end}
	w := suffix.ReplaceAllString(s[start:end], "")
	w = strings.ToLower(norm.NFC.String(strings.ReplaceAll(w, "\u00ad", "")))
	if strings.Contains(w, "-") {
		t.Parts = strings.Split(w, "-")
	}
	t.Word = joints.Replace(w)
	return t
}

// ordinary gives the end of a word that has nothing but the letters a to å in it, and
// none but an ordinary sign after it; else where it began. Most words are such, and are
// found many times faster than by the pattern.
func ordinary(s string, at int) int {
	end := at
	for end < len(s) {
		c := s[end]
		switch {
		case isLetter(c):
			end++
			continue
		case c == 0xC3 && end+1 < len(s) && strings.IndexByte("\xa6\xb8\xa5\x86\x98\x85", s[end+1]) >= 0: // æøåÆØÅ
			end += 2
			continue
		case c >= utf8.RuneSelf || isDigit(c) || c == '-' || c == '\'' || c == '`':
			return at
		}
		break
	}
	if strings.EqualFold(s[at:end], "hvor") {
		return at
	}
	return end
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }

var (
	foldPairs = []string{"æ", "ae", "ä", "ae", "ø", "o", "ö", "o", "å", "a", "é", "e", "ü", "u", "oe", "o", "aa", "a"}
	folds     = strings.NewReplacer(foldPairs...)
)

// Fold writes æ/ae, ø/oe/o and å/aa/a alike, from left to right.
func Fold(s string) string { return folds.Replace(s) }

// Plain gives the term of a word of another language: folded, not stemmed.
func Plain(word string) string { return Fold(word) }

// Stop tells whether a word says too little to be searched for.
func Stop(word string) bool { return stops[word] }

var stops = set(`af alle alt anden at blev blive bliver da de dem den denne der deres det
dette dig din disse dog du efter eller en end er et for fra ham han hans har havde have
hende hendes her hos hun hvad hver hvert hvis hvor i ind jeg jer jo kunne man
mange med meget men mig min mine mit mod ned noget nogle nu når og også om op os over på
selv sig sin sine sit skal skulle som thi til ud under var vi vil ville vor være
været naar ogsaa paa vaere vaeret få får fik fået faar faaet nar ogsa pa fa faet`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// Rules are what this package goes by, for the script of the static search. Lists have
// blanks between their words.
type Rules struct {
	Words      string            `json:"words"` // the pattern of a word
	Stop       string            `json:"stop"`
	Never      string            `json:"never"`      // what is never a part of a compound
	Short      string            `json:"short"`      // parts of two or three letters
	Exceptions map[string]string `json:"exceptions"` // term -> its other forms
	Before     [][2]string       `json:"before"`     // patterns and new ends, before Snowball
	After      [][2]string       `json:"after"`      // and after it, of folded stems
	Folds      [][2]string       `json:"folds"`
	Sounds     [][2]string       `json:"sounds"`
}

// AllRules gives the rules.
func AllRules() Rules {
	forms := map[string][]string{}
	for form, term := range exceptions {
		if form != term {
			forms[term] = append(forms[term], form)
		}
	}
	r := Rules{
		Words: Words, Stop: list(stops), Never: list(neverParts), Short: list(shortParts),
		Exceptions: map[string]string{}, Before: before.pairs(), After: after.pairs(), Folds: pairs(foldPairs), Sounds: pairs(soundPairs),
	}
	for term, all := range forms {
		slices.Sort(all)
		r.Exceptions[term] = strings.Join(all, " ")
	}
	return r
}

func pairs(list []string) (out [][2]string) {
	for p := range slices.Chunk(list, 2) {
		out = append(out, [2]string{p[0], p[1]})
	}
	return out
}

func list(m map[string]bool) string { return strings.Join(slices.Sorted(maps.Keys(m)), " ") }

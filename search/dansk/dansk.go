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

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/danish"
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
// says nothing.
const Words = `[Hh]vor +(?:mange|meget|længe|ofte|tit|lang tid)\b|[0-9]{1,3}(?:\.[0-9]{3})+\b|[0-9]+\+|` +
	`[\p{L}\p{N}\p{M}\xad]+(?:-[\p{L}\p{N}\p{M}\xad]+)*(?:['’´\x60](?:erne|ere|ens|er|en|et|s)\b)?`

var (
	words   = regexp.MustCompile(Words)
	endings = regexp.MustCompile(`['’´\x60].*`)
	joints  = strings.NewReplacer("-", "", ".", "", " ", "")
)

// Tokens cuts a text into words.
func Tokens(s string) []Token {
	var out []Token
	for _, m := range words.FindAllStringIndex(s, -1) {
		w := endings.ReplaceAllString(s[m[0]:m[1]], "")
		w = strings.ToLower(norm.NFC.String(strings.ReplaceAll(w, "\u00ad", "")))
		t := Token{Start: m[0], End: m[1]}
		if strings.Contains(w, "-") {
			t.Parts = strings.Split(w, "-")
		}
		t.Word = joints.Replace(w)
		if t.Word != "" {
			out = append(out, t)
		}
	}
	return out
}

var (
	foldPairs = []string{"æ", "ae", "ä", "ae", "ø", "o", "ö", "o", "å", "a", "é", "e", "ü", "u", "oe", "o", "aa", "a"}
	folds     = strings.NewReplacer(foldPairs...)
)

// Fold writes æ/ae, ø/oe/o and å/aa/a alike, from left to right.
func Fold(s string) string { return folds.Replace(s) }

// Term gives the term that a word form is indexed by: the base form of an exception,
// else Snowball's Danish stem; folded.
func Term(word string) string {
	folded := Fold(word)
	if t, ok := exceptions[folded]; ok {
		return t
	}
	for i := 3; len(folded)-i >= 5; i++ { // sprogkurser: the longest known end counts
		if t, ok := exceptions[folded[i:]]; ok {
			return folded[:i] + t
		}
	}
	e := snowballstem.NewEnv(word)
	danish.Stem(e)
	return Fold(e.Current())
}

// Plain gives the term of a word of another language: folded, not stemmed.
func Plain(word string) string { return Fold(word) }

// Stop tells whether a word says too little to be searched for.
func Stop(word string) bool { return stops[word] }

var stops = set(`af alle alt anden at blev blive bliver da de dem den denne der deres det
dette dig din disse dog du efter eller en end er et for fra ham han hans har havde have
hende hendes her hos hun hvad hver hvert hvis hvor hvordan i ind jeg jer jo kunne man
mange med meget men mig min mine mit mod ned noget nogle nu når og også om op os over på
selv sig sin sine sit skal skulle som sådan thi til ud under var vi vil ville vor være
været naar ogsaa paa saadan vaere vaeret få får fik fået faar`)

// exceptions maps folded word forms that Snowball gets wrong to their term. Forms of five
// letters or more count as the end of a longer word too: sprogkurser.
var exceptions = bases(`
kursus kurser kurset kursets kurserne kursernes kursusser kursusset
regel regler reglen reglens reglerne reglernes
middel midler midlerne midlet midlernes
bog boger bogerne bogen bogens bogernes
center centre centret centrene centeret centrets centrenes
leder ledere lederen lederne lederes ledernes lederens leders
ledelse ledelsen ledelser ledelsens ledelserne
aftale aftaler aftalen aftalerne aftalens aftalernes aftales aftalt aftalte
samtale samtaler samtalen samtalerne samtalens samtalernes
sog soge soger sogte sogt soges sogende
ansogning ansogninger ansogningen ansogningerne ansogningens ansogningernes
ansoger ansogere ansogeren ansogerne ansogerens ansogernes
udvalg udvalget udvalgene udvalgets
ar aret arets arene arenes
fond fonde fonden fondene fondens fondenes
mal malet malene malets malenes
tal tallet tallene tallets
tale taler talen talerne
laerer laerere laereren laererne laererens laerernes laereres
laering laeringen laerings
laere laerte laert
styrelse styrelsen styrelser styrelserne styrelsens
vaerktoj vaerktojet vaerktojer vaerktojerne
medlem medlemmer medlemmet medlemmerne medlemmernes medlemmets
menneske mennesker mennesket menneskene
sporgsmal sporgsmalet sporgsmalene
udgift udgifter udgiften udgifterne
nedsat nedsatte
ny nyt nye nyere
aeldre aldre
gammel gamle gammelt
mand maend manden maendene
barn born barnet bornene
nat naetter natten
hand haender handen
rad radet radene radets radenes
hvorlaenge hvorlangtid
hvorofte hvortit
stat staten statens stater staterne
`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// bases maps each form of a line to the line's first word.
func bases(lines string) map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(lines) {
		forms := strings.Fields(line)
		for _, f := range forms {
			m[f] = forms[0]
		}
	}
	return m
}

// Rules gives the words this package goes by, for the script of the static search: stop
// words, what is never a part, short parts, and the exceptions as term -> other forms.
func Rules() (stop, never, short string, exceptionForms map[string]string) {
	forms := map[string][]string{}
	for form, term := range exceptions {
		if form != term {
			forms[term] = append(forms[term], form)
		}
	}
	out := map[string]string{}
	for term, all := range forms {
		slices.Sort(all)
		out[term] = strings.Join(all, " ")
	}
	return list(stops), list(neverParts), list(shortParts), out
}

func list(m map[string]bool) string { return strings.Join(slices.Sorted(maps.Keys(m)), " ") }

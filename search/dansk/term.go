package dansk

import (
	"regexp"
	"strings"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/danish"
)

// Term gives the term that a word form is indexed by: the base form of an exception,
// else Snowball's Danish stem, mended; folded.
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
	e := snowballstem.NewEnv(before.mend(word))
	danish.Stem(e)
	return after.mend(Fold(e.Current()))
}

// Mends give words another end, one after the other, in what Go and JavaScript read alike.
type mends []mend

type mend struct {
	end, to string
	from    *regexp.Regexp // what must stand before the end, and the end
}

func mended(before, end, to string) mend {
	return mend{end, to, regexp.MustCompile("(" + before + ")" + end + "$")}
}

// What Snowball leaves apart, mended before it (ændrede is ændre) and after it, in folded
// stems: betalt is betal, ministerium is ministeri, and aktivitet, which loses its -et
// where aktiviteten does not, is aktivit.
var (
	before = mends{mended("..[b-df-hj-np-tv-xz]", "ede", "e")}
	after  = mends{mended("[ei]", "um", ""), mended("i", "tet", "t"), mended("....[lmrsv]", "t", "")}
)

func (m mends) mend(word string) string {
	for _, r := range m {
		if strings.HasSuffix(word, r.end) && r.from.MatchString(word) {
			word = strings.TrimSuffix(word, r.end) + r.to
		}
	}
	return word
}

// pairs gives patterns with what they are replaced by.
func (m mends) pairs() (out [][2]string) {
	for _, r := range m {
		out = append(out, [2]string{r.from.String(), "$1" + r.to})
	}
	return out
}

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
ar aret arets arene arenes ars
fond fonde fonden fondene fondens fondenes
mal malet malene malets malenes
tal tallet tallene tallets
tale taler talen talerne
laerer laerere laereren laererne laererens laerernes laerers laereres
laering laeringen laerings
laere laerte laert laeres
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
sadan hvordan
stat staten statens stater staterne
plads pladsen pladser pladserne pladsens pladses
sats satsen satser satserne satsens
indsats indsatsen indsatser indsatserne indsatsens
moms momsen
tendens tendensen tendenser tendenserne
kryds krydset krydser krydse
tilfreds tilfredse
dagsorden dagsordenen dagsordener dagsordenens
godkend godkende godkender godkendt godkendte godkendes
anerkend anerkende anerkender anerkendt anerkendte anerkendes
anvend anvende anvender anvendt anvendte anvendes
indsend indsende indsender indsendt indsendte indsendes
forbered forberede forbereder forberedt forberedte forberedes
betjent betjente betjenten betjentene
billede billedet billeder billederne billeders
cirkulaere cirkulaeret cirkulaerer cirkulaererne cirkulaerets
trae traeet traeer traeerne traets
uge ugen uger ugerne ugens ugers
kaserne kasernen kaserner kasernerne kasernes
intranet intranettet
internet internettet
intern interne internt
fremmed fremmede
hundrede hundreder
abn aben abent abne abner abnet abnede abnes
brug bruge bruger bruges brugt brugte
del dele deler deles delt delte
naevn naevne naevner naevnes naevnt naevnte
laes laese laeser laeses laest laeste
glem glemme glemmer glemt glemte
hor hore horer hores hort horte
los lose loser loses lost loste
god gode godt
stor store stort storre storst storste
hel hele helt
halv halve halvt
klar klare klart
svaer svaere svaert
skaev skaeve skaevt
smal smalle smalt
travl travle travlt
fri frie frit
sta star staet stod
forsta forstar forstaet forstod
undga undgar undgaet undgik
foresla foreslar foreslaet foreslog
skriv skrive skriver skrives skrev skrevet skrevne
`)

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

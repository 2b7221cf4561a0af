package dansk

import "slices"

// links are the letters that may stand between the parts of a Danish compound.
var links = []string{"", "s", "e"}

// SplitLimit is more letters than any word has. The time a cut takes grows with their
// square.
const SplitLimit = 100

// Split cuts a word into the parts of a compound that has knows, of three letters or more
// but for the short ones kept by hand, covering the whole word; nil when there is no such
// cut. Few and long parts win: costs are hundredths, so that every machine adds the same
// integers.
func Split(word string, has func(string) bool) []string {
	r := []rune(word)
	if len(r) > SplitLimit {
		return nil
	}
	best := make([]*step, len(r)+1)
	best[0] = &step{}
	for i := range r {
		for j := i + 2; best[i] != nil && j <= len(r) && j-i < len(r); j++ {
			if part := string(r[i:j]); !neverParts[part] && (j-i >= 3 || ShortPart(Fold(part))) && has(part) {
				extend(best, r, i, j)
			}
		}
	}
	var parts []string
	for k := len(r); k > 0 && best[k] != nil; k = best[k].from {
		parts = append(parts, string(r[best[k].from:best[k].end]))
	}
	if len(parts) < 2 {
		return nil
	}
	slices.Reverse(parts)
	return parts
}

// A step is the cheapest way so far to a place in the word: the part is r[from:end].
type step struct{ cost, from, end int }

func extend(best []*step, r []rune, i, j int) {
	for _, l := range links {
		k := j + len(l)
		if l != "" && (k >= len(r) || string(r[j:k]) != l) {
			continue
		}
		cost := best[i].cost + 1000/(j-i) + 160 + 35*len(l)
		if j-i <= 3 {
			cost += 300
		}
		if best[k] == nil || cost < best[k].cost {
			best[k] = &step{cost, i, j}
		}
	}
}

// Parts tells whether a word is among the parts kept by hand: words that compounds of
// the field are made of, whether or not the site uses them alone.
func Parts(word string) bool { return parts[word] }

var parts = set(`adgang administration afgift afklaring aftale akademi akademiker analyse
anciennitet ansat ansatte ansættelse ansøgning arbejde arbejds arbejdsplads aften alder
bachelor beløb betaling betjent bevilling bidrag bolig brev bruger budget center cpr
dag dage dagpenge dagpenges dansk data dialog digital diplom drift ean effekt efter egen elev
embeds erhverv erklæring evaluering fag faglært felt finansiering fjern fond fonds forbund
fordeling forhandling forløb forskning forum fratrædelse frist friskole fængsel fælles gebyr
godtgørelse graver grund gruppe grupper guide gymnasie hjul hoved hr hus indsats initiativ it kandidat
kirke kompensation kompetence kommune kontrakt kort kortlægning krav kultur kursus kurser
lederuddannelse leder ledelse liste lod loft lærer læring læge løn mand master medarbejder
medhjælper mellem mester midler miljø minister ministerium modul moms musik mål nævn møde net
omsorg opgave ordning organisation overenskomst pension penge periode person plads plan politi
politik positiv praktik privat proces profil projekt prøve pulje puljer ramme rapport refusion
region regel regler rejse repræsentant rotation råd rådgivning samarbejde samarbejds samtale
sats senior sidemand skema skole skabelon spil spillet sprog spørgsmål stat stats status stilling
strategi studie støtte svar svende syge sygeplejerske system tal telefon tema tid tilbud tillid
tilsagn tilskud tjek tjener tjeneste tjenestemand transport trepart trivsel trækning tur
uddannelse udbetaling udbud udvalg udvikling udviklings undervisning videre viden vejledning
vikar voksen værktøj værdi år årlig økonomi ældre`)

// neverParts holds what looks like a part of a compound and is not.
var neverParts = set(`ing ling else ning ninger inger hed heder isk iske ske skab eren erne ernes
ende tion ion ier der den det des ter ten tet lig lige ere ede est ens ers ent ant ist ret
ring rings sen ser stre gen ger gel vel ind ud for til over under ved med ikke mod fra hen
ned sam mis und bar som her hel alt alle eks sens tag lag lav led vis sig sin sit ell elle
ele els ska sat set sal hor gor kan skal var vil udvi kling ste sted hør gør eres eret
ingen ingens gerne lede let kende sår sar sager ene enes`)

// Whole tells whether a word is none to cut, though its letters are those of a compound.
func Whole(word string) bool { return wholes[Term(word)] }

// wholes are the terms of words whose letters are those of a compound, and which are none,
// or say another thing than their parts.
var wholes = set(`akademik borg deltag dagsorden fordeling frivil godkend faglaere ufaglaere handl halvand ingenting
maling minimus raekkefolg regning sammenhaeng sporgsmal stil sygeplejersk tidspunk deling`)

// ShortPart tells whether a folded word of two or three letters is a part that compounds
// of the field are made of, and not one found by chance.
func ShortPart(word string) bool { return shortParts[word] }

var shortParts = set(`mus amu fvu veu rkv ikv fag mal lov tal dag rad aar fri it hr ar
hk ac lc su tr cpr ean lod net`)

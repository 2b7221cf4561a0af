package dansk

import (
	"reflect"
	"strings"
	"testing"
)

func wordsOf(s string) string {
	var out []string
	for _, t := range Tokens(s) {
		w := t.Word
		if t.Parts != nil {
			w += "=" + strings.Join(t.Parts, "+")
		}
		out = append(out, w)
	}
	return strings.Join(out, " ")
}

func TestTokens(t *testing.T) {
	for text, want := range map[string]string{
		"Ansatte på 55+ og 50+.":      "ansatte på 55+ og 50+",
		"E-læring":                    "elæring=e+læring",
		"30.000 kr., 25000":           "30000 kr 25000",
		"den 22.11.2026":              "den 22 11 2026",
		"kompetence\u00adudvikling":   "kompetenceudvikling",
		"A\u030aret rundt":            "året rundt",
		"MUS/GRUS (SU's)":             "mus grus su",
		"HK’erne, fond´s, O'Connor":   "hk fond o connor",
		"Hvor  mange, hvor lang tid?": "hvormange hvorlangtid",
		"hvor mangeårig, hvor meget":  "hvor mangeårig hvormeget",
		"30.000ø er 30.000-50.000":    "30 000ø er 30000 50000",
		"O’søvn, HK's og TR’erne.":    "o søvn hk og tr",
		"":                            "",
		"... !? <b>":                  "b",
		"OK24-aftalen":                "ok24aftalen=ok24+aftalen",
		"fond@kompetenceudvikling.dk": "fond kompetenceudvikling dk",
		"55-årige":                    "55årige=55+årige",
		"kl. 16.30":                   "kl 16 30",
		"1.234.567":                   "1234567",
	} {
		if got := wordsOf(text); got != want {
			t.Errorf("Tokens(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestTokensKeepTheirPlaces(t *testing.T) {
	text := "Søg på 30.000 kr. i e-læring, åh"
	var got []string
	for _, tok := range Tokens(text) {
		got = append(got, text[tok.Start:tok.End])
	}
	if want := "Søg på 30.000 kr i e-læring åh"; strings.Join(got, " ") != want {
		t.Errorf("got %q, want %q", strings.Join(got, " "), want)
	}
}

// Word forms on one line are found by each other; lines apart are not.
func TestTerms(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(`
kursus kurser kurset kurserne
sprogkursus sprogkurser
regel regler reglerne
middel midler midlerne
bog bøger bøgerne boeger boger
leder ledere lederen
ledelse ledelsen
aftale aftaler aftalen
samtale samtaler
ansøgning ansøgninger ansøgningen ansoegning ansogning
beløb beløbet beloeb belob
økonomi økonomien oekonomi
år året aar
læring laering
uddannelse uddannelser uddannelsen
medarbejder medarbejdere
fond fonden fonde fondens
plads pladsen pladser
arbejdsplads arbejdspladsen arbejdspladser
ministerium ministeriet ministerier
aktivitet aktiviteten aktiviteter
godkende godkender godkendt godkendte
betale betaler betalt betalte
kommunal kommunalt kommunale
ændre ændrer ændrede ændret
nyhed nyheden nyheder
måned måneden måneder
museum museet museer
mus
træ træet træer træerne
uge ugen uger ugerne
sådan hvordan
pulje puljer puljen puljerne
modul moduler modulet
`), "\n")
	seen := map[string]string{}
	for _, line := range lines {
		forms := strings.Fields(line)
		want := Term(forms[0])
		for _, f := range forms {
			if got := Term(f); got != want {
				t.Errorf("Term(%q) = %q, want %q as %q", f, got, want, forms[0])
			}
		}
		if other, ok := seen[want]; ok {
			t.Errorf("%q and %q share the term %q", forms[0], other, want)
		}
		seen[want] = forms[0]
	}
}

func TestSplit(t *testing.T) {
	for word, want := range map[string]string{
		"kompetencefonden":             "",
		"kompetencefond":               "kompetence fond",
		"fondsmidler":                  "fonds midler",
		"medarbejderudviklingssamtale": "medarbejder udviklings samtale",
		"efteruddannelse":              "efter uddannelse",
		"kursusafgift":                 "kursus afgift",
		"arbejdsplads":                 "arbejds plads",
		"positivliste":                 "positiv liste",
		"akademikerpulje":              "akademiker pulje",
		"tjenestemand":                 "tjeneste mand",
		"udbetaling":                   "",
		"samtale":                      "",
		"konference":                   "",
		"bevilling":                    "",
		strings.Repeat("fond", 30):     "", // no word: its cut would take long
	} {
		got := strings.Join(Split(word, func(p string) bool { return p != word && Parts(p) }), " ")
		if want == "" && len(Split(word, Parts)) == 0 {
			continue
		}
		if got != want {
			t.Errorf("Split(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		most int
		want int
	}{
		{"fond", "fond", 2, 0}, {"fond", "fand", 2, 1}, {"fond", "fodn", 2, 1}, {"fond", "fondet", 2, 2},
		{"fond", "xyz", 2, 3}, {"", "ab", 2, 2}, {"kompetanc", "kompetenc", 1, 1}, {"abcdef", "ghijkl", 1, 2},
		{"søg", "sæg", 1, 1},
	} {
		if got := Distance([]rune(c.a), []rune(c.b), c.most); got != c.want {
			t.Errorf("Distance(%q, %q, %d) = %d, want %d", c.a, c.b, c.most, got, c.want)
		}
	}
}

// byPattern cuts a text by the pattern alone, as the script does.
func byPattern(s string) (out []Token) {
	for _, m := range words.FindAllStringSubmatchIndex(s, -1) {
		if t := token(s, m[0], max(m[3], m[5])); t.Word != "" {
			out = append(out, t)
		}
	}
	return out
}

func FuzzTokens(f *testing.F) {
	for _, s := range []string{
		"30.000 kr. e-læring 55+", "Hvor mange, hvor mangeårig HVOR længe hvor", "HK's TR’erne l'Oréal Å, ÆØÅ æ", "ord-", "a\u0301 blød\u00adhed idé × 2a a2", "a\x80b \xc3", "(ord)[ord]@{ord}",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, want := Tokens(s), byPattern(s); !reflect.DeepEqual(got, want) {
			t.Fatalf("%q: %+v, by the pattern %+v", s, got, want)
		}
		at := 0
		for _, tok := range Tokens(s) {
			if tok.Start < at || tok.End <= tok.Start || tok.End > len(s) {
				t.Fatalf("token %+v out of order in %q", tok, s)
			}
			at = tok.End
			Term(tok.Word)
		}
	})
}

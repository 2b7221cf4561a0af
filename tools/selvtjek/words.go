package selvtjek

import (
	"fmt"

	"kompetenceudvikling.dk/kompas/internal/content"
)

// Words gives an answer as a visitor reads it.
func (q *Question) Words(e Edge) string {
	if q.Number == nil {
		return q.Text.Answers[e.Answer].Text
	}
	return q.bandWords(e.Band)
}

// bandWords writes a band in Danish: "Højst 30.000 kr.", "4 dage", "Ingen".
func (q *Question) bandWords(b Band) string {
	switch {
	case b.Low == 0 && b.High == 0:
		return "Ingen"
	case b.Low == b.High:
		return q.amount(b.Low)
	case b.High == Endless && q.Number.Unit == "kr":
		return "Mere end " + q.amount(b.Low-1)
	case b.High == Endless:
		return q.amount(b.Low) + " eller flere"
	case b.Low <= q.Number.Least:
		return "Højst " + q.amount(b.High)
	case q.Number.Unit == "kr":
		return fmt.Sprintf("Mere end %s og højst %s", q.amount(b.Low-1), q.amount(b.High))
	}
	return fmt.Sprintf("%s til %s", content.Thousands(b.Low), q.amount(b.High))
}

func (q *Question) amount(n int) string {
	s := content.Thousands(n)
	switch q.Number.Unit {
	case "kr":
		s += "\u00a0kr."
	case "dage":
		if s += "\u00a0dage"; n == 1 {
			s = "1\u00a0dag"
		}
	}
	return s
}

// ClassWords names a class of outcome to a reader.
func ClassWords(class string) string {
	return map[string]string{
		"ja": "Ja", "ja-loft": "Ja, men beløbet er over loftet", "nej": "Nej", "ikke-denne": "Nej, ikke på den måde",
		"vent": "Vent", "anden-vej": "Der er en anden vej", "spoerg": "Spørg først",
	}[class]
}

package content

import (
	"regexp"

	"kompetenceudvikling.dk/kompas/internal/fault"
)

// A Part is the text of a question or an outcome of a self-check. It has no address of
// its own: tools/selvtjek makes pages of it. Page holds its file, body and links.
type Part struct {
	Page
	Flow, ID string
	Question *QuestionText // nil for an outcome
	Outcome  *OutcomeText  // nil for a question
}

// A QuestionText is the head of spoergsmaal/<id>.md. Answers is empty for a number.
type QuestionText struct {
	Title   string                `yaml:"title,krav"`
	Short   string                `yaml:"kort,krav"`
	Answers map[string]AnswerText `yaml:"svar"`
	FindOut string                `yaml:"find-ud-af"` // where one learns it, when one may answer ved-ikke
}

// An AnswerText is what a link says, with a small line below it.
type AnswerText struct {
	Line int
	Text string `yaml:"tekst,krav"`
	Note string `yaml:"note"`
}

// An OutcomeText is the head of udfald/<id>.md.
type OutcomeText struct {
	Title       string `yaml:"title,krav"`
	Unconfirmed string `yaml:"ubekraeftet"` // the heading when rule or rate is not confirmed; {ok} is the period
	Class       string `yaml:"klasse,krav" allowed:"ja ja-loft nej ikke-denne vent anden-vej spoerg"`
	Pool        string `yaml:"pulje" allowed:"ac co10 lc hk oao"`
	Short       string `yaml:"kort,krav"`
}

var partRe = regexp.MustCompile(`^content/selvtjek/([a-z0-9-]+)/(spoergsmaal|udfald)/([a-z0-9-]+)\.md$`)

// parsePart reads a part, or gives nil when the file is none.
func parsePart(file string, src []byte, d *Data, faults *fault.List) *Part {
	m := partRe.FindStringSubmatch(file)
	front, body, line, ok := splitFront(file, src, faults)
	if !ok {
		return nil
	}
	p := &Part{Page: Page{File: file, Body: body}, Flow: m[1], ID: m[3]}
	if m[2] == "spoergsmaal" {
		p.Question = &QuestionText{}
		Decode(file, 1, front, p.Question, faults)
	} else {
		p.Outcome = &OutcomeText{}
		Decode(file, 1, front, p.Outcome, faults)
		if c := p.Outcome.Class; p.Outcome.Unconfirmed == "" && (c == "ja" || c == "ja-loft") {
			faults.Add(file, 1, "ubekraeftet mangler", `skriv den overskrift, der bruges, når reglen ikke er bekræftet: ubekraeftet: Ja, efter reglerne i {ok}`)
		}
	}
	p.parseBody(line, d, faults)
	return p
}

// Decode reads YAML into the struct, map or slice that v points at, and adds every
// fault. The YAML begins after offset lines of the file.
func Decode(file string, offset int, src []byte, v any, faults *fault.List) {
	d := decoder{file: file, offset: offset, faults: faults}
	d.decode(src, v)
}

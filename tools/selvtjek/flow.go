// Package selvtjek turns the rules of a self-check into a verified decision diagram.
// In goes checked content (flow.yaml, the texts of questions and outcomes, rates,
// sources) with the instant it was read for; out come flows that are complete, or
// faults; from a flow its pages, answers to given facts, the table for the fact-check,
// the difference of two versions, and a drawing. It renders no HTML and guesses
// nothing: a set of answers that no rule covers is a fault when the site is built.
package selvtjek

import (
	"math"
	"time"

	"kompetenceudvikling.dk/kompas/internal/content"
)

// A Flow is a self-check as of a day. It is complete: every set of answers ends in one
// outcome. Load gives no others.
type Flow struct {
	ID, File, Title string
	Now             time.Time
	Questions       []*Question
	Rules           []*Rule // those in force on the day, in order
	Root            *Node
	Nodes           []*Node     // all states, in the order of their questions; outcomes last
	Boundaries      []time.Time // when rules of it begin and end
	outcomes        map[string]*content.Part
	scenarios       []scenario
	data            *content.Data
}

// A Question is asked when all its conditions hold. It has answers, or takes a number.
type Question struct {
	ID      string
	Answers []string
	Number  *Number
	Text    *content.QuestionText
	Part    *content.Part
	when    []test
	line    int
	index   int
}

// Number says which whole numbers a question takes.
type Number struct {
	Least int    `yaml:"mindst"`
	Unit  string `yaml:"enhed,krav" allowed:"kr dage antal"`
}

// A Rule leads to an outcome when all its tests hold. It is tried as soon as its last
// question is answered.
type Rule struct {
	ID       string
	Outcome  string
	Rate     string   // the ceiling that is shown, "" for none
	Basis    []string // ids of the register of rules, or of sources
	Searched string   // instead of Basis: what was read without finding an answer
	tests    []test
	last     int
	line     int
	verdict  *Verdict
}

// A test holds for some answers of a question, or for a range of numbers.
type test struct {
	question int
	answers  []string
	band     Band
	unsure   bool // the rate that band ends at is not confirmed
}

// A Band is a range of whole numbers, both ends included.
type Band struct{ Low, High int }

// Endless is the upper end of a band that has none.
const Endless = math.MaxInt

func (b Band) has(n int) bool { return b.Low <= n && n <= b.High }

// The shape of flow.yaml.
type flowFile struct {
	Title     string         `yaml:"titel,krav"`
	Questions []questionFile `yaml:"spoergsmaal,krav"`
	Rules     []ruleFile     `yaml:"regler,krav"`
	Day       time.Time      `yaml:"dag"` // the day the scenarios are told for; else the day of the build
	Scenarios []scenario     `yaml:"scenarier,krav"`
}

type questionFile struct {
	Line    int
	ID      string                   `yaml:"id,krav"`
	Answers []content.Ref            `yaml:"svar"`
	Number  *Number                  `yaml:"tal"`
	When    map[string][]content.Ref `yaml:"naar"`
}

type ruleFile struct {
	Line     int
	ID       string               `yaml:"id,krav"`
	When     map[string]condition `yaml:"naar,krav"`
	Outcome  content.Ref          `yaml:"saa,krav"`
	Rate     content.Ref          `yaml:"sats"`
	Basis    []content.Ref        `yaml:"kilder"`
	Searched string               `yaml:"undersoegt"`
	From     time.Time            `yaml:"fra"`
	To       time.Time            `yaml:"til"`
}

type scenario struct {
	Line    int
	Name    string            `yaml:"navn,krav"`
	Answers map[string]string `yaml:"svar,krav"`
	Outcome string            `yaml:"udfald,krav"`
	Day     time.Time         `yaml:"dag"` // when another than the flow's
}

// A condition is a list of answers, or one comparison of a number.
type condition struct {
	answers []content.Ref
	op, to  string
	line    int
}

// DecodeYAML reads answers (a word or a list) or a comparison ({over: co10-loft}).
func (c *condition) DecodeYAML(v content.Value) {
	c.line = v.Line
	switch {
	case len(v.Pairs) == 1:
		c.op, c.to = v.Pairs[0].Key, v.Pairs[0].Value.Text
	case len(v.Pairs) > 1:
		c.op = "?"
	default:
		c.answers = v.Refs()
	}
}

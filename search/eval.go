package search

import (
	"bufio"
	"context"
	"fmt"
	"strings"
)

// A Case is a query and the addresses that answer it. An address stands for all pages
// below it too.
type Case struct {
	Query   string
	Answers []string
}

// ParseCases reads a list of cases. With tabs, a line is a query, a tab, and addresses
// with blanks between; else a case is a line with the query, a line with addresses, and
// an empty line. Lines that begin with # are notes.
func ParseCases(src string, tabs bool) ([]Case, error) {
	var out []Case
	query, n := "", 0
	for lines := bufio.NewScanner(strings.NewReader(src)); lines.Scan(); {
		n++
		line := strings.TrimSpace(lines.Text())
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
			continue
		case tabs:
			var answers string
			var ok bool
			if query, answers, ok = strings.Cut(line, "\t"); !ok {
				return nil, fmt.Errorf("linje %d har intet tabulatortegn mellem søgning og adresser", n)
			}
			line = answers
		case query == "":
			query = line
			continue
		}
		for _, a := range strings.Fields(line) {
			if !strings.HasPrefix(a, "/") {
				return nil, fmt.Errorf("linje %d: %q er ikke en adresse, der begynder med /", n, a)
			}
		}
		out = append(out, Case{query, strings.Fields(line)})
		query = ""
	}
	if query != "" {
		return nil, fmt.Errorf("linje %d: søgningen %q har ingen adresser under sig", n, query)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("der er ingen søgninger på listen")
	}
	return out, nil
}

// A Finder answers queries: an Index or an Export.
type Finder interface {
	Find(ctx context.Context, q Query) (Result, error)
}

// A Score is how a list of cases went. MRR is the mean of 1/rank over the first ten.
type Score struct {
	Queries  int       `json:"queries"`
	Success1 float64   `json:"success1"`
	Success5 float64   `json:"success5"`
	MRR      float64   `json:"mrr"`
	Zero     float64   `json:"zero"` // share of queries without any page
	Cases    []Outcome `json:"cases"`
}

// An Outcome is how one case went. Rank is 1 for first, 0 for not among the first ten.
type Outcome struct {
	Query string   `json:"query"`
	Rank  int      `json:"rank"`
	Total int      `json:"total"`
	First []string `json:"first"` // the addresses found, at most ten
}

// Evaluate runs cases.
func Evaluate(ctx context.Context, f Finder, cases []Case) (Score, error) {
	s := Score{Queries: len(cases)}
	each := 1 / float64(len(cases))
	for _, c := range cases {
		res, err := f.Find(ctx, Query{Text: c.Query, Limit: 10})
		if err != nil {
			return s, err
		}
		o := Outcome{Query: c.Query, Total: res.Total, First: []string{}}
		for i, h := range res.Hits {
			o.First = append(o.First, h.URL)
			if o.Rank == 0 && c.answered(h.URL) {
				o.Rank = i + 1
			}
		}
		if o.Rank == 1 {
			s.Success1 += each
		}
		if o.Rank > 0 {
			s.MRR += each / float64(o.Rank)
		}
		if o.Rank > 0 && o.Rank <= 5 {
			s.Success5 += each
		}
		if res.Total == 0 {
			s.Zero += each
		}
		s.Cases = append(s.Cases, o)
	}
	return s, nil
}

func (c Case) answered(url string) bool {
	for _, a := range c.Answers {
		if strings.HasPrefix(url, a) {
			return true
		}
	}
	return false
}

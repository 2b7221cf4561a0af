package selvtjek

import (
	"bytes"
	"strings"

	"kompetenceudvikling.dk/kompas/internal/content"
)

// A Page is a page of a flow: its address, the layout that draws it, and what the
// layout needs. Body is Markdown.
type Page struct {
	Path, Layout, Title string
	Params              map[string]any
	Body                []byte
}

// Base gives the address of the flow's start page.
func (f *Flow) Base() string { return "/selvtjek/" + f.ID + "/" }

// Address gives the address of a node's page.
func (f *Flow) Address(n *Node) string { return f.Base() + n.Slug + "/" }

// Pages gives a page for each state of the flow, and one that tells how it is built.
func (f *Flow) Pages(tree *content.Tree) []Page {
	var out []Page
	for _, n := range f.Nodes {
		if n.Question != nil {
			out = append(out, f.questionPage(n, tree))
		} else {
			out = append(out, f.outcomePage(n, tree))
		}
	}
	return append(out, f.builtPage())
}

func (f *Flow) questionPage(n *Node, tree *content.Tree) Page {
	q := n.Question
	var answers []map[string]any
	for _, e := range n.Edges {
		answers = append(answers, map[string]any{
			"id": e.slug(), "tekst": q.Words(e), "note": q.Text.Answers[e.Answer].Note, "til": f.Address(e.To),
		})
	}
	return Page{f.Address(n), "spoergsmaal", q.Text.Title, map[string]any{
		"flow": f.ID, "slug": n.Slug, "svar": answers, "find-ud-af": q.Text.FindOut,
	}, tree.LinkedBody(&q.Part.Page)}
}

func (f *Flow) outcomePage(n *Node, tree *content.Tree) Page {
	v, text := n.Verdict, n.Verdict.Part.Outcome
	title := text.Title
	if !v.Confirmed && text.Unconfirmed != "" {
		period := v.Period
		if period == "" {
			period = "de kilder, vi har set"
		}
		title = strings.ReplaceAll(text.Unconfirmed, "{ok}", period)
	}
	params := map[string]any{
		"flow": f.ID, "slug": n.Slug, "udfald": v.Outcome, "klasse": v.Class, "ord": ClassWords(v.Class), "pulje": text.Pool,
		"regler": v.Rules, "kildeliste": v.Sources, "bekraeftet": v.Confirmed, "ok": v.Period, "sats": v.Rate,
		"ejer": tree.Page(f.Base()).Owner,
	}
	return Page{f.Address(n), "udfald", title, params, tree.LinkedBody(&v.Part.Page)}
}

// builtPage shows the rules in order, the drawing, and the number of paths.
func (f *Flow) builtPage() Page {
	var graph bytes.Buffer
	_ = f.WriteSVG(&graph) // a buffer takes everything
	paths := map[string]int{}
	all := f.Paths()
	for _, p := range all {
		paths[p.Verdict.key()]++
	}
	var rows []map[string]any
	for _, n := range f.Nodes {
		if v := n.Verdict; v != nil {
			rows = append(rows, map[string]any{
				"udfald": v.Part.Outcome.Short, "klasse": ClassWords(v.Class), "til": f.Address(n), "veje": content.Thousands(paths[v.key()]),
				"regler": v.Rules, "sats": v.Rate, "bekraeftet": v.Confirmed, "grundlag": f.searched(v),
			})
		}
	}
	return Page{f.Base() + "saadan-er-det-bygget/", "bygget", "Sådan er selvtjekket bygget: " + f.Title, map[string]any{
		"flow": f.ID, "graf": graph.String(), "raekker": rows, "veje": content.Thousands(len(all)), "sider": len(f.Nodes),
	}, nil}
}

// searched gives what was read without finding an answer, for verdicts without rules.
func (f *Flow) searched(v *Verdict) string {
	for _, r := range f.Rules {
		if r.verdict == v {
			return r.Searched
		}
	}
	return ""
}

// Labels gives what "Dine svar" needs: for each question page its short name and the
// words of its answers, by slug.
func (f *Flow) Labels() map[string]any {
	out := map[string]any{}
	for _, n := range f.Nodes {
		if n.Question == nil {
			continue
		}
		answers := map[string]string{}
		for _, e := range n.Edges {
			answers[e.slug()] = n.Question.Words(e)
		}
		out[n.Slug] = []any{n.Question.Text.Title, answers}
	}
	return out
}

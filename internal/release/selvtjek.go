package release

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/tools/selvtjek"
)

// lastDiffs tells, by flow, what the last change of rules or rates did.
func lastDiffs(in Input, flows []*selvtjek.Flow) map[string]selvtjek.Diff {
	out := map[string]selvtjek.Diff{}
	for _, f := range flows {
		for _, o := range in.Earlier {
			if o.ID == f.ID {
				out[f.ID] = selvtjek.Compare(o, f)
			}
		}
	}
	return out
}

// flowPages gives the pages of the self-checks by address.
func flowPages(tree *content.Tree, flows []*selvtjek.Flow) []generatedPage {
	var out []generatedPage
	for _, f := range flows {
		about := ""
		if start := tree.Page(f.Base()); start != nil {
			about = start.Description
		}
		for _, p := range f.Pages(tree) {
			out = append(out, generatedPage{path: p.Path, layout: p.Layout, title: p.Title, about: about, params: p.Params, body: p.Body})
		}
	}
	return out
}

// flowFiles writes what belongs to the self-checks beside their pages: the words for
// "Dine svar", and the table for the fact-check.
func flowFiles(flows []*selvtjek.Flow, dir string) error {
	for _, f := range flows {
		at := filepath.Join(dir, filepath.FromSlash(f.Base()))
		labels, err := json.Marshal(f.Labels())
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(at, "svar.json"), labels, 0o644); err != nil {
			return err
		}
		table, err := os.Create(filepath.Join(at, "saadan-er-det-bygget", "veje.csv"))
		if err != nil {
			return err
		}
		err = f.WriteCSV(table)
		if closed := table.Close(); err == nil {
			err = closed
		}
		if err != nil {
			return fmt.Errorf("write table of %s: %w", f.ID, err)
		}
	}
	return nil
}

// A flowInfo is what start pages and the register of rules say of a flow.
type flowInfo struct {
	Title string `json:"titel"`
	First string `json:"foerste"` // address of the first question
	Built string `json:"bygget"`
	Last  *last  `json:"sidst"` // what the last change did; nil when that is not known
}

type last struct {
	Paths   string            `json:"veje"`
	Changed string            `json:"aendret"`
	Changes []selvtjek.Change `json:"aendringer"`
}

// A use is an outcome that relies on a rule.
type use struct {
	Text string `json:"tekst"`
	To   string `json:"til"`
}

func describeFlows(flows []*selvtjek.Flow, diffs map[string]selvtjek.Diff) (map[string]flowInfo, map[string][]use) {
	info, uses := map[string]flowInfo{}, map[string][]use{}
	for _, f := range flows {
		about := flowInfo{Title: f.Title, First: f.Address(f.Root), Built: f.Base() + "saadan-er-det-bygget/"}
		if d, ok := diffs[f.ID]; ok {
			about.Last = &last{content.Thousands(d.Paths), content.Thousands(d.Changed()), d.Changes}
		}
		info[f.Base()] = about
		for _, n := range f.Nodes {
			if n.Verdict == nil {
				continue
			}
			for _, r := range n.Verdict.Rules {
				uses[r] = append(uses[r], use{n.Verdict.Part.Outcome.Short, f.Address(n)})
			}
		}
	}
	return info, uses
}

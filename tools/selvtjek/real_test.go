package selvtjek

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/internal/fault"
)

var update = flag.Bool("update", false, "write the golden tables anew")

// realTree is the content of the checkout as of a day.
func realTree(t testing.TB, day string) *content.Tree {
	t.Helper()
	now, err := content.ParseTime(day)
	if err != nil {
		t.Fatal(err)
	}
	tree, err := content.LoadFlows(os.DirFS("../.."), now)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func realFlows(t testing.TB, day string) []*Flow {
	t.Helper()
	flows, err := Load(realTree(t, day))
	if err != nil {
		t.Fatal(err)
	}
	return flows
}

func realFlow(t testing.TB, id, day string) *Flow {
	t.Helper()
	for _, f := range realFlows(t, day) {
		if f.ID == id {
			return f
		}
	}
	t.Fatalf("no flow %s", id)
	return nil
}

// The promised people, and what they must be told.
func TestPersonas(t *testing.T) {
	src, err := os.ReadFile("testdata/personas.tsv")
	if err != nil {
		t.Fatal(err)
	}
	f := realFlow(t, "kan-jeg-soege", "2026-11-22")
	for line := range strings.Lines(string(src)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(strings.TrimSpace(line), "\t")
		v := run(t, f, cells[1]).Verdict
		if v == nil {
			t.Errorf("%s: no outcome", cells[0])
			continue
		}
		limit := "-"
		if v.Limit != nil {
			limit = fmt.Sprint(*v.Limit)
		}
		if v.Class != cells[2] || limit != cells[3] {
			t.Errorf("%s: %s %s, want %s %s", cells[0], v.Class, limit, cells[2], cells[3])
		}
	}
}

// On every day the flows are sound, and the diagram says what the plain rules say.
func TestRealFlowsAgreeWithTheOracle(t *testing.T) {
	for _, day := range []string{"2024-07-03", "2025-02-01", "2026-11-22"} {
		for _, f := range realFlows(t, day) {
			paths := disagreements(t, f)
			t.Logf("%s %s: %d asked paths, %d in the table, %d pages", day, f.ID, paths, len(f.Paths()), len(f.Nodes))
		}
	}
}

// The tables of all paths, for a lawyer to read; a change of rules shows as a diff.
func TestGoldenTables(t *testing.T) {
	for _, f := range realFlows(t, "2026-11-22") {
		var got bytes.Buffer
		if err := f.WriteCSV(&got); err != nil {
			t.Fatal(err)
		}
		name := filepath.Join("testdata", f.ID+".csv")
		if *update {
			if err := os.WriteFile(name, got.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil || got.String() != string(want) {
			t.Errorf("%s differs from the flow (%v): read the difference, then go test ./tools/selvtjek -update", name, err)
		}
	}
}

// Few visitors who know their own case are left with a question.
func TestFewPathsEndInAsk(t *testing.T) {
	f := realFlow(t, "kan-jeg-soege", "2026-11-22")
	all, ask := 0, 0
	for _, p := range f.Paths() {
		if slices.ContainsFunc(p.Steps, func(e Edge) bool { return e.Answer == "ved-ikke" }) {
			continue
		}
		all++
		if p.Verdict.Class == "spoerg" {
			ask++
		}
	}
	t.Logf("%d of %d paths without ved-ikke end in spoerg", ask, all)
	if ask*100 > all*15 {
		t.Errorf("%d of %d paths without ved-ikke end in spoerg: more than 15 %%", ask, all)
	}
	if n := len(f.Nodes); n > pagesWarned {
		t.Errorf("%d pages", n)
	}
}

// answersOf tells what every scenario is told, down to rules and sources.
func answersOf(f *Flow) string {
	var b strings.Builder
	for _, s := range f.scenarios {
		if v := f.Run(s.Answers).Verdict; v != nil {
			fmt.Fprintln(&b, s.Name, v.key())
		} else {
			fmt.Fprintln(&b, s.Name, "-")
		}
	}
	return b.String()
}

// Each way of breaking the rules is seen: as a fault, or in what a scenario is told.
func TestMutants(t *testing.T) {
	for _, id := range []string{"kan-jeg-soege", "find-din-fond", "amu", "mus-eller-grus"} {
		t.Run(id, func(t *testing.T) { mutants(t, id) })
	}
}

func mutants(t *testing.T, id string) {
	tree := realTree(t, "2026-11-22")
	file := "content/selvtjek/" + id + "/flow.yaml"
	sound := answersOf(realFlow(t, id, "2026-11-22"))
	fresh := func() flowFile {
		var raw flowFile
		var faults fault.List
		content.Decode(file, 0, tree.Files[file], &raw, &faults)
		return raw
	}
	count := 0
	try := func(what string, change func(raw *flowFile)) {
		t.Helper()
		raw := fresh()
		change(&raw)
		var faults fault.List
		f := read(tree, file, raw, 0, &faults)
		count++
		if faults.Err() == nil && answersOf(f) == sound {
			t.Errorf("nobody notices: %s", what)
		}
	}
	for i, r := range fresh().Rules {
		try("rule "+r.ID+" is gone", func(raw *flowFile) { raw.Rules = slices.Delete(raw.Rules, i, i+1) })
		for k := range r.Basis {
			try(fmt.Sprintf("rule %s loses %s", r.ID, r.Basis[k].ID), func(raw *flowFile) {
				raw.Rules[i].Basis = slices.Delete(raw.Rules[i].Basis, k, k+1)
			})
		}
		try("rule "+r.ID+" stands twice, the second time under another name", func(raw *flowFile) {
			twin := raw.Rules[i]
			twin.ID += "-igen"
			raw.Rules = append(raw.Rules, twin)
		})
		for q, c := range r.When {
			try(fmt.Sprintf("rule %s: the condition on %s is turned round", r.ID, q), func(raw *flowFile) {
				raw.Rules[i].When[q] = flip(raw, q, c)
			})
		}
	}
	try("a rule contradicts the first", func(raw *flowFile) {
		r := raw.Rules[0]
		r.ID = "modsat"
		for _, o := range raw.Rules {
			if outcomeClass(tree, id, o.Outcome.ID) != outcomeClass(tree, id, r.Outcome.ID) {
				r.Outcome, r.Rate, r.Basis, r.Searched = o.Outcome, o.Rate, o.Basis, o.Searched
			}
		}
		raw.Rules = append(raw.Rules, r)
	})
	t.Logf("%d mutants", count)
}

func outcomeClass(tree *content.Tree, flow, id string) string {
	for _, p := range tree.Parts {
		if p.Flow == flow && p.ID == id && p.Outcome != nil {
			return p.Outcome.Class
		}
	}
	return ""
}

// flip turns a condition into its opposite.
func flip(raw *flowFile, question string, c condition) condition {
	if c.op != "" {
		c.op = map[string]string{"over": "hoejst", "hoejst": "over", "mindst": "under", "under": "mindst", "er": "over"}[c.op]
		return c
	}
	var rest []content.Ref
	for _, q := range raw.Questions {
		for _, a := range q.Answers {
			if q.ID == question && !slices.ContainsFunc(c.answers, func(r content.Ref) bool { return r.ID == a.ID }) {
				rest = append(rest, a)
			}
		}
	}
	c.answers = rest
	return c
}

// "Dine svar" reads the page's slug and the answer's id from the address.
func TestLabelsKnowEveryAnswer(t *testing.T) {
	for _, f := range realFlows(t, "2026-11-22") {
		src, err := json.Marshal(f.Labels())
		if err != nil {
			t.Fatal(err)
		}
		var labels map[string][2]json.RawMessage
		if err := json.Unmarshal(src, &labels); err != nil {
			t.Fatal(err)
		}
		for _, n := range f.Nodes {
			if n.Question == nil {
				continue
			}
			for _, e := range n.Edges {
				if strings.ContainsAny(e.slug(), ".~/ ") || strings.Contains(n.Slug, ".") {
					t.Errorf("%s.%s cannot stand in an address", n.Slug, e.slug())
				}
				if !strings.Contains(string(labels[n.Slug][1]), `"`+e.slug()+`"`) {
					t.Errorf("no words for %s.%s", n.Slug, e.slug())
				}
			}
		}
	}
}

func BenchmarkCompileKanJegSoege(b *testing.B) {
	tree := realTree(b, "2026-11-22")
	file := "content/selvtjek/kan-jeg-soege/flow.yaml"
	for b.Loop() {
		var faults fault.List
		load(tree, file, tree.Files[file], &faults)
		if err := faults.Err(); err != nil {
			b.Fatal(err)
		}
	}
}

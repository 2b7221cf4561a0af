package release

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kompetenceudvikling.dk/kompas"
	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/search"
)

const lists = "../../search/testdata/"

// What the search must find first, and among the first five, of each list; and how much
// fewer it may find among the first five of the list written without æ, ø and å: people
// who misspell lærer as lærrer are hard to follow when they write larrer.
var floors = []struct {
	list         string
	first, five  float64
	answeredZero float64
	fewer        float64
}{
	{"hverdag.txt", .90, .97, .02, 0},
	{"personer.txt", .76, .92, .02, .05},
	{"tredje.txt", .86, .96, .02, .02},
	{"fjerde.txt", .87, .96, .02, .02},
	{"ulaest.txt", .75, .93, .02, .03},
	{"relevans.txt", .92, .99, 0, 0},
	{"queries.tsv", .95, .99, 0, 0},
}

// A searcher is the search of the real site.
type searcher struct {
	tree   *content.Tree
	server *search.Index
	dir    string // of the files
}

func realSearch(t *testing.T) searcher {
	in := real("2026-11-22")
	tree, err := content.Load(in.Source, in.Now)
	if err != nil {
		t.Fatal(err)
	}
	dir := realSite(t)
	s := searcher{tree: tree, dir: filepath.Join(dir, "site", "soeg", "indeks")}
	if s.server, err = search.Open(filepath.Join(dir, "index")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.server.Close() })
	return s
}

func cases(t *testing.T, list string) []search.Case {
	out, err := search.ParseCases(read(t, lists, list), filepath.Ext(list) == ".tsv")
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func evaluate(t *testing.T, f search.Finder, cases []search.Case) search.Score {
	score, err := search.Evaluate(context.Background(), f, cases)
	if err != nil {
		t.Fatal(err)
	}
	return score
}

// names are queries that are a page's name: all titles, and the menu titles of pools,
// self-checks, templates and tools.
func (s searcher) names() (out []search.Case) {
	for _, p := range s.tree.Pages {
		if slices.Contains(unsearched, p.Path) {
			continue
		}
		out = append(out, search.Case{Query: p.Title, Answers: []string{p.Path}})
		section, _, below := strings.Cut(strings.TrimPrefix(p.Path, "/"), "/")
		named := p.Kind == "pulje" || below && slices.Contains([]string{"selvtjek", "skabeloner", "vaerktoejer"}, section)
		if named && p.LinkTitle != "" {
			out = append(out, search.Case{Query: p.LinkTitle, Answers: []string{p.Path}})
		}
	}
	for _, pool := range s.tree.Data.Pools {
		out = append(out, search.Case{Query: pool.Name, Answers: []string{pool.Page}})
	}
	return out
}

var spellings = map[string]*strings.Replacer{
	"ae oe aa": strings.NewReplacer("æ", "ae", "ø", "oe", "å", "aa", "Æ", "Ae", "Ø", "Oe", "Å", "Aa"),
	"a o a":    strings.NewReplacer("æ", "a", "ø", "o", "å", "a", "Æ", "A", "Ø", "O", "Å", "A"),
}

// The search finds what people look for: by their words, by a page's name, and without
// æ, ø and å. That the files answer as the server does is TestFilesAnswerAsTheServer's.
func TestSearch(t *testing.T) {
	s := realSearch(t)
	lists, fewer := map[string][]search.Case{"navne": s.names()}, map[string]float64{}
	for _, f := range floors {
		lists[f.list], fewer[f.list] = cases(t, f.list), f.fewer
		score := evaluate(t, s.server, lists[f.list])
		if score.Success1 < f.first || score.Success5 < f.five || score.Zero > f.answeredZero {
			t.Errorf("%s: first %.3f, among five %.3f, none %.3f; want %+v", f.list, score.Success1, score.Success5, score.Zero, f)
		}
	}
	for _, o := range evaluate(t, s.server, lists["navne"]).Cases {
		if o.Rank == 0 || o.Rank > 5 {
			t.Errorf("%q is a page's name and is number %d (0: not among ten): %v", o.Query, o.Rank, o.First)
		}
	}
	for name, list := range lists {
		want := evaluate(t, s.server, list)
		for spelling, write := range spellings {
			plain := slices.Clone(list)
			for i := range plain {
				plain[i].Query = write.Replace(plain[i].Query)
			}
			got := evaluate(t, s.server, plain)
			if got.Success5 < want.Success5-fewer[name]-1e-9 {
				t.Errorf("%s with %s: among five %.3f, with æøå %.3f", name, spelling, got.Success5, want.Success5)
				for i, o := range got.Cases {
					if w := want.Cases[i].Rank; w > 0 && w <= 5 && (o.Rank == 0 || o.Rank > 5) {
						t.Logf("%q: %v", o.Query, o.First)
					}
				}
			}
		}
	}
}

type scriptAnswer struct {
	First     []string `json:"first"`
	Corrected string   `json:"corrected"`
	Total     int      `json:"total"`
}

// The script of the static search finds on the real site what the server finds. That it
// analyses alike is proved in package search.
func TestScriptSearchesAsServer(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil && os.Getenv("KOMPAS_BROWSER") == "" {
		t.Skip("needs node, which .ci/run has")
	}
	s := realSearch(t)
	queries := []string{"", "og i at", "???", "HKSTAT", "xyzzyqq", "+title:x AND (", "æøå", "hvor  mange"}
	all := s.names()
	for _, f := range floors {
		all = append(all, cases(t, f.list)...)
	}
	for _, c := range all {
		queries = append(queries, c.Query, spellings["a o a"].Replace(c.Query))
	}
	compareScript(t, s, queries, runScript(t, node, s.dir, queries))
}

func runScript(t *testing.T, node, dir string, queries []string) (out []scriptAnswer) {
	src, err := kompas.Look.ReadFile("assets/soeg.js")
	if err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(t.TempDir(), "soeg.mjs")
	if err := os.WriteFile(script, src, 0o644); err != nil {
		t.Fatal(err)
	}
	in, err := json.Marshal(queries)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(node, "testdata/soeg.mjs", script, dir)
	var stderr bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), &stderr
	got, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	if err := json.Unmarshal(got, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func compareScript(t *testing.T, s searcher, queries []string, got []scriptAnswer) {
	for i, q := range queries {
		want, err := s.server.Find(context.Background(), search.Query{Text: q, Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		var first []string
		for _, h := range want.Hits {
			first = append(first, h.URL)
		}
		a := got[i]
		if !slices.Equal(a.First, first) || cmp.Or(a.Corrected, "") != want.Corrected || a.Total != want.Total {
			t.Errorf("%q: the script finds %+v, the server %d %v as %q", q, a, want.Total, first, want.Corrected)
		}
	}
}

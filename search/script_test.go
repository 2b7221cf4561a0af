package search

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kompetenceudvikling.dk/kompas/search/dansk"
)

// The script of the static search analyses as search/dansk does: every word of the site's
// texts, and letters a person may type, through both.
func TestScriptAnalysesAsWeDo(t *testing.T) {
	if os.Getenv("KOMPAS_BROWSER") == "" {
		t.Skip("needs node, which .ci/run has: then KOMPAS_BROWSER=1 go test ./search")
	}
	_, dir := exported(t, site(), Words{})
	var text strings.Builder
	words := map[string]bool{}
	for _, src := range texts(t, "../content") {
		for _, tok := range dansk.Tokens(src) {
			words[tok.Word] = true
		}
		text.WriteString(src)
	}
	for _, odd := range []string{"e-læring", "55+", "30.000", "1.234.567", "A\u030aret", "kompetence\u00adudvikling", "ÆØÅ", "OK24-aftalen", "hvid", "hjul", "𝒳yz", "ﬁn", "İstanbul", "ßtraße", "ñandú", "ωμέγα", "çà", "hvor mangeårig", "30.000ø", "O’søvn HK’s", "löst", "aaa", "gæstfrihed", "hårløst"} {
		for _, tok := range dansk.Tokens(odd) {
			words[tok.Word] = true
		}
	}
	if len(words) < 5000 {
		t.Fatalf("%d words, want 5,000", len(words))
	}
	list := slices.Sorted(maps.Keys(words))
	type said struct {
		Tokens    []string
		Terms     []string
		Sounds    []string
		Distances []int
	}
	var want, got said
	for i, w := range list {
		want.Terms = append(want.Terms, dansk.Term(w))
		want.Sounds = append(want.Sounds, dansk.Sound(dansk.Fold(w)))
		want.Distances = append(want.Distances, min(3, dansk.Distance([]rune(w), []rune(list[(i+1)%len(list)]), 2)))
	}
	for _, tok := range dansk.Tokens(text.String()) {
		want.Tokens = append(want.Tokens, tok.Word+"="+strings.Join(tok.Parts, "+"))
	}
	ask(t, dir, map[string]any{"words": list, "text": text.String()}, &got)
	for name, pair := range map[string][2][]string{"term": {want.Terms, got.Terms}, "sound": {want.Sounds, got.Sounds}} {
		for i := range list {
			if i >= len(pair[1]) || pair[0][i] != pair[1][i] {
				t.Errorf("%s of %q: %q here, %q in the script", name, list[i], pair[0][i], at(pair[1], i))
			}
		}
	}
	for i, w := range want.Tokens {
		if at(got.Tokens, i) != w {
			t.Fatalf("token %d: %q here, %q in the script", i, w, at(got.Tokens, i))
		}
	}
	if len(got.Tokens) != len(want.Tokens) || !slices.Equal(want.Distances, got.Distances) {
		t.Errorf("%d tokens here, %d in the script; distances alike: %t", len(want.Tokens), len(got.Tokens), slices.Equal(want.Distances, got.Distances))
	}
	t.Logf("%d words, %d tokens", len(list), len(want.Tokens))
}

// The script's answers are the server's: pages, order, sections, facets and corrections.
func TestScriptFindsWhatWeFind(t *testing.T) {
	if os.Getenv("KOMPAS_BROWSER") == "" {
		t.Skip("needs node, which .ci/run has: then KOMPAS_BROWSER=1 go test ./search")
	}
	pages, words := labelled()
	t.Run("labelled", func(t *testing.T) { scriptFinds(t, pages, words) })
	t.Run("endings", func(t *testing.T) { scriptFinds(t, courses(), Words{}) })
	pages, words = manySite()
	t.Run("many pages", func(t *testing.T) { scriptFinds(t, pages, words) })
}

func scriptFinds(t *testing.T, pages []Page, words Words) {
	ix, dir := exported(t, pages, words)
	queries := []string{"penge rotation", "søge støtte", "fond", "kompetansefonden", "penge", "mus", "støtte til kursus", "beloeb moms", "rotation", "medarbejdersamtale", "efteruddannelsesstøtte", "30.000", "55+", "og", "xyzzyq", "<b>moms", "+titel:moms AND (", "hvor mangeårig", "skulle hvor", "orgelkursus", "fondsmoms", "må jeg få moms", "hvad er kompetansefonden?", strings.Repeat("moms ", 100)}
	type found struct {
		Corrected string
		Total     int
		URLs      []string
		Sections  [][]string
		Facets    map[string]map[string]int
	}
	var got []found
	ask(t, dir, map[string]any{"queries": queries}, &got)
	for i, q := range queries {
		r := query(t, ix, q)
		want := found{Corrected: r.Corrected, Total: r.Total, URLs: urls(r), Sections: [][]string{}, Facets: map[string]map[string]int{"slags": r.Facets.Kind, "maalgruppe": r.Facets.Audience, "sektor": r.Facets.Sector}}
		for _, h := range r.Hits {
			want.Sections = append(want.Sections, anchors(h))
		}
		a, _ := json.Marshal(want)
		b, _ := json.Marshal(got[i])
		if !bytes.Equal(a, b) {
			t.Errorf("%.30q\nhere   %s\nscript %s", q, a, b)
		}
	}
}

// runner asks the script what it is asked on standard input.
const runner = `import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { distance, open } from "./soeg.mjs";
const [dir] = process.argv.slice(2), asked = JSON.parse(readFileSync(0, "utf8"));
const engine = await open(async (name) => {
  try { const b = readFileSync(dir + "/" + name); return b[0] == 31 ? gunzipSync(b) : b; } catch { return new Uint8Array(); }
});
const w = asked.words ?? [];
const out = asked.queries
  ? await Promise.all(asked.queries.map(async (q) => {
      const r = await engine.search(q, { narrow: true });
      return { Corrected: r.corrected, Total: r.total, URLs: r.hits.map((h) => h.url), Sections: r.hits.map((h) => h.sections.map(([id]) => id)), Facets: r.facets };
    }))
  : {
      Terms: w.map(engine.term),
      Sounds: asked.folded.map(engine.sound),
      Distances: w.map((x, i) => Math.min(3, distance([...x], [...w[(i + 1) % w.length]]))),
      Tokens: engine.tokens(asked.text).map((t) => t.word + "=" + (t.parts ?? []).join("+")),
    };
process.stdout.write(JSON.stringify(out));
`

// ask runs the script of the static search on an export.
func ask(t *testing.T, dir string, asked map[string]any, answer any) {
	t.Helper()
	work := t.TempDir()
	src, err := os.ReadFile("../assets/soeg.js")
	if err != nil {
		t.Fatal(err)
	}
	for name, src := range map[string]string{"soeg.mjs": string(src), "run.mjs": runner} {
		if err := os.WriteFile(filepath.Join(work, name), []byte(src), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if list, ok := asked["words"].([]string); ok {
		folded := make([]string, len(list))
		for i, w := range list {
			folded[i] = dansk.Fold(w)
		}
		asked["folded"] = folded
	}
	in, err := json.Marshal(asked)
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	cmd := exec.Command("node", filepath.Join(work, "run.mjs"), dir)
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("run script: %v\n%s", err, said.Bytes())
	}
	if err := json.Unmarshal(out, answer); err != nil {
		t.Fatalf("read answer: %v: %.200s", err, out)
	}
}

// texts gives the Markdown below a folder.
func texts(t *testing.T, dir string) (out []string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".md" {
			return err
		}
		src, err := os.ReadFile(filepath.Join(dir, name))
		out = append(out, string(src))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}

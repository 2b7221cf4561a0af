package dansk

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden lists anew")

// golden holds the lines of a list against what they are now: a key, " = ", a value, and
// perhaps a note after "# ", which is kept. Other lines are kept too. It gives the lines
// that have a key.
func golden(t *testing.T, name string, value func(key string) string) (keys, notes []string) {
	t.Helper()
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for line := range strings.Lines(string(src)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			fmt.Fprintln(&out, line)
			continue
		}
		said, note, noted := strings.Cut(line, "# ")
		key, _, _ := strings.Cut(said, "=")
		key = strings.TrimSpace(key)
		keys, notes = append(keys, key), append(notes, note)
		now := key + " = " + value(key)
		if noted {
			now += "  # " + note
		}
		if now != line && !*update {
			t.Errorf("%s: is %q, was %q", name, now, line)
		}
		fmt.Fprintln(&out, now)
	}
	if *update {
		if err := os.WriteFile(name, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return keys, notes
}

// A word the program cuts wrongly has its right parts as a note ("hel" for a word that is
// none): a note that has come true is to go.
func TestSplitsGolden(t *testing.T) {
	src, err := os.ReadFile("testdata/ordforraad.txt")
	if err != nil {
		t.Fatal(err)
	}
	known := set(string(src))
	has := func(w string) bool { return known[w] || Parts(w) }
	cut := func(word string) string {
		if p := Split(word, has); p != nil && !Whole(word) {
			return strings.Join(p, " ")
		}
		return "hel"
	}
	words, right := golden(t, "testdata/delinger.txt", cut)
	seen := map[string]bool{}
	for i, w := range words {
		if seen[w] {
			t.Errorf("%s stands twice", w)
		}
		seen[w] = true
		if right[i] == cut(w) {
			t.Errorf("%s is cut as its note says: the note can go", w)
		}
	}
	if len(words) < 300 {
		t.Errorf("%d words, want 300", len(words))
	}
}

// The forms of a word share one term, and no other word has it; where they do not, the
// terms show who is apart, and a note says why that is left so.
func TestParadigmsGolden(t *testing.T) {
	lines, notes := golden(t, "testdata/boejninger.txt", func(forms string) string {
		var terms []string
		for _, f := range strings.Fields(forms) {
			terms = append(terms, Term(f))
		}
		same := true
		for _, term := range terms {
			same = same && term == terms[0]
		}
		if same {
			return terms[0]
		}
		return strings.Join(terms, " ")
	})
	owner := map[string]string{}
	for i, line := range lines {
		apart := map[string]bool{}
		for _, f := range strings.Fields(line) {
			apart[Term(f)] = true
		}
		shared := false
		for term := range apart {
			if other, taken := owner[term]; taken {
				shared = true
				if notes[i] == "" {
					t.Errorf("%q and %q share the term %s", line, other, term)
				}
			}
			owner[term] = line
		}
		if odd := len(apart) > 1 || shared; odd != (notes[i] != "") {
			t.Errorf("%q has %d terms and the note %q", line, len(apart), notes[i])
		}
	}
	if len(lines) < 60 {
		t.Errorf("%d paradigms, want 60", len(lines))
	}
}

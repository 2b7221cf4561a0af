package release

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/internal/fault"
)

const hostileHead = "---\ntitle: Fjendtlig\ndescription: En prøve.\nparams:\n  slags: guide\n  ejer: fond\n---\n"

// hostile gives the corpus: bodies of pages by name. "@gentag N text" stands for that
// text N times, \xNN for a byte.
func hostile(t testing.TB) map[string]string {
	t.Helper()
	src, err := os.ReadFile("testdata/fjendtligt.json")
	if err != nil {
		t.Fatal(err)
	}
	bodies := map[string]string{}
	if err := json.Unmarshal(src, &bodies); err != nil {
		t.Fatal(err)
	}
	for name, body := range bodies {
		if rest, ok := strings.CutPrefix(body, "@gentag "); ok {
			count, text, _ := strings.Cut(rest, " ")
			n, err := strconv.Atoi(count)
			if err != nil {
				t.Fatal(err)
			}
			body = strings.Repeat(strings.ReplaceAll(text, `\n`, "\n"), n)
		}
		for {
			at := strings.Index(body, `\x`)
			if at < 0 {
				break
			}
			b, err := strconv.ParseUint(body[at+2:at+4], 16, 8)
			if err != nil {
				t.Fatal(err)
			}
			body = body[:at] + string([]byte{byte(b)}) + body[at+4:]
		}
		bodies[name] = hostileHead + "Svaret står her.\n\n" + body + "\n"
	}
	return bodies
}

func hostileSite() fstest.MapFS {
	site := fstest.MapFS{}
	for name, text := range map[string]string{
		"_index.md":         "---\ntitle: Forside\ndescription: En prøve.\nparams:\n  slags: oversigt\n  ejer: fond\n---\nVelkommen.\n",
		"data/kontakt.yaml": "telefon: \"33 18 69 69\"\ntelefon-link: \"+4533186969\"\nfond-mail: fond@kompetenceudvikling.dk\ninfo-mail: info@kompetenceudvikling.dk\nadresse: [1105 København K]\nkilder: [S1]\n",
		"data/kilder.yaml":  "S1:\n  titel: Prøve\n  udgiver: Prøve\n  dato: udateret\n  laest: 2026-01-01\n  klasse: praksis\n",
	} {
		site["content/"+name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
	}
	return site
}

// harmless are the pages that are published: what is hostile in them is shown as text,
// left out, or of no effect.
var harmless = []string{
	"afsnit-attribut", "bom-inde", "bred-tabel", "citat-attribut", "dybe-lister", "link-titel", "mange-og", "mustache-hugo", "nulbredde",
	"overskrift-attribut", "overskrift-style", "skabelon", "skabelon-server", "tabel-attribut", "uafsluttet",
}

// Every hostile page is refused with a fault, or is published and harmless: then the
// HTML is proved against the policy as Make does with every page. None takes long.
func TestHostilePages(t *testing.T) {
	bodies := hostile(t)
	if len(bodies) < 80 {
		t.Fatalf("only %d pages", len(bodies))
	}
	var published []string
	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	accepted := hostileSite()
	bodies["billede-af-andre"] = strings.Replace(bodies["billede-ude"], "https:", "HTTPS:", 1)
	for _, name := range slices.Sorted(maps.Keys(bodies)) {
		site := hostileSite()
		file := "content/" + name + ".md"
		site[file] = &fstest.MapFile{Data: []byte(bodies[name]), Mode: 0o644}
		began := time.Now()
		_, err := content.Load(site, now)
		took := time.Since(began)
		var faults fault.List
		switch {
		case err == nil:
			accepted[file] = site[file]
			published = append(published, name)
		case !errors.As(err, &faults):
			t.Errorf("%s: an error, not a fault: %v", name, err)
		case faults[0].File != file:
			t.Errorf("%s: the fault is laid on %s", name, faults[0].File)
		}
		if took > 2*time.Second { // not a measurement: one that grows with the square takes six
			t.Errorf("%s: took %v to read", name, took)
		}
	}
	if !slices.Equal(published, harmless) {
		t.Errorf("published:\n%q\nwant only those known to be harmless:\n%q", published, harmless)
	}
	in := input(accepted, "2026-11-22")
	if _, _, err := Make(context.Background(), in, t.TempDir()); err != nil {
		t.Errorf("what was accepted: %v", err)
	}
}

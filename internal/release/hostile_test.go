package release

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
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

// hostile gives the corpus by name of file: filer/ as they are, and pages whose bodies
// stand in sider.json. There "@gentag N text" stands for that text N times, \xNN for a
// byte. .ci/browser reads the same.
func hostile(t testing.TB) fstest.MapFS {
	t.Helper()
	corpus := files(t, "testdata/fjendtligt/filer", "content/")
	src, err := os.ReadFile("testdata/fjendtligt/sider.json")
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
		corpus["content/"+name+".md"] = &fstest.MapFile{Data: []byte(hostileHead + "Svaret står her.\n\n" + body + "\n"), Mode: 0o644}
	}
	return corpus
}

// files reads a folder, its names set behind prefix.
func files(t testing.TB, dir, prefix string) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	fsys := os.DirFS(dir)
	err := fs.WalkDir(fsys, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		src, err := fs.ReadFile(fsys, name)
		out[prefix+name] = &fstest.MapFile{Data: src, Mode: 0o644}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Every hostile file is refused with a fault, or is published and harmless: then the
// HTML is proved against the policy as Make does with every page, and a browser opens it
// (.ci/browser/fjendtligt.test.mjs). None takes long.
func TestHostile(t *testing.T) {
	corpus := hostile(t)
	if len(corpus) < 300 {
		t.Fatalf("only %d files", len(corpus))
	}
	ground := files(t, "testdata/fjendtligt/grund", "")
	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	accepted := maps.Clone(ground)
	var published []string
	for _, file := range slices.Sorted(maps.Keys(corpus)) {
		site := maps.Clone(ground)
		site[file] = corpus[file]
		for _, picture := range []string{"png-tekst.png", "jpg-js.jpg", "png-html.png"} { // which a page shows
			site["content/bundt/"+picture] = corpus["content/bundt/"+picture]
		}
		took, err := timed(func() error { _, err := content.Load(site, now); return err })
		var faults fault.List
		switch {
		case err == nil:
			accepted[file] = corpus[file]
			published = append(published, strings.TrimPrefix(file, "content/"))
		case !errors.As(err, &faults):
			t.Errorf("%s: an error, not a fault: %v", file, err)
		case faults[0].File != file:
			t.Errorf("%s: the fault is laid on %s", file, faults[0].File)
		}
		if took > 2*time.Second { // not a measurement: one that grows with the square takes six
			t.Errorf("%s: took %v to read", file, took)
		}
	}
	golden(t, "testdata/fjendtligt/harmloese.txt", strings.Join(published, "\n")+"\n")
	in := input(accepted, "2026-11-22")
	if _, _, err := Make(context.Background(), in, t.TempDir()); err != nil {
		t.Errorf("what was accepted: %v", err)
	}
}

// timed tells how long work takes. What is slow is tried again: the machine may be busy.
func timed(work func() error) (least time.Duration, err error) {
	for range 4 {
		began := time.Now()
		err = work()
		if took := time.Since(began); least == 0 || took < least {
			least = took
		}
		if least < time.Second {
			break
		}
	}
	return least, err
}

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is another; read what -update changes in it:\n%s", name, got)
	}
}

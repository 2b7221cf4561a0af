package content

import (
	"reflect"
	"testing"
	"testing/fstest"
	"time"
)

// A tree that takes what is the same from an earlier one is what reading all of it gives,
// warnings included.
func TestReload(t *testing.T) {
	now := time.Date(2026, 2, 1, 12, 0, 0, 0, time.UTC)
	page := func(text string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("---\ntitle: Side\ndescription: En side.\nparams:\n  slags: guide\n  ejer: fond\n  naeste-kontrol: 2026-03-01\n---\n" + text + "\n")}
	}
	hard := "Arbejdsmarkedsuddannelserne forudsætter dokumentationsforpligtelser, kvalitetssikringsprocedurer, evalueringsredskaber og kompetenceudviklingsplanlægning."
	first := fstest.MapFS{"content/_index.md": page("Forside."), "content/a.md": page(hard), "content/b.md": page("Se [a](/a/).")}
	last, err := Load(first, now)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(files fstest.MapFS) time.Time{
		"nothing": func(fstest.MapFS) time.Time { return now },
		"a text":  func(files fstest.MapFS) time.Time { files["content/b.md"] = page("En anden tekst."); return now },
		"a page":  func(files fstest.MapFS) time.Time { files["content/c.md"] = page("Ny."); return now },
		"one less": func(files fstest.MapFS) time.Time {
			delete(files, "content/b.md")
			return now
		},
		"the day": func(fstest.MapFS) time.Time { return now.AddDate(0, 3, 0) },
		"data": func(files fstest.MapFS) time.Time {
			files["content/data/kilder.yaml"] = &fstest.MapFile{Data: []byte("S1:\n  titel: Prøve\n  udgiver: Prøve\n  dato: udateret\n  laest: 2026-01-01\n  klasse: praksis\n")}
			return now
		},
		"a dead link": func(files fstest.MapFS) time.Time { delete(files, "content/a.md"); return now },
	} {
		t.Run(name, func(t *testing.T) {
			files := fstest.MapFS{}
			for n, f := range first {
				files[n] = f
			}
			at := change(files)
			want, wantErr := Load(files, at)
			got, gotErr := Reload(files, at, last)
			if !reflect.DeepEqual(gotErr, wantErr) || !reflect.DeepEqual(got, want) {
				t.Errorf("another tree: %v, %v", gotErr, wantErr)
			}
		})
	}
	if _, again := Reload(first, now, last); again != nil {
		t.Fatal(again)
	}
	if again, _ := Reload(first, now, last); again.Page("/a/") != last.Page("/a/") {
		t.Error("a page that is the same was read again")
	}
}

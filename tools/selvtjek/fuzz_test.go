package selvtjek

import (
	"errors"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/internal/fault"
)

// FuzzFlow reads any text as a flow: it is refused with faults, or it is a flow that
// verifies and has its pages.
func FuzzFlow(f *testing.F) {
	f.Add([]byte(flow))
	f.Add([]byte("titel: T\nspoergsmaal:\n  - {id: sektor, svar: [stat, kommune, ved-ikke]}\nregler: []\n"))
	f.Add([]byte("titel: T\nregler:\n  - {id: a, naar: {beloeb: {over: 1, hoejst: -9223372036854775808}}, saa: ja}\n"))
	sound := fstest.MapFS{}
	for _, file := range txtar.Parse([]byte(site)).Files {
		sound[file.Name] = &fstest.MapFile{Data: file.Data}
	}
	now, err := content.ParseTime("2026-01-01")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		fsys := fstest.MapFS{"content/selvtjek/proeve/flow.yaml": &fstest.MapFile{Data: src}}
		for name, file := range sound {
			if fsys[name] == nil {
				fsys[name] = file
			}
		}
		tree, err := content.Load(fsys, now)
		var faults fault.List
		if err == nil {
			_, err = Load(tree)
		}
		if err != nil && !errors.As(err, &faults) {
			t.Errorf("not a fault: %v", err)
		}
	})
}

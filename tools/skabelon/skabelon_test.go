package skabelon

import (
	"os"
	"testing"
	"time"

	"kompetenceudvikling.dk/kompas/internal/content"
)

const base = "https://kompetenceudvikling.dk/"

// real gives the templates of the checkout.
func real(t testing.TB) []*Template {
	t.Helper()
	tree, err := content.Load(os.DirFS("../.."), time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	list, err := Load(tree)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func fonts(t testing.TB) *Fonts {
	t.Helper()
	f, err := NewFonts()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// SKABELON_OUT=folder writes every document there, to be looked at.
func TestWrite(t *testing.T) {
	dir := os.Getenv("SKABELON_OUT")
	if dir == "" {
		t.Skip("set SKABELON_OUT to a folder to get the documents")
	}
	f := fonts(t)
	for _, one := range real(t) {
		pdf, pages := one.PDF(f, base)
		docx, err := one.DOCX(base)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d pages, pdf %d, docx %d", one.ID, pages, len(pdf), len(docx))
		for name, data := range map[string][]byte{".pdf": pdf, ".docx": docx} {
			if err := os.WriteFile(dir+"/"+one.ID+name, data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

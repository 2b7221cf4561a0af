package content

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kompetenceudvikling.dk/kompas/internal/fault"
)

// What a document may not have in it is told by name; the hostile ones themselves are
// in internal/release/testdata/fjendtligt/filer.
func TestDocuments(t *testing.T) {
	dir := "../release/testdata/fjendtligt/filer/"
	for name, want := range map[string]string{
		"pdf-html.pdf":                  "", // a whole PDF, with HTML where it is not looked for
		"pdf-adresse.pdf":               "",
		"pdf-javascript.pdf":            "/JavaScript",
		"pdf-javascript-hex.pdf":        "/JavaScript",
		"pdf-javascript-pakket.pdf":     "/JavaScript",
		"pdf-javascript-hex-pakket.pdf": "/ObjStm",
		"pdf-start.pdf":                 "/Launch",
		"pdf-send.pdf":                  "/SubmitForm",
		"pdf-vedhaeftet.pdf":            "/EmbeddedFile",
		"pdf-laast.pdf":                 "/Encrypt",
		"html-som-pdf.pdf":              "kan ikke læses som .pdf",
		"html-pdf.pdf":                  "kan ikke læses som .pdf",
		"docx-ren.docx":                 "",
		"docx-html.docx":                "kan ikke læses som .docx",
		"docx-makro.docx":               "word/vbaProject.bin",
		"zip-som-docx.docx":             "kan ikke læses som .docx",
		"html-som-docx.docx":            "kan ikke læses som .docx",
	} {
		src, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		var faults fault.List
		checkDocument("content/"+name, src, &faults)
		got := ""
		if len(faults) > 0 {
			got = faults[0].Message
		}
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

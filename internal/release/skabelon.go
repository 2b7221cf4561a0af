package release

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/internal/site"
	"kompetenceudvikling.dk/kompas/tools/skabelon"
)

// allForms is the archive of every template in every format.
const allForms = "skabeloner/alle.zip"

// forms are the templates: their documents, and what their pages are drawn from.
type forms struct {
	files []skabelon.File     // by name from the root of the site
	data  map[string]formInfo // by address
}

// A formInfo is a template as its page and the list of templates show it.
type formInfo struct {
	For      string           `json:"til"`
	Duration string           `json:"tid"`
	Version  string           `json:"version"`
	Date     string           `json:"dato"`
	Lang     string           `json:"sprog"`
	DOCX     string           `json:"docx"` // size, "9 kB"
	PDF      string           `json:"pdf"`
	Pages    int              `json:"sider"` // of the PDF
	Blocks   []skabelon.Block `json:"blokke"`
	All      string           `json:"alle,omitempty"` // of the list: size of the archive
}

// Base gives the address of the site: the one asked for, else config.toml's.
func (in Input) Base() (string, error) {
	if in.BaseURL != "" {
		return in.BaseURL, nil
	}
	_, base, err := site.Settings(in.Look)
	return base, err
}

// makeForms writes the documents of every published template, in memory.
func makeForms(tree *content.Tree, in Input) (*forms, error) {
	templates, err := skabelon.Load(tree)
	if err != nil || len(templates) == 0 {
		return &forms{data: map[string]formInfo{}}, err
	}
	base, err := in.Base()
	if err != nil {
		return nil, err
	}
	fonts, err := skabelon.NewFonts()
	if err != nil {
		return nil, err
	}
	out := &forms{data: map[string]formInfo{}}
	var packed []skabelon.File
	for _, t := range templates {
		pdf, pages := t.PDF(fonts, base)
		docx, err := t.DOCX(base)
		if err != nil {
			return nil, fmt.Errorf("write template %s: %w", t.ID, err)
		}
		out.data[t.Path] = formInfo{
			For: t.For, Duration: t.Duration, Version: t.Version, Date: t.Date.In(content.Copenhagen()).Format("2006-01-02"), Lang: t.Lang,
			DOCX: size(docx), PDF: size(pdf), Pages: pages, Blocks: t.Blocks,
		}
		at := strings.TrimPrefix(t.Path, "/") + t.ID
		out.files = append(out.files, skabelon.File{Name: at + ".docx", Data: docx}, skabelon.File{Name: at + ".pdf", Data: pdf})
		packed = append(packed, skabelon.File{Name: t.ID + ".docx", Data: docx}, skabelon.File{Name: t.ID + ".pdf", Data: pdf})
	}
	all, err := skabelon.Zip(packed)
	if err != nil {
		return nil, err
	}
	out.files = append(out.files, skabelon.File{Name: allForms, Data: all})
	out.data["/skabeloner/"] = formInfo{All: size(all)}
	return out, nil
}

// size writes a file's size for a reader: "64 kB".
func size(data []byte) string {
	return fmt.Sprintf("%d\u00a0kB", (len(data)+999)/1000)
}

// write lays the documents in a site.
func (f *forms) write(dir string) error {
	var errs []error
	for _, file := range f.files {
		at := filepath.Join(dir, filepath.FromSlash(file.Name))
		errs = append(errs, os.MkdirAll(filepath.Dir(at), 0o755), os.WriteFile(at, file.Data, 0o644))
	}
	return errors.Join(errs...)
}

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/internal/fault"
	"kompetenceudvikling.dk/kompas/internal/release"
	"kompetenceudvikling.dk/kompas/tools/skabelon"
)

// skabelonCommand makes the Word and PDF files of one template, wherever its file lies.
func skabelonCommand(_ context.Context, c *call) error {
	s := c.source()
	c.baseURL(s)
	out := c.flags.String("out", ".", "mappen, filerne lægges i")
	if err := c.parse(2); err != nil {
		return err
	}
	if c.flags.NArg() != 2 || c.flags.Arg(0) != "build" {
		return usageError{"skriv, hvilken skabelon der skal laves", "brugen er: " + c.usage}
	}
	name := c.flags.Arg(1)
	if filepath.Ext(name) != ".md" {
		return usageError{name + " er ikke en skabelon", "en skabelon er en fil, der ender på .md"}
	}
	src, err := os.ReadFile(name)
	if err != nil {
		return usageError{"filen " + name + " kan ikke læses", "se efter, at navnet er skrevet rigtigt, og at det er en fil"}
	}
	t, err := s.template(name, src)
	if err != nil {
		return err
	}
	base, err := s.base()
	if err != nil {
		return err
	}
	if base, err = (release.Input{BaseURL: base, Look: newLook(s.dir)}).Base(); err != nil {
		return err
	}
	return c.writeTemplate(t, base, *out)
}

// template reads a template as if it lay in content/skabeloner.
func (s *source) template(name string, src []byte) (*skabelon.Template, error) {
	now, err := s.now()
	if err != nil {
		return nil, err
	}
	if err := s.exists(); err != nil {
		return nil, err
	}
	as := "content/skabeloner/" + filepath.Base(name)
	p, err := content.LoadPage(os.DirFS(s.dir), as, src, now)
	var faults, more fault.List
	if err != nil && !errors.As(err, &faults) {
		return nil, err
	}
	var t *skabelon.Template
	if p != nil && p.Kind == "skabelon" {
		t, err = skabelon.New(p)
		errors.As(err, &more)
	} else if p != nil {
		more.Add(as, 1, "siden er ikke en skabelon", "skriv slags: skabelon under params")
	}
	faults = append(faults, more...)
	for i := range faults {
		faults[i].File = strings.Replace(faults[i].File, as, filepath.ToSlash(name), 1)
	}
	faults.Sort()
	return t, faults.Err()
}

func (c *call) writeTemplate(t *skabelon.Template, base, dir string) error {
	fonts, err := skabelon.NewFonts()
	if err != nil {
		return err
	}
	pdf, pages := t.PDF(fonts, base)
	docx, err := t.DOCX(base)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return hint{err, "vælg en mappe, du må skrive i, med --out MAPPE"}
	}
	for _, f := range []skabelon.File{{Name: t.ID + ".docx", Data: docx}, {Name: t.ID + ".pdf", Data: pdf}} {
		at := filepath.Join(dir, f.Name)
		// Whole or not at all: a file that is open elsewhere is not left half written.
		if err := os.WriteFile(at+".tmp", f.Data, 0o644); err != nil {
			return hint{err, "vælg en mappe, du må skrive i, med --out MAPPE"}
		}
		if err := os.Rename(at+".tmp", at); err != nil {
			return hint{err, "luk filen, hvis den er åben i et andet program"}
		}
		fmt.Fprintf(c.stdout, "%s (%d kB)\n", filepath.ToSlash(at), (len(f.Data)+999)/1000)
	}
	word := "sider"
	if pages == 1 {
		word = "side"
	}
	fmt.Fprintf(c.stderr, "%d felter, %d %s som PDF\n", len(t.Fields()), pages, word)
	return nil
}

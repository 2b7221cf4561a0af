// Package release makes one whole release out of a source: checked content, HTML, the
// server's templates, the search index and a manifest. In go an fs.FS, an instant and
// what the program brings along; out comes a filled folder, or faults, or an error,
// and then nothing of the folder counts. It never activates, and never reads the clock.
package release

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/internal/fault"
	"kompetenceudvikling.dk/kompas/internal/site"
	"kompetenceudvikling.dk/kompas/internal/store"
	"kompetenceudvikling.dk/kompas/tools/selvtjek"
)

// An Input is all that a release depends on: equal inputs give equal site/ folders.
type Input struct {
	Source  fs.FS             // holds content/
	Look    fs.FS             // layouts/, assets/, config.toml
	Now     time.Time         // what is published, and which rates hold
	Commit  string            // full hash, "" for a working folder
	Before  map[string]string // addresses that were answered before -> file; none may be lost
	Earlier []*selvtjek.Flow  // the self-checks before their rules were last changed; may be nil
	Edits   map[string][]Edit // content file -> its changes, newest first; nil outside git
	Program string            // hash of the program
	BaseURL string            // "" for config.toml's
	Cache   string            // a folder for Hugo's caches
	Last    string            // folder of an earlier release, whose compressed files may be linked; may be ""
	Plain   bool              // no .br and .gz beside the files
	Strict  bool              // warnings are faults
	Ahead   bool              // check the dates ahead too
	Draft   bool              // marked as a draft on every page, and not for search engines
}

// Make fills dir with a release. A fault.List as error means that the content is
// refused. The warnings that did not stop it come back beside the manifest.
func Make(ctx context.Context, in Input, dir string) (*store.Manifest, fault.List, error) {
	tree, flows, docs, err := render(ctx, in, dir)
	if err != nil {
		return nil, nil, err
	}
	if err := index(ctx, tree, docs, dir); err != nil {
		return nil, nil, err
	}
	m, err := manifest(in, tree, dir)
	if err != nil {
		return nil, nil, err
	}
	m.Next = next(tree, flows).UTC()
	if !in.Plain {
		if err := encode(m, dir, in.Last); err != nil {
			return nil, nil, err
		}
	}
	if err := store.WriteManifest(dir, m); err != nil {
		return nil, nil, err
	}
	return m, tree.Warnings, nil
}

// Check does all of Make but the index, in a folder of its own, and gives the faults
// and warnings. An error is something else than a fault.
func Check(ctx context.Context, in Input) (fault.List, error) {
	dir, err := os.MkdirTemp("", "kompas-check-")
	if err != nil {
		return nil, fmt.Errorf("make folder: %w", err)
	}
	defer os.RemoveAll(dir)
	tree, _, _, err := render(ctx, in, dir)
	if faults := (fault.List)(nil); errors.As(err, &faults) {
		return faults, nil
	}
	if err != nil {
		return nil, err
	}
	return tree.Warnings, nil
}

// render loads the content and writes site/ and pages/ below dir.
func render(ctx context.Context, in Input, dir string) (*content.Tree, []*selvtjek.Flow, []doc, error) {
	tree, err := content.Load(in.Source, in.Now)
	if err != nil {
		return nil, nil, nil, err
	}
	if err := tree.CheckKept(in.Before); err != nil {
		return nil, nil, nil, err
	}
	if in.Strict && len(tree.Warnings) > 0 {
		tree.Warnings.Strict()
		return nil, nil, nil, tree.Warnings
	}
	flows, err := selvtjek.Load(tree)
	if err != nil {
		return nil, nil, nil, err
	}
	if in.Ahead {
		if err := checkAhead(tree, flows); err != nil {
			return nil, nil, nil, err
		}
	}
	forms, err := makeForms(tree, in)
	if err != nil {
		return nil, nil, nil, err
	}
	files, err := project(tree, flows, forms, in)
	if err != nil {
		return nil, nil, nil, err
	}
	out := filepath.Join(dir, "site")
	err = site.Render(ctx, site.Project{Look: in.Look, Files: files, BaseURL: in.BaseURL, Cache: in.Cache}, out)
	if err != nil {
		return nil, nil, nil, blame(err)
	}
	if err := errors.Join(besides(tree, flows, forms, out), securityText(tree, in.BaseURL, out)); err != nil {
		return nil, nil, nil, fmt.Errorf("write files beside the pages: %w", err)
	}
	docs, err := readSite(out)
	if err != nil {
		return nil, nil, nil, err
	}
	if err := checkSite(tree, flows, docs, out, in.BaseURL); err != nil {
		return nil, nil, nil, err
	}
	if err := serverPages(dir); err != nil {
		return nil, nil, nil, err
	}
	return tree, flows, docs, nil
}

// besides writes what is not HTML: calendars, the spreadsheet, the self-checks' tables,
// the templates' documents.
func besides(tree *content.Tree, flows []*selvtjek.Flow, forms *forms, dir string) error {
	return errors.Join(
		roundsCalendar(tree.Data, dir),
		yearCalendar(tree.Data, tree.Now, dir),
		eventCalendars(tree, dir),
		overview(tree, dir),
		flowFiles(flows, dir),
		forms.write(dir))
}

// blame turns an error of Hugo that names a content file into a fault.
func blame(err error) error {
	var e *site.Error
	if !errors.As(err, &e) || !strings.HasPrefix(e.File, "content/") {
		return err
	}
	var faults fault.List
	faults.Add(e.File, e.Line, "siden kan ikke vises: "+e.Err.Error(), "se på linjen; hjælper det ikke, så send beskeden til den, der passer programmet")
	return faults
}

// project gives the files Hugo reads beside the look: published pages, data, and what
// is worked out here (data/afledt.json).
// A generatedPage is one that no editor wrote as it stands: its layout makes it.
// generated gives the program's own pages: the server's, each pool on a printed page
// of its own, and those of the self-checks.
// derive works out what the templates must not: the value of each rate on the day, and
// the dates of change.
// serverPages moves the templates that the server fills out of the site, and leaves a
// search page that plain hosts can serve.
func serverPages(dir string) error {
	at := filepath.Join(dir, "site", "soeg", "index.html")
	src, err := os.ReadFile(at)
	if err != nil {
		return fmt.Errorf("read search page: %w", err)
	}
	t, err := template.New("soeg").Delims("[[", "]]").Parse(string(src))
	if err != nil {
		return fmt.Errorf("parse search page: %w", err)
	}
	var plain bytes.Buffer
	if err := t.Execute(&plain, map[string]any{"Static": true}); err != nil {
		return fmt.Errorf("fill search page: %w", err)
	}
	pages := filepath.Join(dir, "pages")
	if err := os.MkdirAll(pages, 0o755); err != nil {
		return err
	}
	gone := filepath.Join(dir, "site", "gone")
	return errors.Join(
		os.WriteFile(filepath.Join(pages, "soeg.html"), src, 0o644),
		os.WriteFile(at, plain.Bytes(), 0o644),
		os.Rename(filepath.Join(gone, "index.html"), filepath.Join(pages, "410.html")),
		os.RemoveAll(gone))
}

// Hash names what a release is made from: the names and bytes of content/ in source and
// of all of look. The instant and the program are not part of it.

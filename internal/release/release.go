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
	"runtime"
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
	Step    func(part string) // if set, hears of each of Parts before it begins
}

// Parts are what making a release is made up of, in order.
var Parts = []string{"check", "render", "read", "index", "export", "hash", "encode"}

func (in Input) step(part string) {
	if in.Step != nil {
		in.Step(part)
	}
}

// Make fills dir with a release. A fault.List as error means that the content is
// refused. The warnings that did not stop it come back beside the manifest.
func Make(ctx context.Context, in Input, dir string) (*store.Manifest, fault.List, error) {
	defer slack()()
	r, err := render(ctx, in, dir, false)
	if err != nil {
		return nil, nil, err
	}
	m, err := r.finish(ctx, in, dir)
	return m, r.tree.Warnings, err
}

// slack lets garbage lie until there is more of it than usual, until the function it gives
// is called: the memory it asks for is never touched, but the collector counts it as in
// use. (A limit would make the collector run without end for a site that needs more.)
func slack() func() {
	untouched := make([]byte, 200<<20)
	return func() { runtime.KeepAlive(untouched) }
}

// finish makes the rest of the release: index, manifest, encoded files.
func (r *rendered) finish(ctx context.Context, in Input, dir string) (*store.Manifest, error) {
	if err := index(ctx, in, r.tree, r.docs, dir); err != nil {
		return nil, err
	}
	in.step("hash")
	m, err := manifest(in, r.tree, r.source, dir)
	if err != nil {
		return nil, err
	}
	m.Next = next(r.tree, r.flows).UTC()
	if !in.Plain {
		in.step("encode")
		if err := encode(m, dir, in.Last); err != nil {
			return nil, err
		}
	}
	if err := store.WriteManifest(dir, m); err != nil {
		return nil, err
	}
	return m, nil
}

// Check does all of Make but the index, in a folder of its own, and gives the faults
// and warnings. An error is something else than a fault.
func Check(ctx context.Context, in Input) (fault.List, error) {
	defer slack()()
	dir, err := os.MkdirTemp("", "kompas-check-")
	if err != nil {
		return nil, fmt.Errorf("make folder: %w", err)
	}
	defer os.RemoveAll(dir)
	r, err := render(ctx, in, dir, false)
	if faults := (fault.List)(nil); errors.As(err, &faults) {
		return faults, nil
	}
	if err != nil {
		return nil, err
	}
	return r.tree.Warnings, nil
}

// A rendered release has site/ and pages/; here is what they were made of.
type rendered struct {
	tree   *content.Tree
	flows  []*selvtjek.Flow
	forms  *forms
	files  map[string][]byte // as Hugo was given them
	docs   []doc
	source string     // its hash
	site   *site.Live // nil unless it was to be kept
}

// render loads the content and writes site/ and pages/ below dir.
func render(ctx context.Context, in Input, dir string, keep bool) (_ *rendered, err error) {
	r := &rendered{}
	in.step("check")
	if err := r.load(in); err != nil {
		return nil, err
	}
	in.step("render")
	if r.files, err = project(r.tree, r.flows, r.forms, in); err != nil {
		return nil, err
	}
	out, p := filepath.Join(dir, "site"), site.Project{Look: in.Look, Files: r.files, BaseURL: in.BaseURL, Cache: in.Cache}
	if !keep {
		err = site.Render(ctx, p, out)
	} else if r.site, err = site.Open(ctx, p, out); err == nil {
		defer func() {
			if err != nil {
				err = errors.Join(err, r.site.Close())
			}
		}()
	}
	if err != nil {
		return nil, blame(err)
	}
	if err := errors.Join(besides(r.tree, r.flows, r.forms, out), securityText(r.tree, in.BaseURL, out)); err != nil {
		return nil, fmt.Errorf("write files beside the pages: %w", err)
	}
	in.step("read")
	if r.docs, err = readSite(out); err != nil {
		return nil, err
	}
	if err := checkSite(r.tree, r.flows, r.docs, out, in.BaseURL); err != nil {
		return nil, err
	}
	if err := serverPages(dir); err != nil {
		return nil, err
	}
	return r, ctx.Err()
}

// load reads and checks the content, the self-checks and the templates.
func (r *rendered) load(in Input) (err error) {
	source, unread := Hash(in.Source, in.Look) // first: what is saved from here on makes the release stale, not wrong
	if r.tree, err = content.Load(in.Source, in.Now); err != nil {
		return err
	}
	if r.source = source; unread != nil {
		return unread
	}
	if err := r.tree.CheckKept(in.Before); err != nil {
		return err
	}
	if r.flows, err = selvtjek.Load(r.tree); err != nil {
		return err
	}
	if in.Strict && len(r.tree.Warnings) > 0 {
		r.tree.Warnings.Strict()
		return r.tree.Warnings
	}
	if in.Ahead {
		if err := checkAhead(r.tree, r.flows); err != nil {
			return err
		}
	}
	r.forms, err = makeForms(r.tree, in)
	return err
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

// Package publish turns a push into a live release. In go a bare repository, a store,
// a program and a clock; out come releases that are right for the commit wanted at the
// instant it is, and Danish words to whoever pushed. A hook only ever asks for what is
// right (Reconcile): it never makes its own push live. The git binary receives; but for
// Init, this package never writes to the repository.
package publish

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"kompetenceudvikling.dk/kompas/internal/fault"
	"kompetenceudvikling.dk/kompas/internal/release"
	"kompetenceudvikling.dk/kompas/internal/repo"
	"kompetenceudvikling.dk/kompas/internal/store"
)

// Main is the branch that is the site.
const Main = "main"

// A Publisher keeps one store right for one repository.
type Publisher struct {
	Store    *store.Store
	Settings store.Settings
	Program  string           // hash of the running program
	Look     fs.FS            // its layouts, assets and config.toml
	Now      func() time.Time // the clock
	Out      io.Writer        // what the person at the other end reads, in Danish
	Step     func(string)     // hears of each step before the next begins; may be nil

	spoilt []string // releases that could not be shown: they are right for nothing
}

// Open finds what init wrote in the store at dir.
func Open(dir string) (*Publisher, error) {
	if _, err := os.Stat(filepath.Join(dir, store.SettingsFile)); errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotSetUp // and no store is made there
	}
	s, err := store.Open(dir)
	if err != nil {
		return nil, err
	}
	settings, err := s.Settings()
	if err != nil {
		return nil, err
	}
	return &Publisher{Store: s, Settings: settings, Now: time.Now, Out: io.Discard}, nil
}

// ErrNotSetUp says that a folder is no store that Init made.
var ErrNotSetUp = errors.New("store is not set up")

func (p *Publisher) step(name string) {
	if p.Step != nil {
		p.Step(name)
	}
}

func (p *Publisher) say(format string, args ...any) { fmt.Fprintf(p.Out, format+"\n", args...) }

// now is the clock in whole seconds: ids of releases tell no more.
func (p *Publisher) now() time.Time { return p.Now().UTC().Truncate(time.Second) }

const patience = time.Second

// lock takes the store's lock, and says so when somebody else has it for long.
func (p *Publisher) lock(ctx context.Context) (func(), error) {
	short, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	unlock, err := p.Store.Lock(short)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		p.say("En anden udgivelse er i gang. Venter på den ...")
		unlock, err = p.Store.Lock(ctx)
	}
	if err != nil {
		return nil, err
	}
	p.Store.Step = p.Step
	p.step("laast")
	return unlock, nil
}

func (p *Publisher) cache(name string) string { return filepath.Join(p.Store.Dir(), "cache", name) }

// A target is what a branch is published to.
type target struct {
	store   *store.Store
	baseURL string
	draft   bool
}

func (p *Publisher) site() target { return target{store: p.Store, baseURL: p.Settings.BaseURL} }

// make fills a new release of a commit in the target's store and does not activate it.
// before are the addresses that must still be answered.
func (p *Publisher) make(ctx context.Context, r *repo.Repo, commit string, before map[string]string, t target, now time.Time) (*store.Manifest, fault.List, error) {
	in, err := p.input(r, commit, now)
	if err != nil {
		return nil, nil, err
	}
	in.Before, in.BaseURL, in.Draft = before, t.baseURL, t.draft
	if live, err := t.store.Current(); err == nil && live != "" {
		in.Last = t.store.Path(live)
	}
	var m *store.Manifest
	var warnings fault.List
	_, err = t.store.Add(func(tmp string) (string, error) {
		var err error
		if m, warnings, err = release.Make(ctx, in, tmp); err != nil {
			return "", err
		}
		return m.ID, nil
	})
	return m, warnings, err
}

func (p *Publisher) input(r *repo.Repo, commit string, now time.Time) (release.Input, error) {
	in := release.Input{Look: p.Look, Now: now, Commit: commit, Program: p.Program, Cache: p.cache("hugo"), Ahead: true}
	fsys, err := r.Commit(commit)
	if err != nil {
		return in, err
	}
	past, err := ReadPast(r, commit, "", p.cache("historik.json"), now)
	if err != nil {
		return in, err
	}
	in.Source, in.Edits, in.Earlier = fsys, past.Edits, past.Earlier
	return in, nil
}

// short is a commit as people write it.
func short(commit string) string { return commit[:min(8, len(commit))] }

func seconds(d time.Duration) string {
	return strings.Replace(fmt.Sprintf("%.1f s", d.Seconds()), ".", ",", 1)
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"

	"kompetenceudvikling.dk/kompas/internal/fault"
	"kompetenceudvikling.dk/kompas/internal/release"
	"kompetenceudvikling.dk/kompas/internal/store"
	"kompetenceudvikling.dk/kompas/internal/web"
)

// A watcher shows the site as its files are. When texts alone have changed, their pages
// are shown at once; the whole site, search included, is made when there is quiet.
type watcher struct {
	*call
	source  *source
	store   *store.Store
	preview *web.Preview

	id   string        // of the release that is shown; "" for none
	live *release.Live // the same, as it is remembered; nil for none

	building chan built         // nil when nothing is being built
	stop     context.CancelFunc // of what is being built
}

// A built release, or why there is none.
type built struct {
	id       string
	live     *release.Live
	warnings fault.List
	took     time.Duration
	err      error
}

func (w *watcher) input() (release.Input, error) {
	in, err := w.source.input()
	in.Plain = true
	return in, err
}

// build makes a release. It touches nothing that is shown.
func (w *watcher) build(ctx context.Context, in release.Input) (b built) {
	began := time.Now()
	b.id, b.err = w.store.Add(func(tmp string) (string, error) {
		live, m, warnings, err := release.MakeLive(ctx, in, tmp)
		if err != nil {
			return "", err
		}
		b.live, b.warnings = live, warnings
		return m.ID, nil
	})
	b.took = time.Since(began)
	return b
}

// rebuild makes a release and shows it.
func (w *watcher) rebuild(ctx context.Context) error {
	in, err := w.input()
	if err != nil {
		return err
	}
	return w.show(w.build(ctx, in), w.preview.Show)
}

// show puts a release on the air by way of put. Faults are told and shown; the last good
// site stays up.
func (w *watcher) show(b built, put func(dir string) error) error {
	if faults := (fault.List)(nil); errors.As(b.err, &faults) {
		fmt.Fprintln(w.stderr, faults)
		w.preview.Refuse(faults)
		return nil
	}
	if b.err != nil {
		return errors.Join(b.err, b.live.Close())
	}
	for _, warning := range b.warnings {
		fmt.Fprintln(w.stderr, warning)
	}
	err := w.live.Close()
	w.id, w.live = b.id, b.live
	err = errors.Join(err, w.store.Activate(b.id), put(w.store.Path(b.id)))
	if _, also := w.store.Prune(1, time.Time{}); err != nil || also != nil {
		return errors.Join(err, also)
	}
	fmt.Fprintf(w.stderr, "bygget på %s\n", seconds(b.took))
	return nil
}

// texts shows what has changed if that is texts of pages alone, and tells whether it
// was. Of faults a whole build tells.
func (w *watcher) texts() bool {
	began := time.Now()
	in, err := w.input()
	if err != nil || w.live == nil {
		return false
	}
	files, ok, err := w.live.Texts(in, w.store.Path(w.id))
	if err != nil || !ok {
		return false
	}
	w.preview.Edit(files)
	fmt.Fprintf(w.stderr, "teksten vises (%s); søgningen følger om lidt\n", seconds(time.Since(began)))
	return true
}

const (
	quiet  = 60 * time.Millisecond // the files must lie still before they are read: editors save in steps
	settle = time.Second           // and this long before a whole site is made of texts that are shown
)

// watch shows what notes tell of until ctx ends.
func (w *watcher) watch(ctx context.Context, notes *fsnotify.Watcher) error {
	defer w.end()
	var due, whole <-chan time.Time
	put := w.preview.Show
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-notes.Errors:
			if !errors.Is(err, fsnotify.ErrEventOverflow) { // more changed than it can tell of: look at all
				return fmt.Errorf("watch files: %w", err)
			}
			due = time.After(quiet)
		case e := <-notes.Events:
			if !e.Has(fsnotify.Chmod) {
				due = time.After(quiet)
			}
		case <-due:
			due = nil
			if err := w.follow(notes); err != nil { // new folders
				return err
			}
			if w.building != nil {
				w.stop() // it is made of files that were
			}
			if put, whole = w.preview.Show, time.After(0); w.texts() {
				put, whole = w.preview.Settle, time.After(settle)
			}
		case <-whole:
			if whole = nil; !w.begin(ctx) {
				whole = time.After(quiet)
			}
		case b := <-w.building:
			w.stop()
			w.building = nil
			if whole != nil || due != nil { // another is on its way
				_ = b.live.Close()
			} else if err := w.show(b, put); err != nil {
				fmt.Fprintf(w.stderr, "kompas serve: %v\n", err)
			}
		}
	}
}

// begin starts to build the site beside the one that is shown, unless one that was
// stopped has not ended yet.
func (w *watcher) begin(ctx context.Context) bool {
	if w.building != nil {
		return false
	}
	building := make(chan built, 1)
	w.building = building
	ctx, w.stop = context.WithCancel(ctx)
	if in, err := w.input(); err != nil {
		building <- built{err: err}
	} else {
		go func() { building <- w.build(ctx, in) }()
	}
	return true
}

// end waits for what is being built, and forgets it.
func (w *watcher) end() {
	if w.building != nil {
		w.stop()
		_ = (<-w.building).live.Close()
	}
}

// follow watches every folder that the site is made from.
func (w *watcher) follow(notes *fsnotify.Watcher) error {
	if err := notes.Add(w.source.dir); err != nil {
		return fmt.Errorf("watch %s: %w", w.source.dir, err)
	}
	for _, top := range []string{"content", "layouts", "assets"} {
		err := filepath.WalkDir(filepath.Join(w.source.dir, top), func(name string, e fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err != nil || !e.IsDir() {
				return err
			}
			return followFolder(notes, name)
		})
		if err != nil {
			return fmt.Errorf("watch %s: %w", top, err)
		}
	}
	return nil
}

// followFolder watches a folder, unless it is gone again.
func followFolder(notes *fsnotify.Watcher, name string) error {
	if err := notes.Add(name); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"

	"kompetenceudvikling.dk/kompas/internal/fault"
	"kompetenceudvikling.dk/kompas/internal/release"
	"kompetenceudvikling.dk/kompas/internal/store"
	"kompetenceudvikling.dk/kompas/internal/web"
)

func serve(ctx context.Context, c *call) error {
	s := c.source()
	addr := c.flags.String("addr", "127.0.0.1:8080", "adressen, der lyttes på; port 0 er en fri port")
	live := c.production()
	if err := c.parse(0); err != nil {
		return err
	}
	if live.store != "" {
		live.addr = *addr
		return serveStore(ctx, c, live)
	}
	if _, err := s.input(); err != nil {
		return err
	}
	listener, err := listen(*addr)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "kompas-serve-")
	if err != nil {
		return fmt.Errorf("make store: %w", err)
	}
	defer os.RemoveAll(dir)
	releases, err := store.OpenTemporary(dir)
	if err != nil {
		return err
	}
	preview := web.NewPreview(lookOf(s.dir))
	defer preview.Close()
	w := &watcher{c, s, releases, preview}
	fmt.Fprintln(c.stderr, "Bygger webstedet. Vent på adressen ...")
	if err := w.rebuild(ctx); err != nil {
		return err
	}
	fmt.Fprintf(c.stdout, "http://%s/\n", listener.Addr())
	serving, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	go func() { stop(w.watch(serving)) }()
	context.AfterFunc(serving, preview.Stop) // open event streams would hold the shutdown back
	err = web.Serve(serving, listener, preview, web.Options{})
	if cause := context.Cause(serving); ctx.Err() == nil {
		err = errors.Join(err, cause)
	}
	return err
}

const inUseOnWindows = syscall.Errno(10048) // WSAEADDRINUSE, which syscall.EADDRINUSE is not

func listen(addr string) (net.Listener, error) {
	if _, _, err := net.SplitHostPort(addr); err != nil {
		return nil, usageError{fmt.Sprintf("%q er ikke en adresse at lytte på", addr), "skriv vært og port, fx --addr 127.0.0.1:8080"}
	}
	l, err := net.Listen("tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, inUseOnWindows) {
		return nil, hint{fmt.Errorf("porten i %s er optaget", addr), "luk det andet program, eller vælg en fri port med --addr 127.0.0.1:0"}
	}
	if err != nil {
		return nil, hint{fmt.Errorf("kan ikke lytte på %s: %w", addr, err), "vælg en anden adresse med --addr"}
	}
	return l, nil
}

// A watcher builds the site again when its files change.
type watcher struct {
	*call
	source  *source
	store   *store.Store
	preview *web.Preview
}

// rebuild makes and shows a release. Faults are told and shown; the last good site
// stays up.
func (w *watcher) rebuild(ctx context.Context) error {
	began := time.Now()
	in, err := w.source.input()
	if err != nil {
		return err
	}
	in.Plain = true
	id, err := w.store.Add(func(tmp string) (string, error) {
		m, warnings, err := release.Make(ctx, in, tmp)
		if err != nil {
			return "", err
		}
		for _, warning := range warnings {
			fmt.Fprintln(w.stderr, warning)
		}
		return m.ID, nil
	})
	if faults := (fault.List)(nil); errors.As(err, &faults) {
		fmt.Fprintln(w.stderr, faults)
		w.preview.Refuse(faults)
		return nil
	}
	if err != nil {
		return err
	}
	err = errors.Join(w.store.Activate(id), w.preview.Show(w.store.Path(id)))
	if _, also := w.store.Prune(1, time.Time{}); err != nil || also != nil {
		return errors.Join(err, also)
	}
	fmt.Fprintf(w.stderr, "bygget på %s\n", seconds(time.Since(began)))
	return nil
}

// quiet is how long the files must lie still before a build: editors save in steps.
const quiet = 60 * time.Millisecond

// watch rebuilds until ctx ends.
func (w *watcher) watch(ctx context.Context) error {
	notes, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("watch files: %w", err)
	}
	defer notes.Close()
	if err := w.follow(notes); err != nil {
		return err
	}
	var due <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-notes.Errors:
			return fmt.Errorf("watch files: %w", err)
		case e := <-notes.Events:
			if !e.Has(fsnotify.Chmod) {
				due = time.After(quiet)
			}
		case <-due:
			due = nil
			if err := w.follow(notes); err != nil { // new folders
				return err
			}
			if err := w.rebuild(ctx); err != nil {
				fmt.Fprintf(w.stderr, "kompas serve: %v\n", err)
			}
		}
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
			return notes.Add(name)
		})
		if err != nil {
			return fmt.Errorf("watch %s: %w", top, err)
		}
	}
	return nil
}

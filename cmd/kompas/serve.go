package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"

	"github.com/fsnotify/fsnotify"

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
	w := &watcher{call: c, source: s, store: releases, preview: preview}
	defer func() { _ = w.live.Close() }()
	notes, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("watch files: %w", err)
	}
	defer notes.Close()
	if err := w.follow(notes); err != nil { // before the first build: what changes meanwhile counts
		return err
	}
	fmt.Fprintln(c.stderr, "Bygger webstedet. Vent på adressen ...")
	if err := w.rebuild(ctx); err != nil {
		return err
	}
	fmt.Fprintf(c.stdout, "http://%s/\n", listener.Addr())
	serving, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	watched := make(chan struct{})
	go func() { defer close(watched); stop(w.watch(serving, notes)) }()
	context.AfterFunc(serving, preview.Stop) // open event streams would hold the shutdown back
	err = web.Serve(serving, listener, preview, web.Options{})
	cause := context.Cause(serving)
	stop(nil)
	<-watched
	if ctx.Err() == nil {
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

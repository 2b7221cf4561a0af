package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"kompetenceudvikling.dk/kompas/internal/release"
	"kompetenceudvikling.dk/kompas/internal/store"
)

func build(ctx context.Context, c *call) error {
	s := c.source()
	c.baseURL(s)
	out := c.flags.String("out", "build", "mappen, der skrives til; den må være ny, tom eller et tidligere resultat")
	if err := c.parse(0); err != nil {
		return err
	}
	in, err := s.input()
	if err != nil {
		return err
	}
	dir, err := outDir(*out, s.dir)
	if err != nil {
		return err
	}
	in.Last = dir // what it holds now
	began := time.Now()
	var m *store.Manifest
	err = store.Replace(dir, func(tmp string) error {
		made, warnings, err := release.Make(ctx, in, tmp)
		if err != nil {
			return err
		}
		for _, w := range warnings {
			fmt.Fprintln(c.stderr, w)
		}
		m = made
		return nil
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(c.stderr, "bygget på %s\n", seconds(time.Since(began)))
	fmt.Fprintf(c.stdout, "%s: %d sider, %d filer\n", *out, m.Counts.Pages, m.Counts.Files)
	return nil
}

// outDir gives the absolute folder to write to, or refuses one that holds anything else
// than a build, or that lies in the way of the source.
func outDir(out, sourceDir string) (string, error) {
	dir, err := filepath.Abs(out)
	if err != nil {
		return "", fmt.Errorf("find %s: %w", out, err)
	}
	src, err := filepath.Abs(sourceDir)
	if err != nil {
		return "", fmt.Errorf("find %s: %w", sourceDir, err)
	}
	refuse := func(why string) error {
		return usageError{fmt.Sprintf("--out %s: %s", out, why), "vælg en ny mappe, fx --out build"}
	}
	if inside(dir, src) {
		return "", refuse("kilden ligger i den mappe")
	}
	for _, name := range []string{"content", "layouts", "assets", ".git"} {
		if inside(filepath.Join(src, name), dir) {
			return "", refuse("det er en del af kilden")
		}
	}
	switch err := store.MayReplace(dir); {
	case errors.Is(err, store.ErrNotOurs):
		return "", refuse("mappen er ikke tom, og det er ikke noget, kompas har bygget")
	case errors.Is(err, store.ErrNotDir):
		return "", refuse("det er en fil")
	case err != nil:
		return "", err
	}
	return dir, nil
}

// inside tells whether dir is outer or lies below it.
func inside(outer, dir string) bool {
	rel, err := filepath.Rel(outer, dir)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// seconds writes a duration the Danish way: 0,43 s.
func seconds(d time.Duration) string {
	return strings.Replace(fmt.Sprintf("%.2f s", d.Seconds()), ".", ",", 1)
}

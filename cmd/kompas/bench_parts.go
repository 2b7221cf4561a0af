package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"kompetenceudvikling.dk/kompas/internal/bench"
	"kompetenceudvikling.dk/kompas/internal/release"
	"kompetenceudvikling.dk/kompas/internal/store"
)

// publishes measures the push of a whole site of n pages to a place that has none, until
// it is live: git, the hooks and what they start, all of it.
func (b *benchmark) publishes(ctx context.Context, n int) error {
	clone, repo, releases := filepath.Join(b.work, "klon.git"), filepath.Join(b.work, "lager.git"), filepath.Join(b.work, "udgivelser")
	clear := func(dirs ...string) error {
		var err error
		for _, dir := range dirs {
			err = errors.Join(err, os.RemoveAll(dir))
		}
		return err
	}
	git := func(args ...string) (bench.Cost, error) {
		return bench.Run(ctx, b.work, "git", append([]string{"--git-dir", clone, "--work-tree", b.source(n), "-c", "user.name=prøve", "-c", "user.email=proeve@example.dk"}, args...)...)
	}
	for _, args := range [][]string{{"init", "-q", "-b", "main"}, {"add", "content"}, {"commit", "-q", "-m", "alt"}} {
		if _, err := git(args...); err != nil {
			return err
		}
	}
	var costs []bench.Cost
	for range b.runs {
		if err := clear(repo, releases); err != nil {
			return err
		}
		if _, err := bench.Run(ctx, b.work, b.program, "publish", "init", repo, releases, "--base-url", "https://kompas.example/"); err != nil {
			return err
		}
		cost, err := git("push", "-q", repo, "main")
		if err != nil {
			return err
		}
		costs = append(costs, cost)
	}
	s, err := store.Open(releases)
	if err != nil {
		return err
	}
	if live, err := s.Current(); err != nil || live == "" {
		return errors.Join(errors.New("publish: nothing is live"), err)
	}
	size, err := bench.Size(releases)
	if err != nil {
		return err
	}
	b.row(n, "git push, til alt er ude", median(costs), size)
	return clear(clone, repo, releases)
}

// partNames are the parts of a build as the table has them.
var partNames = map[string]string{
	"check": "læse og tjekke", "render": "Hugo", "read": "læse siderne", "index": "indeks", "export": "søgning på filer", "hash": "manifest", "encode": "pakke",
}

// parts tells what the parts of a build cost, by one build of each size in this process.
func (b *benchmark) parts(ctx context.Context) error {
	fmt.Fprint(b.stdout, "\n| sider | ")
	for _, part := range release.Parts {
		fmt.Fprintf(b.stdout, "%s | ", partNames[part])
	}
	fmt.Fprintf(b.stdout, "CPU pr. side mod %d sider |\n|---:|", b.sizes[0])
	for range len(release.Parts) + 1 {
		fmt.Fprint(b.stdout, "---:|")
	}
	fmt.Fprintln(b.stdout)
	for i, n := range b.sizes {
		took, err := b.partsOf(ctx, n)
		if err != nil {
			return err
		}
		fmt.Fprintf(b.stdout, "| %d | ", n)
		for _, part := range release.Parts {
			fmt.Fprintf(b.stdout, "%.2f s | ", took[part].Seconds())
		}
		fmt.Fprintf(b.stdout, "%.2f |\n", b.cost[i]/b.cost[0])
	}
	return nil
}

func (b *benchmark) partsOf(ctx context.Context, n int) (map[string]time.Duration, error) {
	s := &source{dir: b.source(n)}
	in, err := s.input()
	if err != nil {
		return nil, err
	}
	took, part, since := map[string]time.Duration{}, "", bench.Used()
	in.Step = func(next string) {
		now := bench.Used()
		took[part] += now - since
		part, since = next, now
	}
	dir := filepath.Join(b.work, "dele")
	defer os.RemoveAll(dir)
	if _, _, err := release.Make(ctx, in, dir); err != nil {
		return nil, err
	}
	in.Step("")
	return took, nil
}

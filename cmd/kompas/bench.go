package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"kompetenceudvikling.dk/kompas"
	"kompetenceudvikling.dk/kompas/internal/bench"
	"kompetenceudvikling.dk/kompas/internal/store"
	"kompetenceudvikling.dk/kompas/internal/syntetisk"
	"kompetenceudvikling.dk/kompas/internal/web"
)

func benchCommand(ctx context.Context, c *call) error {
	sizes := c.flags.String("pages", "300,1000", "antal sider, med komma imellem")
	against := c.flags.String("against", "", "programmer at måle op mod, hvis de er her: hugo,pagefind,nginx,caddy")
	runs := c.flags.Int("runs", 3, "gange, hver ting måles; tabellen har medianen")
	secs := c.flags.Int("seconds", 5, "sekunder for hver prøve af en server")
	served := c.flags.String("serve", "", "vis kun et færdigt resultat fra kompas build, til prøver med andre værktøjer")
	addr := c.flags.String("addr", "127.0.0.1:0", "adressen, --serve lytter på")
	answers := c.flags.Bool("answers", false, "vis i stedet, hvad serverne svarer på de samme forespørgsler")
	searched := c.flags.String("search", "", "mål kun søgningen i et færdigt resultat fra kompas build")
	queries := c.flags.String("queries", "", "søgninger til --search, en på hver linje")
	index := c.flags.String("index", "", "lav kun indekset af et færdigt resultat om, og smid det væk")
	write := c.flags.String("write", "", "skriv kun de opdigtede sider til en ny mappe, til prøver med andre værktøjer")
	if err := c.parse(0); err != nil {
		return err
	}
	if *served != "" {
		return serveRelease(ctx, c, *served, *addr)
	}
	if *searched != "" {
		return benchSearch(ctx, c, *searched, *queries)
	}
	if *index != "" {
		return makeIndex(ctx, *index)
	}
	if *runs < 1 {
		return usageError{fmt.Sprintf("--runs %d: der må måles mindst én gang", *runs), "skriv fx --runs 3"}
	}
	b := &benchmark{call: c, seconds: *secs, runs: *runs}
	for field := range strings.SplitSeq(*sizes, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(field))
		if err != nil || n < 1 || n > 100000 {
			return usageError{fmt.Sprintf("%q er ikke et antal sider", field), "skriv fx --pages 300,1000,10000"}
		}
		b.sizes = append(b.sizes, n)
	}
	if *write != "" {
		return bench.Write(syntetisk.Site(1, b.sizes[0]), *write)
	}
	for _, name := range strings.FieldsFunc(*against, func(r rune) bool { return r == ',' || r == ' ' }) {
		if !slices.Contains([]string{"hugo", "pagefind", "nginx", "caddy"}, name) {
			return usageError{fmt.Sprintf("%q er ikke et program, kompas kan måle op mod", name), "vælg mellem hugo, pagefind, nginx og caddy"}
		}
		if _, err := exec.LookPath(name); err != nil {
			return hint{fmt.Errorf("%s er ikke her på maskinen", name), "installer det, eller tag det ud af --against"}
		}
		b.against = append(b.against, name)
	}
	if *answers {
		b.sizes = []int{20}
		return b.within(ctx, b.answers)
	}
	return b.within(ctx, b.run)
}

// serveRelease serves a finished build as a server would: for load from other tools.
func serveRelease(ctx context.Context, c *call, dir, addr string) error {
	l, err := listen(addr)
	if err != nil {
		return err
	}
	server := &web.Server{}
	if err := server.Show(dir); err != nil {
		return errors.Join(hint{err, "byg først: kompas build"}, l.Close())
	}
	defer server.Close()
	fmt.Fprintf(c.stdout, "http://%s/\n", l.Addr())
	return web.Serve(ctx, l, server, web.Options{})
}

// A benchmark is one run of the command.
type benchmark struct {
	*call
	sizes   []int
	against []string
	seconds int
	runs    int               // of each thing; the table has the medians
	cost    []float64         // of a build, CPU per page, by size
	seen    [][]time.Duration // until an edit is seen in the preview, by size
	program string
	work    string
}

// within runs part of the command with a folder for its files.
func (b *benchmark) within(ctx context.Context, part func(context.Context) error) (err error) {
	if b.program, err = os.Executable(); err != nil {
		return fmt.Errorf("find program: %w", err)
	}
	if b.work, err = os.MkdirTemp("", "kompas-bench-"); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	defer os.RemoveAll(b.work)
	return part(ctx)
}

func (b *benchmark) run(ctx context.Context) error {
	fmt.Fprintf(b.stdout, "%s, %d kerner, %s/%s, %s. Median af %d.\n\n", time.Now().Format("2.1.2006"), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version(), b.runs)
	fmt.Fprint(b.stdout, "| sider | hvad | tid | CPU | hukommelse | bytes | ms CPU pr. side |\n|---:|---|---:|---:|---:|---:|---:|\n")
	var served string
	for _, n := range b.sizes {
		dir, err := b.builds(ctx, n)
		if err == nil {
			err = errors.Join(b.publishes(ctx, n), b.edits(ctx, n))
		}
		if err != nil {
			return err
		}
		if served == "" || n == 1000 {
			served = dir
		}
	}
	b.tellEdits()
	if err := b.parts(ctx); err != nil {
		return err
	}
	fmt.Fprintln(b.stdout)
	return b.serves(ctx, served)
}

// builds measures a build of n pages, and those it is held against, in turn.
func (b *benchmark) builds(ctx context.Context, n int) (string, error) {
	source, out := b.source(n), filepath.Join(b.work, fmt.Sprintf("build-%d", n))
	if err := bench.Write(syntetisk.Site(1, n), source); err != nil {
		return "", fmt.Errorf("write pages: %w", err)
	}
	if slices.Contains(b.against, "hugo") { // the same project, laid out as our own run lays it
		if err := layProject(source); err != nil {
			return "", err
		}
	}
	type run struct {
		name string
		do   func() (bench.Cost, error)
		size string
	}
	runs := []run{{"kompas build", func() (bench.Cost, error) {
		return bench.Run(ctx, source, b.program, "build", "--source", source, "--out", out)
	}, filepath.Join(out, "site")}}
	clean := func(dir string) string { _ = os.RemoveAll(dir); return dir }
	if slices.Contains(b.against, "hugo") {
		to := filepath.Join(b.work, "hugo")
		runs = append(runs, run{"hugo", func() (bench.Cost, error) {
			return bench.Run(ctx, source, "hugo", "--quiet", "--noBuildLock", "-d", clean(to), "--cacheDir", filepath.Join(b.work, "cache"))
		}, to})
	}
	if slices.Contains(b.against, "pagefind") {
		to := filepath.Join(b.work, "pagefind")
		runs = append(runs, run{"pagefind", func() (bench.Cost, error) {
			return bench.Run(ctx, source, "pagefind", "--site", filepath.Join(out, "site"), "--output-path", clean(to))
		}, to})
	}
	costs := make([][]bench.Cost, len(runs))
	for range b.runs {
		clean(out) // a build from nothing: no compressed file is used again
		for i, r := range runs {
			cost, err := r.do()
			if err != nil {
				return "", err
			}
			costs[i] = append(costs[i], cost)
		}
	}
	b.cost = append(b.cost, median(costs[0]).CPU.Seconds()/float64(n))
	var others time.Duration
	for i, r := range runs {
		m := median(costs[i])
		size, err := bench.Size(r.size)
		if err != nil {
			return "", err
		}
		b.row(n, r.name, m, size)
		if i > 0 {
			others += m.CPU
		}
	}
	if others > 0 {
		var names []string
		for _, r := range runs[1:] {
			names = append(names, r.name)
		}
		fmt.Fprintf(b.stdout, "| %d | kompas / (%s) | | %.2f | | | |\n", n, strings.Join(names, " + "), median(costs[0]).CPU.Seconds()/others.Seconds())
	}
	return out, nil
}

// source is where the made-up pages of a size lie.
func (b *benchmark) source(n int) string { return filepath.Join(b.work, fmt.Sprintf("source-%d", n)) }

func (b *benchmark) row(n int, name string, m bench.Cost, size int64) {
	fmt.Fprintf(b.stdout, "| %d | %s | %.2f s | %.2f s | %d MiB | %.1f MB | %.2f |\n", n, name, m.Wall.Seconds(), m.CPU.Seconds(), m.Peak>>20, float64(size)/1e6, m.CPU.Seconds()*1000/float64(n))
}

// layProject puts the look beside content/.
func layProject(source string) error {
	if err := os.CopyFS(source, kompas.Look); err != nil {
		return fmt.Errorf("write project: %w", err)
	}
	return nil
}

func median(costs []bench.Cost) bench.Cost {
	return slices.SortedFunc(slices.Values(costs), func(a, c bench.Cost) int { return int(a.CPU - c.CPU) })[len(costs)/2]
}

// serves measures our server on a release, and others on the same, in turn.
func (b *benchmark) serves(ctx context.Context, dir string) error {
	m, err := store.ReadManifest(dir)
	if err != nil {
		return err
	}
	var pages, assets []string
	for _, name := range slices.Sorted(maps.Keys(m.Files)) {
		if at, ok := strings.CutSuffix(strings.TrimPrefix(name, "site"), "index.html"); ok && len(pages) < 200 {
			pages = append(pages, at)
		}
		if store.Immutable(name) && strings.HasSuffix(name, ".css") {
			assets = append(assets, strings.TrimPrefix(name, "site"))
		}
	}
	names, servers, stop, err := b.start(ctx, dir)
	if err != nil {
		return err
	}
	defer stop()
	if err := b.rates(ctx, names, servers, append(pages[:min(len(pages), 50)], assets...)); err != nil {
		return err
	}
	day := bench.Visit(ctx, servers["kompas"], pages, assets, 10000, time.Minute)
	fmt.Fprintf(b.stdout, "\n%d besøgende, %d forespørgsler, %d fejl på %s; serverens hukommelse bagefter: %d MiB\n",
		day.Visitors, day.Requests, day.Errors, seconds(day.Wall), servers["kompas"].Memory()>>20)
	return nil
}

// start starts our server on a release, and those it is held against, with the same
// headers.
func (b *benchmark) start(ctx context.Context, dir string) (names []string, servers map[string]*bench.Server, stop func(), err error) {
	names, servers = []string{"kompas"}, map[string]*bench.Server{}
	for _, name := range []string{"nginx", "caddy"} {
		if slices.Contains(b.against, name) {
			names = append(names, name)
		}
	}
	headers := bench.Headers{}
	w := httptest.NewRecorder()
	probe := &web.Server{}
	probe.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	for name := range w.Header() {
		if name != "Content-Type" && name != "Retry-After" && name != "Cache-Control" {
			headers[name] = w.Header().Get(name)
		}
	}
	stop = func() {
		for _, s := range servers {
			s.Stop()
		}
	}
	for _, name := range names {
		if servers[name], err = bench.Serve(ctx, name, b.program, dir, b.work, headers); err != nil {
			delete(servers, name)
			stop()
			return nil, nil, nil, err
		}
	}
	return names, servers, stop, nil
}

func (b *benchmark) rates(ctx context.Context, names []string, servers map[string]*bench.Server, paths []string) error {
	if _, err := exec.LookPath("wrk"); err != nil {
		fmt.Fprintln(b.stderr, "wrk er ikke her på maskinen: forespørgsler i sekundet bliver ikke målt")
		return nil
	}
	got := map[string][]float64{}
	for range b.runs {
		for _, name := range names {
			n, err := bench.PerSecond(ctx, servers[name], paths, b.seconds, b.work)
			if err != nil {
				return err
			}
			got[name] = append(got[name], n)
		}
	}
	fmt.Fprint(b.stdout, "| server | forespørgsler/s | kompas / den | hukommelse |\n|---|---:|---:|---:|\n")
	mid := func(name string) float64 { slices.Sort(got[name]); return got[name][len(got[name])/2] }
	for _, name := range names {
		fmt.Fprintf(b.stdout, "| %s | %.0f | %.2f | %d MiB |\n", name, mid(name), mid("kompas")/mid(name), servers[name].Memory()>>20)
	}
	return nil
}

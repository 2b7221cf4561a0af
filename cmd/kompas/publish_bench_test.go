//go:build unix

package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kompetenceudvikling.dk/kompas"
	"kompetenceudvikling.dk/kompas/internal/publish"
	"kompetenceudvikling.dk/kompas/internal/syntetisk"
	"kompetenceudvikling.dk/kompas/internal/web"
)

// The figures of publishing, each as a median: `go test -run '^$' -bench Publish
// -benchtime 15x ./cmd/kompas`. Real git, the program as its own processes, over HTTP.

// benchSites are 300 made-up pages, and the site as it is.
func benchSites(b *testing.B) map[string]fs.FS {
	b.Helper()
	made := syntetisk.Site(1, 300).(fstest.MapFS)
	made["content/nyheder/_index.md"] = &fstest.MapFile{Mode: 0o644, Data: []byte("---\ntitle: Nyheder\ndescription: Det nye.\nparams:\n  slags: oversigt\n  ejer: sekretariat\n---\nNyt.\n")}
	return map[string]fs.FS{"300-sider": made, "webstedet": contentOnly{os.DirFS("../..")}}
}

// contentOnly shows nothing of a folder but content/.
type contentOnly struct{ fs.FS }

func (c contentOnly) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(c.FS, name)
	if name == "." {
		entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return e.Name() != "content" })
	}
	return entries, err
}

func benchSite(b *testing.B, f func(b *testing.B, site fs.FS)) {
	sites := benchSites(b)
	for _, name := range []string{"300-sider", "webstedet"} {
		b.Run(name, func(b *testing.B) { f(b, sites[name]) })
	}
}

// remote gives the clone a login to the server.
func (p *place) remote() *liveServer {
	p.t.Helper()
	cmd := exec.Command("kompas", "publish", "user", "redaktion", "redaktoer")
	cmd.Stdin, cmd.Env = strings.NewReader("kompaskompas\n"), p.env
	line, err := cmd.Output()
	if err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(p.at("brugere"), line, 0o600); err != nil {
		p.t.Fatal(err)
	}
	s := p.serve("--users", p.at("brugere"))
	p.must(p.git("remote", "add", "site", strings.Replace(s.url, "://", "://redaktion:kompaskompas@", 1)+"kompas.git"))
	p.must(p.git("push", "-q", "site", "main"))
	return s
}

// news writes and commits a news item, and gives its address.
func (p *place) news(i int, text string) string {
	p.t.Helper()
	name := fmt.Sprintf("2026-02-01-maaling-%d", i)
	src := fmt.Sprintf("---\ntitle: Måling %d\ndescription: En nyhed til måling nummer %d.\ndate: 2026-02-01\nparams:\n  slags: nyhed\n  ejer: sekretariat\n---\n\n%s\n", i, i, text)
	if err := os.WriteFile(filepath.Join(p.at("klon"), "content/nyheder", name+".md"), []byte(src), 0o644); err != nil {
		p.t.Fatal(err)
	}
	p.commit("nyhed: måling")
	return "/nyheder/" + name + "/"
}

func report(b *testing.B, times []time.Duration) {
	b.Helper()
	b.ReportMetric(middle(times), "ms-median")
	b.ReportMetric(slices.Max(times).Seconds()*1000, "ms-max")
	b.ReportMetric(0, "ns/op")
}

func middle(times []time.Duration) float64 {
	slices.Sort(times)
	return times[len(times)/2].Seconds() * 1000
}

// BenchmarkPublishPush: from git push to the page as the server sends it; the search
// finds it in the same release.
func BenchmarkPublishPush(b *testing.B) {
	benchSite(b, func(b *testing.B, site fs.FS) {
		p := newPlaceOf(b, site)
		s := p.remote()
		var times []time.Duration
		for i := range b.N {
			at := p.news(i, fmt.Sprintf("Her står nyhedsnummer%d.", i))
			began := time.Now()
			out, err := p.push("site", "main")
			if err != nil {
				b.Fatal(err)
			}
			s.until(at, 200, fmt.Sprintf("nyhedsnummer%d", i))
			times = append(times, time.Since(began))
			s.until(fmt.Sprintf("/api/soeg?q=nyhedsnummer%d", i), 200, at)
			if i == 0 {
				b.Log(out)
			}
		}
		report(b, times)
	})
}

// BenchmarkPublishFault: from git push to the first fault on the editor's screen.
func BenchmarkPublishFault(b *testing.B) {
	benchSite(b, func(b *testing.B, site fs.FS) {
		p := newPlaceOf(b, site)
		p.remote()
		var times []time.Duration
		for i := range b.N {
			p.news(i, "Se [her](/findes-ikke/).")
			cmd := exec.Command("git", "push", "site", "main")
			cmd.Dir, cmd.Env = p.at("klon"), p.env
			said, err := cmd.StderrPipe()
			if err != nil {
				b.Fatal(err)
			}
			began := time.Now()
			if err := cmd.Start(); err != nil {
				b.Fatal(err)
			}
			seen := false
			for lines := bufio.NewScanner(said); lines.Scan(); {
				if !seen && strings.Contains(lines.Text(), "/findes-ikke/") {
					times, seen = append(times, time.Since(began)), true
				}
			}
			if err := cmd.Wait(); err == nil || !seen {
				b.Fatal("a dead link was taken, or not told of")
			}
			p.must(p.git("reset", "-q", "--hard", "HEAD~1"))
		}
		report(b, times)
	})
}

// BenchmarkPublishRollback: the command, as a process of its own, until it has ended.
func BenchmarkPublishRollback(b *testing.B) {
	benchSite(b, func(b *testing.B, site fs.FS) {
		p, ids := twoReleases(b, site)
		var process, inside []time.Duration
		for i := range b.N {
			began := time.Now()
			p.must(p.kompas("publish", "rollback", ids[i%2], "--store", "ud"))
			process = append(process, time.Since(began))
		}
		pub := p.publisher()
		for i := range b.N {
			began := time.Now()
			if _, err := pub.Rollback(context.Background(), ids[i%2], "måling"); err != nil {
				b.Fatal(err)
			}
			inside = append(inside, time.Since(began))
		}
		report(b, process)
		b.ReportMetric(middle(inside), "ms-inside") // without the start of a program
	})
}

// BenchmarkPublishSwitch: the switch itself, and what a running server needs to open the
// new release (ms-open), while it still answers from the old one.
func BenchmarkPublishSwitch(b *testing.B) {
	benchSite(b, func(b *testing.B, site fs.FS) {
		p, ids := twoReleases(b, site)
		server := &web.Server{}
		defer server.Close()
		var switched, opened []time.Duration
		for i := range b.N {
			began := time.Now()
			if err := p.store.Activate(ids[i%2]); err != nil {
				b.Fatal(err)
			}
			switched = append(switched, time.Since(began))
			began = time.Now()
			if err := server.Show(p.store.Path(ids[i%2])); err != nil {
				b.Fatal(err)
			}
			opened = append(opened, time.Since(began))
		}
		report(b, switched)
		b.ReportMetric(middle(opened), "ms-open")
	})
}

func twoReleases(b *testing.B, site fs.FS) (*place, [2]string) {
	b.Helper()
	p := newPlaceOf(b, site)
	first, err := p.store.Current()
	if err != nil {
		b.Fatal(err)
	}
	p.news(0, "Den anden udgivelse.")
	p.must(p.push())
	second, err := p.store.Current()
	if err != nil || first == second {
		b.Fatal("one release", err)
	}
	return p, [2]string{first, second}
}

// publisher opens the place's store as its own program does.
func (p *place) publisher() *publish.Publisher {
	p.t.Helper()
	live, err := p.store.Live()
	if err != nil {
		p.t.Fatal(err)
	}
	pub, err := publish.Open(p.at("ud"))
	if err != nil {
		p.t.Fatal(err)
	}
	pub.Program, pub.Look, pub.Out = live.Program, kompas.Look, io.Discard
	return pub
}

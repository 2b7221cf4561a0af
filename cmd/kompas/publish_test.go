//go:build unix

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"kompetenceudvikling.dk/kompas/internal/store"
)

func rounds(normal int) int {
	if n, err := strconv.Atoi(os.Getenv("KOMPAS_RUNDER")); err == nil {
		return n
	}
	return normal
}

// stops are the places where a process is killed: which process, at which step.
var stops = []struct{ in, at string }{
	{"pre-receive", "laast"}, {"pre-receive", "begyndt"}, {"pre-receive", "fyldt"}, {"pre-receive", "gemt"}, {"pre-receive", "flyttet"}, {"pre-receive", "modtaget"},
	{"post-receive", "kaldt"}, {"post-receive", "laast"}, {"post-receive", "klar"}, {"post-receive", "peger"}, {"post-receive", "skiftet"}, {"post-receive", "ude"}, {"post-receive", "udgivet"},
	{"serve", "laast"}, {"serve", "begyndt"}, {"serve", "fyldt"}, {"serve", "gemt"}, {"serve", "flyttet"}, {"serve", "klar"}, {"serve", "peger"}, {"serve", "skiftet"}, {"serve", "ude"},
}

// TestKilledAnywhere kills a hook or the server at each named step: what is live is
// the old release or the new one, whole, and a server that is started heals the rest.
// KOMPAS_RUNDER=200 runs 200 rounds.
func TestKilledAnywhere(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	p := newPlace(t)
	for i := range rounds(len(stops)) {
		stop := stops[i%len(stops)]
		old := p.main()
		p.write("side", fmt.Sprintf("Udgave %d.", i))
		now := p.commit("udgave")
		killed := p.with("KOMPAS_STOP="+stop.at, "KOMPAS_STOP_IN="+stop.in)
		if stop.in == "serve" {
			// The hook that would make it live is lost, and the server that takes over dies.
			lost := p.with("KOMPAS_STOP=kaldt", "KOMPAS_STOP_IN=post-receive")
			_, _ = lost.push()
			if stop.at == "begyndt" || stop.at == "fyldt" || stop.at == "gemt" || stop.at == "flyttet" {
				p.forget(now) // so that the server has to make the release itself
			}
			s := killed.serve()
			if err := s.cmd.Wait(); err == nil || s.cmd.ProcessState.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
				t.Fatalf("%v: the server was not killed: %v %s", stop, err, s.err)
			}
		} else if out, err := killed.push(); stop.in == "pre-receive" && err == nil {
			t.Fatalf("%v: a push whose hook died was taken: %s", stop, out)
		}
		p.whole(old, now)
		if main := p.main(); (main == old) != (stop.in == "pre-receive") {
			t.Fatalf("%v: main is at %.8s", stop, main)
		}

		s := p.serve()
		p.eventually(p.main())
		s.until("/", 200, "Velkommen")
		s.stop()
		p.whole(p.main())
		if left, _ := filepath.Glob(p.at("ud/releases/*.tmp")); len(left) > 0 {
			t.Fatalf("%v: left behind: %v", stop, left)
		}
		if stop.in == "pre-receive" {
			p.must(p.push()) // the editor tries again
			p.whole(now)
		}
	}
}

// forget removes the releases of a commit.
func (p *place) forget(commit string) {
	p.t.Helper()
	found, _ := filepath.Glob(p.at("ud/releases/*-" + commit[:12] + "-*"))
	for _, dir := range found {
		if err := os.RemoveAll(dir); err != nil {
			p.t.Fatal(err)
		}
	}
}

// TestKilledAtAnyTime kills everything a push has started after a while that is
// another each time.
func TestKilledAtAnyTime(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	p := newPlace(t)
	for i := range rounds(6) {
		old := p.main()
		p.write("side", fmt.Sprintf("Udgave %d.", i))
		now := p.commit("udgave")
		cmd := exec.Command("git", "push")
		cmd.Dir, cmd.Env, cmd.SysProcAttr = p.at("klon"), p.env, &syscall.SysProcAttr{Setpgid: true}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(i*67%500) * time.Millisecond)
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		_ = cmd.Wait()
		time.Sleep(20 * time.Millisecond)
		p.whole(old, now)
		_ = os.Remove(p.at("lager.git/refs/heads/main.lock")) // git's own; an operator removes it, see docs/drift.md
		if _, err := p.push(); err != nil {
			t.Fatalf("round %d: %v", i, err)
		}
		s := p.serve()
		p.eventually(now)
		s.stop()
		p.whole(now)
	}
}

// A release that pre-receive has made is the one that goes live, also when the clock
// has moved on meanwhile: nothing is built twice.
func TestBuiltOnce(t *testing.T) {
	p := newPlace(t).clock("2027-02-01T12:00:00+01:00")
	p.write("side", "Tekst.")
	commit := p.commit("en side")
	lost := p.with("KOMPAS_STOP=kaldt", "KOMPAS_STOP_IN=post-receive")
	_, _ = lost.push()
	p.clock("2027-02-01T12:00:07+01:00")
	s := p.serve()
	p.eventually(commit)
	s.until("/side/", 200, "Tekst")
	if found, _ := filepath.Glob(p.at("ud/releases/*-" + commit[:12] + "-*")); len(found) != 1 {
		t.Errorf("built %d times: %v", len(found), found)
	}
}

// TestManyPushers: twenty push at once and try again until they are taken. No commit
// is lost, and what is live is main.
func TestManyPushers(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	p := newPlace(t)
	const pushers = 20
	failed := make(chan error, pushers)
	for i := range pushers {
		go func() { failed <- p.pusher(i) }()
	}
	for range pushers {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
	m := p.whole(p.main())
	for i := range pushers {
		if m.Files[fmt.Sprintf("site/side-%d/index.html", i)] == "" {
			t.Errorf("page %d is lost", i)
		}
	}
	if n := p.must(p.run(p.at("lager.git"), "git", "rev-list", "--count", "main")); n != strconv.Itoa(pushers+1) {
		t.Errorf("%s commits, want %d", n, pushers+1)
	}
}

func (p *place) pusher(i int) error {
	dir := p.at(fmt.Sprintf("klon-%d", i))
	// Over the wire (--no-local), as an editor clones: a copy of the folder would meet
	// the half-received objects of the other pushers.
	if _, err := p.run(p.dir, "git", "clone", "-q", "--no-local", p.at("lager.git"), dir); err != nil {
		return err
	}
	name := fmt.Sprintf("side-%d", i)
	if err := os.WriteFile(filepath.Join(dir, "content", name+".md"), []byte(page+"Side.\n"), 0o644); err != nil {
		return err
	}
	if _, err := p.run(dir, "git", "add", "-A"); err != nil {
		return err
	}
	if _, err := p.run(dir, "git", "commit", "-q", "-m", name); err != nil {
		return err
	}
	for range 200 {
		out, err := p.run(dir, "git", "push", "-q")
		if err == nil {
			return nil
		}
		if !strings.Contains(out, "en anden har udgivet") && !strings.Contains(out, "fetch first") && !strings.Contains(out, "cannot lock ref") && !strings.Contains(out, "failed to update ref") && !strings.Contains(out, "non-fast-forward") {
			return err
		}
		if _, err := p.run(dir, "git", "pull", "-q", "--rebase"); err != nil {
			return err
		}
	}
	return errors.New("never taken")
}

// TestPushesOfAllSizes: git keeps a large push as a pack, a small one as loose files.
func TestPushesOfAllSizes(t *testing.T) {
	p := newPlace(t)
	for _, n := range []int{1, 400, 10000} {
		for i := range n {
			name := filepath.Join(p.at("klon"), "bilag", strconv.Itoa(n), strconv.Itoa(i%100), fmt.Sprintf("%d.txt", i))
			if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, []byte(fmt.Sprint(n, i)), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		for i := range min(n, 400) {
			p.write(fmt.Sprintf("side-%d-%d", n, i), "Tekst.")
		}
		commit := p.commit("mange filer")
		p.must(p.push())
		if m := p.whole(commit); m.Files[fmt.Sprintf("site/side-%d-0/index.html", n)] == "" {
			t.Errorf("%d files: the page is not there", n)
		}
	}
}

// TestFullDisk: a push to a store without room is refused in words, what is live
// stays, and with room again the same push is taken.
func TestFullDisk(t *testing.T) {
	p := newPlace(t)
	small := p.at("lille")
	if err := os.Mkdir(small, 0o755); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=3m", "kompas", small).CombinedOutput(); err != nil {
		t.Skipf("may not mount a small disk here: %v %s", err, out)
	}
	defer func() { _ = exec.Command("umount", "-l", small).Run() }()
	p.must(p.kompas("publish", "init", p.at("lager.git"), filepath.Join(small, "ud"), "--base-url", "https://kompas.example/"))
	p.store, _ = store.Open(filepath.Join(small, "ud"))
	old := p.main()
	p.whole(old)
	if err := os.WriteFile(filepath.Join(small, "fyld"), make([]byte, 8<<20), 0o644); err == nil {
		t.Skip("the disk is not small")
	}
	p.write("side", "Ny.")
	now := p.commit("ny")
	out, err := p.push()
	if err == nil || !strings.Contains(out, "der er ikke plads på serverens disk") || !strings.Contains(out, "Intet er udgivet") {
		t.Fatalf("a full disk: %v %s", err, out)
	}
	p.whole(old)
	if err := os.Remove(filepath.Join(small, "fyld")); err != nil {
		t.Fatal(err)
	}
	p.must(p.push())
	p.whole(now)
}

// A new program meets a release that another one made: its pages are served at once,
// and the release is made again.
func TestUpgrade(t *testing.T) {
	p := newPlace(t)
	m := p.whole(p.main())
	old := *m
	old.Program, old.ID = strings.Repeat("0", 64), strings.Replace(m.ID, m.Program[:8], "00000000", 1)
	if err := os.Rename(p.store.Path(m.ID), p.store.Path(old.ID)); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(store.WriteManifest(p.store.Path(old.ID), &old), p.store.Activate(old.ID)); err != nil {
		t.Fatal(err)
	}
	s := p.serve()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if code, text := s.get("/"); code != 200 {
			t.Fatalf("while it is made again: %d %s", code, text)
		}
		if code, _ := s.get("/soeg/?q=fonden"); code != 200 {
			t.Fatal("no search page while it is made again")
		}
		if now, err := p.store.Live(); err == nil && now.Program == m.Program {
			break
		}
	}
	s.until("/soeg/?q=fonden", 200, "med »fonden«")
	p.whole(p.main())
}

// A release that cannot be shown is told of once and made again; its pages are shown
// meanwhile when only its index is bad.
func TestDamagedRelease(t *testing.T) {
	for _, part := range []string{"index", "."} {
		p := newPlace(t)
		bad := p.whole(p.main())
		if err := os.RemoveAll(filepath.Join(p.store.Path(bad.ID), part)); err != nil {
			t.Fatal(err)
		}
		s := p.clock(bad.AsOf.Add(time.Second).Format(time.RFC3339)).serve() // of the same second it would be the same
		if code, text := s.get("/"); part == "index" && code != 200 {
			t.Errorf("its pages are not shown: %d %s", code, text)
		}
		s.until("/soeg/?q=fonden", 200, "med »fonden«")
		if m := p.whole(p.main()); m.ID == bad.ID {
			t.Errorf("%s is live still", bad.ID)
		}
		if n := strings.Count(s.err.String(), "kompas serve: "); n != 1 {
			t.Errorf("told %d times: %s", n, s.err)
		}
	}
}

// Rolling back is at once, holds until main moves, and says so.
func TestRollback(t *testing.T) {
	p := newPlace(t)
	first := p.main()
	p.write("side", "Anden udgave.")
	second := p.commit("anden")
	p.must(p.push())
	p.write("side", "Tredje udgave.")
	third := p.commit("tredje")
	p.must(p.push())
	s := p.serve()
	s.until("/side/", 200, "Tredje udgave")

	out := p.must(p.kompas("publish", "rollback", "--store", "ud"))
	if !strings.Contains(out, "Rullet tilbage") {
		t.Error(out)
	}
	s.until("/side/", 200, "Anden udgave")
	p.must(p.kompas("publish", "rollback", "--store", "ud"))
	s.until("/side/", 404, "")
	p.whole(first)
	p.must(p.kompas("publish", "rollback", second[:10], "--store", "ud"))
	s.until("/side/", 200, "Anden udgave")
	s.stop()
	s = p.serve() // a new start keeps what was chosen
	time.Sleep(300 * time.Millisecond)
	s.until("/side/", 200, "Anden udgave")
	if out := p.must(p.kompas("publish", "status", "--store", "ud")); !strings.Contains(out, "Rullet tilbage til "+second[:12]) {
		t.Error(out)
	}
	if p.main() != third {
		t.Error("main has moved")
	}

	p.write("side", "Fjerde udgave.")
	fourth := p.commit("fjerde")
	out = p.must(p.push())
	if !strings.Contains(out, "Webstedet var rullet tilbage til "+second[:8]+". Med denne udgivelse er det slut.") {
		t.Errorf("the editor is not told that the hold ends: %s", out)
	}
	s.until("/side/", 200, "Fjerde udgave")
	p.whole(fourth)
	if out, err := p.kompas("publish", "rollback", "findes-ikke", "--store", "ud"); err == nil || !strings.Contains(out, "der er ingen udgivelse, der hedder findes-ikke") {
		t.Error(out)
	}
}

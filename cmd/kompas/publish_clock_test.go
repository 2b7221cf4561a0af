//go:build unix

package main

import (
	"os"
	"strings"
	"testing"
	"time"
)

// clock sets the clock of p's programs, and of one that runs: the file is never seen
// half written.
func (p *place) clock(at string) *place {
	p.t.Helper()
	if err := os.WriteFile(p.at("ur.ny"), []byte(at), 0o644); err != nil {
		p.t.Fatal(err)
	}
	if err := os.Rename(p.at("ur.ny"), p.at("ur")); err != nil {
		p.t.Fatal(err)
	}
	return p.with("KOMPAS_UR=" + p.at("ur"))
}

// A page that comes and goes by the clock, also while no server runs.
func TestBoundaries(t *testing.T) {
	base := newPlace(t)
	p := base.clock("2027-02-01T12:00:00+01:00")
	dated := strings.Replace(page, "params:", "publishDate: 2027-03-28T02:30\nexpiryDate: 2027-10-31T02:30\nparams:\n  afloeser: /fonden/", 1)
	if err := os.WriteFile(p.at("klon/content/dato.md"), []byte(dated+"Om forårets hemmelighed.\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	commit := p.commit("en side med dato")
	out := p.must(p.push())
	if !strings.Contains(out, "venter     content/dato.md") {
		t.Errorf("the editor is not told that the page waits: %s", out)
	}
	s := p.serve()
	s.until("/dato/", 404, "")
	if _, text := s.get("/api/soeg?q=hemmelighed"); strings.Contains(text, "/dato/") {
		t.Error("a page that waits is found")
	}
	s.stop()

	// The night the clock is put forward there is no half past two: the page is out an hour later.
	p.clock("2027-03-28T01:59:59+01:00")
	s = p.serve()
	p.eventually(commit)
	s.until("/dato/", 404, "")
	p.clock("2027-03-28T03:30:00+02:00")
	s.until("/dato/", 200, "hemmelighed")
	s.until("/api/soeg?q=hemmelighed", 200, "/dato/")

	// A clock that goes back takes nothing in again, whoever asks.
	p.clock("2027-03-28T01:00:00+01:00")
	time.Sleep(2500 * time.Millisecond)
	s.until("/dato/", 200, "")
	p.write("side", "En side til.")
	commit = p.commit("imens")
	p.must(p.push())
	s.until("/side/", 200, "En side til")
	s.until("/dato/", 200, "")
	s.stop()

	// The night it is put back there are two: the page goes at the first.
	p.clock("2027-10-31T02:29:59+02:00")
	s = p.serve()
	s.until("/dato/", 200, "")
	p.clock("2027-10-31T02:30:00+02:00")
	s.until("/dato/", 410, `href="/fonden/"`)
	p.whole(commit)
}

// A release that cannot be made when its time comes is seen, and the last good one is
// served meanwhile.
func TestBoundaryThatFails(t *testing.T) {
	base := newPlace(t)
	p := base.clock("2027-02-01T12:00:00+01:00")
	p.write("side", "Tekst.")
	commit := p.commit("en side")
	p.must(p.push())
	s := p.serve()
	p.eventually(commit)
	s.until("/side/", 200, "")
	objects := p.at("lager.git/objects")
	if err := os.Rename(objects+"/"+commit[:2], objects+"/vaek"); err != nil {
		t.Fatal(err)
	}
	p.clock("2027-02-02T00:00:00+01:00")
	s.until("/readyz", 200, "noget gik galt i programmet")
	if code, _ := s.get("/side/"); code != 200 {
		t.Error("the last good release is not served")
	}
	out, err := p.kompas("publish", "status", "--store", "ud")
	if err == nil || !strings.Contains(out, "mislykkedes 2.2.2027 kl. 00.00.00") {
		t.Errorf("status does not tell: %s", out)
	}
	s.stop()
	if err := os.Rename(objects+"/vaek", objects+"/"+commit[:2]); err != nil {
		t.Fatal(err)
	}
	s = p.serve()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if _, text := s.get("/readyz"); !strings.Contains(text, "fejl") && strings.Contains(text, "20270201T230000Z") {
			break
		}
	}
	out = p.must(p.kompas("publish", "status", "--store", "ud"))
	if !strings.Contains(out, "som den ser ud 2.2.2027 kl. 00.00.00") {
		t.Errorf("not healed: %s", out)
	}
}

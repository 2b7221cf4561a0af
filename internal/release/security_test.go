package release

import (
	"strings"
	"testing"
	"time"

	"kompetenceudvikling.dk/kompas/internal/syntetisk"
)

func TestSecurityText(t *testing.T) {
	in := input(syntetisk.Site(1, 2), "2026-11-28")
	in.BaseURL = "https://eksempel.dk/"
	got := read(t, mustMake(t, in), "site/.well-known/security.txt")
	for _, line := range []string{"Contact: mailto:info@kompetenceudvikling.dk\n", "Canonical: https://eksempel.dk/.well-known/security.txt\n", "Expires: "} {
		if !strings.Contains(got, line) {
			t.Errorf("no %q in\n%s", line, got)
		}
	}
	_, rest, _ := strings.Cut(got, "Expires: ")
	line, _, _ := strings.Cut(rest, "\n")
	until, err := time.Parse(time.RFC3339, line)
	if ahead := until.Sub(in.Now); err != nil || ahead < 300*24*time.Hour || ahead > 365*24*time.Hour {
		t.Errorf("expires %v, %v", until, err)
	}
}

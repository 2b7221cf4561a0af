package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestBrowser runs .ci/browser against the program: what a visitor meets in Chromium.
func TestBrowser(t *testing.T) {
	if os.Getenv("KOMPAS_BROWSER") == "" {
		t.Skip("needs Chromium and npm packages, which .ci/run installs: then KOMPAS_BROWSER=1 go test ./cmd/kompas")
	}
	binary := filepath.Join(t.TempDir(), "kompas")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	cmd := exec.Command("node", "--test", filepath.Join("..", "..", ".ci", "browser"))
	cmd.Env = append(os.Environ(), "KOMPAS="+binary)
	out, err := cmd.CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Fatal(err)
	}
}

//go:build unix

package publish

import (
	"bufio"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// What a hook says reaches the one who pushes while the hook is still at work.
func TestPushIsToldWhileItWorks(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("needs git")
	}
	dir := t.TempDir()
	run := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	bare, goOn := filepath.Join(dir, "lager.git"), filepath.Join(dir, "videre")
	run("init", "-q", "--bare", bare)
	run("-C", bare, "config", "http.receivepack", "true")
	hook := "#!/bin/sh\necho Tjekker >&2\nuntil [ -e '" + goOn + "' ]; do sleep 0.02; done\necho Udgivet >&2\n"
	if err := os.WriteFile(filepath.Join(bare, "hooks/pre-receive"), []byte(hook), 0o755); err != nil {
		t.Fatal(err)
	}
	run("init", "-q", "klon")
	run("-C", "klon", "-c", "user.name=x", "-c", "user.email=x@example.dk", "commit", "-q", "--allow-empty", "-m", "en")
	server := httptest.NewServer(&GitServer{Repo: bare, Users: users(t, "redaktion:"+RoleEditor)})
	defer server.Close()

	push := exec.Command("git", "-C", filepath.Join(dir, "klon"), "push", strings.Replace(server.URL, "://", "://redaktion:"+password+"@", 1)+"/kompas.git", "HEAD:refs/heads/main")
	push.Env = append(os.Environ(), "GIT_TERMINAL_PROMPT=0")
	said, err := push.StderrPipe()
	if err == nil {
		err = push.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	late := time.AfterFunc(20*time.Second, func() { // else nobody lets the hook go on
		t.Error("nothing is told before the hook ends")
		_ = os.WriteFile(goOn, nil, 0o644)
	})
	var all strings.Builder
	for lines := bufio.NewScanner(said); lines.Scan(); {
		all.WriteString(lines.Text() + "\n")
		if strings.Contains(lines.Text(), "remote: Tjekker") && late.Stop() {
			_ = os.WriteFile(goOn, nil, 0o644)
		}
	}
	if err := push.Wait(); err != nil || !strings.Contains(all.String(), "remote: Udgivet") {
		t.Errorf("push: %v\n%s", err, &all)
	}
}

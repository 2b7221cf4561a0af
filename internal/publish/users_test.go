package publish

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const password = "kompaskompas"

// users writes a file of users, each "navn:rolle", and opens it.
func users(t *testing.T, list ...string) *Users {
	t.Helper()
	u, err := OpenUsers(writeUsers(t, filepath.Join(t.TempDir(), "brugere"), list...))
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// writeUsers writes a file of users; what is not "navn:rolle" is a line as it is.
func writeUsers(t *testing.T, file string, list ...string) string {
	t.Helper()
	var text strings.Builder
	for _, line := range list {
		if name, role, ok := strings.Cut(line, ":"); ok {
			var problem string
			if line, problem = UserLine(name, role, password); problem != "" {
				t.Fatal(problem)
			}
		}
		text.WriteString(line + "\n")
	}
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func allowed(t *testing.T, u *Users, name string) bool {
	t.Helper()
	_, ok := u.Check(t.Context(), name, password)
	return ok
}

// A file of users that is moved away and back is the same file: those in it may push
// again. While it is away nobody may, and that is told once.
func TestUsersAwayAndBack(t *testing.T) {
	u := users(t, "redaktion:"+RoleEditor)
	told := 0
	u.Failed = func(error) { told++ }
	if !allowed(t, u, "redaktion") {
		t.Fatal("a user may not push")
	}
	if err := os.Rename(u.file, u.file+".vaek"); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if allowed(t, u, "redaktion") {
			t.Error("a user without a file may push")
		}
	}
	if err := os.Rename(u.file+".vaek", u.file); err != nil {
		t.Fatal(err)
	}
	if !allowed(t, u, "redaktion") {
		t.Error("the file is back, and a user may not push")
	}
	if told != 1 {
		t.Errorf("told %d times", told)
	}
}

// A line that is no user does not bring one back who was removed, and is told of once.
func TestUsersWithABadLine(t *testing.T) {
	u := users(t, "redaktion:"+RoleEditor, "chef:"+RolePublisher)
	var told []string
	u.Failed = func(err error) { told = append(told, err.Error()) }
	writeUsers(t, u.file, "redaktion:"+RoleEditor, "en linje")
	if err := os.Chtimes(u.file, time.Time{}, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if allowed(t, u, "chef") || !allowed(t, u, "redaktion") {
			t.Error("not those of the file may push")
		}
	}
	if len(told) != 1 || !strings.HasSuffix(told[0], "brugere:2: linjen er ikke navn:rolle:kodeord") {
		t.Errorf("told: %q", told)
	}
	if u, err := OpenUsers(u.file); err == nil {
		t.Errorf("a server began with %v", u)
	}
}

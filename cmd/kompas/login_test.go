package main

import (
	"bufio"
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/zalando/go-keyring"

	"kompetenceudvikling.dk/kompas/internal/repo"
)

const siteOfTests = "https://kompas.example/"

// with logs in as redaktion with what is typed, at a server that takes one password. It
// gives the passwords the server saw, and what was told.
func with(typed, right string) (seen []string, told string, err error) {
	var said bytes.Buffer
	l := &login{&call{stderr: &said, stdin: bufio.NewReader(strings.NewReader(typed))}, siteOfTests, "redaktion", true}
	err = l.with(func(who repo.Login) error {
		seen = append(seen, who.Password)
		if who.Password != right {
			return repo.ErrLogin
		}
		return nil
	})
	return seen, said.String(), err
}

// A machine without a place for passwords asks each time, and says nothing of it.
func TestLoginWithoutKeyring(t *testing.T) {
	keyring.MockInitWithError(keyring.ErrUnsupportedPlatform)
	for range 2 {
		seen, told, err := with("hemmeligt kode\n", "hemmeligt kode")
		if err != nil || len(seen) != 1 || told != "" {
			t.Errorf("saw %q, told %q: %v", seen, told, err)
		}
	}
	if _, _, err := with("", "hemmeligt kode"); err == nil || !strings.Contains(err.Error(), "der kom intet svar") {
		t.Errorf("nobody answers: %v", err)
	}
}

// A machine with one is asked instead of the editor, until the password is another.
func TestLoginWithKeyring(t *testing.T) {
	keyring.MockInit()
	defer keyring.MockInitWithError(keyring.ErrUnsupportedPlatform)
	if _, told, err := with("forkert\n", "gammelt"); !errors.Is(err, repo.ErrLogin) || told != "" {
		t.Errorf("a wrong password was kept: %q %v", told, err)
	}
	if _, told, err := with("gammelt\n", "gammelt"); err != nil || !strings.Contains(told, "Kodeordet er gemt i maskinens nøglering") {
		t.Errorf("told %q: %v", told, err)
	}
	if seen, told, err := with("", "gammelt"); err != nil || len(seen) != 1 || told != "" {
		t.Errorf("the kept one is not used: saw %q, told %q: %v", seen, told, err)
	}
	seen, told, err := with("nyt\n", "nyt")
	if err != nil || strings.Join(seen, " ") != "gammelt nyt" || !strings.HasPrefix(told, "Det gemte kodeord bruges ikke mere.") {
		t.Errorf("saw %q, told %q: %v", seen, told, err)
	}
	if seen, _, err := with("", "nyt"); err != nil || len(seen) != 1 {
		t.Errorf("the new one was not kept: saw %q: %v", seen, err)
	}
}

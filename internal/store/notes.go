package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Settings say what a store belongs to (kompas.json). Whoever finds the store finds
// the rest.
type Settings struct {
	Repo    string `json:"repo"`     // folder of the bare repository
	BaseURL string `json:"base_url"` // "" for config.toml's
	Preview string `json:"preview"`  // address that drafts are shown below; "" for none
}

// A Hold keeps a commit live against main, until main moves from where it was.
type Hold struct {
	Commit string    `json:"commit"`
	Main   string    `json:"main"`
	Who    string    `json:"who"`
	At     time.Time `json:"at"`
}

// A Problem is why the release that should be live is not.
type Problem struct {
	Commit string    `json:"commit"`
	At     time.Time `json:"at"`
	Text   string    `json:"text"` // Danish
}

// An Entry is a line of the log: who did what, when, and how it went.
type Entry struct {
	At      time.Time `json:"at"`
	Who     string    `json:"who"`
	What    string    `json:"what"` // Danish: udgivet, afvist, ...
	Ref     string    `json:"ref,omitzero"`
	Commit  string    `json:"commit,omitzero"`
	Release string    `json:"release,omitzero"`
	Millis  int64     `json:"ms,omitzero"`
	Text    string    `json:"text,omitzero"`
}

// SettingsFile is the name of a store's settings; a folder with one is a store.
const SettingsFile = "kompas.json"

const (
	holdFile    = "hold.json"
	problemFile = "problem.json"
	logFile     = "log.jsonl"
)

// Settings gives what init wrote; fs.ErrNotExist when it never ran.
func (s *Store) Settings() (Settings, error) {
	var out Settings
	return out, s.read(SettingsFile, &out)
}

// Set writes the settings.
func (s *Store) Set(to Settings) error { return s.write(SettingsFile, to) }

// Hold gives what holds the store, nil for nothing.
func (s *Store) Hold() (*Hold, error) { return optional[Hold](s, holdFile) }

// SetHold writes a hold, or ends it with nil.
func (s *Store) SetHold(h *Hold) error { return setOptional(s, holdFile, h) }

// Problem gives what went wrong last, nil when nothing is wrong.
func (s *Store) Problem() (*Problem, error) { return optional[Problem](s, problemFile) }

// SetProblem writes what is wrong, or with nil that nothing is.
func (s *Store) SetProblem(p *Problem) error { return setOptional(s, problemFile, p) }

func (s *Store) read(name string, into any) error {
	src, err := os.ReadFile(filepath.Join(s.dir, name))
	if err == nil {
		err = json.Unmarshal(src, into)
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return nil
}

func (s *Store) write(name string, v any) error {
	src, err := json.MarshalIndent(v, "", "  ")
	if err == nil {
		err = s.writeFile(name, append(src, '\n'))
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

func optional[T any](s *Store, name string) (*T, error) {
	out := new(T)
	err := s.read(name, out)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

func setOptional[T any](s *Store, name string, v *T) error {
	if v != nil {
		return s.write(name, v)
	}
	if err := os.Remove(filepath.Join(s.dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove %s: %w", name, err)
	}
	return nil
}

// Note adds a line to the log. Nothing is ever taken out of it.
func (s *Store) Note(e Entry) error {
	src, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("write log: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(s.dir, logFile), os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o644)
	if err != nil {
		return fmt.Errorf("write log: %w", err)
	}
	if end, err := f.Seek(-1, io.SeekEnd); err == nil {
		last := make([]byte, 1)
		if _, err := f.ReadAt(last, end); err == nil && last[0] != '\n' {
			src = append([]byte("\n"), src...) // the last line was cut off
		}
	}
	_, err = f.Write(append(src, '\n'))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write log: %w", err)
	}
	return nil
}

// Log gives all lines of the log, oldest first, but for those that were cut off.
func (s *Store) Log() ([]Entry, error) {
	src, err := os.ReadFile(filepath.Join(s.dir, logFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read log: %w", err)
	}
	var out []Entry
	for line := range bytes.Lines(src) {
		var e Entry
		if json.Unmarshal(line, &e) == nil {
			out = append(out, e)
		}
	}
	return out, nil
}

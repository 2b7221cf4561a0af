package store

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A Store is a folder of releases: releases/<id>/, and current, which names one.
// Beside them lie what holds a release (hold.json), what went wrong last
// (problem.json), and what was done (log.jsonl).
type Store struct {
	// Step, if set, hears of each step of Add and Activate before the next begins.
	Step func(name string)

	dir       string
	temporary bool
}

// Open opens the store at dir, making it if it is not there. Its paths are absolute, as
// Hugo asks of its caches.
func Open(dir string) (*Store, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "releases"), 0o755); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	return &Store{dir: dir}, nil
}

// OpenTemporary opens a store that need not outlive a stop of the machine: nothing is
// synced to disk.
func OpenTemporary(dir string) (*Store, error) {
	s, err := Open(dir)
	if err == nil {
		s.temporary = true
	}
	return s, err
}

// Dir gives the store's folder.
func (s *Store) Dir() string { return s.dir }

// Path gives the folder of a release, which may not exist.
func (s *Store) Path(id string) string { return filepath.Join(s.dir, "releases", id) }

func (s *Store) step(name string) {
	if s.Step != nil {
		s.Step(name)
	}
}

const filling = ".tmp"

// Add fills a new release and puts it into place; fill gives its id. A release that is
// there already is kept as it is. Add gives the id.
func (s *Store) Add(fill func(tmp string) (id string, err error)) (string, error) {
	tmp, err := os.MkdirTemp(filepath.Join(s.dir, "releases"), "ny-*"+filling)
	if err != nil {
		return "", fmt.Errorf("make release folder: %w", err)
	}
	defer os.RemoveAll(tmp)
	if err := os.Chmod(tmp, 0o755); err != nil {
		return "", fmt.Errorf("make release folder: %w", err)
	}
	s.step("begyndt")
	id, err := fill(tmp)
	if err != nil {
		return "", err
	}
	s.step("fyldt")
	if _, err := os.Stat(s.Path(id)); err == nil {
		return id, nil
	}
	if err := s.sync(tmp); err != nil {
		return "", fmt.Errorf("sync release %s: %w", id, err)
	}
	s.step("gemt")
	if err := os.Rename(tmp, s.Path(id)); err != nil {
		return "", fmt.Errorf("put release %s into place: %w", id, err)
	}
	s.step("flyttet")
	return id, s.syncDir("releases")
}

// Activate makes a release the current one, at once for every reader.
func (s *Store) Activate(id string) error {
	if _, err := ReadManifest(s.Path(id)); err != nil {
		return fmt.Errorf("activate %s: %w", id, err)
	}
	tmp, current := filepath.Join(s.dir, "current"+filling), filepath.Join(s.dir, "current")
	_ = os.Remove(tmp)
	err := os.Symlink(filepath.Join("releases", id), tmp)
	if err != nil { // Windows without the right to make links: a file that names the release
		err = os.WriteFile(tmp, []byte(id), 0o644)
	}
	s.step("peger")
	if err == nil {
		err = os.Rename(tmp, current)
	}
	if err != nil {
		return fmt.Errorf("activate %s: %w", id, err)
	}
	s.step("skiftet")
	return s.syncDir(".")
}

// Current gives the id of the current release, "" when there is none.
func (s *Store) Current() (string, error) {
	current := filepath.Join(s.dir, "current")
	to, err := os.Readlink(current)
	if err != nil {
		var src []byte
		src, err = os.ReadFile(current)
		to = strings.TrimSpace(string(src))
	}
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read current release: %w", err)
	}
	return filepath.Base(to), nil
}

// Live gives the manifest of the current release, nil when there is none.
func (s *Store) Live() (*Manifest, error) {
	id, err := s.Current()
	if id == "" || err != nil {
		return nil, err
	}
	return ReadManifest(s.Path(id))
}

// IDs gives the ids of all releases, the latest instant first.
func (s *Store) IDs() ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(s.dir, "releases"))
	if err != nil {
		return nil, fmt.Errorf("list releases: %w", err)
	}
	var out []string
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), filling) {
			out = append(out, e.Name())
		}
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Compare(b, a) }) // ids begin with their instant
	return out, nil
}

// Heal removes what a run that was cut off left half done. The caller holds the lock.
func (s *Store) Heal() error {
	left, err := filepath.Glob(filepath.Join(s.dir, "releases", "*"+filling))
	if err != nil {
		return fmt.Errorf("heal store: %w", err)
	}
	for _, name := range left {
		err = errors.Join(err, os.RemoveAll(name))
	}
	return err
}

// Prune removes the releases that show an instant before young (zero for all of them),
// but for the keep newest of all and those that spare names. The current one always stays. It gives
// what it removed.
func (s *Store) Prune(keep int, young time.Time, spare ...string) ([]string, error) {
	current, err := s.Current()
	if err != nil {
		return nil, err
	}
	ids, err := s.IDs()
	if err != nil {
		return nil, err
	}
	var gone []string
	for _, id := range ids {
		switch {
		case id == current || slices.Contains(spare, id):
		case keep > 0:
			keep--
		case !young.IsZero() && id[:min(len(id), len(stamp))] >= young.UTC().Format(stamp):
		default:
			// A release is moved aside first: one that is half removed must not be found.
			aside := s.Path(id) + filling
			err = errors.Join(err, os.Rename(s.Path(id), aside), os.RemoveAll(aside))
			gone = append(gone, id)
		}
	}
	return gone, err
}

package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
)

// Misses counts searches that found nothing, so that the secretariat can see which words
// are missing. It keeps a number for each day and query, and nothing of who asked or
// when. On disk are only queries made five times a day; what may say who somebody is
// (more than four digits, an @) is never counted.
type Misses struct {
	dir string
	now func() time.Time

	mu      sync.Mutex
	day     string
	counts  map[string]int
	written time.Time
}

const (
	missFrom     = 5 // times a day: fewer may be one person's own words
	missQueries  = 10_000
	missLength   = 60 // letters
	missDigits   = 4  // more may be a number of birth, a telephone, a case
	missInterval = 10 * time.Second
)

// OpenMisses counts into a folder, which is made when it is needed. The clock's zone
// decides when a day begins.
func OpenMisses(dir string, now func() time.Time) *Misses {
	return &Misses{dir: dir, now: now, counts: map[string]int{}}
}

// Count takes one search that found nothing. It never fails: a count lost is no loss to
// the visitor.
func (m *Misses) Count(query string) {
	query = strings.Join(strings.Fields(strings.ToLower(query)), " ")
	if !countable(query) {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	at := m.now()
	if day := at.Format(time.DateOnly); day != m.day {
		_ = m.write()
		m.day, m.counts = day, m.before(day)
	}
	if _, known := m.counts[query]; !known && len(m.counts) >= missQueries {
		return
	}
	m.counts[query]++
	if m.counts[query] >= missFrom && at.Sub(m.written).Abs() >= missInterval {
		m.written = at
		_ = m.write()
	}
}

func countable(query string) bool {
	digits := 0
	for _, r := range query {
		if unicode.IsDigit(r) {
			digits++
		}
		if r == '@' || unicode.IsControl(r) {
			return false
		}
	}
	return query != "" && digits <= missDigits && len([]rune(query)) <= missLength
}

// Close writes what is not written yet.
func (m *Misses) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.write()
}

// before gives what a run of the same day has written.
func (m *Misses) before(day string) map[string]int {
	counts := map[string]int{}
	src, err := os.ReadFile(filepath.Join(m.dir, day+".json"))
	if err != nil || json.Unmarshal(src, &counts) != nil || counts == nil {
		return map[string]int{}
	}
	return counts
}

func (m *Misses) write() error {
	often := map[string]int{}
	for q, n := range m.counts {
		if n >= missFrom {
			often[q] = n
		}
	}
	if len(often) == 0 {
		return nil
	}
	src, err := json.Marshal(often) // keys sorted
	if err != nil {
		return err
	}
	if err := os.MkdirAll(m.dir, 0o700); err != nil {
		return fmt.Errorf("write misses: %w", err)
	}
	name := filepath.Join(m.dir, m.day+".json")
	if err := errors.Join(os.WriteFile(name+".tmp", src, 0o600), os.Rename(name+".tmp", name)); err != nil {
		return fmt.Errorf("write misses: %w", err)
	}
	return nil
}

// A Miss is a query that found nothing, and how often.
type Miss struct {
	Query string `json:"query"`
	Times int    `json:"times"`
	Days  int    `json:"days"`
}

// ReadMisses adds up what was counted into a folder, most first. A folder that is not
// there has none.
func ReadMisses(dir string) ([]Miss, error) {
	names, err := filepath.Glob(filepath.Join(dir, "????-??-??.json"))
	if err != nil {
		return nil, err
	}
	sums := map[string]*Miss{}
	for _, name := range names {
		src, err := os.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		counts := map[string]int{}
		if err == nil {
			err = json.Unmarshal(src, &counts)
		}
		if err != nil {
			return nil, fmt.Errorf("read misses: %s: %w", filepath.Base(name), err)
		}
		for q, n := range counts {
			if sums[q] == nil {
				sums[q] = &Miss{Query: q}
			}
			sums[q].Times += n
			sums[q].Days++
		}
	}
	out := []Miss{}
	for _, m := range sums {
		out = append(out, *m)
	}
	slices.SortFunc(out, func(a, b Miss) int {
		if a.Times != b.Times {
			return b.Times - a.Times
		}
		return strings.Compare(a.Query, b.Query)
	})
	return out, nil
}

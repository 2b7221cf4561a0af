package deploy

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kompetenceudvikling.dk/kompas/internal/store"
)

// An object is a file as it is to lie in the place.
type object struct {
	Headers
	key  string
	file string // in the release; "" for one that is made here
	want string // sha256 of the file, by the manifest
	made []byte
	size int64
	sum  string // of bytes and headers: another one is written again
	turn int
}

// Turns. What a page needs is there before it, and what lists pages comes after them.
const (
	firstTurn = iota
	pages
	lastTurn
)

// objectsOf gives what the place is to hold, in the order it is to be written.
func objectsOf(m *store.Manifest, o Options) ([]*object, error) {
	var out []*object
	for name := range m.Files {
		if at, ok := objectOf(m, name, o.Form); ok {
			info, err := os.Stat(filepath.Join(o.From, filepath.FromSlash(at.file)))
			if err != nil {
				return nil, fmt.Errorf("deploy %s: %w", name, err)
			}
			at.size = info.Size()
			out = append(out, at)
		}
	}
	stand, err := standIns(m, o.From)
	if err != nil {
		return nil, err
	}
	out = append(out, stand...)
	for _, o := range out {
		o.sum = hash(o.want, o.Type, o.Encoding, o.Cache)
	}
	slices.SortFunc(out, func(a, b *object) int { return cmp.Or(cmp.Compare(a.turn, b.turn), cmp.Compare(a.key, b.key)) })
	return out, nil
}

// objectOf gives how a file of the release is to lie in the place, false for not.
func objectOf(m *store.Manifest, name string, form Form) (*object, bool) {
	key, ofSite := strings.CutPrefix(name, "site/")
	of, encoded := store.Encoded(name)
	if !ofSite || encoded && form != Files {
		return nil, false
	}
	if !encoded {
		of = name
	}
	o := &object{key: key, file: name, want: m.Files[name], turn: turnOf(of), Headers: Headers{Type: store.MediaType(of), Cache: store.CacheControl(of)}}
	if sum, ok := m.Files[name+gz.Suffix]; ok && form == Packed && forBrowsers(name) {
		o.file, o.want, o.Encoding = name+gz.Suffix, sum, gz.Name
	}
	return o, true
}

// gz is the encoding that all browsers read, over plain HTTP too.
var gz = store.Encodings[slices.IndexFunc(store.Encodings, func(e store.Encoding) bool { return e.Name == "gzip" })]

// forBrowsers tells files that browsers alone ask for. A calendar or a feed reader may
// not read gzip that it did not ask for, and an object store cannot be asked.
func forBrowsers(name string) bool {
	switch path.Ext(name) {
	case ".html", ".css", ".js", ".svg":
		return true
	}
	return strings.HasPrefix(name, store.SearchFiles)
}

func turnOf(name string) int {
	switch path.Ext(name) {
	case ".html":
		return pages
	case ".xml", ".atom", ".rss", ".json", ".txt", ".csv", ".ics":
		if !store.Immutable(name) { // feeds, the map, the search's list of its files
			return lastTurn
		}
	}
	return firstTurn
}

// read gives the object's bytes, and refuses a release that is not as it was built.
func (o *object) read(from string) ([]byte, error) {
	if o.file == "" {
		return o.made, nil
	}
	src, err := os.ReadFile(filepath.Join(from, filepath.FromSlash(o.file)))
	if err != nil {
		return nil, fmt.Errorf("deploy %s: %w", o.key, err)
	}
	if sum := sha256.Sum256(src); hex.EncodeToString(sum[:]) != o.want {
		return nil, &Refusal{fmt.Sprintf("%s er ændret, efter webstedet blev bygget", o.file), "byg det igen med kompas build"}
	}
	return src, nil
}

// A plan is what a run does.
type plan struct {
	put           []*object
	remove, later []string
	same          int
}

func (p *plan) ofTurn(turn int) []*object {
	from, _ := slices.BinarySearchFunc(p.put, turn, func(o *object, t int) int { return cmp.Compare(o.turn, t) })
	to, _ := slices.BinarySearchFunc(p.put, turn+1, func(o *object, t int) int { return cmp.Compare(o.turn, t) })
	return p.put[from:to]
}

// keepFor is how long a file with its hash in its name outlives its release: as long as
// our own server answers for it.
const keepFor = 24 * time.Hour

// compare plans how the place comes to hold objects, and notes in the record what is no
// longer of the site. A page that was taken down must not stay: it goes at once.
func compare(objects []*object, held map[string]int64, r *record, now time.Time) *plan {
	p := &plan{}
	wanted := map[string]bool{}
	for _, o := range objects {
		wanted[o.key] = true
		delete(r.Gone, o.key)
		size, there := held[o.key]
		if e := r.Objects[o.key]; there && e.Sum == o.sum && e.Size == o.size && size == o.size {
			p.same++
		} else {
			p.put = append(p.put, o)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(r.Objects)) {
		if wanted[key] {
			continue
		}
		since, known := r.Gone[key]
		if !known || since.After(now) { // a clock that went back must not keep it for ever
			since = now.UTC()
			r.Gone[key] = since
		}
		of, encoded := store.Encoded("site/" + key)
		if !encoded {
			of = "site/" + key
		}
		if store.Immutable(of) && now.Sub(since) < keepFor {
			p.later = append(p.later, key)
		} else {
			p.remove = append(p.remove, key)
		}
	}
	return p
}

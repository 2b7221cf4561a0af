package search

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	index "github.com/blevesearch/bleve_index_api"

	"kompetenceudvikling.dk/kompas/search/dansk"
)

// The export is the index as plain files, for a script on a host that runs no program:
//
//	meta.json       what the script must know first, with the name of the folder of the rest
//	<folder>/pN     entries of terms with one hash: parts, synonyms, and postings
//	<folder>/vX     the terms whose sound begins with X, with forms and numbers of pages
//	<folder>/kN     cards: what is shown of a page
//	<folder>/s      kind, audience and sector of every page, for narrowing
//
// All but meta.json are gzipped, and the folder is named by their bytes, so that they
// never change. kN and s are JSON, vX is text; in pN numbers are seven bits a byte, the
// highest first, all marked but the last, and a string and a list have their length before
// them.
//
//	entry:  term, its parts, synonyms, compounds it begins (the other part, the
//	        compound), and two lists, of its own pages and of those its synonyms have:
//	        where its sections are, pages (differences), impacts, sections (bits):
//	        columns pack better than rows. The synonyms' list holds for each page the
//	        most that any of them gives, weighted: so a query needs no more files than
//	        it has words
//	sections: they are more than half of a list, and asked for of the pages shown alone.
//	        So those of a list of very many pages lie on the cards: where is the place
//	        there, from 1, and the list says only which pages are named by the term. 0 is
//	        in the list
//	vocabulary: lines of term, form, and number of pages
const (
	exportFormat = 5
	bestMark     = "=" // before the terms of a best bet
	nameMark     = "~" // before those that name pages
	manyPages    = 500 // a list of more has its sections on the cards, if it has a quarter of all
)

// An exportMeta is meta.json. Rules of the language and weights are in it, so that this
// program holds the only copy.
type exportMeta struct {
	Format int    `json:"format"`
	Dir    string `json:"dir"`
	Pages  int    `json:"pages"`
	Shards int    `json:"shards"`
	Block  int    `json:"block"` // cards in a file
	dansk.Rules
	Slugs   [][2]string `json:"slugs"`
	Weights []int       `json:"weights"`
	Ends    string      `json:"ends"` // see endings
}

// sizes gives the number of shards and of cards in a file: small files for a first
// query, few enough for the host.
func sizes(pages int) (shards, block int) {
	for shards = 256; shards < 2048 && 2*shards < pages; {
		shards *= 2
	}
	return shards, 2
}

func shardOf(term string, shards int) int {
	h := uint32(0)
	for _, r := range term {
		h = (h ^ uint32(r)) * 16777619
	}
	return int(h % uint32(shards))
}

// Export writes the index as plain files into dir. Equal pages give equal bytes.
func (ix *Index) Export(ctx context.Context, dir string, pages []Page) error {
	x := exporter{ix: ix, files: map[string][]byte{}, masks: make([][]uint32, len(pages))}
	x.shards, x.block = sizes(len(pages))
	if err := errors.Join(x.postings(ctx), x.cards(pages)); err != nil {
		return fmt.Errorf("export index: %w", err)
	}
	x.vocabulary()
	if err := x.labels(); err != nil {
		return fmt.Errorf("export index: %w", err)
	}
	return x.write(dir)
}

type exporter struct {
	ix            *Index
	files         map[string][]byte
	shards, block int
	masks         [][]uint32 // place -> the sections that its card holds
	onCards       int        // lists whose sections are there
}

func appendInts(b []byte, list ...int) []byte {
	for _, n := range list {
		shift := 0
		for n>>shift > 127 {
			shift += 7
		}
		for ; shift > 0; shift -= 7 {
			b = append(b, byte(n>>shift)|128)
		}
		b = append(b, byte(n&127))
	}
	return b
}

func appendStrings(b []byte, list ...string) []byte {
	for _, s := range list {
		b = append(appendInts(b, len(s)), s...)
	}
	return b
}

// longest is the length of a term in bytes that the export has; what is longer no person
// types.
const longest = 255

func (x *exporter) postings(ctx context.Context) error {
	a, err := x.ix.bleve.Advanced()
	if err != nil {
		return err
	}
	r, err := a.Reader()
	if err != nil {
		return err
	}
	for _, t := range slices.Sorted(maps.Keys(x.ix.vocab.Terms)) {
		if len(t) > longest {
			continue
		}
		if err := x.entry(ctx, r, t); err != nil {
			return errors.Join(err, r.Close())
		}
	}
	for _, key := range slices.Sorted(maps.Keys(x.ix.vocab.Best)) {
		first, _, _ := strings.Cut(key, " ")
		if at, ok := x.ix.byURL[x.ix.vocab.Best[key]]; ok && len(key) < longest {
			x.put(first, bestMark+key, word{}, []posting{{place: at}}, nil)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(x.ix.vocab.Named)) {
		first, _, _ := strings.Cut(key, " ")
		var pages []posting
		for place, rise := range x.ix.vocab.Named[key] {
			pages = append(pages, posting{place: place, points: rise})
		}
		x.put(first, nameMark+key, word{}, pages, nil)
	}
	return r.Close()
}

// put adds an entry to the file that has another term.
func (x *exporter) put(by, term string, w word, own, others []posting) {
	name := fmt.Sprintf("p%d", shardOf(by, x.shards))
	b := appendStrings(x.files[name], term)
	b = appendStrings(appendInts(b, len(w.Parts)), w.Parts...)
	b = appendStrings(appendInts(b, len(w.Also)), w.Also...)
	b = appendInts(b, len(w.Joins))
	for _, j := range w.Joins {
		b = appendStrings(b, j.Next, j.Term)
	}
	x.files[name] = x.list(x.list(b, own), others)
}

// A posting is what a term gives a page.
type posting struct {
	place, points int
	sections      uint64
}

func (x *exporter) entry(ctx context.Context, r index.IndexReader, term string) error {
	var own []posting
	err := x.ix.impacts(ctx, r, term, func(place, impact int, sections uint64) {
		own = append(own, posting{place, impact, sections})
	})
	if err != nil {
		return err
	}
	most := map[int]posting{}
	for _, t := range (planner{lexicon: x.ix}).synonyms([]string{term}) {
		err := x.ix.impacts(ctx, r, t.term, func(place, impact int, sections uint64) {
			if points := t.weight * impact; points > most[place].points {
				most[place] = posting{place, points, sections}
			}
		})
		if err != nil {
			return err
		}
	}
	others := slices.Collect(maps.Values(most))
	x.put(term, term, x.ix.vocab.Terms[term], own, others)
	return nil
}

// list appends a list. Sections of a list of very many pages go to the cards.
func (x *exporter) list(b []byte, list []posting) []byte {
	slices.SortFunc(list, func(a, b posting) int { return a.place - b.place })
	where := 0
	if len(list) > max(manyPages, len(x.ix.vocab.Pages)/4) {
		x.onCards++
		where = x.onCards
	}
	b = appendInts(b, where, len(list))
	last := 0
	for _, p := range list {
		b = appendInts(b, p.place-last)
		last = p.place
	}
	for _, p := range list {
		b = appendInts(b, p.points)
	}
	for _, p := range list {
		if where > 0 {
			x.setMask(p.place, where, p.sections>>1)
			p.sections &= 1
		}
		b = appendInts(b, int(p.sections))
	}
	return b
}

// setMask puts the sections that a list gives a page where its card will have them.
func (x *exporter) setMask(place, where int, sections uint64) {
	masks := append(x.masks[place], make([]uint32, where-len(x.masks[place]))...)
	masks[where-1] = uint32(sections)
	x.masks[place] = masks
}

func (x *exporter) vocabulary() {
	for initial, terms := range x.ix.terms {
		var out bytes.Buffer
		for _, l := range terms {
			if len(l.term) <= longest {
				fmt.Fprintf(&out, "%s %s %d\n", l.term, l.form, l.pages)
			}
		}
		x.files["v"+string(rune(initial))] = out.Bytes()
	}
}

// The labels of a page are what it may be narrowed by.
type labels struct {
	Kind     []string `json:"slags"`
	Audience []string `json:"maalgruppe"`
	Sector   []string `json:"sektor"`
}

func (x *exporter) labels() (err error) {
	list := []labels{}
	for _, p := range x.ix.vocab.Pages {
		l := labels{[]string{p.Kind}, append([]string{}, p.Audience...), []string{}}
		if p.Sector != "" {
			l.Sector = []string{p.Sector}
		}
		list = append(list, l)
	}
	x.files["s"], err = json.Marshal(list)
	return err
}

func (x *exporter) write(dir string) error {
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(x.files)) {
		fmt.Fprintf(sum, "%s %d\n", name, len(x.files[name]))
		_, _ = sum.Write(x.files[name]) // never fails
	}
	meta := exportMeta{
		Format: exportFormat, Rules: dansk.AllRules(), Dir: hex.EncodeToString(sum.Sum(nil))[:16], Pages: len(x.ix.vocab.Pages), Shards: x.shards, Block: x.block,
		Weights: []int{weightWhole, weightPart, weightJoined, weightTurned, weightNear, weightAlso, weightPrefix, coverBase, coverHit, coverName, riseNone, nearLimit, prefixLimit},
	}
	meta.Slugs, meta.Ends = slugPairs, x.ix.vocab.Endings
	src, err := json.Marshal(meta)
	if err != nil {
		return err
	}
	err = errors.Join(x.pack(filepath.Join(dir, meta.Dir)), os.WriteFile(filepath.Join(dir, "meta.json"), src, 0o644))
	if err != nil {
		return fmt.Errorf("write export: %w", err)
	}
	return nil
}

// pack writes the files into dir, gzipped.
func (x *exporter) pack(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	w, err := gzip.NewWriterLevel(nil, gzip.BestCompression)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	for name, src := range x.files {
		out.Reset()
		w.Reset(&out)
		_, err := w.Write(src)
		err = errors.Join(err, w.Close(), os.WriteFile(filepath.Join(dir, name+".bin"), out.Bytes(), 0o644))
		if err != nil {
			return err
		}
	}
	return nil
}

package search

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

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
// never change. Numbers are varints; a string has its length in a byte before it.
//
//	entry:  term, count and terms of parts, of synonyms, of compounds it begins (the
//	        other part, the compound), and two lists, of its own pages
//	        and of those its synonyms have: count, bytes of the rest, pages (differences),
//	        impacts, sections (bits): columns pack better than rows. The synonyms' list
//	        holds for each page the most that any of them gives, weighted: so a query
//	        needs no more files than it has words
//	vocabulary: letters shared with the term before, the rest; letters that the form
//	        shares with the term, the rest; number of pages
const (
	exportFormat = 2
	bestMark     = "=" // before the terms of a best bet
	nameMark     = "~" // before those that name pages
	cardText     = 110 // letters of a description on a card
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
	Slugs     [][2]string `json:"slugs"`
	Kinds     []string    `json:"kinds"`
	Audiences []string    `json:"audiences"`
	Sectors   []string    `json:"sectors"`
	Weights   []int       `json:"weights"`
}

// sizes gives the number of shards and of cards in a file: small files for a first
// query, few enough for the host.
func sizes(pages int) (shards, block int) {
	if pages > 2000 {
		return 1024, 2
	}
	return 256, 2
}

func shardOf(term string, shards int) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(term)) // never fails
	return int(h.Sum32() % uint32(shards))
}

// Export writes the index as plain files into dir. Equal pages give equal bytes.
func (ix *Index) Export(ctx context.Context, dir string, pages []Page) error {
	x := exporter{ix: ix, files: map[string][]byte{}}
	x.shards, x.block = sizes(len(pages))
	if err := errors.Join(x.postings(ctx), x.cards(pages)); err != nil {
		return fmt.Errorf("export index: %w", err)
	}
	x.vocabulary()
	x.infos()
	return x.write(dir)
}

type exporter struct {
	ix            *Index
	files         map[string][]byte
	shards, block int
}

func appendString(b []byte, s string) []byte { return append(append(b, byte(len(s))), s...) }

func appendStrings(b []byte, list []string) []byte {
	b = append(b, byte(len(list)))
	for _, s := range list {
		b = appendString(b, s)
	}
	return b
}

// longest is the length of a term in bytes that fits before its byte of length; what is
// longer no person types.
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
		if len(key) < longest {
			body := binary.AppendUvarint(nil, uint64(x.ix.byURL[x.ix.vocab.Best[key]]))
			x.put(shardOf(first, x.shards), bestMark+key, word{}, slices.Concat([]byte{1, byte(len(body))}, body), []byte{0, 0})
		}
	}
	for _, key := range slices.Sorted(maps.Keys(x.ix.vocab.Named)) {
		first, _, _ := strings.Cut(key, " ")
		var pages []posting
		for place, rise := range x.ix.vocab.Named[key] {
			pages = append(pages, posting{place: place, points: rise})
		}
		x.put(shardOf(first, x.shards), nameMark+key, word{}, columns(pages), []byte{0, 0})
	}
	return r.Close()
}

func (x *exporter) put(shard int, term string, w word, lists ...[]byte) {
	name := fmt.Sprintf("p%d", shard)
	b := appendStrings(appendStrings(appendString(x.files[name], term), w.Parts), w.Also)
	b = binary.AppendUvarint(b, uint64(len(w.Joins)))
	for _, j := range w.Joins {
		b = appendString(appendString(b, j.Next), j.Term)
	}
	x.files[name] = slices.Concat(append([][]byte{b}, lists...)...)
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
	x.put(shardOf(term, x.shards), term, x.ix.vocab.Terms[term], columns(own), columns(others))
	return nil
}

func columns(list []posting) []byte {
	slices.SortFunc(list, func(a, b posting) int { return a.place - b.place })
	var places, points, sections []byte
	last := 0
	for _, p := range list {
		places = binary.AppendUvarint(places, uint64(p.place-last))
		points = binary.AppendUvarint(points, uint64(p.points))
		sections = binary.AppendUvarint(sections, p.sections)
		last = p.place
	}
	body := slices.Concat(places, points, sections)
	head := binary.AppendUvarint(binary.AppendUvarint(nil, uint64(len(list))), uint64(len(body)))
	return append(head, body...)
}

func (x *exporter) vocabulary() {
	for initial, terms := range x.ix.terms {
		name, last := "v"+string(rune(initial)), ""
		for _, l := range terms {
			if len(l.term) > longest {
				continue
			}
			k, at := shared(last, l.term)
			b := appendString(append(x.files[name], byte(k)), l.term[at:])
			k, at = shared(l.term, l.form)
			form := l.form[at:min(len(l.form), at+longest)]
			x.files[name] = binary.AppendUvarint(appendString(append(b, byte(k)), form), uint64(l.pages))
			last = l.term
		}
	}
}

// shared gives the letters that two words begin alike with: at most what a byte can say,
// and none that a script counts as two.
func shared(a, b string) (letters, size int) {
	for size < min(len(a), len(b)) && letters < longest {
		r, n := utf8.DecodeRuneInString(a[size:])
		if r > 0xFFFF || !strings.HasPrefix(b[size:], a[size:size+n]) {
			break
		}
		letters, size = letters+1, size+n
	}
	return letters, size
}

// A card is what is shown of a page: address, title, description, and its sections as
// anchor and heading; the anchor is left out when the heading gives it.
type card struct {
	url, title, text string
	kind, sector     int // places among meta.json's
	sections         [][2]string
}

func (c card) MarshalJSON() ([]byte, error) {
	sections := []any{}
	for _, s := range c.sections {
		if slug(s[1]) == s[0] {
			sections = append(sections, s[1])
		} else {
			sections = append(sections, s)
		}
	}
	return json.Marshal([]any{c.url, c.title, c.text, c.kind, c.sector, sections})
}

var (
	slugPairs = [][2]string{{"æ", "ae"}, {"ø", "oe"}, {"å", "aa"}}
	slugFolds = strings.NewReplacer("æ", "ae", "ø", "oe", "å", "aa")
)

// slug gives the anchor that most headings have: lower case, æøå written out, hyphens
// for what is neither letter nor digit. Only a saving: a card names the others.
func slug(heading string) string {
	return strings.Join(strings.FieldsFunc(slugFolds.Replace(strings.ToLower(heading)), func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9')
	}), "-")
}

func (x *exporter) cards(pages []Page) error {
	pages = slices.SortedFunc(slices.Values(pages), func(a, b Page) int { return strings.Compare(a.URL, b.URL) })
	kinds, _, sectors := x.labels()
	for i := 0; i < len(pages); i += x.block {
		var block []card
		for _, p := range pages[i:min(i+x.block, len(pages))] {
			c := card{url: p.URL, title: p.Title, text: clipText(p.Description), kind: slices.Index(kinds, p.Kind), sector: slices.Index(sectors, p.Sector)}
			for _, s := range p.Sections[:min(len(p.Sections), maxSections)] {
				c.sections = append(c.sections, [2]string{s.ID, s.Heading})
			}
			block = append(block, c)
		}
		var out bytes.Buffer
		enc := json.NewEncoder(&out)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(block); err != nil {
			return err
		}
		x.files[fmt.Sprintf("k%d", i/x.block)] = out.Bytes()
	}
	return nil
}

// clipText cuts a description at a word's end.
func clipText(s string) string {
	r := []rune(s)
	if len(r) <= cardText {
		return s
	}
	short := string(r[:cardText])
	if i := strings.LastIndexByte(short, ' '); i > 0 {
		short = short[:i]
	}
	return short + " …"
}

// infos writes three bytes a page: kind, audience as bits, sector; 0 is none.
func (x *exporter) infos() {
	kinds, audiences, sectors := x.labels()
	for _, p := range x.ix.vocab.Pages {
		bits := 0
		for _, a := range p.Audience {
			bits |= 1 << slices.Index(audiences, a)
		}
		x.files["s"] = append(x.files["s"], byte(slices.Index(kinds, p.Kind)), byte(bits), byte(slices.Index(sectors, p.Sector)))
	}
}

func (x *exporter) labels() (kinds, audiences, sectors []string) {
	for _, p := range x.ix.vocab.Pages {
		kinds, sectors = append(kinds, p.Kind), append(sectors, p.Sector)
		audiences = append(audiences, p.Audience...)
	}
	sort := func(list []string) []string { slices.Sort(list); return slices.Compact(list) }
	return sort(kinds), sort(audiences), sort(sectors)
}

func (x *exporter) write(dir string) error {
	packed, sum := map[string][]byte{}, sha256.New()
	w, err := gzip.NewWriterLevel(nil, gzip.BestCompression)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(x.files)) {
		var out bytes.Buffer
		w.Reset(&out)
		_, err = w.Write(x.files[name])
		if err := errors.Join(err, w.Close()); err != nil {
			return err
		}
		packed[name] = out.Bytes()
		fmt.Fprintf(sum, "%s %d\n", name, len(x.files[name]))
		_, _ = sum.Write(x.files[name]) // never fails
	}
	meta := exportMeta{
		Format: exportFormat, Rules: dansk.AllRules(), Dir: hex.EncodeToString(sum.Sum(nil))[:16], Pages: len(x.ix.vocab.Pages), Shards: x.shards, Block: x.block,
		Weights: []int{weightWhole, weightPart, weightJoined, weightTurned, weightNear, weightAlso, weightPrefix, coverBase, coverHit, coverName, riseNone, nearLimit, prefixLimit},
	}
	meta.Slugs = slugPairs
	meta.Kinds, meta.Audiences, meta.Sectors = x.labels()
	src, err := json.Marshal(meta)
	if err != nil {
		return err
	}
	at := filepath.Join(dir, meta.Dir)
	if err := os.MkdirAll(at, 0o755); err != nil {
		return fmt.Errorf("write export: %w", err)
	}
	for name, data := range packed {
		if err := os.WriteFile(filepath.Join(at, name+".bin"), data, 0o644); err != nil {
			return fmt.Errorf("write export: %w", err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "meta.json"), src, 0o644); err != nil {
		return fmt.Errorf("write export: %w", err)
	}
	return nil
}

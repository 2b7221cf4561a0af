package search

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// An Export answers queries from exported files as the script does: for measuring, and
// to prove that files and server agree. It is no faster than the script, and not for use
// by many at once.
type Export struct {
	fsys  fs.FS
	meta  exportMeta
	info  []pageInfo
	terms map[int]map[string]entry // shards read
	lists map[byte][]listed        // vocabularies read
	cards map[int][]card           // blocks read
	ends  *regexp.Regexp
	err   error // the first that reading met
}

type entry struct {
	word
	own, others list
}

// A list is a term's postings, with where their sections are on the cards, or 0.
type list struct {
	where    int
	postings []posting
}

// OpenExport opens what Export wrote.
func OpenExport(fsys fs.FS) (*Export, error) {
	x := &Export{
		fsys: fsys, terms: map[int]map[string]entry{}, lists: map[byte][]listed{}, cards: map[int][]card{},
	}
	src, err := fs.ReadFile(fsys, "meta.json")
	if err != nil {
		return nil, fmt.Errorf("open export: %w", err)
	}
	if err := json.Unmarshal(src, &x.meta); err != nil || x.meta.Format != exportFormat {
		return nil, fmt.Errorf("open export: meta.json of another format: %v", err)
	}
	if x.ends, err = regexp.Compile(x.meta.Ends); err != nil {
		return nil, fmt.Errorf("open export: endings: %w", err)
	}
	var pages []labels
	if err := json.Unmarshal(x.file("s"), &pages); err != nil {
		return nil, fmt.Errorf("open export: labels: %w", cmp.Or(x.err, err))
	}
	for _, l := range pages {
		x.info = append(x.info, pageInfo{Kind: strings.Join(l.Kind, ""), Audience: l.Audience, Sector: strings.Join(l.Sector, "")})
	}
	return x, x.err
}

// file gives a file unpacked; none is an empty one, as for the script.
func (x *Export) file(name string) []byte {
	src, err := fs.ReadFile(x.fsys, x.meta.Dir+"/"+name+".bin")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		var r *gzip.Reader
		if r, err = gzip.NewReader(bytes.NewReader(src)); err == nil {
			src, err = io.ReadAll(r)
		}
	}
	if err != nil && x.err == nil {
		x.err = fmt.Errorf("read export: %s: %w", name, err)
	}
	return src
}

// A scan reads what an exporter appended.
type scan struct{ b []byte }

func (s *scan) byte() int {
	if len(s.b) == 0 {
		return 0
	}
	n := s.b[0]
	s.b = s.b[1:]
	return int(n)
}

func (s *scan) number() int {
	for n := 0; ; {
		b := s.byte()
		n = n<<7 | b&127
		if b < 128 {
			return n
		}
	}
}

func (s *scan) text() string {
	n := min(s.number(), len(s.b))
	out := string(s.b[:n])
	s.b = s.b[n:]
	return out
}

func (s *scan) texts() []string {
	out := make([]string, s.number())
	for i := range out {
		out[i] = s.text()
	}
	return out
}

func (s *scan) joins() []join {
	out := make([]join, s.number())
	for i := range out {
		out[i] = join{s.text(), s.text()}
	}
	return out
}

func (s *scan) list() list {
	l := list{where: s.number(), postings: make([]posting, s.number())}
	last := 0
	for i := range l.postings {
		last += s.number()
		l.postings[i].place = last
	}
	for i := range l.postings {
		l.postings[i].points = s.number()
	}
	for i := range l.postings {
		l.postings[i].sections = uint64(s.number())
	}
	return l
}

func (x *Export) entry(shard int, term string) (entry, bool) {
	if x.terms[shard] == nil {
		m := map[string]entry{}
		for s := (scan{x.file(fmt.Sprintf("p%d", shard))}); len(s.b) > 0; {
			t := s.text()
			e := entry{word: word{Parts: s.texts(), Also: s.texts(), Joins: s.joins()}, own: s.list(), others: s.list()}
			e.Pages = len(e.own.postings)
			m[t] = e
		}
		x.terms[shard] = m
	}
	e, ok := x.terms[shard][term]
	return e, ok
}

func (x *Export) word(term string) (word, bool) {
	e, ok := x.entry(shardOf(term, x.meta.Shards), term)
	return e.word, ok
}

func (x *Export) total() int { return x.meta.Pages }

func (x *Export) beginning(letter byte) []listed {
	if _, read := x.lists[letter]; !read {
		x.lists[letter] = []listed{}
		for line := range strings.Lines(string(x.file("v" + string(rune(letter))))) {
			f := strings.Split(strings.TrimSpace(line), " ")
			pages, err := strconv.Atoi(f[len(f)-1])
			if len(f) != 3 || err != nil {
				x.err = cmp.Or(x.err, fmt.Errorf("read export: words of %c: %q", letter, line))
				break
			}
			x.lists[letter] = append(x.lists[letter], listed{f[0], f[1], pages})
		}
	}
	return x.lists[letter]
}

func (x *Export) endings() *regexp.Regexp { return x.ends }

func (x *Export) named(terms string) map[int]int {
	out := map[int]int{}
	first, _, _ := strings.Cut(terms, " ")
	e, _ := x.entry(shardOf(first, x.meta.Shards), nameMark+terms)
	for _, p := range e.own.postings {
		out[p.place] = p.points
	}
	return out
}

// Find answers a query. Hits have no excerpts.
func (x *Export) Find(_ context.Context, q Query) (Result, error) {
	text := clip(q.Text)
	p := planner{x, q.Exact}
	words := p.plan(text)
	out := Result{Query: text, Corrected: corrected(text, words), Hits: []Hit{}}
	r := newRanking(words, x.info, q, x.best(text), p.rise(words))
	for i, w := range words {
		for _, t := range w.terms {
			e, _ := x.entry(shardOf(t.term, x.meta.Shards), t.term)
			x.votes(&r, i+1, t, e.own)
		}
		for _, o := range w.others {
			e, _ := x.entry(shardOf(o, x.meta.Shards), o)
			x.votes(&r, i+1, weighted{term: o, weight: 1, stands: true}, e.others)
		}
	}
	r.close()
	var order []int
	for place := range r.pages {
		if r.keeps(place) {
			order = append(order, place)
		}
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(r.score(b), r.score(a)), a-b) })
	out.Total, out.Facets = len(order), r.facets()
	for _, place := range order[min(q.From, len(order)):min(q.From+q.Limit, len(order))] {
		out.Hits = append(out.Hits, x.hit(place, &r))
	}
	return out, x.err
}

func (x *Export) best(text string) int {
	key := bestKey(text)
	first, _, _ := strings.Cut(key, " ")
	e, ok := x.entry(shardOf(first, x.meta.Shards), bestMark+key)
	if !ok || key == "" {
		return -1
	}
	return e.own.postings[0].place
}

func (x *Export) votes(r *ranking, word int, t weighted, l list) {
	for _, p := range l.postings {
		if l.where > 0 {
			p.sections |= uint64(x.card(p.place).masks[l.where-1]) << 1
		}
		r.vote(p.place, word, t, p.points, p.sections)
	}
}

// card gives a page's card.
func (x *Export) card(place int) card {
	n := place / x.meta.Block
	if x.cards[n] == nil {
		block := make([]card, x.meta.Block)
		if err := json.Unmarshal(x.file(fmt.Sprintf("k%d", n)), &block); err != nil {
			x.err = cmp.Or(x.err, fmt.Errorf("read export: cards %d: %w", n, err))
		}
		x.cards[n] = block
	}
	return x.cards[n][place%x.meta.Block]
}

func (x *Export) hit(place int, r *ranking) Hit {
	c := x.card(place)
	h := Hit{
		URL: c.url, Title: c.title, Excerpt: c.text,
		Kind: x.info[place].Kind, Sector: x.info[place].Sector, Best: place == r.best, Sections: []SectionHit{},
	}
	for _, i := range r.pages[place].best(len(c.sections)) {
		if s := c.sections[i]; s[0] != "" {
			h.Sections = append(h.Sections, SectionHit{Anchor: s[0], Heading: s[1]})
		}
	}
	return h
}

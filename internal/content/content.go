// Package content reads what the secretariat writes: Markdown pages with YAML heads,
// and the data files beside them. In goes an fs.FS that holds content/ and an
// instant; out comes a Tree of checked pages and data, or a list of faults in Danish,
// all of them at once. It never renders, never reads the clock, and never looks at
// file times: what is published is settled by the instant alone.
package content

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"kompetenceudvikling.dk/kompas/internal/fault"
)

// A Tree is the content of a site as of an instant. Pages are the published ones,
// sorted by address; Waiting are drafts and pages with a later publishDate;
// Gone are pages whose expiryDate has passed.
type Tree struct {
	Now      time.Time
	Pages    []*Page
	Waiting  []*Page
	Gone     []*Page
	Parts    []*Part           // texts of the self-checks, by file
	Files    map[string][]byte // every content file read, by name; text is normalised
	Data     *Data
	Warnings fault.List
	byPath   map[string]*Page
	found    fault.List // in the data alone, whatever the day
}

// Load reads and checks the content of fsys as of now. A fault.List as error means
// that the content is refused; any other error that it could not be read.
func Load(fsys fs.FS, now time.Time) (*Tree, error) { return Reload(fsys, now, nil) }

// Reload gives what Load gives. Pages that are as they were in last, an earlier tree of
// the same content, are not read again.
func Reload(fsys fs.FS, now time.Time, last *Tree) (*Tree, error) {
	var faults fault.List
	files, err := readFiles(fsys, "content", &faults)
	if errors.Is(err, fs.ErrNotExist) {
		faults.Add("content", 0, "mappen content/ findes ikke her", "stå i den mappe, der har content/ i sig, eller vis vej med --source MAPPE")
		return nil, faults
	}
	if err != nil {
		return nil, fmt.Errorf("read content: %w", err)
	}
	t := &Tree{Now: now, Files: files, byPath: map[string]*Page{}}
	if last != nil && sameData(files, last.Files) {
		t.Data, t.found = last.Data, last.found
	} else {
		last = nil // pages are read by the data
		t.Data = loadData(files, &t.found)
	}
	faults = append(faults, t.found...)
	t.loadPages(last, &faults)
	t.checkSections(&faults)
	t.checkAliases(&faults)
	t.checkEnglish(&faults)
	t.checkReferences(&faults)
	faults.Sort()
	if err := faults.Err(); err != nil {
		return nil, err
	}
	t.Warnings = faults
	return t, nil
}

// checkReferences checks whatever points at a page: whether it is out hangs on the day.
func (t *Tree) checkReferences(faults *fault.List) {
	t.checkDataLinks(faults)
	t.checkSearchPages(faults)
	for _, p := range t.all() {
		t.checkLinks(p, faults)
	}
	for _, p := range t.Parts {
		t.checkLinks(&p.Page, faults)
	}
}

// LoadFlows reads only what the self-checks are made of: content/selvtjek and
// content/data. Pages elsewhere, and links to them, are not looked at.
func LoadFlows(fsys fs.FS, now time.Time) (*Tree, error) {
	var faults fault.List
	files := map[string][]byte{}
	for _, root := range []string{"content/selvtjek", "content/data"} {
		some, err := readFiles(fsys, root, &faults)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("read content: %w", err)
		}
		maps.Copy(files, some)
	}
	t := &Tree{Now: now, Files: files, Data: loadData(files, &faults), byPath: map[string]*Page{}}
	t.loadPages(nil, &faults)
	faults.Sort()
	return t, faults.Err()
}

// LoadPage reads one page by its name and text. Its links are not looked at; its sources
// and rates are those of fsys, if that has content/data. The page comes with its faults.
func LoadPage(fsys fs.FS, name string, src []byte, now time.Time) (*Page, error) {
	var faults fault.List
	files, err := readFiles(fsys, strings.TrimSuffix(dataDir, "/"), &faults)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read content: %w", err)
	}
	d := loadData(files, &faults)
	clean := cleanText(name, src, &faults)
	if clean == nil {
		return nil, faults
	}
	p := parsePage(name, clean, d, &faults)
	if p != nil {
		p.checkDated(d, now, &faults)
	}
	faults.Sort()
	return p, faults.Err()
}

// Page gives the page at an address, published or not, or nil.
func (t *Tree) Page(address string) *Page { return t.byPath[address] }

func (t *Tree) all() []*Page {
	return slices.Concat(t.Pages, t.Waiting, t.Gone)
}

// sameData tells whether two sets of files have the same files below content/data.
func sameData(a, b map[string][]byte) bool {
	only := func(files map[string][]byte) map[string][]byte {
		out := map[string][]byte{}
		for name, src := range files {
			if strings.HasPrefix(name, dataDir) {
				out[name] = src
			}
		}
		return out
	}
	return maps.EqualFunc(only(a), only(b), bytes.Equal)
}

// page reads a page, or takes it from last if it is the same there.
func (t *Tree) page(name string, last *Tree, faults *fault.List) *Page {
	if last != nil {
		if was, ok := last.Files[name]; ok && bytes.Equal(was, t.Files[name]) {
			at, _ := address(name)
			p := last.byPath[at]
			*faults = append(*faults, p.found...)
			return p
		}
	}
	return parsePage(name, t.Files[name], t.Data, faults)
}

func (t *Tree) loadPages(last *Tree, faults *fault.List) {
	for _, name := range keys(t.Files) {
		if path.Ext(name) != ".md" {
			continue
		}
		if partRe.MatchString(name) {
			if p := parsePart(name, t.Files[name], t.Data, faults); p != nil {
				p.checkDated(t.Data, t.Now, faults)
				t.Parts = append(t.Parts, p)
			}
			continue
		}
		p := t.page(name, last, faults)
		if p == nil {
			continue
		}
		p.checkDated(t.Data, t.Now, faults)
		if other := t.byPath[p.Path]; other != nil {
			faults.Add(p.File, 0, fmt.Sprintf("har samme adresse som %s: %s", other.File, p.Path), "giv den ene fil et andet navn")
			continue
		}
		t.byPath[p.Path] = p
		t.place(p)
	}
	t.sort()
}

// place puts a page among those that are out, wait, or are gone.
func (t *Tree) place(p *Page) {
	switch {
	case !p.ExpiryDate.IsZero() && !p.ExpiryDate.After(t.Now):
		t.Gone = append(t.Gone, p)
	case p.Draft || p.PublishDate.After(t.Now):
		t.Waiting = append(t.Waiting, p)
	default:
		t.Pages = append(t.Pages, p)
	}
}

func (t *Tree) sort() {
	for _, list := range [][]*Page{t.Pages, t.Waiting, t.Gone} {
		slices.SortFunc(list, func(a, b *Page) int { return strings.Compare(a.Path, b.Path) })
	}
}

// checkSections demands that each folder with pages has a page of its own.
func (t *Tree) checkSections(faults *fault.List) {
	if t.byPath["/"] == nil {
		faults.Add("content", 0, "forsiden mangler", "læg forsiden i content/_index.md")
	}
	seen := map[string]bool{"/": true}
	for _, p := range t.all() {
		for dir := parent(p.Path); !seen[dir]; dir = parent(dir) {
			seen[dir] = true
			if t.byPath[dir] == nil {
				faults.Add(p.File, 0, "mappen content"+dir+" har ingen forside", "læg en side i content"+dir+"_index.md")
			}
		}
	}
}

// parent gives the address above: /fonden/puljer/ -> /fonden/.
func parent(address string) string {
	if address == "/" {
		return "/"
	}
	return address[:strings.LastIndex(address[:len(address)-1], "/")+1]
}

// aliasRe is an old address: the path of a page, without what has a meaning of its own in
// a path (. ? # % \) and without a host (//).
var aliasRe = regexp.MustCompile(`^(/[\pL\pN_-]+)+/?$`)

func (t *Tree) checkAliases(faults *fault.List) {
	taken := map[string]string{}
	for _, p := range t.all() {
		for _, a := range p.Aliases {
			at := strings.TrimSuffix(a.ID, "/") + "/" // with or without its last slash it is one address
			switch {
			case !strings.HasPrefix(a.ID, "/"):
				faults.Add(p.File, a.Line, "aliases: "+a.ID+" begynder ikke med /", "skriv hele den gamle adresse, fx /fonden/gammel-side/")
			case !aliasRe.MatchString(a.ID) || slices.Contains(generated, at):
				faults.Add(p.File, a.Line, "aliases: "+a.ID+" kan ikke være en gammel adresse", "brug kun bogstaver, tal, - og _ mellem skråstregerne, fx /fonden/gammel-side/")
			case t.byPath[at] != nil:
				faults.Add(p.File, a.Line, "aliases: "+a.ID+" er adressen på "+t.byPath[at].File, "slet linjen, eller flyt den anden side")
			case taken[at] != "":
				faults.Add(p.File, a.Line, "aliases: "+a.ID+" står også i "+taken[at], "behold den kun ét sted")
			}
			taken[at] = p.File
		}
	}
}

func (t *Tree) checkDataLinks(faults *fault.List) {
	for _, pool := range t.Data.Pools {
		t.checkAddress(dataDir+"puljer.yaml", Link{Dest: pool.Page, Line: pool.Line}, faults)
	}
	for _, term := range t.Data.Terms {
		for _, to := range term.See {
			t.checkAddress(dataDir+"ordliste.yaml", Link{Dest: to.ID, Line: to.Line}, faults)
		}
	}
	for _, n := range t.Data.Notices {
		if n.Page.ID != "" {
			t.checkAddress(dataDir+"obs.yaml", Link{Dest: n.Page.ID, Line: n.Page.Line}, faults)
		}
	}
	for _, e := range t.Data.entries() {
		for _, to := range e.pages {
			if to.ID != "" {
				t.checkAddress(e.file, Link{Dest: to.ID, Line: to.Line}, faults)
			}
		}
	}
	for _, p := range t.all() {
		switch to := p.Successor; {
		case to.ID == "" || t.byPath[to.ID] != nil && !slices.Contains(t.Gone, p):
			// The successor may come out the day the page goes.
		default:
			t.checkAddress(p.File, Link{Dest: to.ID, Line: to.Line}, faults)
		}
	}
}

package release

import (
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/internal/fault"
	"kompetenceudvikling.dk/kompas/tools/selvtjek"
)

// A doc is what the checks and the search need of one HTML page of the site.
type doc struct {
	path     string // "/fonden/"; other files than index.html keep their name
	ids      []string
	links    []string
	sections []section
	alias    bool   // a page that only sends on
	against  string // what in it the Content-Security-Policy does not allow
}

// A section is the text of <main> below one h2 or h3; the first has no heading.
type section struct{ id, heading, text string }

// readSite reads every HTML file below dir, by address.
func readSite(dir string) ([]doc, error) {
	var docs []doc
	err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".html" {
			return err
		}
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		d, err := readPage(filepath.ToSlash(rel), f)
		docs = append(docs, d)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read site: %w", err)
	}
	slices.SortFunc(docs, byPath)
	return docs, nil
}

func byPath(a, b doc) int { return strings.Compare(a.path, b.path) }

// readPage reads one HTML file by its name below the site's folder.
func readPage(name string, src io.Reader) (doc, error) {
	d := doc{path: strings.TrimSuffix("/"+name, "index.html")}
	root, err := html.Parse(src)
	if err == nil {
		d.read(root)
	}
	return d, err
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func (d *doc) read(n *html.Node) {
	if n.Type == html.ElementNode {
		if d.against == "" {
			d.against = against(n)
		}
		if id := attr(n, "id"); id != "" {
			d.ids = append(d.ids, id)
		}
		for _, key := range []string{"href", "src", "action"} {
			if to := attr(n, key); to != "" {
				d.links = append(d.links, to)
			}
		}
		switch {
		case n.Data == "meta" && strings.EqualFold(attr(n, "http-equiv"), "refresh"):
			d.alias = true
		case n.Data == "main":
			var said strings.Builder
			d.sections = []section{{}}
			d.text(n, &said)
			d.end(&said)
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		d.read(c)
	}
}

// text gathers what a reader sees in <main>. Navigation, and what says
// data-soeg="nej", is not searched.
func (d *doc) text(n *html.Node, said *strings.Builder) {
	switch {
	case n.Type == html.TextNode:
		said.WriteString(whole(n.Data))
		return
	case n.Type != html.ElementNode:
		return
	case n.Data == "sup" || n.Data == "nav" || n.Data == "script" || n.Data == "form" || attr(n, "data-soeg") == "nej" || n.Data == "h1" || n.Data == "svg":
		return
	case n.Data == "h2" || n.Data == "h3":
		d.end(said)
		d.sections = append(d.sections, section{id: attr(n, "id"), heading: strings.Join(strings.Fields(inner(n)), " ")})
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		d.text(c, said)
	}
	if !inline[n.Data] {
		said.WriteByte(' ')
	}
}

// end gives the last section what was said in it.
func (d *doc) end(said *strings.Builder) {
	d.sections[len(d.sections)-1].text = strings.Join(strings.Fields(said.String()), " ")
	said.Reset()
}

var inline = map[string]bool{"a": true, "b": true, "strong": true, "em": true, "i": true, "span": true, "sup": true, "sub": true, "code": true, "del": true, "time": true, "mark": true}

// whole takes out the soft hyphens that headings have for narrow screens.
func whole(s string) string { return strings.ReplaceAll(s, "\u00ad", "") }

func inner(n *html.Node) string {
	if n.Type == html.TextNode {
		return whole(n.Data)
	}
	var s strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		s.WriteString(inner(c))
	}
	return s.String()
}

// checkSite holds the HTML against the model: the pages are those expected, every link
// inside the site leads somewhere, no id stands twice. A broken link that an editor
// wrote is a fault with its line; one that a template made is an error.
func checkSite(tree *content.Tree, flows []*selvtjek.Flow, docs []doc, dir, baseURL string) error {
	if err := checkPages(tree, flows, docs); err != nil {
		return err
	}
	base, err := url.Parse(baseURL)
	if err != nil {
		return fmt.Errorf("read base address: %w", err)
	}
	b := built{dir: dir, base: strings.TrimSuffix(base.Path, "/"), ids: map[string][]string{}, known: map[string]string{}}
	for _, d := range docs {
		b.ids[d.path] = d.ids
	}
	var faults fault.List
	for _, d := range docs {
		if d.against != "" {
			return fmt.Errorf("page %s: not allowed by the policy: %s", d.path, d.against)
		}
		if err := agree(tree.Page(d.path), d); err != nil {
			return err
		}
		seen := map[string]bool{}
		for _, id := range d.ids {
			if seen[id] {
				return fmt.Errorf("page %s: id %q stands twice", d.path, id)
			}
			seen[id] = true
		}
		for _, to := range d.links {
			if reason := b.check(d, to); reason != "" {
				if err := report(tree, d, to, reason, &faults); err != nil {
					return err
				}
			}
		}
	}
	faults.Sort()
	return faults.Err()
}

// agree holds our reading of a page's Markdown against Hugo's: the same headings by
// the same ids. Links to anchors are checked against ours.
func agree(p *content.Page, d doc) error {
	if p == nil {
		return nil
	}
	for _, h := range p.Headings {
		if !slices.Contains(d.ids, h.ID) {
			return fmt.Errorf("page %s: hugo has no heading #%s (%s:%d)", d.path, h.ID, p.File, h.Line)
		}
	}
	return nil
}

func checkPages(tree *content.Tree, flows []*selvtjek.Flow, docs []doc) error {
	want := map[string]bool{"/404.html": true}
	for _, p := range generated(tree, flows) {
		want[p.path] = true
	}
	for _, p := range tree.Pages {
		want[p.Path] = true
	}
	for _, d := range docs {
		if !want[d.path] && !d.alias {
			return fmt.Errorf("hugo wrote %s, which the content does not have", d.path)
		}
		delete(want, d.path)
	}
	for p := range want {
		return fmt.Errorf("hugo did not write %s", p)
	}
	return nil
}

// A built site is what links are held against.
type built struct {
	dir   string
	base  string // path of the base address, "" or "/x"
	ids   map[string][]string
	known map[string]string // link from the root -> why it is broken: most are on every page
}

// check is broken, worked out once for a link that is the same from every page.
func (b built) check(d doc, to string) string {
	if !strings.HasPrefix(to, "/") {
		return b.broken(d, to)
	}
	reason, known := b.known[to]
	if !known {
		reason = b.broken(d, to)
		b.known[to] = reason
	}
	return reason
}

// broken tells why a link within the site leads nowhere, or "".
func (b built) broken(d doc, to string) string {
	u, err := url.Parse(to)
	if err != nil || strings.Contains(to, "[[") {
		return ""
	}
	if u.Scheme != "" || u.Host != "" {
		return ""
	}
	at := u.Path
	switch {
	case at == "":
		at = d.path
	case !strings.HasPrefix(at, "/"):
		at = path.Join(d.path, at)
	case !strings.HasPrefix(at, b.base+"/"):
		return "adressen ligger uden for webstedet"
	default:
		at = strings.TrimPrefix(at, b.base)
	}
	known, isPage := b.ids[at]
	if !isPage {
		if _, err := os.Stat(filepath.Join(b.dir, filepath.FromSlash(at))); err != nil || strings.HasSuffix(at, "/") {
			return "siden eller filen findes ikke"
		}
		return ""
	}
	if u.Fragment != "" && !slices.Contains(known, u.Fragment) {
		return fmt.Sprintf("der er intet #%s på %s", u.Fragment, at)
	}
	return ""
}

func report(tree *content.Tree, d doc, to, reason string, faults *fault.List) error {
	if p := tree.Page(d.path); p != nil {
		for _, l := range p.Links {
			if strings.HasSuffix(to, l.Dest) {
				faults.Add(p.File, l.Line, "linket virker ikke: "+to+": "+reason, "ret adressen")
				return nil
			}
		}
	}
	return fmt.Errorf("page %s: template links to %s: %s", d.path, to, reason)
}

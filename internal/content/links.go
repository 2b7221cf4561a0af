package content

import (
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"kompetenceudvikling.dk/kompas/internal/fault"
)

// generated are addresses that the program makes itself.
var generated = []string{
	"/soeg/", "/kalender/runder.ics", "/feeds/nyheder.atom", "/feeds/nyheder.rss", "/feeds/nyheder.json",
	"/skabeloner/alle.zip", "/kalender/su.ics", "/vaerktoejer/overblik/overblik.xlsx", "/sitemap.xml", "/opensearch.xml", "/robots.txt",
}

// checkLinks checks every link of a page, with its line.
func (t *Tree) checkLinks(p *Page, faults *fault.List) {
	for _, l := range p.Links {
		u, err := url.Parse(l.Dest)
		switch {
		case err != nil:
			faults.Add(p.File, l.Line, "linket kan ikke læses: "+l.Dest, "kopiér adressen igen")
		case u.Scheme == "http" || u.Scheme == "https":
			if u.Host == "" {
				faults.Add(p.File, l.Line, "linket mangler et sted at gå hen: "+l.Dest, "skriv hele adressen")
			}
		case u.Scheme == "mailto" || u.Scheme == "tel":
		case u.Scheme != "" || u.Host != "":
			faults.Add(p.File, l.Line, "den slags link er ikke tilladt: "+l.Dest, "brug https://, mailto:, tel: eller en adresse på webstedet, der begynder med /")
		case strings.HasPrefix(l.Dest, "#"):
			t.checkAnchor(p.File, l, p, u.Fragment, faults)
		case strings.HasPrefix(l.Dest, "/"):
			t.checkAddress(p.File, l, faults)
		default:
			t.checkNeighbour(p, l, u.Path, faults)
		}
	}
}

// checkNeighbour allows a picture or document that lies beside the page.
func (t *Tree) checkNeighbour(p *Page, l Link, name string, faults *fault.List) {
	if _, ok := t.Files[path.Join(path.Dir(p.File), name)]; ok && path.Ext(name) != ".md" && !partRe.MatchString(p.File) {
		return
	}
	if partRe.MatchString(p.File) {
		faults.Add(p.File, l.Line, "her skal adressen skrives helt ud: "+l.Dest, "læg filen ved en side, og skriv adressen fra roden, fx /fonden/foto.jpg")
		return
	}
	if isPicture(name) {
		faults.Add(p.File, l.Line, "billedet findes ikke: "+l.Dest, "læg filen i samme mappe som siden, og skriv dens navn, præcis som det er")
		return
	}
	advice := "skriv adressen fra roden, fx /fonden/beloeb/"
	switch ext := strings.ToLower(path.Ext(name)); {
	case strings.HasPrefix(name, "www."):
		advice = "begynd adressen med https://"
	case limits[ext] == documentLimit:
		advice = "læg filen i samme mappe som siden, og skriv dens navn, præcis som det er"
	}
	faults.Add(p.File, l.Line, "linket peger ikke på noget: "+l.Dest, advice)
}

func isPicture(name string) bool {
	ext := strings.ToLower(path.Ext(name))
	return limits[ext] == pictureLimit || ext == ".jpeg" || slices.Contains(otherPictures, ext)
}

// checkAddress checks a link to an address of the site.
func (t *Tree) checkAddress(file string, l Link, faults *fault.List) {
	at, anchor, _ := strings.Cut(l.Dest, "#")
	at, _, _ = strings.Cut(at, "?")
	target := t.byPath[at]
	_, isFile := t.Files["content"+at]
	switch {
	case slices.Contains(generated, at) || isFile && path.Ext(at) != ".md":
	case target == nil:
		faults.Add(file, l.Line, "linket peger på en side, der ikke findes: "+at, t.nearAddress(at))
	case slices.Contains(t.Waiting, target):
		faults.Add(file, l.Line, "linket peger på en side, der ikke er udgivet: "+at, "udgiv siden, eller fjern linket")
	case slices.Contains(t.Gone, target):
		faults.Warn(file, l.Line, "linket peger på en side, der er taget ned: "+at, "ret linket til afløseren")
	case anchor != "":
		t.checkAnchor(file, l, target, anchor, faults)
	}
}

func (t *Tree) nearAddress(at string) string {
	for _, p := range t.all() {
		for _, a := range p.Aliases {
			if a.ID == at {
				return "siden er flyttet: skriv " + p.Path
			}
		}
	}
	if !strings.HasSuffix(at, "/") && t.byPath[at+"/"] != nil {
		return "adressen slutter med skråstreg: " + at + "/"
	}
	if near := fault.Nearest(at, keys(t.byPath)); near != "" {
		return "mente du " + near + "?"
	}
	return "se adressen i din browser, når du er på siden"
}

// checkAnchor checks the part after #. Ids that a shortcode or layout makes are
// unknown here; the finished HTML is checked again.
func (t *Tree) checkAnchor(file string, l Link, target *Page, anchor string, faults *fault.List) {
	ids := []string{"indhold"}
	for _, h := range target.Headings {
		ids = append(ids, h.ID)
	}
	if slices.Contains(ids, anchor) || len(target.shortcodes) > 0 || strings.HasPrefix(anchor, "kilde") {
		return
	}
	advice := "siden har ingen overskrifter at linke til"
	if len(ids) > 1 {
		advice = "vælg en af: #" + strings.Join(ids[1:], ", #")
	}
	if near := fault.Nearest(anchor, ids[1:]); near != "" {
		advice = fmt.Sprintf("mente du #%s?", near)
	}
	faults.Add(file, l.Line, fmt.Sprintf("der er intet #%s på %s", anchor, target.Path), advice)
}

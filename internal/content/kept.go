package content

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"time"

	"kompetenceudvikling.dk/kompas/internal/fault"
)

// Addresses gives the addresses that a source answers as of now, each with its file:
// published pages and their aliases. Faults in it are passed over.
func Addresses(fsys fs.FS, now time.Time) (map[string]string, error) {
	var ignored fault.List
	files, err := readFiles(fsys, "content", &ignored)
	if err != nil {
		return nil, fmt.Errorf("read earlier content: %w", err)
	}
	return AddressesOf(files, now), nil
}

// AddressesOf is Addresses of content files by their name.
func AddressesOf(files map[string][]byte, now time.Time) map[string]string {
	var ignored fault.List
	out := map[string]string{}
	for _, name := range keys(files) {
		at, bad := address(name)
		if path.Ext(name) != ".md" || bad != "" || partRe.MatchString(name) {
			continue
		}
		front, _, _, ok := splitFront(name, files[name], &ignored)
		if !ok {
			continue
		}
		var f FrontMatter
		dec := decoder{file: name, offset: 1, faults: &ignored}
		dec.decode(front, &f)
		if f.Draft || f.PublishDate.After(now) {
			continue
		}
		out[at] = name
		for _, a := range f.Aliases {
			out[a.ID] = name
		}
	}
	return out
}

// CheckKept adds a fault for each earlier address that nothing answers any more.
func (t *Tree) CheckKept(before map[string]string) error {
	var faults fault.List
	aliases := map[string]bool{}
	for _, p := range slices.Concat(t.Pages, t.Gone) {
		for _, a := range p.Aliases {
			aliases[a.ID] = true
		}
	}
	for _, at := range keys(before) {
		p := t.byPath[at]
		if aliases[at] || p != nil && !slices.Contains(t.Waiting, p) {
			continue
		}
		faults.Add(before[at], 0, "adressen "+at+" findes ikke mere", "skriv aliases: ["+at+"] på den side, der overtager. Skal siden tages ned, så behold filen, og giv den expiryDate og under params: afloeser")
	}
	return faults.Err()
}

package release

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/tools/selvtjek"
)

// project gives the files Hugo reads beside the look: published pages, data, and what
// is worked out here (data/afledt.json).
func project(tree *content.Tree, flows []*selvtjek.Flow, forms *forms, in Input) (map[string][]byte, error) {
	files := map[string][]byte{}
	for name, src := range tree.Files {
		if !strings.HasSuffix(name, ".md") {
			files[name] = src
		}
	}
	for _, p := range tree.Pages {
		files[p.File] = tree.Linked(p)
	}
	for _, p := range generated(tree, flows) {
		head := map[string]any{"title": p.title, "description": p.about, "layout": p.layout, "params": p.params}
		src, err := json.Marshal(head)
		if err != nil {
			return nil, fmt.Errorf("write head of %s: %w", p.path, err)
		}
		files["content"+p.path+"index.md"] = slices.Concat(src, []byte("\n\n"), p.body)
	}
	derived, err := derive(tree, flows, in)
	if err != nil {
		return nil, err
	}
	files["data/afledt.json"] = derived
	if files["data/skabeloner.json"], err = json.Marshal(forms.data); err != nil {
		return nil, fmt.Errorf("write templates: %w", err)
	}
	return files, addCards(files, tree, in)
}

// A generatedPage is one that no editor wrote as it stands: its layout makes it.
type generatedPage struct {
	path, layout, title, about string // about is what a shared link says of it
	params                     map[string]any
	body                       []byte
}

// generated gives the program's own pages: the server's, each pool on a printed page
// of its own, and those of the self-checks.
func generated(tree *content.Tree, flows []*selvtjek.Flow) []generatedPage {
	out := []generatedPage{{path: "/soeg/", layout: "soeg", title: "Søg", about: "Søg i regler, guider, selvtjek, skabeloner og cases."}, {path: "/gone/", layout: "gone", title: "Taget ned"}}
	for _, p := range tree.Data.Pools {
		if page := tree.Page(p.Page); page != nil && slices.Contains(tree.Pages, page) {
			out = append(out, generatedPage{
				path: strings.TrimSuffix(p.Page, "/") + "-ark/", layout: "ark", title: p.Name + " på én side", about: page.Description, params: map[string]any{"pulje": p.ID},
			})
		}
	}
	out = append(out, flowPages(tree, flows)...)
	for i := range out {
		if out[i].params == nil {
			out[i].params = map[string]any{}
		}
		out[i].params["skjult"] = true
	}
	return out
}

package skabelon

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// A checked PDF is one read back by pdfcpu, a reader that knows nothing of our writer.
type checked struct {
	t        *Template
	ctx      *model.Context
	root     types.Dict
	pages    []types.Dict
	contents []string
	elements []node
	widgets  []widget
	links    []types.Dict
	parents  map[int]types.Object // the parent tree
}

// A node is a structure element with the kinds of the elements above it.
type node struct {
	dict types.Dict
	kind string
	path []string
	kids []string // kinds of the elements right below
	refs []types.Dict
	obj  int
}

// A widget is a field as it stands on a page.
type widget struct {
	dict types.Dict
	page int
	name string
	tip  string
	rect [4]float64
}

func config() *model.Configuration {
	c := model.NewDefaultConfiguration()
	c.ValidationMode = model.ValidationStrict
	return c
}

func read(t *testing.T, of *Template, pdf []byte) *checked {
	t.Helper()
	api.DisableConfigDir()
	ctx, err := api.ReadAndValidate(bytes.NewReader(pdf), config())
	if err != nil {
		t.Fatalf("%s is not a valid PDF: %v", of.ID, err)
	}
	c := &checked{t: of, ctx: ctx, parents: map[int]types.Object{}}
	if c.root, err = ctx.Catalog(); err != nil {
		t.Fatal(err)
	}
	for i := 1; i <= ctx.PageCount; i++ {
		d, _, _, err := ctx.PageDict(i, false)
		if err != nil {
			t.Fatal(err)
		}
		src, err := ctx.PageContent(d, i)
		if err != nil {
			t.Fatal(err)
		}
		c.pages, c.contents = append(c.pages, d), append(c.contents, string(src))
		for _, a := range c.array(d["Annots"]) {
			c.annotation(c.dict(a), i)
		}
	}
	tree := c.dict(c.root["StructTreeRoot"])
	nums := c.array(c.dict(tree["ParentTree"])["Nums"])
	for i := 0; i+1 < len(nums); i += 2 {
		c.parents[c.integer(nums[i])] = nums[i+1]
	}
	for _, k := range c.array(tree["K"]) {
		c.walk(k, nil)
	}
	return c
}

func (c *checked) annotation(d types.Dict, page int) {
	if c.name(d["Subtype"]) == "Link" {
		c.links = append(c.links, d)
		return
	}
	w := widget{dict: d, page: page, name: c.text(d["T"]), tip: c.text(d["TU"]), rect: c.rect(d["Rect"])}
	if w.name == "" {
		w.name = c.text(c.dict(d["Parent"])["T"])
	}
	c.widgets = append(c.widgets, w)
}

func (c *checked) walk(o types.Object, path []string) string {
	d := c.dict(o)
	n := node{dict: d, kind: c.name(d["S"]), path: path}
	if r, ok := o.(types.IndirectRef); ok {
		n.obj = r.ObjectNumber.Value()
	}
	at := len(c.elements)
	c.elements = append(c.elements, n)
	for _, k := range c.array(d["K"]) {
		if kid := c.dict(k); c.name(kid["Type"]) == "StructElem" {
			n.kids = append(n.kids, c.walk(k, append(slices.Clone(path), n.kind)))
		} else {
			n.refs = append(n.refs, kid)
		}
	}
	c.elements[at] = n
	return n.kind
}

func (c *checked) object(o types.Object) types.Object {
	o, _ = c.ctx.Dereference(o)
	return o
}

func (c *checked) dict(o types.Object) types.Dict {
	switch d := c.object(o).(type) {
	case types.Dict:
		return d
	case types.StreamDict:
		return d.Dict
	}
	return nil
}

func (c *checked) array(o types.Object) types.Array { a, _ := c.object(o).(types.Array); return a }
func (c *checked) name(o types.Object) string       { n, _ := c.object(o).(types.Name); return string(n) }

func (c *checked) text(o types.Object) string {
	if o == nil {
		return ""
	}
	s, _ := c.ctx.DereferenceText(o)
	return s
}

func (c *checked) integer(o types.Object) int {
	i, ok := c.object(o).(types.Integer)
	if !ok {
		return -1
	}
	return i.Value()
}

func (c *checked) rect(o types.Object) [4]float64 {
	var r [4]float64
	for i, v := range c.array(o) {
		r[i], _ = c.ctx.DereferenceNumber(v)
	}
	return r
}

// of gives the elements of a kind.
func (c *checked) of(kinds ...string) []node {
	var out []node
	for _, n := range c.elements {
		if slices.Contains(kinds, n.kind) {
			out = append(out, n)
		}
	}
	return out
}

func check(t *testing.T, of *Template, pdf []byte) *checked {
	t.Helper()
	c := read(t, of, pdf)
	rules := slices.Concat(documentRules, structureRules, contentRules, fieldRules)
	if len(rules) < 25 {
		t.Errorf("only %d rules", len(rules))
	}
	for _, r := range rules {
		for _, b := range r.breaks(c) {
			t.Errorf("%s: %s: %s", of.ID, r.says, b)
		}
	}
	return c
}

func TestPDFIsTagged(t *testing.T) {
	f := fonts(t)
	for _, one := range real(t) {
		pdf, _ := one.PDF(f, base)
		check(t, one, pdf)
		if len(pdf) > 80_000 {
			t.Errorf("%s: %d bytes", one.ID, len(pdf))
		}
	}
}

// What is typed into every text field is there when the file is read again.
func TestPDFKeepsDanishLetters(t *testing.T) {
	// pdfcpu fills in with a font of its own, which it lays in a folder of settings.
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	defer func(before string) { model.ConfigPath = before }(model.ConfigPath)
	model.ConfigPath = "default"
	const typed = "Søren Ærø Åkjær: blåbærgrød"
	f := fonts(t)
	for _, one := range real(t) {
		pdf, _ := one.PDF(f, base)
		form, err := api.ExportForm(bytes.NewReader(pdf), "x", config())
		if err != nil {
			t.Fatalf("%s: %v", one.ID, err)
		}
		n := 0
		for _, field := range form.Forms[0].TextFields {
			field.Value = typed
			n++
		}
		if n < 3 {
			t.Errorf("%s: %d text fields", one.ID, n)
		}
		src, err := json.Marshal(form)
		if err != nil {
			t.Fatal(err)
		}
		var filled bytes.Buffer
		if err := api.FillForm(bytes.NewReader(pdf), bytes.NewReader(src), &filled, config()); err != nil {
			t.Fatalf("%s: %v", one.ID, err)
		}
		again, err := api.ExportForm(bytes.NewReader(filled.Bytes()), "x", config())
		if err != nil {
			t.Fatalf("%s: %v", one.ID, err)
		}
		for _, field := range again.Forms[0].TextFields {
			if field.Value != typed {
				t.Errorf("%s: %s holds %q", one.ID, field.Name, field.Value)
			}
		}
	}
}

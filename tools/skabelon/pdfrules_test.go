package skabelon

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// A rule says in one sentence what must hold; breaks gives where it does not.
type rule struct {
	says   string
	breaks func(c *checked) []string
}

func holds(ok bool, got any) []string {
	if ok {
		return nil
	}
	return []string{fmt.Sprint(got)}
}

// documentRules are of the file as a whole.
var documentRules = []rule{
	{"the document is marked as tagged", func(c *checked) []string {
		return holds(c.dict(c.root["MarkInfo"])["Marked"] == types.Boolean(true), c.root["MarkInfo"])
	}},
	{"the language is told", func(c *checked) []string {
		return holds(c.text(c.root["Lang"]) == c.t.words().locale, c.root["Lang"])
	}},
	{"the title is shown instead of the file name", func(c *checked) []string {
		return holds(c.dict(c.root["ViewerPreferences"])["DisplayDocTitle"] == types.Boolean(true), c.root["ViewerPreferences"])
	}},
	{"the title is the template's", func(c *checked) []string {
		return holds(c.text(c.dict(*c.ctx.Info)["Title"]) == c.t.Title, c.dict(*c.ctx.Info))
	}},
	{"the metadata has title and language", func(c *checked) []string {
		x := c.stream(c.root["Metadata"])
		return holds(strings.Contains(x, escape(c.t.Title)) && strings.Contains(x, ">"+c.t.words().locale+"<"), x)
	}},
	{"PDF/UA is not claimed, since it is not validated", func(c *checked) []string {
		return holds(!strings.Contains(c.stream(c.root["Metadata"]), "pdfuaid"), "pdfuaid")
	}},
	{"there is a bookmark for the title and for each section", func(c *checked) []string {
		return holds(c.integer(c.dict(c.root["Outlines"])["Count"]) == 1+len(c.of("H2")), c.root["Outlines"])
	}},
	{"nothing runs, and nothing is locked", func(c *checked) []string {
		return holds(c.root["OpenAction"] == nil && c.root["AA"] == nil && c.root["Names"] == nil && c.ctx.Encrypt == nil, "active content")
	}},
	{"every font is embedded, a subset, and knows its characters", func(c *checked) (out []string) {
		for _, f := range c.fonts() {
			about := c.dict(f["FontDescriptor"])
			if about["FontFile2"] == nil || f["ToUnicode"] == nil || !strings.Contains(c.name(f["BaseFont"]), "+") {
				out = append(out, c.name(f["BaseFont"]))
			}
		}
		return out
	}},
	{"the font of what is typed is embedded", func(c *checked) []string {
		fonts := c.dict(c.dict(c.dict(c.root["AcroForm"])["DR"])["Font"])
		return holds(c.dict(c.dict(fonts["F0"])["FontDescriptor"])["FontFile2"] != nil, fonts)
	}},
}

func (c *checked) fonts() (out []types.Dict) {
	for _, p := range c.pages {
		for _, f := range c.dict(c.dict(p["Resources"])["Font"]) {
			out = append(out, c.dict(f))
		}
	}
	return out
}

func (c *checked) stream(o types.Object) string {
	s, _, err := c.ctx.DereferenceStreamDict(o)
	if err != nil || s == nil || s.Decode() != nil {
		return ""
	}
	return string(s.Content)
}

var standard = strings.Fields("Document Sect Div P H1 H2 H3 L LI Lbl LBody Table THead TBody TR TH TD Link Form")

// structureRules are of the tree that screen readers follow.
var structureRules = []rule{
	{"there is one root, a Document", func(c *checked) []string {
		return holds(c.elements[0].kind == "Document" && len(c.of("Document")) == 1, c.elements[0].kind)
	}},
	{"only standard elements are used", func(c *checked) (out []string) {
		for _, n := range c.elements {
			if !slices.Contains(standard, n.kind) {
				out = append(out, n.kind)
			}
		}
		return out
	}},
	{"headings begin with one H1 and jump no level", func(c *checked) (out []string) {
		level := 0
		for _, n := range c.of("H1", "H2", "H3") {
			now := int(n.kind[1] - '0')
			if now > level+1 || now == 1 && level > 0 {
				out = append(out, fmt.Sprintf("%d after %d", now, level))
			}
			level = now
		}
		return out
	}},
	{"headings are those of the template, in order", func(c *checked) []string {
		want := 1
		for _, b := range c.t.Blocks {
			if b.Heading != nil {
				want++
			}
		}
		got := len(c.of("H1", "H2", "H3"))
		return holds(got == want, got)
	}},
	{"lists hold items of a label and a body", func(c *checked) (out []string) {
		for _, n := range c.of("L", "LI") {
			want := []string{"LI"}
			if n.kind == "LI" {
				want = []string{"Lbl", "LBody"}
			}
			for _, k := range n.kids {
				if !slices.Contains(want, k) {
					out = append(out, n.kind+">"+k)
				}
			}
		}
		return out
	}},
	{"lists say how they are numbered", func(c *checked) (out []string) {
		for _, n := range c.of("L") {
			if c.dict(n.dict["A"])["ListNumbering"] == nil {
				out = append(out, "L")
			}
		}
		return out
	}},
	{"tables have one head and one body of rows", func(c *checked) (out []string) {
		for _, n := range c.of("Table") {
			if !slices.Equal(n.kids, []string{"THead", "TBody"}) {
				out = append(out, fmt.Sprint(n.kids))
			}
		}
		return out
	}},
	{"the rows of a table are as long as its head", func(c *checked) (out []string) {
		columns := 0
		for _, n := range c.of("TR") {
			if n.path[len(n.path)-1] == "THead" {
				columns = len(n.kids)
			} else if len(n.kids) != columns {
				out = append(out, fmt.Sprint(n.kids))
			}
		}
		return out
	}},
	{"header cells say what they are the header of", func(c *checked) (out []string) {
		for _, n := range c.of("TH") {
			want := "Row"
			if slices.Contains(n.path, "THead") {
				want = "Column"
			}
			if got := c.name(c.dict(n.dict["A"])["Scope"]); got != want {
				out = append(out, got+" for "+want)
			}
		}
		return out
	}},
	{"tables say what they are", func(c *checked) (out []string) {
		for _, n := range c.of("Table") {
			if c.text(c.dict(n.dict["A"])["Summary"]) == "" {
				out = append(out, "Table")
			}
		}
		return out
	}},
	{"no element is empty, but cells", func(c *checked) (out []string) {
		for _, n := range c.elements {
			if len(n.kids)+len(n.refs) == 0 && n.kind != "TD" && n.kind != "TH" {
				out = append(out, n.kind)
			}
		}
		return out
	}},
}

var (
	openRe = regexp.MustCompile(`/(\w+) << ([^>]*)>> BDC`)
	mcidRe = regexp.MustCompile(`/MCID (\d+)`)
	showRe = regexp.MustCompile(`\bTj\b`)
)

// contentRules are of what is drawn on the pages.
var contentRules = []rule{
	{"all that is drawn is content of an element or an ornament", func(c *checked) (out []string) {
		for i, src := range c.contents {
			opens, ends := len(openRe.FindAllString(src, -1)), strings.Count(src, "EMC\n")
			if opens != ends {
				out = append(out, fmt.Sprintf("page %d: %d open, %d close", i+1, opens, ends))
			}
			for _, part := range strings.Split(src, "EMC\n") {
				if at := openRe.FindStringIndex(part); at == nil && showRe.MatchString(part) || at != nil && showRe.MatchString(part[:at[0]]) {
					out = append(out, fmt.Sprintf("page %d: text outside", i+1))
				}
			}
		}
		return out
	}},
	{"each piece of content belongs to the element that claims it", func(c *checked) (out []string) {
		for i, p := range c.pages {
			owners := c.array(c.parents[c.integer(p["StructParents"])])
			for _, m := range openRe.FindAllStringSubmatch(c.contents[i], -1) {
				id := mcidRe.FindStringSubmatch(m[2])
				if m[1] == "Artifact" {
					continue
				}
				var n int
				if id == nil || !scan(id[1], &n) || n >= len(owners) || c.name(c.dict(owners[n])["S"]) != m[1] {
					out = append(out, fmt.Sprintf("page %d: %s", i+1, m[0]))
				}
			}
		}
		return out
	}},
	{"every element's content is on the page it names", func(c *checked) (out []string) {
		for _, n := range c.elements {
			for _, r := range n.refs {
				if c.name(r["Type"]) == "MCR" && (c.name(c.dict(r["Pg"])["Type"]) != "Page" || c.integer(r["MCID"]) < 0) {
					out = append(out, n.kind)
				}
			}
		}
		return out
	}},
	{"the Tab key follows the structure", func(c *checked) (out []string) {
		for i, p := range c.pages {
			if c.name(p["Tabs"]) != "S" {
				out = append(out, fmt.Sprintf("page %d", i+1))
			}
		}
		return out
	}},
	{"words of neighbouring lines do not run together", func(c *checked) (out []string) {
		for _, src := range c.contents {
			if strings.Contains(src, "() Tj") {
				out = append(out, "empty text")
			}
		}
		return out
	}},
}

func scan(s string, n *int) bool { _, err := fmt.Sscan(s, n); return err == nil }

// fieldRules are of fields and links.
var fieldRules = []rule{
	{"the fields are those of the template", func(c *checked) []string {
		var want, got []string
		for _, f := range c.t.Fields() {
			if f.Kind != Choices {
				want = append(want, f.ID)
				continue
			}
			for i := range f.Options {
				want = append(want, f.option(i))
			}
		}
		for _, w := range c.widgets {
			got = append(got, w.name)
		}
		return holds(slices.Equal(slices.Compact(got), want), got)
	}},
	{"every field names itself", func(c *checked) (out []string) {
		for _, w := range c.widgets {
			if strings.TrimSpace(w.tip) == "" {
				out = append(out, w.name)
			}
		}
		return out
	}},
	{"every field is alone in a Form element that knows it", func(c *checked) (out []string) {
		for _, w := range c.widgets {
			if e := c.dict(c.parents[c.integer(w.dict["StructParent"])]); c.name(e["S"]) != "Form" || len(c.array(e["K"])) != 1 {
				out = append(out, w.name)
			}
		}
		return append(out, holds(len(c.of("Form")) == len(c.widgets), len(c.of("Form")))...)
	}},
	{"every link is in a Link element, and says where it leads", func(c *checked) (out []string) {
		for _, l := range c.links {
			if e := c.dict(c.parents[c.integer(l["StructParent"])]); c.name(e["S"]) != "Link" || c.text(l["Contents"]) == "" {
				out = append(out, c.text(l["Contents"]))
			}
		}
		return out
	}},
	{"links lead out of the file by a whole address", func(c *checked) (out []string) {
		for _, l := range c.links {
			if to := c.text(c.dict(l["A"])["URI"]); !strings.HasPrefix(to, "http") {
				out = append(out, to)
			}
		}
		return out
	}},
	{"fields come in reading order", func(c *checked) []string {
		var order []string
		for _, n := range c.of("Form") {
			for _, r := range n.refs {
				order = append(order, c.text(c.dict(r["Obj"])["TU"]))
			}
		}
		var got []string
		for _, w := range c.widgets {
			got = append(got, w.tip)
		}
		return holds(slices.Equal(order, got), "other order")
	}},
	{"a field that must be filled in says so", func(c *checked) (out []string) {
		must := map[string]bool{}
		for _, f := range c.t.Fields() {
			must[f.ID] = f.Required && f.Kind != Choices
		}
		for _, w := range c.widgets {
			flags := c.integer(w.dict["Ff"])
			if p := c.dict(w.dict["Parent"]); p != nil {
				flags = c.integer(p["Ff"])
			}
			if flags&flagRequired != 0 != must[w.name] {
				out = append(out, w.name)
			}
		}
		return out
	}},
	{"every field is drawn before it is filled in", func(c *checked) (out []string) {
		for _, w := range c.widgets {
			if c.dict(w.dict["AP"])["N"] == nil {
				out = append(out, w.name)
			}
		}
		return out
	}},
	{"no field lies outside the page, on the foot, or over another", func(c *checked) (out []string) {
		for i, a := range c.widgets {
			r := a.rect
			if r[0] < margin-1 || r[1] < 48 || r[2] > pageWidth-margin+1 || r[3] > pageHeight-margin+1 || r[2]-r[0] < 8 || r[3]-r[1] < 8 {
				out = append(out, fmt.Sprintf("%s %v", a.name, r))
			}
			for _, b := range c.widgets[:i] {
				if s := b.rect; a.page == b.page && r[0] < s[2] && s[0] < r[2] && r[1] < s[3] && s[1] < r[3] {
					out = append(out, a.name+" over "+b.name)
				}
			}
		}
		return out
	}},
	{"a day fits its field", func(c *checked) (out []string) {
		for _, f := range c.t.Fields() {
			for _, w := range c.widgets {
				// Ten figures of the form's ten points are 54 wide; the frame takes four.
				if f.Kind == Date && w.name == f.ID && w.rect[2]-w.rect[0] < 60 {
					out = append(out, fmt.Sprintf("%s %v", w.name, w.rect))
				}
			}
		}
		return out
	}},
	{"fields and links are printed", func(c *checked) (out []string) {
		for _, w := range c.widgets {
			if c.integer(w.dict["F"]) != 4 {
				out = append(out, w.name)
			}
		}
		return out
	}},
}

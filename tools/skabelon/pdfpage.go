package skabelon

import (
	"bytes"
	"fmt"
	"slices"
)

// A4 in points, and what is left free.
const (
	pageWidth, pageHeight = 595.28, 841.89
	margin                = 48.0
	bottom                = 54.0
	column                = pageWidth - 2*margin
)

// A paper draws a template on pages. y is how far up the page is free.
type paper struct {
	t       *Template
	file    pdfFile
	fonts   []*pdfFont // regular, bold, italic
	base    string     // of the site, for links
	pages   []*sheet
	y       float64
	root    *element
	parents []string // the structure parent tree, by key
	fields  []ref
	marks   []mark
	boxes   map[string]ref // pictures of empty fields, by content
}

// A pdfFont is a face as the file uses it.
type pdfFont struct {
	*face
	name string // in resources
	obj  ref
	used map[byte]bool
}

const (
	regular = iota
	bold
	italic
)

// A sheet is a page.
type sheet struct {
	obj    ref
	body   bytes.Buffer
	annots []ref
	owners []*element // of marked content, by its id
}

// An element is a node of the structure tree that screen readers follow (14.7).
type element struct {
	kind, attributes string
	obj              ref
	kids             []string
	below            []*element
}

// A mark is a bookmark.
type mark struct {
	title string
	page  ref
	y     float64
}

func (p *paper) page() *sheet { return p.pages[len(p.pages)-1] }

func (p *paper) newPage() {
	p.pages = append(p.pages, &sheet{obj: p.file.alloc()})
	p.y = pageHeight - margin
}

// fresh tells whether nothing stands on the page yet.
func (p *paper) fresh() bool { return p.y >= pageHeight-margin-1 }

// room turns the page unless a height is left.
func (p *paper) room(height float64) {
	if p.y-height < bottom && !p.fresh() {
		p.newPage()
	}
}

func (p *paper) element(parent *element, kind string) *element {
	e := &element{kind: kind, obj: p.file.alloc()}
	parent.kids = append(parent.kids, e.obj.String())
	parent.below = append(parent.below, e)
	return e
}

// in draws as content of an element.
func (p *paper) in(e *element, draw func()) {
	s := p.page()
	id := len(s.owners)
	s.owners = append(s.owners, e)
	e.kids = append(e.kids, fmt.Sprintf("<< /Type /MCR /Pg %s /MCID %d >>", s.obj, id))
	fmt.Fprintf(&s.body, "/%s << /MCID %d >> BDC\n", e.kind, id)
	draw()
	s.body.WriteString("EMC\n")
}

// ornament draws what a screen reader passes over.
func (p *paper) ornament(kind string, draw func()) {
	s := p.page()
	fmt.Fprintf(&s.body, "/Artifact << /Type /%s >> BDC\n", kind)
	draw()
	s.body.WriteString("EMC\n")
}

func (p *paper) draw(format string, args ...any) { fmt.Fprintf(&p.page().body, format, args...) }

// text draws one line of text with its baseline at y.
func (p *paper) text(font int, size, x, y float64, ink, s string) {
	f := p.fonts[font]
	src := encode(s)
	for _, b := range src {
		f.used[b] = true
	}
	p.draw("BT /%s %.4g Tf %s rg %.2f %.2f Td %s Tj ET\n", f.name, size, ink, x, y, byteString(src))
}

// annotation adds a link or field to the page, as part of an element.
func (p *paper) annotation(e *element, dict string) ref {
	r := p.file.alloc()
	s := p.page()
	key := len(p.parents)
	p.parents = append(p.parents, e.obj.String())
	p.file.set(r, "<< /Type /Annot /F 4 /P %s /StructParent %d %s >>", s.obj, key, dict)
	e.kids = append(e.kids, fmt.Sprintf("<< /Type /OBJR /Pg %s /Obj %s >>", s.obj, r))
	s.annots = append(s.annots, r)
	return r
}

// Colours, after the tokens of the site.
const (
	ink     = "0.071 0.145 0.173"
	soft    = "0.275 0.353 0.38"
	deep    = "0.043 0.188 0.239"
	blue    = "0.039 0.337 0.427"
	line    = "0.392 0.475 0.498"
	mist    = "0.902 0.933 0.937"
	pale    = "0.957 0.969 0.969"
	yellow  = "1 0.776 0.161"
	amber   = "0.459 0.278 0"
	sand    = "1 0.961 0.871"
	leading = 1.38
)

// PDF writes a template as a tagged PDF with form fields. base is the address of the
// site, for its links. It tells how many pages there are. The same input gives the
// same bytes.
func (t *Template) PDF(fonts *Fonts, base string) ([]byte, int) {
	p := &paper{t: t, base: base, boxes: map[string]ref{}}
	root, info, pages := p.file.alloc(), p.file.alloc(), p.file.alloc()
	for i, f := range []*face{fonts.regular, fonts.bold, fonts.italic} {
		p.fonts = append(p.fonts, &pdfFont{face: f, name: fmt.Sprintf("F%d", i), obj: p.file.alloc(), used: map[byte]bool{}})
	}
	for b := range fonts.regular.glyphs { // what is typed into the fields needs all of them
		if fonts.regular.glyphs[b] != 0 {
			p.fonts[regular].used[byte(b)] = true
		}
	}
	p.root = &element{kind: "Document", obj: p.file.alloc()}
	p.newPage()
	p.title()
	p.blocks(t.Blocks)
	p.footers()
	p.catalog(root, info, pages)
	return p.file.bytes(root, info), len(p.pages)
}

// footers writes on every page what it is a page of.
func (p *paper) footers() {
	w := p.t.words()
	all := p.pages
	for i := range all {
		p.pages = all[:i+1]
		p.ornament("Pagination /Subtype /Footer", func() {
			p.draw("%s RG 0.6 w %.2f %.2f m %.2f %.2f l S\n", line, margin, 40.0, pageWidth-margin, 40.0)
			p.text(regular, 8.5, margin, 28, soft, fmt.Sprintf("Kompetencesekretariatet · %s · %s", p.t.Title, p.t.stamp()))
			n := fmt.Sprintf("%s %d %s %d", w.page, i+1, w.of, len(all))
			p.text(regular, 8.5, pageWidth-margin-p.fonts[regular].width(n, 8.5), 28, soft, n)
		})
	}
	p.pages = all
}

// catalog writes all that hangs below the root: pages, structure, bookmarks, fields,
// fonts and metadata.
func (p *paper) catalog(root, info, pages ref) {
	f := &p.file
	var fontList string
	for _, font := range p.fonts {
		p.writeFont(font)
		fontList += fmt.Sprintf("/%s %s ", font.name, font.obj)
	}
	var kids string
	for _, s := range p.pages {
		content := f.alloc()
		f.stream(content, "", s.body.Bytes())
		var owners string
		for _, e := range s.owners {
			owners += e.obj.String() + " "
		}
		f.set(s.obj, "<< /Type /Page /Parent %s /MediaBox [0 0 %.2f %.2f] /Contents %s /Resources << /Font << %s>> >> /Annots %v /Tabs /S /StructParents %d >>",
			pages, pageWidth, pageHeight, content, fontList, s.annots, len(p.parents))
		p.parents = append(p.parents, "["+owners+"]")
		kids += s.obj.String() + " "
	}
	f.set(pages, "<< /Type /Pages /Kids [%s] /Count %d >>", kids, len(p.pages))
	w := p.t.words()
	f.set(info, "<< /Title %s /Author %s /Subject %s /Creator (kompas) /Producer (kompas) /CreationDate (D:%s000000+00'00') >>",
		textString(p.t.Title), textString("Kompetencesekretariatet"), textString(p.t.Subject), p.t.Date.Format("20060102"))
	f.set(root, "<< /Type /Catalog /Pages %s /Lang (%s) /MarkInfo << /Marked true >> /ViewerPreferences << /DisplayDocTitle true >> /PageMode /UseNone"+
		" /StructTreeRoot %s /Outlines %s /Metadata %s /AcroForm << /Fields %v /DA (/F0 10 Tf 0 g) /DR << /Font << %s>> >> >> >>",
		pages, w.locale, p.structure(), p.bookmarks(), p.metadata(), p.fields, fontList)
}

func (p *paper) structure() ref {
	f := &p.file
	tree, list := f.alloc(), f.alloc()
	var write func(e *element, parent ref)
	write = func(e *element, parent ref) {
		f.set(e.obj, "<< /Type /StructElem /S /%s /P %s%s /K %v >>", e.kind, parent, e.attributes, e.kids)
		for _, b := range e.below {
			write(b, e.obj)
		}
	}
	write(p.root, tree)
	var nums string
	for key, parent := range p.parents {
		nums += fmt.Sprintf("%d %s ", key, parent)
	}
	f.set(list, "<< /Nums [%s] >>", nums)
	f.set(tree, "<< /Type /StructTreeRoot /K [%s] /ParentTree %s /ParentTreeNextKey %d >>", p.root.obj, list, len(p.parents))
	return tree
}

func (p *paper) bookmarks() ref {
	f := &p.file
	list := f.alloc()
	items := make([]ref, len(p.marks))
	for i := range items {
		items[i] = f.alloc()
	}
	for i, m := range p.marks {
		var beside string
		if i > 0 {
			beside += fmt.Sprintf(" /Prev %s", items[i-1])
		}
		if i+1 < len(items) {
			beside += fmt.Sprintf(" /Next %s", items[i+1])
		}
		f.set(items[i], "<< /Title %s /Parent %s%s /Dest [%s /XYZ 0 %.2f 0] >>", textString(m.title), list, beside, m.page, m.y)
	}
	f.set(list, "<< /Type /Outlines /First %s /Last %s /Count %d >>", items[0], items[len(items)-1], len(items))
	return list
}

// metadata writes XMP. It does not claim PDF/UA: no validator of that has been run.
func (p *paper) metadata() ref {
	r := p.file.alloc()
	t, day := p.t, p.t.Date.Format("2006-01-02")
	p.file.raw(r, "/Type /Metadata /Subtype /XML", []byte(`<?xpacket begin="`+"\ufeff"+`" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">`+escape(t.Title)+`</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">`+escape(t.Subject)+`</rdf:li></rdf:Alt></dc:description>
<dc:creator><rdf:Seq><rdf:li>Kompetencesekretariatet</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>`+t.words().locale+`</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>`+day+`T00:00:00+00:00</xmp:CreateDate>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>`))
	return r
}

// writeFont writes a simple TrueType font (9.6.3) with the glyphs that are used.
func (p *paper) writeFont(font *pdfFont) {
	f := &p.file
	file, about := f.alloc(), f.alloc()
	ttf := font.subset(font.used)
	f.stream(file, fmt.Sprintf("/Length1 %d", len(ttf)), ttf)
	flags, angle := 32, 0 // nonsymbolic
	if font.italic {
		flags, angle = flags|64, -12
	}
	// The six letters say that it is a subset (9.6.4).
	name := "KOMPAS+" + font.face.name
	f.set(about, "<< /Type /FontDescriptor /FontName /%s /Flags %d /FontBBox %v /ItalicAngle %d /Ascent %d /Descent %d /CapHeight %d /StemV 80 /FontFile2 %s >>",
		name, flags, font.box, angle, font.ascent, font.descent, font.capHeight, file)
	var widths bytes.Buffer
	for b := 32; b < 256; b++ {
		fmt.Fprintf(&widths, "%d ", font.widths[b])
	}
	f.set(font.obj, "<< /Type /Font /Subtype /TrueType /BaseFont /%s /Encoding /WinAnsiEncoding /FirstChar 32 /LastChar 255 /Widths [%s] /FontDescriptor %s /ToUnicode %s >>",
		name, widths.Bytes(), about, p.unicodeMap(font))
}

// unicodeMap tells which character each byte of a font stands for (9.10.3).
func (p *paper) unicodeMap(font *pdfFont) ref {
	var codes []byte
	for b := range font.used {
		codes = append(codes, b)
	}
	slices.Sort(codes)
	var list bytes.Buffer
	for part := range slices.Chunk(codes, 100) {
		fmt.Fprintf(&list, "%d beginbfchar\n", len(part))
		for _, b := range part {
			fmt.Fprintf(&list, "<%02X> <%04X>\n", b, decode(b))
		}
		list.WriteString("endbfchar\n")
	}
	r := p.file.alloc()
	p.file.stream(r, "", fmt.Appendf(nil, "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"+
		"/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n1 begincodespacerange <00> <FF> endcodespacerange\n%sendcmap CMapName currentdict /CMap defineresource pop end end", list.Bytes()))
	return r
}

package skabelon

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"time"
)

const (
	xmlHead   = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	wordSpace = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="w14"`
	relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	wordType  = "application/vnd.openxmlformats-officedocument.wordprocessingml."
)

// pack writes the parts of the file into a zip, dated so that it never changes.
func (w *writer) pack() ([]byte, error) {
	header := w.header()
	parts := [][2]string{
		{"[Content_Types].xml", contentTypes()}, {"_rels/.rels", topRelations()},
		{"word/document.xml", w.document()}, {"word/styles.xml", styles(w.t.words().locale)}, {"word/numbering.xml", w.numbering()},
		{"word/settings.xml", settings(w.t.words().locale)}, {"word/header1.xml", header}, {"word/footer1.xml", w.footer()},
		{"word/_rels/document.xml.rels", w.relations()}, {"docProps/core.xml", w.core()},
	}
	files := make([]File, len(parts))
	for i, p := range parts {
		files[i] = File{p[0], []byte(p[1])}
	}
	return Zip(files)
}

// A File is a name with its bytes.
type File struct {
	Name string
	Data []byte
}

// Zip packs files so that equal ones give equal bytes.
func Zip(files []File) ([]byte, error) {
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for _, f := range files {
		one, err := z.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err == nil {
			_, err = one.Write(f.Data)
		}
		if err != nil {
			return nil, fmt.Errorf("pack %s: %w", f.Name, err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("pack files: %w", err)
	}
	return buf.Bytes(), nil
}

func (w *writer) document() string {
	return xmlHead + `<w:document ` + wordSpace + `><w:body>` + w.String() +
		`<w:sectPr><w:headerReference w:type="default" r:id="H"/><w:footerReference w:type="default" r:id="F"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1304" w:right="1134" w:bottom="1247" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr></w:body></w:document>`
}

// header is the place for the workplace's name, or its logo.
func (w *writer) header() string {
	h := &writer{t: w.t, controls: 9000}
	h.open("Header", "")
	h.control(Field{Kind: Text}, "workplace", w.t.words().workplace)
	h.WriteString("</w:p>")
	text := strings.Replace(h.String(), "<w:t>"+w.t.words().write, "<w:t>"+w.t.words().workplace, 1)
	return xmlHead + `<w:hdr ` + wordSpace + `>` + text + `</w:hdr>`
}

func (w *writer) footer() string {
	words := w.t.words()
	count := func(what string) string {
		return `<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> ` + what + ` </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>`
	}
	text := func(s string) string { return `<w:r><w:t xml:space="preserve">` + escape(s) + `</w:t></w:r>` }
	return xmlHead + `<w:ftr ` + wordSpace + `><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>` +
		text("Kompetencesekretariatet · "+w.t.Title+" · "+w.t.stamp()) + `<w:r><w:tab/></w:r>` +
		text(words.page+" ") + count("PAGE") + text(" "+words.of+" ") + count("NUMPAGES") + `</w:p></w:ftr>`
}

func (w *writer) core() string {
	t, day := w.t, w.t.Date.Format("2006-01-02")
	return xmlHead + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
		`<dc:title>` + escape(t.Title) + `</dc:title><dc:subject>` + escape(t.Subject) + `</dc:subject><dc:creator>Kompetencesekretariatet</dc:creator><dc:language>` + t.words().locale + `</dc:language>` +
		`<dcterms:created xsi:type="dcterms:W3CDTF">` + day + `T00:00:00Z</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">` + day + `T00:00:00Z</dcterms:modified></cp:coreProperties>`
}

func contentTypes() string {
	var s strings.Builder
	s.WriteString(xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>`)
	for _, p := range [][2]string{{"document", "document.main"}, {"styles", "styles"}, {"numbering", "numbering"}, {"settings", "settings"}, {"header1", "header"}, {"footer1", "footer"}} {
		fmt.Fprintf(&s, `<Override PartName="/word/%s.xml" ContentType="%s%s+xml"/>`, p[0], wordType, p[1])
	}
	s.WriteString(`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`)
	return s.String()
}

func topRelations() string {
	return xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="D" Type="` + relations + `/officeDocument" Target="word/document.xml"/><Relationship Id="C" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`
}

func (w *writer) relations() string {
	var s strings.Builder
	s.WriteString(xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`)
	for _, p := range [][3]string{{"S", "styles", "styles"}, {"N", "numbering", "numbering"}, {"T", "settings", "settings"}, {"H", "header", "header1"}, {"F", "footer", "footer1"}} {
		fmt.Fprintf(&s, `<Relationship Id="%s" Type="%s/%s" Target="%s.xml"/>`, p[0], relations, p[1], p[2])
	}
	for i, l := range w.links {
		fmt.Fprintf(&s, `<Relationship Id="L%d" Type="%s/hyperlink" Target="%s" TargetMode="External"/>`, i+1, relations, escape(l))
	}
	s.WriteString(`</Relationships>`)
	return s.String()
}

func settings(locale string) string {
	return xmlHead + `<w:settings ` + wordSpace + `><w:defaultTabStop w:val="720"/><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat><w:themeFontLang w:val="` + locale + `"/></w:settings>`
}

func (w *writer) numbering() string {
	level := func(id int, format, text string) string {
		return fmt.Sprintf(`<w:abstractNum w:abstractNumId="%d"><w:multiLevelType w:val="hybridMultilevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="%s"/><w:lvlText w:val="%s"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="567" w:hanging="340"/></w:pPr></w:lvl></w:abstractNum>`, id, format, text)
	}
	var s strings.Builder
	s.WriteString(xmlHead + `<w:numbering ` + wordSpace + `>` + level(0, "bullet", "•") + level(1, "decimal", "%1.") + `<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>`)
	for i := range w.numbered {
		fmt.Fprintf(&s, `<w:num w:numId="%d"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>`, i+2)
	}
	s.WriteString(`</w:numbering>`)
	return s.String()
}

// styles are few and named as Word names its own, so that a workplace's theme takes hold.
func styles(locale string) string {
	var s strings.Builder
	paragraph := func(id, name, based, props, look string) {
		fmt.Fprintf(&s, `<w:style w:type="paragraph" w:styleId="%s"><w:name w:val="%s"/><w:basedOn w:val="%s"/><w:qFormat/><w:pPr>%s</w:pPr><w:rPr>%s</w:rPr></w:style>`, id, name, based, props, look)
	}
	box := func(bar, fill string) string {
		pad := func(side string) string {
			return `<w:` + side + ` w:val="single" w:sz="4" w:space="6" w:color="` + fill + `"/>`
		}
		return `<w:pBdr>` + pad("top") + `<w:left w:val="single" w:sz="36" w:space="8" w:color="` + bar + `"/>` + pad("bottom") + `</w:pBdr><w:shd w:val="clear" w:color="auto" w:fill="` + fill + `"/>`
	}
	rule := func(side string, space int) string {
		return fmt.Sprintf(`<w:%s w:val="single" w:sz="4" w:space="%d" w:color="64797F"/>`, side, space)
	}
	frame := rule("top", 4) + rule("left", 4) + rule("bottom", 4) + rule("right", 4)
	fmt.Fprintf(&s, xmlHead+`<w:styles %s><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="Arial" w:cs="Arial"/><w:sz w:val="21"/><w:szCs w:val="21"/><w:lang w:val="%s" w:eastAsia="%s" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="269" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>`, wordSpace, locale, locale)
	s.WriteString(`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>`)
	for i, h := range [][3]int{{0, 60, 42}, {320, 100, 29}, {200, 80, 23}} {
		paragraph(fmt.Sprintf("Heading%d", i+1), fmt.Sprintf("heading %d", i+1), "Normal",
			fmt.Sprintf(`<w:keepNext/><w:keepLines/><w:spacing w:before="%d" w:after="%d"/><w:outlineLvl w:val="%d"/>`, h[0], h[1], i), fmt.Sprintf(`<w:b/><w:color w:val="0B303D"/><w:sz w:val="%d"/><w:szCs w:val="%d"/>`, h[2], h[2]))
	}
	paragraph("Kicker", "Kicker", "Normal", `<w:spacing w:after="40"/>`, `<w:b/><w:color w:val="0A566D"/><w:sz w:val="19"/>`)
	paragraph("Subtitle", "Subtitle", "Normal", `<w:spacing w:after="200"/>`, `<w:color w:val="465A61"/><w:sz w:val="24"/>`)
	paragraph("Question", "Question", "Normal", `<w:keepNext/><w:keepLines/><w:spacing w:before="120" w:after="60"/>`, "")
	paragraph("Answer", "Answer", "Normal", `<w:keepLines/><w:pBdr>`+frame+`</w:pBdr><w:spacing w:before="60" w:after="160"/><w:ind w:left="100" w:right="100"/>`, "")
	paragraph("Line", "Line", "Normal", `<w:keepLines/><w:pBdr>`+rule("bottom", 2)+rule("between", 2)+`</w:pBdr><w:spacing w:before="100" w:after="100"/>`, "")
	paragraph("Option", "Option", "Normal", `<w:spacing w:after="80"/><w:ind w:left="340" w:hanging="340"/>`, "")
	paragraph("Options", "Options", "Normal", `<w:keepLines/><w:spacing w:after="120"/>`, "")
	paragraph("Cell", "Cell", "Normal", `<w:spacing w:before="40" w:after="40" w:line="240" w:lineRule="auto"/>`, `<w:sz w:val="19"/><w:szCs w:val="19"/>`)
	paragraph("HeadCell", "Head cell", "Cell", `<w:keepNext/>`, "")
	paragraph("AfterTable", "After table", "Normal", `<w:spacing w:after="0" w:line="160" w:lineRule="exact"/>`, "")
	for _, n := range [][3]string{{"Note", "754700", "FFF5DE"}, {"Info", "0A566D", "F4F7F7"}} {
		paragraph(n[0]+"Title", n[0]+" title", "Normal", `<w:keepNext/>`+box(n[1], n[2])+`<w:spacing w:before="160" w:after="0"/><w:ind w:left="227"/>`, `<w:b/>`)
		paragraph(n[0], n[0], "Normal", `<w:keepLines/>`+box(n[1], n[2])+`<w:spacing w:after="240"/><w:ind w:left="227"/><w:contextualSpacing/>`, "")
	}
	paragraph("ListParagraph", "List Paragraph", "Normal", `<w:spacing w:after="40"/><w:ind w:left="567"/>`, "")
	paragraph("Header", "header", "Normal", `<w:spacing w:after="0"/>`, `<w:color w:val="465A61"/><w:sz w:val="18"/>`)
	paragraph("Footer", "footer", "Normal", `<w:tabs><w:tab w:val="right" w:pos="9638"/></w:tabs><w:spacing w:after="0"/>`, `<w:color w:val="465A61"/><w:sz w:val="16"/>`)
	s.WriteString(`<w:style w:type="character" w:styleId="PlaceholderText"><w:name w:val="Placeholder Text"/><w:rPr><w:color w:val="595959"/></w:rPr></w:style>` +
		`<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/><w:rPr><w:color w:val="0A566D"/><w:u w:val="single"/></w:rPr></w:style>` +
		`<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:left w:w="85" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>` +
		`<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>`)
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		fmt.Fprintf(&s, `<w:%s w:val="single" w:sz="4" w:space="0" w:color="64797F"/>`, side)
	}
	s.WriteString(`</w:tblBorders></w:tblPr></w:style></w:styles>`)
	return s.String()
}

package skabelon

import (
	"encoding/binary"
	"fmt"
	"maps"
	"slices"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/encoding/charmap"
)

// winAnsi gives the byte of a character in the encoding of the PDF's fonts, which
// covers Danish and the languages of Western Europe.
func winAnsi(c rune) (byte, bool) {
	b, ok := charmap.Windows1252.EncodeRune(c)
	return b, ok && c >= ' ' && c != 0x7f && (b < 0x80 || c >= 0xa0)
}

// encode writes text in WinAnsi. Parse has refused what it lacks.
func encode(s string) []byte {
	out := make([]byte, 0, len(s))
	for _, c := range s {
		if b, ok := winAnsi(c); ok {
			out = append(out, b)
		}
	}
	return out
}

// A face is one font: its metrics, in thousandths of its size, by WinAnsi byte.
type face struct {
	name                       string
	italic                     bool
	ttf                        []byte
	glyphs                     [256]sfnt.GlyphIndex
	widths                     [256]int
	ascent, descent, capHeight int
	box                        [4]int
}

// Fonts are the faces of the documents: the Go fonts (BSD licence), made to be read on
// screens, with I, l and 1 that differ.
type Fonts struct{ regular, bold, italic *face }

// NewFonts reads the fonts. They come with the program, so an error is a fault in it.
func NewFonts() (*Fonts, error) {
	var f Fonts
	for _, one := range []struct {
		into **face
		name string
		ttf  []byte
	}{{&f.regular, "GoRegular", goregular.TTF}, {&f.bold, "GoBold", gobold.TTF}, {&f.italic, "GoItalic", goitalic.TTF}} {
		face, err := newFace(one.name, one.ttf)
		if err != nil {
			return nil, fmt.Errorf("read font %s: %w", one.name, err)
		}
		*one.into = face
	}
	f.italic.italic = true
	return &f, nil
}

func newFace(name string, ttf []byte) (*face, error) {
	parsed, err := sfnt.Parse(ttf)
	if err != nil {
		return nil, err
	}
	f := &face{name: name, ttf: ttf}
	var buf sfnt.Buffer
	em := fixed.I(1000)
	for b := 0x20; b < 256; b++ {
		c := charmap.Windows1252.DecodeByte(byte(b))
		if _, ok := winAnsi(c); !ok {
			continue
		}
		if f.glyphs[b], err = parsed.GlyphIndex(&buf, c); err != nil {
			return nil, err
		}
		if f.glyphs[b] == 0 {
			return nil, fmt.Errorf("no glyph for %q", c)
		}
		w, err := parsed.GlyphAdvance(&buf, f.glyphs[b], em, font.HintingNone)
		if err != nil {
			return nil, err
		}
		f.widths[b] = w.Round()
	}
	m, err := parsed.Metrics(&buf, em, font.HintingNone)
	if err != nil {
		return nil, err
	}
	f.ascent, f.descent, f.capHeight = m.Ascent.Round(), -m.Descent.Round(), m.CapHeight.Round()
	box, err := parsed.Bounds(&buf, em, font.HintingNone)
	f.box = [4]int{box.Min.X.Round(), -box.Max.Y.Round(), box.Max.X.Round(), -box.Min.Y.Round()}
	return f, err
}

// width measures text of a size, both in points.
func (f *face) width(s string, size float64) float64 {
	w := 0
	for _, b := range encode(s) {
		w += f.widths[b]
	}
	return float64(w) * size / 1000
}

// subset gives the font with only the glyphs of some WinAnsi bytes. The others keep
// their numbers but have no outline, so that no table but glyf and loca has to change.
// TrueType: learn.microsoft.com/typography/opentype/spec/otff, glyf and loca.
func (f *face) subset(bytes map[byte]bool) []byte {
	tables := map[string][]byte{}
	for i := range int(binary.BigEndian.Uint16(f.ttf[4:])) {
		rec := f.ttf[12+16*i:]
		at, n := binary.BigEndian.Uint32(rec[8:]), binary.BigEndian.Uint32(rec[12:])
		tables[string(rec[:4])] = f.ttf[at : at+n]
	}
	long := binary.BigEndian.Uint16(tables["head"][50:]) == 1
	count := int(binary.BigEndian.Uint16(tables["maxp"][4:]))
	old := offsets(tables["loca"], count, long)
	keep := map[int]bool{0: true}
	for b := range bytes {
		keepGlyph(int(f.glyphs[b]), tables["glyf"], old, keep)
	}
	var glyf, loca []byte
	for g := range count {
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		if keep[g] {
			glyf = append(glyf, tables["glyf"][old[g]:old[g+1]]...)
			glyf = append(glyf, make([]byte, -len(glyf)&3)...)
		}
	}
	loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
	head := slices.Clone(tables["head"])
	binary.BigEndian.PutUint16(head[50:], 1) // loca is long
	out := map[string][]byte{"head": head, "glyf": glyf, "loca": loca}
	for _, name := range []string{"cmap", "cvt ", "fpgm", "hhea", "hmtx", "maxp", "prep"} {
		if t, ok := tables[name]; ok {
			out[name] = t
		}
	}
	return joinTables(out)
}

func offsets(loca []byte, glyphs int, long bool) []int {
	out := make([]int, glyphs+1)
	for i := range out {
		if long {
			out[i] = int(binary.BigEndian.Uint32(loca[4*i:]))
		} else {
			out[i] = 2 * int(binary.BigEndian.Uint16(loca[2*i:]))
		}
	}
	return out
}

// keepGlyph keeps a glyph and the glyphs it is put together of (å of a and a ring).
func keepGlyph(g int, glyf []byte, offset []int, keep map[int]bool) {
	keep[g] = true
	src := glyf[offset[g]:offset[g+1]]
	if len(src) == 0 || int16(binary.BigEndian.Uint16(src)) >= 0 {
		return
	}
	const words, scale, more, twoScales, matrix = 1, 8, 0x20, 0x40, 0x80
	for src = src[10:]; ; {
		flags, part := binary.BigEndian.Uint16(src), int(binary.BigEndian.Uint16(src[2:]))
		if !keep[part] {
			keepGlyph(part, glyf, offset, keep)
		}
		if flags&more == 0 {
			return
		}
		n := 6
		if flags&words != 0 {
			n += 2
		}
		switch {
		case flags&scale != 0:
			n += 2
		case flags&twoScales != 0:
			n += 4
		case flags&matrix != 0:
			n += 8
		}
		src = src[n:]
	}
}

// joinTables writes a font file of its tables.
func joinTables(tables map[string][]byte) []byte {
	names := slices.Sorted(maps.Keys(tables))
	n, power := len(names), 1
	shift := 0
	for power*2 <= n {
		power, shift = power*2, shift+1
	}
	out := []byte{0, 1, 0, 0}
	for _, v := range []int{n, power * 16, shift, (n - power) * 16} {
		out = binary.BigEndian.AppendUint16(out, uint16(v))
	}
	at := 12 + 16*n
	var body []byte
	for _, name := range names {
		t := tables[name]
		out = append(out, name...)
		for _, v := range []uint32{checksum(t), uint32(at + len(body)), uint32(len(t))} {
			out = binary.BigEndian.AppendUint32(out, v)
		}
		body = append(body, t...)
		body = append(body, make([]byte, -len(body)&3)...)
	}
	return append(out, body...)
}

func checksum(t []byte) uint32 {
	var sum uint32
	for i := 0; i < len(t); i += 4 {
		var word [4]byte
		copy(word[:], t[i:])
		sum += binary.BigEndian.Uint32(word[:])
	}
	return sum
}

func decode(b byte) rune { return charmap.Windows1252.DecodeByte(b) }

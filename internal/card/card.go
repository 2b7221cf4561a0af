// Package card draws the picture that is shown where a link to the site is shared. In go
// the site's tokens and mark (assets/css/tokens.css, assets/favicon.svg) and some words;
// out comes a PNG. The same in gives the same bytes out. It reads no files.
package card

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// Width and Height are a card's size in pixels: what social networks ask for.
const Width, Height = 1200, 630

// The words stand at the left; the mark on a panel at the right, behind a bar.
const (
	margin    = 80
	bar       = 848
	panel     = 860
	textWidth = bar - 48 - margin
)

// An ink is a colour on a ground. A card has few, so its palette holds each in 16
// strengths, for soft edges, and its file stays small.
type ink struct{ name, ground string }

var inks = []ink{{"heading", "bg"}, {"ink-soft", "bg"}, {"on-deep", "deep"}, {"accent", "deep"}}

const (
	heading = iota
	soft
	onDeep
	accent
	strengths = 16
)

// A Drawer draws cards that are equal but for their words, one at a time.
type Drawer struct {
	base          *image.Paletted
	bold, regular *opentype.Font
	png           png.Encoder
}

// A pool keeps the encoder's buffers from one card to the next: they weigh more than it.
type pool struct{ b *png.EncoderBuffer }

// Get gives the buffer that was put last.
func (p *pool) Get() *png.EncoderBuffer { return p.b }

// Put keeps a buffer.
func (p *pool) Put(b *png.EncoderBuffer) { p.b = b }

// New makes a Drawer from the light colours of a style sheet of tokens, a mark as SVG,
// and what stands at the foot of each card.
func New(tokens, mark []byte, foot, below string) (*Drawer, error) {
	d := &Drawer{png: png.Encoder{CompressionLevel: png.BestSpeed, BufferPool: &pool{}}}
	var err error
	if d.bold, err = opentype.Parse(gobold.TTF); err != nil {
		return nil, fmt.Errorf("read font: %w", err)
	}
	if d.regular, err = opentype.Parse(goregular.TTF); err != nil {
		return nil, fmt.Errorf("read font: %w", err)
	}
	colours, err := palette(tokens)
	if err != nil {
		return nil, err
	}
	d.base = image.NewPaletted(image.Rect(0, 0, Width, Height), colours)
	fill(d.base, image.Rect(panel, 0, Width, Height), onDeep*strengths)
	fill(d.base, image.Rect(bar, 0, panel, Height), accent*strengths+strengths-1)
	if err := drawMark(d.base, mark); err != nil {
		return nil, err
	}
	if err := d.write(d.base, d.bold, 34, heading, 530, foot); err != nil {
		return nil, err
	}
	return d, d.write(d.base, d.regular, 26, soft, 568, below)
}

// Draw gives the card with some words as PNG.
func (d *Drawer) Draw(words string) ([]byte, error) {
	card := *d.base
	card.Pix = bytes.Clone(d.base.Pix)
	size, lines, err := d.fit(words)
	if err != nil {
		return nil, err
	}
	height := size * 1.16
	top := 265 - height*float64(len(lines))/2 // the middle of what is above the foot
	for i, line := range lines {
		baseline := top + height*float64(i) + size*0.9
		if err := d.write(&card, d.bold, size, heading, int(baseline), line); err != nil {
			return nil, err
		}
	}
	var out bytes.Buffer
	if err := d.png.Encode(&out, &card); err != nil {
		return nil, fmt.Errorf("write card: %w", err)
	}
	return out.Bytes(), nil
}

// write puts one line of text at the left margin.
func (d *Drawer) write(card *image.Paletted, f *opentype.Font, size float64, in, baseline int, text string) error {
	face, err := newFace(f, size)
	if err != nil {
		return err
	}
	around := image.Rect(0, baseline-int(size*1.2), panel, baseline+int(size/2)).Intersect(card.Rect)
	mask := image.NewAlpha(around)
	pen := font.Drawer{Dst: mask, Src: image.Opaque, Face: face, Dot: fixed.P(margin, baseline)}
	pen.DrawString(text)
	lay(card, mask, in)
	return face.Close()
}

func newFace(f *opentype.Font, size float64) (font.Face, error) {
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72})
	if err != nil {
		return nil, fmt.Errorf("make face of %v: %w", size, err)
	}
	return face, nil
}

// lay puts an ink on a part of a card, as thick as the mask says.
func lay(card *image.Paletted, mask *image.Alpha, in int) {
	for y := mask.Rect.Min.Y; y < mask.Rect.Max.Y; y++ {
		row := card.Pix[card.PixOffset(mask.Rect.Min.X, y):]
		for i, a := range mask.Pix[mask.PixOffset(mask.Rect.Min.X, y):][:mask.Rect.Dx()] {
			if strength := a / (256 / strengths); strength > 0 {
				row[i] = uint8(in*strengths) + strength
			}
		}
	}
}

func fill(card *image.Paletted, area image.Rectangle, index uint8) {
	for y := area.Min.Y; y < area.Max.Y; y++ {
		row := card.Pix[card.PixOffset(area.Min.X, y):card.PixOffset(area.Max.X, y)]
		for i := range row {
			row[i] = index
		}
	}
}

// palette gives each ink from its ground alone to the ink alone.
func palette(tokens []byte) (color.Palette, error) {
	var out color.Palette
	for _, in := range inks {
		front, err := token(tokens, in.name)
		if err != nil {
			return nil, err
		}
		ground, err := token(tokens, in.ground)
		if err != nil {
			return nil, err
		}
		for i := range strengths {
			out = append(out, mix(ground, front, i))
		}
	}
	return out, nil
}

func mix(ground, front color.RGBA, strength int) color.RGBA {
	part := func(g, f uint8) uint8 {
		return uint8((int(g)*(strengths-1-strength) + int(f)*strength) / (strengths - 1))
	}
	return color.RGBA{part(ground.R, front.R), part(ground.G, front.G), part(ground.B, front.B), 255}
}

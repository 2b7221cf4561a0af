package card

import (
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"math"
	"regexp"
	"strconv"

	"golang.org/x/image/vector"
)

// token reads a colour from the style sheet. The first to bear the name counts: the
// light one. A role may name a colour of the palette.
func token(css []byte, name string) (color.RGBA, error) {
	m := regexp.MustCompile(`--` + name + `:\s*(?:#([0-9a-f]{6})|var\(--([a-z0-9-]+)\))`).FindSubmatch(css)
	switch {
	case m == nil:
		return color.RGBA{}, fmt.Errorf("tokens: no colour --%s", name)
	case m[2] != nil:
		if string(m[2]) == name {
			return color.RGBA{}, fmt.Errorf("tokens: --%s names itself", name)
		}
		return token(css, string(m[2]))
	}
	rgb, err := hex.DecodeString(string(m[1]))
	if err != nil {
		return color.RGBA{}, fmt.Errorf("tokens: --%s: %w", name, err)
	}
	return color.RGBA{rgb[0], rgb[1], rgb[2], 255}, nil
}

var (
	markPath   = regexp.MustCompile(`<path d="([^"]+)"`)
	markStroke = regexp.MustCompile(`stroke-width="([\d.]+)"`)
	number     = regexp.MustCompile(`-?\d*\.?\d+`)
)

// The mark is drawn on a square of 48, about its middle; so is it on the panel.
const (
	markMiddle = 24
	markScale  = 4.7
	markX      = (panel + Width) / 2
	markY      = Height / 2
)

// drawMark draws the compass on the panel. It knows what the mark is made of, arcs about
// the middle ("MxyArr001xy") and the two halves of a needle ("MxyxyxyZ"), and no other SVG.
func drawMark(card *image.Paletted, svg []byte) error {
	stroke := markStroke.FindSubmatch(svg)
	if stroke == nil {
		return fmt.Errorf("mark: no stroke-width")
	}
	width, err := strconv.ParseFloat(string(stroke[1]), 64)
	if err != nil {
		return fmt.Errorf("mark: %w", err)
	}
	white, yellow := vector.NewRasterizer(Width, Height), vector.NewRasterizer(Width, Height)
	arcs, halves := 0, 0
	for _, m := range markPath.FindAllSubmatch(svg, -1) {
		var n []float64
		for _, s := range number.FindAll(m[1], -1) {
			v, err := strconv.ParseFloat(string(s), 64)
			if err != nil {
				return fmt.Errorf("mark: %w", err)
			}
			n = append(n, v)
		}
		switch {
		case len(n) == 9:
			polygon(white, arc(n, width))
			arcs++
		case len(n) == 6 && halves == 0: // the half that points
			polygon(yellow, [][2]float64{{n[0], n[1]}, {n[2], n[3]}, {n[4], n[5]}})
			halves++
		case len(n) == 6:
			polygon(white, [][2]float64{{n[0], n[1]}, {n[2], n[3]}, {n[4], n[5]}})
			halves++
		default:
			return fmt.Errorf("mark: cannot draw the path %s", m[1])
		}
	}
	if arcs == 0 || halves != 2 {
		return fmt.Errorf("mark: %d arcs and %d halves of a needle", arcs, halves)
	}
	for i, r := range []*vector.Rasterizer{white, yellow} {
		mask := image.NewAlpha(card.Rect)
		r.Draw(mask, mask.Rect, image.Opaque, image.Point{})
		lay(card, mask, []int{onDeep, accent}[i])
	}
	return nil
}

// arc gives the outline of a stroke along an arc about the middle: along its outside,
// and back along its inside.
func arc(n []float64, width float64) [][2]float64 {
	radius := n[2]
	from := math.Atan2(n[1]-markMiddle, n[0]-markMiddle)
	to := math.Atan2(n[8]-markMiddle, n[7]-markMiddle)
	if to < from {
		to += 2 * math.Pi
	}
	const steps = 60
	points := make([][2]float64, 2*steps+2)
	for i := range steps + 1 {
		sin, cos := math.Sincos(from + (to-from)*float64(i)/steps)
		out, in := radius+width/2, radius-width/2
		points[i] = [2]float64{markMiddle + out*cos, markMiddle + out*sin}
		points[2*steps+1-i] = [2]float64{markMiddle + in*cos, markMiddle + in*sin}
	}
	return points
}

func polygon(r *vector.Rasterizer, points [][2]float64) {
	for i, p := range points {
		x, y := float32(markX+(p[0]-markMiddle)*markScale), float32(markY+(p[1]-markMiddle)*markScale)
		if i == 0 {
			r.MoveTo(x, y)
		} else {
			r.LineTo(x, y)
		}
	}
	r.ClosePath()
}

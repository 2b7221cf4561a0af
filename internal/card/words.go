package card

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
)

// sizes are those words are tried in, the largest first; rows is how many lines of a size
// there is room for.
var sizes = []float64{92, 80, 68, 58, 48}

func rows(size float64) int { return int(400 / (size * 1.16)) }

// fit gives the largest size in which words find room, and their lines. What finds no
// room in the least is cut off, with "…".
func (d *Drawer) fit(words string) (float64, []string, error) {
	words = d.known(words)
	for i, size := range sizes {
		face, err := newFace(d.bold, size)
		if err != nil {
			return 0, nil, err
		}
		lines, whole := wrap(face, words, rows(size))
		if err := face.Close(); err != nil {
			return 0, nil, err
		}
		if whole || i == len(sizes)-1 {
			return size, lines, nil
		}
	}
	return 0, nil, nil
}

// known leaves out what the font has no glyph for, such as emoji.
func (d *Drawer) known(words string) string {
	var buf sfnt.Buffer
	return strings.Map(func(r rune) rune {
		if i, err := d.bold.GlyphIndex(&buf, r); err != nil || i == 0 {
			return -1
		}
		return r
	}, words)
}

// wrap breaks words into at most so many lines, and tells whether nothing was cut off.
func wrap(face font.Face, words string, most int) (lines []string, whole bool) {
	whole = true
	line := ""
	for _, word := range together(strings.Fields(words)) {
		if longer := strings.TrimSpace(line + " " + word); line == "" || wide(face, longer) <= textWidth {
			line = longer
			continue
		}
		lines, line = append(lines, line), word
	}
	lines = append(lines, line)
	if len(lines) > most {
		lines, whole = lines[:most], false
		lines[most-1] += " …"
	}
	for i, line := range lines {
		if wide(face, line) > textWidth {
			lines[i], whole = cut(face, line), false
		}
	}
	return lines, whole
}

// together keeps a word of one letter with the one it leads to: "i staten".
func together(words []string) (out []string) {
	for i, word := range words {
		if i > 0 && utf8.RuneCountInString(words[i-1]) == 1 {
			out[len(out)-1] += " " + word
		} else {
			out = append(out, word)
		}
	}
	return out
}

func wide(face font.Face, text string) int { return font.MeasureString(face, text).Ceil() }

// cut shortens a line that is too wide.
func cut(face font.Face, line string) string {
	line = strings.TrimSuffix(line, " …")
	for line != "" && wide(face, line+"…") > textWidth {
		_, n := utf8.DecodeLastRuneInString(line)
		line = line[:len(line)-n]
	}
	return strings.TrimSpace(line) + "…"
}

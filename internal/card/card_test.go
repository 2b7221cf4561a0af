package card

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"strings"
	"testing"
)

func read(t testing.TB, name string) []byte {
	t.Helper()
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func drawer(t testing.TB) *Drawer {
	t.Helper()
	d, err := New(read(t, "../../assets/css/tokens.css"), read(t, "../../assets/favicon.svg"), "Kompetencesekretariatet", "kompetenceudvikling.dk")
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func draw(t testing.TB, d *Drawer, words string) ([]byte, *image.Paletted) {
	t.Helper()
	src, err := d.Draw(words)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(src))
	if err != nil {
		t.Fatal(err)
	}
	return src, img.(*image.Paletted)
}

// Whatever the words, a card is small, of its size, and its words stay between the margin
// and the bar, and above the foot.
func TestWordsStayInTheirPlace(t *testing.T) {
	d := drawer(t)
	_, empty := draw(t, d, "")
	for _, words := range []string{
		"Den Statslige Kompetencefond", "Få råd om kompetenceudvikling", "SU", "🎉", "Æøå & co. 🎉",
		strings.Repeat("kompetenceudvikling", 10), strings.Repeat("kompetenceudvikling ", 30), strings.Repeat("a ", 300), "\x00\n\t",
	} {
		src, img := draw(t, d, words)
		if img.Rect.Dx() != Width || img.Rect.Dy() != Height || len(src) > 40_000 {
			t.Errorf("%.20q: %v, %d bytes", words, img.Rect, len(src))
		}
		for y := range Height {
			for x := range Width {
				if (x < margin-8 || x >= bar-32 || y < 20 || y > 490) && img.ColorIndexAt(x, y) != empty.ColorIndexAt(x, y) {
					t.Fatalf("%.20q: something is drawn at %d, %d", words, x, y)
				}
			}
		}
	}
}

// Two drawers give the same bytes, and a drawer does so whatever it drew before.
func TestSameWordsSameBytes(t *testing.T) {
	a, b := drawer(t), drawer(t)
	first, _ := draw(t, a, "Nyheder")
	draw(t, b, "Selvtjek")
	if again, _ := draw(t, b, "Nyheder"); !bytes.Equal(first, again) {
		t.Error("the bytes differ")
	}
}

// Words are never parted where one is left alone, and what has no room is cut, not lost
// in silence.
func TestLines(t *testing.T) {
	d := drawer(t)
	for words, want := range map[string]string{
		"Find vej til nye kompetencer i staten":     "Find vej til nye|kompetencer|i staten",
		"Fest 🎉 i dag":                              "Fest i dag",
		strings.Repeat("x", 100):                    "…",
		strings.Repeat("kompetenceudvikling ", 100): "…",
	} {
		_, lines, err := d.fit(words)
		if got := strings.Join(lines, "|"); err != nil || got != want && (want != "…" || !strings.HasSuffix(got, want)) {
			t.Errorf("%.30q is written %q, %v; want %q", words, got, err, want)
		}
	}
}

// A look that cannot be drawn is told of, not guessed at.
func TestLookThatCannotBeDrawn(t *testing.T) {
	tokens, mark := string(read(t, "../../assets/css/tokens.css")), string(read(t, "../../assets/favicon.svg"))
	for _, c := range []struct{ tokens, mark, want string }{
		{"", mark, "no colour --heading"},
		{strings.Replace(tokens, "--deep: var(--hav-900)", "--deep: var(--deep)", 1), mark, "--deep names itself"},
		{tokens, "<svg></svg>", "no stroke-width"},
		{tokens, strings.Replace(mark, "M34 14 27.2 27.2 20.8 20.8Z", "M34 14C1 2 3 4 5 6Z", 1), "cannot draw the path"},
		{tokens, strings.Replace(mark, "M34 14 27.2 27.2 20.8 20.8Z", "M25.6 4.6A19.5 19.5 0 0 1 42 16.6", 1), "1 halves"},
	} {
		if _, err := New([]byte(c.tokens), []byte(c.mark), "", ""); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

func BenchmarkDraw(b *testing.B) {
	d := drawer(b)
	var src []byte
	for b.Loop() {
		src, _ = d.Draw("Skills and funding for staff in the Danish state")
	}
	b.ReportMetric(float64(len(src)), "bytes")
}

package dansk

import "strings"

var (
	begins = strings.NewReplacer("hv", "v", "hj", "j")
	sounds = strings.NewReplacer(soundPairs...)

	soundPairs = []string{
		"tion", "sjon", "ssion", "sjon", "sion", "sjon", "sch", "sj", "sh", "sj",
		"ce", "se", "ci", "si", "cy", "sy", "cae", "se", "ck", "k", "ch", "k", "c", "k",
		"ae", "e", "nd", "n", "ld", "l", "ph", "f", "th", "t", "q", "k", "w", "v", "z", "s", "x", "ks",
	}
)

// Sound writes a folded word as Danish spelling is commonly heard: silent letters gone,
// letters of one sound alike, doubled letters single. Two spellings of one word tend to
// the same key: proffesionel and professionel, gentlig and gendtlig.
func Sound(folded string) string {
	if len(folded) > 1 {
		folded = begins.Replace(folded[:2]) + folded[2:]
	}
	var out strings.Builder
	last := rune(0)
	for _, r := range sounds.Replace(folded) {
		if r != last {
			out.WriteRune(r)
		}
		last = r
	}
	return out.String()
}

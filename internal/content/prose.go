package content

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// leadLimit is the most words the first paragraph of a task or rule page should have:
// it is the answer.
const leadLimit = 80

// prose checks the running text: that the answer stands first, that no word is still
// cut in two from the paper it was copied from, and how hard it is to read.
func (b *body) prose(root ast.Node) {
	var all []string
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if k := n.Kind(); entering && (k == ast.KindParagraph || k == ast.KindTextBlock) {
			text := plain(n, b.src)
			b.debris(text, b.at(n))
			all = append(all, text)
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
	if !ruled(b.page.Kind) {
		return
	}
	first, ok := root.FirstChild().(*ast.Paragraph)
	switch {
	case !ok:
		b.add(b.line, "siden begynder ikke med svaret", "begynd med et kort afsnit, der svarer på sidens titel")
	default:
		if n := len(strings.Fields(plain(first, b.src))); n > leadLimit {
			b.faults.Warn(b.page.File, b.at(first), fmt.Sprintf("det første afsnit har %d ord", n), fmt.Sprintf("giv svaret på højst %d ord", leadLimit))
		}
	}
	goal := 40
	if b.page.Kind == "opgave" {
		goal = 35
	}
	if lix := readability(all); lix > goal {
		b.faults.Warn(b.page.File, b.line, fmt.Sprintf("teksten er svær at læse: LIX er %d, målet er %d", lix, goal), "skriv kortere sætninger, og brug korte ord")
	}
}

var (
	debrisRe = regexp.MustCompile(`(\pL{2,})- (\p{Ll}+)`)
	joined   = map[string]bool{"og": true, "eller": true, "samt": true, "men": true, "til": true, "som": true, "hhv": true, "henholdsvis": true}
)

// debris finds words cut at the end of a line of some other text: "Vejdi- rektoratet".
// "efter- og videreuddannelse" is sound.
func (b *body) debris(text string, line int) {
	if !strings.Contains(text, "- ") { // seldom; the expression is slow
		return
	}
	for _, m := range debrisRe.FindAllStringSubmatch(text, -1) {
		if !joined[m[2]] {
			b.add(line, fmt.Sprintf("et ord er delt: %q", m[0]), "skriv ordet i ét: "+m[1]+m[2])
		}
	}
}

var (
	shortFormRe = regexp.MustCompile(`\b(kr|pr|kl|ca|nr|stk|fx|bl\.a|m\.fl|m\.m|m\.v|mv|osv|ph\.d|jf|inkl|ekskl)\.|([0-9])[.:]`)
	sentenceRe  = regexp.MustCompile(`[.:!?]+(?:\s|$)`)
	wordRe      = regexp.MustCompile(`[\pL\pN]+(?:-[\pL\pN]+)*`)
	blankedRe   = regexp.MustCompile(`^x{8,}$`) // a shortcode
)

// readability gives LIX, the index of Björnsson (1968) over pieces of text: words per
// sentence plus the share of words longer than six letters, in percent. Each piece
// ends a sentence. 25 is easy, 35 middling, 45 hard.
func readability(pieces []string) int {
	words, long, sentences := 0, 0, 0
	for _, piece := range pieces {
		piece = shortFormRe.ReplaceAllString(piece, "$1$2")
		for _, s := range sentenceRe.Split(piece, -1) {
			n := 0
			for _, w := range wordRe.FindAllString(s, -1) {
				if blankedRe.MatchString(w) {
					continue
				}
				n++
				if len([]rune(w)) > 6 {
					long++
				}
			}
			words += n
			if n > 0 {
				sentences++
			}
		}
	}
	if words == 0 {
		return 0
	}
	return (words+sentences/2)/sentences + (100*long+words/2)/words
}

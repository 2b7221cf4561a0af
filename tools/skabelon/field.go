package skabelon

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/internal/fault"
)

// markdown is goldmark as the pages use it, with fields.
func markdown() parser.Parser {
	return goldmark.New(
		goldmark.WithExtensions(extension.Table),
		// Before links (200), which begin with the same sign.
		goldmark.WithParserOptions(parser.WithInlineParsers(util.Prioritized(fieldParser{}, 150))),
	).Parser()
}

var fieldNodeKind = ast.NewNodeKind("Field")

// A fieldNode is a field as written, between [[ and ]].
type fieldNode struct {
	ast.BaseInline
	src    string
	offset int
	open   bool // no ]] on the line
}

func (*fieldNode) Kind() ast.NodeKind           { return fieldNodeKind }
func (n *fieldNode) Dump(src []byte, level int) { ast.DumpHelper(n, src, level, nil, nil) }

type fieldParser struct{}

func (fieldParser) Trigger() []byte { return []byte{'['} }

func (fieldParser) Parse(_ ast.Node, r text.Reader, _ parser.Context) ast.Node {
	line, at := r.PeekLine()
	if !bytes.HasPrefix(line, []byte("[[")) {
		return nil
	}
	n := &fieldNode{offset: at.Start}
	end := bytes.Index(line, []byte("]]"))
	if n.open = end < 0; n.open {
		r.Advance(len(bytes.TrimRight(line, "\n")))
		return n
	}
	n.src = string(line[2:end])
	r.Advance(end + 2)
	return n
}

var (
	kinds   = []string{string(Text), string(Lines), string(Date), string(Choice), string(Choices), string(Check), string(Scale)}
	tokenRe = regexp.MustCompile(`"[^"]*"|[^\s"]+`)
	idRe    = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
)

const (
	standardRows = 4
	maxRows      = 30 // taller is no longer one page's field
	maxOptions   = 30
	required     = "skal"
	advised      = "helst"
	repeat       = "raekker"
)

// A problem is what is wrong with a field, and what to write instead.
type problem struct{ message, advice string }

// readField reads what stands between [[ and ]]: kind, id, "label", "options" and, in
// any order after the id, how many lines it has and whether it must be filled in, or is
// among the first to be, where one need not.
func readField(src string) (Field, *problem) {
	tokens := tokenRe.FindAllString(src, -1)
	if strings.Count(src, `"`)%2 == 1 {
		return Field{}, &problem{"feltets tekst slutter ikke", `sæt " både før og efter teksten, og brug ikke " inde i den`}
	}
	if len(tokens) == 0 || !slices.Contains(kinds, tokens[0]) {
		word := ""
		if len(tokens) > 0 {
			word = tokens[0]
		}
		advice := "vælg en af: " + strings.Join(kinds, ", ")
		if near := fault.Nearest(word, kinds); near != "" {
			advice = "mente du " + near + "? Ellers " + advice
		}
		return Field{}, &problem{fmt.Sprintf("ukendt slags felt %q", word), advice}
	}
	f := Field{Kind: Kind(tokens[0])}
	example := fmt.Sprintf(`skriv fx [[%s navn "Dit navn"]]`, f.Kind)
	if len(tokens) < 2 || strings.HasPrefix(tokens[1], `"`) {
		return f, &problem{"feltet har intet id", example}
	}
	if f.ID = tokens[1]; !idRe.MatchString(f.ID) {
		return f, &problem{fmt.Sprintf("feltets id %q kan ikke bruges", f.ID), "brug kun a-z, 0-9 og bindestreg, og begynd med et bogstav: skriv " + proposal(f.ID)}
	}
	return f, f.rest(tokens[2:])
}

// proposal gives an id that may be used, near the one written.
func proposal(id string) string {
	if s := strings.TrimLeft(content.Slug(id), "0123456789-"); s != "" {
		return s
	}
	return "felt-" + content.Slug(id)
}

func (f *Field) rest(tokens []string) *problem {
	var texts []string
	for _, t := range tokens {
		n, err := strconv.Atoi(t)
		switch {
		case strings.HasPrefix(t, `"`):
			texts = append(texts, strings.Join(strings.Fields(strings.Trim(t, `"`)), " "))
		case t == required:
			f.Required = true
		case t == advised:
			f.Advised = true
		case err == nil && f.Kind == Lines && 0 < n && n <= maxRows:
			f.Rows = n
		case err == nil && f.Kind == Lines:
			return &problem{fmt.Sprintf("et felt kan ikke have %d linjer", n), fmt.Sprintf("skriv et tal fra 1 til %d", maxRows)}
		default:
			return &problem{fmt.Sprintf("%q hører ikke til her", t), `efter id kan der stå "spørgsmålet", "svar; svar", et antal linjer (kun felt) og skal eller helst`}
		}
	}
	if f.Kind == Lines && f.Rows == 0 {
		f.Rows = standardRows
	}
	if len(texts) > 0 {
		f.Label = texts[0]
	}
	if len(texts) > 1 {
		for o := range strings.SplitSeq(texts[1], ";") {
			if o = strings.TrimSpace(o); o != "" {
				f.Options = append(f.Options, o)
			}
		}
	}
	if len(texts) > 2 {
		return &problem{"feltet har for mange tekster", `skriv ét "spørgsmål" og én liste "svar; svar"`}
	}
	if f.Required && f.Advised {
		return &problem{"feltet har både skal og helst", "skriv kun det ene"}
	}
	return f.checkOptions()
}

func (f *Field) checkOptions() *problem {
	seen := map[string]bool{}
	for i, o := range f.Options {
		if seen[f.option(i)] {
			return &problem{fmt.Sprintf("svaret %q står to gange", o), "slet det ene"}
		}
		seen[f.option(i)] = true
	}
	switch n := len(f.Options); {
	case f.Kind == Scale && n != 2:
		return &problem{"en skala skal have to ender", `skriv fx "slet ikke; meget"`}
	case f.Kind == Scale:
	case (f.Kind == Choice || f.Kind == Choices) && (n < 2 || n > maxOptions):
		return &problem{fmt.Sprintf("feltet har %d svar at vælge imellem", n), fmt.Sprintf(`skriv mindst to og højst %d, adskilt af semikolon: "ja; nej"`, maxOptions)}
	case f.Kind != Choice && f.Kind != Choices && n > 0:
		return &problem{fmt.Sprintf("et felt af slagsen %s har ingen svar at vælge imellem", f.Kind), "brug valg eller flervalg, eller slet svarene"}
	}
	return nil
}

package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"kompetenceudvikling.dk/kompas/internal/publish"
)

// guide gives the editors' guide: what it explains of ours, and of git's own.
func guide(t *testing.T) (ours, gits string) {
	t.Helper()
	src, err := os.ReadFile("../../content/redaktoer/index.md")
	if err != nil {
		t.Fatal(err)
	}
	ours, gits, ok := strings.Cut(string(src), "Git siger selv dette på engelsk:")
	if !ok {
		t.Fatal("the guide has no part about git's own words")
	}
	return ours, gits
}

var (
	listRe   = regexp.MustCompile("(?m)^- (`[^`]+`(?:(?:, | og )`[^`]+`)*):")
	inlineRe = regexp.MustCompile("(?:skriver den|står der) `([^`]+)`")
	quoteRe  = regexp.MustCompile("`([^`]+)`")
)

// quoted gives the messages that a part of the guide explains.
func quoted(part string) (out []string) {
	for _, m := range listRe.FindAllStringSubmatch(part, -1) {
		for _, q := range quoteRe.FindAllStringSubmatch(m[1], -1) {
			out = append(out, q[1])
		}
	}
	for _, m := range inlineRe.FindAllStringSubmatch(part, -1) {
		out = append(out, m[1])
	}
	return out
}

// TestGuideQuotes demands that each message that the editors' guide explains is one that
// the program says, and each of git's own one that a script has seen git say.
func TestGuideQuotes(t *testing.T) {
	ours, gits := guide(t)
	program := texts(t, "../..", func(name string) bool {
		return strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go")
	})
	scripts := texts(t, "testdata/script", func(name string) bool { return strings.HasSuffix(name, ".txtar") })
	said := func(guide, by string) {
		all := quoted(guide)
		if len(all) < 3 {
			t.Errorf("only %d messages found in the guide", len(all))
		}
		for _, text := range all {
			if !strings.Contains(by, text) {
				t.Errorf("the guide explains %q, and nobody says it", text)
			}
		}
	}
	said(ours, program)
	said(gits, scripts)
}

func texts(t *testing.T, dir string, wanted func(name string) bool) string {
	t.Helper()
	var out strings.Builder
	err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !wanted(name) {
			return err
		}
		src, err := os.ReadFile(name)
		out.Write(src)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// editors are the files whose messages reach an editor: the commands that the guide
// teaches, and what the server's hooks say. Faults in a text are the guide's first group;
// each of those carries its own advice.
var editors = []string{
	"main.go", "source.go", "secret.go", "login.go", "hent.go", "udgiv.go", "new.go", "check.go", "serve.go", "publish_ssh.go",
	"../../internal/publish/receive.go", "../../internal/publish/entries.go", "../../internal/publish/drafts.go", "../../internal/publish/tell.go",
	"../../internal/publish/publish.go", "../../internal/publish/reconcile.go", "../../internal/publish/http.go",
}

// beside are lines that need no word in the guide: they go on from one that has, or are
// said to an operator.
var unquoted = []string{
	"Gå ind i den: cd", "Se dine rettelser med kompas serve", "Vejledningen står på", "serveren får en ny udgave af kompas; indholdet virker nu.",
	"Serveren prøver igen af sig selv.", "Er det, der blev rullet tilbage, ikke rettet",
	"Kompas bygger, tjekker og viser", "KOMMANDO --help viser mere", "sig, hvem nøglen tilhører", "kompas %s: ", "kompas serve: ",
	"http://%s/", "... og %d til",
}

// TestGuideHasAll demands that the guide explains each message that can reach an editor.
func TestGuideHasAll(t *testing.T) {
	ours, _ := guide(t)
	explained := append(quoted(ours), unquoted...)
	found := map[string]string{publish.AllFine: "receive.go"}
	for _, name := range editors {
		for _, text := range messages(t, name) {
			found[text] = name
		}
	}
	if len(found) < 80 {
		t.Errorf("only %d messages found in the program", len(found))
	}
	for text, name := range found {
		if mark := markRe.FindStringSubmatch(text); mark != nil { // "  ændret     content/a.md"
			if !strings.Contains(ours, "`"+mark[1]+"`") {
				t.Errorf("%s: the guide does not explain the mark %q", name, mark[1])
			}
			continue
		}
		known := false
		for _, q := range explained {
			known = known || strings.Contains(text, q)
		}
		if !known {
			t.Errorf("%s: the guide does not explain %q", name, text)
		}
	}
}

var (
	markRe   = regexp.MustCompile(`^  (\pL+(?: \pL+)*)  +%s`)
	letterRe = regexp.MustCompile(`\pL{3}`)
)

// messages gives what a source file says to people, without the advice: the literals of
// each call or error that is for them.
func messages(t *testing.T, name string) (out []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	take := func(nodes ...ast.Expr) {
		var text strings.Builder
		for _, n := range nodes {
			ast.Inspect(n, func(n ast.Node) bool {
				if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
					s, _ := strconv.Unquote(lit.Value)
					text.WriteString(s)
				}
				return true
			})
		}
		if letterRe.MatchString(verbRe.ReplaceAllString(text.String(), "")) {
			out = append(out, text.String())
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Name.Name == "reason" { // its answers are told as they are
				ast.Inspect(n, func(n ast.Node) bool {
					if r, ok := n.(*ast.ReturnStmt); ok {
						take(r.Results...)
					}
					return true
				})
			}
		case *ast.CompositeLit:
			if id, ok := n.Type.(*ast.Ident); ok && (id.Name == "usageError" || id.Name == "hint") && len(n.Elts) > 0 {
				take(n.Elts[0])
			}
		case *ast.CallExpr:
			if at, ok := speaks[called(n)]; ok && len(n.Args) > at.from {
				take(n.Args[at.from:min(at.to, len(n.Args))]...)
			}
		}
		return true
	})
	return out
}

var verbRe = regexp.MustCompile(`%[-.0-9]*[a-z]`)

// speaks are the functions that tell people something, and which arguments do.
var speaks = map[string]struct{ from, to int }{
	"Fprintf": {1, 2}, "Fprintln": {1, 2}, "Fprint": {1, 2}, "say": {0, 1}, "refusal": {0, 1}, "Add": {2, 3}, "Error": {1, 2},
}

func called(c *ast.CallExpr) string {
	switch f := c.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

package main

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/internal/fault"
	"kompetenceudvikling.dk/kompas/internal/publish"
	"kompetenceudvikling.dk/kompas/internal/repo"
	"kompetenceudvikling.dk/kompas/tools/selvtjek"
)

// knownFrom is the first day on which the ceilings of all pools are known under OK24;
// before it the self-check has no answers to give.
const knownFrom = "2024-07-03"

func selvtjekCommand(ctx context.Context, c *call) error {
	what := ""
	if len(c.args) > 0 && !strings.HasPrefix(c.args[0], "-") {
		what, c.args = c.args[0], c.args[1:]
	}
	subcommands := map[string]func(context.Context, *call) error{
		"list": selvtjekList, "run": selvtjekRun, "table": selvtjekTable, "graph": selvtjekGraph, "diff": selvtjekDiff,
	}
	do, ok := subcommands[what]
	switch {
	case ok:
		return do(ctx, c)
	case what == "": // --help, or nothing
		if err := c.parse(0); err != nil {
			return err
		}
		return usageError{"skriv, hvad selvtjekket skal", "brugen er: " + c.usage}
	}
	advice := "vælg en af: list, run, table, graph, diff"
	if near := fault.Nearest(what, []string{"list", "run", "table", "graph", "diff"}); near != "" {
		advice = "mente du kompas selvtjek " + near + "?"
	}
	return usageError{fmt.Sprintf("der er ingen kommando selvtjek %q", what), advice}
}

// flows loads the self-checks of the working folder.
func (s *source) flows() ([]*selvtjek.Flow, error) {
	now, err := s.now()
	if err != nil {
		return nil, err
	}
	if err := s.exists(); err != nil {
		return nil, err
	}
	return loadFlows(os.DirFS(s.dir), now)
}

func loadFlows(fsys fs.FS, now time.Time) ([]*selvtjek.Flow, error) {
	if _, err := fs.Stat(fsys, "content"); err != nil {
		return nil, usageError{"mappen content/ findes ikke her", "vis vej til en mappe eller en version i git, der har content/ i sig"}
	}
	tree, err := content.LoadFlows(fsys, now)
	if err != nil {
		return nil, err
	}
	return selvtjek.Load(tree)
}

// pick finds the flow that is meant.
func pick(flows []*selvtjek.Flow, id string) (*selvtjek.Flow, error) {
	var ids []string
	for _, f := range flows {
		if f.ID == id {
			return f, nil
		}
		ids = append(ids, f.ID)
	}
	slices.Sort(ids)
	advice := "vælg en af: " + strings.Join(ids, ", ")
	if near := fault.Nearest(id, ids); near != "" {
		advice = "mente du " + near + "? Ellers " + advice
	}
	return nil, usageError{fmt.Sprintf("der er intet selvtjek %q", id), advice}
}

func selvtjekList(_ context.Context, c *call) error {
	s := c.source()
	if err := c.parse(0); err != nil {
		return err
	}
	flows, err := s.flows()
	if err != nil {
		return err
	}
	for _, f := range flows {
		fmt.Fprintf(c.stdout, "%s: %s (%d spørgsmål, %d sider)\n", f.ID, f.Title, len(f.Questions), len(f.Nodes))
	}
	return nil
}

// An answer is the one object that `selvtjek run --json` prints.
type answer struct {
	Flow      string   `json:"flow"`
	Outcome   string   `json:"outcome"`
	Class     string   `json:"class"`
	Rules     []string `json:"rules"`
	Sources   []string `json:"sources"`
	Asked     []string `json:"asked"`
	Unused    []string `json:"unused"`
	Confirmed bool     `json:"confirmed"`
	Next      string   `json:"next"`
	Limit     *int     `json:"limit"`
}

func selvtjekRun(_ context.Context, c *call) error {
	s := c.source()
	asJSON := c.flags.Bool("json", false, "skriv svaret som JSON")
	if err := c.parse(1 << 10); err != nil {
		return err
	}
	if c.flags.NArg() == 0 {
		return usageError{"skriv, hvilket selvtjek der skal køres", "brugen er: " + c.usage}
	}
	given, err := readAnswers(c.flags.Args()[1:])
	if err != nil {
		return err
	}
	now, err := s.now()
	if err != nil {
		return err
	}
	if first, _ := content.ParseTime(knownFrom); now.Before(first) {
		return usageError{"selvtjekket kender ikke reglerne før 3. juli 2024", "vælg en senere dag med --date, fx --date " + knownFrom}
	}
	flows, err := s.flows()
	if err != nil {
		return err
	}
	f, err := pick(flows, c.flags.Arg(0))
	if err != nil {
		return err
	}
	answers, err := f.Parse(given)
	if err != nil {
		return usageError{err.Error(), "brugen er: " + c.usage}
	}
	r := f.Run(answers)
	if !*asJSON {
		return trace(c, f, answers, r)
	}
	out := answer{Flow: f.ID, Rules: []string{}, Sources: []string{}, Asked: append([]string{}, r.Asked...), Unused: append([]string{}, r.Unused...)}
	if v := r.Verdict; v != nil {
		out.Outcome, out.Class, out.Confirmed, out.Limit = v.Outcome, v.Class, v.Confirmed, v.Limit
		out.Rules, out.Sources = append(out.Rules, v.Rules...), append(out.Sources, v.Sources...)
	} else {
		out.Next = r.Next.ID
	}
	return c.json(out)
}

// readAnswers reads id=answer words; an id may stand once.
func readAnswers(words []string) (map[string]string, error) {
	given := map[string]string{}
	for _, word := range words {
		id, a, ok := strings.Cut(word, "=")
		if !ok || id == "" {
			return nil, usageError{fmt.Sprintf("%q er ikke et svar", word), "skriv spørgsmål=svar, fx sektor=stat"}
		}
		if _, twice := given[id]; twice {
			return nil, usageError{fmt.Sprintf("%s står to gange", id), "giv hvert spørgsmål ét svar"}
		}
		given[id] = a
	}
	return given, nil
}

// trace tells the way to the outcome in words.
func trace(c *call, f *selvtjek.Flow, answers selvtjek.Answers, r selvtjek.Result) error {
	for _, q := range f.Questions {
		for _, asked := range r.Asked {
			if asked == q.ID {
				fmt.Fprintf(c.stdout, "%s\n  %s\n", q.Text.Title, answerWords(q, answers[q.ID]))
			}
		}
	}
	if r.Verdict == nil {
		fmt.Fprintf(c.stdout, "Næste spørgsmål: %s (%s)\n", r.Next.Text.Title, r.Next.ID)
	} else {
		v := r.Verdict
		fmt.Fprintf(c.stdout, "\n%s: %s (%s)\n", selvtjek.ClassWords(v.Class), v.Part.Outcome.Short, v.Outcome)
		if v.Limit != nil {
			fmt.Fprintf(c.stdout, "Loft: %s kr.\n", content.Thousands(*v.Limit))
		}
		fmt.Fprintf(c.stdout, "Regler: %s. Kilder: %s.\n", orNone(v.Rules), orNone(v.Sources))
		if !v.Confirmed {
			fmt.Fprintln(c.stdout, "Ikke bekræftet for dagen.")
		}
		fmt.Fprintf(c.stdout, "Side: %s\n", f.Address(r.Node))
	}
	if len(r.Unused) > 0 {
		fmt.Fprintf(c.stdout, "Ikke spurgt om: %s\n", strings.Join(r.Unused, ", "))
	}
	return nil
}

func answerWords(q *selvtjek.Question, a string) string {
	if q.Number == nil {
		return q.Text.Answers[a].Text
	}
	return a
}

func orNone(list []string) string {
	if len(list) == 0 {
		return "ingen"
	}
	return strings.Join(list, ", ")
}

// flow gives the one flow that the words of the call name.
func (c *call) flow(s *source) (*selvtjek.Flow, error) {
	if err := c.parse(1); err != nil {
		return nil, err
	}
	flows, err := s.flows()
	if err != nil {
		return nil, err
	}
	return pick(flows, c.flags.Arg(0))
}

func selvtjekTable(_ context.Context, c *call) error {
	s := c.source()
	format := c.flags.String("format", "csv", "csv eller md")
	f, err := c.flow(s)
	if err != nil {
		return err
	}
	switch *format {
	case "csv":
		return f.WriteCSV(c.stdout)
	case "md":
		return f.WriteMarkdown(c.stdout)
	}
	return usageError{fmt.Sprintf("%q er ikke et format", *format), "vælg csv eller md"}
}

func selvtjekGraph(_ context.Context, c *call) error {
	s := c.source()
	f, err := c.flow(s)
	if err != nil {
		return err
	}
	return f.WriteSVG(c.stdout)
}

func selvtjekDiff(_ context.Context, c *call) error {
	s := c.source()
	only := c.flags.String("flow", "", "kun dette selvtjek")
	from := c.flags.String("from", "", "sammenlign indholdet på to dage: fra denne")
	to := c.flags.String("to", "", "til denne")
	if err := c.parse(2); err != nil {
		return err
	}
	older, newer, err := c.versions(s, *from, *to)
	if err != nil {
		return err
	}
	was, is := byID(older), byID(newer)
	all := maps.Clone(was)
	maps.Copy(all, is)
	ids := slices.Sorted(maps.Keys(all))
	if *only != "" {
		if _, err := pick(slices.Collect(maps.Values(all)), *only); err != nil {
			return err
		}
		ids = []string{*only}
	}
	for i, id := range ids {
		if i > 0 {
			fmt.Fprintln(c.stdout)
		}
		fmt.Fprintf(c.stdout, "%s: ", id)
		switch {
		case was[id] == nil:
			fmt.Fprintln(c.stdout, "findes kun i den nye version.")
		case is[id] == nil:
			fmt.Fprintln(c.stdout, "findes kun i den gamle version.")
		default:
			if err := selvtjek.Compare(was[id], is[id]).Write(c.stdout); err != nil {
				return err
			}
		}
	}
	return nil
}

func byID(flows []*selvtjek.Flow) map[string]*selvtjek.Flow {
	out := map[string]*selvtjek.Flow{}
	for _, f := range flows {
		out[f.ID] = f
	}
	return out
}

// versions loads the two sides of a diff: two folders or commits, or two days.
func (c *call) versions(s *source, from, to string) (older, newer []*selvtjek.Flow, err error) {
	days := from != "" && to != ""
	if days == (c.flags.NArg() == 2) || !days && from+to != "" {
		return nil, nil, usageError{"skriv to mapper eller to versioner, eller --from og --to", "brugen er: " + c.usage}
	}
	load := func(place, date string) ([]*selvtjek.Flow, error) {
		at := *s
		if date != "" {
			at.date = date
		}
		now, err := at.now()
		if err != nil {
			return nil, err
		}
		fsys, err := s.place(place)
		if err != nil {
			return nil, err
		}
		return loadFlows(fsys, now)
	}
	if older, err = load(c.flags.Arg(0), from); err == nil {
		newer, err = load(c.flags.Arg(1), to)
	}
	return older, newer, err
}

// place gives a folder, or a commit of the source's repository; "" is the source.
func (s *source) place(name string) (fs.FS, error) {
	if name == "" {
		name = s.dir
	}
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return os.DirFS(name), nil
	}
	unknown := usageError{fmt.Sprintf("%q er hverken en mappe eller en version i git", name), "skriv stien til en mappe, eller fx HEAD~1"}
	r, err := repo.Open(s.dir)
	if err != nil {
		return nil, unknown
	}
	hash, err := r.Resolve(name)
	if err != nil {
		return nil, unknown
	}
	prefix, err := within(r.Top(), s.dir)
	if err != nil {
		return nil, err
	}
	return publish.Below(r, hash, prefix)
}

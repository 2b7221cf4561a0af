// Command kompas turns a folder of Danish Markdown into the knowledge site of
// Kompetencesekretariatet, checks it, serves it, and searches it.
//
// Results go to stdout; faults, stages and progress to stderr. Exit codes: 0 fine,
// 1 faults in the content, 2 wrong usage, 3 anything else. Messages are Danish.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata"

	"github.com/spf13/pflag"

	"kompetenceudvikling.dk/kompas/internal/fault"
)

const (
	exitFine = iota
	exitFaults
	exitUsage
	exitOther
)

// A command is one subcommand: its line in the help, and what it does.
type command struct {
	name, usage, about string
	run                func(ctx context.Context, c *call) error
}

// A call is one run of a command.
type call struct {
	command
	flags          *pflag.FlagSet
	args           []string // as given, flags and all
	stdout, stderr io.Writer
	stdin          *bufio.Reader // once something has been asked
}

func commands() []command {
	return []command{
		{"serve", "kompas serve [--addr A] [--source MAPPE] [--date DAG]\nkompas serve --store UDGIVELSER --users FIL [--addr A] [--tls-cert FIL --tls-key FIL | --behind-proxy] [--preview-addr A]", "vis webstedet her på maskinen, og byg det igen, når noget ændres", serve},
		{"build", "kompas build [--out MAPPE] [--source MAPPE] [--date DAG] [--base-url U]", "byg webstedet til en mappe", build},
		{"check", "kompas check [--source MAPPE] [--date DAG] [--json] [--strict]", "find fejl i indholdet", check},
		{"search", "kompas search [--limit N] [--json] [--source MAPPE] ORD ...\nkompas search --misses --store UDGIVELSER", "søg på webstedet", searchCommand},
		{"selvtjek", `kompas selvtjek list | run FLOW id=svar ... [--json] | table FLOW [--format csv|md] | graph FLOW | diff GAMMEL NY [--flow F] | diff --from DAG --to DAG`, "prøv selvtjekkenes regler, og se, hvad en ændring gør", selvtjekCommand},
		{"skabelon", "kompas skabelon build FIL [--out MAPPE] [--source MAPPE] [--base-url U]", "lav en skabelon til Word og PDF", skabelonCommand},
		{"new", `kompas new nyhed|side|case|kursus|arrangement|indsats "Titel" [--mappe MAPPE] [--source MAPPE]`, "begynd en ny nyhed, side, case og så videre", newCommand},
		{"hent", "kompas hent ADRESSE MAPPE [--bruger NAVN]", "hent webstedets tekster til en ny mappe, så du kan rette i dem", hent},
		{"udgiv", udgivUsage, "udgiv det, du har rettet i en mappe, kompas hent har lavet", udgiv},
		{"publish", publishUsage, "tag imod git push, udgiv, og rul tilbage", publishCommand},
		{"deploy", deployUsage, "læg et færdigt websted på en anden webserver eller i skyen", deployCommand},
		{"bench", "kompas bench [--pages 300,1000] [--against hugo,pagefind,nginx,caddy] [--seconds N] | --search MAPPE | --serve MAPPE [--addr A]", "mål tid, hukommelse og fart på opdigtede sider", benchCommand},
		{"version", "kompas version", "vis programmets version", version},
	}
}

// A usageError is the caller's: exit 2.
type usageError struct{ message, advice string }

func (e usageError) Error() string { return e.message }

// A hint is an error that knows what one can do about it: exit 3.
type hint struct {
	err    error
	advice string
}

func (h hint) Error() string { return h.err.Error() }
func (h hint) Unwrap() error { return h.err }

// errQuiet ends a command with exit 1 when the faults are told already.
var errQuiet = errors.New("faults told")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		help(stderr)
		return exitUsage
	}
	switch args[0] {
	case "help", "-h", "--help", "hjælp":
		if len(args) == 1 {
			help(stdout)
			return exitFine
		}
		args = []string{args[1], "--help"} // kompas help build
	}
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
		if c.name == args[0] {
			call := &call{command: c, flags: pflag.NewFlagSet(c.name, pflag.ContinueOnError), args: args[1:], stdout: stdout, stderr: stderr}
			return exit(call, c.run(ctx, call))
		}
	}
	advice := "skriv kompas help for at se dem alle"
	if near := fault.Nearest(args[0], names); near != "" {
		advice = "mente du kompas " + near + "?"
	}
	fmt.Fprintf(stderr, "kompas: der er ingen kommando %q\n  råd: %s\n", args[0], advice)
	return exitUsage
}

func help(w io.Writer) {
	fmt.Fprint(w, "Kompas bygger, tjekker og viser Kompetencesekretariatets websted.\n\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-9s%s\n", c.name, c.about)
	}
	fmt.Fprint(w, "\nkompas KOMMANDO --help viser mere om en kommando.\n")
}

// exit tells what went wrong and gives the exit code.
func exit(c *call, err error) int {
	var faults fault.List
	var usage usageError
	var known hint
	var other exitCode
	switch {
	case err == nil:
		return exitFine
	case errors.Is(err, pflag.ErrHelp):
		fmt.Fprintf(c.stdout, "%s\n\n%s\n\n%s", c.usage, c.about, c.flags.FlagUsages())
		return exitFine
	case errors.Is(err, errQuiet):
		return exitFaults
	case errors.As(err, &other):
		return int(other)
	case errors.As(err, &faults):
		fmt.Fprintln(c.stderr, faults)
		return exitFaults
	case errors.As(err, &usage):
		fmt.Fprintf(c.stderr, "kompas %s: %s\n  råd: %s\n", c.name, usage.message, usage.advice)
		return exitUsage
	case errors.Is(err, context.Canceled):
		fmt.Fprintf(c.stderr, "kompas %s: afbrudt\n  råd: skriv kommandoen igen, når du vil\n", c.name)
	case errors.As(err, &known):
		fmt.Fprintf(c.stderr, "kompas %s: %v\n  råd: %s\n", c.name, err, known.advice)
	case errors.Is(err, fs.ErrPermission):
		fmt.Fprintf(c.stderr, "kompas %s: du må ikke læse eller skrive her: %v\n  råd: ret rettighederne, vælg en anden mappe, eller kør som den bruger, der ejer den\n", c.name, err)
	default:
		fmt.Fprintf(c.stderr, "kompas %s: noget gik galt i programmet: %v\n  råd: send beskeden til den, der passer programmet\n", c.name, err)
	}
	return exitOther
}

// parse reads the flags, and allows at most rest words beside them.
func (c *call) parse(rest int) error {
	c.flags.SortFlags = false
	c.flags.Usage = func() {}
	c.flags.SetOutput(io.Discard)
	err := c.flags.Parse(c.args)
	var unknown *pflag.NotExistError
	var bare *pflag.ValueRequiredError
	var wrong *pflag.InvalidValueError
	switch {
	case err == nil:
	case errors.As(err, &unknown):
		return usageError{"ukendt flag --" + unknown.GetSpecifiedName(), "brugen er: " + c.usage}
	case errors.As(err, &bare):
		return usageError{"flaget --" + bare.GetSpecifiedName() + " mangler en værdi", "brugen er: " + c.usage}
	case errors.As(err, &wrong):
		return usageError{fmt.Sprintf("%q er ikke en værdi for --%s", wrong.GetValue(), wrong.GetFlag().Name), "brugen er: " + c.usage}
	case errors.Is(err, pflag.ErrHelp):
		return err
	default:
		return usageError{"flagene kan ikke læses", "brugen er: " + c.usage}
	}
	if c.flags.NArg() > rest {
		return usageError{fmt.Sprintf("%q er for meget", c.flags.Arg(rest)), "brugen er: " + c.usage}
	}
	return nil
}

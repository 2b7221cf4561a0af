package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"time"

	"kompetenceudvikling.dk/kompas"
	"kompetenceudvikling.dk/kompas/internal/publish"
	"kompetenceudvikling.dk/kompas/internal/store"
)

const publishUsage = `kompas publish init LAGER UDGIVELSER [--base-url U] [--preview-url U]
kompas publish user NAVN redaktoer|udgiver
kompas publish ssh NAVN redaktoer|udgiver --store UDGIVELSER
kompas publish status | log | rollback [ID] | prune | verify [ID] --store UDGIVELSER [--json]`

// publishCommands are the parts of kompas publish. hook is what git calls.
func publishCommands() map[string]func(context.Context, *call) error {
	return map[string]func(context.Context, *call) error{
		"init": publishInit, "hook": publishHook, "user": publishUser, "ssh": publishSSH, "status": publishStatus, "log": publishLog,
		"rollback": publishRollback, "prune": publishPrune, "verify": publishVerify,
	}
}

func publishCommand(ctx context.Context, c *call) error {
	if len(c.args) == 0 {
		return usageError{"sig, hvad der skal gøres", "brugen er:\n" + publishUsage}
	}
	if strings.HasPrefix(c.args[0], "-") {
		return c.parse(0)
	}
	run, ok := publishCommands()[c.args[0]]
	if !ok {
		return usageError{fmt.Sprintf("der er ikke noget, der hedder kompas publish %s", c.args[0]), "brugen er:\n" + publishUsage}
	}
	c.name, c.args = "publish "+c.args[0], c.args[1:]
	return run(ctx, c)
}

func publishInit(ctx context.Context, c *call) error {
	s := &source{}
	c.baseURL(s)
	preview := c.flags.String("preview-url", "", "adressen, kladder vises på: https://...")
	if err := c.parse(2); err != nil {
		return err
	}
	if c.flags.NArg() != 2 {
		return usageError{"sig, hvor lageret og udgivelserne skal ligge", "skriv fx kompas publish init /srv/kompas/kompas.git /srv/kompas/udgivelser --base-url https://kompetenceudvikling.dk/"}
	}
	base, err := s.base()
	if err != nil {
		return err
	}
	drafts := ""
	if *preview != "" {
		if drafts, err = (&source{baseURL: *preview}).base(); err != nil {
			return err
		}
	}
	lager, err := filepath.Abs(c.flags.Arg(0))
	if err != nil {
		return fmt.Errorf("find %s: %w", c.flags.Arg(0), err)
	}
	dir, err := filepath.Abs(c.flags.Arg(1))
	if err != nil {
		return fmt.Errorf("find %s: %w", c.flags.Arg(1), err)
	}
	if inside(lager, dir) || inside(dir, lager) {
		return usageError{"lageret og udgivelserne ligger i hinanden", "vælg to mapper ved siden af hinanden"}
	}
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find program: %w", err)
	}
	err = publish.Init(ctx, lager, dir, program, func(to *store.Settings) {
		if c.flags.Changed("base-url") {
			to.BaseURL = base
		}
		if c.flags.Changed("preview-url") {
			to.Preview = drafts
		}
	}, c.stdout)
	switch {
	case errors.Is(err, publish.ErrNoGit):
		return hint{errors.New("git mangler, eller er ældre end 2.36"), "læg en nyere git på maskinen"}
	case errors.Is(err, publish.ErrNotGit):
		return usageError{lager + " er ikke tom og er ikke et bart git-lager", "vælg en ny mappe, eller lav et bart lager af det gamle: git clone --bare"}
	case errors.Is(err, publish.ErrOtherTop):
		return usageError{"lageret har grene, men ingen, der hedder main", "giv den gren, der er webstedet, navnet: git branch -m master main"}
	case errors.Is(err, fs.ErrPermission):
		return hint{fmt.Errorf("der må ikke skrives her: %w", err), "kør som den bruger, der ejer mapperne"}
	case err != nil:
		return err
	}
	p, err := openPublisher(ctx, c, dir)
	if err != nil {
		return err
	}
	m, err := p.Reconcile(ctx, "init")
	if err == nil && m != nil {
		fmt.Fprintf(c.stdout, "Det, der ligger på main, er udgivet: %d sider.\n", m.Counts.Pages)
	}
	return err
}

// openPublisher opens a store that init made, with this program as the one that builds.
func openPublisher(ctx context.Context, c *call, dir string) (*publish.Publisher, error) {
	if dir == "" {
		return nil, usageError{"sig, hvor udgivelserne ligger", "skriv --store og den mappe, du gav kompas publish init"}
	}
	if _, err := os.Stat(dir); err != nil {
		return nil, usageError{fmt.Sprintf("mappen %s findes ikke", dir), "skriv --store og den mappe, du gav kompas publish init"}
	}
	p, err := publish.Open(dir)
	if errors.Is(err, publish.ErrNotSetUp) {
		return nil, usageError{dir + " er ikke lavet af kompas publish init", "kør den først: kompas publish init LAGER " + dir}
	}
	if err != nil {
		return nil, err
	}
	if p.Program, err = programHash(); err != nil {
		return nil, err
	}
	p.Look, p.Out = kompas.Look, c.stderr
	if t, ok := ctx.Value(trialKey{}).(trial); ok {
		p.Now, p.Step = t.now, t.step
	}
	return p, nil
}

// A trial is what a test puts in place of the clock, and what hears of each step of
// publishing. It comes with the context; nobody else sets one.
type trial struct {
	now  func() time.Time
	step func(string)
}

type trialKey struct{}

// publishHook is what git runs in the repository: pre-receive before a push counts,
// post-receive after.
func publishHook(ctx context.Context, c *call) error {
	dir := c.flags.String("store", "", "mappen med udgivelserne")
	if err := c.parse(1); err != nil {
		return err
	}
	p, err := openPublisher(ctx, c, *dir)
	if err != nil {
		return err
	}
	push := publish.Push{Who: os.Getenv(publish.UserEnv), Role: os.Getenv(publish.RoleEnv), Quarantine: os.Getenv("GIT_QUARANTINE_PATH")}
	if push.Role == "" { // not over the server's login: whoever may write here may do all
		push.Role, push.Who = publish.RolePublisher, who()
	}
	if push.Updates, err = publish.ReadUpdates(os.Stdin); err != nil {
		return err
	}
	push.Options = pushOptions()
	switch c.flags.Arg(0) {
	case "pre-receive":
		err = p.PreReceive(ctx, push)
	case "post-receive":
		err = p.PostReceive(ctx, push)
	default:
		return usageError{"git kalder den ikke sådan", "kør kompas publish init igen"}
	}
	if errors.Is(err, publish.ErrRefused) {
		return errQuiet
	}
	return err
}

// who names the user of this machine that runs the command.
func who() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	return "ukendt"
}

// pushOptions gives what followed -o in git push.
func pushOptions() []string {
	var out []string
	for i := 0; ; i++ {
		option, ok := os.LookupEnv(fmt.Sprintf("GIT_PUSH_OPTION_%d", i))
		if !ok {
			return out
		}
		out = append(out, option)
	}
}

func publishUser(_ context.Context, c *call) error {
	if err := c.parse(2); err != nil {
		return err
	}
	if c.flags.NArg() != 2 {
		return usageError{"sig navn og rolle", "skriv fx kompas publish user redaktion redaktoer >> brugere"}
	}
	if problem := publish.UserProblem(c.flags.Arg(0), c.flags.Arg(1)); problem != "" {
		return usageError{problem, "skriv fx kompas publish user redaktion redaktoer >> brugere"}
	}
	password, err := c.secret("Kodeord, mindst 12 tegn: ")
	if err != nil {
		return err
	}
	line, problem := publish.UserLine(c.flags.Arg(0), c.flags.Arg(1), password)
	if problem != "" {
		return usageError{problem, "prøv igen"}
	}
	fmt.Fprintln(c.stdout, line)
	return nil
}

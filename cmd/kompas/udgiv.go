package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"kompetenceudvikling.dk/kompas/internal/client"
	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/internal/fault"
	"kompetenceudvikling.dk/kompas/internal/publish"
	"kompetenceudvikling.dk/kompas/internal/release"
	"kompetenceudvikling.dk/kompas/internal/repo"
)

const udgivUsage = `kompas udgiv ["Besked"] [--tjek | --kladde NAVN | --fjern-kladde NAVN] [--source MAPPE]`

// udgiv publishes what the editor has changed in a folder that hent made.
func udgiv(ctx context.Context, c *call) error {
	s := &source{}
	c.flags.StringVar(&s.dir, "source", ".", "mappen, kompas hent har lavet")
	only := c.flags.Bool("tjek", false, "lad serveren tjekke, og udgiv ikke")
	draft := c.flags.String("kladde", "", "vis det som en kladde med dette navn, og udgiv ikke")
	remove := c.flags.String("fjern-kladde", "", "tag kladden med dette navn ned, og udgiv ikke")
	remember := c.flags.Bool("husk", true, "gem kodeordet i maskinens nøglering")
	if err := c.parse(1); err != nil {
		return err
	}
	if name := *draft + *remove; name != "" && (!content.IsSlug(name) || *only || *draft != "" && *remove != "") {
		return usageError{fmt.Sprintf("%q kan ikke være en kladdes navn", name), "brug a-z, 0-9 og bindestreg, fx --kladde ny-frist. Skriv kun ét af --tjek, --kladde og --fjern-kladde"}
	}
	if err := s.exists(); err != nil {
		return err
	}
	f, err := client.Open(s.dir)
	if errors.Is(err, client.ErrNotFetched) {
		return notFetched
	}
	if err != nil {
		return err
	}
	defer f.Close()
	f.Now = c.now(ctx)
	s.dir = f.Dir
	l := &login{c, f.Site, f.User, *remember}
	if *remove != "" {
		f.Server = c.stderr
		return c.takeDown(ctx, f, l, *remove)
	}
	if err := c.ready(ctx, f, s); err != nil {
		return err
	}
	r := client.Request{Message: strings.TrimSpace(c.flags.Arg(0)), Draft: *draft}
	if *only {
		r.Options = []string{publish.OnlyCheck}
	}
	return c.send(ctx, f, l, r)
}

// send sends the changes, and tells how it went.
func (c *call) send(ctx context.Context, f *client.Folder, l *login, r client.Request) error {
	var said bytes.Buffer
	f.Server = io.MultiWriter(c.stderr, &said)
	var done client.Result
	err := l.with(func(who repo.Login) (err error) {
		done, err = f.Publish(ctx, who, r)
		return err
	})
	for _, name := range done.Updated {
		fmt.Fprintf(c.stdout, "  hentet     %s\n", name)
	}
	switch {
	case len(done.Conflicts) > 0:
		return c.conflicts(done.Conflicts)
	case strings.Contains(said.String(), publish.AllFine):
		return nil
	case errors.Is(err, repo.ErrRefused):
		fmt.Fprintln(c.stderr, "Serveren tog ikke imod. Dine rettelser ligger stadig i mappen. Ret det, der står herover, og skriv kompas udgiv igen.")
		return errQuiet
	case errors.Is(err, client.ErrBusy):
		return hint{errors.New("andre udgiver hele tiden, og dine rettelser kom ikke til"), "vent lidt, og skriv kompas udgiv igen"}
	case err != nil:
		return onTheWay(f.Site, err)
	case done.Commit == "":
		return c.nothing(ctx, f, done.On)
	}
	if r.Draft == "" {
		c.shown(ctx, f, done.Commit)
	}
	return nil
}

// takeDown takes a draft down, with what the server says of it.
func (c *call) takeDown(ctx context.Context, f *client.Folder, l *login, name string) error {
	err := l.with(func(who repo.Login) error { return f.TakeDown(ctx, who, name) })
	switch {
	case errors.Is(err, client.ErrNoDraft):
		return usageError{"der er ingen kladde, der hedder " + name, "se navnene på den side, hvor kladderne vises"}
	case errors.Is(err, repo.ErrRefused):
		return errQuiet // the server has said why
	case err != nil:
		return onTheWay(f.Site, err)
	}
	return nil
}

// nothing ends a run that had nothing to send. The site may have been rolled back.
func (c *call) nothing(ctx context.Context, f *client.Folder, on string) error {
	if shows, told := f.Live(ctx, on, switchTime); told && !shows {
		fmt.Fprintln(c.stdout, "Der er intet at udgive, men webstedet viser en anden udgave end mappen. Det er nok rullet tilbage. Spørg den, der passer serveren.")
		return nil
	}
	fmt.Fprintln(c.stdout, "Der er intet at udgive. Mappen er som webstedet.")
	return nil
}

// How long a server may take from a push to showing it: one it has just taken, and one
// that somebody else has sent this moment.
const (
	liveTime   = 15 * time.Second
	switchTime = time.Second
)

var notFetched = usageError{"mappen er ikke hentet fra et websted, eller content/ er væk", "gå ind i den mappe, kompas hent lavede, eller lav den: kompas hent https://kompetenceudvikling.dk websted"}

// now gives the clock, or the one of a test.
func (c *call) now(ctx context.Context) func() time.Time {
	if t, ok := ctx.Value(trialKey{}).(trial); ok && t.now != nil {
		return t.now
	}
	return time.Now
}

// ready shows what will be published, and finds the faults before the server does.
func (c *call) ready(ctx context.Context, f *client.Folder, s *source) error {
	changes, err := f.Changes()
	if errors.Is(err, client.ErrNotFetched) {
		return notFetched
	}
	if err != nil || len(changes) == 0 {
		return err
	}
	for _, change := range changes {
		fmt.Fprintf(c.stdout, "  %-10s %s\n", change.What, change.File)
	}
	in, err := s.input()
	if err != nil {
		return err
	}
	in.Now, in.Ahead = c.now(ctx)(), true
	faults, err := release.Check(ctx, in)
	if err != nil {
		return err
	}
	if err := faults.Err(); err != nil {
		fmt.Fprintln(c.stderr, faults)
		fmt.Fprintln(c.stderr, "Intet er sendt. Ret det, og skriv kompas udgiv igen.")
		return errQuiet
	}
	c.warn(faults, changes)
	return nil
}

// warn tells what one should look at in the files that are sent, and how much there is
// in others.
func (c *call) warn(warnings fault.List, changes []client.Change) {
	elsewhere := 0
	for _, w := range warnings {
		if slices.ContainsFunc(changes, func(change client.Change) bool { return change.File == w.File }) {
			fmt.Fprintln(c.stderr, w)
		} else {
			elsewhere++
		}
	}
	if elsewhere > 0 {
		fmt.Fprintf(c.stderr, "Advarsler i andre filer: %d. Se dem med kompas check.\n", elsewhere)
	}
}

// shown ends with what the site shows now. The server has told the addresses.
func (c *call) shown(ctx context.Context, f *client.Folder, commit string) {
	if shows, _ := f.Live(ctx, commit, liveTime); shows {
		fmt.Fprintf(c.stdout, "Webstedet viser nu dine rettelser: %s\n", f.Site)
		return
	}
	fmt.Fprintf(c.stdout, "Serveren har taget imod. Den siger ikke, om webstedet er skiftet; se efter på %s\n", f.Site)
}

// conflicts tells where both texts are, and what to do.
func (c *call) conflicts(list []client.Conflict) error {
	for _, x := range list {
		by := "en anden"
		if x.Who != "" {
			by = fmt.Sprintf("%s (%s)", x.Who, x.At.In(content.Copenhagen()).Format("2.1.2006 kl. 15.04"))
		}
		switch x.Kind {
		case client.Marked:
			fmt.Fprintf(c.stderr, "%s: er også ændret af %s\n  råd: åbn filen. Mellem <<<<<<< og ======= står din tekst, derefter serverens. Behold det rigtige, og slet de tre mærkelinjer\n", x.File, by)
		case client.Both:
			fmt.Fprintf(c.stderr, "%s: er også ændret af %s\n  råd: serverens fil ligger på pladsen, din ligger i %s. Skal din gælde, så kopiér den hen over\n", x.File, by, x.Mine)
		case client.Restored:
			fmt.Fprintf(c.stderr, "%s: du har slettet den, men den er ændret af %s\n  råd: den er lagt tilbage. Læs den, og slet den igen, hvis den stadig skal væk\n", x.File, by)
		case client.Deleted:
			fmt.Fprintf(c.stderr, "%s: du har ændret den, men den er slettet af %s\n  råd: din tekst ligger der stadig. Slet filen, hvis den skal væk; ellers lægger kompas udgiv den tilbage på webstedet\n", x.File, by)
		}
	}
	fmt.Fprintln(c.stderr, "Intet er sendt. Begge tekster ligger i mappen. Ret det, og skriv kompas udgiv igen.")
	return errQuiet
}

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/internal/publish"
)

// stored opens the store that the flags name.
func (c *call) stored(ctx context.Context, words int) (*publish.Publisher, bool, error) {
	dir := c.flags.String("store", "", "mappen med udgivelserne")
	asJSON := c.flags.Bool("json", false, "skriv som JSON")
	if err := c.parse(words); err != nil {
		return nil, false, err
	}
	p, err := openPublisher(ctx, c, *dir)
	return p, *asJSON, err
}

func (c *call) json(v any) error {
	out := json.NewEncoder(c.stdout)
	out.SetEscapeHTML(false)
	if err := out.Encode(v); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}

func publishStatus(ctx context.Context, c *call) error {
	p, asJSON, err := c.stored(ctx, 0)
	if err != nil {
		return err
	}
	if _, err := p.Store.Live(); errors.Is(err, fs.ErrNotExist) {
		return hint{fmt.Errorf("udgivelsen, der er ude, er ikke hel: %w", err), "genstart serveren: så bygges den igen"}
	}
	s, err := p.Status()
	if err != nil {
		return err
	}
	if asJSON {
		return c.json(s)
	}
	if s.Live == nil {
		fmt.Fprintln(c.stdout, "Ude: intet endnu")
	} else {
		fmt.Fprintf(c.stdout, "Ude: %s (%d sider), som den ser ud %s\n", s.Live.ID, s.Live.Counts.Pages, danish(s.Live.AsOf))
		fmt.Fprintf(c.stdout, "Ændrer sig næste gang: %s\n", danish(s.Live.Next))
	}
	fmt.Fprintf(c.stdout, "main: %.12s\n", s.Main)
	if s.Hold != nil {
		fmt.Fprintf(c.stdout, "Rullet tilbage til %.12s af %s %s; det gælder, til der sendes noget nyt til main\n", s.Hold.Commit, s.Hold.Who, danish(s.Hold.At))
	}
	fmt.Fprintf(c.stdout, "Udgivelser gemt: %d\n", s.Releases)
	if s.Notice != "" {
		fmt.Fprintln(c.stdout, s.Notice)
	}
	if s.Problem != nil {
		return hint{fmt.Errorf("udgivelsen af %.12s mislykkedes %s:\n%s", s.Problem.Commit, danish(s.Problem.At), s.Problem.Text), "ret det, der står, og send igen; serveren prøver også selv hvert minut"}
	}
	return nil
}

func danish(at time.Time) string {
	if at.IsZero() {
		return "aldrig"
	}
	return at.In(content.Copenhagen()).Format("2.1.2006 kl. 15.04.05")
}

func publishLog(ctx context.Context, c *call) error {
	p, asJSON, err := c.stored(ctx, 0)
	if err != nil {
		return err
	}
	entries, err := p.Store.Log()
	if err != nil {
		return err
	}
	for _, e := range entries {
		if asJSON {
			err = errors.Join(err, c.json(e))
			continue
		}
		fmt.Fprintf(c.stdout, "%s  %-12s %-13s %.12s %s %s\n", danish(e.At), e.Who, e.What, e.Commit, e.Release, e.Text)
	}
	return err
}

func publishRollback(ctx context.Context, c *call) error {
	p, asJSON, err := c.stored(ctx, 1)
	if err != nil {
		return err
	}
	m, err := p.Rollback(ctx, c.flags.Arg(0), who())
	switch {
	case errors.Is(err, publish.ErrNoSuch):
		return usageError{fmt.Sprintf("der er ingen udgivelse, der hedder %s", c.flags.Arg(0)), "se dem i kompas publish log; de nyeste 20 er der endnu"}
	case errors.Is(err, publish.ErrFirst):
		return usageError{"der er ingen tidligere udgave af main at rulle tilbage til", "skriv ID på den udgivelse, du vil have"}
	case err != nil:
		return err
	}
	if asJSON {
		return c.json(map[string]any{"release": m.ID, "commit": m.Commit})
	}
	fmt.Fprintf(c.stdout, "Rullet tilbage: %s er ude. Det gælder, til der sendes noget nyt til main.\n", m.ID)
	return nil
}

func publishPrune(ctx context.Context, c *call) error {
	p, asJSON, err := c.stored(ctx, 0)
	if err != nil {
		return err
	}
	gone, err := p.Prune(ctx)
	if err != nil {
		return err
	}
	if asJSON {
		return c.json(map[string]any{"gone": gone})
	}
	fmt.Fprintf(c.stdout, "Fjernet: %d. Tilbage er de nyeste 20, dem fra det sidste døgn og dem, der holdes.\n", len(gone))
	return nil
}

func publishVerify(ctx context.Context, c *call) error {
	p, asJSON, err := c.stored(ctx, 1)
	if err != nil {
		return err
	}
	id := c.flags.Arg(0)
	if id == "" {
		if id, err = p.Store.Current(); err != nil {
			return err
		}
	}
	if id == "" {
		return usageError{"der er intet udgivet endnu", "send noget til main først"}
	}
	bad, err := p.Store.Verify(id)
	if err != nil {
		return hint{err, "er den ude, så fjern mappen, og genstart serveren: så bygges den igen"}
	}
	if asJSON {
		return c.json(map[string]any{"release": id, "bad": bad})
	}
	if len(bad) == 0 {
		fmt.Fprintf(c.stdout, "%s er hel.\n", id)
		return nil
	}
	for _, name := range bad {
		fmt.Fprintln(c.stdout, name)
	}
	return hint{fmt.Errorf("%d filer i %s er ikke, som de blev lavet", len(bad), id), "fjern mappen, og genstart serveren: så bygges den igen"}
}

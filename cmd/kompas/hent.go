package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"kompetenceudvikling.dk/kompas/internal/client"
	"kompetenceudvikling.dk/kompas/internal/repo"
)

// hent makes the editor's folder: kompas hent kompetenceudvikling.dk websted.
func hent(ctx context.Context, c *call) error {
	remember := c.flags.Bool("husk", true, "gem kodeordet i maskinens nøglering")
	user := c.flags.String("bruger", "", "dit brugernavn; ellers bliver du spurgt")
	if err := c.parse(2); err != nil {
		return err
	}
	if c.flags.NArg() != 2 {
		return usageError{"skriv webstedets adresse og navnet på den mappe, der skal laves", "skriv fx kompas hent https://kompetenceudvikling.dk websted"}
	}
	site, named, err := client.Site(c.flags.Arg(0))
	switch {
	case errors.Is(err, client.ErrOpenLine):
		return usageError{"kodeordet ville gå ukrypteret over nettet", "begynd adressen med https://"}
	case err != nil:
		return usageError{fmt.Sprintf("%q er ikke adressen på et websted", c.flags.Arg(0)), "skriv fx kompas hent https://kompetenceudvikling.dk websted"}
	}
	if *user == "" {
		*user = named
	}
	dir, err := filepath.Abs(c.flags.Arg(1))
	if err != nil {
		return fmt.Errorf("find %s: %w", c.flags.Arg(1), err)
	}
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return usageError{"der ligger en fil, der hedder " + c.flags.Arg(1), "giv mappen et andet navn, fx websted"}
	}
	full := usageError{"mappen " + c.flags.Arg(1) + " er ikke tom", "vælg et nyt navn. Har du hentet før, så gå ind i mappen og skriv kompas udgiv: den henter det nye"}
	if client.MayFill(dir) != nil {
		return full // before anybody has typed a password
	}
	l := &login{c, site, *user, *remember}
	err = l.with(func(who repo.Login) error { return client.Fetch(ctx, site, dir, who) })
	if errors.Is(err, client.ErrNotEmpty) {
		return full
	}
	if err != nil {
		return onTheWay(site, err)
	}
	fmt.Fprintf(c.stdout, "Webstedet er hentet til mappen %s. Teksterne ligger i content/.\n", c.flags.Arg(1))
	fmt.Fprintf(c.stdout, "Gå ind i den: cd %s\n", c.flags.Arg(1))
	fmt.Fprintln(c.stdout, "Se dine rettelser med kompas serve. Udgiv dem med kompas udgiv.")
	fmt.Fprintf(c.stdout, "Vejledningen står på %sredaktoer/\n", site)
	return nil
}

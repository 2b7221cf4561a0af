package main

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"github.com/zalando/go-keyring"
	"golang.org/x/term"

	"kompetenceudvikling.dk/kompas/internal/client"
	"kompetenceudvikling.dk/kompas/internal/repo"
)

// A login asks for a name and password, and keeps the password where the machine keeps
// such (Windows' Credential Manager, macOS' keychain, the desktop's keyring), if it has
// such a place and the editor wants it. It is never written to a file.
type login struct {
	*call
	site, user string
	remember   bool
}

func service(site string) string {
	if u, err := url.Parse(site); err == nil {
		return "kompas " + u.Host
	}
	return "kompas"
}

// triesAtKeyboard is how often a person may mistype; a script has one try.
const triesAtKeyboard = 3

// with calls use with a login until the server takes it.
func (l *login) with(use func(repo.Login) error) error {
	if err := l.name(); err != nil {
		return err
	}
	if kept, err := keyring.Get(service(l.site), l.user); err == nil {
		err := use(repo.Login{Name: l.user, Password: kept})
		if !errors.Is(err, repo.ErrLogin) {
			return err
		}
		fmt.Fprintln(l.stderr, "Det gemte kodeord bruges ikke mere.")
		_ = keyring.Delete(service(l.site), l.user)
	}
	for try := 1; ; try++ {
		password, err := l.secret(fmt.Sprintf("Kodeord for %s: ", l.user))
		if err != nil {
			return err
		}
		err = use(repo.Login{Name: l.user, Password: password})
		if errors.Is(err, repo.ErrLogin) && try < triesAtKeyboard && term.IsTerminal(int(os.Stdin.Fd())) {
			fmt.Fprintln(l.stderr, "Navn eller kodeord er forkert. Prøv igen.")
			continue
		}
		if l.remember && !errors.Is(err, repo.ErrLogin) && !errors.Is(err, repo.ErrUnreachable) {
			if keyring.Set(service(l.site), l.user, password) == nil {
				fmt.Fprintln(l.stderr, "Kodeordet er gemt i maskinens nøglering. Vil du ikke det, så skriv --husk=false.")
			}
		}
		return err
	}
}

func (l *login) name() error {
	if l.user != "" {
		return nil
	}
	fmt.Fprint(l.stderr, "Brugernavn: ")
	name, err := l.line()
	if l.user = strings.TrimSpace(name); err == nil && l.user == "" {
		err = usageError{"der kom intet brugernavn", "skriv det navn, du har fået af den, der passer serveren"}
	}
	return err
}

// onTheWay tells in Danish what went wrong between here and the server.
func onTheWay(site string, err error) error {
	var file *client.FileError
	switch {
	case errors.As(err, &file):
		return hint{fmt.Errorf("%s kan ikke skrives", file.File), "luk filen, hvis den er åben i et andet program, og skriv kompas udgiv igen"}
	case errors.Is(err, repo.ErrLogin):
		return hint{errors.New("navn eller kodeord er forkert"), "prøv igen. Har du glemt kodeordet, så bed den, der passer serveren, om et nyt"}
	case errors.Is(err, repo.ErrUnreachable):
		return hint{fmt.Errorf("serveren svarer ikke: %s", site), "se, om du kan åbne adressen i din browser. Prøv igen om lidt; dine filer er, som de var"}
	case errors.Is(err, repo.ErrNotThere):
		return hint{fmt.Errorf("der kan ikke hentes fra %s", site), "se adressen efter: den er webstedets egen, fx https://kompetenceudvikling.dk"}
	case errors.Is(err, repo.ErrEmpty):
		return hint{fmt.Errorf("%s har intet indhold endnu", site), "det første indhold sendes med git; bed den, der passer serveren, om det"}
	}
	return err
}

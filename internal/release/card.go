package release

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"strings"

	"kompetenceudvikling.dk/kompas/internal/card"
	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/internal/site"
)

// addCards adds the picture of the site and of each section to the files of a project:
// assets/kort.png, assets/kort/fonden.png. layouts/_partials/share.html names them. A
// look without tokens or mark has no cards.
func addCards(files map[string][]byte, tree *content.Tree, in Input) error {
	d, err := cardDrawer(in)
	if err != nil || d == nil {
		return err
	}
	for _, p := range tree.Pages {
		name, is := cardName(p)
		if !is {
			continue
		}
		if files[name], err = d.Draw(p.Title); err != nil {
			return fmt.Errorf("draw card of %s: %w", p.Path, err)
		}
	}
	return nil
}

func cardDrawer(in Input) (*card.Drawer, error) {
	tokens, err := fs.ReadFile(in.Look, "assets/css/tokens.css")
	mark, err2 := fs.ReadFile(in.Look, "assets/favicon.svg")
	switch err = errors.Join(err, err2); {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("read look of cards: %w", err)
	}
	title, _, err := site.Settings(in.Look)
	if err != nil {
		return nil, err
	}
	base, err := in.Base()
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(base)
	if err != nil {
		return nil, fmt.Errorf("read base address: %w", err)
	}
	return card.New(tokens, mark, title, u.Host)
}

// cardName gives the name of the card of a page that heads a section, or the site.
func cardName(p *content.Page) (name string, is bool) {
	section := strings.Trim(p.Path, "/")
	switch {
	case section == "":
		return "assets/kort.png", true
	case strings.HasSuffix(p.File, "/_index.md") && !strings.Contains(section, "/"):
		return "assets/kort/" + section + ".png", true
	}
	return "", false
}

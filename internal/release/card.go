package release

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"strings"
	"sync"

	"kompetenceudvikling.dk/kompas/internal/card"
	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/internal/site"
)

// A cardLook is what all cards of a site have in common.
type cardLook struct{ tokens, mark, title, host string }

// lastCards are the cards of the release that this process made last, by their words. A
// preview makes one at each change of a text, and the cards are nearly always the same.
var lastCards struct {
	sync.Mutex
	look cardLook
	png  map[string][]byte
}

// addCards adds the picture of the site and of each section to the files of a project:
// assets/kort.png, assets/kort/fonden.png. layouts/_partials/share.html names them. A
// look without tokens or mark has no cards.
func addCards(files map[string][]byte, tree *content.Tree, in Input) error {
	look, err := readCardLook(in)
	if err != nil || look == (cardLook{}) {
		return err
	}
	lastCards.Lock()
	defer lastCards.Unlock()
	if lastCards.look != look {
		lastCards.look, lastCards.png = look, nil
	}
	drawn := map[string][]byte{}
	var d *card.Drawer
	for _, p := range tree.Pages {
		name, is := cardName(p)
		if !is {
			continue
		}
		png, known := lastCards.png[p.Title]
		if !known && d == nil {
			if d, err = card.New([]byte(look.tokens), []byte(look.mark), look.title, look.host); err != nil {
				return fmt.Errorf("draw cards: %w", err)
			}
		}
		if !known {
			if png, err = d.Draw(p.Title); err != nil {
				return fmt.Errorf("draw card of %s: %w", p.Path, err)
			}
		}
		files[name], drawn[p.Title] = png, png
	}
	lastCards.png = drawn
	return nil
}

func readCardLook(in Input) (cardLook, error) {
	tokens, err := fs.ReadFile(in.Look, "assets/css/tokens.css")
	mark, err2 := fs.ReadFile(in.Look, "assets/favicon.svg")
	switch err = errors.Join(err, err2); {
	case errors.Is(err, fs.ErrNotExist):
		return cardLook{}, nil
	case err != nil:
		return cardLook{}, fmt.Errorf("read look of cards: %w", err)
	}
	title, _, err := site.Settings(in.Look)
	if err != nil {
		return cardLook{}, err
	}
	base, err := in.Base()
	if err != nil {
		return cardLook{}, err
	}
	u, err := url.Parse(base)
	if err != nil {
		return cardLook{}, fmt.Errorf("read base address: %w", err)
	}
	return cardLook{string(tokens), string(mark), title, u.Host}, nil
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

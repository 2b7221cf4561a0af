package publish

import (
	"strings"

	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/internal/repo"
	"kompetenceudvikling.dk/kompas/internal/store"
)

const pagesTold = 30

// tellPages says at which addresses a push to main shows.
func (p *Publisher) tellPages(u Update, m *store.Manifest) error {
	if u.creates() || m == nil {
		p.say("Webstedet er på %s", p.address("/"))
		return nil
	}
	r, err := repo.OpenBare(p.Settings.Repo)
	if err != nil {
		return err
	}
	defer r.Close()
	old, err := r.List(u.Old)
	if err != nil {
		return err
	}
	now, err := r.List(u.New)
	if err != nil {
		return err
	}
	told := 0
	for _, name := range differences(old, now) {
		at := content.Address(name)
		if at == "" {
			continue
		}
		if told++; told > pagesTold {
			continue
		}
		_, was := old[name]
		_, is := now[name]
		_, out := m.Files["site"+at+"index.html"]
		_, gone := m.Gone[at]
		switch {
		case gone:
			p.say("  taget ned  %s", p.address(at))
		case !is:
			p.say("  slettet    %s", name)
		case !out:
			p.say("  venter     %s (kladde, eller datoen er ikke kommet)", name)
		case was:
			p.say("  ændret     %s", p.address(at))
		default:
			p.say("  ny         %s", p.address(at))
		}
	}
	if told > pagesTold {
		p.say("  ... og %d til", told-pagesTold)
	}
	return nil
}

// address gives the full address of a page of the site.
func (p *Publisher) address(at string) string {
	base := p.Settings.BaseURL
	if base == "" {
		return at
	}
	return strings.TrimSuffix(base, "/") + at
}

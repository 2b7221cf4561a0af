package publish

import (
	"context"
	"errors"
	"strings"

	"kompetenceudvikling.dk/kompas/internal/repo"
	"kompetenceudvikling.dk/kompas/internal/store"
)

// Errors of Rollback.
var (
	ErrNoSuch = errors.New("no such release")
	ErrFirst  = errors.New("nothing before this commit")
)

// Rollback makes an earlier release live at once, by its id or the beginning of its
// commit, or with "" that of the commit before the live one on main. It holds until
// main moves. Then the held commit is made as of now, if what it shows has aged.
func (p *Publisher) Rollback(ctx context.Context, to, who string) (*store.Manifest, error) {
	unlock, err := p.lock(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	r, err := repo.OpenBare(p.Settings.Repo)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	main, err := r.Branch(Main)
	if err != nil {
		return nil, err
	}
	commit, id, err := p.earlier(r, main, to)
	if err != nil {
		return nil, err
	}
	hold := &store.Hold{Commit: commit, Main: main, Who: who, At: p.now()}
	if commit == main {
		hold = nil // back to where main is
	}
	if err := p.Store.SetHold(hold); err != nil { // first: a stop from here on leaves the choice made
		return nil, err
	}
	p.step("holdt")
	if id != "" {
		if err := p.Store.Activate(id); err != nil {
			return nil, err
		}
	}
	if err := p.Store.Note(store.Entry{At: p.now(), Who: who, What: "rullet tilbage", Commit: commit, Release: id}); err != nil {
		return nil, err
	}
	return p.reconcile(ctx, who)
}

// earlier finds the commit to go back to, and a release of it, "" when there is none.
func (p *Publisher) earlier(r *repo.Repo, main, to string) (commit, id string, err error) {
	ids, err := p.Store.IDs()
	if err != nil {
		return "", "", err
	}
	if to != "" {
		for _, id := range ids {
			if id == to || len(to) >= 7 && strings.Contains(id, "-"+to[:min(12, len(to))]) {
				m, err := store.ReadManifest(p.Store.Path(id))
				if err == nil && (id == to || strings.HasPrefix(m.Commit, to)) {
					return m.Commit, id, nil
				}
			}
		}
		return "", "", ErrNoSuch
	}
	live, err := p.Store.Live()
	if err != nil || live == nil {
		return "", "", errors.Join(ErrFirst, err)
	}
	line, err := r.Line(live.Commit, 2)
	if err != nil {
		return "", "", err
	}
	if len(line) < 2 {
		return "", "", ErrFirst
	}
	commit = line[1].Hash
	for _, id := range ids {
		if store.MadeOf(id, commit, "") {
			return commit, id, nil
		}
	}
	return commit, "", nil
}

// Prune removes releases that need not stay, and gives their ids.
func (p *Publisher) Prune(ctx context.Context) ([]string, error) {
	unlock, err := p.lock(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if err := p.Store.Heal(); err != nil {
		return nil, err
	}
	return p.prune(p.now())
}

// A Status is how a store stands.
type Status struct {
	Live     *LiveRelease   `json:"live"` // nil when nothing is out
	Main     string         `json:"main"`
	Hold     *store.Hold    `json:"hold"`
	Problem  *store.Problem `json:"problem"`
	Notice   string         `json:"notice"` // Danish; "" for none
	Releases int            `json:"releases"`
}

// LiveRelease is a manifest without its files.
type LiveRelease struct {
	store.Manifest
	Files     any `json:"files,omitempty"`
	Redirects any `json:"redirects,omitempty"`
	Gone      any `json:"gone,omitempty"`
}

// Status tells what is live and why it may not be what main is.
func (p *Publisher) Status() (Status, error) {
	var out Status
	live, err := p.Store.Live()
	if err != nil {
		return out, err
	}
	if out.Hold, err = p.Store.Hold(); err != nil {
		return out, err
	}
	if out.Problem, err = p.Store.Problem(); err != nil {
		return out, err
	}
	r, err := repo.OpenBare(p.Settings.Repo)
	if err != nil {
		return out, err
	}
	defer r.Close()
	if out.Main, err = r.Branch(Main); err != nil {
		return out, err
	}
	ids, err := p.Store.IDs()
	out.Releases = len(ids)
	if live == nil {
		return out, err
	}
	out.Live = &LiveRelease{Manifest: *live}
	now := p.now()
	switch {
	case now.Before(live.AsOf):
		out.Notice = "Bemærk: uret går bagud for det, der er ude. Er uret rigtigt, så send noget nyt til main."
	case live.Program != p.Program:
		out.Notice = "Bemærk: det, der er ude, er lavet af en anden udgave af kompas. Serveren bygger det igen."
	case !live.RightAt(now):
		out.Notice = "Bemærk: det, der er ude, skulle være skiftet. Kører serveren?"
	case out.Hold == nil && live.Commit != out.Main:
		out.Notice = "Bemærk: main er længere fremme end det, der er ude. Kører serveren?"
	}
	return out, err
}

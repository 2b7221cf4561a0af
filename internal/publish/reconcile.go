package publish

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"kompetenceudvikling.dk/kompas/internal/fault"
	"kompetenceudvikling.dk/kompas/internal/repo"
	"kompetenceudvikling.dk/kompas/internal/store"
)

// Releases that stay: the newest keepReleases, and all that are younger than keepTime.
const (
	keepReleases = 20
	keepTime     = 24 * time.Hour
)

// Reconcile makes the release live that is right now: that of the commit which holds
// the store, else of main. It makes one when there is none. What a run that was cut
// off left behind is put right first. It gives the live release, nil when main has no
// commit yet; who asked is for the log.
func (p *Publisher) Reconcile(ctx context.Context, who string) (*store.Manifest, error) {
	unlock, err := p.lock(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	return p.reconcile(ctx, who)
}

func (p *Publisher) reconcile(ctx context.Context, who string) (*store.Manifest, error) {
	if err := p.Store.Heal(); err != nil {
		return nil, err
	}
	r, err := repo.OpenBare(p.Settings.Repo)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	commit, err := p.wanted(r)
	if err != nil || commit == "" {
		return nil, err
	}
	m, err := p.bring(ctx, r, commit, who)
	if err != nil {
		return nil, errors.Join(err, p.fail(commit, who, err))
	}
	if err := p.Store.SetProblem(nil); err != nil {
		return nil, err
	}
	_, err = p.prune(p.now())
	return m, errors.Join(err, p.sweepDrafts(r, p.now()))
}

// wanted gives the commit that should be live. A hold lasts until main moves.
func (p *Publisher) wanted(r *repo.Repo) (string, error) {
	main, err := r.Branch(Main)
	if err != nil {
		return "", err
	}
	hold, err := p.Store.Hold()
	if err != nil || hold == nil {
		return main, err
	}
	if hold.Main == main {
		return hold.Commit, nil
	}
	if err := p.Store.SetHold(nil); err != nil {
		return "", err
	}
	return main, p.Store.Note(store.Entry{At: p.now(), Who: "kompas", What: "hold ophævet", Commit: hold.Commit})
}

// bring makes a commit's right release live and notes it, if it is not live already.
func (p *Publisher) bring(ctx context.Context, r *repo.Repo, commit, who string) (*store.Manifest, error) {
	began := p.Now()
	m, changed, err := p.liveAt(ctx, r, commit, p.site())
	if err != nil || !changed {
		return m, err
	}
	return m, p.Store.Note(store.Entry{
		At: p.now(), Who: who, What: "udgivet", Commit: commit, Release: m.ID, Millis: p.Now().Sub(began).Milliseconds(),
	})
}

// liveAt makes a commit's right release live in a target: the live one, one that is
// there, or a new one.
func (p *Publisher) liveAt(ctx context.Context, r *repo.Repo, commit string, t target) (m *store.Manifest, changed bool, err error) {
	live, err := t.store.Live()
	if err != nil {
		live = nil // its release is gone or torn: make another
	}
	now := instant(p.now(), live)
	if live != nil && p.fits(live, commit, t) && (live.AsOf.After(now) || live.RightAt(now)) {
		return live, false, nil // when the clock has gone back, what is out stays out
	}
	if m, err = p.find(commit, t, now); err != nil {
		return nil, false, err
	}
	if m == nil {
		if m, _, err = p.make(ctx, r, commit, nil, t, now); err != nil {
			return nil, false, err
		}
	}
	p.step("klar")
	if err := t.store.Activate(m.ID); err != nil {
		return nil, false, err
	}
	p.step("ude")
	return m, true, nil
}

// find gives a release that is there and right, nil for none.
func (p *Publisher) find(commit string, t target, now time.Time) (*store.Manifest, error) {
	ids, err := t.store.IDs()
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if !store.MadeOf(id, commit, p.Program) {
			continue
		}
		m, err := store.ReadManifest(t.store.Path(id))
		if err == nil && p.fits(m, commit, t) && m.RightAt(now) {
			return m, nil
		}
	}
	return nil, nil
}

// fits tells whether a release is of this commit, program and address, and can be shown.
func (p *Publisher) fits(m *store.Manifest, commit string, t target) bool {
	return m.Commit == commit && m.Program == p.Program && m.BaseURL == t.baseURL && !slices.Contains(p.spoilt, m.ID)
}

// backwards is how far a clock may be put back and still be taken for one that was a
// little fast. Beyond it, the live release's instant was the wrong one.
const backwards = 24 * time.Hour

// instant gives the time to build for: never before the live release's, so that what
// has come out does not go in again.
func instant(now time.Time, live *store.Manifest) time.Time {
	if live != nil && now.Before(live.AsOf) && live.AsOf.Sub(now) < backwards {
		return live.AsOf
	}
	return now
}

// fail keeps why the right release is not live, and logs it once.
func (p *Publisher) fail(commit, who string, err error) error {
	text := reason(err, p.Store.Dir())
	last, readErr := p.Store.Problem()
	if readErr == nil && last != nil && last.Commit == commit && last.Text == text {
		return nil
	}
	return errors.Join(
		p.Store.SetProblem(&store.Problem{Commit: commit, At: p.now(), Text: text}),
		p.Store.Note(store.Entry{At: p.now(), Who: who, What: "mislykket", Commit: commit, Text: text}))
}

// prune removes old releases; the caller holds the lock.
func (p *Publisher) prune(now time.Time) ([]string, error) {
	gone, err := p.Store.Prune(keepReleases, now.Add(-keepTime), p.held()...)
	if err != nil {
		return gone, fmt.Errorf("prune: %w", err)
	}
	return gone, nil
}

// held gives the releases of a held commit.
func (p *Publisher) held() []string {
	hold, err := p.Store.Hold()
	ids, listErr := p.Store.IDs()
	if err != nil || hold == nil || listErr != nil {
		return nil
	}
	var out []string
	for _, id := range ids {
		if store.MadeOf(id, hold.Commit, "") {
			out = append(out, id)
		}
	}
	return out
}

// reason writes an error in Danish, for the log and for whoever waits.
func reason(err error, dir string) string {
	var faults fault.List
	switch {
	case errors.As(err, &faults):
		return faults.Error()
	case errors.Is(err, errNoSpace):
		return fmt.Sprintf("der er ikke plads på serverens disk (%s)", dir)
	case errors.Is(err, context.Canceled):
		return "udgivelsen blev afbrudt"
	}
	return "noget gik galt i programmet: " + err.Error()
}

package publish

import (
	"context"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"kompetenceudvikling.dk/kompas/internal/repo"
)

// How often a server looks. A look at which release is current reads one link; a look
// at main reads one small file.
const (
	lookCurrent = 50 * time.Millisecond
	lookMain    = 2 * time.Second
	tryAgain    = time.Minute // after a release could not be made, unless main moves
)

// A Keeper keeps a server showing what is right.
type Keeper struct {
	Publisher *Publisher
	Show      func(dir string) error // takes a release into use; an error says that another must be made
	Failed    func(error)

	mu     sync.Mutex
	seen   string   // the release that was current last
	spoilt []string // those that could not be shown
}

// Refresh shows the current release if it is another than last time. One that cannot be
// shown is told of once; Run makes another.
func (k *Keeper) Refresh() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	id, err := k.Publisher.Store.Current()
	if err != nil || id == "" || id == k.seen {
		return err
	}
	k.seen = id
	if err = k.Show(k.Publisher.Store.Path(id)); err != nil {
		k.spoilt = append(k.spoilt, id)
	}
	return err
}

func (k *Keeper) unshown() []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.spoilt)
}

// Run looks until ctx ends. It makes what was missed while no server ran first.
func (k *Keeper) Run(ctx context.Context) {
	var work sync.WaitGroup
	work.Go(func() {
		for every(ctx, lookCurrent) {
			if err := k.Refresh(); err != nil {
				k.Failed(err)
			}
		}
	})
	var last, seen look
	var failed time.Time
	for first := true; first || every(ctx, lookMain); first = false {
		now, err := k.look()
		if err == nil && !first && now != last && now != seen {
			seen = now // the hook of a push is at it, and knows who sent it: its turn first
			continue
		}
		if err == nil && now == last && !failed.IsZero() && time.Since(failed) < tryAgain {
			continue
		}
		if err == nil && now == last && failed.IsZero() && !k.due() {
			continue
		}
		last, failed = now, time.Time{}
		k.Publisher.spoilt = k.unshown()
		if live, _ := k.Publisher.Store.Current(); slices.Contains(k.Publisher.spoilt, live) {
			failed = time.Now() // the next may be no better
		}
		if _, err := k.Publisher.Reconcile(ctx, "kompas"); err != nil && ctx.Err() == nil {
			failed = time.Now()
			k.Failed(err)
		}
		debug.FreeOSMemory() // what a release took to make: it may be hours to the next
	}
	work.Wait()
}

// every waits, and tells whether to go on.
func every(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// A look is what decides which commits are wanted.
type look struct{ main, held string }

func (k *Keeper) look() (look, error) {
	var out look
	r, err := repo.OpenBare(k.Publisher.Settings.Repo)
	if err != nil {
		return out, err
	}
	defer r.Close()
	if out.main, err = r.Branch(Main); err != nil {
		return out, err
	}
	hold, err := k.Publisher.Store.Hold()
	if hold != nil {
		out.held = hold.Commit
	}
	return out, err
}

// due tells whether the live release has stopped being right by itself.
func (k *Keeper) due() bool {
	live, err := k.Publisher.Store.Live()
	return err != nil || live == nil || slices.Contains(k.unshown(), live.ID) || live.Program != k.Publisher.Program || !live.Next.IsZero() && !k.Publisher.now().Before(live.Next)
}

package publish

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"kompetenceudvikling.dk/kompas/internal/repo"
	"kompetenceudvikling.dk/kompas/internal/store"
)

// draftTime is how long a draft is shown after it was sent. Its branch stays in git.
const draftTime = 30 * 24 * time.Hour

const draftPrefix = "kladde/"

// Drafts gives the folder with one store a draft.
func (p *Publisher) Drafts() string { return filepath.Join(p.Store.Dir(), "kladder") }

// draft gives where the branch kladde/<name> is shown.
func (p *Publisher) draft(name string) (target, error) {
	s, err := store.Open(filepath.Join(p.Drafts(), name))
	return target{store: s, baseURL: p.Settings.Preview + name + "/", draft: true}, err
}

func draftName(ref string) string { return strings.TrimPrefix(ref, "refs/heads/"+draftPrefix) }

// receiveDraft checks and builds a draft as main is, but that addresses may be lost.
func (p *Publisher) receiveDraft(ctx context.Context, r *repo.Repo, push Push, u Update) error {
	if p.Settings.Preview == "" {
		return refusal("kladder vises ikke på denne server", "udgiv teksten, når den er klar (kompas udgiv uden --kladde, med git til main), eller bed den, der passer serveren, om at slå kladder til (kompas publish init --preview-url)")
	}
	if push.onlyCheck() {
		return p.onlyCheck(ctx, r, u.New, nil)
	}
	t, err := p.draft(draftName(u.Ref))
	if err != nil {
		return err
	}
	p.say("Tjekker og bygger kladden ...")
	m, _, err := p.make(ctx, r, u.New, nil, t, p.now())
	if err != nil {
		return err
	}
	p.say("I orden: %d sider.", m.Counts.Pages)
	return nil
}

// afterDraft shows a draft that was received, or takes one down whose branch is gone.
func (p *Publisher) afterDraft(ctx context.Context, push Push, u Update) error {
	name, ok := strings.CutPrefix(u.Ref, "refs/heads/"+draftPrefix)
	if !ok {
		return nil
	}
	unlock, err := p.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	if u.deletes() {
		p.say("Kladden %s er taget ned.", name)
		return os.RemoveAll(filepath.Join(p.Drafts(), name))
	}
	r, err := repo.OpenBare(p.Settings.Repo)
	if err != nil {
		return err
	}
	defer r.Close()
	t, err := p.draft(name)
	if err != nil {
		return err
	}
	m, _, err := p.liveAt(ctx, r, u.New, t)
	if err != nil {
		p.say("Din kladde er modtaget, men kan ikke vises: %s", reason(err, p.Store.Dir()))
		return err
	}
	p.say("Kladden er på %s og vises i 30 dage. Webstedet er, som det var.", t.baseURL)
	_, err = t.store.Prune(1, time.Time{}) // the one before stays: someone may be reading it
	return errors.Join(err, p.Store.Note(store.Entry{At: p.now(), Who: push.Who, What: "kladde", Ref: u.Ref, Commit: u.New, Release: m.ID}))
}

// sweepDrafts takes down what is too old, and what was refused or has lost its branch.
// The caller holds the lock.
func (p *Publisher) sweepDrafts(r *repo.Repo, now time.Time) error {
	entries, err := os.ReadDir(p.Drafts())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("list drafts: %w", err)
	}
	branches, err := r.Refs(draftPrefix)
	if err != nil {
		return err
	}
	for _, e := range entries {
		dir := filepath.Join(p.Drafts(), e.Name())
		s, err := store.Open(dir)
		if err != nil {
			return err
		}
		m, err := s.Live()
		if err == nil && m != nil && branches[draftPrefix+e.Name()] != "" && now.Sub(m.AsOf) < draftTime {
			continue
		}
		if err := os.RemoveAll(dir); err != nil {
			return fmt.Errorf("take draft down: %w", err)
		}
	}
	return nil
}

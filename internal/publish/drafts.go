package publish

import (
	"context"

	"kompetenceudvikling.dk/kompas/internal/repo"
)

func (p *Publisher) receiveDraft(context.Context, *repo.Repo, Push, Update) error { return nil }
func (p *Publisher) afterDraft(context.Context, Update) error                     { return nil }

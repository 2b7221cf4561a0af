package search

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/blevesearch/bleve/v2"
)

// Pages gives the pages as Build got them, by address.
func (ix *Index) Pages(ctx context.Context) ([]Page, error) {
	req := bleve.NewSearchRequestOptions(bleve.NewMatchAllQuery(), ix.total(), 0, false)
	req.SortBy([]string{"_id"})
	req.Fields = []string{cardField}
	res, err := ix.bleve.SearchInContext(ctx, req)
	if err != nil {
		return nil, fmt.Errorf("read pages: %w", err)
	}
	out := make([]Page, len(res.Hits))
	for i, m := range res.Hits {
		if err := json.Unmarshal([]byte(m.Fields[cardField].(string)), &out[i]); err != nil {
			return nil, fmt.Errorf("read page %s: %w", m.ID, err)
		}
	}
	return out, nil
}

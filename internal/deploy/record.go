package deploy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"
)

// recordKey lies among the site's files, so that a place tells by itself what is ours.
// It says nothing that the site does not show.
const recordKey = "kompas-deploy.json"

const recordFormat = 1

// A record is what earlier runs put in a place.
type record struct {
	Format  int                  `json:"format"`
	Release string               `json:"release"`
	Objects map[string]entry     `json:"objects"`
	Gone    map[string]time.Time `json:"gone"` // no longer of the site -> since when
}

// An entry is an object of ours. Its zero value is one that a run may or may not have
// written before it was cut off.
type entry struct {
	Sum  string `json:"sum,omitempty"` // of its bytes and headers
	Size int64  `json:"size,omitempty"`
}

// readRecord gives the record of a place, or a new one for a place that is empty.
func readRecord(ctx context.Context, p Place, held map[string]int64, o Options) (*record, error) {
	r := &record{Format: recordFormat, Objects: map[string]entry{}, Gone: map[string]time.Time{}}
	src, err := p.Read(ctx, recordKey)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if len(held) > 0 && !o.Adopt {
			return nil, &Refusal{"stedet er ikke tomt, og der ligger ikke noget, kompas har lagt der", "vælg et tomt sted; skal webstedet ligge mellem det, der er, så giv --adopt (filer af samme navn bliver skrevet over, andre bliver ikke rørt)"}
		}
		return r, nil
	case err != nil:
		return nil, err
	}
	if err := json.Unmarshal(src, r); err != nil || r.Format != recordFormat {
		if o.Adopt {
			return &record{Format: recordFormat, Objects: map[string]entry{}, Gone: map[string]time.Time{}}, nil
		}
		return nil, &Refusal{fmt.Sprintf("%s kan ikke læses: det er ikke til at se, hvad kompas har lagt der", recordKey), "giv --adopt; så bliver alt lagt op igen, og gamle filer bliver liggende"}
	}
	if r.Objects == nil {
		r.Objects = map[string]entry{}
	}
	if r.Gone == nil {
		r.Gone = map[string]time.Time{}
	}
	return r, nil
}

func (r *record) write(ctx context.Context, p Place) error {
	src, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("write %s: %w", recordKey, err)
	}
	return p.Write(ctx, recordKey, src, Headers{Type: "application/json", Cache: "no-store"})
}

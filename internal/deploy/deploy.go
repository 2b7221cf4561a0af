// Package deploy copies a release to a place that can only hand out files: a folder of
// another web server, or an object store. In go a release, an instant, and a Place; out
// comes a copy in which a visitor never meets a page whose files are missing. It builds
// nothing and serves nothing.
package deploy

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"kompetenceudvikling.dk/kompas/internal/store"
)

// A Place holds objects by key: "fonden/index.html". Its methods may be called at the
// same time.
type Place interface {
	// List gives the size in bytes of every object.
	List(ctx context.Context) (map[string]int64, error)
	// Read gives the bytes of an object; fs.ErrNotExist when there is none.
	Read(ctx context.Context, key string) ([]byte, error)
	// Write puts an object into place, whole or not at all.
	Write(ctx context.Context, key string, body []byte, h Headers) error
	// Delete removes an object. One that is gone already is no error.
	Delete(ctx context.Context, key string) error
}

// Headers are what an object is to be sent with. A folder keeps none of them.
type Headers struct{ Type, Encoding, Cache string }

// A Form is how texts are kept.
type Form int

// Forms of texts. A web server over a folder picks among files; an object store sends
// what it holds to everyone, and every browser reads gzip.
const (
	Files  Form = iota // as they are, with .br and .gz beside them
	Packed             // what browsers load is gzip under its own name; the rest as it is
	Plain              // as they are: something in front compresses them
)

// Options say what is copied and how.
type Options struct {
	From  string    // folder of a release
	Now   time.Time // decides whether the release is right, and which old files are due
	Form  Form
	Adopt bool // use a place that is not empty and has no record of ours
	Dry   bool // only tell
	// Told, if set, hears of each object before it is written or removed: at once, in
	// no certain order within a turn.
	Told func(act Act, key string)
}

// An Act is what is done with an object.
type Act int

// Acts.
const (
	Put Act = iota
	Remove
	Later // it stays a day more
)

// A Summary tells what a run did, or would do.
type Summary struct {
	Release                  string
	Put, Same, Removed, Left int
	Bytes                    int64
}

// A Refusal is a reason not to begin, in Danish.
type Refusal struct{ Text, Advice string }

func (r *Refusal) Error() string { return r.Text }

// Run makes the place hold the release: first what pages need, then the pages, then what
// lists them, and last it removes what is no longer of the site. Cut off at any point it
// leaves a place that works, and goes on from there the next time.
func Run(ctx context.Context, o Options, p Place) (*Summary, error) {
	m, err := readRelease(o)
	if err != nil {
		return nil, err
	}
	objects, err := objectsOf(m, o)
	if err != nil {
		return nil, err
	}
	held, err := p.List(ctx)
	if err != nil {
		return nil, err
	}
	r, err := readRecord(ctx, p, held, o)
	if err != nil {
		return nil, err
	}
	j := &job{Options: o, place: p, record: r, plan: compare(objects, held, r, o.Now)}
	s := j.summary(m.ID)
	if o.Dry {
		j.tell()
		return s, nil
	}
	r.Release = m.ID
	return s, j.run(ctx)
}

// readRelease gives the manifest of a release that is right at the instant.
func readRelease(o Options) (*store.Manifest, error) {
	if _, err := os.Stat(filepath.Join(o.From, store.ManifestFile)); err != nil {
		return nil, &Refusal{fmt.Sprintf("%s er ikke et færdigt websted", o.From), "byg det først med kompas build, eller vis vej med --from MAPPE"}
	}
	m, err := store.ReadManifest(o.From)
	switch {
	case err != nil:
		return nil, err
	case !m.Next.IsZero() && !o.Now.Before(m.Next):
		return nil, &Refusal{fmt.Sprintf("webstedet i %s er for gammelt: noget på det skulle have ændret sig %s", o.From, danish(m.Next)), "byg det igen med kompas build"}
	case o.Now.Before(m.AsOf):
		return nil, &Refusal{fmt.Sprintf("webstedet i %s viser, hvordan det ser ud %s, og så langt er vi ikke", o.From, danish(m.AsOf)), "byg det igen med kompas build, eller giv en senere --date"}
	}
	return m, nil
}

// danish writes an instant as people here read it.
func danish(t time.Time) string {
	if zone, err := time.LoadLocation("Europe/Copenhagen"); err == nil {
		t = t.In(zone)
	}
	return t.Format("2.1.2006 kl. 15.04")
}

// A job is one run.
type job struct {
	Options
	place Place
	plan  *plan

	mu     sync.Mutex
	record *record
	since  int // objects written since the record was
}

const (
	workers   = 8   // at once: a store answers in tens of milliseconds
	saveEvery = 200 // objects; what a machine that stops would do again
)

func (j *job) run(ctx context.Context) error {
	if len(j.plan.put) > 0 { // from now on nobody knows what they are
		for _, o := range j.plan.put {
			j.record.Objects[o.key] = entry{}
		}
		if err := j.save(ctx); err != nil {
			return err
		}
	}
	for turn := firstTurn; turn <= lastTurn; turn++ {
		if err := j.each(ctx, j.plan.ofTurn(turn), j.write); err != nil {
			// What did get there is remembered even when ctx is over.
			_ = j.save(context.WithoutCancel(ctx))
			return err
		}
	}
	keys := make([]*object, len(j.plan.remove))
	for i, key := range j.plan.remove {
		keys[i] = &object{key: key}
	}
	err := j.each(ctx, keys, j.delete)
	for _, key := range j.plan.later {
		j.tellOf(Later, key)
	}
	if also := j.save(context.WithoutCancel(ctx)); err == nil {
		err = also
	}
	return err
}

// each does all of objects, some at a time, and stops at the first error.
func (j *job) each(ctx context.Context, objects []*object, do func(context.Context, *object) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	next := make(chan *object)
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for o := range next {
				if err := do(ctx, o); err != nil {
					stop(err)
				}
			}
		})
	}
feed:
	for _, o := range objects {
		select {
		case next <- o:
		case <-ctx.Done():
			break feed
		}
	}
	close(next)
	all.Wait()
	return context.Cause(ctx)
}

func (j *job) write(ctx context.Context, o *object) error {
	body, err := o.read(j.From)
	if err != nil {
		return err
	}
	j.tellOf(Put, o.key)
	if err := j.place.Write(ctx, o.key, body, o.Headers); err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.record.Objects[o.key] = entry{o.sum, o.size}
	if j.since++; j.since < saveEvery {
		return nil
	}
	return j.saveLocked(ctx)
}

func (j *job) delete(ctx context.Context, o *object) error {
	j.tellOf(Remove, o.key)
	if err := j.place.Delete(ctx, o.key); err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	delete(j.record.Objects, o.key)
	delete(j.record.Gone, o.key)
	return nil
}

func (j *job) save(ctx context.Context) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.saveLocked(ctx)
}

func (j *job) saveLocked(ctx context.Context) error {
	j.since = 0
	return j.record.write(ctx, j.place)
}

func (j *job) tellOf(act Act, key string) {
	if j.Told != nil {
		j.Told(act, key)
	}
}

// tell goes through the plan in its order.
func (j *job) tell() {
	for _, o := range j.plan.put {
		j.tellOf(Put, o.key)
	}
	for _, key := range j.plan.remove {
		j.tellOf(Remove, key)
	}
	for _, key := range j.plan.later {
		j.tellOf(Later, key)
	}
}

func (j *job) summary(id string) *Summary {
	s := &Summary{Release: id, Put: len(j.plan.put), Same: j.plan.same, Removed: len(j.plan.remove), Left: len(j.plan.later)}
	for _, o := range j.plan.put {
		s.Bytes += o.size
	}
	return s
}

func hash(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Danish tells what is done with an object.
func (a Act) Danish() string {
	return map[Act]string{Put: "læg op:", Remove: "fjern:", Later: "fjern senere:"}[a]
}

// Danish tells what a run did, or with dry would do.
func (s *Summary) Danish(place string, dry bool) string {
	would := ""
	if dry {
		would = " ville blive"
	}
	size := strings.Replace(fmt.Sprintf("%.1f MB", float64(s.Bytes)/1e6), ".", ",", 1)
	return fmt.Sprintf("%s: %d filer%s lagt op (%s), %d var der i forvejen, %d%s fjernet, %d bliver et døgn endnu",
		place, s.Put, would, size, s.Same, s.Removed, would, s.Left)
}

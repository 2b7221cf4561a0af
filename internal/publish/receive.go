package publish

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/internal/fault"
	"kompetenceudvikling.dk/kompas/internal/release"
	"kompetenceudvikling.dk/kompas/internal/repo"
	"kompetenceudvikling.dk/kompas/internal/store"
)

// Roles of those who push.
const (
	RoleEditor    = "redaktoer" // may change content/
	RolePublisher = "udgiver"   // may change all
)

// A Push is what git tells its hooks.
type Push struct {
	Who, Role  string
	Options    []string
	Quarantine string // GIT_QUARANTINE_PATH
	Updates    []Update
}

// An Update moves a ref. A hash of zeros stands for none.
type Update struct{ Old, New, Ref string }

func (u Update) deletes() bool { return strings.Trim(u.New, "0") == "" }
func (u Update) creates() bool { return strings.Trim(u.Old, "0") == "" }

// ReadUpdates reads the lines git gives its hooks on stdin.
func ReadUpdates(r io.Reader) ([]Update, error) {
	var out []Update
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		f := strings.SplitN(lines.Text(), " ", 3)
		if len(f) != 3 {
			return nil, fmt.Errorf("read update %q", lines.Text())
		}
		out = append(out, Update{f[0], f[1], f[2]})
	}
	return out, lines.Err()
}

// OnlyCheck is the push option that asks for the faults and nothing else, and AllFine
// how the answer begins when there is none.
const (
	OnlyCheck = "kun-tjek"
	AllFine   = "Alt er i orden. Du bad kun om et tjek, så intet er udgivet."
)

// onlyCheck tells whether the push asks for no more. kompas udgiv ends the option with
// a =, since its library can send no other.
func (p Push) onlyCheck() bool {
	return slices.Contains(p.Options, OnlyCheck) || slices.Contains(p.Options, OnlyCheck+"=")
}

// ErrRefused says that a push was refused and the reasons told.
var ErrRefused = errors.New("push refused")

// PreReceive checks what is pushed and makes its release, cheap checks first. Nothing
// goes live. It gives ErrRefused when it has said why the push cannot be taken.
func (p *Publisher) PreReceive(ctx context.Context, push Push) error {
	unlock, err := p.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	r, err := repo.OpenPushed(p.Settings.Repo, push.Quarantine)
	if err != nil {
		return err
	}
	defer r.Close()
	for _, u := range push.Updates {
		if err := p.receive(ctx, r, push, u); err != nil {
			return p.refuse(push, u, err)
		}
	}
	if push.onlyCheck() {
		p.say(AllFine)
		if slices.Contains(push.Options, OnlyCheck) {
			p.say("Derfor skriver git herunder, at din push er afvist. Det er, som det skal være.")
		}
		return ErrRefused
	}
	return nil
}

func isDraft(ref string) bool {
	name, ok := strings.CutPrefix(ref, "refs/heads/"+draftPrefix)
	return ok && content.IsSlug(name)
}

func (p *Publisher) receive(ctx context.Context, r *repo.Repo, push Push, u Update) error {
	isMain := u.Ref == "refs/heads/"+Main
	switch {
	case isMain && u.deletes():
		return refusal("main er webstedet og kan ikke slettes", "ret siderne i stedet, eller bed udgiveren om at rulle tilbage")
	case isMain:
		if err := p.follows(r, u); err != nil {
			return err
		}
	case isDraft(u.Ref):
		if u.deletes() {
			return nil
		}
	case strings.HasPrefix(u.Ref, "refs/tags/") && push.Role == RolePublisher:
		return nil
	default:
		return refusal("der kan ikke sendes til "+strings.TrimPrefix(u.Ref, "refs/heads/"), "send til main, eller til en kladde: kladde/ og så a-z, 0-9 og bindestreg, fx kladde/ny-frist")
	}
	before, err := p.examine(r, push, u)
	if err != nil {
		return err
	}
	if !isMain {
		return p.receiveDraft(ctx, r, push, u)
	}
	began := p.Now()
	live, err := p.Store.Live()
	if err != nil {
		live = nil
	}
	now := instant(p.now(), live)
	if push.onlyCheck() {
		return p.onlyCheck(ctx, r, u.New, before)
	}
	p.say("Tjekker og bygger ...")
	m, warnings, err := p.make(ctx, r, u.New, before, p.site(), now)
	if err != nil {
		return err
	}
	p.step("modtaget")
	if n := len(warnings); n > 0 {
		p.say("Advarsler: %d. Se dem med kompas check.", n)
	}
	p.say("I orden: %d sider på %s.", m.Counts.Pages, seconds(p.Now().Sub(began)))
	return p.tellHold()
}

// tellHold says that this push ends a rollback: what was rolled back comes out with it.
// It is said before the push counts, since the server may be the one that lifts the hold.
func (p *Publisher) tellHold() error {
	hold, err := p.Store.Hold()
	if err == nil && hold != nil {
		p.say("Webstedet var rullet tilbage til %s. Med denne udgivelse er det slut.", short(hold.Commit))
		p.say("Er det, der blev rullet tilbage, ikke rettet, kommer det ud igen.")
	}
	return err
}

func (p *Publisher) onlyCheck(ctx context.Context, r *repo.Repo, commit string, before map[string]string) error {
	in, err := p.input(r, commit, p.now())
	if err != nil {
		return err
	}
	in.Before, in.BaseURL = before, p.Settings.BaseURL
	faults, err := release.Check(ctx, in)
	if err != nil {
		return err
	}
	for _, f := range faults {
		if faults.Err() == nil {
			p.say("%s", f)
		}
	}
	return faults.Err()
}

// follows demands that a push to main adds to what is there now.
func (p *Publisher) follows(r *repo.Repo, u Update) error {
	main, err := r.Branch(Main)
	if err != nil {
		return err
	}
	if main != "" && main != u.Old {
		return refusal("en anden har udgivet, mens du skrev", "hent det nye (kompas udgiv gør det selv; med git: git pull --rebase), og send igen")
	}
	if u.creates() {
		return nil
	}
	ok, err := r.Follows(u.New, u.Old)
	if err == nil && !ok {
		return refusal("din udgave bygger ikke videre på den, der er ude", "hent det nye først (git pull --rebase). En tvungen push (--force) kan ikke bruges her")
	}
	return err
}

// examine checks names, kinds and sizes of what is pushed, and who may change it. It
// gives the addresses that main answers by files which are now changed or gone.
func (p *Publisher) examine(r *repo.Repo, push Push, u Update) (map[string]string, error) {
	now, err := r.List(u.New)
	if err != nil {
		return nil, err
	}
	from, err := r.Branch(Main)
	if err != nil {
		return nil, err
	}
	main := map[string]repo.Entry{}
	if from != "" {
		if main, err = r.List(from); err != nil {
			return nil, err
		}
	}
	old := main
	if !u.creates() {
		if old, err = r.List(u.Old); err != nil {
			return nil, err
		}
	}
	changed := differences(old, now)
	if err := checkEntries(r, now, changed); err != nil {
		return nil, err
	}
	outside := outsideContent(changed)
	outside = slices.DeleteFunc(outside, func(name string) bool { return main[name] == now[name] }) // a draft that follows main
	if len(outside) > 0 {
		if push.Role != RolePublisher {
			return nil, notYours(outside)
		}
		p.say("Du ændrer også programmet (%s). Det virker først, når", outside[0])
		p.say("serveren får en ny udgave af kompas; indholdet virker nu.")
	}
	if u.Ref != "refs/heads/"+Main || from == "" {
		return nil, nil
	}
	return p.addresses(r, from, changed)
}

// addresses gives what the changed Markdown files of a commit answered.
func (p *Publisher) addresses(r *repo.Repo, commit string, changed []string) (map[string]string, error) {
	fsys, err := r.Commit(commit)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, name := range changed {
		if !strings.HasPrefix(name, "content/") || path.Ext(name) != ".md" {
			continue
		}
		if src, err := fs.ReadFile(fsys, name); err == nil {
			files[name] = src
		}
	}
	return content.AddressesOf(files, p.now()), nil
}

// refusal is a fault of the push itself, not of a file.
func refusal(message, advice string) error {
	var l fault.List
	l.Add("", 0, message, advice)
	return l
}

const faultsShown = 20

// refuse tells why a push is not taken, and logs it.
func (p *Publisher) refuse(push Push, u Update, err error) error {
	var faults fault.List
	if !errors.As(err, &faults) {
		text := reason(err, p.Store.Dir())
		p.say("%s", text)
		p.say("Intet er udgivet. Webstedet er, som det var. Sig det til den, der passer serveren.")
		return errors.Join(ErrRefused, p.Store.Note(store.Entry{At: p.now(), Who: push.Who, What: "afvist", Ref: u.Ref, Commit: u.New, Text: text}))
	}
	shown := 0
	stops := slices.DeleteFunc(slices.Clone(faults), func(f fault.Fault) bool { return f.Level != fault.Fejl })
	for _, f := range stops[:min(len(stops), faultsShown)] {
		p.say("%s", strings.TrimPrefix(f.String(), ": "))
		shown++
	}
	if more := len(stops) - shown; more > 0 {
		p.say("... og %d fejl til. Se dem alle med kompas check.", more)
	}
	if !push.onlyCheck() {
		p.say("Intet er udgivet. Webstedet er, som det var.")
	}
	first := strings.TrimPrefix(stops[0].String(), ": ")
	first, _, _ = strings.Cut(first, "\n")
	return errors.Join(ErrRefused, p.Store.Note(store.Entry{
		At: p.now(), Who: push.Who, What: "afvist", Ref: u.Ref, Commit: u.New, Text: fmt.Sprintf("%d fejl, den første: %s", len(stops), first),
	}))
}

// PostReceive makes right what the push has changed, and says what is live where.
func (p *Publisher) PostReceive(ctx context.Context, push Push) error {
	for _, u := range push.Updates {
		p.step("kaldt")
		if u.Ref != "refs/heads/"+Main {
			if err := p.afterDraft(ctx, push, u); err != nil {
				return err
			}
			continue
		}
		began := p.Now()
		m, err := p.Reconcile(ctx, push.Who)
		if err != nil {
			p.say("Din tekst er modtaget, men webstedet er ikke skiftet endnu:")
			p.say("%s", reason(err, p.Store.Dir()))
			p.say("Serveren prøver igen af sig selv. Sig det til den, der passer den.")
			return err
		}
		p.step("udgivet")
		p.say("Udgivet på %s.", seconds(p.Now().Sub(began)))
		if err := p.tellPages(u, m); err != nil {
			return err
		}
	}
	return nil
}

package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"

	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/internal/publish"
	"kompetenceudvikling.dk/kompas/internal/store"
	"kompetenceudvikling.dk/kompas/internal/web"
)

// production are the flags of a server that shows what is published.
type production struct {
	store, repo, users, cert, key string
	behindProxy                   bool
	addr, preview                 string
	rate                          float64
	hsts, log                     bool
}

func (c *call) production() *production {
	p := &production{}
	c.flags.StringVar(&p.store, "store", "", "vis udgivelserne i denne mappe i stedet for en arbejdsmappe")
	c.flags.StringVar(&p.repo, "repo", "", "lageret, der kan sendes til over http; det, store hører til")
	c.flags.StringVar(&p.users, "users", "", "filen med dem, der må sende: linjer af navn:rolle:bcrypt")
	c.flags.StringVar(&p.cert, "tls-cert", "", "certifikat som PEM")
	c.flags.StringVar(&p.key, "tls-key", "", "certifikatets nøgle som PEM")
	c.flags.BoolVar(&p.behindProxy, "behind-proxy", false, "en anden server foran sørger for https og for grænser; --rate gælder så ikke")
	c.flags.StringVar(&p.preview, "preview-addr", "", "adressen, kladder vises på; alle, der kan nå den, kan læse dem")
	c.flags.Float64Var(&p.rate, "rate", visitorRate, "forespørgsler i sekundet fra ét net i det lange løb; ti sekunders må komme på én gang; 0 er uden grænse")
	c.flags.BoolVar(&p.hsts, "hsts", true, "sig til browsere, at de et år frem kun må bruge https; kun med --tls-cert")
	c.flags.BoolVar(&p.log, "log", true, "en linje for hver forespørgsel, uden adresser, søgninger og svar i selvtjek")
	return p
}

// serveStore serves what is published, receives pushes, and keeps the site right as
// time goes.
func serveStore(ctx context.Context, c *call, f *production) (err error) {
	p, err := f.publisher(ctx, c)
	if err != nil {
		return err
	}
	site := &web.Server{Program: p.Program, Misses: web.OpenMisses(missesIn(f.store), func() time.Time { return p.Now().In(content.Copenhagen()) })}
	defer func() { err = errors.Join(err, site.Misses.Close(), site.Close()) }()
	keeper := &publish.Keeper{Publisher: p, Show: site.Show, Failed: func(err error) { fmt.Fprintf(c.stderr, "kompas serve: %v\n", err) }}
	handler, err := f.handler(p, site, keeper)
	if err != nil {
		return err
	}
	listener, err := listen(f.addr)
	if err != nil {
		return err
	}
	stopDrafts, err := c.showDrafts(ctx, p, f)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer stopDrafts()
	if err := keeper.Refresh(); err != nil {
		fmt.Fprintf(c.stderr, "kompas serve: %v\n", err) // the keeper makes another
	}
	fmt.Fprintf(c.stdout, "%s://%s/\n", f.scheme(), listener.Addr())
	remember(site, p.Store)
	defer alongside(ctx, keeper.Run)()
	return web.Serve(ctx, listener, handler, f.options(c))
}

// publisher opens the store, and refuses one that is not the repository's.
func (f *production) publisher(ctx context.Context, c *call) (*publish.Publisher, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	p, err := openPublisher(ctx, c, f.store)
	if err != nil {
		return nil, err
	}
	if f.repo != "" && !same(f.repo, p.Settings.Repo) {
		return nil, usageError{fmt.Sprintf("udgivelserne i %s hører til %s, ikke til %s", f.store, p.Settings.Repo, f.repo), "ret --repo eller --store"}
	}
	return p, nil
}

// handler answers with the site, with how it is, and to git where there are users.
func (f *production) handler(p *publish.Publisher, site *web.Server, keeper *publish.Keeper) (http.Handler, error) {
	mux := http.NewServeMux()
	mux.Handle("/", site)
	health(mux, site, p)
	if f.users == "" {
		return mux, nil
	}
	users, err := publish.OpenUsers(f.users)
	var line *publish.UsersError
	switch {
	case errors.As(err, &line): // as when the file changes: the site is not taken down by it
		keeper.Failed(usersProblem(f.users, err))
	case err != nil:
		return nil, usersProblem(f.users, err)
	}
	users.Failed = func(err error) { keeper.Failed(usersProblem(f.users, err)) }
	mux.Handle(publish.GitPath, &publish.GitServer{Repo: p.Settings.Repo, Users: users, After: func() {
		if err := keeper.Refresh(); err != nil {
			keeper.Failed(err)
		}
	}})
	return mux, nil
}

// alongside runs work until stop, which waits for its end.
func alongside(ctx context.Context, work func(context.Context)) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { work(ctx); close(done) }()
	return func() { cancel(); <-done }
}

func (f *production) scheme() string {
	if f.cert != "" {
		return "https"
	}
	return "http"
}

func (f *production) options(c *call) web.Options {
	options := web.Options{Cert: f.cert, Key: f.key, HSTS: f.hsts && f.cert != "", Rate: f.rate}
	if f.log {
		options.Log = c.stderr
	}
	if f.behindProxy {
		options.Rate = 0 // all the world comes from the proxy's address: it holds back, see docs/drift.md
	}
	return options
}

// showDrafts serves the drafts beside the site until stop, if they are to be shown.
func (c *call) showDrafts(ctx context.Context, p *publish.Publisher, f *production) (stop func(), err error) {
	if f.preview == "" {
		return func() {}, nil
	}
	if p.Settings.Preview == "" {
		return nil, usageError{"kladder er ikke slået til for " + f.store, "kør kompas publish init igen med --preview-url og den adresse, kladderne skal have"}
	}
	listener, err := listen(f.preview)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(c.stderr, "kladder: %s://%s/\n", f.scheme(), listener.Addr())
	drafts := &web.Drafts{Dir: p.Drafts(), Program: p.Program}
	end := alongside(ctx, func(ctx context.Context) {
		if err := web.Serve(ctx, listener, drafts, f.options(c)); err != nil {
			fmt.Fprintf(c.stderr, "kompas serve: kladder: %v\n", err)
		}
	})
	return func() { end(); _ = drafts.Close() }, nil
}

// missesIn is where a store keeps how often words were searched for in vain.
func missesIn(dir string) string { return filepath.Join(dir, "forgaeves") }

// remember lets the style sheets and scripts of the releases that are still there
// answer: a page that was opened before this server began asks for them.
func remember(site *web.Server, s *store.Store) {
	ids, _ := s.IDs()
	for _, id := range slices.Backward(ids) {
		_ = site.Remember(s.Path(id), time.Now()) // one that cannot be read has nothing to give
	}
}

// visitorRate is requests a second from one address, in the long run.
const visitorRate = 50

// check refuses a login over an open line.
func (f *production) check() error {
	if (f.cert == "") != (f.key == "") {
		return usageError{"--tls-cert og --tls-key hører sammen", "giv begge eller ingen af dem"}
	}
	if !(f.rate >= 0 && f.rate <= 1e6) {
		return usageError{fmt.Sprintf("--rate %g er ikke et antal forespørgsler i sekundet", f.rate), "skriv fx --rate 50, eller 0 for ingen grænse"}
	}
	if f.cert != "" {
		if _, err := tls.LoadX509KeyPair(f.cert, f.key); err != nil {
			return usageError{fmt.Sprintf("certifikatet kan ikke bruges: %v", err), "giv et certifikat og dets nøgle som PEM: --tls-cert FIL --tls-key FIL"}
		}
	}
	host, _, err := net.SplitHostPort(f.addr)
	if err != nil || f.users == "" || f.cert != "" || f.behindProxy {
		return nil // listen tells of a bad address
	}
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		return nil
	}
	return usageError{"kodeord ville gå ukrypteret over nettet", "giv --tls-cert og --tls-key, eller --behind-proxy, når en server foran sørger for https"}
}

// usersProblem says what an operator can do about a file of users that cannot be read.
func usersProblem(file string, err error) error {
	var bad *publish.UsersError
	switch {
	case errors.As(err, &bad):
		return usageError{bad.Error(), "linjerne er navn:rolle:bcrypt; kompas publish user skriver dem"}
	case errors.Is(err, os.ErrNotExist):
		return usageError{fmt.Sprintf("filen %s findes ikke", file), "lav den med kompas publish user NAVN redaktoer >> " + file}
	}
	return err
}

func same(a, b string) bool {
	x, err := filepath.EvalSymlinks(a)
	if err != nil {
		return false
	}
	y, err := filepath.EvalSymlinks(b)
	if err != nil {
		return false
	}
	x, errX := filepath.Abs(x)
	y, errY := filepath.Abs(y)
	return errX == nil && errY == nil && x == y
}

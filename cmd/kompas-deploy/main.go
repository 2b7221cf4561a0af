// Command kompas-deploy copies a release into a bucket of S3, Google Cloud Storage or
// Azure. `kompas deploy s3://...` runs it and has checked its words first. It is a
// module of its own: the libraries of the clouds weigh as much as all of kompas, and
// would move the versions that kompas is pinned to.
//
// Exit codes and messages are those of kompas.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
	_ "time/tzdata"

	"kompetenceudvikling.dk/kompas/internal/deploy"
)

const (
	exitFine  = 0
	exitUsage = 2
	exitOther = 3
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("kompas-deploy", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	o := deploy.Options{Form: deploy.Packed}
	flags.StringVar(&o.From, "from", "build", "")
	flags.BoolVar(&o.Dry, "dry-run", false, "")
	flags.BoolVar(&o.Adopt, "adopt", false, "")
	plain := flags.Bool("plain", false, "")
	now := flags.String("now", time.Now().Format(time.RFC3339), "")
	err := flags.Parse(args)
	if err == nil {
		o.Now, err = time.Parse(time.RFC3339, *now)
	}
	if err != nil || flags.NArg() != 1 {
		fmt.Fprint(stderr, "kompas-deploy køres af kompas deploy.\n  råd: skriv kompas deploy --help\n")
		return exitUsage
	}
	if *plain {
		o.Form = deploy.Plain
	}
	told := &counter{w: stderr, each: o.Dry}
	o.Told = told.hear
	if err := copyTo(ctx, o, flags.Arg(0), stdout); err != nil {
		text, advice, code := explain(err, flags.Arg(0))
		fmt.Fprintf(stderr, "kompas deploy: %s\n  råd: %s\n", text, advice)
		return code
	}
	return exitFine
}

func copyTo(ctx context.Context, o deploy.Options, place string, stdout io.Writer) error {
	b, err := openBucket(ctx, place)
	if err != nil {
		return err
	}
	s, err := deploy.Run(ctx, o, b)
	if err = errors.Join(err, b.Close()); err != nil {
		return err
	}
	fmt.Fprintln(stdout, s.Danish(withoutOptions(place), o.Dry))
	return nil
}

// A counter tells how far a run has come, or in a dry run each thing.
type counter struct {
	mu   sync.Mutex
	w    io.Writer
	each bool
	n    int
}

const tellEvery = 250 // objects

func (c *counter) hear(act deploy.Act, key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch c.n++; {
	case c.each:
		fmt.Fprintln(c.w, act.Danish(), key)
	case c.n%tellEvery == 0:
		fmt.Fprintf(c.w, "%d filer\n", c.n)
	}
}

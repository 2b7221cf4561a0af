package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"kompetenceudvikling.dk/kompas/internal/deploy"
)

const deployUsage = "kompas deploy STED [--from MAPPE] [--date DAG] [--dry-run] [--adopt] [--plain]"

const deployAbout = `STED er en mappe, som en webserver viser, eller en bucket: s3://NAVN?region=REGION,
gs://NAVN eller azblob://NAVN. En mappe inde i en bucket er ?prefix=MAPPE/.
Til en bucket skal også programmet kompas-deploy være her; nøglerne tages fra
miljøet, som AWS, Google og Azure selv beskriver det.

Først kommer det, siderne bruger, så siderne, så feeds og søgning. En side, der er taget
ned, forsvinder med det samme; stil, scripts og søgefiler, som en åben side kan bede om,
bliver et døgn. Det, der ligger der i forvejen og er det samme, sendes ikke igen.`

// An exitCode is what another program ended with, having told why.
type exitCode int

func (e exitCode) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// clouds are the places that take another program: their libraries weigh as much as all
// the rest of kompas.
var clouds = []string{"s3", "gs", "azblob"}

func deployCommand(ctx context.Context, c *call) error {
	c.about = deployAbout
	from := c.flags.String("from", "build", "det færdige websted: det, kompas build har skrevet, eller current i en mappe med udgivelser")
	when := &source{}
	c.flags.StringVar(&when.date, "date", "", "regn med, at det er denne dag: 2026-01-31 (ellers nu)")
	dry := c.flags.Bool("dry-run", false, "vis, hvad der ville ske, og gør det ikke")
	adopt := c.flags.Bool("adopt", false, "brug et sted, der ikke er tomt; det, kompas ikke har lagt der, bliver ikke rørt")
	plain := c.flags.Bool("plain", false, "pak ikke teksterne, når stedet eller noget foran det selv gør det")
	if err := c.parse(1); err != nil {
		return err
	}
	place := c.flags.Arg(0)
	if place == "" {
		return usageError{"der mangler et sted at lægge webstedet", "brugen er: " + deployUsage}
	}
	now, err := when.now()
	if err != nil {
		return err
	}
	scheme, _, isURL := strings.Cut(place, "://")
	switch {
	case slices.Contains(clouds, scheme) && isURL:
		return runCloud(ctx, c, place, *from, now, *dry, *adopt, *plain)
	case isURL:
		return usageError{fmt.Sprintf("%s:// er ikke et sted, kompas kan lægge noget", scheme), "giv en mappe, s3://, gs:// eller azblob://"}
	}
	o := deploy.Options{From: *from, Now: now, Adopt: *adopt, Dry: *dry}
	if *plain {
		o.Form = deploy.Plain
	}
	return deployFolder(ctx, c, o, place)
}

func deployFolder(ctx context.Context, c *call, o deploy.Options, place string) error {
	to, errTo := filepath.Abs(place)
	from, errFrom := filepath.Abs(o.From)
	if err := errors.Join(errTo, errFrom); err != nil {
		return fmt.Errorf("find folders: %w", err)
	}
	if inside(from, to) || inside(to, from) {
		return usageError{fmt.Sprintf("%s og %s ligger i hinanden", place, o.From), "vælg en anden mappe til det, der skal vises"}
	}
	if info, err := os.Stat(place); err == nil && !info.IsDir() {
		return usageError{place + " er en fil", "vælg en mappe"}
	}
	f, err := deploy.OpenFolder(to)
	if err != nil {
		return err
	}
	defer f.Close()
	var mu sync.Mutex
	o.Told = func(act deploy.Act, key string) {
		if o.Dry {
			mu.Lock()
			defer mu.Unlock()
			fmt.Fprintln(c.stderr, act.Danish(), key)
		}
	}
	began := time.Now()
	s, err := deploy.Run(ctx, o, f)
	var refused *deploy.Refusal
	switch {
	case errors.As(err, &refused):
		return hint{refused, refused.Advice}
	case errors.Is(err, os.ErrPermission):
		return hint{fmt.Errorf("der må ikke skrives i %s: %w", place, err), "ret mappens rettigheder, eller vælg en anden"}
	case err != nil:
		return err
	}
	fmt.Fprintf(c.stderr, "%s\n", seconds(time.Since(began)))
	fmt.Fprintln(c.stdout, s.Danish(place, o.Dry))
	return nil
}

// runCloud hands the work to kompas-deploy, beside this program or on PATH.
func runCloud(ctx context.Context, c *call, place, from string, now time.Time, dry, adopt, plain bool) error {
	program, err := findCloud()
	if err != nil {
		return hint{errors.New("programmet kompas-deploy er ikke her; det skal til for at lægge noget i en bucket"), "læg det ved siden af kompas, eller byg det: go -C cmd/kompas-deploy build"}
	}
	args := []string{"-from", from, "-now", now.UTC().Format(time.RFC3339)}
	for flag, on := range map[string]bool{"-dry-run": dry, "-adopt": adopt, "-plain": plain} {
		if on {
			args = append(args, flag)
		}
	}
	cmd := exec.CommandContext(ctx, program, append(args, place)...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // it writes down how far it came
	cmd.WaitDelay = time.Minute
	cmd.Stdout, cmd.Stderr = c.stdout, c.stderr
	err = cmd.Run()
	var ended *exec.ExitError
	if errors.As(err, &ended) && ended.Exited() {
		return exitCode(ended.ExitCode())
	}
	if err != nil {
		return hint{fmt.Errorf("kompas-deploy blev stoppet: %w", err), "kør den igen: den går videre, hvor den slap"}
	}
	return nil
}

func findCloud() (string, error) {
	name := "kompas-deploy"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	if self, err := os.Executable(); err == nil {
		if beside := filepath.Join(filepath.Dir(self), name); isFile(beside) {
			return beside, nil
		}
	}
	return exec.LookPath(name)
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

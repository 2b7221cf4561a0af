package main

import (
	"context"
	"fmt"

	"kompetenceudvikling.dk/kompas/internal/fault"
	"kompetenceudvikling.dk/kompas/internal/release"
)

func check(ctx context.Context, c *call) error {
	s := c.source()
	asJSON := c.flags.Bool("json", false, "skriv fejlene som JSON")
	strict := c.flags.Bool("strict", false, "regn advarsler som fejl")
	if err := c.parse(0); err != nil {
		return err
	}
	in, err := s.input()
	if err != nil {
		return err
	}
	in.Strict = *strict
	faults, err := release.Check(ctx, in)
	if err != nil {
		return err
	}
	if *asJSON {
		if faults == nil {
			faults = fault.List{}
		}
		if err := c.json(map[string]fault.List{"faults": faults}); err != nil {
			return err
		}
		if faults.Err() != nil {
			return errQuiet
		}
		return nil
	}
	if err := faults.Err(); err != nil {
		return err
	}
	for _, w := range faults {
		fmt.Fprintln(c.stderr, w)
	}
	fmt.Fprintf(c.stdout, "Ingen fejl. Advarsler: %d.\n", len(faults))
	return nil
}

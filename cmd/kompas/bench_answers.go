package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"kompetenceudvikling.dk/kompas/internal/bench"
	"kompetenceudvikling.dk/kompas/internal/syntetisk"
)

// gonePage is a page that was taken down.
const gonePage = "---\ntitle: Taget ned\ndescription: En prøve.\npublishDate: 2020-01-01\nexpiryDate: 2020-02-01\nparams:\n  slags: guide\n  ejer: fond\n---\nVæk.\n"

// answers shows what each server says to the same requests, on the same release. Where
// another says as we do, its cell is "=".
func (b *benchmark) answers(ctx context.Context) error {
	source, out := filepath.Join(b.work, "source"), filepath.Join(b.work, "build")
	if err := bench.Write(syntetisk.Site(1, b.sizes[0]), source); err != nil {
		return fmt.Errorf("write pages: %w", err)
	}
	if err := os.WriteFile(filepath.Join(source, "content", "taget-ned.md"), []byte(gonePage), 0o644); err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	if _, err := bench.Run(ctx, source, b.program, "build", "--source", source, "--out", out); err != nil {
		return err
	}
	names, servers, stop, err := b.start(ctx, out)
	if err != nil {
		return err
	}
	defer stop()
	fmt.Fprintf(b.stdout, "| spørgsmål | Accept-Encoding | %s |\n|---|---|%s\n", strings.Join(names, " | "), strings.Repeat("---|", len(names)))
	for _, q := range bench.Questions("/", "/findes-ikke/", "/taget-ned/") {
		var rows []string
		accepts := map[string][]string{} // by what was answered
		for _, accept := range bench.Accepts {
			row, err := row(ctx, names, servers, q, accept)
			if err != nil {
				return err
			}
			if accepts[row] == nil {
				rows = append(rows, row)
			}
			accepts[row] = append(accepts[row], cmp.Or(accept, "(intet)"))
		}
		for _, row := range rows {
			fmt.Fprintf(b.stdout, "| %s | `%s` |%s\n", q.Name, strings.Join(accepts[row], "` · `"), row)
		}
	}
	return nil
}

// row puts a question to each server, and gives the cells of what they said.
func row(ctx context.Context, names []string, servers map[string]*bench.Server, q bench.Question, accept string) (string, error) {
	var out strings.Builder
	var ours string
	for i, name := range names {
		a, err := bench.Ask(ctx, servers[name], q, accept)
		if err != nil {
			return "", err
		}
		said := a.String()
		if i == 0 {
			ours = said
		} else if said == ours {
			said = "="
		}
		fmt.Fprintf(&out, " %s |", said)
	}
	return out.String(), nil
}

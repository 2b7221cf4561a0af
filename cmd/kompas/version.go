package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
)

func version(_ context.Context, c *call) error {
	if err := c.parse(0); err != nil {
		return err
	}
	fmt.Fprintf(c.stdout, "kompas (%s, %s/%s)\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return nil
	}
	for _, m := range info.Deps {
		switch m.Path {
		case "github.com/gohugoio/hugo", "github.com/blevesearch/bleve/v2", "github.com/yuin/goldmark", "github.com/go-git/go-git/v5":
			fmt.Fprintf(c.stdout, "  %s %s\n", m.Path, m.Version)
		}
	}
	return nil
}

package site

import (
	"errors"
	"os"
	"strconv"
	"time"

	"github.com/gohugoio/hugo/hugolib"
)

// errGaveUp says that Hugo stopped without telling why.
var errGaveUp = errors.New("ten pages cannot be rendered")

// render loads the project and builds it whole.
func (l *Live) render(p Project, keep bool) error {
	err := l.try(p, keep)
	if !errors.Is(err, errGaveUp) {
		return err
	}
	_ = l.warnings.join(nil) // they come again
	// With a worker for each page none waits, and the pages' own errors come.
	return withWorkers(len(p.Files)+100, func() error { return l.try(p, keep) })
}

// try builds until Hugo is done. Hugo stops at the tenth page that fails, and then often
// waits for ever on workers that are gone (renderPages of v0.165): it is left to wait,
// with what it holds.
func (l *Live) try(p Project, keep bool) error {
	h, err := sites(p, l.work, l.dir, l.out, &l.warnings, keep)
	if err != nil {
		return err
	}
	built := make(chan error, 1)
	go func() { built <- h.Build(hugolib.BuildCfg{NoBuildLock: true}) }()
	select {
	case err := <-built:
		l.hugo = h
		return err
	case <-h.Done():
	}
	select {
	case err := <-built:
		l.hugo = h
		return err
	case <-time.After(time.Second):
		return errGaveUp
	}
}

// withWorkers runs f with n workers in Hugo, which reads their number in one place only.
func withWorkers(n int, f func() error) error {
	const key = "HUGO_NUMWORKERMULTIPLIER"
	was, set := os.LookupEnv(key)
	os.Setenv(key, strconv.Itoa(n))
	defer func() {
		if os.Setenv(key, was); !set {
			os.Unsetenv(key)
		}
	}()
	return f()
}

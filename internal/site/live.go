package site

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/fsnotify/fsnotify"
	"github.com/gohugoio/hugo/hugolib"
	"github.com/gohugoio/hugo/resources/page"
	"github.com/spf13/afero"
)

// A Live site is rendered and stays in memory, so that pages whose texts alone are
// others can be rendered again without the rest. It holds a folder until it is closed.
type Live struct {
	work, dir string
	hugo      *hugolib.HugoSites
	out       *output
	warnings  warnings
}

// An output is where Hugo writes: first a folder, later memory.
type output struct{ afero.Fs }

// Open writes the HTML of p below dir, as Render does, and stays.
func Open(ctx context.Context, p Project, dir string) (*Live, error) { return open(ctx, p, dir, true) }

func open(ctx context.Context, p Project, dir string, keep bool) (_ *Live, err error) {
	l := &Live{dir: dir, out: &output{afero.NewOsFs()}}
	if l.work, err = os.MkdirTemp("", "kompas-hugo-"); err != nil {
		return nil, fmt.Errorf("make project folder: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, l.Close())
		}
	}()
	if l.work, err = filepath.EvalSymlinks(l.work); err != nil {
		return nil, fmt.Errorf("find project folder: %w", err)
	}
	if err := lay(p, l.work); err != nil {
		return nil, fmt.Errorf("lay out project: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	err = l.render(p, keep)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err := l.warnings.join(err); err != nil {
		return nil, located(err, l.work)
	}
	return l, nil
}

// Edit renders again what hangs on the texts of some pages, and gives the files that
// Hugo wrote, by their name below the site's folder, which is left as it is. Files are
// those of the project, with the same heads as before. After an error the site can only
// be closed. Hugo hears of one page at a time, as when a person saves: of several at
// once it has left some as they were.
func (l *Live) Edit(files map[string][]byte) (map[string][]byte, error) {
	l.out.Fs = afero.NewMemMapFs()
	for name, src := range files {
		at := filepath.Join(l.work, filepath.FromSlash(name))
		if err := os.WriteFile(at, src, 0o644); err != nil {
			return nil, fmt.Errorf("write page: %w", err)
		}
		err := l.hugo.Build(hugolib.BuildCfg{NoBuildLock: true}, fsnotify.Event{Name: at, Op: fsnotify.Write})
		if err := l.warnings.join(err); err != nil {
			return nil, located(err, l.work)
		}
	}
	return l.written()
}

// written gives the files in memory.
func (l *Live) written() (map[string][]byte, error) {
	files := map[string][]byte{}
	err := afero.Walk(l.out, l.dir, func(name string, info fs.FileInfo, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || info.IsDir() {
			return err
		}
		rel, err := filepath.Rel(l.dir, name)
		if err == nil {
			files[filepath.ToSlash(rel)], err = afero.ReadFile(l.out, name)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read what was rendered: %w", err)
	}
	return files, nil
}

// Close frees the site's memory and its folder; what it wrote stays. Hugo's sites are
// let go of by hand: Hugo keeps the logger it was given, which lies in l, and lists of
// pages for all its sites together.
func (l *Live) Close() error {
	var err error
	if l.hugo != nil {
		err = errors.Join(l.hugo.Close(), page.Clear())
		l.hugo = nil
	}
	return errors.Join(err, os.RemoveAll(l.work))
}

// Package site turns a finished Hugo project into HTML. In go files by name, the look
// (layouts, assets, config.toml) and a base address; out come pages in a folder. It
// is the only importer of Hugo, decides nothing about what is published, and works
// in a temporary folder that it removes: Hugo's bundler reads real files only.
package site

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/bep/logg"
	"github.com/gohugoio/hugo/common/herrors"
	"github.com/gohugoio/hugo/common/hmaps"
	"github.com/gohugoio/hugo/common/loggers"
	"github.com/gohugoio/hugo/config"
	"github.com/gohugoio/hugo/config/allconfig"
	"github.com/gohugoio/hugo/deps"
	"github.com/gohugoio/hugo/hugofs"
	"github.com/gohugoio/hugo/hugolib"
	"github.com/gohugoio/hugo/parser/metadecoders"
	"github.com/spf13/afero"
)

// A Project is what Hugo is given. Look holds layouts/, assets/ and config.toml;
// Files are laid beside them by name ("content/fonden/_index.md", "data/x.json").
type Project struct {
	Look    fs.FS
	Files   map[string][]byte
	BaseURL string // "" keeps config.toml's
	Cache   string // folder that outlives the run
}

// An Error is Hugo's own complaint, with the file of the project where it has one.
type Error struct {
	File string // "" when unknown
	Line int
	Err  error
}

func (e *Error) Error() string { return fmt.Sprintf("render site: %v", e.Err) }
func (e *Error) Unwrap() error { return e.Err }

// Settings gives the name and the address of the site by config.toml.
func Settings(look fs.FS) (title, baseURL string, err error) {
	src, err := fs.ReadFile(look, "config.toml")
	if err != nil {
		return "", "", fmt.Errorf("read config.toml: %w", err)
	}
	settings, err := metadecoders.Default.UnmarshalToMap(src, metadecoders.TOML)
	if err != nil {
		return "", "", fmt.Errorf("read config.toml: %w", err)
	}
	title, _ = settings["title"].(string)
	baseURL, _ = settings["baseURL"].(string)
	return title, baseURL, nil
}

// Render writes the HTML of p below dir. Warnings of Hugo come back as errors too:
// a site that Hugo has doubts about is not published.
func Render(ctx context.Context, p Project, dir string) error {
	l, err := open(ctx, p, dir, false)
	if err != nil {
		return err
	}
	return l.Close()
}

// lay writes the project into a folder.
func lay(p Project, work string) error {
	if err := os.CopyFS(work, p.Look); err != nil {
		return err
	}
	for name, src := range p.Files {
		at := filepath.Join(work, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(at, src, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// unused names the languages that config.toml knows and the content has no page in:
// Hugo would write an empty front page for them.
func (p Project) unused() []string {
	known, err := fs.ReadFile(p.Look, "config.toml")
	if err != nil || !bytes.Contains(known, []byte("[languages.en]")) {
		return nil
	}
	for name := range p.Files {
		if strings.HasPrefix(name, "content/en/") {
			return nil
		}
	}
	return []string{"en"}
}

// sites loads the project below work, to be rendered into out at dir. Sites that are
// kept hold what it takes to be built again.
func sites(p Project, work, dir string, out afero.Fs, w *warnings, keep bool) (*hugolib.HugoSites, error) {
	flags := config.New()
	for key, value := range map[string]any{
		"workingDir": work, "publishDir": dir, "cacheDir": p.Cache, "noBuildLock": true,
		// What is published is settled before Hugo sees it.
		"buildDrafts": true, "buildFuture": true, "buildExpired": true,
		"internal": hmaps.Params{"running": false, "watch": keep},
	} {
		flags.Set(key, value)
	}
	if p.BaseURL != "" {
		flags.Set("baseURL", p.BaseURL)
	}
	if unused := p.unused(); unused != nil {
		flags.Set("disableLanguages", unused)
	}
	logger := loggers.New(loggers.Options{
		StdOut: io.Discard, StdErr: io.Discard, Level: logg.LevelWarn, DistinctLevel: logg.LevelWarn,
		HandlerPost: w.handle,
	})
	disk := afero.NewOsFs()
	configs, err := allconfig.LoadConfig(allconfig.ConfigSourceDescriptor{
		Flags: flags, Fs: disk, Logger: logger, Filename: filepath.Join(work, "config.toml"), Environment: "production",
	})
	if err != nil {
		return nil, err
	}
	base := config.New()
	base.Set("workingDir", configs.LoadingInfo.BaseConfig.WorkingDir)
	base.Set("publishDir", configs.LoadingInfo.BaseConfig.PublishDir)
	return hugolib.NewHugoSites(deps.DepsCfg{
		Configs: configs, Fs: hugofs.NewFromSourceAndDestination(disk, out, base),
		// The only place a logger can be given: Hugo has no other.
		TestLogger: logger, LogLevel: logg.LevelWarn, StdOut: io.Discard, StdErr: io.Discard,
	})
}

// warnings gathers what Hugo logs; it logs from several goroutines.
type warnings struct {
	mu   sync.Mutex
	list []string
}

// join adds what was logged since the last time to the error of a build: Hugo's own may
// only count it. A warning alone is an error too.
func (w *warnings) join(err error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	said := strings.Join(w.list, "; ")
	w.list = nil
	switch {
	case said == "":
		return err
	case err == nil:
		return errors.New(said)
	}
	return fmt.Errorf("%w: %s", err, said)
}

func (w *warnings) handle(e *logg.Entry) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.list = append(w.list, e.Message)
	return nil
}

// located finds the project file that Hugo blames.
func located(err error, work string) error {
	for _, fe := range herrors.UnwrapFileErrors(err) {
		pos := fe.Position()
		if name, ok := strings.CutPrefix(pos.Filename, work+string(filepath.Separator)); ok {
			return &Error{File: filepath.ToSlash(name), Line: pos.LineNumber, Err: err}
		}
	}
	return &Error{Err: err}
}

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"kompetenceudvikling.dk/kompas"
	"kompetenceudvikling.dk/kompas/internal/client"
	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/internal/publish"
	"kompetenceudvikling.dk/kompas/internal/release"
	"kompetenceudvikling.dk/kompas/internal/repo"
)

// A source is the folder a command reads, with the flags that say how.
type source struct {
	dir, date, baseURL string
	program            string   // its hash, once it is known
	past               *history // of the working folder's repository, once it is read
}

func (c *call) source() *source {
	s := &source{}
	c.flags.StringVar(&s.dir, "source", ".", "mappen med content/")
	c.flags.StringVar(&s.date, "date", "", "byg, som webstedet ser ud på en dag: 2026-01-31 (ellers nu)")
	return s
}

func (c *call) baseURL(s *source) {
	c.flags.StringVar(&s.baseURL, "base-url", "", "webstedets adresse: https://...")
}

// input gives what a release of the working folder is made from. In such a folder its
// own layouts/, assets/ and config.toml win over those in the program.
func (s *source) input() (release.Input, error) {
	var in release.Input
	err := s.exists()
	if err != nil {
		return in, err
	}
	if in.Now, err = s.now(); err != nil {
		return in, err
	}
	if in.BaseURL, err = s.base(); err != nil {
		return in, err
	}
	if s.program == "" {
		if s.program, err = programHash(); err != nil {
			return in, err
		}
	}
	in.Program = s.program
	if err := s.history(&in); err != nil {
		return in, err
	}
	in.Source, in.Look, in.Cache = os.DirFS(s.dir), lookOf(s.dir), cacheDir()
	return in, nil
}

func (s *source) exists() error {
	info, err := os.Stat(s.dir)
	if err == nil && !info.IsDir() {
		return usageError{fmt.Sprintf("mappen %s findes ikke: det er en fil", s.dir), "vis vej med --source MAPPE til den mappe, der har content/ i sig"}
	}
	if err != nil {
		return usageError{fmt.Sprintf("mappen %s findes ikke", s.dir), "vis vej med --source MAPPE til den mappe, der har content/ i sig"}
	}
	return nil
}

func (s *source) now() (time.Time, error) {
	if s.date == "" {
		return time.Now(), nil
	}
	t, err := content.ParseTime(s.date)
	if err != nil {
		return t, usageError{fmt.Sprintf("%q er ikke en dag", s.date), "skriv år-måned-dag, fx --date 2026-01-31"}
	}
	return t, nil
}

func (s *source) base() (string, error) {
	if s.baseURL == "" {
		return "", nil
	}
	u, err := url.Parse(s.baseURL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return "", usageError{fmt.Sprintf("%q er ikke en adresse på et websted", s.baseURL), "skriv fx --base-url https://kompetenceudvikling.dk/"}
	}
	return strings.TrimSuffix(s.baseURL, "/") + "/", nil
}

// A look reads each of layouts/, assets/ and config.toml from disk if it is there, else
// from the program.
type look struct {
	disk   fs.FS
	onDisk map[string]bool
}

func newLook(dir string) look {
	l := look{os.DirFS(dir), map[string]bool{}}
	for _, name := range []string{"layouts", "assets", "config.toml"} {
		_, err := fs.Stat(l.disk, name)
		l.onDisk[name] = err == nil
	}
	return l
}

// lookOf gives the look of the site in a folder. In one that kompas hent made it is the
// program's, as on the server: an editor changes content alone, and the layouts that
// were fetched need not be of the program's age.
func lookOf(dir string) fs.FS {
	if client.Fetched(dir) {
		return kompas.Look
	}
	return newLook(dir)
}

// Open opens a file of the look.
func (l look) Open(name string) (fs.File, error) {
	top, _, _ := strings.Cut(name, "/")
	if l.onDisk[top] {
		return l.disk.Open(name)
	}
	return kompas.Look.Open(name)
}

// A history is what git tells of a working folder.
type history struct {
	head   string
	past   publish.Past
	before map[string]string
}

// history reads from git when each content file was last changed, which addresses the
// last commit answers, and the self-checks before their last change. Outside git there
// is none of it. What was read is kept until the last commit is another.
func (s *source) history(in *release.Input) error {
	r, err := repo.Open(s.dir)
	if errors.Is(err, repo.ErrNoRepo) || err == nil && r.Top() == "" {
		return nil
	}
	if err != nil {
		return err
	}
	defer r.Close()
	head, err := r.Resolve("HEAD")
	if err != nil {
		return nil // no commit yet
	}
	if s.past == nil || s.past.head != head {
		if s.past, err = s.readHistory(r, head, in.Now); err != nil {
			return err
		}
	}
	in.Edits, in.Before, in.Earlier = s.past.past.Edits, s.past.before, s.past.past.Earlier
	return nil
}

func (s *source) readHistory(r *repo.Repo, head string, now time.Time) (*history, error) {
	prefix, err := within(r.Top(), s.dir)
	if err != nil {
		return nil, err
	}
	commit, err := publish.Below(r, head, prefix)
	if err != nil {
		return nil, err
	}
	h := &history{head: head}
	if _, err := fs.Stat(commit, "content"); err != nil {
		return h, nil // the last commit has no content
	}
	if h.before, err = content.Addresses(commit, now); err != nil {
		return nil, err
	}
	kept := filepath.Join(cacheDir(), "historik", filepath.Base(r.Top())+".json")
	h.past, err = publish.ReadPast(r, head, prefix, kept, now)
	return h, err
}

// within gives the path from the top of a work tree to dir, "" or with a last slash.
func within(top, dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err == nil {
		abs, err = filepath.EvalSymlinks(abs)
	}
	if err == nil {
		top, err = filepath.EvalSymlinks(top)
	}
	if err != nil {
		return "", fmt.Errorf("find %s in its repository: %w", dir, err)
	}
	rel, err := filepath.Rel(top, abs)
	if err != nil || rel == "." {
		return "", err
	}
	return filepath.ToSlash(rel) + "/", nil
}

// cacheDir is where Hugo keeps what it may use again; it may be emptied at any time.
func cacheDir() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	return filepath.Join(dir, "kompas")
}

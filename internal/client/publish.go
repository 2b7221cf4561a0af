package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"kompetenceudvikling.dk/kompas/internal/repo"
)

// A Request is what to do with the editor's changes.
type Request struct {
	Message string
	Draft   string   // shown as this draft, and not published; "" for main
	Options []string // to the server
}

// A Result is how it went.
type Result struct {
	Commit    string     // what the server took; "" when there was nothing to send
	On        string     // the commit of the server's main that the folder rests on then
	Updated   []string   // files that others had changed, now in the folder
	Conflicts []Conflict // when there are any, nothing was sent
}

// turns is how often the server's main may move while we send.
const turns = 8

// Publish fetches what others have published, lays the editor's changes on top, and
// sends them. When the server refuses, the error is repo.ErrRefused and the server has
// said why.
func (f *Folder) Publish(ctx context.Context, login repo.Login, r Request) (Result, error) {
	var out Result
	for range turns {
		server, err := f.repo.Fetch(ctx, login)
		if err != nil {
			return out, err
		}
		written, conflicts, err := f.bring(server)
		out.Updated, out.Conflicts = append(out.Updated, written...), conflicts
		if err != nil || len(conflicts) > 0 {
			return out, err
		}
		commit, err := f.commit(server, login.Name, r.Message)
		if out.On = server; err != nil || commit == "" {
			return out, err
		}
		err = f.send(ctx, login, commit, r)
		if err == nil {
			out.Commit = commit
			if r.Draft != "" {
				return out, nil
			}
			return out, f.repo.Settle(commit)
		}
		if !errors.Is(err, repo.ErrRefused) || r.Draft != "" {
			return out, err
		}
		if now, also := f.repo.Fetch(ctx, login); also != nil || now == server {
			return out, errors.Join(err, also)
		}
	}
	return out, ErrBusy
}

// commit makes the editor's changes a commit on top of the server's, "" for none.
func (f *Folder) commit(parent, who, message string) (string, error) {
	changes, err := f.Changes()
	if err != nil || len(changes) == 0 {
		return "", err
	}
	files := map[string][]byte{}
	for _, c := range changes {
		files[c.File] = c.Src
	}
	if message == "" {
		message = Summary(changes)
	}
	return f.repo.Make(repo.Edit{Parent: parent, Files: files, Who: who, Message: message + "\n", At: f.Now()})
}

// Summary names changes in a line.
func Summary(changes []Change) string {
	text := changes[0].What + ": " + strings.TrimPrefix(changes[0].File, top)
	if more := len(changes) - 1; more > 0 {
		text += fmt.Sprintf(" og %d til", more)
	}
	return text
}

func (f *Folder) send(ctx context.Context, login repo.Login, commit string, r Request) error {
	s := repo.Send{Commit: commit, Branch: "main", Options: r.Options, Progress: f.Server}
	if r.Draft != "" {
		s.Branch, s.Force = drafts+r.Draft, true
	}
	return f.repo.Push(ctx, login, s)
}

const drafts = "kladde/" // the branches that are shown as drafts

// TakeDown takes a draft down, whoever made it. The folder stays as it is.
func (f *Folder) TakeDown(ctx context.Context, login repo.Login, name string) error {
	err := f.repo.Push(ctx, login, repo.Send{Branch: drafts + name, Progress: f.Server})
	if errors.Is(err, repo.ErrNoBranch) {
		return ErrNoDraft
	}
	return err
}

const liveLook = 200 * time.Millisecond

// Live waits for a while until the server says that it shows a commit. When it shows
// another, or one cannot ask (behind a proxy), told tells which.
func (f *Folder) Live(ctx context.Context, commit string, wait time.Duration) (shows, told bool) {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	for {
		id, ok := f.release(ctx)
		told = told || ok
		if ok && strings.Contains(id, "-"+commit[:12]+"-") {
			return true, true
		}
		select {
		case <-time.After(liveLook):
		case <-ctx.Done():
			return false, told
		}
		if !told {
			return false, false
		}
	}
}

// release asks the server which release it shows.
func (f *Folder) release(ctx context.Context) (id string, told bool) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, f.Site+"readyz", nil)
	if err != nil {
		return "", false
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", false
	}
	defer res.Body.Close()
	var ready struct {
		Release string `json:"udgivelse"`
	}
	if json.NewDecoder(http.MaxBytesReader(nil, res.Body, 1<<20)).Decode(&ready) != nil {
		return "", false
	}
	return ready.Release, ready.Release != ""
}

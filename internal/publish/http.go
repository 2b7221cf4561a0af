package publish

import (
	"io"
	"log"
	"net/http"
	"net/http/cgi"
	"os/exec"
	"strings"
	"time"
)

// GitPath is where the repository answers on the site's server.
const GitPath = "/kompas.git/"

// A GitServer lets git clients fetch and push over HTTP, behind a login. git's own
// http-backend does the work.
type GitServer struct {
	Repo  string
	Users *Users
	After func() // called when a push has ended, before its answer does
}

const transferTime = time.Hour // for a large push on a slow line

// ServeHTTP answers the three requests of git's smart protocol.
func (g *GitServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	at := strings.TrimPrefix(r.URL.Path, strings.TrimSuffix(GitPath, "/"))
	switch service := r.URL.Query().Get("service"); {
	case at == "/info/refs" && r.Method == http.MethodGet && (service == "git-upload-pack" || service == "git-receive-pack"):
	case (at == "/git-upload-pack" || at == "/git-receive-pack") && r.Method == http.MethodPost:
	default:
		http.Error(w, "Her svarer kun git og kompas. Webstedet er på forsiden.", http.StatusNotFound)
		return
	}
	name, password, _ := r.BasicAuth()
	user, ok := g.Users.Check(r.Context(), name, password)
	if !ok {
		h.Set("WWW-Authenticate", `Basic realm="Kompas", charset="UTF-8"`)
		http.Error(w, "Navn eller kodeord er forkert.", http.StatusUnauthorized)
		return
	}
	backend, err := exec.LookPath("git")
	if err != nil {
		http.Error(w, "Serveren mangler git. Sig det til den, der passer den.", http.StatusInternalServerError)
		return
	}
	out := http.NewResponseController(w)
	end := time.Now().Add(transferTime)
	_ = out.SetReadDeadline(end)
	_ = out.SetWriteDeadline(end)
	_ = out.EnableFullDuplex()
	if at == "/git-receive-pack" {
		w = &prompt{w, out}
	}
	r.TransferEncoding = nil // git sends more than 1 MiB in chunks: package cgi refuses them, git reads them to the end
	(&cgi.Handler{
		Path: backend, Args: []string{"http-backend"}, Root: strings.TrimSuffix(GitPath, "/"), Dir: g.Repo,
		Env: []string{
			"GIT_PROJECT_ROOT=" + g.Repo, "GIT_HTTP_EXPORT_ALL=1", "REMOTE_USER=" + user.Name,
			UserEnv + "=" + user.Name, RoleEnv + "=" + user.Role,
		},
		InheritEnv: []string{"PATH", "HOME", "TMPDIR", "XDG_CACHE_HOME"},
		Logger:     log.New(io.Discard, "", 0), Stderr: io.Discard,
	}).ServeHTTP(w, r)
	if at == "/git-receive-pack" && g.After != nil {
		g.After()
	}
}

// A prompt answer sends on at once what git says: package cgi never flushes, and the one
// who pushes is to read what the hooks say while they work. When they have gone, git goes
// on: what was received is whole.
type prompt struct {
	http.ResponseWriter
	out *http.ResponseController
}

func (p *prompt) Write(b []byte) (int, error) {
	_, _ = p.ResponseWriter.Write(b)
	_ = p.out.Flush()
	return len(b), nil
}

// What the hooks are told of who pushes.
const (
	UserEnv = "KOMPAS_BRUGER"
	RoleEnv = "KOMPAS_ROLLE"
)

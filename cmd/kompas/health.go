package main

import (
	"encoding/json"
	"net/http"
	"time"

	"kompetenceudvikling.dk/kompas/internal/publish"
	"kompetenceudvikling.dk/kompas/internal/web"
)

// health answers those who watch the server. /healthz says that it runs. /readyz says
// that it has a site to show; a release that could not be made is named there, and does
// not take the site down: the last good one is shown meanwhile.
func health(mux *http.ServeMux, site *web.Server, p *publish.Publisher) {
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusOK, map[string]any{"ok": true})
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		status, out := http.StatusServiceUnavailable, map[string]any{"klar": false, "fejl": "der er intet udgivet endnu"}
		if m := site.Manifest(); m != nil {
			status, out = http.StatusOK, map[string]any{"klar": true, "udgivelse": m.ID}
		}
		if problem, err := p.Store.Problem(); err != nil {
			out["fejl"] = "problem.json kan ikke læses"
		} else if problem != nil {
			out["fejl"], out["siden"] = problem.Text, problem.At.Format(time.RFC3339)
		}
		reply(w, status, out)
	})
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

package deploy

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html/template"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kompetenceudvikling.dk/kompas/internal/store"
)

// standIns are pages at the addresses that our own server answers with a status alone:
// a place of files can send nobody on, and cannot say that a page was taken down. An
// address that is in the site for its own is not among them.
func standIns(m *store.Manifest, from string) ([]*object, error) {
	base, err := url.Parse(m.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("read base address %q: %w", m.BaseURL, err)
	}
	below := strings.TrimSuffix(base.Path, "/")
	var out []*object
	taken := map[string]bool{}
	for name := range m.Files {
		taken[strings.ToLower(strings.TrimPrefix(name, "site/"))] = true
	}
	add := func(at string, page *template.Template, data any) error {
		var src bytes.Buffer
		if err := page.Execute(&src, data); err != nil {
			return fmt.Errorf("make page for %s: %w", at, err)
		}
		key := strings.Trim(at, "/") + "/index.html"
		if lower := strings.ToLower(key); !taken[lower] { // a folder may not tell cases apart
			taken[lower] = true
			sum := sha256.Sum256(src.Bytes())
			out = append(out, &object{key: key, made: src.Bytes(), size: int64(src.Len()), want: hex.EncodeToString(sum[:]), turn: pages,
				Headers: Headers{Type: store.MediaType(key), Cache: store.CacheControl("site/" + key)}})
		}
		return nil
	}
	for _, at := range slices.Sorted(maps.Keys(m.Redirects)) {
		to := m.Redirects[at]
		data := map[string]any{"To": below + to, "Whole": base.JoinPath(to).String(), "English": strings.HasPrefix(to, "/en/")}
		if err := add(at, moved, data); err != nil {
			return nil, err
		}
	}
	if len(m.Gone) == 0 {
		return out, nil
	}
	src, err := os.ReadFile(filepath.Join(from, "pages", "410.html"))
	if err != nil {
		return nil, fmt.Errorf("read page: %w", err)
	}
	gone, err := template.New("410").Delims("[[", "]]").Parse(string(src))
	if err != nil {
		return nil, fmt.Errorf("read page 410: %w", err)
	}
	for _, at := range slices.Sorted(maps.Keys(m.Gone)) {
		successor := m.Gone[at]
		if successor != "" {
			successor = below + successor
		}
		if err := add(at, gone, map[string]any{"Successor": successor}); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// moved sends on without a script.
var moved = template.Must(template.New("moved").Parse(`<!doctype html>
<html lang="{{if .English}}en{{else}}da{{end}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta http-equiv="refresh" content="0; url={{.To}}">
<link rel="canonical" href="{{.Whole}}">
<title>{{if .English}}The page has moved{{else}}Siden er flyttet{{end}}</title>
</head>
<body><main><h1>{{if .English}}The page has moved{{else}}Siden er flyttet{{end}}</h1>
<p><a href="{{.To}}">{{if .English}}Go to the page{{else}}Gå til siden{{end}}</a></p></main></body>
</html>
`))

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

// standIns are pages at addresses that our own server answers with a status alone, and
// that have no page in the site: a place of files cannot answer 301 or 410.
func standIns(m *store.Manifest, from string) ([]*object, error) {
	base, err := url.Parse(m.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("read base address %q: %w", m.BaseURL, err)
	}
	below := strings.TrimSuffix(base.Path, "/")
	var out []*object
	add := func(at string, page *template.Template, to string) error {
		key := strings.Trim(at, "/") + "/index.html"
		if _, taken := m.Files["site/"+key]; taken {
			return nil
		}
		if to != "" {
			to = below + to
		}
		var made bytes.Buffer
		if err := page.Execute(&made, map[string]any{"Successor": to}); err != nil {
			return fmt.Errorf("make page for %s: %w", at, err)
		}
		sum := sha256.Sum256(made.Bytes())
		out = append(out, &object{key: key, made: made.Bytes(), size: int64(made.Len()), want: hex.EncodeToString(sum[:]), turn: pages,
			Headers: Headers{Type: store.MediaType(key), Cache: store.CacheControl("site/" + key)}})
		return nil
	}
	for _, at := range slices.Sorted(maps.Keys(m.Redirects)) {
		if err := add(at, moved, m.Redirects[at]); err != nil {
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
		if err := add(at, gone, m.Gone[at]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// moved sends on without a script, in the language of both sides of the site.
var moved = template.Must(template.New("moved").Parse(`<!doctype html>
<html lang="da">
<head>
<meta charset="utf-8">
<title>Siden er flyttet</title>
<meta name="robots" content="noindex">
<meta http-equiv="refresh" content="0; url={{.Successor}}">
</head>
<body><main><p>Siden er flyttet. <span lang="en">The page has moved.</span> <a href="{{.Successor}}">{{.Successor}}</a></p></main></body>
</html>
`))

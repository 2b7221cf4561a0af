package store

import (
	"path"
	"strings"
)

// mediaTypes is a closed list: what a file is sent as must not hang on the tables of
// the machine it is sent from. The second word says whether it is worth compressing.
var mediaTypes = map[string]struct {
	name string
	text bool
}{
	".html":        {"text/html; charset=utf-8", true},
	".css":         {"text/css; charset=utf-8", true},
	".js":          {"text/javascript; charset=utf-8", true},
	".json":        {"application/json", true},
	".csv":         {"text/csv; charset=utf-8", true},
	".txt":         {"text/plain; charset=utf-8", true},
	".yaml":        {"application/yaml", true},
	".svg":         {"image/svg+xml", true},
	".xml":         {"application/xml", true},
	".atom":        {"application/atom+xml", true},
	".rss":         {"application/rss+xml", true},
	".ics":         {"text/calendar; charset=utf-8", true},
	".webmanifest": {"application/manifest+json", true},
	".png":         {"image/png", false},
	".jpg":         {"image/jpeg", false},
	".webp":        {"image/webp", false},
	".avif":        {"image/avif", false},
	".ico":         {"image/x-icon", false},
	".woff2":       {"font/woff2", false},
	".pdf":         {"application/pdf", false},
	".docx":        {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", false},
	".xlsx":        {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", false},
	".zip":         {"application/zip", false},
}

// MediaType gives the Content-Type of a file of the site by its name;
// application/octet-stream for one that is not known.
func MediaType(name string) string {
	if t, ok := mediaTypes[path.Ext(name)]; ok {
		return t.name
	}
	return "application/octet-stream"
}

// Compressible tells whether a file of the site is text, and so has encoded versions
// beside it when they are smaller.
func Compressible(name string) bool { return mediaTypes[path.Ext(name)].text }

// An Encoding is a form that files are kept in beside themselves.
type Encoding struct {
	Name   string // as in Content-Encoding
	Suffix string // after the file's own name
}

// Encodings are those that a release has, the smallest first.
var Encodings = []Encoding{{"br", ".br"}, {"gzip", ".gz"}}

// Encoded gives the name of the file that name is an encoded version of, or false.
func Encoded(name string) (of string, is bool) {
	for _, e := range Encodings {
		if of, is := strings.CutSuffix(name, e.Suffix); is && Compressible(of) {
			return of, true
		}
	}
	return "", false
}

// CacheControl gives the Cache-Control of a file of the site: those that carry their
// own hash never change, all others are asked for again each time.
func CacheControl(name string) string {
	if Immutable(name) {
		return "public, max-age=31536000, immutable"
	}
	return "no-cache"
}

// SearchFiles holds the static search: meta.json names the others by hash.
const SearchFiles = "site/soeg/indeks/"

// Immutable tells files of the site that never change, since their name carries their own
// hash: site.<64 hex digits>.css.
func Immutable(name string) bool {
	if rest, in := strings.CutPrefix(name, SearchFiles); in {
		return rest != "meta.json"
	}
	parts := strings.Split(path.Base(name), ".")
	return len(parts) >= 3 && len(parts[len(parts)-2]) == 64
}

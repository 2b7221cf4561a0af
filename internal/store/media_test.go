package store

import (
	"strings"
	"testing"
)

func TestMedia(t *testing.T) {
	hash := strings.Repeat("0a", 32)
	for _, c := range []struct {
		name, media   string
		text, forever bool
	}{
		{"site/fonden/index.html", "text/html; charset=utf-8", true, false},
		{"site/css/site." + hash + ".css", "text/css; charset=utf-8", true, true},
		{"site/css/site.css", "text/css; charset=utf-8", true, false},
		{"site/soeg/indeks/meta.json", "application/json", true, false},
		{"site/soeg/indeks/k-1f2e.json", "application/json", true, true},
		{"site/filer/skema.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", false, false},
		{"site/ukendt", "application/octet-stream", false, false},
	} {
		if MediaType(c.name) != c.media || Compressible(c.name) != c.text || strings.Contains(CacheControl(c.name), "immutable") != c.forever {
			t.Errorf("%s: %s, text %v, %s", c.name, MediaType(c.name), Compressible(c.name), CacheControl(c.name))
		}
	}
	if of, is := Encoded("site/index.html.br"); !is || of != "site/index.html" {
		t.Errorf("site/index.html.br is of %q, %v", of, is)
	}
	if _, is := Encoded("site/filer/arkiv.gz"); is {
		t.Error("a file of its own is taken for an encoded one")
	}
}

package release

import (
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"kompetenceudvikling.dk/kompas/internal/card"
	"kompetenceudvikling.dk/kompas/internal/content"
	"kompetenceudvikling.dk/kompas/internal/syntetisk"
)

// Each page says what is shown where it is shared: its title and whole address, and the
// picture of its section with a text in its place. The picture is there, of the size that
// is promised, and small.
func TestEveryPageHasACard(t *testing.T) {
	const base = "https://eksempel.dk/x/"
	in := real("2026-11-22")
	in.BaseURL, in.Plain = base, true
	dir := mustMake(t, in)
	if strings.Contains(read(t, dir, "pages/410.html"), "og:") {
		t.Error("a page that was taken down has a card")
	}
	dir = filepath.Join(dir, "site")
	pictures := map[string]string{} // section -> address of its picture
	for at, m := range metas(t, dir) {
		if at == "/404.html" {
			if len(m) > 0 {
				t.Errorf("%s has a card: %v", at, m)
			}
			continue
		}
		for _, key := range []string{"og:title", "og:type", "og:site_name", "og:locale", "og:image:alt"} {
			if m[key] == "" {
				t.Errorf("%s lacks %s", at, key)
			}
		}
		if want := base + strings.TrimPrefix(at, "/"); m["og:url"] != want {
			t.Errorf("%s: og:url is %q, want %s", at, m["og:url"], want)
		}
		if m["twitter:card"] != "summary_large_image" || m["og:image:width"] != "1200" || m["og:image:height"] != "630" {
			t.Errorf("%s: %v", at, m)
		}
		file, ok := strings.CutPrefix(m["og:image"], base)
		if !ok {
			t.Errorf("%s: the picture %q has no whole address", at, m["og:image"])
			continue
		}
		section, _, _ := strings.Cut(strings.Trim(at, "/"), "/")
		if _, err := os.Stat(filepath.Join("../../content", section, "_index.md")); err != nil {
			section = "" // a page of the site itself
		}
		if known := pictures[section]; known != "" && known != file {
			t.Errorf("%s has the picture %s, and others of /%s/ have %s", at, file, section, known)
		}
		pictures[section] = file
	}
	seen := map[string]string{}
	for section, file := range pictures {
		if other, is := seen[file]; is {
			t.Errorf("/%s/ and /%s/ have the same picture", section, other)
		}
		seen[file] = section
		checkPicture(t, filepath.Join(dir, filepath.FromSlash(file)))
	}
	if len(pictures) < 17 {
		t.Errorf("%d pictures", len(pictures))
	}
}

func checkPicture(t *testing.T, name string) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Error(err)
		return
	}
	defer f.Close()
	c, err := png.DecodeConfig(f)
	if err != nil || c.Width != card.Width || c.Height != card.Height {
		t.Errorf("%s: %d x %d, %v", name, c.Width, c.Height, err)
	}
	if info, err := f.Stat(); err != nil || info.Size() > 40_000 {
		t.Errorf("%s: %d bytes, %v", name, info.Size(), err)
	}
}

// A site that knows no whole address of its own promises no picture: who shares it
// could not fetch it.
func TestNoWholeAddressNoPicture(t *testing.T) {
	in := input(syntetisk.Site(1, 3), "2026-01-01")
	in.BaseURL, in.Plain = "/", true
	for at, m := range metas(t, filepath.Join(mustMake(t, in), "site")) {
		if at != "/404.html" && (m["og:title"] == "" || m["og:image"] != "" || m["og:url"] != "") {
			t.Errorf("%s: %v", at, m)
		}
	}
}

// metas gives what each page that is no alias says of itself to those who share it.
func metas(t *testing.T, dir string) map[string]map[string]string {
	t.Helper()
	out := map[string]map[string]string{}
	docs, err := readSite(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range docs {
		if d.alias {
			continue
		}
		name := d.path
		if strings.HasSuffix(name, "/") {
			name += "index.html"
		}
		root, err := html.Parse(strings.NewReader(read(t, dir, filepath.FromSlash(name))))
		if err != nil {
			t.Fatal(err)
		}
		m := map[string]string{}
		for n := range root.Descendants() {
			key := attr(n, "property") + attr(n, "name")
			if n.Data == "meta" && (strings.HasPrefix(key, "og:") || strings.HasPrefix(key, "twitter:")) {
				if m[key] != "" {
					t.Errorf("%s says %s twice", d.path, key)
				}
				m[key] = attr(n, "content")
			}
		}
		out[d.path] = m
	}
	return out
}

// What is kept from one release to the next is used only where it is the same.
func TestCardsFollowWordsAndAddress(t *testing.T) {
	draw := func(title, base string) string {
		in := real("2026-11-22")
		in.BaseURL = base
		files := map[string][]byte{}
		tree := &content.Tree{Pages: []*content.Page{{Path: "/", File: "content/_index.md", FrontMatter: content.FrontMatter{Title: title}}}}
		if err := addCards(files, tree, in); err != nil {
			t.Fatal(err)
		}
		return string(files["assets/kort.png"])
	}
	const here, there = "https://eksempel.dk/", "https://eksempel.nu/"
	first := draw("Et", here)
	if draw("Et", here) != first || draw("To", here) == first || draw("Et", there) == first || draw("Et", here) != first {
		t.Error("a card is not that of its words and address")
	}
}

package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"kompetenceudvikling.dk/kompas/internal/store"
)

// cacheControls are those that objects were sent with: gofakes3 does not keep them.
type cacheControls struct{ sync.Map }

// startS3 gives the words for a bucket on this machine, and the address to read it at.
func startS3(t *testing.T) (place, address string, sent *cacheControls) {
	t.Helper()
	sent = &cacheControls{}
	s3 := gofakes3.New(s3mem.New()).Server()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut {
			sent.Store(r.URL.Path, r.Header.Get("Cache-Control"))
		}
		s3.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	for name, value := range map[string]string{"AWS_ACCESS_KEY_ID": "noegle", "AWS_SECRET_ACCESS_KEY": "hemmelig", "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null"} {
		t.Setenv(name, value)
	}
	r, err := http.NewRequest(http.MethodPut, server.URL+"/spand", nil)
	if err != nil {
		t.Fatal(err)
	}
	if res, err := http.DefaultClient.Do(r); err != nil || res.StatusCode != 200 {
		t.Fatalf("make bucket: %v, %v", res, err)
	}
	return "s3://spand?region=eu-north-1&use_path_style=true&prefix=web/&endpoint=" + server.URL, server.URL + "/spand/web/", sent
}

// release writes a small release.
func release(t *testing.T, front string) string {
	t.Helper()
	dir := t.TempDir()
	m := &store.Manifest{Format: store.Format, ID: "et", BaseURL: "https://eksempel.dk/", Files: map[string]string{}}
	for name, text := range map[string]string{"index.html": front, "index.html.gz": front + " gz", "fonden/index.html": "fonden", "sitemap.xml": "kort", "filer/å b.docx": "word"} {
		at := filepath.Join(dir, "site", name)
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256([]byte(text))
		m.Files["site/"+name] = hex.EncodeToString(sum[:])
	}
	if err := store.WriteManifest(dir, m); err != nil {
		t.Fatal(err)
	}
	return dir
}

func deployTo(t *testing.T, args ...string) (code int, out, told string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(context.Background(), args, &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

func TestS3(t *testing.T) {
	place, address, sent := startS3(t)
	dir := release(t, "forside")
	if code, out, told := deployTo(t, "-from", dir, "-dry-run", place); code != 0 || !strings.Contains(out, "s3://spand: 4 filer ville blive lagt op") || !strings.Contains(told, "læg op: sitemap.xml") {
		t.Fatalf("%d %q %q", code, out, told)
	}
	if code, out, told := deployTo(t, "-from", dir, place); code != 0 || !strings.Contains(out, "4 filer lagt op") {
		t.Fatalf("%d %q %q", code, out, told)
	}
	plain := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	for key, want := range map[string]string{
		"index.html":            "forside gz|gzip|text/html; charset=utf-8|no-cache",
		"fonden/index.html":     "fonden||text/html; charset=utf-8|no-cache",
		"sitemap.xml":           "kort||application/xml|no-cache",
		"filer/%C3%A5%20b.docx": "word||application/vnd.openxmlformats-officedocument.wordprocessingml.document|no-cache",
	} {
		r, err := plain.Get(address + key)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r.Body)
		r.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		cache, _ := sent.Load(r.Request.URL.Path)
		if got := fmt.Sprintf("%s|%s|%s|%s", body, r.Header.Get("Content-Encoding"), r.Header.Get("Content-Type"), cache); got != want {
			t.Errorf("%s: %s, want %s", key, got, want)
		}
	}
	if code, out, _ := deployTo(t, "-from", dir, place); code != 0 || !strings.Contains(out, ": 0 filer lagt op") {
		t.Errorf("again: %d %q", code, out)
	}
	if code, out, told := deployTo(t, "-from", release(t, "forside 2"), place); code != 0 || !strings.Contains(out, ": 1 filer lagt op") {
		t.Errorf("another front page: %d %q %q", code, out, told)
	}
}

func TestS3IsNotOurs(t *testing.T) {
	place, address, _ := startS3(t)
	r, err := http.NewRequest(http.MethodPut, address+"brev.txt", strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := http.DefaultClient.Do(r); err != nil {
		t.Fatal(err)
	}
	if code, _, told := deployTo(t, "-from", release(t, "x"), place); code != exitOther || !strings.Contains(told, "stedet er ikke tomt") {
		t.Errorf("%d %q", code, told)
	}
	if code, _, told := deployTo(t, "-adopt", "-from", release(t, "x"), place); code != exitFine {
		t.Errorf("%d %q", code, told)
	}
}

func TestErrorsAreDanish(t *testing.T) {
	place, _, _ := startS3(t)
	dir := release(t, "x")
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"-from", dir}, exitUsage, "køres af kompas deploy"},
		{[]string{"-now", "i morgen", place}, exitUsage, "køres af kompas deploy"},
		{[]string{"-from", dir, "s3://"}, exitUsage, "er ikke en bucket"},
		{[]string{"-from", dir, "s3://spand/mappe"}, exitUsage, "?prefix=MAPPE/"},
		{[]string{"-from", dir, "s3://spand?nej=1"}, exitUsage, "er ikke en bucket"},
		{[]string{"-from", dir, strings.Replace(place, "spand", "findes-ikke", 1)}, exitOther, "s3://findes-ikke findes ikke"},
		{[]string{"-from", "nej", place}, exitOther, "nej er ikke et færdigt websted"},
	} {
		code, out, told := deployTo(t, c.args...)
		if code != c.code || !strings.Contains(told, c.want) || !strings.Contains(told, "\n  råd: ") || out != "" {
			t.Errorf("%q: %d %q", c.args, code, told)
		}
	}
	stopped, stop := context.WithCancel(context.Background())
	stop()
	var told bytes.Buffer
	if code := run(stopped, []string{"-from", dir, place}, io.Discard, &told); code != exitOther || !strings.Contains(told.String(), "afbrudt") {
		t.Errorf("%d %q", code, &told)
	}
}

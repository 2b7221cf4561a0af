package bench

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// A Question is a request that every server is asked, in several encodings.
type Question struct {
	Name, Method, Path string
	Range              string
	Known              Known
}

// Known tells which ETag is sent as If-None-Match: that of the same answer, or that of
// the file as it is, which another encoding of it must not have.
type Known int

const (
	None Known = iota
	Same
	AsItIs
)

// Questions are those a cache, a browser and a visitor ask of a file server: page is
// there, missing never was, gone was taken down.
func Questions(page, missing, gone string) []Question {
	return []Question{
		{Name: "200", Method: "GET", Path: page},
		{Name: "HEAD", Method: "HEAD", Path: page},
		{Name: "206", Method: "GET", Path: page, Range: "bytes=0-99"},
		{Name: "416", Method: "GET", Path: page, Range: "bytes=99999999-"},
		{Name: "304", Method: "GET", Path: page, Known: Same},
		{Name: "304 med den upakkede fils ETag", Method: "GET", Path: page, Known: AsItIs},
		{Name: "404", Method: "GET", Path: missing},
		{Name: "405", Method: "PUT", Path: page},
		{Name: "410", Method: "GET", Path: gone},
	}
}

// Accepts are the values of Accept-Encoding each question is asked with; "" sends none.
var Accepts = []string{"", "gzip", "br", "gzip, br", "br;q=0, gzip", "br;q=0.1, gzip;q=0.9", "gzip;q=0, br;q=0", "*"}

// An Answer is what of an answer a cache and a browser go by.
type Answer struct {
	Status              int
	Encoding, Tag, Vary string // Tag is the whole ETag
	Part                string // Content-Range
	Length              string // Content-Length
}

// String names what is there: "200 br, stærk ETag, Vary".
func (a Answer) String() string {
	out := fmt.Sprint(a.Status)
	if a.Encoding != "" {
		out += " " + a.Encoding
	}
	switch {
	case strings.HasPrefix(a.Tag, "W/"):
		out += ", svag ETag"
	case a.Tag != "":
		out += ", stærk ETag"
	}
	if strings.Contains(strings.ToLower(a.Vary), "accept-encoding") {
		out += ", Vary"
	}
	if a.Length == "" && a.Status != http.StatusNotModified {
		out += ", uden længde"
	}
	if a.Status == http.StatusPartialContent && a.Part == "" {
		out += ", uden Content-Range"
	}
	return out
}

// asking follows no redirect, and asks for no encoding of its own.
var asking = &http.Client{
	Transport:     &http.Transport{DisableCompression: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	Timeout:       10 * time.Second,
}

// Ask puts a question to a server.
func Ask(ctx context.Context, s *Server, q Question, accept string) (Answer, error) {
	if q.Known == None {
		return send(ctx, s, q, accept, "")
	}
	as := accept
	if q.Known == AsItIs {
		as = ""
	}
	first, err := send(ctx, s, Question{Method: "GET", Path: q.Path}, as, "")
	if err != nil {
		return Answer{}, err
	}
	return send(ctx, s, q, accept, first.Tag)
}

func send(ctx context.Context, s *Server, q Question, accept, known string) (Answer, error) {
	r, err := http.NewRequestWithContext(ctx, q.Method, s.URL+q.Path, nil)
	if err != nil {
		return Answer{}, err
	}
	for name, value := range map[string]string{"Accept-Encoding": accept, "Range": q.Range, "If-None-Match": known} {
		if value != "" {
			r.Header.Set(name, value)
		}
	}
	got, err := asking.Do(r)
	if err != nil {
		return Answer{}, fmt.Errorf("ask %s: %w", s.Name, err)
	}
	defer got.Body.Close()
	if _, err := io.Copy(io.Discard, got.Body); err != nil {
		return Answer{}, fmt.Errorf("read answer of %s: %w", s.Name, err)
	}
	h := got.Header
	return Answer{
		Status: got.StatusCode, Encoding: h.Get("Content-Encoding"), Tag: h.Get("ETag"), Vary: h.Get("Vary"),
		Part: h.Get("Content-Range"), Length: h.Get("Content-Length"),
	}, nil
}

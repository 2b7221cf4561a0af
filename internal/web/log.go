package web

import (
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"
)

// logged writes a line for each answer: when, method, address, status, bytes, encoding
// and time. It holds nothing of the person: no network address, nothing after ?, no
// step of a self-check, no long number.
func logged(h http.Handler, out io.Writer) http.Handler {
	var mu sync.Mutex
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		c := &counted{ResponseWriter: w}
		h.ServeHTTP(c, r)
		encoding := w.Header().Get("Content-Encoding")
		if encoding == "" {
			encoding = "-"
		}
		line := fmt.Sprintf("%s %s %s %d %d %s %.1fms\n", began.UTC().Format(time.RFC3339), method(r.Method), loggedPath(r.URL.Path),
			c.status, c.bytes, encoding, float64(time.Since(began).Microseconds())/1000)
		mu.Lock()
		defer mu.Unlock()
		_, _ = io.WriteString(out, line)
	})
}

// method keeps a made-up method from filling the log.
func method(m string) string {
	switch m {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE":
		return m
	}
	return "?"
}

// longNumber finds what may be a person's number or telephone.
var longNumber = regexp.MustCompile(`[0-9]{6}-?[0-9]{4}|[0-9]{8,}`)

const loggedPathLimit = 200

func loggedPath(at string) string {
	if before, step, found := strings.Cut(at, "/selvtjek/"); found { // a draft's too
		flow, _, _ := strings.Cut(step, "/")
		at = before + "/selvtjek/" + flow + "/*"
	}
	at = longNumber.ReplaceAllString(at, "#") // before it is cut: the half of a number is one too
	var s strings.Builder
	for _, r := range at[:min(len(at), loggedPathLimit)] {
		if r <= ' ' || r > '~' {
			r = '?'
		}
		s.WriteRune(r)
	}
	return s.String()
}

// counted notes what was answered.
type counted struct {
	http.ResponseWriter
	status, bytes int
}

// WriteHeader notes the status.
func (c *counted) WriteHeader(status int) {
	if c.status == 0 || c.status < 200 {
		c.status = status
	}
	c.ResponseWriter.WriteHeader(status)
}

// Write counts the bytes.
func (c *counted) Write(b []byte) (int, error) {
	if c.status == 0 {
		c.status = http.StatusOK
	}
	n, err := c.ResponseWriter.Write(b)
	c.bytes += n
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (c *counted) Unwrap() http.ResponseWriter { return c.ResponseWriter }

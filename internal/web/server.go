package web

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"golang.org/x/net/netutil"
)

// Options are what an operator chooses of a server. The zero value serves plain HTTP,
// writes no log, and holds nobody back.
type Options struct {
	Cert, Key string    // PEM files, read again when they change; "" for plain HTTP
	HSTS      bool      // tell browsers to use https alone for a year
	Rate      float64   // requests a second from one address in the long run; 0 for any number
	Log       io.Writer // a line for each request, without addresses; nil for none
}

// What one client may take. Slow clients cost a goroutine each, no more. The site reads
// no bodies: net/http closes the connection of one that sends much. A handler that does
// read them sets its own deadlines with http.ResponseController.
const (
	headerTime  = 5 * time.Second
	readTime    = 30 * time.Second
	writeTime   = 5 * time.Minute // the largest document on a slow line
	idleTime    = time.Minute
	headerBytes = 16 << 10
	connections = 4096 // at once; the next wait
	streams     = 100  // at once on one HTTP/2 connection
	graceTime   = 10 * time.Second
)

// Serve answers requests on l until ctx ends, then lets those that have begun end, for
// ten seconds at most. With a certificate it speaks HTTP/2 and TLS 1.2 or later.
func Serve(ctx context.Context, l net.Listener, h http.Handler, o Options) error {
	server := &http.Server{
		Handler: o.around(h), ReadHeaderTimeout: headerTime, ReadTimeout: readTime, WriteTimeout: writeTime, IdleTimeout: idleTime,
		MaxHeaderBytes: headerBytes, HTTP2: &http.HTTP2Config{MaxConcurrentStreams: streams},
		ErrorLog: log.New(io.Discard, "", 0), // it names addresses
	}
	l = netutil.LimitListener(l, connections)
	failed := make(chan error, 1)
	if o.Cert == "" {
		go func() { failed <- server.Serve(l) }()
	} else {
		keys := &keyPair{cert: o.Cert, key: o.Key}
		if _, err := keys.get(nil); err != nil {
			return err
		}
		server.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: keys.get}
		go func() { failed <- server.ServeTLS(l, "", "") }()
	}
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), graceTime)
	defer cancel()
	if err := server.Shutdown(stop); err != nil {
		return errors.Join(fmt.Errorf("stop serving: %w", err), server.Close())
	}
	return nil
}

// around puts what is chosen around h, and the headers of every answer: those too that a
// ServeMux gives by itself.
func (o Options) around(h http.Handler) http.Handler {
	if o.Rate > 0 {
		h = newLimiter(o.Rate).wrap(h)
	}
	h = safe(h, o.HSTS)
	if o.Log != nil {
		h = logged(h, o.Log)
	}
	return h
}

func safe(h http.Handler, hsts bool) http.Handler {
	year := []string{"max-age=31536000"}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secure(w.Header(), r.URL.Path)
		if hsts {
			w.Header()["Strict-Transport-Security"] = year
		}
		h.ServeHTTP(w, r)
	})
}

// A keyPair is a certificate on disk. It is read again when its file is another, so
// that a renewed one needs no restart; one that cannot be read leaves the last.
type keyPair struct {
	cert, key string

	mu     sync.Mutex
	loaded *tls.Certificate
	of     time.Time // when the file that was read was written
	looked time.Time
}

const lookAgain = time.Minute

func (k *keyPair) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.loaded != nil && time.Since(k.looked) < lookAgain {
		return k.loaded, nil
	}
	k.looked = time.Now()
	info, err := os.Stat(k.cert)
	if err == nil && (k.loaded == nil || !info.ModTime().Equal(k.of)) {
		var c tls.Certificate
		if c, err = tls.LoadX509KeyPair(k.cert, k.key); err == nil {
			k.loaded, k.of = &c, info.ModTime()
		}
	}
	if k.loaded == nil {
		return nil, fmt.Errorf("read certificate: %w", err)
	}
	return k.loaded, nil
}

package repo

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/go-git/go-git/v5/plumbing/format/pktline"
	"github.com/go-git/go-git/v5/plumbing/transport/client"
	githttp "github.com/go-git/go-git/v5/plumbing/transport/http"
)

func init() {
	c := githttp.NewClient(&http.Client{Transport: listener{http.DefaultTransport}})
	client.InstallProtocol("http", c)
	client.InstallProtocol("https", c)
}

// A listener hears all that a server says to a push. go-git stops when it has git's
// report, which comes before the server's post-receive hook has begun: it would miss
// where the pages are, and hang up on the hook.
type listener struct{ http.RoundTripper }

type progressKey struct{}

// heard gives a context whose pushes tell what the server says.
func heard(ctx context.Context, to io.Writer) context.Context {
	return context.WithValue(ctx, progressKey{}, to)
}

const saysProgress = 2 // git's band for people; gitprotocol-pack(5)

// RoundTrip reads an answer to the end before it hands it on.
func (l listener) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := l.RoundTripper.RoundTrip(r)
	to, ok := r.Context().Value(progressKey{}).(io.Writer)
	if err != nil || !ok || res.StatusCode != http.StatusOK || !strings.HasSuffix(r.URL.Path, "/git-receive-pack") {
		return res, err
	}
	defer res.Body.Close()
	var all bytes.Buffer
	packets := pktline.NewScanner(io.TeeReader(res.Body, &all))
	for packets.Scan() {
		if b := packets.Bytes(); len(b) > 1 && b[0] == saysProgress {
			_, _ = to.Write(b[1:])
		}
	}
	if err := packets.Err(); err != nil {
		return nil, fmt.Errorf("read answer of %s: %w", r.URL.Host, err)
	}
	res.Body = io.NopCloser(&all)
	return res, nil
}

package bench

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// PerSecond asks a server for addresses in turn, with wrk on one thread and 32
// connections, and gives how many were answered a second. It is for comparing servers
// in one run: the generator shares their processors.
func PerSecond(ctx context.Context, s *Server, paths []string, seconds int, work string) (float64, error) {
	script := filepath.Join(work, "wrk.lua")
	var lua strings.Builder
	lua.WriteString("local paths = {\n")
	for _, p := range paths {
		fmt.Fprintf(&lua, "%q,\n", p)
	}
	lua.WriteString("}\nlocal i = 0\nrequest = function()\n  i = i % #paths + 1\n  return wrk.format(nil, paths[i])\nend\n")
	if err := os.WriteFile(script, []byte(lua.String()), 0o644); err != nil {
		return 0, err
	}
	out, err := exec.CommandContext(ctx, "wrk", "-t1", "-c32", "-d"+strconv.Itoa(seconds)+"s", "-H", "Accept-Encoding: br, gzip", "-s", script, s.URL).CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("run wrk: %w: %s", err, out)
	}
	if strings.Contains(string(out), "Non-2xx") || strings.Contains(string(out), "Socket errors") {
		return 0, fmt.Errorf("load on %s: not every request was answered: %s", s.Name, out)
	}
	m := requestsRe.FindSubmatch(out)
	if m == nil {
		return 0, fmt.Errorf("read wrk's report: %s", out)
	}
	return strconv.ParseFloat(string(m[1]), 64)
}

var requestsRe = regexp.MustCompile(`Requests/sec:\s+([0-9.]+)`)

// A Day is how a server came through the visitors of a day.
type Day struct {
	Visitors, Requests, Errors int64
	Wall                       time.Duration
}

// Visit sends visitors one after the other through a server for a time: each opens a
// page with what belongs to it, reads two more, and searches once. After the time no
// more begin.
func Visit(ctx context.Context, s *Server, pages, assets []string, visitors int, within time.Duration) Day {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: visitorsAtOnce, DisableCompression: true}, Timeout: 10 * time.Second}
	defer client.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	var day Day
	var next atomic.Int64
	var all sync.WaitGroup
	began := time.Now()
	for range visitorsAtOnce {
		all.Go(func() {
			for {
				n := int(next.Add(1))
				if n > visitors || ctx.Err() != nil {
					return
				}
				asks := append([]string{pages[n%len(pages)], pages[(n*7)%len(pages)], pages[(n*13)%len(pages)], "/soeg/?q=" + url.QueryEscape(Searches[n%len(Searches)])}, assets...)
				for _, at := range asks {
					atomic.AddInt64(&day.Requests, 1)
					if !ask(client, s.URL+at) {
						atomic.AddInt64(&day.Errors, 1)
					}
				}
				atomic.AddInt64(&day.Visitors, 1)
			}
		})
	}
	all.Wait()
	day.Wall = time.Since(began)
	return day
}

const visitorsAtOnce = 16

// Searches are what visitors search for when nothing else is said.
var Searches = []string{"kompetencefond", "uddannelse", "medarbejderudviklingssamtale", "ansoegning", "stoette til kursus", "kompetansefond"}

func ask(client *http.Client, to string) bool {
	r, err := http.NewRequest(http.MethodGet, to, nil)
	if err != nil {
		return false
	}
	r.Header.Set("Accept-Encoding", "gzip, br")
	res, err := client.Do(r)
	if err != nil {
		return false
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return err == nil && res.StatusCode == http.StatusOK
}

// Times asks a server for each query's results, one after the other on one connection,
// and gives the time to the last byte of each.
func Times(ctx context.Context, s *Server, queries []string) ([]time.Duration, error) {
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}, Timeout: 10 * time.Second}
	defer client.CloseIdleConnections()
	times := make([]time.Duration, len(queries))
	for i, q := range queries {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		began := time.Now()
		if !ask(client, s.URL+"/soeg/?q="+url.QueryEscape(q)) {
			return nil, fmt.Errorf("search %q: not answered", q)
		}
		times[i] = time.Since(began)
	}
	return times, nil
}

package web

import (
	"hash/maphash"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// A limiter holds back an address that asks too often. It keeps no addresses: each
// falls into one of a fixed number of buckets by a hash that is another in each run,
// so its memory is bounded too. Two that share a bucket share its rate.
type limiter struct {
	rate    float64 // requests a second
	burst   float64
	now     func() time.Time
	seed    maphash.Seed
	buckets [1 << 14]bucket
}

type bucket struct {
	mu   sync.Mutex
	used float64 // requests not yet forgotten
	at   time.Time
}

// burstSeconds of requests may come at once: a whole office behind one address opens
// the same page when it is told to.
const burstSeconds = 10

func newLimiter(rate float64) *limiter {
	return &limiter{rate: rate, burst: rate * burstSeconds, now: time.Now, seed: maphash.MakeSeed()}
}

func (l *limiter) wrap(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !l.allow(r.RemoteAddr) {
			secure(w.Header(), r.URL.Path)
			w.Header().Set("Retry-After", "5")
			w.Header().Set("Cache-Control", "no-store")
			http.Error(w, "Der kommer for mange forespørgsler fra dit net. Prøv igen om lidt.", http.StatusTooManyRequests)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// allow counts a request. This machine itself is never held back: a proxy on it does
// that, and all the world comes from its address.
func (l *limiter) allow(remote string) bool {
	from, err := netip.ParseAddrPort(remote)
	if err != nil || from.Addr().Unmap().IsLoopback() {
		return true
	}
	addr := from.Addr().Unmap()
	if addr.Is6() { // one customer has the whole of a /64
		net, _ := addr.Prefix(64)
		addr = net.Addr()
	}
	b := &l.buckets[maphash.Comparable(l.seed, addr)%uint64(len(l.buckets))]
	b.mu.Lock()
	defer b.mu.Unlock()
	now := l.now()
	b.used = max(0, b.used-now.Sub(b.at).Seconds()*l.rate)
	b.at = now
	if b.used+1 > l.burst {
		return false
	}
	b.used++
	return true
}

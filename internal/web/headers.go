package web

import (
	"net/http"
	"strings"
)

// policy lets a page use what lies on the site, and nothing else: no inline script or
// style, no eval, no other host, no frame. It is what internet.nl (sikkerpånettet.dk)
// asks of a Content-Security-Policy; release proves that each page can live with it.
const policy = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Headers of every answer.
var (
	csp         = []string{policy}
	noSniff     = []string{"nosniff"}
	denyFrames  = []string{"DENY"} // for browsers that do not read frame-ancestors
	sameOrigin  = []string{"same-origin"}
	noReferrer  = []string{"no-referrer"}
	permissions = []string{"accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=(), xr-spatial-tracking=()"}
)

// secure sets the headers of every answer: Serve for all, Server again where it knows the
// address below a draft's. Where the address itself is an answer to a question, not even
// our own pages hear of it.
func secure(h http.Header, at string) {
	h["Content-Security-Policy"] = csp
	h["X-Content-Type-Options"] = noSniff
	h["X-Frame-Options"] = denyFrames
	h["Cross-Origin-Opener-Policy"] = sameOrigin
	h["Cross-Origin-Resource-Policy"] = sameOrigin
	h["Permissions-Policy"] = permissions
	h["Referrer-Policy"] = sameOrigin
	if private(at) {
		h["Referrer-Policy"] = noReferrer
	}
}

// private tells the addresses of the self-checks: which one is opened says something
// of the person who opens it.
func private(at string) bool { return strings.HasPrefix(at, "/selvtjek/") }

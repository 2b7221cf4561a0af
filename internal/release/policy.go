package release

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// The server's Content-Security-Policy (internal/web) stops what is not allowed in the
// visitor's browser. Here each page is read to prove that it needs nothing of the kind:
// a page that breaks under the policy is not published, and neither is one that would
// do harm on a host that sends no policy.

// loads are the attributes a browser fetches from by itself, by element.
var loads = map[string][]string{
	"script": {"src"}, "img": {"src", "srcset"}, "source": {"src", "srcset"}, "audio": {"src"}, "video": {"src", "poster"},
	"track": {"src"}, "input": {"src"}, "link": {"href"}, "use": {"href", "xlink:href"}, "image": {"href", "xlink:href"},
	"body": {"background"}, "form": {"action"}, "button": {"formaction"},
}

// follows are the attributes that lead somewhere when a visitor asks for it.
var follows = []string{"href", "xlink:href", "action", "formaction", "cite", "src", "ping", "data", "poster", "background"}

var banned = []string{"style", "iframe", "frame", "frameset", "object", "embed", "applet", "base", "portal", "foreignobject", "animate", "set", "math"}

// against tells what of one element the policy does not allow, or "".
func against(n *html.Node) string {
	switch {
	case slices.Contains(banned, strings.ToLower(n.Data)):
		return "<" + n.Data + ">"
	case n.Data == "script" && attr(n, "src") == "":
		return "a script in the page"
	case n.Data == "meta" && strings.EqualFold(attr(n, "http-equiv"), "refresh"):
		if _, to, _ := strings.Cut(attr(n, "content"), "="); !safeScheme(strings.Trim(to, ` '"`)) {
			return "sends on to " + to
		}
	}
	for _, a := range n.Attr {
		key := a.Key
		if a.Namespace != "" {
			key = a.Namespace + ":" + a.Key
		}
		switch {
		case key == "style", strings.HasPrefix(key, "on"), key == "srcdoc", key == "ping":
			return fmt.Sprintf("<%s %s>", n.Data, key)
		case slices.Contains(follows, key) && !safeScheme(a.Val):
			return fmt.Sprintf("<%s %s=%q>", n.Data, key, a.Val)
		case slices.Contains(loads[n.Data], key) && !fetchesFromHome(n, key, a.Val):
			return fmt.Sprintf("<%s %s=%q> of another host", n.Data, key, a.Val)
		}
	}
	return ""
}

// safeScheme tells whether an address is of a kind that runs nothing. Browsers leave
// out control characters and blanks before they look for the scheme.
func safeScheme(to string) bool {
	to = strings.Map(func(r rune) rune {
		if r <= ' ' {
			return -1
		}
		return r
	}, to)
	scheme, _, found := strings.Cut(to, ":")
	if !found || strings.ContainsAny(scheme, "/?#[") {
		return true
	}
	return slices.Contains([]string{"http", "https", "mailto", "tel"}, strings.ToLower(scheme))
}

// fetchesFromHome tells whether what an element loads lies on the site. A link that is
// only read, not loaded, may name any host.
func fetchesFromHome(n *html.Node, key, to string) bool {
	if n.Data == "link" && !slices.ContainsFunc(strings.Fields(strings.ToLower(attr(n, "rel"))), func(rel string) bool {
		return slices.Contains([]string{"stylesheet", "icon", "manifest", "preload", "modulepreload", "prefetch", "preconnect", "dns-prefetch", "apple-touch-icon", "mask-icon"}, rel)
	}) {
		return true
	}
	if key == "srcset" {
		for part := range strings.SplitSeq(to, ",") {
			if fields := strings.Fields(part); len(fields) > 0 && !local(fields[0]) {
				return false
			}
		}
		return true
	}
	return local(to)
}

// local tells whether an address stays on the host of the page. A browser reads \ as /.
func local(to string) bool {
	to = strings.ReplaceAll(strings.TrimSpace(to), `\`, "/")
	u, err := url.Parse(to)
	return err == nil && u.Scheme == "" && u.Host == "" && !strings.HasPrefix(to, "//")
}

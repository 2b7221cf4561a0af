package release

import (
	"context"
	"strings"
	"testing"

	"golang.org/x/net/html"

	kompas "kompetenceudvikling.dk/kompas"
	"kompetenceudvikling.dk/kompas/internal/syntetisk"
)

// No release comes of a look that writes what the policy does not allow.
func TestPolicyStopsARelease(t *testing.T) {
	look := inMemory(t, kompas.Look, ".")
	foot := look["layouts/_partials/footer.html"]
	foot.Data = append(foot.Data, "<script>alert(1)</script>"...)
	in := input(syntetisk.Site(1, 2), "2026-01-01")
	in.Look, in.Plain = look, true
	_, _, err := Make(context.Background(), in, t.TempDir())
	if err == nil || !strings.Contains(err.Error(), "not allowed by the policy: ") {
		t.Errorf("got %v", err)
	}
}

func TestPolicy(t *testing.T) {
	for _, c := range []struct {
		page    string
		allowed bool
	}{
		{`<p>tekst <a href="/fonden/">fonden</a> <a href="https://medst.dk/">ude</a> <a href="mailto:a@b.dk">mail</a> <a href="tel:+4533186969">ring</a></p>`, true},
		{`<link rel="canonical" href="https://kompetenceudvikling.dk/">`, true},
		{`<link rel="stylesheet" href="/css/site.css"><script src="/svar.js" defer></script><img src="a.png" alt="">`, true},
		{`<meta http-equiv="refresh" content="0; url=https://kompetenceudvikling.dk/fonden/">`, true},
		{`<a href="/fonden/?a=b:c">kolon længere henne</a>`, true},
		{`<svg><use href="/ikoner.svg#pil"></use></svg>`, true},
		{`<script>alert(1)</script>`, false},
		{`<script type="application/ld+json">{}</script>`, false},
		{`<script src="https://andre.dk/x.js"></script>`, false},
		{`<script src="//andre.dk/x.js"></script>`, false},
		{`<script src="\\andre.dk/x.js"></script>`, false},
		{`<style>p{}</style>`, false},
		{`<p style="color:red">x</p>`, false},
		{`<p onclick="x()">x</p>`, false},
		{`<svg onload="x()"></svg>`, false},
		{`<svg><animate attributeName="href" to="javascript:x()"/></svg>`, false},
		{`<svg><use xlink:href="https://andre.dk/x.svg#a"></use></svg>`, false},
		{`<svg><a xlink:href="javascript:x()">x</a></svg>`, false},
		{`<a href="javascript:x()">x</a>`, false},
		{"<a href=\" java\nscript:x()\">x</a>", false},
		{`<a href="java&#115;cript&colon;x()">x</a>`, false},
		{`<a href="JaVaScRiPt:x()">x</a>`, false},
		{`<a href="data:text/html,x">x</a>`, false},
		{`<a href="vbscript:x">x</a>`, false},
		{`<form action="javascript:x()"></form>`, false},
		{`<form action="https://andre.dk/"></form>`, false},
		{`<iframe src="/"></iframe>`, false},
		{`<object data="/x"></object>`, false},
		{`<embed src="/x">`, false},
		{`<base href="https://andre.dk/">`, false},
		{`<img src="https://andre.dk/x.png" alt="">`, false},
		{`<img srcset="/a.png 1x, https://andre.dk/b.png 2x" alt="">`, false},
		{`<link rel="preconnect" href="https://andre.dk">`, false},
		{`<meta http-equiv="refresh" content="0;url=javascript:x()">`, false},
		{`<a href="/" ping="https://andre.dk/">x</a>`, false},
		{`<math><mi xlink:href="javascript:x()">x</mi></math>`, false},
	} {
		root, err := html.Parse(strings.NewReader(c.page))
		if err != nil {
			t.Fatal(err)
		}
		var d doc
		d.read(root)
		if (d.against == "") != c.allowed {
			t.Errorf("%s: %q", c.page, d.against)
		}
	}
}

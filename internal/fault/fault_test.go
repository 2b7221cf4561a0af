package fault

import (
	"errors"
	"fmt"
	"testing"
)

func TestListTellsAllSorted(t *testing.T) {
	var l List
	l.Add("b.md", 2, "to", "gør b")
	l.Add("a.md", 10, "ti", "")
	l.Add("a.md", 9, "ni", "gør a")
	l.Add("a.md", 9, "ni", "gør a")
	l.Sort()
	want := "a.md:9: ni\n  råd: gør a\na.md:10: ti\nb.md:2: to\n  råd: gør b"
	if got := l.Error(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestErrIsNilForWarningsAlone(t *testing.T) {
	var l List
	if l.Err() != nil {
		t.Error("an empty list is no error")
	}
	l.Warn("a.md", 0, "pas på", "")
	if l.Err() != nil {
		t.Error("warnings alone are no error")
	}
	if got, want := l.Error(), "a.md: advarsel: pas på"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	l.Strict()
	var list List
	if !errors.As(fmt.Errorf("load: %w", l.Err()), &list) {
		t.Error("a strict list is an error that callers find again")
	}
}

func TestNearest(t *testing.T) {
	keys := []string{"title", "description", "date", "kilder", "kontrolleret"}
	for word, want := range map[string]string{
		"titel": "title", "kilde": "kilder", "desciption": "description", "kontroleret": "kontrolleret",
		"xyzzy": "", "": "", "dat": "date",
	} {
		if got := Nearest(word, keys); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
}

// Package fault holds an editor's faults: what is wrong in the content, where, and
// what to write instead. In go the findings of every check; out comes one sorted
// list, in Danish, of all of them. It never prints, and never stops at the first.
package fault

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Level says whether a fault stops publishing.
type Level string

const (
	Fejl     Level = "fejl"     // stops publishing
	Advarsel Level = "advarsel" // is only told
)

// A Fault is one finding. File is slash-separated, from the folder that holds
// content/. Line counts from 1; 0 means the whole file. Message and Advice are Danish.
type Fault struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Message string `json:"message"`
	Advice  string `json:"advice"`
	Level   Level  `json:"level"`
}

// String gives the two lines an editor is shown.
func (f Fault) String() string {
	var b strings.Builder
	b.WriteString(f.File)
	if f.Line > 0 {
		fmt.Fprintf(&b, ":%d", f.Line)
	}
	b.WriteString(": ")
	if f.Level == Advarsel {
		b.WriteString("advarsel: ")
	}
	b.WriteString(f.Message)
	if f.Advice != "" {
		b.WriteString("\n  råd: " + f.Advice)
	}
	return b.String()
}

// A List gathers faults. As an error it means: the content is refused.
type List []Fault

// Add notes a fault that stops publishing.
func (l *List) Add(file string, line int, message, advice string) {
	*l = append(*l, Fault{file, line, message, advice, Fejl})
}

// Warn notes a fault that is only told.
func (l *List) Warn(file string, line int, message, advice string) {
	*l = append(*l, Fault{file, line, message, advice, Advarsel})
}

// Sort orders the list by file, line and message, and drops repetitions.
func (l *List) Sort() {
	slices.SortStableFunc(*l, func(a, b Fault) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), strings.Compare(a.Message, b.Message))
	})
	*l = slices.Compact(*l)
}

// Strict turns every warning into a fault.
func (l List) Strict() {
	for i := range l {
		l[i].Level = Fejl
	}
}

// Err gives the list as an error, or nil when nothing in it stops publishing.
func (l List) Err() error {
	for _, f := range l {
		if f.Level == Fejl {
			return l
		}
	}
	return nil
}

// Error gives all faults, a pair of lines each.
func (l List) Error() string {
	s := make([]string, len(l))
	for i, f := range l {
		s[i] = f.String()
	}
	return strings.Join(s, "\n")
}

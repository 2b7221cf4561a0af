package content

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"kompetenceudvikling.dk/kompas/internal/fault"
)

// A Ref is a word of the content together with the line it stands on.
type Ref struct {
	ID   string
	Line int
}

// A decoder fills a Go value from YAML and gathers every fault on the way: the
// library's own decoder stops at the first, in English.
//
// The tag `yaml:"key"` names a key, `yaml:"key,krav"` one that must be there, a list
// with at least one element;
// `allowed:"a b"` closes the set of values. A field named Line gets the line the
// record begins on.
type decoder struct {
	file   string
	offset int // lines of the file before the YAML begins
	faults *fault.List
}

var (
	timeType = reflect.TypeFor[time.Time]()
	refType  = reflect.TypeFor[Ref]()
)

// decode reads src into the struct, map or slice that v points at.
func (d *decoder) decode(src []byte, v any) {
	file, err := parser.ParseBytes(src, 0)
	if err != nil {
		d.syntax(src, err)
		return
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		d.missing(reflect.ValueOf(v).Elem().Type(), nil, 1)
		return
	}
	if len(file.Docs) > 1 {
		d.add(file.Docs[1].Body, "der er to YAML-dele adskilt af ---", "behold kun den ene")
		return
	}
	d.value(file.Docs[0].Body, reflect.ValueOf(v).Elem(), "", "")
}

func (d *decoder) syntax(src []byte, err error) {
	line := 1
	var e yaml.Error
	if errors.As(err, &e) && e.GetToken() != nil {
		line = e.GetToken().Position.Line
	}
	message, advice := "linjen kan ikke læses", "se efter manglende kolon, anførselstegn eller skæv indrykning her eller på linjen før. En tekst med kolon skal stå i anførselstegn"
	lines := strings.Split(string(src), "\n")
	switch {
	case e != nil && strings.Contains(e.GetMessage(), "already defined"):
		message, advice = "den samme nøgle står to gange", "slet den ene"
	case line <= len(lines) && strings.HasPrefix(strings.TrimLeft(lines[line-1], " "), "\t"):
		message, advice = "linjen begynder med et tabulatortegn", "slet det, og skriv to mellemrum i stedet"
	}
	d.faults.Add(d.file, d.offset+line, message, advice)
}

func (d *decoder) line(n ast.Node) int {
	if n == nil {
		return d.offset + 1
	}
	if t := n.GetToken(); t != nil && t.Position != nil {
		return d.offset + t.Position.Line
	}
	return d.offset + 1
}

func (d *decoder) add(n ast.Node, message, advice string) {
	d.faults.Add(d.file, d.line(n), message, advice)
}

// value decodes one node; key names it in messages.
func (d *decoder) value(n ast.Node, v reflect.Value, key, allowed string) {
	switch n.(type) {
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode, *ast.MergeKeyNode:
		d.add(n, fmt.Sprintf("%s bruger YAML-ankre eller mærker (& * !)", key), "skriv værdien helt ud")
		return
	}
	if own, ok := v.Addr().Interface().(interface{ DecodeYAML(Value) }); ok {
		own.DecodeYAML(d.plain(n))
		return
	}
	switch t := v.Type(); {
	case t == timeType:
		d.time(n, v, key)
	case t == refType:
		if s, ok := d.text(n, key, allowed); ok {
			v.Set(reflect.ValueOf(Ref{s, d.line(n)}))
		}
	case t.Kind() == reflect.String:
		if s, ok := d.text(n, key, allowed); ok {
			v.SetString(s)
		}
	case t.Kind() == reflect.Pointer:
		p := reflect.New(t.Elem())
		d.value(n, p.Elem(), key, allowed)
		v.Set(p)
	case t.Kind() == reflect.Int:
		d.number(n, v, key)
	case t.Kind() == reflect.Bool:
		b, ok := n.(*ast.BoolNode)
		if !ok {
			d.add(n, key+" skal være true eller false", "skriv "+key+": true")
			return
		}
		v.SetBool(b.Value)
	case t.Kind() == reflect.Slice:
		d.slice(n, v, key, allowed)
	case t.Kind() == reflect.Map:
		d.mapping(n, v, key)
	case t.Kind() == reflect.Struct:
		d.record(n, v, key)
	}
}

// A Value is YAML as it stands, for types that take more than one shape: a word, a
// list or keys. They have a method DecodeYAML(Value).
type Value struct {
	Line  int
	Text  string
	List  []Value
	Pairs []Pair
}

// A Pair is a key with its value.
type Pair struct {
	Key   string
	Value Value
}

// Refs gives the words of a word or list.
func (v Value) Refs() []Ref {
	if v.List == nil {
		return []Ref{{v.Text, v.Line}}
	}
	var out []Ref
	for _, item := range v.List {
		out = append(out, Ref{item.Text, item.Line})
	}
	return out
}

func (d *decoder) plain(n ast.Node) Value {
	v := Value{Line: d.line(n)}
	switch n := n.(type) {
	case *ast.SequenceNode:
		v.List = []Value{}
		for _, item := range n.Values {
			v.List = append(v.List, d.plain(item))
		}
	case *ast.MappingNode, *ast.MappingValueNode:
		pairs, _ := d.pairs(n, "")
		for _, p := range pairs {
			v.Pairs = append(v.Pairs, Pair{keyText(p.Key), d.plain(p.Value)})
		}
	default:
		v.Text, _ = scalar(n)
	}
	return v
}

// scalar gives a scalar as it was written, before YAML's guess at its type.
func scalar(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value, true
	}
	return "", false
}

func (d *decoder) text(n ast.Node, key, allowed string) (string, bool) {
	s, ok := scalar(n)
	if !ok || strings.TrimSpace(s) == "" {
		d.add(n, key+" mangler en tekst", "skriv "+key+": ...")
		return "", false
	}
	s = strings.TrimSpace(s)
	if words := strings.Fields(allowed); len(words) > 0 && !slices.Contains(words, s) {
		d.add(n, fmt.Sprintf("%s kan ikke være %q", key, s), choose(s, words))
		return "", false
	}
	return s, true
}

// choose advises on a word outside a closed set.
func choose(word string, allowed []string) string {
	if near := fault.Nearest(word, allowed); near != "" {
		return fmt.Sprintf("mente du %s? Ellers vælg en af: %s", near, strings.Join(allowed, ", "))
	}
	return "vælg en af: " + strings.Join(allowed, ", ")
}

var wholeRe = regexp.MustCompile(`^-?[0-9]+$`)

func (d *decoder) number(n ast.Node, v reflect.Value, key string) {
	s, _ := scalar(n)
	i, err := strconv.Atoi(s)
	if !wholeRe.MatchString(s) || err != nil {
		d.add(n, fmt.Sprintf("%s er ikke et helt tal: %s", key, s), "skriv tallet uden punktum, komma og enhed, fx 25000")
		return
	}
	v.SetInt(int64(i))
}

// clocked are the keys whose hour an editor may want to give.
var clocked = []string{"publishDate", "expiryDate", "begynder", "slutter"}

func (d *decoder) time(n ast.Node, v reflect.Value, key string) {
	s, _ := scalar(n)
	t, err := ParseTime(s)
	if err != nil {
		advice := "skriv år-måned-dag, fx 2026-01-31"
		if slices.Contains(clocked, key) {
			advice += ", og skal der et klokkeslæt på: 2026-01-31T08:00"
		}
		d.add(n, fmt.Sprintf("%s: %q er ikke en dato", key, s), advice)
		return
	}
	v.Set(reflect.ValueOf(t))
}

func (d *decoder) slice(n ast.Node, v reflect.Value, key, allowed string) {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		if _, plain := scalar(n); !plain {
			d.add(n, key+" skal være en liste", "skriv "+key+": [et, to]")
			return
		}
		one := reflect.New(v.Type().Elem()).Elem()
		d.value(n, one, key, allowed)
		v.Set(reflect.Append(v, one))
		return
	}
	for _, item := range list.Values {
		one := reflect.New(v.Type().Elem()).Elem()
		d.value(item, one, key, allowed)
		v.Set(reflect.Append(v, one))
	}
}

// pairs gives the keys and values of a YAML mapping.
func (d *decoder) pairs(n ast.Node, key string) ([]*ast.MappingValueNode, bool) {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	if key == "" {
		key = "teksten"
	}
	d.add(n, key+" skal bestå af linjer med nøgle: værdi", "se de andre sider for et eksempel")
	return nil, false
}

func keyText(n ast.MapKeyNode) string {
	if s, ok := scalar(n); ok {
		return s
	}
	return n.String()
}

func (d *decoder) mapping(n ast.Node, v reflect.Value, key string) {
	pairs, ok := d.pairs(n, key)
	if !ok {
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	for _, p := range pairs {
		one := reflect.New(v.Type().Elem()).Elem()
		if one.Kind() == reflect.Struct {
			if l := one.FieldByName("Line"); l.IsValid() {
				l.SetInt(int64(d.line(p.Key)))
			}
		}
		d.value(p.Value, one, keyText(p.Key), "")
		v.SetMapIndex(reflect.ValueOf(keyText(p.Key)), one)
	}
}

func (d *decoder) record(n ast.Node, v reflect.Value, key string) {
	pairs, ok := d.pairs(n, key)
	if !ok {
		return
	}
	at := d.line(n) // of {}, which has no key
	if len(pairs) > 0 {
		at = d.line(pairs[0].Key)
	}
	if l := v.FieldByName("Line"); l.IsValid() && l.Int() == 0 {
		l.SetInt(int64(at))
	}
	names, fields := keysOf(v.Type())
	seen := map[string]bool{}
	for _, p := range pairs {
		k := keyText(p.Key)
		i, known := fields[k]
		if !known {
			if message, advice := misplaced(v.Type(), k); message != "" {
				d.add(p.Key, message, advice)
				continue
			}
			d.add(p.Key, "ukendt nøgle "+k, choose(k, names))
			continue
		}
		seen[k] = !empty(p.Value)
		d.value(p.Value, v.Field(i), k, v.Type().Field(i).Tag.Get("allowed"))
	}
	first := d.offset + 1
	if key != "" {
		first = at
	}
	d.missing(v.Type(), seen, first)
}

// empty tells of a list without elements, which is no answer to a demand for a list.
func empty(n ast.Node) bool {
	list, ok := n.(*ast.SequenceNode)
	return ok && len(list.Values) == 0
}

// keysOf gives the keys of a record in order, and the field that each fills.
func keysOf(t reflect.Type) (names []string, fields map[string]int) {
	fields = map[string]int{}
	for i := range t.NumField() {
		if name, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ","); name != "" {
			fields[name] = i
			names = append(names, name)
		}
	}
	return names, fields
}

// missing adds a fault for each demanded key that was not seen.
func (d *decoder) missing(t reflect.Type, seen map[string]bool, line int) {
	if t.Kind() != reflect.Struct {
		return
	}
	for i := range t.NumField() {
		name, rule, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
		if rule == "krav" && !seen[name] {
			d.faults.Add(d.file, line, name+" mangler", "skriv "+name+": ...")
		}
	}
}

// Command licenser prints the licences of everything that is compiled into kompas, for
// the notices that go with a release. It fails when a module has none.
//
//	go run ./cmd/licenser > THIRD_PARTY_NOTICES.txt
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

type module struct{ Path, Version, Dir string }

func main() {
	if err := run(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "licenser:", err)
		os.Exit(1)
	}
}

func run(w io.Writer) error {
	modules, err := compiled()
	if err != nil {
		return err
	}
	texts := map[string][]string{} // licence text -> modules
	var missing []error
	for _, m := range modules {
		text, err := licence(m)
		if err != nil {
			missing = append(missing, err)
			continue
		}
		texts[text] = append(texts[text], m.Path+" "+m.Version)
	}
	var keys []string
	for text := range texts {
		keys = append(keys, text)
	}
	slices.SortFunc(keys, func(a, b string) int { return strings.Compare(texts[a][0], texts[b][0]) })
	for _, text := range keys {
		fmt.Fprintf(w, "%s\n\n%s\n\n%s\n\n", strings.Join(texts[text], "\n"), strings.TrimSpace(text), strings.Repeat("-", 72))
	}
	return errors.Join(missing...)
}

// compiled lists the modules that kompas is made of, by path, without our own.
func compiled() ([]module, error) {
	out, err := exec.Command("go", "list", "-deps", "-json=Module", "./cmd/kompas").Output()
	if err != nil {
		return nil, fmt.Errorf("list packages: %w", err)
	}
	seen := map[string]module{}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct{ Module *module }
		if err := dec.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			return nil, fmt.Errorf("read package list: %w", err)
		}
		if p.Module != nil && p.Module.Version != "" {
			seen[p.Module.Path] = *p.Module
		}
	}
	var modules []module
	for _, m := range seen {
		modules = append(modules, m)
	}
	slices.SortFunc(modules, func(a, b module) int { return strings.Compare(a.Path, b.Path) })
	return modules, nil
}

// licence gives the texts of a module's licence and notice files.
func licence(m module) (string, error) {
	entries, err := os.ReadDir(m.Dir)
	if err != nil {
		return "", fmt.Errorf("module %s: %w", m.Path, err)
	}
	var texts []string
	for _, e := range entries {
		name := strings.ToLower(e.Name())
		if e.IsDir() || !strings.HasPrefix(name, "licen") && !strings.HasPrefix(name, "unlicen") && !strings.HasPrefix(name, "copying") && !strings.HasPrefix(name, "notice") {
			continue
		}
		src, err := os.ReadFile(filepath.Join(m.Dir, e.Name()))
		if err != nil {
			return "", fmt.Errorf("module %s: %w", m.Path, err)
		}
		texts = append(texts, string(src))
	}
	if len(texts) == 0 {
		return "", fmt.Errorf("module %s %s has no licence file", m.Path, m.Version)
	}
	return strings.Join(texts, "\n\n"), nil
}

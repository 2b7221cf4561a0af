package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// secret asks for a password without showing it. When nobody sits at a keyboard, it is
// the next line of stdin.
func (c *call) secret(prompt string) (string, error) {
	in := int(os.Stdin.Fd())
	if !term.IsTerminal(in) {
		return c.line()
	}
	fmt.Fprint(c.stderr, prompt)
	src, err := term.ReadPassword(in)
	fmt.Fprintln(c.stderr)
	if err != nil {
		return "", fmt.Errorf("read password: %w", err)
	}
	return string(src), nil
}

// line reads one line of stdin and no more.
func (c *call) line() (string, error) {
	if c.stdin == nil {
		c.stdin = bufio.NewReader(os.Stdin)
	}
	s, err := c.stdin.ReadString('\n')
	if err != nil && (err != io.EOF || s == "") {
		return "", usageError{"der kom intet svar", "skriv det, når der bliver spurgt"}
	}
	return strings.TrimRight(s, "\r\n"), nil
}

package content

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"kompetenceudvikling.dk/kompas/internal/fault"
)

// cleanText makes text files alike whatever program wrote them: no byte order mark,
// LF line ends, composed letters (NFC). What cannot be read as text, or would show
// something else than it says, is a fault, and the file is left out (nil).
func cleanText(name string, src []byte, faults *fault.List) []byte {
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	src = bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n"))
	src = bytes.ReplaceAll(src, []byte("\r"), []byte("\n"))
	ok := true
	for i, line := range strings.Split(string(src), "\n") {
		if message, advice := badLine(line); message != "" {
			faults.Add(name, i+1, message, advice)
			ok = false
		}
	}
	if !ok {
		return nil
	}
	return norm.NFC.Bytes(src)
}

func badLine(line string) (message, advice string) {
	switch {
	case !utf8.ValidString(line):
		return "linjen er ikke gemt som UTF-8", "gem filen som UTF-8 i dit skriveprogram"
	case strings.HasPrefix(line, "<<<<<<< ") || strings.HasPrefix(line, ">>>>>>> "):
		return "her står mærker fra en fletning (<<<<<<<, =======, >>>>>>>)", "vælg den rigtige tekst, og slet de tre mærkelinjer"
	}
	for _, r := range line {
		switch {
		case r < ' ' && r != '\t', 0x7f <= r && r <= 0x9f:
			return fmt.Sprintf("linjen indeholder et usynligt styretegn (U+%04X)", r), "slet linjen, og skriv den igen"
		case '\u202a' <= r && r <= '\u202e' || '\u2066' <= r && r <= '\u2069':
			return fmt.Sprintf("linjen indeholder et tegn, der vender læseretningen (U+%04X)", r), "slet linjen, og skriv den igen"
		}
	}
	return "", ""
}

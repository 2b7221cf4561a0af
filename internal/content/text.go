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
	if bytes.HasPrefix(src, []byte("\xff\xfe")) || bytes.HasPrefix(src, []byte("\xfe\xff")) || bytes.IndexByte(src[:min(2, len(src))], 0) >= 0 {
		faults.Add(name, 0, "filen er gemt som UTF-16", saveAsUTF8)
		return nil
	}
	ok := true
	for i, line := range strings.Split(string(src), "\n") {
		if message, advice := badLine(line); message != "" {
			faults.Add(name, i+1, message, advice)
			ok = false
			if advice == saveAsUTF8 {
				break // else each line with æ, ø or å
			}
		}
	}
	if !ok {
		return nil
	}
	return append([]byte{}, norm.NFC.Bytes(src)...) // also of an empty file not nil
}

const saveAsUTF8 = "gem filen som UTF-8 i dit skriveprogram; i Notesblok vælger du det under Gem som"

func badLine(line string) (message, advice string) {
	switch {
	case !utf8.ValidString(line):
		return "linjen er ikke gemt som UTF-8", saveAsUTF8
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

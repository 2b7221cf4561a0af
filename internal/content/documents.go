package content

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"kompetenceudvikling.dk/kompas/internal/fault"
)

// checkDocument refuses a document that is another kind of file than its name says, and
// one with a program in it: a visitor opens it because it is ours.
func checkDocument(name string, src []byte, faults *fault.List) {
	read, act := pdf, "PDF fra Word: vælg Gem som og PDF"
	if strings.HasSuffix(name, ".docx") {
		read, act = docx, "Word-dokument (.docx) uden makroer"
	}
	switch bad, ok := read(src); {
	case !ok:
		faults.Add(name, 0, "dokumentet kan ikke læses som "+name[strings.LastIndex(name, "."):], "gem det igen som "+act)
	case bad != "":
		faults.Add(name, 0, "dokumentet har noget i sig, der kan køre, sende eller skjule: "+bad, "gem det igen som "+act)
	}
}

// docx tells what in a Word file is a program.
func docx(src []byte) (bad string, ok bool) {
	z, err := zip.NewReader(bytes.NewReader(src), int64(len(src)))
	if err != nil || !bytes.HasPrefix(src, []byte("PK\x03\x04")) { // a zip may have anything before it
		return "", false
	}
	for _, f := range z.File {
		ok = ok || f.Name == "word/document.xml"
		if strings.Contains(strings.ToLower(f.Name), "vbaproject") || strings.Contains(f.Name, "/activeX/") {
			bad = f.Name
		}
	}
	return bad, ok
}

// active are the names of PDF (ISO 32000) that run, send, attach or lock something. Each
// is so long that it does not turn up by chance in a compressed picture.
var active = []string{"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/RichMedia", "/EmbeddedFile", "/GoToE", "/Encrypt"}

const inflateLimit = 256 << 20 // bytes in all that the streams of a PDF are unpacked to

var (
	streamRe = regexp.MustCompile(`>>\s*stream\r?\n`)
	hexRe    = regexp.MustCompile(`#[0-9A-Fa-f]{2}`)
	packedRe = regexp.MustCompile(`/(?:ASCIIHexDecode|AHx|ASCII85Decode|A85|LZWDecode|LZW|RunLengthDecode|RL)\b`)
)

// pdf tells which of the active names a PDF uses, in the open or in a stream of objects.
func pdf(src []byte) (bad string, ok bool) {
	if !bytes.HasPrefix(src, []byte("%PDF-")) || !bytes.Contains(src, []byte("%%EOF")) {
		return "", false
	}
	if bad := activeIn(src); bad != "" {
		return bad, true
	}
	left := int64(inflateLimit)
	for _, at := range streamRe.FindAllIndex(src, -1) {
		head := unescape(src[max(0, at[0]-500):at[0]])
		if objects := bytes.LastIndex(head, []byte("/ObjStm")); objects >= 0 && packedRe.Match(head) {
			return "/ObjStm", true // objects packed as no program of today does it
		}
		r, err := zlib.NewReader(bytes.NewReader(src[at[1]:]))
		if err != nil {
			continue // not packed, or a picture: what can be read of it was read above
		}
		limited := &io.LimitedReader{R: r, N: left}
		text, _ := io.ReadAll(limited) // a stream that breaks off shows what it could
		if left = limited.N; left <= 0 {
			return "mere, end der kan læses igennem", true
		}
		if bad := activeIn(text); bad != "" {
			return bad, true
		}
	}
	return "", true
}

func activeIn(src []byte) string {
	src = unescape(src)
	at := slices.IndexFunc(active, func(name string) bool { return bytes.Contains(src, []byte(name)) })
	if at < 0 {
		return ""
	}
	return active[at]
}

// unescape writes names plainly: /J#61vaScript is /JavaScript.
func unescape(src []byte) []byte {
	return hexRe.ReplaceAllFunc(src, func(m []byte) []byte {
		b, _ := strconv.ParseUint(string(m[1:]), 16, 8) // two digits by hexRe
		return []byte{byte(b)}
	})
}

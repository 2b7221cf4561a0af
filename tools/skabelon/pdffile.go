package skabelon

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf16"
)

// A pdfFile is the objects of a PDF file (ISO 32000-1), by number from 1.
type pdfFile struct {
	objects [][]byte // without "1 0 obj"; nil until set
	streams []bool   // which of them are streams
}

// A ref is the number of an object.
type ref int

func (r ref) String() string { return fmt.Sprintf("%d 0 R", int(r)) }

func (f *pdfFile) alloc() ref {
	f.objects, f.streams = append(f.objects, nil), append(f.streams, false)
	return ref(len(f.objects))
}

func (f *pdfFile) set(r ref, format string, args ...any) {
	f.objects[r-1] = fmt.Appendf(nil, format, args...)
}

// stream sets a compressed stream; dict is what its dictionary has beside its length.
func (f *pdfFile) stream(r ref, dict string, data []byte) {
	packed := deflate(data)
	f.raw(r, dict+" /Filter /FlateDecode", packed)
}

func (f *pdfFile) raw(r ref, dict string, data []byte) {
	f.objects[r-1] = bytes.Join([][]byte{fmt.Appendf(nil, "<< %s /Length %d >>\nstream\n", dict, len(data)), data, []byte("\nendstream")}, nil)
	f.streams[r-1] = true
}

func deflate(data []byte) []byte {
	var out bytes.Buffer
	w, err := zlib.NewWriterLevel(&out, zlib.BestCompression)
	if err == nil {
		_, err = w.Write(data)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		panic("deflate to memory: " + err.Error())
	}
	return out.Bytes()
}

// perPack is how many objects are compressed together.
const perPack = 150

// bytes writes the file: streams as they stand, all other objects packed into object
// streams (7.5.7), and a cross-reference stream (7.5.8).
func (f *pdfFile) bytes(root, info ref) []byte {
	type place struct {
		kind byte // 1: at an offset; 2: within an object stream
		a, b int
	}
	places := make([]place, len(f.objects)+1)
	var packed []ref
	for i := range f.objects {
		if !f.streams[i] {
			packed = append(packed, ref(i+1))
		}
	}
	for len(packed) > 0 {
		n := min(perPack, len(packed))
		var heads, bodies bytes.Buffer
		pack := f.alloc()
		places = append(places, place{})
		for i, r := range packed[:n] {
			fmt.Fprintf(&heads, "%d %d ", int(r), bodies.Len())
			bodies.Write(f.objects[r-1])
			bodies.WriteByte('\n')
			places[r] = place{2, int(pack), i}
		}
		f.stream(pack, fmt.Sprintf("/Type /ObjStm /N %d /First %d", n, heads.Len()), append(heads.Bytes(), bodies.Bytes()...))
		packed = packed[n:]
	}
	out := []byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	for i, o := range f.objects {
		if !f.streams[i] {
			continue
		}
		places[i+1] = place{1, len(out), 0}
		out = fmt.Appendf(out, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	table := f.alloc()
	at := len(out)
	places = append(places, place{1, at, 0})
	rows := []byte{0, 0, 0, 0, 0, 255, 255}
	for _, p := range places[1:] {
		rows = append(rows, p.kind)
		rows = binary.BigEndian.AppendUint32(rows, uint32(p.a))
		rows = binary.BigEndian.AppendUint16(rows, uint16(p.b))
	}
	id := sha256.Sum256(out)
	f.stream(table, fmt.Sprintf("/Type /XRef /Size %d /W [1 4 2] /Root %s /Info %s /ID [<%x> <%x>]", len(places), root, info, id[:16], id[:16]), rows)
	return fmt.Appendf(out, "%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n", int(table), f.objects[table-1], at)
}

var escapes = strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`, "\r", `\r`, "\n", `\n`)

// textString writes text for a person, in any language (7.9.2.2).
func textString(s string) string {
	raw := []byte{0xfe, 0xff}
	for _, u := range utf16.Encode([]rune(s)) {
		raw = binary.BigEndian.AppendUint16(raw, u)
	}
	return "(" + escapes.Replace(string(raw)) + ")"
}

// byteString writes bytes as they stand: addresses, and text in a font's encoding.
func byteString(s []byte) string { return "(" + escapes.Replace(string(s)) + ")" }

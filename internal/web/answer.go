package web

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
	"sync"
)

// answer sends what was made for this request alone, compressed for those who take
// gzip. It has no validator: it is asked for anew each time.
func answer(w http.ResponseWriter, r *http.Request, status int, mediaType string, src []byte) {
	h := w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Cache-Control", "no-cache")
	h["Vary"] = varyEncoding
	if len(src) >= compressFrom && choose(r.Header.Get("Accept-Encoding"), made).encoding == "gzip" {
		h.Set("Content-Encoding", "gzip")
		src = compress(src)
	}
	h.Set("Content-Length", strconv.Itoa(len(src)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(src)
	}
}

const compressFrom = 512 // bytes; less is not worth the work

// made are the encodings of what is made for a request.
var made = []*version{{encoding: "gzip"}, {}}

var compressors = sync.Pool{New: func() any {
	w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // the level is one there is
	return w
}}

func compress(src []byte) []byte {
	var out bytes.Buffer
	w := compressors.Get().(*gzip.Writer)
	defer compressors.Put(w)
	w.Reset(&out)
	_, _ = w.Write(src) // a buffer takes all
	_ = w.Close()
	return out.Bytes()
}

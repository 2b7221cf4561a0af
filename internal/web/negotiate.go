package web

import (
	"strconv"
	"strings"
)

// accept gives the weight of each encoding in an Accept-Encoding header: RFC 9110,
// section 12.5.3. What is not named, with no * either, is not wanted, but for the
// file as it is.
type accept struct {
	br, gzip, identity, star float64 // -1 when not named
}

func parseAccept(header string) accept {
	a := accept{-1, -1, -1, -1}
	for header != "" {
		var part string
		part, header, _ = strings.Cut(header, ",")
		coding, parameters, _ := strings.Cut(part, ";")
		q := weight(parameters)
		switch strings.ToLower(strings.TrimSpace(coding)) {
		case "br":
			a.br = q
		case "gzip", "x-gzip":
			a.gzip = q
		case "identity":
			a.identity = q
		case "*":
			a.star = q
		}
	}
	return a
}

// weight reads ";q=0.5". One that cannot be read counts as not wanted: the file as it
// is suits everyone.
func weight(parameters string) float64 {
	name, value, found := strings.Cut(parameters, "=")
	if !found {
		return 1
	}
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if !strings.EqualFold(strings.TrimSpace(name), "q") || err != nil || !(q >= 0 && q <= 1) {
		return 0
	}
	return q
}

// of gives the weight of an encoding; "" is the file as it is.
func (a accept) of(encoding string) float64 {
	q := a.identity
	switch encoding {
	case "br":
		q = a.br
	case "gzip":
		q = a.gzip
	}
	switch {
	case q >= 0:
		return q
	case encoding == "":
		return 0.0005 // less than the smallest weight one can write, more than nothing
	default:
		return max(a.star, 0)
	}
}

// choose gives the version to send: the one of most weight, and the first of equals.
// With nothing acceptable it is the last, the file as it is.
func choose(header string, versions []*version) *version {
	best, most := versions[len(versions)-1], 0.0
	if header == "" {
		return best
	}
	a := parseAccept(header)
	for _, v := range versions {
		if q := a.of(v.encoding); q > most {
			best, most = v, q
		}
	}
	return best
}

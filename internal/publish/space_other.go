//go:build !unix

package publish

import "errors"

var errNoSpace = errors.New("no space")

//go:build unix

package publish

import "syscall"

var errNoSpace error = syscall.ENOSPC

//go:build unix

package bench

import (
	"os"
	"runtime"
	"syscall"
)

// peak gives the memory a process had at most.
func peak(state *os.ProcessState) int64 {
	use, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return int64(use.Maxrss)
	}
	return int64(use.Maxrss) << 10
}

// Package bench measures programs from outside, as an operator would: whole processes,
// their time, CPU and memory, and servers under load on this machine. In go commands
// and a release; out come figures. It never reaches beyond the loopback address, and
// every load is bounded in time and connections.
package bench

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// A Cost is what one run of a process took.
type Cost struct {
	Wall, CPU time.Duration
	Peak      int64 // bytes of memory at most
}

// Run runs a command to its end. What it says comes back only as part of an error.
func Run(ctx context.Context, dir, name string, args ...string) (Cost, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	began := time.Now()
	err := cmd.Run()
	if err != nil {
		return Cost{}, fmt.Errorf("run %s: %w: %s", filepath.Base(name), err, said.Bytes()[max(0, said.Len()-2000):])
	}
	state := cmd.ProcessState
	return Cost{Wall: time.Since(began), CPU: state.UserTime() + state.SystemTime(), Peak: peak(state)}, nil
}

// Used gives the processor time that this process has taken.
func Used() time.Duration { return used() }

// Size gives the bytes of all files below dir.
func Size(dir string) (sum int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err == nil {
			sum += info.Size()
		}
		return err
	})
	return sum, err
}

// Write lays the files of fsys out below dir.
func Write(fsys fs.FS, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.CopyFS(dir, fsys)
}

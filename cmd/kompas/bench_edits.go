package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// editRuns is how many edits are measured: they are quick, and wait for each other's
// whole builds.
const editRuns = 5

// edits measures how long it takes from the saving of one page of n until the preview
// answers with its new text.
func (b *benchmark) edits(ctx context.Context, n int) (err error) {
	cmd := exec.CommandContext(ctx, b.program, "serve", "--source", b.source(n), "--addr", "127.0.0.1:0")
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return fmt.Errorf("start preview: %w", err)
	}
	defer func() {
		err = errors.Join(err, cmd.Process.Signal(syscall.SIGTERM), cmd.Wait())
	}()
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return fmt.Errorf("read preview's address: %w", err)
	}
	at := strings.TrimSpace(address) + "emne-0/side-0/"
	page := filepath.Join(b.source(n), "content", "emne-0", "side-0.md")
	src, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	var times []time.Duration
	for i := range editRuns {
		mark := fmt.Sprintf("Ændring nummer %d.", i)
		began := time.Now()
		if err := os.WriteFile(page, fmt.Appendf(src, "\n%s\n", mark), 0o644); err != nil {
			return err
		}
		if err := until(ctx, at, mark); err != nil {
			return err
		}
		times = append(times, time.Since(began))
		time.Sleep(2 * settle) // the whole site follows; somebody reads
	}
	b.seen = append(b.seen, times)
	return os.WriteFile(page, src, 0o644)
}

// until asks for a page until it has a text.
func until(ctx context.Context, at, text string) error {
	for end := time.Now().Add(time.Minute); time.Now().Before(end) && ctx.Err() == nil; time.Sleep(5 * time.Millisecond) {
		r, err := http.Get(at)
		if err != nil {
			return err
		}
		src, err := io.ReadAll(r.Body)
		if err = errors.Join(err, r.Body.Close()); err != nil {
			return err
		}
		if strings.Contains(string(src), text) {
			return nil
		}
	}
	return fmt.Errorf("%s does not show %q", at, text)
}

func (b *benchmark) tellEdits() {
	fmt.Fprintf(b.stdout, "\n| sider | én side gemt, til forhåndsvisningen viser den | den langsomste af %d |\n|---:|---:|---:|\n", editRuns)
	for i, n := range b.sizes {
		slices.Sort(b.seen[i])
		fmt.Fprintf(b.stdout, "| %d | %d ms | %d ms |\n", n, b.seen[i][editRuns/2].Milliseconds(), b.seen[i][editRuns-1].Milliseconds())
	}
}

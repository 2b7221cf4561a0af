package deploy

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
)

// A Folder is a place on disk, for another web server to serve.
type Folder struct {
	dir  string
	mu   sync.Mutex
	root *os.Root // nil while there is no folder
}

// OpenFolder opens a folder. One that is not there is empty, and made when something is
// written. Nothing outside it is touched, not even through links inside it.
func OpenFolder(dir string) (*Folder, error) {
	f := &Folder{dir: dir}
	root, err := os.OpenRoot(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, fmt.Errorf("open folder: %w", err)
	default:
		f.root = root
	}
	return f, nil
}

// Close lets go of the folder.
func (f *Folder) Close() error {
	if f.root == nil {
		return nil
	}
	return f.root.Close()
}

// make makes the folder if it is not there.
func (f *Folder) make() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.root != nil {
		return nil
	}
	err := os.MkdirAll(f.dir, 0o755)
	if err == nil {
		f.root, err = os.OpenRoot(f.dir)
	}
	return err
}

// half is the end of the name of a file that is not whole yet.
const half = ".kompas-ny"

// List gives the size of every file, but for those that a run left half written.
func (f *Folder) List(ctx context.Context) (map[string]int64, error) {
	held := map[string]int64{}
	if f.root == nil {
		return held, nil
	}
	err := fs.WalkDir(f.root.FS(), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || strings.HasSuffix(name, half) {
			return errors.Join(err, ctx.Err())
		}
		info, err := e.Info()
		if err == nil {
			held[name] = info.Size()
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list folder: %w", err)
	}
	return held, nil
}

// Read gives the bytes of a file.
func (f *Folder) Read(_ context.Context, key string) ([]byte, error) {
	if f.root == nil {
		return nil, fs.ErrNotExist
	}
	return f.root.ReadFile(filepath.FromSlash(key))
}

// Write fills a file beside its place and moves it there. The headers are the server's
// to send.
func (f *Folder) Write(ctx context.Context, key string, body []byte, _ Headers) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := f.make(); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	name := filepath.FromSlash(key)
	if err := f.root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return fmt.Errorf("write %s: %w", key, err)
	}
	err := f.root.WriteFile(name+half, body, 0o644)
	if err == nil {
		err = f.root.Rename(name+half, name)
	}
	if err != nil {
		_ = f.root.Remove(name + half)
		return fmt.Errorf("write %s: %w", key, err)
	}
	return nil
}

// Delete removes a file, and the folders that are empty after it.
func (f *Folder) Delete(_ context.Context, key string) error {
	if err := f.root.Remove(filepath.FromSlash(key)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove %s: %w", key, err)
	}
	for dir := path.Dir(key); dir != "."; dir = path.Dir(dir) {
		if f.root.Remove(filepath.FromSlash(dir)) != nil {
			break // not empty
		}
	}
	return nil
}

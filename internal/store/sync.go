package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// sync hands a filled release to the disk before a rename makes it count.
func (s *Store) sync(dir string) error {
	if s.temporary || runtime.GOOS == "windows" { // needs writable handles there; receiving is for Linux
		return nil
	}
	return syncAll(dir)
}

// syncDir hands the names in a folder of the store to the disk.
func (s *Store) syncDir(name string) error {
	if s.temporary || runtime.GOOS == "windows" {
		return nil
	}
	return syncFile(filepath.Join(s.dir, name))
}

func syncFile(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// syncEach hands each file below dir to the disk by itself.
func syncEach(dir string) error {
	return filepath.WalkDir(dir, func(name string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return syncFile(name)
	})
}

// writeFile puts a small file into place whole or not at all.
func (s *Store) writeFile(name string, src []byte) error {
	at := filepath.Join(s.dir, name)
	f, err := os.CreateTemp(s.dir, name+".*"+filling)
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(src)
	err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), at)
	}
	return errors.Join(err, s.syncDir("."))
}

//go:build !linux

package store

func syncAll(dir string) error { return syncEach(dir) }

//go:build !unix

package store

import (
	"context"
	"errors"
)

// Lock is not to be had here: receiving is for Linux.
func (s *Store) Lock(context.Context) (unlock func(), err error) {
	return nil, errors.New("lock store: not on this system")
}

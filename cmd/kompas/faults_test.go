package main

import (
	"context"
	"os"
	"strings"
	"syscall"
)

// withFaults lets a test stop the program dead at a step of publishing: KOMPAS_STOP is
// the step's name, and KOMPAS_STOP_IN, if set, a word that the command line must hold.
func withFaults(ctx context.Context) context.Context {
	at := os.Getenv("KOMPAS_STOP")
	if at == "" || !strings.Contains(strings.Join(os.Args, " "), os.Getenv("KOMPAS_STOP_IN")) {
		return ctx
	}
	return context.WithValue(ctx, stepKey{}, func(name string) {
		if name == at {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	})
}

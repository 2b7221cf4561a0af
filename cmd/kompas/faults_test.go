package main

import (
	"context"
	"os"
	"strings"
	"time"
)

// withTrial lets a test stop the program dead at a step of publishing, and set its
// clock. KOMPAS_STOP is the step's name, KOMPAS_STOP_IN a word that the command line
// must hold; KOMPAS_UR is a file with the instant it is.
func withTrial(ctx context.Context) context.Context {
	t := trial{now: time.Now, step: func(string) {}}
	if at := os.Getenv("KOMPAS_STOP"); at != "" && strings.Contains(strings.Join(os.Args, " "), os.Getenv("KOMPAS_STOP_IN")) {
		t.step = func(name string) {
			if name == at {
				self, _ := os.FindProcess(os.Getpid())
				_ = self.Kill() // no deferred call runs
				select {}
			}
		}
	}
	if clock := os.Getenv("KOMPAS_UR"); clock != "" {
		t.now = func() time.Time {
			src, err := os.ReadFile(clock)
			at, parseErr := time.Parse(time.RFC3339, strings.TrimSpace(string(src)))
			if err != nil || parseErr != nil {
				panic("KOMPAS_UR cannot be read: " + clock)
			}
			return at
		}
	}
	return context.WithValue(ctx, trialKey{}, t)
}

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"

	"kompetenceudvikling.dk/kompas/internal/publish"
)

// publishSSH is the forced command of a key in authorized_keys: whoever has the key may
// fetch from and push to the store's repository, under the name and role that the
// server's operator wrote beside the key, and do nothing else. The path that the client
// asks for is not read: there is one repository.
func publishSSH(ctx context.Context, c *call) error {
	dir := c.flags.String("store", "", "mappen med udgivelserne")
	if err := c.parse(2); err != nil {
		return err
	}
	if c.flags.NArg() != 2 {
		return usageError{"sig, hvem nøglen tilhører", "skriv i authorized_keys: command=\"kompas publish ssh NAVN redaktoer --store UDGIVELSER\""}
	}
	name, role := c.flags.Arg(0), c.flags.Arg(1)
	if problem := publish.UserProblem(name, role); problem != "" {
		return usageError{problem, "ret linjen i authorized_keys"}
	}
	p, err := openPublisher(ctx, c, *dir)
	if err != nil {
		return err
	}
	service, _, _ := strings.Cut(strings.Replace(os.Getenv("SSH_ORIGINAL_COMMAND"), "git ", "git-", 1), " ")
	if !slices.Contains([]string{"git-receive-pack", "git-upload-pack"}, service) {
		return usageError{"her svarer kun git", "brug git clone, git pull og git push"}
	}
	cmd := exec.CommandContext(ctx, "git", strings.TrimPrefix(service, "git-"), p.Settings.Repo)
	cmd.Env = append(os.Environ(), publish.UserEnv+"="+name, publish.RoleEnv+"="+role)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, c.stdout, c.stderr
	var exit *exec.ExitError
	switch err := cmd.Run(); {
	case errors.As(err, &exit):
		return errQuiet // git has told the client why
	case err != nil:
		return fmt.Errorf("run git: %w", err)
	}
	return nil
}

package release

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"kompetenceudvikling.dk/kompas/internal/content"
)

// securityText writes /.well-known/security.txt (RFC 9116): where to tell of a hole in
// the site. It must say until when it holds, less than a year ahead: here the first day
// of the eleventh month from the one the release shows.
func securityText(tree *content.Tree, baseURL, dir string) error {
	now := tree.Now.UTC()
	expires := time.Date(now.Year(), now.Month()+11, 1, 0, 0, 0, 0, time.UTC)
	text := fmt.Sprintf("Contact: mailto:%s\nExpires: %s\nPreferred-Languages: da, en\n", tree.Data.Contact.InfoMail, expires.Format(time.RFC3339))
	if baseURL != "" {
		text += "Canonical: " + baseURL + ".well-known/security.txt\n"
	}
	at := filepath.Join(dir, ".well-known")
	if err := os.MkdirAll(at, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(at, "security.txt"), []byte(text), 0o644)
}

package cluster

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// oldest is the first version of PostgreSQL that is supported.
const oldest = 15

// MissingError says that no server was found, and what to install.
type MissingError struct{ Seen []string }

// Error is one sentence with the cure.
func (e *MissingError) Error() string {
	text := fmt.Sprintf("the server programs of PostgreSQL %d or later are missing: apt-get install postgresql-%d, or set PG_BIN to the folder that holds postgres and initdb", oldest, oldest)
	if len(e.Seen) > 0 {
		text += " (seen and not fit: " + strings.Join(e.Seen, ", ") + ")"
	}
	return text
}

// Find returns the folder of postgres and initdb: PG_BIN, else the newest of
// Debian's folders, pg_config's and the one on the path. *MissingError if none.
func Find(ctx context.Context) (string, error) {
	var missing MissingError
	best, newest := "", 0
	for _, folder := range candidates(ctx) {
		version, err := serverVersion(ctx, folder)
		if err != nil {
			continue
		}
		if version < oldest {
			missing.Seen = append(missing.Seen, fmt.Sprintf("%s (%d)", folder, version))
			continue
		}
		if folder == os.Getenv("PG_BIN") {
			return folder, nil
		}
		if version > newest {
			best, newest = folder, version
		}
	}
	if best == "" {
		return "", &missing
	}
	return best, nil
}

func candidates(ctx context.Context) []string {
	var folders []string
	if given := os.Getenv("PG_BIN"); given != "" {
		folders = append(folders, given)
	}
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin"} {
		found, _ := filepath.Glob(pattern) // the patterns are well formed
		folders = append(folders, found...)
	}
	if said, err := exec.CommandContext(ctx, "pg_config", "--bindir").Output(); err == nil {
		folders = append(folders, strings.TrimSpace(string(said)))
	}
	if server, err := exec.LookPath("postgres"); err == nil {
		folders = append(folders, filepath.Dir(server))
	}
	return folders
}

var versionNumber = regexp.MustCompile(`PostgreSQL\) (\d+)`)

func serverVersion(ctx context.Context, folder string) (int, error) {
	if _, err := os.Stat(filepath.Join(folder, "initdb")); err != nil {
		return 0, err
	}
	said, err := exec.CommandContext(ctx, filepath.Join(folder, "postgres"), "--version").Output()
	if err != nil {
		return 0, err
	}
	match := versionNumber.FindSubmatch(said)
	if match == nil {
		return 0, fmt.Errorf("%s: no version in %q", folder, said)
	}
	return strconv.Atoi(string(match[1]))
}

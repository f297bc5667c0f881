package cluster

import (
	"errors"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// unprivileged is the user under whom the server runs: PostgreSQL refuses root.
// It is nil when the caller is an ordinary user.
func unprivileged() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(found.Uid, 10, 32)
		if err != nil {
			continue
		}
		gid, err := strconv.ParseUint(found.Gid, 10, 32)
		if err != nil {
			continue
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("PostgreSQL does not run as root, and neither postgres nor nobody is a user here: useradd --system postgres")
}

// as lets a command run under a user, in a process group of its own, so that an
// interrupt from the terminal does not reach it before the tests have ended.
func as(who *syscall.Credential, folder string, command *exec.Cmd) *exec.Cmd {
	command.Dir = folder
	command.Env = []string{"PATH=" + os.Getenv("PATH") + ":/usr/bin:/bin", "LC_ALL=C", "HOME=" + folder}
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: who}
	return command
}

// makeFolder makes the cluster's folder, where its user can reach it.
func makeFolder(who *syscall.Credential) (string, error) {
	places := []string{os.TempDir(), "/tmp", "/var/tmp"}
	var failed []error
	for _, place := range places {
		if who != nil && !open(place) {
			continue
		}
		folder, err := os.MkdirTemp(place, "guangyi-postgres-")
		if err == nil && who != nil {
			err = os.Chown(folder, int(who.Uid), int(who.Gid))
		}
		if err == nil {
			return folder, nil
		}
		failed = append(failed, err)
	}
	return "", errors.Join(append(failed, errors.New("no temporary folder for PostgreSQL: set TMPDIR to one that every user may enter"))...)
}

// open reports whether every user may enter the folder.
func open(place string) bool {
	place, err := filepath.EvalSymlinks(place)
	if err != nil {
		return false
	}
	for at := filepath.Clean(place); ; at = filepath.Dir(at) {
		info, err := os.Stat(at)
		if err != nil || info.Mode().Perm()&0o001 == 0 {
			return false
		}
		if at == filepath.Dir(at) {
			return true
		}
	}
}

package imaptest

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// ErrMissing says that there is no Dovecot, and what to install.
var ErrMissing = errors.New("Dovecot is missing: apt-get install dovecot-imapd, or set DOVECOT to the path of dovecot")

// FindDovecot returns the path of the server: DOVECOT, else where Debian has it.
func FindDovecot() (string, error) {
	for _, name := range []string{os.Getenv("DOVECOT"), "dovecot", "/usr/sbin/dovecot", "/usr/local/sbin/dovecot"} {
		if name == "" {
			continue
		}
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrMissing
}

// startSeconds is how long Dovecot may take until it listens.
const startSeconds = 30

// guard runs the server until its standard input closes, then ends it and removes
// its folder; so it ends with the test, however that ends.
const guard = `
folder=$1 server=$2; shift 2
exec 3<&0
"$server" "$@" >"$folder/said" 2>&1 3<&- </dev/null &
server=$!
( cat <&3; kill -TERM "$server" ) >/dev/null 2>&1 &
watch=$!
wait "$server"
kill "$watch" 2>/dev/null
for try in 1 2 3 4 5 6 7 8 9 10; do rm -rf -- "$folder" 2>/dev/null && break; sleep 0.2; done
`

// Dovecot starts a private server that ends with the test, as an unprivileged user
// also when the caller is root.
func Dovecot(t testing.TB, users ...string) *Server {
	t.Helper()
	program, err := FindDovecot()
	must(t, err)
	who, credential := account(t)
	folder, err := os.MkdirTemp("/tmp", "guangyi-dovecot-") // a short path: its sockets have names of 108 bytes at most
	must(t, err)
	_, roots, open, closed := certificate(t)
	plain, secure := listen(t), listen(t)
	s := &Server{Name: "dovecot", Port: portOf(secure), StartTLS: portOf(plain), Roots: roots, PEM: open, password: Password}
	write(t, folder, "cert.pem", string(open))
	write(t, folder, "key.pem", string(closed))
	write(t, folder, "users", passwords(users))
	write(t, folder, "dovecot.conf", settings(folder, who, s))
	if credential != nil {
		must(t, exec.Command("chown", "-R", who.Uid+":"+who.Gid, folder).Run())
	}
	plain.Close()
	secure.Close() // the ports are taken a moment later
	command := exec.Command("/bin/sh", "-c", guard, "guard", folder, program, "-F", "-c", filepath.Join(folder, "dovecot.conf"))
	command.Dir = folder
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: credential}
	leash, err := command.StdinPipe()
	must(t, err)
	must(t, command.Start())
	ended := make(chan struct{})
	go func() {
		_ = command.Wait()
		close(ended)
	}()
	t.Cleanup(func() {
		leash.Close()
		<-ended
	})
	s.await(t, folder, ended)
	return s
}

// account is under whom Dovecot runs: it gives out no mail as root.
func account(t testing.TB) (*user.User, *syscall.Credential) {
	t.Helper()
	if os.Geteuid() != 0 {
		who, err := user.Current()
		must(t, err)
		return who, nil
	}
	who, err := user.Lookup("nobody")
	must(t, err)
	uid, err := strconv.ParseUint(who.Uid, 10, 32)
	must(t, err)
	gid, err := strconv.ParseUint(who.Gid, 10, 32)
	must(t, err)
	return who, &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}

func write(t testing.TB, folder, name, content string) {
	t.Helper()
	must(t, os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600))
}

func passwords(users []string) string {
	var b strings.Builder
	for _, u := range users {
		fmt.Fprintf(&b, "%s:{PLAIN}%s\n", u, Password)
	}
	return b.String()
}

func settings(folder string, who *user.User, s *Server) string {
	group := who.Gid
	if g, err := user.LookupGroupId(who.Gid); err == nil {
		group = g.Name
	}
	return fmt.Sprintf(`base_dir = %[1]s/base
state_dir = %[1]s/state
log_path = %[1]s/log
protocols = imap
listen = %[2]s
default_internal_user = %[3]s
default_internal_group = %[4]s
default_login_user = %[3]s
mail_location = maildir:~/Maildir
mail_fsync = never
disable_plaintext_auth = yes
auth_mechanisms = plain login
auth_username_chars =
auth_failure_delay = 0
ssl = required
ssl_cert = <%[1]s/cert.pem
ssl_key = <%[1]s/key.pem
first_valid_uid = 1
first_valid_gid = 1
passdb {
  driver = passwd-file
  args = %[1]s/users
}
userdb {
  driver = static
  args = uid=%[5]s gid=%[6]s home=%[1]s/home/%%u
}
service imap-login {
  chroot =
  inet_listener imap {
    port = %[7]d
  }
  inet_listener imaps {
    port = %[8]d
    ssl = yes
  }
}
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  chroot =
}
`, folder, Host, who.Username, group, who.Uid, who.Gid, s.StartTLS, s.Port)
}

// await returns when the server answers.
func (s *Server) await(t testing.TB, folder string, ended chan struct{}) {
	t.Helper()
	for end := time.Now().Add(startSeconds * time.Second); time.Now().Before(end); {
		if conn, err := net.Dial("tcp", net.JoinHostPort(Host, strconv.Itoa(s.Port))); err == nil {
			conn.Close()
			return
		}
		select {
		case <-ended:
			t.Fatal("Dovecot ended while it started: is this a version that does not know its settings?")
		case <-time.After(30 * time.Millisecond):
		}
	}
	said, _ := os.ReadFile(filepath.Join(folder, "log"))
	t.Fatalf("Dovecot did not listen within %d seconds:\n%s", startSeconds, said)
}

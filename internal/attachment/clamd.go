package attachment

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"time"
)

// Clamd asks ClamAV's daemon by its INSTREAM command (clamd(8)): the content is sent
// to it, so that it may run elsewhere and needs no right to read our files.
type Clamd struct {
	network, address string
	wait             time.Duration
}

// clamdWait is how long one file may take.
const clamdWait = 2 * time.Minute

// clamdChunk is how much is sent at a time.
const clamdChunk = 64 << 10

// NewClamd reads an address: tcp://host:3310 or unix:///run/clamav/clamd.ctl.
func NewClamd(address string) (*Clamd, error) {
	u, err := url.Parse(address)
	switch {
	case err == nil && u.Scheme == "tcp" && u.Port() != "" && u.Hostname() != "" && u.Path == "":
		return &Clamd{"tcp", u.Host, clamdWait}, nil
	case err == nil && u.Scheme == "unix" && u.Host == "" && len(u.Path) > 1:
		return &Clamd{"unix", u.Path, clamdWait}, nil
	}
	return nil, errors.New("the address of clamd is neither tcp://host:port nor unix:///path")
}

// Scan sends the content and reads the verdict. Finding is the name of what was
// found.
func (c *Clamd) Scan(ctx context.Context, content io.Reader) (finding string, err error) {
	ctx, stop := context.WithTimeout(ctx, c.wait)
	defer stop()
	var d net.Dialer
	conn, err := d.DialContext(ctx, c.network, c.address)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })()
	// clamd may answer and hang up before all is sent: what it said counts.
	sent := stream(conn, content)
	answer, err := bufio.NewReader(io.LimitReader(conn, 4096)).ReadString(0)
	if answer == "" {
		return "", fmt.Errorf("clamd gave no answer: %w", errors.Join(sent, err))
	}
	return verdict(strings.TrimRight(answer, "\x00\r\n"), sent)
}

// stream writes the command and the content: each chunk behind its length, and a
// length of nought at the end.
func stream(to io.Writer, content io.Reader) error {
	if _, err := io.WriteString(to, "zINSTREAM\x00"); err != nil {
		return err
	}
	chunk := make([]byte, 4+clamdChunk)
	for {
		n, err := io.ReadFull(content, chunk[4:])
		if n > 0 {
			binary.BigEndian.PutUint32(chunk, uint32(n))
			if _, err := to.Write(chunk[:4+n]); err != nil {
				return err
			}
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			_, err = to.Write([]byte{0, 0, 0, 0})
			return err
		}
		if err != nil {
			return err
		}
	}
}

// verdict reads "stream: OK", "stream: NAME FOUND", or an error in words.
func verdict(answer string, sent error) (string, error) {
	rest, ok := strings.CutPrefix(answer, "stream: ")
	if name, found := strings.CutSuffix(rest, " FOUND"); ok && found && name != "" {
		return name, nil
	}
	if ok && rest == "OK" && sent == nil {
		return "", nil
	}
	return "", fmt.Errorf("clamd says %q", answer)
}

package imapbox

import (
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// Box is an open folder. One goroutine uses it at a time.
type Box struct {
	// Validity is the folder's UIDVALIDITY: under another one, the same UID is
	// another mail (RFC 3501, section 2.3.1.1).
	Validity uint32

	client *imapclient.Client
	conn   net.Conn
	stop   func() bool
	idles  bool
	news   chan struct{}
}

// Found is a mail that is there, not fetched as yet.
type Found struct {
	UID      uint32
	Size     int64     // bytes
	Received time.Time // by the server (INTERNALDATE)
	Seen     bool
}

// Since lists the mails with a UID above last, by UID.
func (b *Box) Since(last uint32) ([]Found, error) {
	var set imap.UIDSet
	set.AddRange(imap.UID(last)+1, 0) // 0 is *
	all, err := b.client.Fetch(set, &imap.FetchOptions{UID: true, RFC822Size: true, InternalDate: true, Flags: true}).Collect()
	if err != nil {
		return nil, explain(err)
	}
	out := make([]Found, 0, len(all))
	for _, m := range all {
		if uint32(m.UID) <= last { // n:* always names the last mail
			continue
		}
		out = append(out, Found{uint32(m.UID), m.RFC822Size, m.InternalDate.UTC(), slices.Contains(m.Flags, imap.FlagSeen)})
	}
	slices.SortFunc(out, func(a, b Found) int { return int(int64(a.UID) - int64(b.UID)) })
	return out, nil
}

// Fetch gives a mail byte for byte without marking it as read; only its header
// when onlyHeader is set. ok is false when it is gone. More than most bytes are an
// error: a server that sends more than it announced is not to be believed.
func (b *Box) Fetch(uid uint32, onlyHeader bool, most int64) (raw []byte, ok bool, err error) {
	section := &imap.FetchItemBodySection{Peek: true}
	if onlyHeader {
		section.Specifier = imap.PartSpecifierHeader
	}
	cmd := b.client.Fetch(imap.UIDSetNum(imap.UID(uid)), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}})
	defer cmd.Close() // whatever happens: the connection's reader waits for what is not taken
	for m := cmd.Next(); m != nil; m = cmd.Next() {
		var found []byte
		right := false
		for item := m.Next(); item != nil; item = m.Next() {
			switch item := item.(type) {
			case imapclient.FetchItemDataUID:
				right = uint32(item.UID) == uid
			case imapclient.FetchItemDataBodySection:
				if item.Literal == nil {
					continue
				}
				if item.Literal.Size() > most {
					b.conn.Close()
					return nil, false, &Trouble{Broken, "the server sends more than it announced"}
				}
				if found, err = io.ReadAll(item.Literal); err != nil {
					return nil, false, explain(err)
				}
			}
		}
		if right && found != nil {
			raw, ok = found, true
		}
	}
	if err := cmd.Close(); err != nil {
		return nil, false, explain(err)
	}
	return raw, ok, nil
}

// MarkRead sets \Seen. Mails that are gone are passed over.
func (b *Box) MarkRead(uids []uint32) error {
	if len(uids) == 0 {
		return nil
	}
	var set imap.UIDSet
	for _, u := range uids {
		set.AddNum(imap.UID(u))
	}
	flags := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagSeen}}
	if err := b.client.Store(set, flags, nil).Close(); err != nil {
		return explain(err)
	}
	return nil
}

// Idles reports whether the server tells of new mail by itself (RFC 2177).
func (b *Box) Idles() bool { return b.idles }

// Wait returns when the server says that something changed, after d, or when ctx
// ends: by IDLE, or by asking once at the end where the server has none.
func (b *Box) Wait(ctx context.Context, d time.Duration) error {
	end := time.NewTimer(d)
	defer end.Stop()
	if !b.idles {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-end.C:
		}
		if err := b.client.Noop().Wait(); err != nil {
			return explain(err)
		}
		return nil
	}
	idle, err := b.client.Idle()
	if err != nil {
		return explain(err)
	}
	var cause error
	select {
	case <-ctx.Done():
		cause = ctx.Err()
	case <-b.news:
	case <-end.C:
	case <-b.client.Closed():
		return &Trouble{Code: Broken, Detail: "the server closed the connection"}
	}
	if err := idle.Close(); err != nil {
		return explain(err)
	}
	if err := idle.Wait(); err != nil {
		return explain(err)
	}
	return cause
}

// tell notes news; the reader of the connection must not be held up.
func (b *Box) tell() {
	select {
	case b.news <- struct{}{}:
	default:
	}
}

// Close signs out and ends the connection.
func (b *Box) Close() {
	if b.stop != nil {
		b.stop()
	}
	if b.client == nil {
		_ = b.conn.Close()
		return
	}
	_ = b.conn.SetDeadline(time.Now().Add(2 * time.Second))
	if b.client.State() >= imap.ConnStateAuthenticated {
		_ = b.client.Logout().Wait()
	}
	_ = b.client.Close()
	_ = b.conn.Close()
}

// String names the folder by its validity, for the log.
func (b *Box) String() string { return fmt.Sprintf("uidvalidity %d", b.Validity) }

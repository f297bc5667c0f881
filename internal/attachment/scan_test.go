package attachment_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"guangyi/internal/attachment"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/filetext"
	"guangyi/internal/platform/seal"
)

// bad is what the daemon of these tests takes for a virus.
var bad = []byte("EICAR-STANDARD-ANTIVIRUS-TEST-FILE")

// daemon speaks clamd's protocol as clamd(8) writes it down. answer "" is the
// verdict; otherwise it is sent at once, whatever the content.
func daemon(t *testing.T, network, address, answer string, most int) net.Listener {
	t.Helper()
	l, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				_, _ = io.WriteString(conn, verdict(conn, answer, most))
			}()
		}
	}()
	return l
}

func verdict(conn net.Conn, answer string, most int) string {
	command := make([]byte, len("zINSTREAM\x00"))
	if _, err := io.ReadFull(conn, command); err != nil || string(command) != "zINSTREAM\x00" {
		return "UNKNOWN COMMAND\x00"
	}
	if answer != "" {
		return answer
	}
	var content []byte
	for {
		var n uint32
		if err := binary.Read(conn, binary.BigEndian, &n); err != nil {
			return ""
		}
		if n == 0 {
			break
		}
		chunk := make([]byte, n)
		if _, err := io.ReadFull(conn, chunk); err != nil {
			return ""
		}
		if content = append(content, chunk...); len(content) > most {
			return "INSTREAM size limit exceeded. ERROR\x00"
		}
	}
	if bytes.Contains(content, bad) {
		return "stream: Eicar-Test-Signature FOUND\x00"
	}
	return "stream: OK\x00"
}

func TestClamdIsAskedByItsProtocol(t *testing.T) {
	tcp := "tcp://" + daemon(t, "tcp", "127.0.0.1:0", "", 1<<20).Addr().String()
	socket := filepath.Join(t.TempDir(), "clamd.ctl")
	daemon(t, "unix", socket, "", 1<<20)
	long := bytes.Repeat([]byte("x"), 200<<10)
	for _, address := range []string{tcp, "unix://" + socket} {
		c, err := attachment.NewClamd(address)
		if err != nil {
			t.Fatal(err)
		}
		for content, want := range map[string]string{
			"": "", "harmless": "", string(long): "", string(long) + string(bad): "Eicar-Test-Signature", string(bad): "Eicar-Test-Signature",
		} {
			if got, err := c.Scan(ctx, strings.NewReader(content)); err != nil || got != want {
				t.Errorf("%s, %d bytes: %q, %v", address, len(content), got, err)
			}
		}
		if got, err := c.Scan(ctx, bytes.NewReader(make([]byte, 2<<20))); err == nil {
			t.Errorf("over its limit: %q", got)
		}
	}
}

func TestADaemonThatSaysNothingUsefulClearsNoFile(t *testing.T) {
	for _, answer := range []string{"\x00", "stream: \x00", "OK\x00", "stream: OK FOUND IT\x00", "stream:  FOUND\x00", "COMMAND READ TIMED OUT\x00", strings.Repeat("a", 9000)} {
		c, err := attachment.NewClamd("tcp://" + daemon(t, "tcp", "127.0.0.1:0", answer, 0).Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		if got, err := c.Scan(ctx, bytes.NewReader(make([]byte, 1<<20))); err == nil {
			t.Errorf("%.20q passes as %q", answer, got)
		}
	}
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c, _ := attachment.NewClamd("tcp://" + silent.Addr().String())
	hasty, stop := context.WithTimeout(ctx, 50*time.Millisecond)
	defer stop()
	if _, err := c.Scan(hasty, strings.NewReader("x")); err == nil {
		t.Error("no answer passes")
	}
	silent.Close()
	if _, err := c.Scan(ctx, strings.NewReader("x")); err == nil {
		t.Error("nobody there passes")
	}
	for _, address := range []string{"", "localhost:3310", "tcp://localhost", "tcp://:3310", "unix://", "unix:///", "unix://host/x", "http://a:1"} {
		if _, err := attachment.NewClamd(address); err == nil {
			t.Errorf("the address %q is taken", address)
		}
	}
}

// switched is a scanner that can be away.
type switched struct {
	away atomic.Bool
	asks atomic.Int32
}

func (s *switched) Scan(_ context.Context, content io.Reader) (string, error) {
	s.asks.Add(1)
	if s.away.Load() {
		return "", errors.New("away")
	}
	data, err := io.ReadAll(content)
	if bytes.Contains(data, bad) {
		return "Eicar", err
	}
	return "", err
}

// scanned gives a service with a scanner and real keys, on a clock of its own.
func scanned(t *testing.T, test func(f *files, s *switched, keys *seal.Keys, at *clock.Manual)) {
	t.Helper()
	at := clock.At(time.Date(2026, 12, 1, 1, 0, 0, 0, time.UTC))
	databasetest.EachWith(t, database.Options{Clock: at}, func(t *testing.T, db *database.DB) {
		keys, err := seal.Open(ctx, db, t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		f := &files{T: t, Service: service(t, db), db: db, organisation: organisation(t, db)}
		s := &switched{}
		f.ScanWith(s, keys)
		test(f, s, keys, at)
	})
}

func (f *files) open(owner attachment.Owner, id int64) error {
	_, content, err := f.Open(ctx, owner, id)
	if err == nil {
		content.Close()
	}
	return err
}

func TestAFileIsLockedUntilTheScannerHasSeenIt(t *testing.T) {
	scanned(t, func(f *files, s *switched, _ *seal.Keys, at *clock.Manual) {
		s.away.Store(true)
		u := f.upload("a.pdf", pdf)
		if err := f.claim(consultation, submission, u.ID); err != nil {
			f.Fatal(err)
		}
		notice, err := f.put("notice.png", png)
		if err != nil {
			f.Fatal(err)
		}
		letter := attachment.OfSubmission(submission)
		if n, err := f.ScanDue(ctx); n != 0 || err == nil {
			f.Errorf("scanned %d with the scanner away, %v", n, err)
		}
		if err := f.open(letter, u.ID); !fault.Is(err, fault.Unavailable) {
			f.Errorf("an unchecked file opens: %v", err)
		}
		if list, _ := f.List(ctx, letter); len(list) != 1 || !list[0].Locked || list[0].Scan != attachment.Unscanned {
			f.Errorf("staff see %+v", list)
		}
		if err := f.open(owner, notice.ID); err != nil {
			f.Errorf("a file of the notice waits too: %v", err)
		}
		s.away.Store(false)
		asked := s.asks.Load()
		at.Set(at.Now().Add(10 * time.Second))
		if _, err := f.ScanDue(ctx); err != nil {
			f.Fatal(err)
		}
		if s.asks.Load() > asked+1 { // the notice's file, which was not tried yet
			f.Error("a file is tried again at once")
		}
		at.Set(at.Now().Add(2 * time.Hour))
		if _, err := f.ScanDue(ctx); err != nil {
			f.Fatal(err)
		}
		if err := f.open(letter, u.ID); err != nil {
			f.Errorf("a clean file: %v", err)
		}
	})
}

func TestAnInfectedFileIsSealedApartAndItsSubmissionStays(t *testing.T) {
	scanned(t, func(f *files, s *switched, keys *seal.Keys, at *clock.Manual) {
		virus := append(bytes.Clone(pdf), bad...)
		u := f.upload("a.pdf", virus)
		if err := f.claim(consultation, submission, u.ID); err != nil {
			f.Fatal(err)
		}
		if n, err := f.ScanDue(ctx); n != 1 || err != nil {
			f.Fatalf("%d, %v", n, err)
		}
		letter := attachment.OfSubmission(submission)
		list, _ := f.List(ctx, letter)
		if len(list) != 1 || list[0].Scan != attachment.Infected || list[0].Finding != "Eicar" || !list[0].Locked {
			f.Errorf("listed as %+v", list)
		}
		if err := f.open(letter, u.ID); !fault.Is(err, fault.Gone) {
			f.Errorf("it opens: %v", err)
		}
		f.holdsNowhere(bad)
		sealed, err := os.ReadFile(filepath.Join(f.Folder(), "sealed", u.SHA256+".sealed"))
		if err != nil {
			f.Fatal(err)
		}
		if plain, err := keys.Unseal(sealed, "attachments/"+u.SHA256); err != nil || !bytes.Equal(plain, virus) {
			f.Errorf("what was sealed comes back as %d bytes, %v", len(plain), err)
		}
		var rows int64
		f.db.Read(ctx).Table("audit_entries").Where("object = 'attachment' AND action = 'lock'").Count(&rows)
		if rows != 1 {
			f.Errorf("%d audit rows", rows)
		}
		// The same bytes once more: locked from the first moment, and sealed again.
		again := f.upload("b.pdf", virus)
		if found, err := f.ByKeys(ctx, consultation, []string{again.Key}); err != nil || !found[0].Locked {
			f.Errorf("sent again: %+v, %v", found, err)
		}
		at.Set(at.Now().Add(time.Minute))
		if _, err := f.ScanDue(ctx); err != nil {
			f.Fatal(err)
		}
		f.holdsNowhere(bad)
	})
}

// holdsNowhere looks for content in every file of the folder.
func (f *files) holdsNowhere(content []byte) {
	f.Helper()
	err := filepath.WalkDir(f.Folder(), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if bytes.Contains(data, content) {
			f.Errorf("%s lies open", path)
		}
		return err
	})
	if err != nil {
		f.Fatal(err)
	}
}

// reading is a reader of texts that counts.
type reading struct {
	calls int
	err   error
}

func (r *reading) Read(_ context.Context, mediaType string, data []byte) (filetext.Text, error) {
	r.calls++
	if r.err != nil {
		return filetext.Text{}, r.err
	}
	return filetext.Read(mediaType, data)
}

func TestTheTextOfAContentIsReadOnceAndGivenToEachFile(t *testing.T) {
	each(t, func(f *files) {
		r := &reading{}
		f.ReadWith(r)
		text := []byte("公园应当每日开放不少于十二小时。")
		a, b := f.upload("一.txt", text), f.upload("二.txt", text)
		picture := f.upload("p.png", png)
		for i, u := range []attachment.Uploaded{a, b, picture} {
			if err := f.claim(consultation, submission+int64(i), u.ID); err != nil {
				f.Fatal(err)
			}
		}
		if _, err := f.ReadDue(ctx); err != nil || r.calls != 2 {
			f.Fatalf("%d readings for two contents, %v", r.calls, err)
		}
		if _, err := f.ReadDue(ctx); err != nil || r.calls != 2 {
			f.Errorf("read again: %d, %v", r.calls, err)
		}
		for _, id := range []int64{submission, submission + 1} {
			texts, err := f.Texts(ctx, attachment.OfSubmission(id))
			if err != nil || texts[a.SHA256] != string(text) {
				f.Errorf("submission %d has the texts %v, %v", id, texts, err)
			}
		}
		list, _ := f.List(ctx, attachment.OfSubmission(submission+2))
		if len(list) != 1 || list[0].Reading != attachment.Textless {
			f.Errorf("a picture is %+v", list)
		}
		f.findsByText()
	})
}

// findsByText asks the database as the list of submissions does.
func (f *files) findsByText() {
	f.Helper()
	for words, want := range map[string]int64{"不少于十二": 2, "二.TXT": 1, "没有": 0, "p.png": 1} {
		var n int64
		err := f.db.Read(ctx).Raw("SELECT count(*) FROM (SELECT 21 AS id UNION SELECT 22 UNION SELECT 23) w WHERE "+
			attachment.Holding(f.db.Dialect(), "w.id"), words, words).Scan(&n).Error
		if err != nil || n != want {
			f.Errorf("%q is found %d times, want %d (%v)", words, n, want, err)
		}
	}
}

func TestAFileThatIsNotManagedIsGivenUpAfterSomeTries(t *testing.T) {
	at := clock.At(time.Date(2026, 12, 1, 1, 0, 0, 0, time.UTC))
	databasetest.EachWith(t, database.Options{Clock: at}, func(t *testing.T, db *database.DB) {
		f := &files{T: t, Service: service(t, db), db: db, organisation: organisation(t, db)}
		r := &reading{err: filetext.ErrStopped}
		f.ReadWith(r)
		u := f.upload("a.pdf", pdf)
		for range 10 {
			if _, err := f.ReadDue(ctx); err != nil {
				t.Fatal(err)
			}
			at.Set(at.Now().Add(2 * time.Hour))
		}
		found, err := f.ByKeys(ctx, consultation, []string{u.Key})
		if r.calls != 3 || err != nil || found[0].Reading != attachment.Failed {
			t.Errorf("%d tries, %+v, %v", r.calls, found, err)
		}
	})
}

func TestFilesFromBeforeAreScannedAndReadToo(t *testing.T) {
	scanned(t, func(f *files, s *switched, keys *seal.Keys, _ *clock.Manual) {
		a, err := f.put("a.pdf", append(bytes.Clone(pdf), bad...))
		if err != nil {
			f.Fatal(err)
		}
		err = f.db.Upkeep(ctx, func(tx *database.Tx) error { return tx.Exec("DELETE FROM attachment_contents").Error })
		if err != nil {
			f.Fatal(err)
		}
		if err := f.Known(ctx); err != nil {
			f.Fatal(err)
		}
		if n, err := f.ScanDue(ctx); n != 1 || err != nil {
			f.Fatalf("%d, %v", n, err)
		}
		if err := f.open(owner, a.ID); !fault.Is(err, fault.Gone) {
			f.Errorf("an infected file of a notice opens: %v", err)
		}
	})
}

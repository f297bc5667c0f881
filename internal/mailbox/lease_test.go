package mailbox

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"guangyi/internal/mailbox/imapbox"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/platform/imaptest"
)

func TestOneProcessFetchesFromAMailboxAtATime(t *testing.T) {
	each(t, func(st *stage) {
		ctx := context.Background()
		st.put(st.letter("one", "一"))
		second := st.service()
		a, ok, err := second.lease(ctx, st.account.ID)
		must(st.t, err)
		if !ok || st.fetch() != 0 {
			st.t.Error("two processes fetch from one mailbox")
		}
		// The other one went silent for longer than its lease.
		st.clock.Add(leaseFor)
		if n := st.fetch(); n != 1 {
			st.t.Errorf("%d mails after the lease had ended", n)
		}
		if err := second.renew(ctx, a); !errors.Is(err, errLeaseLost) {
			st.t.Errorf("the one whose lease had ended goes on: %v", err)
		}
		err = second.take(ctx, a, arrived{validity: 1, uid: 99, received: st.clock.Now(), raw: st.letter("two", "二")})
		if !errors.Is(err, errLeaseLost) || len(st.texts()) != 1 {
			st.t.Errorf("and stores: %v, %q", err, st.texts())
		}
	})
}

func TestChangedSettingsStopWhoFetchesByTheOld(t *testing.T) {
	each(t, func(st *stage) {
		ctx := context.Background()
		a, _, err := st.mail.lease(ctx, st.account.ID)
		must(st.t, err)
		must(st.t, st.mail.renew(ctx, a))
		in := st.settings(box)
		in.Active = false
		_, err = st.mail.Save(ctx, st.as(9, "administrator"), st.account.ID, in, 0)
		must(st.t, err)
		if err := st.mail.renew(ctx, a); !errors.Is(err, errLeaseLost) {
			st.t.Errorf("it goes on: %v", err)
		}
		st.put(st.letter("one", "一"))
		if n := st.fetch(); n != 0 {
			st.t.Error("a mailbox that is switched off was read")
		}
	})
}

// The same mail in two mailboxes, fetched by two processes at the same time.
func TestTwoProcessesWithCopiesOfAMailMakeOneSubmission(t *testing.T) {
	each(t, func(st *stage) {
		second, process := st.add(other), st.service()
		to := "To: " + AddressOf(box, st.c.Slug) + ", " + AddressOf(other, st.c.Slug)
		var mails [][]byte
		for _, id := range []string{"a", "b", "c", "d", "e"} {
			mails = append(mails, st.letter(id, "意见"+id, to))
		}
		st.put(mails...)
		slices.Reverse(mails)
		st.server.Put(st.t, other, "INBOX", begin.Add(time.Hour), mails...)
		var wait sync.WaitGroup
		for s, id := range map[*Service]int64{st.mail: st.account.ID, process: second.ID} {
			wait.Go(func() {
				for { // a passing conflict of two transactions is tried again by the next round
					if _, err := s.Fetch(context.Background(), id); err == nil {
						return
					}
					st.clock.Add(mostPause)
				}
			})
		}
		wait.Wait()
		got := st.texts()
		slices.Sort(got)
		if !slices.Equal(got, []string{"意见a", "意见b", "意见c", "意见d", "意见e"}) {
			st.t.Errorf("the comments are %q", got)
		}
		if r := st.room(); r.Counts[Taken] != 5 || r.Counts[Repeated] != 5 || st.letters(TopicReceipt) != 5 {
			st.t.Errorf("%v, %d receipts", r.Counts, st.letters(TopicReceipt))
		}
	})
}

// A serving process hears of new mail from the server, on a server that tells by
// itself and on both of them after a break.
func TestASpeakingServerIsHeard(t *testing.T) {
	imaptest.Each(t, func(t *testing.T, server *imaptest.Server) {
		target := databasetest.Target(t, database.SQLite)
		db, err := database.Open(context.Background(), target, database.Options{Clock: clock.At(begin)})
		must(t, err)
		t.Cleanup(func() { _ = db.Close() })
		st := newStage(t, db, server)
		ctx, stop := context.WithCancel(context.Background())
		var wait sync.WaitGroup
		wait.Go(func() { st.mail.Run(ctx, 20*time.Millisecond) })
		st.put(st.letter("one", "一"))
		st.until(1)
		st.put(st.letter("two", "二"))
		st.until(2)
		stop()
		wait.Wait()
		st.mail.Wait()
		if n := st.count("SELECT count(*) FROM mail_accounts WHERE lease_by <> ''"); n != 0 {
			t.Error("who stops holds the mailbox still")
		}
	}, box, other)
}

// until waits until so many comments came by mail.
func (st *stage) until(n int) {
	st.t.Helper()
	for end := time.Now().Add(50 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if len(st.texts()) == n {
			return
		}
	}
	st.t.Fatalf("%q came by mail, want %d", st.texts(), n)
}

func TestATroubledMailboxIsTriedAgainLater(t *testing.T) {
	each(t, func(st *stage) {
		ctx := context.Background()
		in := st.settings(box)
		in.Password = "wrong"
		a, err := st.mail.Save(ctx, st.as(9, "administrator"), st.account.ID, in, 0)
		must(st.t, err)
		var trouble *imapbox.Trouble
		if _, err := st.mail.Fetch(ctx, a.ID); !errors.As(err, &trouble) || trouble.Code != imapbox.Login {
			st.t.Fatalf("a wrong password: %v", err)
		}
		a, err = st.mail.Account(ctx, st.as(9, "administrator"), a.ID)
		must(st.t, err)
		if a.Failure != "login" || a.FailingSince == nil || a.NextAt.Before(st.clock.Now().Add(loginPause)) {
			st.t.Errorf("%+v", a)
		}
		if n := st.fetch(); n != 0 {
			st.t.Error("it was tried before its time")
		}
		in.Password = imaptest.Password
		_, err = st.mail.Save(ctx, st.as(9, "administrator"), a.ID, in, 0)
		must(st.t, err)
		st.put(st.letter("one", "一"))
		if n := st.fetch(); n != 1 {
			st.t.Errorf("%d mails once the password was right", n)
		}
		if a, err = st.mail.Account(ctx, st.as(9, "administrator"), a.ID); err != nil || a.Failure != "" || a.FetchedAt == nil {
			st.t.Errorf("%+v, %v", a, err)
		}
	})
}

func TestPausesGrowAndEnd(t *testing.T) {
	if pause(imapbox.Broken, 0) != firstPause || pause(imapbox.Broken, 3) != 8*firstPause || pause(imapbox.Broken, 1000) != mostPause || pause(imapbox.Login, 0) != loginPause {
		t.Error(pause(imapbox.Broken, 0), pause(imapbox.Broken, 3), pause(imapbox.Broken, 1000), pause(imapbox.Login, 0))
	}
}

package notice_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"guangyi/internal/notice"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
)

var (
	noon = time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)
	ctx  = context.Background()
)

// letters writes to one person about every row; ref 0 has nobody to write to.
type letters struct{}

func (letters) Letter(_ context.Context, i notice.Item) (notice.Letter, bool, error) {
	return notice.Letter{To: "zhang@example.test", Subject: fmt.Sprintf("%s %d", i.Topic, i.Ref), Text: "您的意见已收到。", Lang: "zh-CN"}, i.Ref != 0, nil
}

// post keeps what it is given, or fails.
type post struct {
	mu      sync.Mutex
	sent    map[string]int
	failure error
}

func (p *post) Send(_ context.Context, l notice.Letter) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.failure != nil {
		return p.failure
	}
	if p.sent == nil {
		p.sent = map[string]int{}
	}
	p.sent[l.Subject]++
	return nil
}

func each(t *testing.T, test func(t *testing.T, db *database.DB, c *clock.Manual)) {
	t.Helper()
	c := clock.At(noon)
	databasetest.EachWith(t, database.Options{Clock: c}, func(t *testing.T, db *database.DB) {
		c.Set(noon)
		test(t, db, c)
	})
}

func leave(t *testing.T, db *database.DB, refs ...int64) {
	t.Helper()
	err := db.Upkeep(ctx, func(tx *database.Tx) error {
		for _, ref := range refs {
			if err := notice.Add(tx, notice.Request{Topic: notice.Received, Scope: 3, Ref: ref, Way: notice.Mail}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func waiting(t *testing.T, db *database.DB) (n int64) {
	t.Helper()
	if err := db.Read(ctx).Table("outbox").Where("sent_at IS NULL").Count(&n).Error; err != nil {
		t.Fatal(err)
	}
	return n
}

func TestEveryLetterGoesOutOnceHoweverManyDeliver(t *testing.T) {
	each(t, func(t *testing.T, db *database.DB, _ *clock.Manual) {
		refs := make([]int64, 90)
		for i := range refs {
			refs[i] = int64(i + 1)
		}
		leave(t, db, refs...)
		p := &post{}
		var all sync.WaitGroup
		for range 4 {
			all.Add(1)
			go func() {
				defer all.Done()
				if _, err := notice.New(db, letters{}, notice.Posts{Mail: p}, quiet()).Deliver(ctx); err != nil {
					t.Error(err)
				}
			}()
		}
		all.Wait()
		if len(p.sent) != len(refs) || waiting(t, db) != 0 {
			t.Errorf("%d of %d went out, %d wait", len(p.sent), len(refs), waiting(t, db))
		}
		for subject, n := range p.sent {
			if n != 1 {
				t.Errorf("%s went out %d times", subject, n)
			}
		}
	})
}

func TestAFailedLetterIsTriedAgainLaterAndLater(t *testing.T) {
	each(t, func(t *testing.T, db *database.DB, c *clock.Manual) {
		leave(t, db, 1)
		p := &post{failure: errors.New("550 5.1.1 <zhang@example.test>: no such mailbox")}
		s := notice.New(db, letters{}, notice.Posts{Mail: p}, quiet())
		var pauses []time.Duration
		for range 12 {
			if n, err := s.Deliver(ctx); n != 0 || err != nil {
				t.Fatal(n, err)
			}
			var next time.Time
			row := db.Reader().QueryRowContext(ctx, "SELECT next_at FROM outbox")
			if err := row.Scan(&next); err != nil {
				t.Fatal(err)
			}
			pauses = append(pauses, next.Sub(c.Now()))
			c.Set(next.Add(-time.Second))
			if n, _ := s.Deliver(ctx); n != 0 {
				t.Fatal("a letter went out before its time")
			}
			c.Set(next)
		}
		if pauses[0] != time.Minute || pauses[1] != 2*time.Minute || pauses[11] != 6*time.Hour {
			t.Errorf("the pauses are %v", pauses)
		}
		n, since, err := s.Trouble(ctx, 10)
		if n != 1 || !since.Equal(noon) || err != nil {
			t.Errorf("trouble: %d since %v, %v", n, since, err)
		}
		var failure string
		if err := db.Read(ctx).Table("outbox").Limit(1).Pluck("failure", &failure).Error; err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(failure, "no such mailbox") || strings.Contains(failure, "zhang@") {
			t.Errorf("the failure is kept as %q", failure)
		}
		p.failure = nil
		if n, err := s.Deliver(ctx); n != 1 || err != nil || waiting(t, db) != 0 {
			t.Errorf("after a day and more: %d, %v", n, err)
		}
	})
}

func TestARowWithNobodyToWriteToIsDone(t *testing.T) {
	each(t, func(t *testing.T, db *database.DB, _ *clock.Manual) {
		leave(t, db, 0)
		p := &post{}
		if n, err := notice.New(db, letters{}, notice.Posts{Mail: p}, quiet()).Deliver(ctx); n != 0 || err != nil || len(p.sent) != 0 || waiting(t, db) != 0 {
			t.Errorf("%d, %v, %v", n, err, p.sent)
		}
	})
}

func TestACrashGivesLettersBack(t *testing.T) {
	each(t, func(t *testing.T, db *database.DB, c *clock.Manual) {
		leave(t, db, 1)
		crash, stop := context.WithCancel(ctx)
		s := notice.New(db, letters{}, notice.Posts{Mail: stopping{stop}}, quiet())
		if _, err := s.Deliver(crash); err == nil {
			t.Fatal("a worker that was stopped says that all is well")
		}
		p := &post{}
		other := notice.New(db, letters{}, notice.Posts{Mail: p}, quiet())
		if n, _ := other.Deliver(ctx); n != 0 {
			t.Error("a letter that another worker may still be sending went out")
		}
		c.Add(10 * time.Minute)
		if n, err := other.Deliver(ctx); n != 1 || err != nil {
			t.Errorf("after the lease: %d, %v", n, err)
		}
	})
}

type stopping struct{ stop func() }

func (s stopping) Send(ctx context.Context, _ notice.Letter) error {
	s.stop()
	return ctx.Err()
}

func TestWithoutMailLettersWaitAndTheLogNamesNobody(t *testing.T) {
	each(t, func(t *testing.T, db *database.DB, _ *clock.Manual) {
		leave(t, db, 1, 2)
		var out bytes.Buffer
		log := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
		s := notice.New(db, letters{}, notice.Posts{}, log)
		for range 2 {
			if n, err := s.Deliver(ctx); n != 0 || err != nil {
				t.Fatal(n, err)
			}
		}
		if waiting(t, db) != 2 {
			t.Errorf("%d letters wait", waiting(t, db))
		}
		text := out.String()
		if strings.Count(text, "submission.received 1") != 1 || strings.Contains(text, "zhang@") || strings.Contains(text, "您的意见") {
			t.Errorf("the log is\n%s", text)
		}
	})
}

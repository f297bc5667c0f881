package site

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"guangyi/internal/notice"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
)

// broken is a mail server that takes nothing.
type broken struct{}

func (broken) Send(context.Context, notice.Letter) error { return errors.New("connection refused") }

func (broken) Letter(context.Context, notice.Item) (notice.Letter, bool, error) {
	return notice.Letter{To: "wang@example.test"}, true, nil
}

func TestLettersThatFailShowOnTheDayOfWhoSeesToThem(t *testing.T) {
	ctx, c := context.Background(), clock.At(now)
	databasetest.EachWith(t, database.Options{Clock: c}, func(t *testing.T, db *database.DB) {
		c.Set(now)
		leave := func(ref int64) {
			t.Helper()
			err := db.Upkeep(ctx, func(tx *database.Tx) error {
				return notice.Add(tx, notice.Request{Topic: "meeting.invited", Organisation: 7, Scope: 1, Ref: ref, Way: notice.Mail})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		leave(1)
		s := New(db)
		secretary := as(1, 7, actor.Secretary)
		if got, err := s.Today(ctx, secretary, now); err != nil || got.Undelivered.Count != 0 {
			t.Errorf("a letter that only waits is called a failure: %+v, %v", got.Undelivered, err)
		}
		if _, err := notice.New(db, broken{}, notice.Posts{Mail: broken{}}, slog.New(slog.DiscardHandler)).Deliver(ctx); err != nil {
			t.Fatal(err)
		}
		got, err := s.Today(ctx, secretary, now)
		if err != nil || got.Undelivered.Count != 1 || !got.Undelivered.Since.Equal(now) {
			t.Errorf("%+v, %v", got.Undelivered, err)
		}
		for name, who := range map[string]actor.Actor{"a reviewer": as(2, 7, actor.Reviewer), "another bureau": as(3, 8, actor.Secretary)} {
			if got, err := s.Today(ctx, who, now); err != nil || got.Undelivered.Count != 0 {
				t.Errorf("%s sees %+v, %v", name, got.Undelivered, err)
			}
		}
	})
}

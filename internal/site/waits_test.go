package site

import (
	"context"
	"slices"
	"testing"
	"time"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
)

// put runs statements as the capabilities would have written them.
func put(t *testing.T, db *database.DB, rows ...[]any) {
	t.Helper()
	err := db.Upkeep(context.Background(), func(tx *database.Tx) error {
		for _, r := range rows {
			if err := tx.Exec(r[0].(string), r[1:]...).Error; err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

const aReport = `INSERT INTO identity_reports (consultation_id, id, organisation_id, number, sealed, lang, state, due_at, created_at)
	VALUES (?, ?, 7, ?, ?, 'zh-CN', ?, ?, ?)`

// Somebody who says that a submission was not theirs waits for an answer until a
// day: the officers see how many, and the nearest day; nobody else does.
func TestReportsWaitForOfficers(t *testing.T) {
	ctx, c := context.Background(), clock.At(now)
	databasetest.EachWith(t, database.Options{Clock: c}, func(t *testing.T, db *database.DB) {
		put(t, db, []any{aReport, 3, 1, "a", []byte("x"), "open", after, now}, []any{aReport, 3, 2, "b", []byte("x"), "open", before, now},
			[]any{aReport, 3, 3, "c", []byte("x"), "settled", before, now}, []any{aReport, 4, 4, "d", []byte("x"), "open", after, now})
		s := New(db)
		got, err := s.waits(ctx, as(1, 7, actor.Officer), []work{{ID: 3, Slug: "market", Title: "早市"}})
		if err != nil || len(got.Tasks) != 1 {
			t.Fatalf("%+v, %v", got, err)
		}
		task := got.Tasks[0]
		if task.Kind != "reports" || task.Count != 2 || !task.Due.Equal(before) || task.Href != "/staff/consultations/market/moderation/reports" || task.Title != "早市" {
			t.Errorf("%+v", task)
		}
		for name, who := range map[string]actor.Actor{"a signer": as(2, 7, actor.Signer), "another bureau": as(3, 8, actor.Officer)} {
			if got, err := s.waits(ctx, who, []work{{ID: 3, Slug: "market"}}); err != nil || len(got.Tasks) > 0 {
				t.Errorf("%s has %+v, %v", name, got.Tasks, err)
			}
		}
	})
}

// A file that the scanner has not seen after ten minutes, and one in which it found
// something this week, is told to who reads what was sent.
func TestFilesThatTheScannerHolds(t *testing.T) {
	ctx, c := context.Background(), clock.At(now)
	databasetest.EachWith(t, database.Options{Clock: c}, func(t *testing.T, db *database.DB) {
		c.Set(now)
		put(t, db, []any{`INSERT INTO organisations (id, slug, name, created_at) VALUES (7, 'own', '本局', ?)`, now})
		file := func(id int64, scan string, at time.Time, due *time.Time) {
			sum := string(rune('a' + id))
			put(t, db, []any{`INSERT INTO attachment_contents (sha256, media_type, scan, scan_at, created_at) VALUES (?, 'text/plain', ?, ?, ?)`, sum, scan, due, at},
				[]any{`INSERT INTO attachments (id, organisation_id, owner, owner_id, title, name, media_type, size, sha256, created_at)
					VALUES (?, 7, 'submission', 1, '', 'x', 'text/plain', 1, ?, ?)`, id, sum, at})
		}
		file(1, "", now.Add(-time.Minute), &now) // its turn comes
		file(2, "", before, &now)
		file(3, "", before, nil) // a site without a scanner
		file(4, "clean", before, nil)
		file(5, "infected", before, nil)
		file(6, "infected", now.AddDate(0, 0, -8), nil)
		s := New(db)
		got, err := s.waits(ctx, as(1, 7, actor.Legal), nil)
		want := []Alarm{{Kind: "scanner", Count: 1, Since: before}, {Kind: "infected", Count: 1, Since: before}}
		if err != nil || !slices.Equal(got.Alarms, want) {
			t.Errorf("%+v, %v", got.Alarms, err)
		}
		if got, err := s.waits(ctx, as(2, 7, actor.Secretary), nil); err != nil || len(got.Alarms) > 0 {
			t.Errorf("a secretary, who reads no submissions, has %+v, %v", got.Alarms, err)
		}
	})
}

// What a source tells stands on the page; a consultation that is not at work any
// more is left out.
func TestSourcesStandOnTheDay(t *testing.T) {
	ctx, c := context.Background(), clock.At(now)
	databasetest.EachWith(t, database.Options{Clock: c}, func(t *testing.T, db *database.DB) {
		s := New(db)
		s.Ask(func(context.Context, actor.Actor) (Waits, error) {
			return Waits{Tasks: []Task{{Kind: "mail", ID: 9, Href: "/mail"}, {Kind: "mail_stray", Href: "/staff/mail"}}, Alarms: []Alarm{{Kind: "register"}}}, nil
		})
		got, err := s.Today(ctx, as(1, 7, actor.Officer), now)
		if err != nil || !slices.Equal(kinds(got.Tasks), []string{"mail_stray"}) || len(got.Alarms) != 1 {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

package audit_test

import (
	"context"
	"errors"
	"testing"

	"guangyi/internal/audit"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
)

const touch = "INSERT INTO revisions (name, value) VALUES ('touched', 1)"

func TestAChangeWithoutActorOrAuditRowDoesNotHappen(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := context.Background()
		change := func(tx *database.Tx) error { return tx.Exec(touch).Error }
		if err := db.Write(ctx, actor.Actor{}, change); !errors.Is(err, database.ErrNoActor) {
			t.Errorf("without an actor: %v", err)
		}
		if err := db.Write(ctx, actor.Console(), change); !errors.Is(err, database.ErrNoAudit) {
			t.Errorf("without an audit row: %v", err)
		}
		if n := count(t, db, "revisions WHERE name = 'touched'"); n != 0 {
			t.Fatalf("%d refused changes are stored", n)
		}
	})
}

func TestARowTellsWhoDidWhatWhenAndVanishesWithItsChange(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := context.Background()
		who := actor.Actor{Kind: actor.Token, ID: 4, TokenID: 5, Name: "林"}
		entry := audit.Entry{Organisation: 1, Consultation: 2, Action: "approve", Object: "consultation", ObjectID: 2,
			Before: map[string]string{"state": "in_review"}, After: map[string]string{"state": "approved"}}
		undone := errors.New("undone")
		err := db.Write(ctx, who, func(tx *database.Tx) error { return errors.Join(audit.Record(tx, entry), undone) })
		if !errors.Is(err, undone) || count(t, db, "audit_entries") != 0 {
			t.Fatalf("%v: the row outlived its change", err)
		}
		if err := db.Write(ctx, who, func(tx *database.Tx) error { return audit.Record(tx, entry) }); err != nil {
			t.Fatal(err)
		}
		rows, err := audit.OfConsultation(ctx, db, 2, 0, 10)
		if err != nil || len(rows) != 1 {
			t.Fatalf("%v %v", rows, err)
		}
		r := rows[0]
		if r.ActorID != 4 || r.TokenID != 5 || r.ActorKind != "token" || r.Before != `{"state":"in_review"}` || r.After != `{"state":"approved"}` || r.At.IsZero() {
			t.Fatalf("%+v", r)
		}
	})
}

func count(t *testing.T, db *database.DB, from string) (n int64) {
	t.Helper()
	if err := db.Read(context.Background()).Raw("SELECT COUNT(*) FROM " + from).Scan(&n).Error; err != nil {
		t.Fatal(err)
	}
	return n
}

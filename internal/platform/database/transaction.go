package database

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
)

// Tx is one change: the transaction, who makes it, and when.
type Tx struct {
	*gorm.DB
	Actor actor.Actor
	Now   time.Time

	db      *DB
	ctx     context.Context
	audited int
}

// Errors of a change that nobody could answer for; both are faults of the program.
var (
	ErrNoActor = errors.New("database: a change without an actor")
	ErrNoAudit = errors.New("database: a change without an audit row")
)

// Write runs one change as one transaction. It fails without a valid actor, and
// when the change left no audit row (package audit calls Audited): what changes
// records has one line in the audit trail, or does not happen.
func (d *DB) Write(ctx context.Context, who actor.Actor, change func(*Tx) error) error {
	if !who.Valid() {
		return ErrNoActor
	}
	return d.transact(ctx, who, func(tx *Tx) error {
		if err := change(tx); err != nil {
			return err
		}
		if tx.audited == 0 {
			return ErrNoAudit
		}
		return nil
	})
}

// Upkeep runs a transaction that changes no record of the domain: sessions,
// counters of failures, caches, the outbox.
func (d *DB) Upkeep(ctx context.Context, change func(*Tx) error) error {
	return d.transact(ctx, actor.Timer(), change)
}

func (d *DB) transact(ctx context.Context, who actor.Actor, change func(*Tx) error) error {
	// A node number is taken before the transaction: on SQLite there is one writer.
	if _, err := d.IDs(ctx); err != nil {
		return err
	}
	err := d.write.WithContext(ctx).Transaction(func(g *gorm.DB) error {
		return change(&Tx{DB: g, Actor: who, Now: d.clock.Now(), db: d, ctx: ctx})
	})
	return Translate(err)
}

// Audited notes that an audit row was written; for package audit.
func (tx *Tx) Audited() { tx.audited++ }

// Context is the context of the change.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Dialect tells which database this is.
func (tx *Tx) Dialect() Dialect { return tx.db.dialect }

// NextID makes an identifier.
func (tx *Tx) NextID() int64 { return tx.db.ids.Next() }

// Lock reads rows so that no other transaction changes them until this one ends:
// FOR UPDATE on PostgreSQL; SQLite has one writer anyway.
func (tx *Tx) Lock() *gorm.DB {
	if tx.db.dialect == Postgres {
		return tx.DB.Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate})
	}
	return tx.DB
}

// Translate turns a driver's words into a fault: a missing row is NotFound, a
// taken key a Conflict. Everything else stays what it is.
func Translate(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, gorm.ErrRecordNotFound):
		return fault.Missing()
	case IsDuplicate(err):
		return fault.Wrap(err, fault.Conflict, "taken")
	}
	return err
}

// coded is what both drivers' errors have: modernc's Error has Code.
type coded interface{ Code() int }

// IsDuplicate reports whether err is a violated unique or primary key.
func IsDuplicate(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "23505"
	}
	var lite coded
	if errors.As(err, &lite) {
		return lite.Code() == 2067 || lite.Code() == 1555 // SQLITE_CONSTRAINT_UNIQUE, _PRIMARYKEY
	}
	return false
}

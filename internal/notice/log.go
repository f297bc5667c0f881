package notice

import (
	"context"
	"time"

	"gorm.io/gorm"

	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// State is where a letter stands.
type State string

// The states of a delivery.
const (
	Queued  State = "queued"   // waits for its first attempt, or for mail to be set up
	Failing State = "failing"  // failed, and will be tried again
	GivenUp State = "given_up" // failed, and will not be tried again
	Sent    State = "sent"
	Nobody  State = "nobody" // there was nobody to write to any more
	ToCall  State = "to_call"
	Called  State = "called"
)

// Delivery is a row of the delivery log. It names nobody.
type Delivery struct {
	Item
	Organisation int64
	State        State
	QueuedAt     time.Time
	TriedAt      *time.Time // of the last attempt
	SentAt       *time.Time
	NextAt       *time.Time // of the next attempt
	Attempts     int
	Failure      string // of the last attempt, without addresses and numbers
}

func (r row) delivery() Delivery {
	d := Delivery{Item: r.item(), Organisation: r.OrganisationID, State: r.state(), QueuedAt: r.CreatedAt, TriedAt: r.TriedAt,
		SentAt: r.SentAt, Attempts: int(r.Attempts), Failure: r.Failure}
	if d.State == Failing {
		next := r.NextAt
		d.NextAt = &next
	}
	return d
}

func (r row) state() State {
	switch {
	case r.Way == Phone && r.SentAt == nil:
		return ToCall
	case r.Way == Phone:
		return Called
	case r.SentAt != nil && r.Failure == nobody:
		return Nobody
	case r.SentAt != nil:
		return Sent
	case r.GivenUpAt != nil:
		return GivenUp
	case r.Attempts > 0:
		return Failing
	}
	return Queued
}

// mostOfScope bounds a meeting's log: a call of five hundred with a dozen letters each.
const mostOfScope = 10000

// OfScope lists the letters of one scope, oldest first. A scope without an
// organisation, such as a consultation's receipts, is not listed.
func (s *Service) OfScope(ctx context.Context, scope int64) ([]Delivery, error) {
	return list(s.db.Read(ctx).Where("consultation_id = ? AND organisation_id <> 0", scope).Order("id").Limit(mostOfScope))
}

// OfPerson lists the letters of one person, oldest first.
func (s *Service) OfPerson(ctx context.Context, scope, ref int64) ([]Delivery, error) {
	return list(s.db.Read(ctx).Where("consultation_id = ? AND ref = ? AND organisation_id <> 0", scope, ref).Order("id").Limit(mostOfScope))
}

func list(q *gorm.DB) ([]Delivery, error) {
	var rows []row
	err := q.Find(&rows).Error
	out := make([]Delivery, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.delivery())
	}
	return out, err
}

// ByIDs gives some letters in the order in which they were queued.
func (s *Service) ByIDs(ctx context.Context, ids []int64) ([]Delivery, error) {
	return list(s.db.Read(ctx).Where("id IN ?", ids).Order("id").Limit(len(ids)))
}

// Trouble tells how many letters have failed and still wait or were given up,
// counted to most, and since when the oldest does.
func (s *Service) Trouble(ctx context.Context, most int) (count int, since time.Time, err error) {
	var rows []row
	err = s.db.Read(ctx).Where("sent_at IS NULL AND attempts > 0").Order("id").Limit(most).Find(&rows).Error
	if len(rows) > 0 {
		since = rows[0].CreatedAt
	}
	return len(rows), since, err
}

// Again puts a letter that failed back to the head of the queue. Conflict when
// it has gone out; NotFound when it is another organisation's.
func Again(tx *database.Tx, organisation, id int64) error {
	var r row
	err := tx.Lock().Where("id = ? AND organisation_id = ?", id, organisation).Take(&r).Error
	if err != nil {
		return err
	}
	if r.SentAt != nil || r.Way == Phone {
		return fault.New(fault.Conflict, "notice.sent")
	}
	return tx.Model(&row{}).Where("id = ?", id).Updates(map[string]any{"next_at": tx.Now, "given_up_at": nil}).Error
}

// Told notes that somebody was telephoned: every call that waits for this person
// is done.
func Told(tx *database.Tx, scope, ref int64) error {
	return tx.Model(&row{}).Where("consultation_id = ? AND ref = ? AND organisation_id <> 0 AND way = ? AND sent_at IS NULL", scope, ref, Phone).
		Updates(map[string]any{"sent_at": tx.Now, "tried_at": tx.Now, "attempts": 1}).Error
}

// Forget takes a person's waiting letters out of the queue, and the reasons of
// failures out of the log.
func Forget(tx *database.Tx, scope, ref int64) error {
	mine := func() *gorm.DB {
		return tx.Model(&row{}).Where("consultation_id = ? AND ref = ? AND organisation_id <> 0", scope, ref)
	}
	if err := mine().Where("sent_at IS NULL").Updates(map[string]any{"sent_at": tx.Now, "failure": nobody}).Error; err != nil {
		return err
	}
	return mine().Where("failure <> ? AND failure <> ''", nobody).Updates(map[string]any{"failure": ""}).Error
}

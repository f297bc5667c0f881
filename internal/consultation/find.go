package consultation

import (
	"context"
	"time"

	"gorm.io/gorm"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// joined is a consultation with its counters.
type joined struct {
	Consultation `gorm:"embedded"`
	Counters     `gorm:"embedded"`
}

func (j joined) consultation() Consultation {
	c := j.Consultation
	c.Counters = j.Counters
	return c
}

const joinedColumns = "consultations.*, k.submissions, k.comments, k.gathered, k.suggestions, k.in_review, k.agreed, k.held, k.withheld, k.withdrawn"

// rows begins a query of consultations with their counters.
func (s *Service) rows(ctx context.Context) *gorm.DB {
	return s.db.Read(ctx).Table("consultations").Select(joinedColumns).
		Joins("JOIN consultation_counters k ON k.consultation_id = consultations.id")
}

func (s *Service) one(ctx context.Context, where string, arg any) (Consultation, error) {
	var j joined
	err := s.rows(ctx).Where(where, arg).Take(&j).Error
	return j.consultation(), database.Translate(err)
}

// BySlug finds a consultation that everybody may see; NotFound before approval.
// It may be up to a second old, its counters too; changes made by this process
// show at once.
func (s *Service) BySlug(ctx context.Context, slug string) (Consultation, error) {
	c, err := s.read(ctx, slug)
	if err != nil {
		return Consultation{}, err
	}
	if !c.Public() {
		return Consultation{}, fault.Missing()
	}
	return c, nil
}

func (s *Service) read(ctx context.Context, slug string) (Consultation, error) {
	now := s.db.Now()
	c, ok, generation := s.cache.get(slug, now)
	if ok {
		return c, nil
	}
	c, err := s.one(ctx, "consultations.slug = ?", slug)
	if err != nil {
		return Consultation{}, err
	}
	s.cache.put(slug, c, now, generation)
	return c, nil
}

// ByID finds a consultation in any state, for what hangs on it: a receipt names
// its consultation.
func (s *Service) ByID(ctx context.Context, id int64) (Consultation, error) {
	return s.one(ctx, "consultations.id = ?", id)
}

// See finds a consultation as the actor may see it: the organisation's staff in
// every state, all others from approval on. What may not be seen is NotFound.
func (s *Service) See(ctx context.Context, who actor.Actor, slug string) (Consultation, error) {
	c, err := s.one(ctx, "consultations.slug = ?", slug)
	if err != nil {
		return Consultation{}, err
	}
	if !c.Public() && !s.MaySee(who, c) {
		return Consultation{}, fault.Missing()
	}
	return c, nil
}

// Staff finds a consultation for the organisation's own staff: Unauthenticated
// for the unknown, NotFound for everybody else's.
func (s *Service) Staff(ctx context.Context, who actor.Actor, slug string) (Consultation, error) {
	if err := known(who); err != nil {
		return Consultation{}, err
	}
	c, err := s.one(ctx, "consultations.slug = ?", slug)
	if err != nil {
		return Consultation{}, err
	}
	if err := s.gate.Require(who, PermissionSee, c.Organisation); err != nil {
		return Consultation{}, err
	}
	return c, nil
}

// Open finds a consultation that takes comments at an instant. NotFound before
// approval; Conflict consultation.not_open before it opens; Gone
// consultation.closed from the closing instant on; Gone consultation.withdrawn.
func (s *Service) Open(ctx context.Context, slug string, at time.Time) (Consultation, error) {
	c, err := s.BySlug(ctx, slug)
	if err != nil {
		return Consultation{}, err
	}
	return c, c.Takes(at)
}

// Takes is nil when comments are taken at an instant, else Open's refusal.
func (c Consultation) Takes(at time.Time) error {
	switch status, _ := c.PublicStatus(at); status {
	case PublicOpen:
		return nil
	case PublicScheduled:
		return fault.New(fault.Conflict, "consultation.not_open")
	case PublicWithdrawn:
		return fault.New(fault.Gone, "consultation.withdrawn")
	case "":
		return fault.Missing()
	}
	return fault.New(fault.Gone, "consultation.closed")
}

// Lock reads a consultation inside a change so that no other change touches it
// until this one ends; without counters.
func Lock(tx *database.Tx, id int64) (Consultation, error) {
	var c Consultation
	err := tx.Lock().Where("id = ?", id).Take(&c).Error
	return c, database.Translate(err)
}

func lockSlug(tx *database.Tx, slug string) (Consultation, error) {
	var c Consultation
	err := tx.Lock().Where("slug = ?", slug).Take(&c).Error
	return c, database.Translate(err)
}

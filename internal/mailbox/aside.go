package mailbox

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"guangyi/internal/access"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// Undecided are the reasons for which staff have to decide; the others are what
// machines sent, and need nobody.
var Undecided = []Reason{Addition, Unknown, Early, Over, Empty, Large, Unreadable, Refused}

// Machines are the other reasons.
var Machines = []Reason{Automatic, Bounce, ReadReceipt, List, Own}

// Room is what came by mail to one consultation.
type Room struct {
	Consultation consultation.Consultation
	Addresses    []Address // by which it is reached
	Accounts     []Account // of the organisation
	Counts       map[State]int64
	Waiting      []Mail // for somebody to decide, oldest first
	Machines     []Mail // what machines sent, newest first
	Taken        []Mail // newest first
	Dismissed    []Mail // newest first
}

// Address is one by which a consultation is reached.
type Address struct {
	Address string
	Account int64
	Given   bool // staff gave it; else it follows from the mailbox's own
}

// mostListed bounds each list of a room.
const mostListed = 100

// Room shows a consultation's mail to who may read it.
func (s *Service) Room(ctx context.Context, who actor.Actor, slug string) (r Room, err error) {
	if r.Consultation, err = s.staff(ctx, who, slug, PermissionSee); err != nil {
		return r, err
	}
	g := s.db.Read(ctx)
	id := r.Consultation.ID
	if r.Addresses, r.Accounts, err = s.addresses(ctx, r.Consultation); err != nil {
		return r, err
	}
	if r.Counts, err = counts(g, id); err != nil {
		return r, err
	}
	of := func(state State, reasons []Reason, order string) ([]Mail, error) {
		q := s.db.Read(ctx).Where("consultation_id = ? AND state = ?", id, state)
		if reasons != nil {
			q = q.Where("reason IN ?", reasons)
		}
		return s.list(q.Order(order).Limit(mostListed))
	}
	if r.Waiting, err = of(Aside, Undecided, "id"); err != nil {
		return r, err
	}
	if r.Machines, err = of(Aside, Machines, "id DESC"); err != nil {
		return r, err
	}
	if r.Taken, err = of(Taken, nil, "id DESC"); err != nil {
		return r, err
	}
	r.Dismissed, err = of(Dismissed, nil, "id DESC")
	return r, err
}

func counts(g *gorm.DB, consultation int64) (map[State]int64, error) {
	var rows []struct {
		State State
		N     int64
	}
	err := g.Model(&mailRow{}).Select("state, count(*) AS n").Where("consultation_id = ?", consultation).Group("state").Scan(&rows).Error
	out := map[State]int64{}
	for _, r := range rows {
		out[r.State] = r.N
	}
	return out, err
}

func (s *Service) list(q *gorm.DB) ([]Mail, error) {
	var rows []mailRow
	if err := q.Find(&rows).Error; err != nil {
		return nil, err
	}
	out := make([]Mail, 0, len(rows))
	for _, r := range rows {
		m, err := s.opened(r)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

// staff finds a consultation for somebody who may do something with its mail.
func (s *Service) staff(ctx context.Context, who actor.Actor, slug string, p access.Permission) (consultation.Consultation, error) {
	c, err := s.consultations.Staff(ctx, who, slug)
	if err != nil {
		return c, err
	}
	return c, s.gate.Require(who, p, c.Organisation)
}

// Strays are the mails of the actor's organisations that belong to no consultation:
// first those for somebody to decide, oldest first. sees is false for who may read
// none.
func (s *Service) Strays(ctx context.Context, who actor.Actor) (waiting, machines []Mail, sees bool, err error) {
	orgs := s.reading(who)
	if len(orgs) == 0 {
		return nil, nil, false, nil
	}
	of := func(reasons []Reason, order string) ([]Mail, error) {
		return s.list(s.db.Read(ctx).Where("organisation_id IN ? AND consultation_id = 0 AND state = ? AND reason IN ?", orgs, Aside, reasons).
			Order(order).Limit(mostListed))
	}
	if waiting, err = of(Undecided, "id"); err == nil {
		machines, err = of(Machines, "id DESC")
	}
	return waiting, machines, true, err
}

// reading are the organisations whose mail an actor may read.
func (s *Service) reading(who actor.Actor) (orgs []int64) {
	for _, id := range who.Organisations() {
		if s.gate.May(who, PermissionSee, id) {
			orgs = append(orgs, id)
		}
	}
	return orgs
}

// Waiting counts the mails for somebody to decide in the actor's organisations, by
// consultation (0: none), up to most in all.
func (s *Service) Waiting(ctx context.Context, who actor.Actor, most int) (map[int64]int, error) {
	out := map[int64]int{}
	orgs := s.reading(who)
	if len(orgs) == 0 {
		return out, nil
	}
	var ids []int64
	err := s.db.Read(ctx).Model(&mailRow{}).Where("organisation_id IN ? AND state = ? AND reason IN ?", orgs, Aside, Undecided).
		Order("id").Limit(most).Pluck("consultation_id", &ids).Error
	for _, id := range ids {
		out[id]++
	}
	return out, err
}

// One gives a mail whole to who may read it. NotFound for another organisation's.
func (s *Service) One(ctx context.Context, who actor.Actor, id int64) (Mail, error) {
	r, err := s.mailFor(ctx, who, id, PermissionSee)
	if err != nil {
		return Mail{}, err
	}
	return s.opened(r)
}

// Original gives a mail byte for byte, as it came. NotFound for one of which only a
// copy was found: the first has the bytes.
func (s *Service) Original(ctx context.Context, who actor.Actor, id int64) ([]byte, error) {
	r, err := s.mailFor(ctx, who, id, PermissionSee)
	if err != nil {
		return nil, err
	}
	var o originalRow
	if err := s.db.Read(ctx).Where("mail_id = ?", r.ID).Take(&o).Error; err != nil {
		return nil, database.Translate(err)
	}
	return s.original(o)
}

// Allow asks whether the actor may do something with a mail, before what they sent
// is looked at.
func (s *Service) Allow(ctx context.Context, who actor.Actor, id int64, p access.Permission) error {
	_, err := s.mailFor(ctx, who, id, p)
	return err
}

func (s *Service) mailFor(ctx context.Context, who actor.Actor, id int64, p access.Permission) (r mailRow, err error) {
	if !who.Known() && !slices.Contains([]actor.Kind{actor.CLI, actor.Clock}, who.Kind) {
		return r, fault.New(fault.Unauthenticated, "sign_in_first")
	}
	if err = s.db.Read(ctx).Where("id = ?", id).Take(&r).Error; err != nil {
		return r, database.Translate(err)
	}
	return r, s.gate.Require(who, p, r.OrganisationID)
}

package meeting

import (
	"context"
	"strings"
	"time"

	"guangyi/internal/audit"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// In is what a call is made of; nil leaves a value as it is, a zero time empties it.
type In struct {
	Title, Lang, Matter, Ask, Description    *string
	Kind                                     *Kind
	Procedure, Rules, About                  *string
	StartsAt, EndsAt                         *time.Time
	Place, Link, Access, Contact             *string
	Seats, Observers, MinutesEach, Panels    *int
	Categories                               *[]Category
	Quotas                                   *[]Quota
	Questions                                *[]Question
	Districts, Demands                       *[]string
	Sessions                                 *[]Session
	Sides, AccountNeeded, Households, Units  *bool
	ExcludeConflict                          *bool
	OpenTo, Method                           *string
	Conditions, Duties, Privacy, Undertaking *string
	OpensAt, ClosesAt                        *time.Time
	AnswerBy, PapersAt, ForgetAt             *time.Time
	InvitedAtMost, InvitedWithinMonths       *int
	Seed                                     *Seed
	ShortReason                              *string
}

// Prepare makes a meeting in preparation. Title, StartsAt and EndsAt must be
// there; everything else submit asks for.
func (s *Service) Prepare(ctx context.Context, who actor.Actor, organisation int64, in In) (Meeting, error) {
	if err := known(who); err != nil {
		return Meeting{}, err
	}
	if err := s.gate.Require(who, PermissionPrepare, organisation); err != nil {
		return Meeting{}, err
	}
	o, err := s.orgs.ByID(ctx, organisation)
	if err != nil {
		return Meeting{}, err
	}
	m := Meeting{
		Organisation: organisation, Lang: o.Lang, Kind: Office, Procedure: "plain", OpenTo: ToAll, Method: ByDraw, Panels: 1000,
		State: Prepared, Version: 1, Author: who.Key(), Contributors: []string{who.Key()},
		OrganisationSlug: o.Slug, OrganisationName: o.Name, Counts: map[string]Count{},
	}
	in.apply(&m)
	if in.Method == nil && !m.Kind.Decides() && m.Kind != Hearing {
		m.Method = ByOrder // registration for an open day or a seminar
	}
	if err := s.about(ctx, &m); err != nil {
		return Meeting{}, err
	}
	if err := m.check(); err != nil {
		return Meeting{}, err
	}
	err = s.db.Write(ctx, who, func(tx *database.Tx) error {
		m.CreatedAt, m.UpdatedAt = tx.Now, tx.Now
		if err := s.add(tx, &m); err != nil {
			return err
		}
		return audit.Record(tx, audit.Entry{
			Organisation: organisation, Action: "prepare", Object: "meeting", ObjectID: m.ID,
			After: map[string]any{"slug": m.Slug, "title": m.Title, "kind": m.Kind, "starts_at": m.StartsAt},
		})
	})
	return m, err
}

// add stores a new meeting with its address, sessions and counters.
func (s *Service) add(tx *database.Tx, m *Meeting) error { return s.addAs(tx, m, slugOf(m.Title)) }

// addAs is add with the address that is wanted; it is lengthened when it is taken.
func (s *Service) addAs(tx *database.Tx, m *Meeting, wanted string) error {
	m.ID = tx.NextID()
	slug, err := slugFor(wanted, m.ID, func(slug string) (bool, error) {
		var n int64
		err := tx.Model(&Meeting{}).Where("slug = ?", slug).Limit(1).Count(&n).Error
		return n > 0, err
	})
	if err != nil {
		return err
	}
	m.Slug = slug
	if err := tx.Create(m).Error; err != nil {
		return err
	}
	if err := tx.Create(&counter{MeetingID: m.ID}).Error; err != nil {
		return err
	}
	return storeSessions(tx, m)
}

// storeSessions replaces the sessions of a meeting that is not published.
func storeSessions(tx *database.Tx, m *Meeting) error {
	if err := tx.Exec("DELETE FROM meeting_sessions WHERE meeting_id = ?", m.ID).Error; err != nil {
		return err
	}
	for i := range m.Sessions {
		x := &m.Sessions[i]
		x.MeetingID, x.Position = m.ID, i
		if x.ID == 0 {
			x.ID = tx.NextID()
		}
		x.StartsAt, x.EndsAt = *instant(&x.StartsAt), *instant(&x.EndsAt)
	}
	if len(m.Sessions) == 0 {
		return nil
	}
	return tx.Create(&m.Sessions).Error
}

// about finds the consultation whose draft is discussed: one of the same
// organisation, or a public one.
func (s *Service) about(ctx context.Context, m *Meeting) error {
	m.About = strings.TrimSpace(m.About)
	m.AboutID = 0
	if m.About == "" {
		return nil
	}
	c, err := s.consultations.BySlug(ctx, m.About)
	if fault.Is(err, fault.NotFound) {
		c, err = s.consultations.See(ctx, actor.Console(), m.About)
		if err == nil && c.Organisation != m.Organisation {
			err = fault.Missing()
		}
	}
	if fault.Is(err, fault.NotFound) {
		return fault.Fields{{Name: "about", Code: "meeting.about_unknown"}}.Err()
	}
	if err != nil {
		return err
	}
	m.AboutID = c.ID
	return nil
}

// Edit changes a call. While it is prepared or returned everything may be changed
// (by whoever may prepare). After publication only what is no rule: description,
// access, contact, link, speaking time; every other change is a Conflict
// meeting.rules_fixed, and dates are for Move and Extend. version is the one that
// was read (0: not checked); another is Stale.
func (s *Service) Edit(ctx context.Context, who actor.Actor, slug string, in In, version int64) (Meeting, error) {
	about, err := s.aboutOf(ctx, who, slug, in)
	if err != nil {
		return Meeting{}, err
	}
	var out Meeting
	err = s.change(ctx, who, slug, func(tx *database.Tx, m *Meeting) error {
		if err := s.gate.Require(who, PermissionPrepare, m.Organisation); err != nil {
			return err
		}
		if version != 0 && version != m.Version {
			return fault.Stale()
		}
		before := m.clone()
		in.apply(m)
		if err := s.mayEdit(before, *m); err != nil {
			return err
		}
		if in.About != nil {
			m.AboutID = about
		}
		if err := m.check(); err != nil {
			return err
		}
		if err := s.storeEdit(tx, m, before); err != nil {
			return err
		}
		out = *m
		return nil
	})
	return out, err
}

// aboutOf finds the consultation that a change names, before the change begins.
func (s *Service) aboutOf(ctx context.Context, who actor.Actor, slug string, in In) (int64, error) {
	if in.About == nil {
		return 0, nil
	}
	m, err := s.Staff(ctx, who, slug)
	if err != nil {
		return 0, err
	}
	m.About = *in.About
	err = s.about(ctx, &m)
	return m.AboutID, err
}

func (s *Service) storeEdit(tx *database.Tx, m *Meeting, before Meeting) error {
	m.contribute(tx.Actor.Key())
	m.UpdatedAt = tx.Now
	m.Version++
	if err := tx.Model(&Meeting{}).Where("id = ?", m.ID).Select(callColumns).Updates(m).Error; err != nil {
		return err
	}
	if m.Editable() {
		if err := storeSessions(tx, m); err != nil {
			return err
		}
	}
	was, is := differing(before, *m)
	return audit.Record(tx, audit.Entry{
		Organisation: m.Organisation, Action: "edit", Object: "meeting", ObjectID: m.ID, Before: was, After: is,
	})
}

// afterwards lists what may be changed after publication.
var afterwards = map[string]bool{"description": true, "access": true, "contact": true, "link": true, "minutes_each": true}

func (s *Service) mayEdit(before, after Meeting) error {
	if before.Editable() {
		return nil
	}
	switch before.State {
	case InReview, Cancelled, AccountPublished:
		return fault.New(fault.Conflict, "meeting.not_editable")
	}
	_, is := differing(before, after)
	for field := range is {
		if !afterwards[field] {
			return fault.New(fault.Conflict, "meeting.rules_fixed", "field", field)
		}
	}
	return nil
}

func (m *Meeting) contribute(key string) {
	if !m.Editable() {
		return // who mends a contact afterwards wrote none of the rules
	}
	for _, k := range m.Contributors {
		if k == key {
			return
		}
	}
	m.Contributors = append(m.Contributors, key)
}

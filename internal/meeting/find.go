package meeting

import (
	"context"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// BySlug finds a meeting that everybody may see; NotFound before approval.
func (s *Service) BySlug(ctx context.Context, slug string) (Meeting, error) {
	m, err := s.one(ctx, "slug = ?", slug)
	if err == nil && !m.Public() {
		return Meeting{}, fault.Missing()
	}
	return m, err
}

// ByID finds a meeting in any state, for what hangs on it.
func (s *Service) ByID(ctx context.Context, id int64) (Meeting, error) {
	return s.one(ctx, "id = ?", id)
}

// See finds a meeting as the actor may see it: the organisation's staff in every
// state, all others from approval on. What may not be seen is NotFound.
func (s *Service) See(ctx context.Context, who actor.Actor, slug string) (Meeting, error) {
	m, err := s.one(ctx, "slug = ?", slug)
	if err == nil && !m.Public() && !s.MaySee(who, m) {
		return Meeting{}, fault.Missing()
	}
	return m, err
}

// Staff finds a meeting for the organisation's own staff: Unauthenticated for the
// unknown, NotFound for everybody else's.
func (s *Service) Staff(ctx context.Context, who actor.Actor, slug string) (Meeting, error) {
	if err := known(who); err != nil {
		return Meeting{}, err
	}
	m, err := s.one(ctx, "slug = ?", slug)
	if err != nil {
		return Meeting{}, err
	}
	if err := s.gate.Require(who, PermissionSee, m.Organisation); err != nil {
		return Meeting{}, err
	}
	return m, nil
}

func (s *Service) one(ctx context.Context, where string, arg any) (Meeting, error) {
	var m Meeting
	if err := s.db.Read(ctx).Where(where, arg).Take(&m).Error; err != nil {
		return Meeting{}, database.Translate(err)
	}
	list := []Meeting{m}
	err := s.fill(ctx, list)
	return list[0], err
}

// fill adds what lies beside the rows: organisations, sessions, counts.
func (s *Service) fill(ctx context.Context, list []Meeting) error {
	if len(list) == 0 {
		return nil
	}
	meetings, orgs := make([]int64, len(list)), make([]int64, len(list))
	at := make(map[int64]*Meeting, len(list))
	for i := range list {
		meetings[i], orgs[i] = list[i].ID, list[i].Organisation
		at[list[i].ID] = &list[i]
		list[i].Counts = map[string]Count{}
		list[i].times()
	}
	names, err := s.orgs.ByIDs(ctx, orgs)
	if err != nil {
		return err
	}
	for i := range list {
		o := names[list[i].Organisation]
		list[i].OrganisationSlug, list[i].OrganisationName = o.Slug, o.Name
	}
	var sessions []Session
	if err := s.db.Read(ctx).Where("meeting_id IN ?", meetings).Order("meeting_id, position").Find(&sessions).Error; err != nil {
		return err
	}
	for _, x := range sessions {
		x.StartsAt, x.EndsAt = x.StartsAt.UTC(), x.EndsAt.UTC()
		at[x.MeetingID].Sessions = append(at[x.MeetingID].Sessions, x)
	}
	var counts []counter
	if err := s.db.Read(ctx).Where("meeting_id IN ?", meetings).Find(&counts).Error; err != nil {
		return err
	}
	for _, c := range counts {
		at[c.MeetingID].Counts[c.Part] = Count{c.Applied, c.Seated, c.Waiting}
	}
	return nil
}

// times puts every instant into UTC, whatever the driver gave.
func (m *Meeting) times() {
	m.StartsAt, m.EndsAt = m.StartsAt.UTC(), m.EndsAt.UTC()
	m.CreatedAt, m.UpdatedAt = m.CreatedAt.UTC(), m.UpdatedAt.UTC()
	for _, t := range m.instants() {
		if *t != nil {
			u := (*t).UTC()
			*t = &u
		}
	}
}

// Lock reads a meeting inside a change so that no other change touches it, or
// takes in an application for it, until this one ends; with its sessions and
// counts. Whatever runs while it is held reads through tx only: every other
// connection may be waiting for this lock.
func (s *Service) Lock(tx *database.Tx, id int64) (Meeting, error) {
	return lock(tx, "id = ?", id)
}

func lock(tx *database.Tx, where string, arg any) (Meeting, error) {
	var m Meeting
	if err := tx.Lock().Where(where, arg).Take(&m).Error; err != nil {
		return Meeting{}, database.Translate(err)
	}
	m.times()
	// By this very connection: who waits for the lock may hold all others.
	var o struct{ Slug, Name string }
	if err := tx.Table("organisations").Select("slug, name").Where("id = ?", m.Organisation).Take(&o).Error; err != nil {
		return Meeting{}, database.Translate(err)
	}
	m.OrganisationSlug, m.OrganisationName = o.Slug, o.Name
	var err error
	if err := tx.Where("meeting_id = ?", m.ID).Order("position").Find(&m.Sessions).Error; err != nil {
		return Meeting{}, err
	}
	m.Counts, err = counts(tx, m.ID)
	return m, err
}

// change runs a change of one meeting, found and locked by its slug, for somebody
// who belongs to its organisation.
func (s *Service) change(ctx context.Context, who actor.Actor, slug string, f func(*database.Tx, *Meeting) error) error {
	if err := known(who); err != nil {
		return err
	}
	return s.db.Write(ctx, who, func(tx *database.Tx) error {
		m, err := lock(tx, "slug = ?", slug)
		if err != nil {
			return err
		}
		if !s.MaySee(who, m) && who.Kind != actor.Clock {
			return fault.Missing()
		}
		return f(tx, &m)
	})
}

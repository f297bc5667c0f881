package meeting

import (
	"context"

	"gorm.io/gorm"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/submission"
)

// lockApplication reads an application inside a change.
func lockApplication(tx *database.Tx, meeting, id int64) (Application, error) {
	var a Application
	err := tx.Lock().Where("meeting_id = ? AND id = ?", meeting, id).Take(&a).Error
	return a.utc(), database.Translate(err)
}

// ApplicationByID finds one application of a meeting, for higher capabilities.
func (s *Service) ApplicationByID(ctx context.Context, meeting, id int64) (Application, error) {
	var a Application
	err := s.db.Read(ctx).Where("meeting_id = ? AND id = ?", meeting, id).Take(&a).Error
	return a.utc(), database.Translate(err)
}

// Applications lists all applications of a meeting in the states named (none:
// all), by number, for higher capabilities.
func (s *Service) Applications(ctx context.Context, meeting int64, states ...ApplicationState) ([]Application, error) {
	return applicationsIn(s.db.Read(ctx), meeting, states)
}

// ApplicationsIn is Applications inside a change.
func ApplicationsIn(tx *database.Tx, meeting int64, states ...ApplicationState) ([]Application, error) {
	return applicationsIn(tx.DB, meeting, states)
}

func applicationsIn(g *gorm.DB, meeting int64, states []ApplicationState) ([]Application, error) {
	q := g.Where("meeting_id = ?", meeting)
	if len(states) > 0 {
		q = q.Where("state IN ?", states)
	}
	var out []Application
	err := q.Order("number").Find(&out).Error
	for i := range out {
		out[i] = out[i].utc()
	}
	return out, err
}

// Own is an application as its applicant sees it.
type Own struct {
	Application Application
	Person      Person
	Meeting     Meeting
	Position    int // on the waiting list, from 1; 0: not on it
}

// Mine finds an application for whoever has its secret. A wrong reference and a
// wrong secret are the same NotFound.
func (s *Service) Mine(ctx context.Context, reference, secret string) (Own, error) {
	a, err := s.opened(ctx, reference, secret)
	if err != nil {
		return Own{}, err
	}
	return s.own(ctx, a)
}

// MineOf lists the applications of a signed-in person, newest first.
func (s *Service) MineOf(ctx context.Context, who actor.Actor, limit int) ([]Own, error) {
	if who.Kind != actor.Account || who.ID == 0 {
		return nil, fault.New(fault.Unauthenticated, "sign_in_first")
	}
	var rows []Application
	if err := s.db.Read(ctx).Where("account = ?", who.ID).Order("applied_at DESC, id DESC").Limit(min(limit, pageMost)).Find(&rows).Error; err != nil {
		return nil, err
	}
	out := make([]Own, 0, len(rows))
	for _, a := range rows {
		o, err := s.own(ctx, a.utc())
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, nil
}

func (s *Service) own(ctx context.Context, a Application) (Own, error) {
	o := Own{Application: a}
	var err error
	if o.Meeting, err = s.ByID(ctx, a.Meeting); err != nil {
		return Own{}, err
	}
	if o.Person, err = s.Person(ctx, a); err != nil {
		return Own{}, err
	}
	o.Position, err = s.Position(ctx, a)
	return o, err
}

func (s *Service) opened(ctx context.Context, reference, secret string) (Application, error) {
	number, ok := ReadReference(reference)
	if !ok {
		return Application{}, fault.Missing()
	}
	var a Application
	if err := s.db.Read(ctx).Where("reference = ?", number).Take(&a).Error; err != nil {
		return Application{}, database.Translate(err)
	}
	if !submission.SameSecret(s.Secret(a.ID), secret) {
		return Application{}, fault.Missing()
	}
	return a.utc(), nil
}

// Position is an application's place on the waiting list of its session or category.
func (s *Service) Position(ctx context.Context, a Application) (int, error) {
	if a.State != Waiting {
		return 0, nil
	}
	var n int64
	err := s.db.Read(ctx).Model(&Application{}).Where("meeting_id = ? AND state = ? AND session = ? AND category = ? AND side = ? AND number <= ?",
		a.Meeting, Waiting, a.Session, a.Category, a.Side, a.Number).Count(&n).Error
	return int(n), err
}

// Person opens the sealed data of an application, for its owner and for what must
// write to them; staff go through Contact. It is empty once it was erased.
func (s *Service) Person(ctx context.Context, a Application) (Person, error) {
	return s.personOf(s.db.Read(ctx), a)
}

// PersonIn is Person inside a change.
func (s *Service) PersonIn(tx *database.Tx, a Application) (Person, error) {
	return s.personOf(tx.DB, a)
}

func (s *Service) personOf(g *gorm.DB, a Application) (Person, error) {
	if a.Erased {
		return Person{}, nil
	}
	var row applicant
	if err := g.Where("meeting_id = ? AND application_id = ?", a.Meeting, a.ID).Take(&row).Error; err != nil {
		return Person{}, database.Translate(err)
	}
	return s.unseal(row)
}

// Contact opens the name and contact of an applicant for staff; who looked is
// recorded.
func (s *Service) Contact(ctx context.Context, who actor.Actor, slug string, id int64) (Application, Person, error) {
	var a Application
	var p Person
	err := s.change(ctx, who, slug, func(tx *database.Tx, m *Meeting) error {
		if err := s.gate.Require(who, PermissionContact, m.Organisation); err != nil {
			return err
		}
		var err error
		if a, err = lockApplication(tx, m.ID, id); err != nil {
			return err
		}
		if p, err = s.PersonIn(tx, a); err != nil {
			return err
		}
		return recordApplication(tx, *m, a, "contact", nil, nil)
	})
	return a, p, err
}

// Erase deletes the name and contact of an application for good; the features of
// the draw stay, which name nobody. The caller says why in its own trail.
func (s *Service) Erase(tx *database.Tx, m Meeting, application int64) error {
	a, err := lockApplication(tx, m.ID, application)
	if err != nil || a.Erased {
		return err
	}
	if err := tx.Exec("DELETE FROM applicants WHERE meeting_id = ? AND application_id = ?", m.ID, a.ID).Error; err != nil {
		return err
	}
	err = tx.Model(&Application{}).Where("meeting_id = ? AND id = ?", m.ID, a.ID).
		Updates(map[string]any{"erased": true, "household": nil, "unit": nil, "updated_at": tx.Now, "version": a.Version + 1}).Error
	if err != nil {
		return err
	}
	return recordApplication(tx, m, a, "erase", nil, nil)
}

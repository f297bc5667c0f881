package representative

import (
	"context"
	"strings"
	"time"

	"gorm.io/gorm"

	"guangyi/internal/audit"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// Find tells whether somebody is serving as a representative of an organisation:
// by account (0: none), or by telephone number or e-mail address as typed.
func (s *Service) Find(ctx context.Context, organisation, account int64, phone, email string) (Representative, bool, error) {
	g := s.db.Read(ctx)
	e, p := s.indexes(Person{Email: strings.TrimSpace(email), Phone: phone})
	where, args := "organisation_id = ? AND state = ? AND (", []any{organisation, Admitted}
	by := func(condition string, v ...any) {
		if len(args) > 2 {
			where += " OR "
		}
		where, args = where+condition, append(args, v...)
	}
	if account != 0 {
		by("account_id = ?", account)
	}
	const contact = "id IN (SELECT representative_id FROM representative_people WHERE organisation_id = ? AND "
	if p != nil {
		by(contact+"phone_index = ?)", organisation, p)
	}
	if e != nil {
		by(contact+"email_index = ?)", organisation, e)
	}
	if len(args) == 2 {
		return Representative{}, false, nil
	}
	var found []Representative
	if err := g.Where(where+")", args...).Order("id").Find(&found).Error; err != nil {
		return Representative{}, false, err
	}
	for _, r := range found {
		if r.Serving(s.db.Now()) {
			list := []Representative{r}
			err := fillFields(s.db.Read(ctx), list)
			return list[0], err == nil, err
		}
	}
	return Representative{}, false, nil
}

// ByID gives a membership without asking who wants to know: for higher
// capabilities that have asked.
func (s *Service) ByID(ctx context.Context, id int64) (Representative, error) {
	return load(s.db.Read(ctx), "id = ?", id)
}

// Invited counts an invitation to a meeting, in the inviting transaction; twice for
// the same meeting counts once.
func (s *Service) Invited(tx *database.Tx, id, meeting int64) error {
	r, err := load(tx.Lock(), "id = ?", id)
	if err != nil {
		return err
	}
	done := tx.Exec("INSERT INTO representative_calls (organisation_id, representative_id, meeting_id, invited_at)"+
		" VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", r.Organisation, id, meeting, tx.Now)
	if done.Error != nil || done.RowsAffected == 0 {
		return done.Error
	}
	return count(tx, r, "invited")
}

// Came counts that a representative came to a meeting; as Invited, once. Who was
// not invited (a reserve at the door) counts as invited too.
func (s *Service) Came(tx *database.Tx, id, meeting int64) error {
	if err := s.Invited(tx, id, meeting); err != nil {
		return err
	}
	done := tx.Model(&Call{}).Where("representative_id = ? AND meeting_id = ? AND came_at IS NULL", id, meeting).Update("came_at", tx.Now)
	if done.Error != nil || done.RowsAffected == 0 {
		return done.Error
	}
	r, err := load(tx.DB, "id = ?", id)
	if err != nil {
		return err
	}
	return count(tx, r, "came")
}

func count(tx *database.Tx, r Representative, column string) error {
	return tx.Model(&Representative{}).Where("organisation_id = ? AND id = ?", r.Organisation, r.ID).
		Update(column, gorm.Expr(column+" + 1")).Error
}

// InvitedSince counts the meetings to which each was invited at or after an
// instant; who is not in the map was to none.
func (s *Service) InvitedSince(ctx context.Context, ids []int64, since time.Time) (map[int64]int, error) {
	var rows []struct {
		RepresentativeID int64
		N                int
	}
	err := s.db.Read(ctx).Table("representative_calls").Select("representative_id, count(*) AS n").
		Where("representative_id IN ? AND invited_at >= ?", ids, since.UTC()).Group("representative_id").Scan(&rows).Error
	out := map[int64]int{}
	for _, r := range rows {
		out[r.RepresentativeID] = r.N
	}
	return out, err
}

// Contact gives staff the name and contact of one; that somebody read it is in
// the audit trail.
func (s *Service) Contact(ctx context.Context, who actor.Actor, id int64) (Person, error) {
	var p Person
	err := s.db.Write(ctx, who, func(tx *database.Tx) error {
		r, err := load(tx.DB, "id = ?", id)
		if err != nil {
			return unknown(who, err)
		}
		if err := s.gate.Require(who, mayContact, r.Organisation); err != nil {
			return err
		}
		if p, err = s.person(tx.DB, r); err != nil {
			return err
		}
		return audit.Record(tx, audit.Entry{Organisation: r.Organisation, Action: string(contacted), Object: "representative", ObjectID: id})
	})
	return p, err
}

// unknown asks who is not signed in to sign in before telling that nothing is there.
func unknown(who actor.Actor, err error) error {
	if !who.Known() && who.Kind == actor.Anonymous && fault.Is(err, fault.NotFound) {
		return fault.New(fault.Unauthenticated, "sign_in_first")
	}
	return err
}

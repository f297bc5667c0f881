package meeting

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// StaffChannels lists how an application may reach staff who enter it.
var StaffChannels = []string{"phone", "letter", "visit"}

// ApplicationFilter narrows the list for staff; zero values do not.
type ApplicationFilter struct {
	State    ApplicationState
	Category string
	Side     string
	Session  int64
	Cursor   int // the last number of the page before
	Limit    int // 1 to 1,000; 0 is 50
}

// ApplicationPage is one page, by number. Next is the cursor of the following one.
type ApplicationPage struct {
	Items []Application
	Next  int
}

// ApplicationsOf lists the applications of a meeting for staff, without names.
func (s *Service) ApplicationsOf(ctx context.Context, who actor.Actor, slug string, f ApplicationFilter) (Meeting, ApplicationPage, error) {
	m, err := s.Staff(ctx, who, slug)
	if err != nil {
		return m, ApplicationPage{}, err
	}
	if err := s.gate.Require(who, PermissionList, m.Organisation); err != nil {
		return m, ApplicationPage{}, err
	}
	limit := f.Limit
	if limit <= 0 {
		limit = pageUsual
	}
	limit = min(limit, pageMost)
	q := s.db.Read(ctx).Where("meeting_id = ? AND number > ?", m.ID, f.Cursor)
	for column, value := range map[string]string{"state": string(f.State), "category": f.Category, "side": f.Side} {
		if value != "" {
			q = q.Where(column+" = ?", value)
		}
	}
	if f.Session != 0 {
		q = q.Where("session = ?", f.Session)
	}
	var p ApplicationPage
	if err := q.Order("number").Limit(limit + 1).Find(&p.Items).Error; err != nil {
		return m, p, err
	}
	if len(p.Items) > limit {
		p.Items = p.Items[:limit]
		p.Next = p.Items[limit-1].Number
	}
	for i := range p.Items {
		p.Items[i] = p.Items[i].utc()
	}
	return m, p, nil
}

// staffAct runs something that staff do to one application; version is the one
// that was read (0: not checked).
func (s *Service) staffAct(ctx context.Context, who actor.Actor, slug string, id, version int64,
	f func(*database.Tx, *Meeting, Application) (Application, error)) (Application, error) {
	var out Application
	err := s.change(ctx, who, slug, func(tx *database.Tx, m *Meeting) error {
		if err := s.gate.Require(who, PermissionVet, m.Organisation); err != nil {
			return err
		}
		a, err := lockApplication(tx, m.ID, id)
		if err != nil {
			return err
		}
		if version != 0 && version != a.Version {
			return fault.Stale()
		}
		if a.Account != 0 && a.Account == who.ID {
			return fault.New(fault.Forbidden, "meeting.own_application")
		}
		out, err = f(tx, m, a)
		return err
	})
	return out, err
}

// Vet admits an application to the selection, or refuses it with a reason that
// its applicant reads. A refusal may be taken back while applications are taken
// or wait for their selection.
func (s *Service) Vet(ctx context.Context, who actor.Actor, slug string, id int64, ok bool, reason string, version int64) (Application, error) {
	reason = strings.TrimSpace(reason)
	return s.staffAct(ctx, who, slug, id, version, func(tx *database.Tx, m *Meeting, a Application) (Application, error) {
		if err := m.vetting(tx); err != nil {
			return a, err
		}
		if !ok {
			if err := checkReason(reason); err != nil {
				return a, err
			}
			a, err := s.move(ctx, tx, m, a, Refused, Change{Reason: reason})
			if err != nil {
				return a, err
			}
			return a, vetted(tx, &a)
		}
		if a.State == Refused {
			var err error
			if a, err = s.move(ctx, tx, m, a, Applied, Change{}); err != nil {
				return a, err
			}
			if m.MethodOf(a.Category) == ByOrder {
				if a, err = s.queue(ctx, tx, m, a); err != nil {
					return a, err
				}
			}
		} else if err := recordApplication(tx, *m, a, "vet", nil, map[string]any{"admitted": true}); err != nil {
			return a, err
		}
		return a, vetted(tx, &a)
	})
}

// vetting is for the time before it is settled who comes.
func (m Meeting) vetting(tx *database.Tx) error {
	switch status := m.Status(tx.Now); status {
	case Open, Closed:
		return nil
	case InvitedStatus:
		if m.Method == ByOrder {
			return nil
		}
		return fault.New(fault.Conflict, "meeting.state", "event", "vet", "status", string(status))
	default:
		return fault.New(fault.Conflict, "meeting.state", "event", "vet", "status", string(status))
	}
}

// queue gives somebody who was let in again a seat, or a place on the waiting list.
func (s *Service) queue(ctx context.Context, tx *database.Tx, m *Meeting, a Application) (Application, error) {
	if m.fits(a) {
		return s.move(ctx, tx, m, a, Seated, Change{})
	}
	return s.move(ctx, tx, m, a, Waiting, Change{})
}

func vetted(tx *database.Tx, a *Application) error {
	a.VettedBy = tx.Actor.Key()
	return tx.Model(&Application{}).Where("meeting_id = ? AND id = ?", a.Meeting, a.ID).Update("vetted_by", a.VettedBy).Error
}

func checkReason(reason string) error {
	var f fault.Fields
	switch n := utf8.RuneCountInString(reason); {
	case n == 0:
		f.Add("reason", "meeting.reason_required")
	case n > NoteLength:
		f.Add("reason", "meeting.too_long", "most", NoteLength, "count", n-NoteLength)
	}
	return f.Err()
}

// Enter takes an application in for somebody who calls, writes or comes by, while
// applications are taken. The consent is what the person said or signed.
func (s *Service) Enter(ctx context.Context, who actor.Actor, slug string, in ApplicationIn) (Application, string, error) {
	m, err := s.entering(ctx, who, slug, &in)
	if err != nil {
		return Application{}, "", err
	}
	hash := s.bodyHash(m.ID, in)
	if was, ok, err := s.byKey(s.db.Read(ctx), m.ID, in.Key, hash); ok || err != nil {
		return was, s.secretOf(was), err
	}
	if err := m.Takes(s.db.Now()); err != nil {
		return Application{}, "", err
	}
	a := Application{Channel: in.Channel, EnteredBy: who.Key()}
	if err := s.admitEntered(ctx, m, in, &a); err != nil {
		return Application{}, "", err
	}
	a, err = s.take(ctx, who, m.ID, in, a, hash)
	return a, s.secretOf(a), err
}

// admitEntered asks for pool and names; an account cannot be asked of a caller.
func (s *Service) admitEntered(ctx context.Context, m Meeting, in ApplicationIn, a *Application) error {
	m.AccountNeeded = false
	return s.admit(ctx, actor.Actor{}, m, in, a)
}

func (s *Service) entering(ctx context.Context, who actor.Actor, slug string, in *ApplicationIn) (Meeting, error) {
	m, err := s.Staff(ctx, who, slug)
	if err != nil {
		return m, err
	}
	if err := s.gate.Require(who, PermissionVet, m.Organisation); err != nil {
		return m, err
	}
	if in.Channel == "" {
		in.Channel = StaffChannels[0]
	}
	var f fault.Fields
	if !slices.Contains(StaffChannels, in.Channel) {
		f.Add("channel", "meeting.choice", "value", in.Channel)
	}
	if err := s.check(m, in); err != nil {
		x, _ := fault.As(err)
		f = append(f, x.Fields...)
	}
	return m, f.Err()
}

// Nominate puts somebody forward with a reason, which is public beside the seat.
// It is for categories whose seats go by nomination and for calls to named
// persons, until it is settled who comes.
func (s *Service) Nominate(ctx context.Context, who actor.Actor, slug string, in ApplicationIn, reason string) (Application, string, error) {
	m, err := s.entering(ctx, who, slug, &in)
	if err != nil {
		return Application{}, "", err
	}
	reason = strings.TrimSpace(reason)
	if err := checkReason(reason); err != nil {
		return Application{}, "", err
	}
	if m.MethodOf(in.Category) != ByNomination && m.OpenTo != ToNamed {
		return Application{}, "", fault.New(fault.Conflict, "meeting.no_nomination")
	}
	if err := m.nominates(s.db.Now()); err != nil {
		return Application{}, "", err
	}
	a := Application{Channel: in.Channel, EnteredBy: who.Key(), Nominated: true, Reason: reason, VettedBy: who.Key()}
	if s.pool != nil {
		if id, ok, err := s.pool.Member(ctx, m.Organisation, 0, in.Person); err != nil {
			return Application{}, "", err
		} else if ok {
			a.Representative = id
		}
	}
	a, err = s.take(ctx, who, m.ID, in, a, s.bodyHash(m.ID, in))
	return a, s.secretOf(a), err
}

// nominates is for the time until it is settled who comes.
func (m Meeting) nominates(now time.Time) error {
	switch status := m.Status(now); status {
	case Announced, Open, Closed:
		return nil
	default:
		return fault.New(fault.Conflict, "meeting.state", "event", "nominate", "status", string(status))
	}
}

// WithdrawFor withdraws an application for somebody who asked staff to.
func (s *Service) WithdrawFor(ctx context.Context, who actor.Actor, slug string, id int64, note string, version int64) (Application, error) {
	return s.staffAct(ctx, who, slug, id, version, func(tx *database.Tx, m *Meeting, a Application) (Application, error) {
		if err := checkReason(strings.TrimSpace(note)); err != nil {
			return a, err
		}
		return s.move(ctx, tx, m, a, Withdrawn, Change{Reason: strings.TrimSpace(note)})
	})
}

// NamePersons says whom a call to named persons is open to, by telephone number or
// e-mail address; they are kept as blind indexes only. It returns how many are new.
func (s *Service) NamePersons(ctx context.Context, who actor.Actor, slug string, contacts []string) (int, error) {
	added := 0
	err := s.change(ctx, who, slug, func(tx *database.Tx, m *Meeting) error {
		if err := s.gate.Require(who, PermissionPrepare, m.Organisation); err != nil {
			return err
		}
		if m.OpenTo != ToNamed {
			return fault.New(fault.Conflict, "meeting.not_named")
		}
		if err := m.Takes(tx.Now); fault.Is(err, fault.Gone) {
			return err
		}
		for i, c := range contacts {
			index := s.contactIndex(c)
			if index == nil {
				return fault.Fields{{Name: "contacts", Code: "meeting.contact", Args: []any{"line", i + 1}}}.Err()
			}
			res := tx.Exec("INSERT INTO meeting_named (meeting_id, person_index, added_by, added_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
				m.ID, index, who.Key(), tx.Now)
			if res.Error != nil {
				return res.Error
			}
			added += int(res.RowsAffected)
		}
		return remember(tx, *m, *m, "name", "", map[string]any{"named": added})
	})
	return added, err
}

func (s *Service) contactIndex(contact string) []byte {
	contact = strings.TrimSpace(contact)
	if strings.Contains(contact, "@") {
		return s.PersonIndex(Person{Email: contact})
	}
	return s.PersonIndex(Person{Phone: contact})
}

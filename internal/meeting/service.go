package meeting

import (
	"context"

	"guangyi/internal/access"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/seal"
	"guangyi/internal/procedure"
)

// Guard may refuse an event, inside its transaction, for a reason that a higher
// capability knows. The meeting is locked and as it was before the event.
type Guard func(ctx context.Context, tx *database.Tx, m Meeting, e Event) error

// Consequence does what follows from an event, inside its transaction, such as
// telling everybody of a new date. The meeting is as it is after the event.
type Consequence = Guard

// Watcher follows applications, inside the transaction that moves one: a is as it
// is now, from where it stood before ("" when it has just arrived).
type Watcher func(ctx context.Context, tx *database.Tx, m Meeting, a Application, from ApplicationState) error

// Pool tells whether somebody is a standing representative of an organisation:
// by account, or by what they wrote of themselves.
type Pool interface {
	Member(ctx context.Context, organisation, account int64, p Person) (representative int64, ok bool, err error)
}

// Service keeps meetings. Guards, consequences and watchers are registered before
// it serves; everything else is safe for concurrent use.
type Service struct {
	db            *database.DB
	gate          *access.Gate
	keys          *seal.Keys
	orgs          *organisation.Service
	consultations *consultation.Service
	drafts        *draft.Service
	pool          Pool
	procedures    procedure.Profiles

	guards       map[Event][]Guard
	consequences map[Event][]Consequence
	watchers     []Watcher
}

// New makes the service.
func New(db *database.DB, gate *access.Gate, keys *seal.Keys, orgs *organisation.Service, consultations *consultation.Service, drafts *draft.Service) *Service {
	return &Service{
		db: db, gate: gate, keys: keys, orgs: orgs, consultations: consultations, drafts: drafts,
		guards: map[Event][]Guard{}, consequences: map[Event][]Consequence{},
	}
}

// UsePool says who knows the standing representatives; without it a call that is
// open to the pool is open to nobody.
func (s *Service) UsePool(p Pool) { s.pool = p }

// Guard registers a refusal for an event.
func (s *Service) Guard(e Event, g Guard) { s.guards[e] = append(s.guards[e], g) }

// Consequence registers what follows from an event.
func (s *Service) Consequence(e Event, f Consequence) {
	s.consequences[e] = append(s.consequences[e], f)
}

// Watch registers who follows applications.
func (s *Service) Watch(w Watcher) { s.watchers = append(s.watchers, w) }

// May reports whether the actor's role allows an event here, whatever the state.
func (s *Service) May(who actor.Actor, e Event, m Meeting) bool {
	return s.gate.May(who, e.Permission(), m.Organisation)
}

// MaySee reports whether the actor may see it as staff do.
func (s *Service) MaySee(who actor.Actor, m Meeting) bool {
	return who.Known() && s.gate.May(who, PermissionSee, m.Organisation) || who.Kind == actor.CLI
}

// MayPrepare reports whether the actor may make and edit calls there.
func (s *Service) MayPrepare(who actor.Actor, organisation int64) bool {
	return s.gate.May(who, PermissionPrepare, organisation)
}

// MayVet reports whether the actor may vet and enter applications there.
func (s *Service) MayVet(who actor.Actor, organisation int64) bool {
	return s.gate.May(who, PermissionVet, organisation)
}

// MayContact reports whether the actor may see names and contacts there.
func (s *Service) MayContact(who actor.Actor, organisation int64) bool {
	return s.gate.May(who, PermissionContact, organisation)
}

// known refuses who is nobody, before anything is looked up: the answer must not
// tell what exists.
func known(who actor.Actor) error {
	if who.Known() || who.Kind == actor.CLI || who.Kind == actor.Clock {
		return nil
	}
	return fault.New(fault.Unauthenticated, "sign_in_first")
}

// MayList reports whether the actor may see the applications of a meeting.
func (s *Service) MayList(who actor.Actor, m Meeting) bool {
	return s.gate.May(who, PermissionList, m.Organisation)
}

// MayExport reports whether the actor may take the table of applicants away.
func (s *Service) MayExport(who actor.Actor, m Meeting) bool {
	return s.gate.May(who, PermissionExport, m.Organisation)
}

package consultation

import (
	"context"

	"guangyi/internal/access"
	"guangyi/internal/draft"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/procedure"
)

// Guard may refuse an event, inside its transaction, for a reason that a higher
// capability knows, such as a summary that does not balance. The consultation is
// locked and as it was before the event.
type Guard func(ctx context.Context, tx *database.Tx, c Consultation, e Event) error

// Consequence does what follows from an event, inside its transaction, such as
// signing the suggestions. The consultation is as it is after the event.
type Consequence = Guard

// Service keeps consultations. Guards and consequences are registered before it
// serves; everything else is safe for concurrent use.
type Service struct {
	db     *database.DB
	gate   *access.Gate
	drafts *draft.Service
	orgs   *organisation.Service
	cache  *cache

	procedures procedure.Profiles

	guards       map[Event][]Guard
	consequences map[Event][]Consequence
}

// New makes the service.
func New(db *database.DB, gate *access.Gate, drafts *draft.Service, orgs *organisation.Service) *Service {
	return &Service{
		db: db, gate: gate, drafts: drafts, orgs: orgs, cache: newCache(),
		guards: map[Event][]Guard{}, consequences: map[Event][]Consequence{},
	}
}

// UseProcedures says which procedure profiles a consultation can follow; without
// them none.
func (s *Service) UseProcedures(p procedure.Profiles) { s.procedures = p }

// Procedures lists the profiles by id.
func (s *Service) Procedures() procedure.Profiles { return s.procedures }

// Guard registers a refusal for an event.
func (s *Service) Guard(e Event, g Guard) { s.guards[e] = append(s.guards[e], g) }

// Consequence registers what follows from an event.
func (s *Service) Consequence(e Event, f Consequence) {
	s.consequences[e] = append(s.consequences[e], f)
}

// May reports whether the actor's role allows an event here, whatever the state.
func (s *Service) May(who actor.Actor, e Event, c Consultation) bool {
	return s.gate.May(who, e.Permission(), c.Organisation)
}

// MaySee reports whether the actor may see it as staff do.
func (s *Service) MaySee(who actor.Actor, c Consultation) bool {
	return who.Known() && s.gate.May(who, PermissionSee, c.Organisation) || who.Kind == actor.CLI
}

// MayPrepare reports whether the actor may edit notices and drafts there.
func (s *Service) MayPrepare(who actor.Actor, organisation int64) bool {
	return s.gate.May(who, PermissionPrepare, organisation)
}

// Drafts is the service of the drafts that are consulted on.
func (s *Service) Drafts() *draft.Service { return s.drafts }

// known refuses who is nobody, before anything is looked up: the answer must not
// tell what exists.
func known(who actor.Actor) error {
	if who.Known() || who.Kind == actor.CLI || who.Kind == actor.Clock {
		return nil
	}
	return fault.New(fault.Unauthenticated, "sign_in_first")
}

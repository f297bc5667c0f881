package adoption

import (
	"context"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guangyi/internal/access"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// Service gathers, decides and publishes. It is safe for concurrent use.
type Service struct {
	db            *database.DB
	gate          *access.Gate
	consultations *consultation.Service
	drafts        *draft.Service
	log           Log // nil: none is kept
}

// New makes the service.
func New(db *database.DB, gate *access.Gate, consultations *consultation.Service, drafts *draft.Service) *Service {
	return &Service{db: db, gate: gate, consultations: consultations, drafts: drafts}
}

// subject is what adoption must know of the consultation it works on.
type subject struct {
	ID             int64
	OrganisationID int64
	Slug           string
	Lang           string
	Title          string
	State          consultation.State
	SummaryBy      string
}

const subjectColumns = "consultations.id, organisation_id, slug, consultations.lang, title, consultations.state, summary_by"

// place finds the consultation: by its slug, or by a suggestion of it.
type place func(*gorm.DB) *gorm.DB

func atSlug(slug string) place {
	return func(g *gorm.DB) *gorm.DB { return g.Where("slug = ?", slug) }
}

func atSuggestion(id int64) place {
	return func(g *gorm.DB) *gorm.DB {
		return g.Where("consultations.id = (SELECT consultation_id FROM suggestions WHERE suggestions.id = ?)", id)
	}
}

// at finds the consultation and asks whether the actor may; what does not exist
// and what is another organisation's answers alike.
func (s *Service) at(ctx context.Context, who actor.Actor, where place, may access.Permission) (subject, error) {
	return s.find(s.db.Read(ctx), who, where, may)
}

func (s *Service) find(g *gorm.DB, who actor.Actor, where place, may access.Permission) (subject, error) {
	var c subject
	err := where(g.Table("consultations").Select(subjectColumns)).Take(&c).Error
	if err != nil {
		if !who.Known() && who.Kind == actor.Anonymous {
			return c, fault.New(fault.Unauthenticated, "sign_in_first")
		}
		return c, database.Translate(err)
	}
	return c, s.gate.Require(who, may, c.OrganisationID)
}

// enter begins a change: the consultation cannot change its state, and nobody else
// can change a suggestion or a counter of it, until the transaction ends. Locks are
// taken in one order, consultation before counters, everywhere.
func (s *Service) enter(tx *database.Tx, where place, may access.Permission) (subject, error) {
	g := tx.DB
	if tx.Dialect() == database.Postgres {
		g = g.Clauses(clause.Locking{Strength: clause.LockingStrengthShare})
	}
	c, err := s.find(g, tx.Actor, where, may)
	if err != nil {
		return c, err
	}
	if !changeable(c) {
		return c, fault.New(fault.Conflict, "suggestion.not_now")
	}
	return c, lockCounters(tx, c.ID)
}

// changeable reports whether suggestions of the consultation may change.
func changeable(c subject) bool { return slices.Contains(open, c.State) }

func lockCounters(tx *database.Tx, consultation int64) error {
	var id int64
	return tx.Lock().Table("consultation_counters").Select("consultation_id").
		Where("consultation_id = ?", consultation).Take(&id).Error
}

// load reads a suggestion of the consultation with its provisions; version 0 asks
// for no particular one.
func (s *Service) load(g *gorm.DB, c subject, id, version int64) (Suggestion, error) {
	var out Suggestion
	err := g.Where("consultation_id = ? AND id = ?", c.ID, id).Take(&out).Error
	if err != nil {
		return out, database.Translate(err)
	}
	if version != 0 && version != out.Version {
		return out, fault.Stale()
	}
	list := []Suggestion{out}
	err = fillProvisions(g, c.ID, list)
	return list[0], err
}

// fillProvisions reads the changed provisions of a page of suggestions.
func fillProvisions(g *gorm.DB, consultation int64, list []Suggestion) error {
	at := map[int64]int{}
	ids := make([]int64, len(list))
	for i := range list {
		ids[i], at[list[i].ID] = list[i].ID, i
		list[i].Provisions = []string{}
	}
	var rows []provisionRow
	err := g.Where("consultation_id = ? AND suggestion_id IN ?", consultation, ids).
		Order("suggestion_id, position").Find(&rows).Error
	for _, r := range rows {
		i := at[r.SuggestionID]
		list[i].Provisions = append(list[i].Provisions, r.Provision)
	}
	return err
}

package submission

import (
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guangyi/internal/access"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// Comment is one point. Without ParentID it is a part as received; with one it is
// the span [SpanStart, SpanEnd) of that part's text, in characters.
type Comment struct {
	ConsultationID int64 `gorm:"primaryKey;autoIncrement:false"`
	ID             int64 `gorm:"primaryKey;autoIncrement:false"`
	SubmissionID   int64
	Position       int64
	ParentID       int64
	SpanStart      int64
	SpanEnd        int64
	Split          bool   // it has children, which stand for it
	Provision      string // where staff have it
	AimedAt        string // where its sender had it; never changed
	Text           string
	ProposedText   string
	Lang           string
	DraftVersion   int64
	Channel        string
	SubmitterKind  Kind
	PublicName     string
	Public         bool   // it stands in the list of comments
	Waiting        bool   // somebody has to decide whether it does
	Withheld       string // why its words are not shown; empty: they are
	Masks          string // JSON of Masks; empty: nothing is masked
	Redacted       string // what the public reads instead of the text; empty: the text
	// RedactedProposed is what it reads instead of the proposed wording.
	RedactedProposed string
	SuggestionID     int64 // 0: not gathered
	ReceivedAt       time.Time
	Version          int64
}

// TableName names the table for gorm.
func (Comment) TableName() string { return "comments" }

// Gathered reports whether a suggestion holds it.
func (c Comment) Gathered() bool { return c.SuggestionID != 0 }

// changeable are the states in which staff work on what was sent: from the
// opening until the summary is submitted.
func changeable(c consultation.Consultation, now time.Time) error {
	switch c.Status(now) {
	case consultation.Open, consultation.Closed, consultation.DecidedStatus:
		return nil
	}
	return fault.New(fault.Conflict, "submission.not_now")
}

// enter begins a change of staff: the consultation cannot change its state and its
// counters are ours until the transaction ends. Locks are taken in one order,
// consultation before counters, here and in package adoption.
func (s *Service) enter(tx *database.Tx, slug string, may access.Permission) (consultation.Consultation, error) {
	c, err := s.hold(tx, slug, may)
	if err != nil {
		return c, err
	}
	if err := changeable(c, tx.Now); err != nil {
		return c, err
	}
	var id int64
	return c, tx.Lock().Table("consultation_counters").Select("consultation_id").Where("consultation_id = ?", c.ID).Take(&id).Error
}

// hold reads the consultation so that its state stays, for somebody who may.
func (s *Service) hold(tx *database.Tx, slug string, may access.Permission) (consultation.Consultation, error) {
	c, err := s.held(tx, slug)
	if err != nil {
		if tx.Actor.Kind == actor.Anonymous {
			return c, fault.New(fault.Unauthenticated, "sign_in_first")
		}
		return c, database.Translate(err)
	}
	return c, s.gate.Require(tx.Actor, may, c.Organisation)
}

// held reads a consultation so that its state cannot change before the transaction ends.
func (s *Service) held(tx *database.Tx, slug string) (c consultation.Consultation, err error) {
	g := tx.DB
	if tx.Dialect() == database.Postgres {
		g = g.Clauses(clause.Locking{Strength: clause.LockingStrengthShare})
	}
	err = g.Where("slug = ?", slug).Take(&c).Error
	return c, err
}

// one reads a comment of the consultation; version 0 asks for no particular one.
func one(g *gorm.DB, consultation, id, version int64) (Comment, error) {
	var c Comment
	err := g.Where("consultation_id = ? AND id = ?", consultation, id).Take(&c).Error
	if err != nil {
		return c, database.Translate(err)
	}
	if version != 0 && version != c.Version {
		return c, fault.Stale()
	}
	return c, nil
}

// shift moves the counter of a provision by the comment, up or down.
func shift(tx *database.Tx, c Comment, provision string, by int64) error {
	public := int64(0)
	if c.Public {
		public = by
	}
	return tx.Exec(`INSERT INTO provision_counters (consultation_id, provision, comments, public) VALUES (?,?,?,?)
		ON CONFLICT (consultation_id, provision) DO UPDATE SET comments = provision_counters.comments + excluded.comments,
		public = provision_counters.public + excluded.public`, c.ConsultationID, provision, by, public).Error
}

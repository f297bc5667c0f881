package adoption

import (
	"context"
	"encoding/json"
	"time"

	"gorm.io/gorm"

	"guangyi/internal/audit"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/submission"
)

// Counts are the published figures, in the contract's words. They are taken from
// the records at the moment of publication and kept as they were then.
type Counts struct {
	Submissions       int            `json:"submissions"`
	Comments          int            `json:"comments"`
	Suggestions       int            `json:"suggestions"`
	ByDisposition     map[Code]int   `json:"by_disposition"` // suggestions
	ByChannel         map[string]int `json:"by_channel"`     // submissions
	Withheld          int            `json:"withheld"`       // submissions, counted above too
	Withdrawn         int            `json:"withdrawn"`      // submissions, counted above too
	People            int            `json:"people"`
	CommentsBy        map[Code]int   `json:"comments_by_disposition"`
	ByProvision       map[string]int `json:"by_provision"` // comments; "" the draft as a whole
	ChangedProvisions int            `json:"changed_provisions"`
	Provisions        int            `json:"articles"`       // articles put out for comment
	Late              int            `json:"late,omitempty"` // submissions that came after the end, counted above too
	Held              int            `json:"held,omitempty"` // submissions that wait for moderation still, counted above too

	// ByEntry counts the submissions by who entered them.
	ByEntry map[submission.Entry]int `json:"by_entry"`
}

// summaryRow is a published summary; number 1 is the first, corrections follow.
type summaryRow struct {
	ConsultationID int64 `gorm:"primaryKey;autoIncrement:false"`
	Number         int   `gorm:"primaryKey;autoIncrement:false"`
	Counts         string
	SubmittedBy    string
	PublishedBy    string
	PublishedAt    time.Time
}

func (summaryRow) TableName() string { return "summaries" }

// counts takes the published figures from the counted ones.
func (s *Service) counts(ctx context.Context, g *gorm.DB, id int64, f Figures) (Counts, error) {
	out := Counts{Submissions: f.Submissions, Comments: f.Comments, Suggestions: f.Suggestions, ByDisposition: f.ByDisposition,
		ByChannel: f.ByChannel, Withheld: f.Withheld, Withdrawn: f.Withdrawn, People: f.People, CommentsBy: f.CommentsBy,
		ByProvision: map[string]int{}, ChangedProvisions: f.ChangedProvisions, Late: f.Late, Held: f.Held, ByEntry: map[submission.Entry]int{}}
	for entry, n := range f.ByEntry {
		if entry != "" {
			out.ByEntry[entry] = n
		}
	}
	var rows []struct {
		Provision string
		Comments  int
	}
	err := g.Raw(`SELECT provision, COUNT(*) AS comments FROM comments WHERE consultation_id = ? AND NOT split GROUP BY provision`, id).Scan(&rows).Error
	if err != nil {
		return out, err
	}
	for _, r := range rows {
		out.ByProvision[r.Provision] = r.Comments
	}
	tree, err := s.drafts.Tree(ctx, id, draft.First)
	if err != nil {
		return out, err
	}
	out.Provisions = len(tree.Articles())
	return out, nil
}

// Check is the guard of submit_summary and publish_summary, in their transaction:
// a summary that does not balance is a Conflict that lists what is missing.
func (s *Service) Check(_ context.Context, tx *database.Tx, c consultation.Consultation, e consultation.Event) error {
	if e == consultation.PublishSummary {
		if err := signerDiffers(tx, c); err != nil {
			return err
		}
	}
	if err := lockCounters(tx, c.ID); err != nil {
		return err
	}
	b, err := s.balance(tx.DB, c.ID)
	if err != nil {
		return err
	}
	return b.Err()
}

// signerDiffers refuses, where the organisation demands it, a signer who agreed to
// one of the suggestions: then reviewing and signing are two persons' work.
func signerDiffers(tx *database.Tx, c consultation.Consultation) error {
	var agreed int64
	err := tx.Raw(`SELECT COUNT(*) FROM suggestions s JOIN organisations o ON o.id = ? AND o.signer_differs
		WHERE s.consultation_id = ? AND s.agreed_by = ?`, c.Organisation, c.ID, tx.Actor.Key()).Scan(&agreed).Error
	if err != nil || agreed == 0 {
		return err
	}
	return fault.New(fault.Forbidden, "consultation.signer_differs")
}

// Err is nil when the balance holds, else a Conflict with a field for each gap.
func (b Balance) Err() error {
	if b.Holds() {
		return nil
	}
	f := fault.New(fault.Conflict, "summary.unbalanced", "count", b.Gaps())
	for _, l := range b.Lines {
		if l.Holds {
			continue
		}
		for _, gap := range l.Missing {
			f.Fields = append(f.Fields, fault.Field{Name: gap.Name(), Code: "summary.gap." + gap.Reason, Args: gap.args()})
		}
		if len(l.Missing) == 0 || l.More > 0 {
			f.Fields = append(f.Fields, fault.Field{Name: string(l.Rule), Code: "summary.rule." + string(l.Rule),
				Args: []any{"left", l.Left, "right", l.Right, "more", l.More}})
		}
	}
	return f
}

// Name says which record lacks something, as errors[].field of the API.
func (g Gap) Name() string {
	switch {
	case g.Submission != "":
		return "submissions." + g.Submission
	case g.Comment != 0:
		return "comments." + formatID(g.Comment)
	}
	return "suggestions." + formatID(g.Suggestion)
}

func (g Gap) args() []any {
	return []any{"number", g.Number, "text", g.Text, "receipt", g.Submission}
}

// Sign is the consequence of publish_summary, in its transaction: the figures are
// frozen, every agreed suggestion is signed, and all of it goes into the register.
func (s *Service) Sign(ctx context.Context, tx *database.Tx, c consultation.Consultation, _ consultation.Event) error {
	f, err := count(tx.DB, c.ID)
	if err != nil {
		return err
	}
	published, err := s.counts(ctx, tx.DB, c.ID, f)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(published)
	if err != nil {
		return err
	}
	var last int
	if err := tx.Model(&summaryRow{}).Where("consultation_id = ?", c.ID).Select("COALESCE(MAX(number), 0)").Scan(&last).Error; err != nil {
		return err
	}
	err = tx.Create(&summaryRow{ConsultationID: c.ID, Number: last + 1, Counts: string(raw), SubmittedBy: c.SummaryBy,
		PublishedBy: tx.Actor.Key(), PublishedAt: tx.Now}).Error
	if err != nil {
		return err
	}
	if err := signAll(tx, c.ID); err != nil {
		return err
	}
	if err := s.enterLog(tx, c, last+1, published, f.Comments-f.Parts); err != nil {
		return err
	}
	return audit.Record(tx, audit.Entry{Organisation: c.Organisation, Consultation: c.ID, Action: "publish",
		Object: "summary", ObjectID: c.ID, After: published})
}

func signAll(tx *database.Tx, consultation int64) error {
	step, _ := transition(Sign)
	res := tx.Exec(`UPDATE suggestions SET state = ?, updated_at = ?, version = version + 1 WHERE consultation_id = ? AND state IN ?`,
		step.To, tx.Now, consultation, step.From)
	if res.Error != nil || res.RowsAffected == 0 {
		return res.Error
	}
	return nil
}

package desk

import (
	"context"

	"gorm.io/gorm"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// Gaps are the entries of a consultation that are not yet counted as submissions.
type Gaps struct{ Drafts, Waiting, Checked int }

// Count is how many they are.
func (g Gaps) Count() int { return g.Drafts + g.Waiting + g.Checked }

// Gaps counts what lies at the desk of a consultation, for the page that shows what a
// summary still lacks.
func (s *Service) Gaps(ctx context.Context, consultation int64) (Gaps, error) {
	return gaps(s.db.Read(ctx).Table("desk_entries"), consultation)
}

// Check is a guard of consultation.SubmitSummary: a summary that leaves out letters
// which lie at the desk would not count everything that came. The consultation is
// locked, so that no entry begins meanwhile.
//
// Faults: Conflict summary.unbalanced with a field for each state that holds it back.
func (s *Service) Check(_ context.Context, tx *database.Tx, c consultation.Consultation, _ consultation.Event) error {
	g, err := gaps(tx.Table("desk_entries"), c.ID)
	if err != nil || g.Count() == 0 {
		return err
	}
	f := fault.New(fault.Conflict, "summary.unbalanced", "count", g.Count())
	for _, x := range []struct {
		name string
		n    int
	}{{"drafts", g.Drafts}, {"waiting", g.Waiting}, {"checked", g.Checked}} {
		if x.n > 0 {
			f.Fields = append(f.Fields, fault.Field{Name: "entries." + x.name, Code: "desk.gap." + x.name, Args: []any{"count", x.n}})
		}
	}
	return f
}

func gaps(g *gorm.DB, consultation int64) (out Gaps, err error) {
	var rows []struct {
		State State
		N     int
	}
	err = g.Select("state, COUNT(*) AS n").Where("consultation_id = ? AND state IN ?", consultation, Open).Group("state").Scan(&rows).Error
	for _, r := range rows {
		switch r.State {
		case Draft:
			out.Drafts = r.N
		case Waiting:
			out.Waiting = r.N
		case Checked:
			out.Checked = r.N
		}
	}
	return out, err
}

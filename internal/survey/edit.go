package survey

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm/clause"

	"guangyi/internal/audit"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// In is a questionnaire as it is written. A question without a code gets one.
type In struct {
	Title        Words
	Introduction Words
	Results      string // empty: end
	Questions    []Question
}

// Keep stores the questionnaire of a consultation in preparation. version is the
// one that was read (0: not checked); another is Stale.
//
// Faults: those of access; Conflict survey.fixed from the notice's submission on:
// what was approved is what is asked; Invalid with its fields.
func (s *Service) Keep(ctx context.Context, who actor.Actor, slug string, in In, version int64) (Survey, error) {
	c, err := s.consultations.Staff(ctx, who, slug)
	if err != nil {
		return Survey{}, err
	}
	if err := s.gate.Require(who, PermissionPrepare, c.Organisation); err != nil {
		return Survey{}, err
	}
	if !c.Editable() {
		return Survey{}, fault.New(fault.Conflict, "survey.fixed")
	}
	tree, err := s.tree(ctx, c.ID)
	if err != nil {
		return Survey{}, err
	}
	v := Survey{Consultation: c.ID, Title: in.Title, Introduction: in.Introduction, Results: in.Results, Questions: append([]Question{}, in.Questions...)}
	if v.Results == "" {
		v.Results = AtEnd
	}
	v.tidy()
	v.name()
	if err := v.check(tree); err != nil {
		return Survey{}, err
	}
	err = s.consultations.Contribute(ctx, who, slug, func(tx *database.Tx, c consultation.Consultation) error {
		return s.keep(tx, c, &v, version)
	})
	return v, err
}

func (s *Service) keep(tx *database.Tx, c consultation.Consultation, v *Survey, version int64) error {
	if !c.Editable() {
		return fault.New(fault.Conflict, "survey.fixed")
	}
	before, err := find(tx.DB, c.ID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if version != 0 && version != before.Version {
		return fault.Stale()
	}
	v.CreatedAt, v.UpdatedAt, v.Version = before.CreatedAt, tx.Now, before.Version+1
	if before.Version == 0 {
		v.CreatedAt = tx.Now
	}
	v.pack()
	if err := tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(v).Error; err != nil {
		return err
	}
	return audit.Record(tx, audit.Entry{
		Organisation: c.Organisation, Consultation: c.ID, Action: "edit", Object: "survey", ObjectID: c.ID,
		Before: trail(before), After: trail(*v),
	})
}

// trail is what the audit keeps of a questionnaire.
func trail(v Survey) map[string]any {
	return map[string]any{"title": v.Title, "introduction": v.Introduction, "results": v.Results, "questions": v.Questions}
}

// tree is the draft that questions may refer to, empty while there is none.
func (s *Service) tree(ctx context.Context, consultation int64) (*draft.Tree, error) {
	t, err := s.drafts.Tree(ctx, consultation, draft.First)
	if fault.Is(err, fault.NotFound) {
		return draft.NewTree(nil), nil
	}
	return t, err
}

// name gives codes to the questions and options that have none.
func (s *Survey) name() {
	taken := map[string]bool{}
	for _, q := range s.Questions {
		taken[q.Code] = true
	}
	for i := range s.Questions {
		q := &s.Questions[i]
		if q.Code == "" {
			q.Code = free("q", taken)
		}
		q.Options = slices.Clone(q.Options)
		own := map[string]bool{}
		for _, o := range q.Options {
			own[o.Code] = true
		}
		for n := range q.Options {
			if q.Options[n].Code == "" {
				q.Options[n].Code = free("o", own)
			}
		}
	}
}

func free(letter string, taken map[string]bool) string {
	for n := 1; ; n++ {
		if code := fmt.Sprintf("%s%d", letter, n); !taken[code] {
			taken[code] = true
			return code
		}
	}
}

// Check refuses to submit or to approve a notice whose questions speak of
// provisions that the draft no longer has: Conflict survey.provision_gone. It is a
// consultation.Guard.
func (s *Service) Check(ctx context.Context, tx *database.Tx, c consultation.Consultation, _ consultation.Event) error {
	v, err := find(tx.DB, c.ID)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	var keys []string
	if err := tx.Table("provisions").Where("consultation_id = ? AND draft_version = ?", c.ID, draft.First).Pluck("key", &keys).Error; err != nil {
		return err
	}
	for i, q := range v.Questions {
		if q.Provision != "" && !slices.Contains(keys, q.Provision) {
			return fault.New(fault.Conflict, "survey.provision_gone", "number", i+1)
		}
	}
	return nil
}

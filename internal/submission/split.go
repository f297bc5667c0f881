package submission

import (
	"context"
	"fmt"
	"slices"

	"guangyi/internal/audit"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// spanFact is a span in the audit trail: never the words.
type spanFact struct {
	Comment   int64  `json:"comment,string"`
	Start     int64  `json:"start"`
	End       int64  `json:"end"`
	Provision string `json:"provision"`
}

// AsPart as a span's provision leaves the span where the whole part is. No key of
// a provision looks like it.
const AsPart = "="

// Split makes comments of the spans of a part, which must cover it. version is
// that of the part that was read (0: any). Faults: Invalid with spans[i].start and
// so on; Conflict when it is itself a span, was split or gathered; Stale.
func (s *Service) Split(ctx context.Context, who actor.Actor, slug string, part int64, spans []Span, version int64) ([]Comment, error) {
	var made []Comment
	err := s.db.Write(ctx, who, func(tx *database.Tx) error {
		c, err := s.enter(tx, slug, PermissionSplit)
		if err != nil {
			return err
		}
		of, err := one(tx.Lock(), c.ID, part, version)
		if err != nil {
			return err
		}
		switch {
		case of.ParentID != 0:
			return fault.New(fault.Conflict, "submission.is_span")
		case of.Split:
			return fault.New(fault.Conflict, "submission.is_split")
		case of.Gathered():
			return fault.New(fault.Conflict, "submission.is_gathered")
		}
		spans = settled(of, spans)
		if err := s.checkSpans(ctx, c, of, spans); err != nil {
			return err
		}
		made, err = s.storeSpans(tx, c, of, spans)
		return err
	})
	return made, err
}

// settled puts the part's provision where a span names none of its own.
func settled(of Comment, spans []Span) []Span {
	out := slices.Clone(spans)
	for i := range out {
		if out[i].Provision == AsPart {
			out[i].Provision = of.Provision
		}
	}
	return out
}

func (s *Service) checkSpans(ctx context.Context, c consultation.Consultation, of Comment, spans []Span) error {
	f := cover(of.Text, spans)
	for i, span := range spans {
		ok, err := s.drafts.Has(ctx, c.ID, of.DraftVersion, span.Provision)
		if err != nil {
			return err
		}
		if !ok && i < MostSpans {
			f.Add(fmt.Sprintf("spans[%d].provision", i), "submission.provision")
		}
	}
	return f.Err()
}

func (s *Service) storeSpans(tx *database.Tx, c consultation.Consultation, of Comment, spans []Span) ([]Comment, error) {
	made, facts := make([]Comment, len(spans)), make([]spanFact, len(spans))
	for i, span := range spans {
		one := of
		one.ID, one.ParentID, one.Version = tx.NextID(), of.ID, 1
		one.SpanStart, one.SpanEnd, one.Provision = span.Start, span.End, span.Provision
		one.Text = cut(of.Text, span)
		if i > 0 {
			one.ProposedText = "" // the proposed wording goes with the first span and is not doubled
		}
		one.inherit(of, i == 0)
		made[i], facts[i] = one, spanFact{one.ID, span.Start, span.End, span.Provision}
		if err := shift(tx, one, one.Provision, 1); err != nil {
			return nil, err
		}
	}
	if err := tx.Create(&made).Error; err != nil {
		return nil, err
	}
	if err := shift(tx, of, of.Provision, -1); err != nil {
		return nil, err
	}
	if err := setSplit(tx, of, true); err != nil {
		return nil, err
	}
	if err := consultation.Count(tx, c.ID, consultation.Delta{Comments: len(spans) - 1}); err != nil {
		return nil, err
	}
	return made, audit.Record(tx, audit.Entry{
		Organisation: c.Organisation, Consultation: c.ID, Action: "split", Object: "comment", ObjectID: of.ID, After: facts,
	})
}

// setJoined makes a part stand for itself again, shown as its spans were.
func setJoined(tx *database.Tx, of Comment) error {
	return tx.Model(&Comment{}).Where("consultation_id = ? AND id = ?", of.ConsultationID, of.ID).Updates(map[string]any{
		"split": false, "version": of.Version + 1, "public": of.Public, "waiting": of.Waiting, "withheld": of.Withheld,
		"masks": of.Masks, "redacted": of.Redacted, "redacted_proposed": of.RedactedProposed,
	}).Error
}

func setSplit(tx *database.Tx, of Comment, split bool) error {
	return tx.Model(&Comment{}).Where("consultation_id = ? AND id = ?", of.ConsultationID, of.ID).
		Updates(map[string]any{"split": split, "version": of.Version + 1}).Error
}

// Join takes a split back: the part stands for itself again. Conflict while one of
// its spans is gathered.
func (s *Service) Join(ctx context.Context, who actor.Actor, slug string, part, version int64) (Comment, error) {
	var of Comment
	err := s.db.Write(ctx, who, func(tx *database.Tx) error {
		c, err := s.enter(tx, slug, PermissionSplit)
		if err != nil {
			return err
		}
		if of, err = one(tx.Lock(), c.ID, part, version); err != nil {
			return err
		}
		if !of.Split {
			return fault.New(fault.Conflict, "submission.not_split")
		}
		return s.dropSpans(tx, c, &of)
	})
	return of, err
}

func (s *Service) dropSpans(tx *database.Tx, c consultation.Consultation, of *Comment) error {
	var spans []Comment
	if err := tx.Lock().Where("consultation_id = ? AND submission_id = ? AND parent_id = ?", c.ID, of.SubmissionID, of.ID).
		Order("span_start").Find(&spans).Error; err != nil {
		return err
	}
	facts := make([]spanFact, len(spans))
	for i, one := range spans {
		if one.Gathered() {
			return fault.New(fault.Conflict, "submission.is_gathered")
		}
		facts[i] = spanFact{one.ID, one.SpanStart, one.SpanEnd, one.Provision}
		if err := shift(tx, one, one.Provision, -1); err != nil {
			return err
		}
	}
	if err := tx.Where("consultation_id = ? AND submission_id = ? AND parent_id = ?", c.ID, of.SubmissionID, of.ID).Delete(&Comment{}).Error; err != nil {
		return err
	}
	of.gatherUp(spans)
	if err := shift(tx, *of, of.Provision, 1); err != nil {
		return err
	}
	if err := setJoined(tx, *of); err != nil {
		return err
	}
	of.Split, of.Version = false, of.Version+1
	if err := consultation.Count(tx, c.ID, consultation.Delta{Comments: 1 - len(spans)}); err != nil {
		return err
	}
	return audit.Record(tx, audit.Entry{
		Organisation: c.Organisation, Consultation: c.ID, Action: "join", Object: "comment", ObjectID: of.ID, Before: facts,
	})
}

// Aim says which provision of the draft that was read a comment speaks of ("": the
// draft as a whole). What its sender chose stays on record.
func (s *Service) Aim(ctx context.Context, who actor.Actor, slug string, comment int64, provision string, version int64) (Comment, error) {
	var of Comment
	err := s.db.Write(ctx, who, func(tx *database.Tx) error {
		c, err := s.enter(tx, slug, PermissionAim)
		if err != nil {
			return err
		}
		if of, err = one(tx.Lock(), c.ID, comment, version); err != nil {
			return err
		}
		if of.Split {
			return fault.New(fault.Conflict, "submission.is_split")
		}
		ok, err := s.drafts.Has(ctx, c.ID, of.DraftVersion, provision)
		if err != nil {
			return err
		}
		if !ok {
			return fault.Fields{{Name: "provision", Code: "submission.provision"}}.Err()
		}
		return s.storeAim(tx, c, &of, provision)
	})
	return of, err
}

func (s *Service) storeAim(tx *database.Tx, c consultation.Consultation, of *Comment, provision string) error {
	before := of.Provision
	if err := shift(tx, *of, before, -1); err != nil {
		return err
	}
	if err := shift(tx, *of, provision, 1); err != nil {
		return err
	}
	of.Provision, of.Version = provision, of.Version+1
	err := tx.Model(&Comment{}).Where("consultation_id = ? AND id = ?", c.ID, of.ID).
		Updates(map[string]any{"provision": provision, "version": of.Version}).Error
	if err != nil {
		return err
	}
	return audit.Record(tx, audit.Entry{
		Organisation: c.Organisation, Consultation: c.ID, Action: "aim", Object: "comment", ObjectID: of.ID,
		Before: map[string]string{"provision": before}, After: map[string]string{"provision": provision},
	})
}

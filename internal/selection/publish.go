package selection

import (
	"context"
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
	"guangyi/internal/sortition"
)

// Publish makes the chances, the panels and the digest of the full record public.
// It must happen before the seed can be known, else whoever computes could choose
// what suits them: at or after Source.DueAt it is a Conflict selection.too_late,
// and the way on is Rename. A draw by hand needs two named witnesses or more.
func (s *Service) Publish(ctx context.Context, who actor.Actor, slug string) (Selection, error) {
	var out Selection
	err := s.change(ctx, who, slug, PermissionRun, func(a *act) error {
		if err := a.at(Computed); err != nil {
			return err
		}
		src, err := s.source(a)
		if err != nil {
			return err
		}
		if !a.tx.Now.Before(src.DueAt) {
			return fault.New(fault.Conflict, "selection.too_late", "due", src.DueAt)
		}
		if src.Kind == sortition.SourceWitnessed && len(src.Witnesses) < leastWitnesses {
			return fault.New(fault.Conflict, "selection.witnesses", "least", leastWitnesses)
		}
		if err := src.Check(a.Panels); err != nil {
			return fault.Wrap(err, fault.Conflict, "selection.source")
		}
		r, err := a.full()
		if err != nil {
			return err
		}
		now := a.tx.Now
		r.PublishedAt, r.Source, a.Source = now, src, src
		if err := a.write(r); err != nil {
			return err
		}
		a.Stage, a.PublishedAt, a.PublishedBy = Published, &now, a.tx.Actor.Key()
		if err := a.store(PublishedEvent, a.Digest, Computed); err != nil {
			return err
		}
		out = a.Selection
		return nil
	})
	return out, err
}

// write keeps a record in its full and in its public form.
func (a *act) write(r sortition.Record) error {
	public, err := sortition.Redact(r, sortition.RedactionThreshold)
	if err != nil {
		return err
	}
	if public.Redaction == nil {
		public.Nonce = ""
	}
	digest, err := r.Digest()
	if err != nil {
		return err
	}
	r.Result = nil
	full, err := json.Marshal(r)
	if err != nil {
		return err
	}
	shown, err := json.Marshal(public)
	if err != nil {
		return err
	}
	a.Record, a.PublicRecord, a.Digest = string(full), string(shown), digest
	return nil
}

// source is where the seed comes from: as the call says, unless it was renamed.
func (s *Service) source(a *act) (sortition.Source, error) {
	promises, err := s.commitments(a.tx.DB, a.meeting.ID)
	if err != nil {
		return sortition.Source{}, err
	}
	src := SourceOf(a.meeting, promises)
	if a.Source.Kind != "" {
		src.Name, src.Round, src.NamedAt, src.DueAt = a.Source.Name, a.Source.Round, a.Source.NamedAt, a.Source.DueAt
	}
	if src.Kind != sortition.SourceWitnessed {
		return src, nil
	}
	witnesses, err := witnessesOf(a.tx.DB, a.meeting.ID)
	for _, w := range witnesses {
		src.Witnesses = append(src.Witnesses, w.Name)
	}
	return src, err
}

// SourceNow is where the seed comes from as things stand.
func (s *Service) SourceNow(ctx context.Context, m meeting.Meeting, sel Selection) (sortition.Source, error) {
	promises, err := s.commitments(s.db.Read(ctx), m.ID)
	src := SourceOf(m, promises)
	if sel.Source.Kind != "" {
		src.Name, src.Round, src.NamedAt, src.DueAt, src.Witnesses = sel.Source.Name, sel.Source.Round, sel.Source.NamedAt, sel.Source.DueAt, sel.Source.Witnesses
	}
	return src, err
}

// Renaming names another seed of the same kind, because the first cannot be used
// any more: its number came out before the panels were public, or not at all.
type Renaming struct {
	Name, Round string
	DueAt       time.Time
	Reason      string
}

// ReasonLength bounds public reasons, in characters.
const ReasonLength = 2000

// Rename names another seed in the open, dated and with its reason; panels that
// were public already are published again before it is known. Only somebody who
// did not prepare the call may, as for every correction of published rules.
func (s *Service) Rename(ctx context.Context, who actor.Actor, slug string, r Renaming) (Selection, error) {
	var out Selection
	err := s.change(ctx, who, slug, meeting.Correct.Permission(), func(a *act) error {
		if err := a.at(Computing, Infeasible, Computed, Published); err != nil {
			return err
		}
		if a.meeting.OwnWork(a.tx.Actor.Key()) {
			return fault.New(fault.Forbidden, "selection.own_work")
		}
		src, err := s.source(a)
		if err != nil {
			return err
		}
		if err := r.check(a.tx.Now, src.DueAt, a.meeting); err != nil {
			return err
		}
		note := src.Name + " " + src.Round + " → " + r.Name + " " + r.Round + "\n" + strings.TrimSpace(r.Reason)
		src.Name, src.Round, src.DueAt, src.NamedAt = strings.TrimSpace(r.Name), strings.TrimSpace(r.Round), r.DueAt.UTC(), a.tx.Now
		src.Commitments = nil
		was := a.Stage
		a.Source = src
		if a.Stage == Published {
			a.Stage, a.PublicRecord, a.Digest, a.PublishedAt, a.PublishedBy = Computed, "", "", nil, ""
		}
		if err := a.store(RenamedEvent, note, was); err != nil {
			return err
		}
		out = a.Selection
		return nil
	})
	return out, err
}

func (r Renaming) check(now, due time.Time, m meeting.Meeting) error {
	var f fault.Fields
	if strings.TrimSpace(r.Reason) == "" {
		f.Add("reason", "selection.missing.reason")
	} else if n := utf8.RuneCountInString(r.Reason); n > ReasonLength {
		f.Add("reason", "selection.too_long", "most", ReasonLength, "count", n-ReasonLength)
	}
	if strings.TrimSpace(r.Round) == "" && m.Seed.Source != "hand" && m.Seed.Source != "parties" {
		f.Add("round", "selection.missing.round")
	}
	if utf8.RuneCountInString(r.Name) > 60 || utf8.RuneCountInString(r.Round) > 200 {
		f.Add("round", "selection.too_long", "most", 200, "count", 1)
	}
	switch {
	case !r.DueAt.After(now):
		f.Add("due_at", "selection.due_passed")
	case r.DueAt.After(m.StartsAt):
		f.Add("due_at", "selection.due_after_start")
	}
	return f.Err()
}

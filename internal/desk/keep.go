package desk

import (
	"context"
	"errors"
	"slices"
	"strings"

	"gorm.io/gorm"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/submission"
)

// In is what a form or a program sends of an entry.
type In struct {
	Key      string // of the form or request: the same key is the same entry; 1 to 200 bytes
	Content  Content
	Version  int64 // of the entry as the form had it; 0: whatever it is
	Distinct bool  // the clerk has seen what looks like the same letter, and it is another
	Corrects int64 // the entry that this one corrects; 0: none
}

// Keep stores what was typed so far, so that a closed browser loses nothing. It makes
// the entry when its key is new and something was typed; otherwise the draft is
// brought up to date. An entry that is no draft any more stays as it is.
//
// Faults: those of Place; Conflict desk.not_yet, desk.over, and stale when somebody
// else changed the draft; Invalid for a key.
func (s *Service) Keep(ctx context.Context, who actor.Actor, slug string, batch int64, in In) (Entry, error) {
	c, err := s.Place(ctx, who, slug, PermissionEnter)
	if err != nil {
		return Entry{}, err
	}
	if err := takes(c, s.db.Now()); err != nil {
		return Entry{}, err
	}
	if in.Key == "" || len(in.Key) > 200 || strings.ContainsRune(in.Key, 0) {
		return Entry{}, fault.Fields{{Name: "key", Code: "desk.key"}}.Err()
	}
	in.Content = in.Content.tidy()
	e, err := s.byKey(ctx, c.ID, in.Key)
	switch {
	case fault.Is(err, fault.NotFound):
		if in.Content.Blank() {
			return Entry{}, nil
		}
		e, err = s.begin(ctx, who, c.ID, c.Organisation, batch, in)
		if fault.Is(err, fault.Conflict) { // the same form by two ways at once
			return s.byKey(ctx, c.ID, in.Key)
		}
		return e, err
	case err != nil || e.State != Draft:
		return e, err
	}
	return s.rewrite(ctx, who, e, in)
}

func (s *Service) byKey(ctx context.Context, consultation int64, key string) (Entry, error) {
	var id int64
	g := s.db.Read(ctx)
	err := g.Model(&Entry{}).Select("id").Where("consultation_id = ? AND key = ?", consultation, key).Take(&id).Error
	if err != nil {
		return Entry{}, database.Translate(err)
	}
	return s.read(g, consultation, id)
}

func (s *Service) begin(ctx context.Context, who actor.Actor, consultation, organisation, batch int64, in In) (e Entry, err error) {
	err = s.db.Write(ctx, who, func(tx *database.Tx) error {
		c, err := s.held(tx, consultation)
		if err != nil {
			return err
		}
		if err := takes(c, tx.Now); err != nil {
			return err
		}
		var b Batch
		if err := tx.Where("consultation_id = ? AND id = ?", consultation, batch).Take(&b).Error; err != nil {
			return database.Translate(err)
		}
		e = Entry{ConsultationID: consultation, OrganisationID: organisation, ID: tx.NextID(), BatchID: b.ID, Key: in.Key, State: Draft, Way: b.Way,
			Clerk: who.Key(), CreatedAt: tx.Now, UpdatedAt: tx.Now, Version: 1, Content: in.Content}
		e.typedBy(who.Key())
		if in.Corrects != 0 {
			if err := tx.Model(&Entry{}).Select("id").Where("consultation_id = ? AND id = ? AND state = ?", consultation, in.Corrects, Taken).Take(&e.CorrectsID).Error; err != nil {
				return database.Translate(err)
			}
		}
		if err := s.sealInto(&e); err != nil {
			return err
		}
		if err := tx.Create(&e).Error; err != nil {
			return err
		}
		return trail(tx, &e, "begin", "", nil)
	})
	return e, err
}

// rewrite brings a draft up to date. What is still being typed is no record: the
// trail has its beginning and its end.
func (s *Service) rewrite(ctx context.Context, who actor.Actor, was Entry, in In) (e Entry, err error) {
	err = s.db.Upkeep(ctx, func(tx *database.Tx) error {
		if e, err = s.lock(tx, was.ConsultationID, was.ID); err != nil {
			return err
		}
		if e.State != Draft {
			return nil
		}
		if in.Version != 0 && in.Version != e.Version {
			return fault.Stale()
		}
		if same(e.Content, in.Content) && e.TypedBy(who.Key()) {
			return nil
		}
		e.Content = in.Content
		e.typedBy(who.Key())
		return s.store(tx, &e)
	})
	if errors.Is(err, gorm.ErrRecordNotFound) {
		err = fault.Missing()
	}
	return e, err
}

func same(a, b Content) bool {
	return a.Sender == b.Sender && slices.Equal(a.Signers, b.Signers) && slices.Equal(a.Points, b.Points) && a.Number == b.Number &&
		a.ReceivedOn == b.ReceivedOn && a.ReceivedAt == b.ReceivedAt && a.PostedOn == b.PostedOn && a.Late == b.Late && a.Check == b.Check && a.Note == b.Note
}

// tidy takes off what a form adds: spaces round a line, carriage returns, empty
// signers, empty points after the last.
func (c Content) tidy() Content {
	for _, t := range []*string{&c.Sender.Name, &c.Sender.Unit, &c.Sender.Phone, &c.Sender.Email, &c.Sender.Address, &c.Sender.Region, &c.Number, &c.ReceivedOn, &c.ReceivedAt, &c.PostedOn, &c.Note} {
		*t = strings.TrimSpace(*t)
	}
	var signers []string
	for _, n := range c.Signers {
		if n = strings.TrimSpace(n); n != "" {
			signers = append(signers, n)
		}
	}
	c.Signers = signers
	var points []Point
	for _, p := range c.Points {
		p.Provision = strings.TrimSpace(p.Provision)
		p.Text, p.Proposed = strings.ReplaceAll(p.Text, "\r\n", "\n"), strings.ReplaceAll(p.Proposed, "\r\n", "\n")
		if submission.Blank(p.Proposed) {
			p.Proposed = ""
		}
		if p.Provision != "" || !submission.Blank(p.Text) || p.Proposed != "" {
			points = append(points, p)
		}
	}
	c.Points = points
	return c
}

package consultation

import (
	"context"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"guangyi/internal/audit"
	"guangyi/internal/draft"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// ImportDraft makes a consultation in preparation from a document: its title
// and language are the document's until the notice says otherwise.
func (s *Service) ImportDraft(ctx context.Context, who actor.Actor, organisation int64, src draft.Source) (Consultation, error) {
	if err := known(who); err != nil {
		return Consultation{}, err
	}
	if err := s.gate.Require(who, draft.PermissionImport, organisation); err != nil {
		return Consultation{}, err
	}
	out, err := draft.Read(src)
	if err != nil {
		return Consultation{}, err
	}
	c := Consultation{Organisation: organisation, Lang: out.Language, Title: titleOf(out.Title, src.Name)}
	err = s.db.Write(ctx, who, func(tx *database.Tx) error {
		if err := s.add(tx, &c); err != nil {
			return err
		}
		v, err := s.drafts.Import(tx, c.ID, src)
		if err != nil {
			return err
		}
		return audit.Record(tx, audit.Entry{
			Organisation: organisation, Consultation: c.ID, Action: "import", Object: "draft", ObjectID: c.ID,
			After: map[string]any{"slug": c.Slug, "title": c.Title, "source": src.Name, "version": v.Number},
		})
	})
	return c, err
}

// titleOf falls back from the document's title to its file's name.
func titleOf(title, name string) string {
	if title = strings.TrimSpace(title); title == "" {
		name = filepath.Base(name)
		title = strings.TrimSpace(strings.TrimSuffix(name, filepath.Ext(name)))
	}
	if title == "." || title == "" {
		return ""
	}
	if utf8.RuneCountInString(title) > TitleLength {
		title = string([]rune(title)[:TitleLength])
	}
	return title
}

func (s *Service) add(tx *database.Tx, c *Consultation) error {
	c.ID = tx.NextID()
	slug, err := slugFor(c.Title, c.ID, func(slug string) (bool, error) {
		var n int64
		err := tx.Model(&Consultation{}).Where("slug = ?", slug).Limit(1).Count(&n).Error
		return n > 0, err
	})
	if err != nil {
		return err
	}
	c.Slug, c.State, c.CommentsPublic = slug, Prepared, PublicNo
	c.Author = tx.Actor.Key()
	c.Contributors, c.Channels, c.Demands = []string{c.Author}, []Channel{{Channel: "web"}}, []string{}
	c.CreatedAt, c.UpdatedAt, c.Version = tx.Now, tx.Now, 1
	if err := tx.Create(c).Error; err != nil {
		return err
	}
	return tx.Exec("INSERT INTO consultation_counters (consultation_id) VALUES (?)", c.ID).Error
}

// ReplaceDraft reads another source into a consultation that is still prepared.
func (s *Service) ReplaceDraft(ctx context.Context, who actor.Actor, slug string, src draft.Source) (draft.Version, error) {
	var v draft.Version
	err := s.change(ctx, who, slug, func(tx *database.Tx, c *Consultation) error {
		if err := s.gate.Require(who, draft.PermissionImport, c.Organisation); err != nil {
			return err
		}
		if !c.Editable() {
			return notEditable()
		}
		before, err := s.drafts.Version(ctx, c.ID, draft.First)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if v, err = s.drafts.Import(tx, c.ID, src); err != nil {
			return err
		}
		return s.touch(tx, c, audit.Entry{
			Action: "replace", Object: "draft", ObjectID: c.ID, Before: draftFacts(before), After: draftFacts(v),
		})
	})
	return v, err
}

// CorrectDraft replaces the rows of the draft in preparation by corrected ones;
// faults are draft.Correct's. version is the draft's that was read (0: any).
func (s *Service) CorrectDraft(ctx context.Context, who actor.Actor, slug string, rows []draft.Row, version int64) (draft.Version, error) {
	var v draft.Version
	err := s.change(ctx, who, slug, func(tx *database.Tx, c *Consultation) error {
		if err := s.gate.Require(who, draft.PermissionCorrect, c.Organisation); err != nil {
			return err
		}
		if !c.Editable() {
			return notEditable()
		}
		var err error
		if v, err = s.drafts.Correct(tx, c.ID, draft.First, rows, version); err != nil {
			return err
		}
		return s.touch(tx, c, audit.Entry{
			Action: "correct", Object: "draft", ObjectID: c.ID, After: map[string]any{"rows": len(rows), "version": v.Version},
		})
	})
	return v, err
}

// Preparing runs a change of something that belongs to a notice in preparation,
// such as its attachments; the change writes its own audit row.
func (s *Service) Preparing(ctx context.Context, who actor.Actor, slug string, f func(*database.Tx, Consultation) error) error {
	return s.change(ctx, who, slug, func(tx *database.Tx, c *Consultation) error {
		if err := s.gate.Require(who, PermissionPrepare, c.Organisation); err != nil {
			return err
		}
		if !c.Editable() {
			return notEditable()
		}
		c.contribute(who.Key(), tx.Now)
		err := tx.Model(&Consultation{}).Where("id = ?", c.ID).Select("contributors", "updated_at").Updates(c).Error
		if err != nil {
			return err
		}
		return f(tx, *c)
	})
}

func draftFacts(v draft.Version) map[string]any {
	if v.Number == 0 {
		return nil
	}
	return map[string]any{"source": v.SourceName, "title": v.Title, "version": v.Version}
}

// change runs a change of one consultation, found and locked by its slug, for
// somebody who belongs to its organisation, and drops it from the cache.
func (s *Service) change(ctx context.Context, who actor.Actor, slug string, f func(*database.Tx, *Consultation) error) error {
	if err := known(who); err != nil {
		return err
	}
	err := s.db.Write(ctx, who, func(tx *database.Tx) error {
		c, err := lockSlug(tx, slug)
		if err != nil {
			return err
		}
		if !s.MaySee(who, c) && who.Kind != actor.Clock {
			return fault.Missing()
		}
		return f(tx, &c)
	})
	s.cache.drop(slug)
	return err
}

// touch notes who contributed and when, with the audit row of the change.
func (s *Service) touch(tx *database.Tx, c *Consultation, e audit.Entry) error {
	c.contribute(tx.Actor.Key(), tx.Now)
	err := tx.Model(&Consultation{}).Where("id = ?", c.ID).Select("contributors", "updated_at").Updates(c).Error
	if err != nil {
		return err
	}
	e.Organisation, e.Consultation = c.Organisation, c.ID
	return audit.Record(tx, e)
}

func (c *Consultation) contribute(key string, now time.Time) {
	c.UpdatedAt = now
	for _, k := range c.Contributors {
		if k == key {
			return
		}
	}
	c.Contributors = append(c.Contributors, key)
}

func notEditable() error { return fault.New(fault.Conflict, "consultation.not_editable") }

package invitation

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guangyi/internal/attachment"
	"guangyi/internal/audit"
	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/procedure"
)

// ItemLength bounds the name of the agenda item that a paper belongs to, in characters.
const ItemLength = 120

// PapersOf is the owner of a meeting's papers among the attachments. The files of
// the public call are the meeting's own.
func PapersOf(meeting int64) attachment.Owner {
	return attachment.Owner{Kind: "meeting_papers", ID: meeting}
}

// Paper is a file for those who come.
type Paper struct {
	Meeting    int64      `gorm:"column:meeting_id;primaryKey;autoIncrement:false"`
	ID         int64      `gorm:"primaryKey;autoIncrement:false"` // of the attachment
	Number     int        // in the meeting, from 1
	Item       string     // the agenda item that it belongs to
	ReleasedAt *time.Time // nil: nobody but staff sees it
	ReleasedBy string
	CreatedAt  time.Time

	File attachment.Attachment `gorm:"-"`
	Read int                   `gorm:"-"` // how many of those who come have opened it
}

// TableName names the table for gorm.
func (Paper) TableName() string { return "papers" }

// Reading is when a person opened a paper.
type Reading struct {
	Meeting     int64 `gorm:"column:meeting_id;primaryKey;autoIncrement:false"`
	Application int64 `gorm:"column:application_id;primaryKey;autoIncrement:false"`
	Paper       int64 `gorm:"column:paper_id;primaryKey;autoIncrement:false"`
	FirstAt     time.Time
	LastAt      time.Time
	Times       int
}

// TableName names the table for gorm.
func (Reading) TableName() string { return "paper_reads" }

// NewPaper is a file to be laid beside the others.
type NewPaper struct {
	Title, Item, Name string
	Data              []byte
}

// AddPaper keeps a file for those who come; they see it once it is released.
func (s *Service) AddPaper(ctx context.Context, who actor.Actor, slug string, n NewPaper) error {
	return s.staff(ctx, who, slug, PermissionPapers, func(tx *database.Tx, m *meeting.Meeting) error {
		if m.State == meeting.Cancelled {
			return fault.New(fault.Gone, "invitation.cancelled")
		}
		n.Item = strings.TrimSpace(n.Item)
		if count := utf8.RuneCountInString(n.Item); count > ItemLength {
			return fault.Fields{{Name: "item", Code: "invitation.too_long", Args: []any{"most", ItemLength, "count", count - ItemLength}}}.Err()
		}
		file, err := s.files.Put(tx, attachment.File{
			Organisation: m.Organisation, Owner: PapersOf(m.ID), Title: strings.TrimSpace(n.Title), Name: n.Name, Lang: m.Lang, Data: n.Data,
		})
		if err != nil {
			return err
		}
		var last int
		if err := tx.Model(&Paper{}).Where("meeting_id = ?", m.ID).Select("COALESCE(MAX(number), 0)").Row().Scan(&last); err != nil {
			return err
		}
		return tx.Create(&Paper{Meeting: m.ID, ID: file.ID, Number: last + 1, Item: n.Item, CreatedAt: tx.Now}).Error
	})
}

// RemovePaper takes a paper away. Conflict invitation.paper_released once somebody
// could have read it.
func (s *Service) RemovePaper(ctx context.Context, who actor.Actor, slug string, id int64) error {
	return s.staff(ctx, who, slug, PermissionPapers, func(tx *database.Tx, m *meeting.Meeting) error {
		var p Paper
		if err := tx.Where("meeting_id = ? AND id = ?", m.ID, id).Take(&p).Error; err != nil {
			return err
		}
		if p.ReleasedAt != nil {
			return fault.New(fault.Conflict, "invitation.paper_released")
		}
		if err := tx.Where("meeting_id = ? AND id = ?", m.ID, id).Delete(&Paper{}).Error; err != nil {
			return err
		}
		return s.files.Remove(tx, PapersOf(m.ID), id)
	})
}

// Release gives out the papers that are not yet given out, and tells everybody who
// accepted. What the procedure's profile says of papers is checked: a rule that
// refuses is Invalid (papers_delivered …), a warning is kept in the trail.
func (s *Service) Release(ctx context.Context, who actor.Actor, slug string) error {
	return s.staff(ctx, who, slug, PermissionPapers, func(tx *database.Tx, m *meeting.Meeting) error {
		if err := running(*m, tx); err != nil {
			return err
		}
		found := s.PaperDates(*m, tx.Now)
		if err := procedure.Fault(found); err != nil {
			return err
		}
		done := tx.Model(&Paper{}).Where("meeting_id = ? AND released_at IS NULL", m.ID).
			Updates(map[string]any{"released_at": tx.Now, "released_by": who.Key()})
		if done.Error != nil {
			return done.Error
		}
		if done.RowsAffected == 0 {
			return fault.New(fault.Conflict, "invitation.no_papers")
		}
		err := tx.Model(&Round{}).Where("meeting_id = ? AND papers_at IS NULL", m.ID).Updates(map[string]any{"papers_at": tx.Now}).Error
		if err != nil {
			return err
		}
		if err := s.tellAll(tx, *m, TopicPapers, meeting.Accepted); err != nil {
			return err
		}
		var warned []string
		for _, f := range found {
			warned = append(warned, f.Rule.ID)
		}
		return audit.Record(tx, audit.Entry{
			Organisation: m.Organisation, Action: "release_papers", Object: "meeting", ObjectID: m.ID,
			After: map[string]any{"papers": done.RowsAffected, "rules_not_met": warned},
		})
	})
}

// PaperDates compares giving out papers at an instant with the profile's rules on
// papers; nil when all hold.
func (s *Service) PaperDates(m meeting.Meeting, at time.Time) []procedure.Finding {
	p, ok := s.profiles[m.Procedure]
	if !ok {
		return nil
	}
	facts := map[procedure.Event]time.Time{
		procedure.PapersDelivered: at, procedure.MeetingBegins: m.StartsAt, procedure.HearingBegins: m.StartsAt, procedure.Discussed: m.StartsAt,
	}
	reasons := map[string]string{}
	if m.ShortReason != "" {
		for _, r := range p.Rules {
			reasons[r.ID] = m.ShortReason
		}
	}
	return procedure.Check(p, tags(m), facts, reasons)
}

// tags say what a meeting is to the profile's rules.
func tags(m meeting.Meeting) []string {
	out := []string{procedure.Selected}
	if m.Rules != "" {
		out = append(out, m.Rules)
	}
	if m.Kind == meeting.Hearing {
		out = append(out, procedure.Hearing)
	}
	if m.Kind.Decides() {
		out = append(out, procedure.Attendance)
	}
	return out
}

// papers lists a meeting's papers with their files; released ones only, if so asked.
func (s *Service) papers(ctx context.Context, meeting int64, released bool) ([]Paper, error) {
	q := s.db.Read(ctx).Where("meeting_id = ?", meeting)
	if released {
		q = q.Where("released_at IS NOT NULL")
	}
	var list []Paper
	if err := q.Order("number").Find(&list).Error; err != nil || len(list) == 0 {
		return nil, err
	}
	files, err := s.files.List(ctx, PapersOf(meeting))
	if err != nil {
		return nil, err
	}
	at := map[int64]attachment.Attachment{}
	for _, f := range files {
		at[f.ID] = f
	}
	for i := range list {
		list[i].File = at[list[i].ID]
	}
	return slices.DeleteFunc(list, func(p Paper) bool { return p.File.ID == 0 }), nil
}

// UndertakingHash is the SHA-256 of an undertaking's text, hexadecimal.
func UndertakingHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// Undertake keeps that the holder of a link agreed to the undertaking: hash is of
// the text that they were shown. Conflict invitation.undertaking_changed when it
// is no longer the meeting's; invitation.accept_first from who has not accepted.
func (s *Service) Undertake(ctx context.Context, token, hash string) error {
	return s.byLink(ctx, token, func(tx *database.Tx, m *meeting.Meeting, i Invitation) error {
		if i.Answer != Accepted {
			return fault.New(fault.Conflict, "invitation.accept_first")
		}
		if m.Undertaking == "" || hash != UndertakingHash(m.Undertaking) {
			return fault.New(fault.Conflict, "invitation.undertaking_changed")
		}
		words := undertaking{Meeting: m.ID, Hash: hash, Text: m.Undertaking, CreatedAt: tx.Now}
		if err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&words).Error; err != nil {
			return err
		}
		err := tx.Model(&Invitation{}).Where("meeting_id = ? AND application_id = ?", m.ID, i.Application).
			Updates(map[string]any{"undertaking_hash": hash, "undertaken_at": tx.Now, "version": i.Version + 1}).Error
		if err != nil {
			return err
		}
		return audit.Record(tx, audit.Entry{
			Organisation: m.Organisation, Action: "undertake", Object: "application", ObjectID: i.Application,
			After: map[string]any{"meeting": m.ID, "undertaking": hash},
		})
	})
}

type undertaking struct {
	Meeting   int64  `gorm:"column:meeting_id;primaryKey;autoIncrement:false"`
	Hash      string `gorm:"primaryKey"`
	Text      string
	CreatedAt time.Time
}

func (undertaking) TableName() string { return "undertakings" }

// mayRead reports whether papers are open to somebody: they come, and agreed to
// the undertaking as it now reads, if there is one.
func mayRead(m meeting.Meeting, i Invitation) bool {
	return i.Answer == Accepted && (m.Undertaking == "" || i.UndertakingHash == UndertakingHash(m.Undertaking))
}

// OpenPaper gives a released paper to the holder of a link and keeps that they
// opened it. NotFound when it is not open to them. The caller closes it.
func (s *Service) OpenPaper(ctx context.Context, token string, id int64) (attachment.Attachment, io.ReadSeekCloser, error) {
	i, err := s.find(s.db.Read(ctx), token)
	if err != nil {
		return attachment.Attachment{}, nil, err
	}
	m, err := s.meetings.ByID(ctx, i.Meeting)
	if err != nil {
		return attachment.Attachment{}, nil, err
	}
	var p Paper
	err = s.db.Read(ctx).Where("meeting_id = ? AND id = ? AND released_at IS NOT NULL", m.ID, id).Take(&p).Error
	if err != nil {
		return attachment.Attachment{}, nil, database.Translate(err)
	}
	if !mayRead(m, i) || m.State == meeting.Cancelled || !s.db.Now().Before(m.EndsAt) {
		return attachment.Attachment{}, nil, fault.Missing()
	}
	if err := s.read(ctx, i, id); err != nil {
		return attachment.Attachment{}, nil, err
	}
	return s.files.Open(ctx, PapersOf(m.ID), id)
}

// read keeps when a paper was opened; the first time stands in the trail.
func (s *Service) read(ctx context.Context, i Invitation, paper int64) error {
	return s.db.Write(ctx, actor.Public(), func(tx *database.Tx) error {
		r := Reading{Meeting: i.Meeting, Application: i.Application, Paper: paper, FirstAt: tx.Now, LastAt: tx.Now, Times: 1}
		err := tx.Clauses(clause.OnConflict{
			Columns:   []clause.Column{{Name: "meeting_id"}, {Name: "application_id"}, {Name: "paper_id"}},
			DoUpdates: clause.Assignments(map[string]any{"last_at": tx.Now, "times": gorm.Expr("paper_reads.times + 1")}),
		}).Create(&r).Error
		if err != nil {
			return err
		}
		return audit.Record(tx, audit.Entry{
			Organisation: i.Organisation, Action: "read", Object: "paper", ObjectID: paper,
			After: map[string]any{"meeting": i.Meeting, "application": i.Application},
		})
	})
}

// StaffPaper gives a paper to staff, released or not.
func (s *Service) StaffPaper(ctx context.Context, who actor.Actor, slug string, id int64) (attachment.Attachment, io.ReadSeekCloser, error) {
	m, err := s.meetings.Staff(ctx, who, slug)
	if err != nil {
		return attachment.Attachment{}, nil, err
	}
	if err := s.gate.Require(who, PermissionSee, m.Organisation); err != nil {
		return attachment.Attachment{}, nil, err
	}
	return s.files.Open(ctx, PapersOf(m.ID), id)
}

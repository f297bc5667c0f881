package consultation

import (
	"context"
	"time"

	"guangyi/internal/audit"
	"guangyi/internal/platform/actor"
)

// Past is something that happened to a consultation. Once names a moment of the
// clock, which is recorded once.
type Past struct {
	ConsultationID int64 `gorm:"primaryKey;autoIncrement:false"`
	ID             int64 `gorm:"primaryKey;autoIncrement:false"`
	Event          Event
	FromState      State
	ToState        State
	Actor          string
	ActorName      string
	Note           string
	At             time.Time
	Once           *string
}

// TableName names the table for gorm.
func (Past) TableName() string { return "consultation_events" }

// historyMost bounds a page: returned and extended a hundred times is a mistake,
// not a history.
const historyMost = 500

// History lists what happened, oldest first.
func (s *Service) History(ctx context.Context, id int64) ([]Past, error) {
	var out []Past
	err := s.db.Read(ctx).Where("consultation_id = ?", id).Order("at, id").Limit(historyMost).Find(&out).Error
	return out, err
}

// ProvisionCount says how many comments aim at a provision, and how many of
// these are public.
type ProvisionCount struct{ Comments, Public int64 }

// ProvisionCounts gives the figures of a draft's provisions by key; "" is the
// draft as a whole.
func (s *Service) ProvisionCounts(ctx context.Context, id int64) (map[string]ProvisionCount, error) {
	var rows []struct {
		Provision        string
		Comments, Public int64
	}
	err := s.db.Read(ctx).Table("provision_counters").Select("provision, comments, public").Where("consultation_id = ?", id).Find(&rows).Error
	out := make(map[string]ProvisionCount, len(rows))
	for _, r := range rows {
		out[r.Provision] = ProvisionCount{r.Comments, r.Public}
	}
	return out, err
}

// ChannelCounts gives the submissions by channel.
func (s *Service) ChannelCounts(ctx context.Context, id int64) (map[string]int64, error) {
	var rows []struct {
		Channel     string
		Submissions int64
	}
	err := s.db.Read(ctx).Table("channel_counters").Select("channel, submissions").Where("consultation_id = ?", id).Find(&rows).Error
	out := make(map[string]int64, len(rows))
	for _, r := range rows {
		out[r.Channel] = r.Submissions
	}
	return out, err
}

// Trail reads the audit rows of a consultation for somebody who may, newest
// first, older than before (0: from the newest).
func (s *Service) Trail(ctx context.Context, who actor.Actor, slug string, before int64, limit int) (Consultation, []audit.Row, error) {
	c, err := s.Staff(ctx, who, slug)
	if err != nil {
		return Consultation{}, nil, err
	}
	if err := s.gate.Require(who, PermissionRecord, c.Organisation); err != nil {
		return Consultation{}, nil, err
	}
	rows, err := audit.OfConsultation(ctx, s.db, c.ID, before, limit)
	return c, rows, err
}

// People gives the names of accounts, for those who may read the trail.
func (s *Service) People(ctx context.Context, accounts []int64) (map[int64]string, error) {
	out := make(map[int64]string, len(accounts))
	if len(accounts) == 0 {
		return out, nil
	}
	var rows []struct {
		ID   int64
		Name string
	}
	err := s.db.Read(ctx).Table("accounts").Select("id, name").Where("id IN ?", accounts).Find(&rows).Error
	for _, r := range rows {
		out[r.ID] = r.Name
	}
	return out, err
}

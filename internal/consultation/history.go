package consultation

import (
	"context"
	"time"
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

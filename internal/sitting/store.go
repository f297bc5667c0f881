package sitting

import (
	"encoding/json"
	"fmt"
	"time"

	"gorm.io/gorm"

	"guangyi/internal/platform/database"
)

// actRow is an act as stored; its content is sealed.
type actRow struct {
	MeetingID  int64  `gorm:"primaryKey;autoIncrement:false"`
	ID         string `gorm:"primaryKey"`
	Seq        int64
	Kind       string
	Device     string
	Actor      string
	At         time.Time // corrected by what the device's clock was off
	ToldAt     time.Time // as the device said
	ReceivedAt time.Time
	Sealed     []byte
	Refused    string
}

// TableName names the table for gorm.
func (actRow) TableName() string { return "sitting_acts" }

func actPlace(meeting int64, id string) string { return fmt.Sprintf("sitting_acts/%d/%s", meeting, id) }

// insert stores an act; a database.IsDuplicate error says that it was there.
func (s *Service) insert(tx *database.Tx, meeting int64, a Act, told time.Time, refused string) error {
	raw, err := json.Marshal(a)
	if err != nil {
		return err
	}
	sealed, err := s.keys.Seal(raw, actPlace(meeting, a.ID))
	if err != nil {
		return err
	}
	return tx.Create(&actRow{
		MeetingID: meeting, ID: a.ID, Seq: tx.NextID(), Kind: string(a.Kind), Device: a.Device, Actor: tx.Actor.Key(),
		At: a.At, ToldAt: told, ReceivedAt: tx.Now, Sealed: sealed, Refused: refused,
	}).Error
}

// known tells which of the acts are stored, with why they were refused, if so.
func known(g *gorm.DB, meeting int64, ids []string) (map[string]string, error) {
	var rows []actRow
	err := g.Select("id, refused").Where("meeting_id = ? AND id IN ?", meeting, ids).Find(&rows).Error
	out := make(map[string]string, len(rows))
	for _, r := range rows {
		out[r.ID] = r.Refused
	}
	return out, err
}

// acts reads the acts of a meeting that count.
func (s *Service) acts(g *gorm.DB, meeting int64) ([]Act, error) {
	var rows []actRow
	err := g.Where("meeting_id = ? AND refused = ''", meeting).Order("seq").Find(&rows).Error
	if err != nil {
		return nil, err
	}
	out := make([]Act, len(rows))
	for i, r := range rows {
		raw, err := s.keys.Unseal(r.Sealed, actPlace(meeting, r.ID))
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(raw, &out[i]); err != nil {
			return nil, err
		}
		out[i].At = r.At.UTC()
	}
	return out, nil
}

// record works out the record of a meeting's day.
func (s *Service) record(g *gorm.DB, meeting int64) (*Record, error) {
	acts, err := s.acts(g, meeting)
	if err != nil {
		return nil, err
	}
	return Fold(acts), nil
}

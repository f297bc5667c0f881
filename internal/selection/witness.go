package selection

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
)

// leastWitnesses watch a draw by hand.
const leastWitnesses = 2

// mostWitnesses bounds the list.
const mostWitnesses = 50

// Witness may read the full record of one draw. The name is published.
type Witness struct {
	Meeting   int64 `gorm:"column:meeting_id;primaryKey;autoIncrement:false"`
	ID        int64 `gorm:"primaryKey;autoIncrement:false"`
	Name      string
	TokenHash []byte
	NamedBy   string
	NamedAt   time.Time
}

// TableName names the table for gorm.
func (Witness) TableName() string { return "selection_witnesses" }

// Witnesses lists the named witnesses.
func (s *Service) Witnesses(ctx context.Context, meetingID int64) ([]Witness, error) {
	return witnessesOf(s.db.Read(ctx), meetingID)
}

func witnessesOf(db *gorm.DB, meetingID int64) ([]Witness, error) {
	var out []Witness
	err := db.Where("meeting_id = ?", meetingID).Order("id").Find(&out).Error
	return out, err
}

// AddWitness names a witness and gives the token by which they read the full
// record; it is shown once and stored as its hash only.
func (s *Service) AddWitness(ctx context.Context, who actor.Actor, slug, name string) (token string, err error) {
	raw := make([]byte, 18)
	if _, err := rand.Read(raw); err != nil {
		return "", err
	}
	token, name = base64.RawURLEncoding.EncodeToString(raw), strings.TrimSpace(name)
	err = s.change(ctx, who, slug, PermissionRun, func(a *act) error {
		if a.Found {
			if err := a.at(Computing, Infeasible, Computed, Published, Entered, Drawn); err != nil {
				return err
			}
		}
		have, err := witnessesOf(a.tx.DB, a.meeting.ID)
		if err != nil {
			return err
		}
		var f fault.Fields
		switch {
		case name == "" || utf8.RuneCountInString(name) > 60:
			f.Add("name", "selection.missing.name")
		case len(have) >= mostWitnesses:
			f.Add("name", "selection.many_witnesses", "most", mostWitnesses)
		}
		if err := f.Err(); err != nil {
			return err
		}
		w := Witness{Meeting: a.meeting.ID, ID: a.tx.NextID(), Name: name, TokenHash: hashed(token), NamedBy: a.tx.Actor.Key(), NamedAt: a.tx.Now}
		if err := a.tx.Create(&w).Error; err != nil {
			return err
		}
		return a.remember(WitnessEvent, "", nil, map[string]any{"witness": w.ID})
	})
	return token, err
}

func hashed(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

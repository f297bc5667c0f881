package selection

import (
	"context"
	"encoding/hex"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
	"guangyi/internal/sortition"
)

// Commitment is one party's promise of its part of a joint seed, and what it
// opened.
type Commitment struct {
	Meeting     int64 `gorm:"column:meeting_id;primaryKey;autoIncrement:false"`
	Position    int   `gorm:"primaryKey;autoIncrement:false"`
	Party       string
	Digest      string // SHA-256(salt ‖ value), lower-case hexadecimal
	CommittedAt time.Time
	Salt        string
	Value       string
	OpenedAt    *time.Time
}

// TableName names the table for gorm.
func (Commitment) TableName() string { return "selection_commitments" }

// mostParties bounds a joint seed.
const mostParties = 20

// Commitments lists the parties of a joint seed, in the order in which they are
// joined.
func (s *Service) Commitments(ctx context.Context, meetingID int64) ([]Commitment, error) {
	return commitmentsIn(s.db.Read(ctx), meetingID)
}

func commitmentsIn(db *gorm.DB, meetingID int64) ([]Commitment, error) {
	var out []Commitment
	err := db.Where("meeting_id = ?", meetingID).Order("position").Find(&out).Error
	return out, err
}

func (s *Service) commitments(db *gorm.DB, meetingID int64) ([]sortition.Commitment, error) {
	rows, err := commitmentsIn(db, meetingID)
	var out []sortition.Commitment
	for _, c := range rows {
		out = append(out, sortition.Commitment{Party: c.Party, Digest: c.Digest, At: c.CommittedAt.UTC()})
	}
	return out, err
}

// promised takes over the commitments that the call published.
func (s *Service) promised(a *act) error {
	have, err := commitmentsIn(a.tx.DB, a.meeting.ID)
	if err != nil {
		return err
	}
	for _, c := range a.meeting.Seed.Commitments {
		at := a.tx.Now
		if a.meeting.ApprovedAt != nil {
			at = *a.meeting.ApprovedAt
		}
		row := Commitment{Meeting: a.meeting.ID, Position: len(have) + 1, Party: c.Party, Digest: c.Digest, CommittedAt: at}
		if known(have, c.Party) {
			continue
		}
		have = append(have, row)
		if err := a.tx.Create(&row).Error; err != nil {
			return err
		}
	}
	return nil
}

func known(have []Commitment, party string) bool {
	for _, c := range have {
		if c.Party == party {
			return true
		}
	}
	return false
}

// Promise records a party's commitment, as long as the panels are not public.
func (s *Service) Promise(ctx context.Context, who actor.Actor, slug, party, digest string) error {
	party, digest = strings.TrimSpace(party), strings.ToLower(strings.TrimSpace(digest))
	return s.change(ctx, who, slug, PermissionRun, func(a *act) error {
		if a.meeting.Seed.Source != "parties" {
			return fault.New(fault.Conflict, "selection.no_parties")
		}
		if a.Found {
			if err := a.at(Computing, Infeasible, Computed); err != nil {
				return err
			}
		}
		have, err := commitmentsIn(a.tx.DB, a.meeting.ID)
		if err != nil {
			return err
		}
		var f fault.Fields
		if party == "" || utf8.RuneCountInString(party) > 60 {
			f.Add("party", "selection.missing.party")
		} else if known(have, party) || slices.ContainsFunc(a.meeting.Seed.Commitments, func(c meeting.Commitment) bool { return c.Party == party }) {
			f.Add("party", "selection.party_twice")
		}
		if raw, err := hex.DecodeString(digest); err != nil || len(raw) != 32 {
			f.Add("digest", "selection.digest")
		}
		if len(have) >= mostParties {
			f.Add("party", "selection.many_parties", "most", mostParties)
		}
		if err := f.Err(); err != nil {
			return err
		}
		row := Commitment{Meeting: a.meeting.ID, Position: len(have) + 1, Party: party, Digest: digest, CommittedAt: a.tx.Now}
		if err := a.tx.Create(&row).Error; err != nil {
			return err
		}
		return a.remember(PromisedEvent, party, nil, map[string]any{"party": party, "digest": digest})
	})
}

// Open records what a party opened, once the panels are public. What does not fit
// the promise is Invalid and kept nowhere.
func (s *Service) Open(ctx context.Context, who actor.Actor, slug string, position int, salt, value string) error {
	return s.change(ctx, who, slug, PermissionRun, func(a *act) error {
		if err := a.at(Published); err != nil {
			return err
		}
		var c Commitment
		res := a.tx.Where("meeting_id = ? AND position = ?", a.meeting.ID, position).Limit(1).Find(&c)
		if res.Error != nil {
			return res.Error
		}
		if res.RowsAffected == 0 {
			return fault.Missing()
		}
		if c.OpenedAt != nil {
			return fault.New(fault.Conflict, "selection.opened")
		}
		var f fault.Fields
		if sortition.Commit(salt, value) != c.Digest {
			f.Add("value", "selection.not_promised", "party", c.Party)
		}
		if err := f.Err(); err != nil {
			return err
		}
		now := a.tx.Now
		c.Salt, c.Value, c.OpenedAt = salt, value, &now
		if err := a.tx.Save(&c).Error; err != nil {
			return err
		}
		return a.remember(OpenedEvent, c.Party, nil, map[string]any{"party": c.Party})
	})
}

// Parties are the parties of a joint seed: those that the call names too, before
// the pool is frozen.
func (s *Service) Parties(ctx context.Context, m meeting.Meeting) ([]Commitment, error) {
	out, err := s.Commitments(ctx, m.ID)
	if m.Seed.Source != "parties" {
		return nil, err
	}
	for _, c := range m.Seed.Commitments {
		if !known(out, c.Party) {
			out = append(out, Commitment{Meeting: m.ID, Position: len(out) + 1, Party: c.Party, Digest: c.Digest})
		}
	}
	return out, err
}

package meeting

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// rules is what publication fixes: who may come and how the seats are given. The
// order of the fields is the order of the published text.
type rules struct {
	Meeting       string     `json:"meeting"`
	Kind          Kind       `json:"kind"`
	Seats         int        `json:"seats"`
	Categories    []Category `json:"categories"`
	Quotas        []Quota    `json:"quotas"`
	Questions     []Question `json:"questions"`
	Districts     []string   `json:"districts"`
	Sessions      []Session  `json:"sessions"`
	Sides         bool       `json:"sides"`
	Observers     int        `json:"observers"`
	OpenTo        string     `json:"open_to"`
	AccountNeeded bool       `json:"account_needed"`
	Conditions    string     `json:"conditions"`
	Method        string     `json:"method"`
	Households    bool       `json:"households_apart"`
	Units         bool       `json:"units_apart"`
	InvitedAtMost int        `json:"invited_at_most"`
	InvitedWithin int        `json:"invited_within_months"`
	NoConflict    bool       `json:"conflict_excluded"`
	Panels        int        `json:"panels"`
	Seed          Seed       `json:"seed"`
}

// RulesNow writes the rules as they stand, in the form that is published: JSON
// with two spaces, in the order of its fields.
func (m Meeting) RulesNow() (string, error) {
	raw, err := json.MarshalIndent(rules{
		Meeting: m.Slug, Kind: m.Kind, Seats: m.Seats, Categories: orEmpty(m.Categories), Quotas: orEmpty(m.Quotas),
		Questions: orEmpty(m.Questions), Districts: orEmpty(m.Districts), Sessions: orEmpty(m.Sessions), Sides: m.Sides,
		Observers: m.Observers, OpenTo: m.OpenTo, AccountNeeded: m.AccountNeeded, Conditions: m.Conditions, Method: m.Method,
		Households: m.Households, Units: m.Units, InvitedAtMost: m.InvitedAtMost, InvitedWithin: m.InvitedWithinMonths,
		NoConflict: m.ExcludeConflict, Panels: m.Panels, Seed: m.Seed,
	}, "", "  ")
	return string(raw) + "\n", err
}

// fixRules keeps the rules as they are published, with their SHA-256.
func (m *Meeting) fixRules() error {
	text, err := m.RulesNow()
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(text))
	m.RulesText, m.RulesDigest = text, hex.EncodeToString(sum[:])
	return nil
}

func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// CorrectQuotas changes quotas that cannot be met, before the draw, by a dated
// correction with its public reason: history keeps the quotas and the digest
// before, the rules as they now are get a new one. m is locked.
func (s *Service) CorrectQuotas(ctx context.Context, tx *database.Tx, m *Meeting, quotas []Quota, reason string) error {
	var f fault.Fields
	before := *m
	m.Quotas = slices.Clone(quotas)
	m.checkQuotas(&f)
	if strings.TrimSpace(reason) == "" {
		f.Add("note", "meeting.note_required.correct")
	}
	if err := f.Err(); err != nil {
		*m = before
		return err
	}
	if err := s.gate.Require(tx.Actor, Correct.Permission(), m.Organisation); err != nil {
		return err
	}
	if _, err := allowed(tx, before, Correct); err != nil {
		return err
	}
	if err := m.fixRules(); err != nil {
		return err
	}
	m.UpdatedAt, m.Version = tx.Now, m.Version+1
	if err := tx.Model(&Meeting{}).Where("id = ?", m.ID).Select(lifeColumns).Updates(m).Error; err != nil {
		return err
	}
	return remember(tx, before, *m, Correct, strings.TrimSpace(reason), map[string]any{
		"quotas_before": before.Quotas, "quotas": m.Quotas, "digest_before": before.RulesDigest, "digest": m.RulesDigest,
	})
}

// instant is a time as it is stored: UTC, whole microseconds.
func instant(t *time.Time) *time.Time {
	u := t.UTC().Truncate(time.Microsecond)
	return &u
}

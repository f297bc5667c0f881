package moderation

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guangyi/internal/audit"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// Rules say which submissions wait until somebody has read them. They hold for an
// organisation; a consultation may have its own instead.
type Rules struct {
	Everything bool     `json:"everything"` // each one
	First      bool     `json:"first"`      // those of a contact from which nothing came before, and those without any
	Links      int      `json:"links"`      // with so many links or more; 0: not asked
	Repeats    int      `json:"repeats"`    // the same words from one contact, from this one within a day on; 0: not asked
	Words      []string `json:"words"`      // any of these occurs
}

// Bounds of rules.
const (
	MostRuleWords  = 200
	MostRuleLength = 50 // characters of a word
)

// Usual are the rules where none were set: they hold nothing but floods and what
// is mostly links, and the trap that no person fills.
func Usual() Rules { return Rules{Links: 5, Repeats: 4, Words: []string{}} }

// Set are rules as stored.
type Set struct {
	Rules
	Own     bool  // the consultation's own, not its organisation's
	Version int64 // 0: the usual ones, never stored
}

type storedRules struct {
	OrganisationID int64 `gorm:"primaryKey;autoIncrement:false"`
	ConsultationID int64 `gorm:"primaryKey;autoIncrement:false"`
	Rules          Rules `gorm:"serializer:json"`
	Version        int64
	UpdatedAt      time.Time `gorm:"autoUpdateTime:false"`
}

// TableName names the table for gorm.
func (storedRules) TableName() string { return "moderation_rules" }

func (r *Rules) check() error {
	var f fault.Fields
	if r.Links < 0 || r.Links > 100 {
		f.Add("links", "moderation.number", "most", 100)
	}
	if r.Repeats < 0 || r.Repeats == 1 || r.Repeats > 1000 {
		f.Add("repeats", "moderation.repeats")
	}
	words := []string{}
	for _, w := range r.Words {
		if w = strings.ToLower(strings.TrimSpace(w)); w != "" && !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	if len(words) > MostRuleWords {
		f.Add("words", "moderation.rule_words", "most", MostRuleWords)
	}
	if slices.ContainsFunc(words, func(w string) bool { return utf8.RuneCountInString(w) > MostRuleLength }) {
		f.Add("words", "moderation.rule_word_long", "most", MostRuleLength)
	}
	r.Words = words
	return f.Err()
}

// RulesOf gives the rules that hold for a consultation, for its staff.
func (s *Service) RulesOf(ctx context.Context, who actor.Actor, slug string) (consultation.Consultation, Set, error) {
	c, err := s.Consultations.Staff(ctx, who, slug)
	if err != nil {
		return c, Set{}, err
	}
	if !s.May(who, PermissionRules, c.Organisation) { // an administrator sets them and reads nothing that was sent
		if err := s.Gate.Require(who, PermissionSee, c.Organisation); err != nil {
			return c, Set{}, err
		}
	}
	set, err := readRules(s.DB.Read(ctx), c.Organisation, c.ID)
	return c, set, err
}

// OrganisationRules gives the rules of an organisation.
func (s *Service) OrganisationRules(ctx context.Context, who actor.Actor, organisation int64) (Set, error) {
	if err := s.Gate.Require(who, PermissionUnit, organisation); err != nil {
		return Set{}, err
	}
	return readRules(s.DB.Read(ctx), organisation, 0)
}

func readRules(g *gorm.DB, organisation, consultation int64) (Set, error) {
	var rows []storedRules
	err := g.Where("organisation_id = ? AND consultation_id IN ?", organisation, []int64{0, consultation}).Order("consultation_id DESC").Limit(1).Find(&rows).Error
	if err != nil {
		return Set{}, err
	}
	if len(rows) == 0 {
		return Set{Rules: Usual()}, nil
	}
	return Set{Rules: rows[0].Rules, Own: rows[0].ConsultationID != 0, Version: rows[0].Version}, nil
}

// SetRules sets the rules of a consultation; with slug "" those of the
// organisation. version is that of the set that was read (0: none was stored, or
// not checked). nil rules drop a consultation's own.
func (s *Service) SetRules(ctx context.Context, who actor.Actor, organisation int64, slug string, r *Rules, version int64) error {
	if r != nil {
		if err := r.check(); err != nil {
			return err
		}
	}
	err := s.DB.Write(ctx, who, func(tx *database.Tx) error {
		var of int64
		if slug != "" {
			c, err := s.Submissions.Hold(tx, slug, PermissionRules)
			if err != nil {
				return err
			}
			organisation, of = c.Organisation, c.ID
		} else if err := s.Gate.Require(who, PermissionUnit, organisation); err != nil {
			return err
		}
		return storeRules(tx, organisation, of, r, version)
	})
	s.rules.forget()
	return err
}

func storeRules(tx *database.Tx, organisation, of int64, r *Rules, version int64) error {
	was, err := readRules(tx.Lock(), organisation, of)
	if err != nil {
		return err
	}
	same := was.Own == (of != 0)
	if version != 0 && same && version != was.Version {
		return fault.Stale()
	}
	if r == nil {
		err = tx.Where("organisation_id = ? AND consultation_id = ?", organisation, of).Delete(&storedRules{}).Error
	} else {
		row := storedRules{OrganisationID: organisation, ConsultationID: of, Rules: *r, Version: 1, UpdatedAt: tx.Now}
		if same {
			row.Version = was.Version + 1
		}
		err = tx.Clauses(clause.OnConflict{
			Columns:   []clause.Column{{Name: "organisation_id"}, {Name: "consultation_id"}},
			DoUpdates: clause.AssignmentColumns([]string{"rules", "version", "updated_at"}),
		}).Create(&row).Error
	}
	if err != nil {
		return err
	}
	return audit.Record(tx, audit.Entry{
		Organisation: organisation, Consultation: of, Action: "set", Object: "moderation_rules", ObjectID: max(of, organisation), Before: was.Rules, After: r,
	})
}

// rulebook keeps the rules that were asked for lately: judging stands before every
// receipt and must not ask the database.
type rulebook struct {
	mu    sync.Mutex
	known map[int64]kept // by consultation
}

type kept struct {
	rules Rules
	until time.Time
}

// keptFor is how long another node's change may stay unknown here.
const keptFor = 5 * time.Second

// mostKept bounds the memory of the rulebook.
const mostKept = 1000

func newRulebook() rulebook { return rulebook{known: map[int64]kept{}} }

func (b *rulebook) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	clear(b.known)
}

func (s *Service) rulesFor(c consultation.Consultation) (Rules, error) {
	now := s.DB.Now()
	s.rules.mu.Lock()
	k, ok := s.rules.known[c.ID]
	s.rules.mu.Unlock()
	if ok && now.Before(k.until) {
		return k.rules, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	set, err := readRules(s.DB.Read(ctx), c.Organisation, c.ID)
	if err != nil {
		if ok {
			return k.rules, nil // the last ones known are better than none
		}
		return Rules{}, fmt.Errorf("the rules of moderation: %w", err)
	}
	s.rules.mu.Lock()
	defer s.rules.mu.Unlock()
	if len(s.rules.known) >= mostKept {
		clear(s.rules.known)
	}
	s.rules.known[c.ID] = kept{set.Rules, now.Add(keptFor)}
	return set.Rules, nil
}

package adoption

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/database"
	"guangyi/internal/register"
)

// The kinds of leaves that publishing a summary leaves in the register.
const (
	LeafDisposition = "disposition" // one for each suggestion
	LeafSummary     = "summary"
)

// dispositionLeaf says what became of a suggestion. Content is the hash of the
// canonical JSON of dispositionContent: the words themselves stand in the summary.
type dispositionLeaf struct {
	V            int    `json:"v"`
	Kind         string `json:"kind"`
	Consultation string `json:"consultation"`
	Summary      int    `json:"summary"` // number of the summary
	Number       int    `json:"number"`  // of the suggestion
	Disposition  Code   `json:"disposition"`
	Comments     int    `json:"comments"`
	Content      string `json:"content"`
}

type dispositionContent struct {
	Text       string   `json:"text"`
	Reason     string   `json:"reason"`
	Provisions []string `json:"provisions"`
}

// summaryLeaf holds the published figures, how many comments splitting added to
// the points as received, and the hash of the account of every submission.
type summaryLeaf struct {
	V            int             `json:"v"`
	Kind         string          `json:"kind"`
	Consultation string          `json:"consultation"`
	Summary      int             `json:"summary"`
	Counts       json.RawMessage `json:"counts"`
	Split        int             `json:"split"`
	Account      string          `json:"account"`
}

// enterLog leaves the leaves of a summary in the transaction that publishes it: a
// summary is public if and only if they are in the register.
func (s *Service) enterLog(tx *database.Tx, c consultation.Consultation, number int, counts Counts, split int) error {
	for after := 0; ; {
		var list []Suggestion
		err := tx.Where("consultation_id = ? AND number > ?", c.ID, after).Order("number").Limit(atOnce).Find(&list).Error
		if err != nil {
			return err
		}
		if len(list) == 0 {
			break
		}
		if err := fillProvisions(tx.DB, c.ID, list); err != nil {
			return err
		}
		for _, of := range list {
			if err := register.Add(tx, LeafDisposition, of.ID, leafOf(c.Slug, number, of)); err != nil {
				return err
			}
		}
		after = list[len(list)-1].Number
	}
	account := sha256.New()
	if err := writeAccount(tx.Context(), tx.DB, c.ID, account); err != nil {
		return err
	}
	leaf := register.Canonical(summaryLeaf{1, LeafSummary, c.Slug, number, register.Canonical(counts), split, hex.EncodeToString(account.Sum(nil))})
	return register.Add(tx, LeafSummary, c.ID, leaf)
}

func leafOf(slug string, summary int, of Suggestion) []byte {
	content := sha256.Sum256(register.Canonical(dispositionContent{of.Text, of.Reason, of.Provisions}))
	return register.Canonical(dispositionLeaf{1, LeafDisposition, slug, summary, of.Number, of.Disposition, of.Comments, hex.EncodeToString(content[:])})
}

// Log is the register, as far as a summary shows it.
type Log interface {
	// Checkpoint is the newest signed one.
	Checkpoint(ctx context.Context) (register.Signed, error)
}

// CheckpointsFrom names the register whose checkpoints stand beside summaries.
func (s *Service) CheckpointsFrom(l Log) { s.log = l }

// Checkpoint is the newest signed checkpoint of the register as a note; empty when
// none is kept.
func (s *Service) Checkpoint(ctx context.Context) (string, error) {
	if s.log == nil {
		return "", nil
	}
	signed, err := s.log.Checkpoint(ctx)
	return signed.Note, err
}

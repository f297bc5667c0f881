package submission

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"guangyi/internal/platform/database"
	"guangyi/internal/register"
)

// Opening is what a leaf was made from, for its sender: SHA-256(Salt ‖ Content)
// stands in the leaf.
type Opening struct {
	Leaf    []byte
	Salt    []byte
	Content []byte // JSON with the texts
}

// Opening makes the leaf of a submission again from its rows.
func (s *Service) Opening(ctx context.Context, consultation, submission int64) (Opening, error) {
	stored, err := StoredOf(s.db.Read(ctx), consultation, submission)
	if err != nil {
		return Opening{}, err
	}
	leafBytes, contentBytes := Leaf(stored)
	return Opening{Leaf: leafBytes, Salt: stored.Salt, Content: contentBytes}, nil
}

// StoredOf reads what the leaf of a submission is made from.
func StoredOf(g *gorm.DB, consultation, submission int64) (Stored, error) {
	var x struct {
		Slug, Channel, Lang, SubmitterKind, Region, Entry, File string
		DraftVersion                                            int64
		Late                                                    bool
		Salt                                                    []byte
		ReceivedAt                                              time.Time
	}
	err := g.Raw(`SELECT c.slug, s.channel, s.lang, s.submitter_kind, s.region, s.entry, COALESCE(i.file, '') AS file, s.draft_version,
		s.late, s.salt, s.received_at FROM submissions s JOIN consultations c ON c.id = s.consultation_id
		LEFT JOIN submission_imports i ON i.id = s.import_id AND s.import_id <> 0
		WHERE s.consultation_id = ? AND s.id = ?`, consultation, submission).Take(&x).Error
	if err != nil {
		return Stored{}, database.Translate(err)
	}
	out := Stored{
		Consultation: x.Slug, Channel: x.Channel, Language: x.Lang, Version: x.DraftVersion, Kind: Kind(x.SubmitterKind), Region: x.Region,
		ReceivedAt: x.ReceivedAt.UTC(), Entry: Entry(x.Entry), ImportedFrom: x.File, Late: x.Late, Salt: x.Salt,
	}
	err = g.Table("comments").Select("aimed_at AS provision, text, proposed_text").Order("position").
		Where("consultation_id = ? AND submission_id = ? AND parent_id = 0", consultation, submission).Find(&out.Parts).Error
	if err != nil {
		return out, err
	}
	err = g.Table("submission_files").Select("attachment_id AS id, name, size, sha256").Order("position").
		Where("consultation_id = ? AND submission_id = ?", consultation, submission).Find(&out.Files).Error
	if err != nil {
		return out, err
	}
	return out, g.Table("submission_answers").Select("question, answer").Order("position").
		Where("consultation_id = ? AND submission_id = ?", consultation, submission).Find(&out.Answers).Error
}

// FillLeaves completes leaves that were left waiting before leaves were kept, as
// hashes only. It is quick when there are none.
func (s *Service) FillLeaves(ctx context.Context) error {
	for {
		var ids []int64
		err := s.db.Read(ctx).Table(register.PendingTable).Where("kind = ? AND length(leaf) = 0", LeafKind).Limit(importAtOnce).Pluck("ref", &ids).Error
		if err != nil || len(ids) == 0 {
			return err
		}
		if err := s.db.Upkeep(ctx, func(tx *database.Tx) error { return fillLeaves(tx, ids) }); err != nil {
			return err
		}
	}
}

func fillLeaves(tx *database.Tx, submissions []int64) error {
	for _, id := range submissions {
		var at struct {
			ConsultationID int64
			LeafHash       []byte
		}
		if err := tx.Table("submissions").Select("consultation_id, leaf_hash").Where("id = ?", id).Take(&at).Error; err != nil {
			return err
		}
		stored, err := StoredOf(tx.DB, at.ConsultationID, id)
		if err != nil {
			return err
		}
		leafBytes, _ := Leaf(stored)
		if !bytes.Equal(register.LeafHash(leafBytes), at.LeafHash) {
			return fmt.Errorf("the leaf of submission %d cannot be made from its rows again: restore the database from a backup", id)
		}
		if err := tx.Exec("UPDATE "+register.PendingTable+" SET leaf = ? WHERE kind = ? AND ref = ?", leafBytes, LeafKind, id).Error; err != nil {
			return err
		}
	}
	return nil
}

package draft

import (
	"guangyi/internal/draft/outline"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// batch is how many rows go into one INSERT.
const batch = 200

// Import stores a source as the consultation's first version, cut into
// provisions, in the caller's transaction. An unpublished first version is
// replaced; a published one is a Conflict. Faults are those of Read.
func (s *Service) Import(tx *database.Tx, consultation int64, src Source) (Version, error) {
	out, err := Read(src)
	if err != nil {
		return Version{}, err
	}
	v := Version{
		ConsultationID: consultation, Number: First, Kind: ForComment, Title: out.Title, Lang: out.Language,
		SourceName: src.Name, SourceFormat: string(mustFormat(src)), Source: src.Text, CreatedAt: tx.Now, Version: 1,
	}
	old, err := s.lock(tx, consultation, First)
	switch {
	case fault.Is(err, fault.NotFound):
		err = tx.Create(&v).Error
	case err != nil:
		return v, err
	case old.Published():
		return old, published()
	default:
		v.Version = old.Version + 1
		err = tx.Model(&Version{}).Where("consultation_id = ? AND number = ?", consultation, First).
			Select("title", "lang", "source_name", "source_format", "source", "created_at", "version").Updates(&v).Error
	}
	if err != nil {
		return v, err
	}
	return v, s.replaceRows(tx, v, rowsOf(v, out.Provisions))
}

// Publish makes a version unchangeable from the transaction's time on.
// Publishing it again changes nothing.
func (s *Service) Publish(tx *database.Tx, consultation, number int64) error {
	return tx.Model(&Version{}).Where("consultation_id = ? AND number = ? AND published_at IS NULL", consultation, number).
		Update("published_at", tx.Now).Error
}

// Copy reads a version with its rows inside a change, to make another document of
// it that is corrected like it.
func (s *Service) Copy(tx *database.Tx, consultation, number int64) (Version, []Row, error) {
	var v Version
	err := tx.Where("consultation_id = ? AND number = ?", consultation, number).Take(&v).Error
	if err != nil {
		return v, nil, database.Translate(err)
	}
	var rows []Provision
	err = tx.Where("consultation_id = ? AND draft_version = ?", consultation, number).Order("position").Find(&rows).Error
	return v, AsRows(rows), err
}

func (s *Service) lock(tx *database.Tx, consultation, number int64) (Version, error) {
	var v Version
	err := tx.Lock().Where("consultation_id = ? AND number = ?", consultation, number).Take(&v).Error
	return v, database.Translate(err)
}

func (s *Service) replaceRows(tx *database.Tx, v Version, rows []Provision) error {
	err := tx.Where("consultation_id = ? AND draft_version = ?", v.ConsultationID, v.Number).Delete(&Provision{}).Error
	if err != nil {
		return err
	}
	return tx.CreateInBatches(rows, batch).Error
}

func rowsOf(v Version, ps []outline.Provision) []Provision {
	rows := make([]Provision, len(ps))
	for i, p := range ps {
		rows[i] = Provision{
			ConsultationID: v.ConsultationID, DraftVersion: v.Number, Position: int64(i + 1), Key: p.Key, Kind: p.Kind,
			Number: p.Number, Heading: p.Heading, Text: p.Text, Parent: p.Parent, Lang: v.Lang,
		}
	}
	return rows
}

// mustFormat is the format of a source that Read accepted.
func mustFormat(src Source) outline.Format {
	f, _ := formatOf(src)
	return f
}

// published is the refusal of any change to what people have commented on.
func published() error { return fault.New(fault.Conflict, "draft.published") }

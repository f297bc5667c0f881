package attachment

import (
	"context"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guangyi/internal/platform/database"
)

// Scan is what the virus scanner said of a content.
type Scan string

// The answers of the scanner. Unscanned is also every content of a site without one.
const (
	Unscanned Scan = ""
	Clean     Scan = "clean"
	Infected  Scan = "infected"
)

// Reading is what became of taking the text out of a content.
type Reading string

// The outcomes. Unread is waiting for its turn.
const (
	Unread   Reading = ""
	Read     Reading = "done"
	Textless Reading = "none"   // a picture, or a document without text such as a scan
	Failed   Reading = "failed" // protected or damaged
)

// content is what is known of the files of one checksum.
type content struct {
	SHA256    string `gorm:"column:sha256;primaryKey"`
	MediaType string
	Scan      Scan
	Finding   string
	ScanAt    *time.Time
	ScanTries int
	Reading   Reading
	ReadAt    *time.Time
	ReadTries int
	Text      string
	Cut       bool
	CreatedAt time.Time
}

func (content) TableName() string { return "attachment_contents" }

// contentFacts are the columns without the text, which may be long.
const contentFacts = "sha256, media_type, scan, finding, scan_at, scan_tries, reading, read_at, read_tries, cut, created_at"

// know makes the row of a content that is stored for the first time. One that was
// found infected is looked at again: its bytes lie open once more.
func (s *Service) know(tx *database.Tx, r row) error {
	now := tx.Now
	c := content{SHA256: r.SHA256, MediaType: r.MediaType, ReadAt: &now, CreatedAt: now}
	if s.scanner != nil {
		c.ScanAt = &now
	}
	made := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&c)
	if made.Error != nil || made.RowsAffected > 0 || s.scanner == nil {
		return made.Error
	}
	return tx.Model(&content{}).Where("sha256 = ? AND scan <> ?", r.SHA256, Clean).Update("scan_at", now).Error
}

// learn fills in what is known of the contents of files.
func (s *Service) learn(g *gorm.DB, list []Attachment) error {
	if len(list) == 0 {
		return nil
	}
	sums := make([]string, len(list))
	for i, a := range list {
		sums[i] = a.SHA256
	}
	var known []content
	if err := g.Select(contentFacts).Where("sha256 IN ?", sums).Find(&known).Error; err != nil {
		return err
	}
	at := make(map[string]content, len(known))
	for _, c := range known {
		at[c.SHA256] = c
	}
	for i := range list {
		a := &list[i]
		c := at[a.SHA256]
		a.Scan, a.Finding, a.Reading, a.Cut = c.Scan, c.Finding, c.Reading, c.Cut
		a.Locked = s.locks(*a)
	}
	return nil
}

// locks reports a file that is not given out: an infected one, and one from
// outside that waits for the scanner. What staff publish stays open while it waits.
func (s *Service) locks(a Attachment) bool {
	outside := a.Owner.Kind == Letter || a.Owner.Kind == waiting
	return a.Scan == Infected || s.scanner != nil && outside && a.Scan != Clean
}

// Texts gives the texts in the files of an owner, by checksum. A text of an
// infected file is not given.
func (s *Service) Texts(ctx context.Context, owner Owner) (map[string]string, error) {
	var known []content
	err := s.db.Read(ctx).Select("sha256, text").
		Where("scan <> ? AND reading = ? AND sha256 IN (?)", Infected, Read,
			s.db.Read(ctx).Model(&row{}).Select("sha256").Where("owner = ? AND owner_id = ?", owner.Kind, owner.ID)).
		Find(&known).Error
	out := make(map[string]string, len(known))
	for _, c := range known {
		out[c.SHA256] = c.Text
	}
	return out, err
}

// Holding narrows a query of submissions, or of their comments, to those with a
// file in whose text or name the words occur, whatever the case of their letters.
// submission is the column with the submission's id.
func Holding(dialect database.Dialect, submission string) string {
	find := "instr(lower(%), lower(?)) > 0"
	if dialect == database.Postgres {
		find = "strpos(lower(%), lower(?)) > 0"
	}
	in := func(column string) string { return strings.Replace(find, "%", column, 1) }
	return "EXISTS (SELECT 1 FROM attachments fa LEFT JOIN attachment_contents fc ON fc.sha256 = fa.sha256 AND fc.scan <> 'infected' " +
		"WHERE fa.owner = 'submission' AND fa.owner_id = " + submission + " AND (" + in("fa.name") + " OR " + in("fc.text") + "))"
}

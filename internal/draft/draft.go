// Package draft keeps the documents that are put out for comment: each version
// with its source word for word, cut into provisions.
//
// A version that was published never changes again: people commented on it. Who
// may change an unpublished one, and in which state of its consultation, is for
// package consultation, which calls Import, Correct and Publish in its own
// transaction and writes the audit row there.
package draft

import (
	"context"
	"strings"
	"sync"
	"time"

	"guangyi/internal/access"
	"guangyi/internal/draft/outline"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// What a version is for.
const ForComment = "for_comment" // 征求意见稿

// First is the number of the version that is first put out.
const First int64 = 1

// MaxSource is the longest source in bytes: a code of laws is about 1 MB.
const MaxSource = 8 << 20

// What may be done to a draft.
var (
	PermissionImport  = access.Permission{Object: "draft", Action: "import"}
	PermissionCorrect = access.Permission{Object: "draft", Action: "correct"}
)

// Version is one state of a document. Source is what was uploaded or pasted, to
// the last character.
type Version struct {
	ConsultationID int64 `gorm:"primaryKey;autoIncrement:false"`
	Number         int64 `gorm:"primaryKey;autoIncrement:false"`
	Kind           string
	Title          string
	Lang           string
	SourceName     string
	SourceFormat   string
	Source         string
	PublishedAt    *time.Time
	CreatedAt      time.Time
	Version        int64
}

// TableName names the table for gorm.
func (Version) TableName() string { return "draft_versions" }

// Published reports whether the version can no longer be changed.
func (v Version) Published() bool { return v.PublishedAt != nil }

// Provision is one row of a version, in the order of Position from 1. Text is
// its own text, without that of its children.
type Provision struct {
	ConsultationID int64 `gorm:"primaryKey;autoIncrement:false"`
	DraftVersion   int64 `gorm:"primaryKey;autoIncrement:false"`
	Position       int64 `gorm:"primaryKey;autoIncrement:false"`
	Key            string
	Kind           outline.Kind
	Number         string
	Heading        string
	Text           string
	Parent         string
	Lang           string
}

// TableName names the table for gorm.
func (Provision) TableName() string { return "provisions" }

// Source is a document as it comes in.
type Source struct {
	Name   string // the file's name, or empty when it was pasted
	Format string // markdown, text, or empty: by the name
	Text   string
	Lang   string // empty: found out from the text
}

// Service keeps drafts.
type Service struct {
	db   *database.DB
	gate *access.Gate

	mu    sync.Mutex
	trees map[version]*Tree // published versions only: they never change
}

type version struct{ consultation, number int64 }

// cachedTrees is how many published drafts are kept in memory; a national code
// takes about 3 MB.
const cachedTrees = 64

// New makes the service.
func New(db *database.DB, gate *access.Gate) *Service {
	return &Service{db: db, gate: gate, trees: map[version]*Tree{}}
}

// Read parses a source without storing anything. A source without a word, one
// that is too long, or one in a format that is not known is a fault of a field
// (text or format).
func Read(src Source) (outline.Outline, error) {
	var faults fault.Fields
	format, ok := formatOf(src)
	if !ok {
		faults.Add("format", "draft.format")
	}
	switch {
	case strings.TrimSpace(src.Text) == "":
		faults.Add("text", "draft.empty")
	case len(src.Text) > MaxSource:
		faults.Add("text", "draft.too_long", "megabytes", MaxSource>>20)
	}
	if err := faults.Err(); err != nil {
		return outline.Outline{}, err
	}
	out := outline.Parse(src.Text, format)
	if len(out.Provisions) == 0 {
		faults.Add("text", "draft.no_provisions")
	}
	if src.Lang != "" {
		out.Language = src.Lang
	}
	return out, faults.Err()
}

func formatOf(src Source) (outline.Format, bool) {
	switch strings.ToLower(src.Format) {
	case "":
		return outline.FormatOf(src.Name), true
	case "markdown", "md":
		return outline.Markdown, true
	case "text", "txt":
		return outline.Text, true
	}
	return "", false
}

// Version gives one version; one that is not there is NotFound.
func (s *Service) Version(ctx context.Context, consultation, number int64) (Version, error) {
	var v Version
	err := s.db.Read(ctx).Where("consultation_id = ? AND number = ?", consultation, number).Take(&v).Error
	return v, database.Translate(err)
}

// Versions lists a consultation's versions, oldest first, without their sources.
func (s *Service) Versions(ctx context.Context, consultation int64) ([]Version, error) {
	var vs []Version
	err := s.db.Read(ctx).Omit("source").Where("consultation_id = ?", consultation).Order("number").Find(&vs).Error
	return vs, err
}

// Provisions lists the rows of a version in the order of the document; none when
// there is no such version. The slice is shared: it must not be changed.
func (s *Service) Provisions(ctx context.Context, consultation, number int64) ([]Provision, error) {
	t, err := s.Tree(ctx, consultation, number)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return t.Rows, nil
}

// Has reports whether a version has a provision. The empty key is the draft as a
// whole, which every version has.
func (s *Service) Has(ctx context.Context, consultation, number int64, key string) (bool, error) {
	t, err := s.Tree(ctx, consultation, number)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if key == "" {
		return true, nil
	}
	_, ok := t.Get(key)
	return ok, nil
}

// Tree gives a version's provisions with what is asked of them: by key, by
// article, their names. Published versions come from memory.
func (s *Service) Tree(ctx context.Context, consultation, number int64) (*Tree, error) {
	at := version{consultation, number}
	if t := s.cached(at); t != nil {
		return t, nil
	}
	var v Version
	err := s.db.Read(ctx).Select("consultation_id", "number", "title", "lang", "published_at").
		Where("consultation_id = ? AND number = ?", consultation, number).Take(&v).Error
	if err != nil {
		return nil, database.Translate(err)
	}
	var rows []Provision
	err = s.db.Read(ctx).Where("consultation_id = ? AND draft_version = ?", consultation, number).Order("position").Find(&rows).Error
	if err != nil {
		return nil, err
	}
	t := NewTree(rows)
	if v.Published() {
		s.keep(at, t)
	}
	return t, nil
}

func (s *Service) cached(at version) *Tree {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.trees[at]
}

func (s *Service) keep(at version, t *Tree) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.trees) >= cachedTrees {
		for k := range s.trees { // any one: the map's order is random enough
			delete(s.trees, k)
			break
		}
	}
	s.trees[at] = t
}

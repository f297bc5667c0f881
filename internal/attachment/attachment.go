// Package attachment keeps the files of a notice: byte for byte, by their
// content, and only ever given out as downloads.
//
// A file is stored under the SHA-256 of its content before its row is written,
// so that a row never names a file that is not there.
package attachment

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"time"
	"unicode/utf8"

	"guangyi/internal/access"
	"guangyi/internal/audit"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// Limits of the files of one owner.
const (
	MaxSize     = 16 << 20 // bytes a file
	MaxCount    = 20       // files
	TitleLength = 120      // characters
)

// Owner is what files belong to; whoever may see it may see them.
type Owner struct {
	Kind string // "consultation", "submission" …
	ID   int64
}

// Attachment is a file of an owner, without its bytes.
type Attachment struct {
	ID           int64
	Organisation int64
	Owner        Owner
	Title        string // what readers see; the name when none was given
	Name         string // of the download, with the extension of its type
	Lang         string
	MediaType    string
	Size         int64
	SHA256       string // hexadecimal
	Public       bool   // of a submission: shown to everybody
	CreatedAt    time.Time

	Scan    Scan
	Finding string // what the scanner calls it
	Reading Reading
	Cut     bool // its text was longer than what is kept
	Locked  bool // it is not given out: it is infected, or waits for the scanner
}

// File is a file to be put. Title and Lang may be empty.
type File struct {
	Organisation int64
	Owner        Owner
	Title        string
	Name         string
	Lang         string
	Data         []byte
}

type row struct {
	ID             int64 `gorm:"primaryKey;autoIncrement:false"`
	OrganisationID int64
	Owner          string
	OwnerID        int64
	Title          string
	Name           string
	Lang           string
	MediaType      string
	Size           int64
	SHA256         string `gorm:"column:sha256"`
	ConsultationID int64
	KeyHash        []byte
	Public         bool
	CreatedAt      time.Time
}

func (row) TableName() string { return "attachments" }

func (r row) attachment() Attachment {
	return Attachment{
		ID: r.ID, Organisation: r.OrganisationID, Owner: Owner{r.Owner, r.OwnerID}, Title: r.Title, Name: r.Name,
		Lang: r.Lang, MediaType: r.MediaType, Size: r.Size, SHA256: r.SHA256, Public: r.Public, CreatedAt: r.CreatedAt,
	}
}

// Service keeps attachments. Whether somebody may see one is the owner's
// question, which the caller has asked before.
type Service struct {
	db      *database.DB
	gate    *access.Gate
	store   store
	scanner Scanner // nil: none is set up
	sealer  Sealer
	reader  TextReader // nil: texts are not read
}

// New keeps files below a folder, which is made when missing.
func New(db *database.DB, gate *access.Gate, folder string) (*Service, error) {
	s, err := openStore(folder)
	return &Service{db: db, gate: gate, store: s}, err
}

// Attach is Put as a change of its own, for who may prepare the owner.
func (s *Service) Attach(ctx context.Context, who actor.Actor, in File) (a Attachment, err error) {
	if err := s.mayPrepare(who, in.Organisation, in.Owner); err != nil {
		return a, err
	}
	if _, err := in.check(); err != nil {
		return a, err
	}
	// The bytes first: nobody else's change waits while they are written.
	if _, err := s.store.put(in.Data); err != nil {
		return a, err
	}
	err = s.db.Write(ctx, who, func(tx *database.Tx) error {
		a, err = s.Put(tx, in)
		return err
	})
	return a, err
}

// Detach is Remove as a change of its own, for who may prepare the owner.
func (s *Service) Detach(ctx context.Context, who actor.Actor, organisation int64, owner Owner, id int64) error {
	if err := s.mayPrepare(who, organisation, owner); err != nil {
		return err
	}
	return s.db.Write(ctx, who, func(tx *database.Tx) error { return s.Remove(tx, owner, id) })
}

func (s *Service) mayPrepare(who actor.Actor, organisation int64, owner Owner) error {
	return s.gate.Require(who, access.Permission{Object: owner.Kind, Action: "prepare"}, organisation)
}

// Put stores a file in the caller's change of its owner, which the caller was
// asked for. Invalid names the field file, or title.
func (s *Service) Put(tx *database.Tx, in File) (Attachment, error) {
	kind, err := in.check()
	if err != nil {
		return Attachment{}, err
	}
	if err := oneAtATime(tx, in.Owner); err != nil {
		return Attachment{}, err
	}
	var count int64
	if err := tx.Model(&row{}).Where("owner = ? AND owner_id = ?", in.Owner.Kind, in.Owner.ID).Count(&count).Error; err != nil {
		return Attachment{}, err
	}
	if count >= MaxCount {
		return Attachment{}, fileFault("attachment.many", "most", MaxCount)
	}
	a, err := s.create(tx, kind, in, func(*row) {})
	if err != nil {
		return Attachment{}, err
	}
	return a, s.record(tx, "attach", a)
}

// create stores the content and then its row; finish sets what only some rows have.
func (s *Service) create(tx *database.Tx, kind kind, in File, finish func(*row)) (Attachment, error) {
	sum, err := s.store.put(in.Data)
	if err != nil {
		return Attachment{}, err
	}
	name := downloadName(in.Name, kind.extensions)
	r := row{
		ID: tx.NextID(), OrganisationID: in.Organisation, Owner: in.Owner.Kind, OwnerID: in.Owner.ID, Title: in.Title,
		Name: name, Lang: in.Lang, MediaType: kind.mediaType, Size: int64(len(in.Data)), SHA256: sum, CreatedAt: tx.Now,
	}
	if r.Title == "" {
		r.Title = name
	}
	if r.Lang == "" {
		r.Lang = "zh-CN"
	}
	finish(&r)
	if err := tx.Create(&r).Error; err != nil {
		return Attachment{}, err
	}
	return r.attachment(), s.know(tx, r)
}

// oneAtATime holds others that put files to the same owner, who could pass the
// count together. SQLite has one writer anyway.
func oneAtATime(tx *database.Tx, owner Owner) error {
	if tx.Dialect() != database.Postgres {
		return nil
	}
	return tx.Exec("SELECT pg_advisory_xact_lock(hashtextextended(?, ?))", "attachments of "+owner.Kind, owner.ID).Error
}

func (in File) check() (kind, error) {
	if len(in.Data) == 0 {
		return kind{}, fileFault("attachment.empty")
	}
	if len(in.Data) > MaxSize {
		return kind{}, fileFault("attachment.large", "megabytes", MaxSize>>20)
	}
	if n := utf8.RuneCountInString(in.Title); n > TitleLength {
		var f fault.Fields
		f.Add("title", "attachment.title_long", "most", TitleLength, "count", n-TitleLength)
		return kind{}, f.Err()
	}
	k, ok := detect(in.Name, in.Data)
	if !ok {
		return kind{}, fileFault("attachment.type")
	}
	return k, nil
}

func fileFault(code string, args ...any) error {
	var f fault.Fields
	f.Add("file", code, args...)
	return f.Err()
}

// Remove takes a file off its owner in the caller's change; NotFound when it is
// not the owner's. Its bytes stay until Sweep, since others may hold the same.
func (s *Service) Remove(tx *database.Tx, owner Owner, id int64) error {
	var r row
	if err := tx.Lock().Where("owner = ? AND owner_id = ? AND id = ?", owner.Kind, owner.ID, id).Take(&r).Error; err != nil {
		return err
	}
	if err := tx.Where("id = ?", id).Delete(&row{}).Error; err != nil {
		return err
	}
	return s.record(tx, "detach", r.attachment())
}

func (s *Service) record(tx *database.Tx, action string, a Attachment) error {
	e := audit.Entry{
		Organisation: a.Organisation, Action: action, Object: "attachment", ObjectID: a.ID,
		After: map[string]any{"owner": a.Owner.Kind, "owner_id": a.Owner.ID, "name": a.Name, "sha256": a.SHA256},
	}
	if a.Owner.Kind == "consultation" {
		e.Consultation = a.Owner.ID
	}
	return audit.Record(tx, e)
}

// List gives the files of an owner in the order in which they were put.
func (s *Service) List(ctx context.Context, owner Owner) ([]Attachment, error) {
	var rows []row
	err := s.db.Read(ctx).Where("owner = ? AND owner_id = ?", owner.Kind, owner.ID).Order("id").Limit(MaxCount).Find(&rows).Error
	out := make([]Attachment, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.attachment())
	}
	if err != nil {
		return out, err
	}
	return out, s.learn(s.db.Read(ctx), out)
}

// Open gives a file of an owner; NotFound when it is not the owner's, Unavailable
// attachment.unchecked while the scanner has not seen it, Gone attachment.infected
// when it found something. The caller closes it.
func (s *Service) Open(ctx context.Context, owner Owner, id int64) (Attachment, io.ReadSeekCloser, error) {
	var r row
	g := s.db.Read(ctx)
	if err := g.Where("owner = ? AND owner_id = ? AND id = ?", owner.Kind, owner.ID, id).Take(&r).Error; err != nil {
		return Attachment{}, nil, database.Translate(err)
	}
	list := []Attachment{r.attachment()}
	if err := s.learn(s.db.Read(ctx), list); err != nil {
		return Attachment{}, nil, err
	}
	a := list[0]
	switch {
	case a.Scan == Infected:
		return a, nil, fault.New(fault.Gone, "attachment.infected")
	case a.Locked:
		return a, nil, fault.New(fault.Unavailable, "attachment.unchecked")
	}
	f, err := os.Open(s.store.path(r.SHA256))
	return a, f, err
}

// Sweep deletes uploads older than a day that nothing claimed, and files older than
// a day that no row names: what was removed, and what a change that failed left
// behind. It gives how many files.
func (s *Service) Sweep(ctx context.Context) (int, error) {
	if err := s.expire(ctx); err != nil {
		return 0, err
	}
	old := time.Now().Add(-24 * time.Hour) // of the file system's clock, which stamps files
	gone := 0
	err := s.store.each(func(sum, path string, at time.Time) error {
		if at.After(old) {
			return nil
		}
		var rows []int64
		if err := s.db.Read(ctx).Table("attachments").Where("sha256 = ?", sum).Limit(1).Pluck("id", &rows).Error; err != nil || len(rows) > 0 {
			return err
		}
		gone++
		if err := s.forget(ctx, sum); err != nil {
			return err
		}
		return os.Remove(path)
	})
	return gone, err
}

// forget deletes what is known of a content that no file has.
func (s *Service) forget(ctx context.Context, sum string) error {
	return s.db.Upkeep(ctx, func(tx *database.Tx) error {
		return tx.Where("sha256 = ? AND NOT EXISTS (SELECT 1 FROM attachments a WHERE a.sha256 = ?)", sum, sum).Delete(&content{}).Error
	})
}

// Folder is where the files are, for a backup.
func (s *Service) Folder() string { return filepath.Clean(s.store.folder) }

package attachment

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"slices"
	"time"

	"gorm.io/gorm"

	"guangyi/internal/access"
	"guangyi/internal/audit"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// Limits of the files of one submission, told before any is chosen. Together they
// stay below what one request may hold, beside the longest texts.
const (
	MostFiles    = 10       // files
	MostTogether = 24 << 20 // bytes
)

// UploadsLast is how long a file waits for its submission.
const UploadsLast = 24 * time.Hour

// mostWaiting is how much may wait for submissions at a time, on the whole site:
// whoever fills the disk with files that belong to nothing is stopped here.
const mostWaiting = 8 << 30 // bytes

// The owners of what people send: first nobody, then the submission.
const (
	waiting = "upload"
	Letter  = "submission"
)

// OfSubmission is a submission as the owner of files.
func OfSubmission(id int64) Owner { return Owner{Letter, id} }

// Upload is a file that comes before what it belongs to.
type Upload struct {
	Organisation int64
	Consultation int64 // 0: not known yet
	Name         string
	Data         []byte
	// Any keeps content of a kind that is not taken from forms too, as bytes without
	// a type: of a mail or a letter, whose sender cannot be asked for another file.
	Any bool
}

// Uploaded is a file that waits for its submission. Whoever has the key may claim
// it, nobody can guess it, and it is nowhere stored in clear.
type Uploaded struct {
	Attachment
	Key string
}

var send = access.Permission{Object: "submission", Action: "send"}

// Upload keeps a file for a submission that follows within a day. Faults: Invalid
// naming the field file; Unavailable attachment.crowded when too much waits.
func (s *Service) Upload(ctx context.Context, who actor.Actor, in Upload) (u Uploaded, err error) {
	if err := s.gate.Require(who, send, in.Organisation); err != nil {
		return u, err
	}
	if _, err := in.check(); err != nil {
		return u, err
	}
	// The bytes first: nobody else's change waits while they are written.
	if _, err := s.store.put(in.Data); err != nil {
		return u, err
	}
	err = s.db.Write(ctx, who, func(tx *database.Tx) error {
		u, err = s.UploadIn(tx, in)
		return err
	})
	return u, err
}

// UploadIn is Upload in the change of a caller who has asked whether it may be.
func (s *Service) UploadIn(tx *database.Tx, in Upload) (Uploaded, error) {
	kind, err := in.check()
	if err != nil {
		return Uploaded{}, err
	}
	var size int64
	err = tx.Model(&row{}).Select("coalesce(sum(size), 0)").Where("owner = ?", waiting).Scan(&size).Error
	if err != nil {
		return Uploaded{}, err
	}
	if size+int64(len(in.Data)) > mostWaiting {
		return Uploaded{}, fault.New(fault.Unavailable, "attachment.crowded")
	}
	key := rand.Text()
	a, err := s.create(tx, kind, File{Organisation: in.Organisation, Owner: Owner{waiting, in.Consultation}, Name: in.Name, Data: in.Data},
		func(r *row) { r.ConsultationID, r.KeyHash = in.Consultation, keyHash(key) })
	if err != nil {
		return Uploaded{}, err
	}
	return Uploaded{a, key}, received(tx, in.Organisation, in.Consultation, a.ID, map[string]any{"sha256": a.SHA256, "size": a.Size})
}

func (in Upload) check() (kind, error) {
	k, err := File{Name: in.Name, Data: in.Data}.check()
	if f, ok := fault.As(err); ok && in.Any && f.Fields[0].Code == "attachment.type" {
		return anything(in.Name), nil
	}
	return k, err
}

// keyHash is what is stored of a key, which is random enough to need no salt.
func keyHash(key string) []byte {
	h := sha256.Sum256([]byte(key))
	return h[:]
}

// ByKeys finds what was uploaded for a consultation, in the order of the keys,
// also after it was claimed. Invalid files attachment.gone names a key of nothing.
func (s *Service) ByKeys(ctx context.Context, consultation int64, keys []string) ([]Attachment, error) {
	out := make([]Attachment, 0, len(keys))
	for _, key := range keys {
		var r row
		err := s.db.Read(ctx).Where("key_hash = ? AND consultation_id = ?", keyHash(key), consultation).Take(&r).Error
		if errors.Is(err, gorm.ErrRecordNotFound) {
			return nil, gone()
		}
		if err != nil {
			return nil, err
		}
		out = append(out, r.attachment())
	}
	return out, s.learn(s.db.Read(ctx), out)
}

func gone() error { return fault.Fields{{Name: "files", Code: "attachment.gone"}}.Err() }

// Discard deletes what was uploaded and is not wanted after all; what belongs to a
// submission stays.
func (s *Service) Discard(ctx context.Context, key string) error {
	return s.db.Upkeep(ctx, func(tx *database.Tx) error {
		return tx.Where("key_hash = ? AND owner = ?", keyHash(key), waiting).Delete(&row{}).Error
	})
}

// Claim makes uploaded files part of a submission in the caller's change. Files
// that are this submission's already stay so: the request was repeated. Faults:
// Invalid files attachment.gone for one that has expired, is another submission's,
// or was uploaded for another consultation.
func (s *Service) Claim(tx *database.Tx, files []int64, organisation, consultation, submission int64) error {
	if len(files) == 0 {
		return nil
	}
	var rows []row
	if err := tx.Lock().Where("id IN ?", files).Order("id").Find(&rows).Error; err != nil {
		return err
	}
	var claimed []int64
	for _, r := range rows {
		own := r.Owner == Letter && r.OwnerID == submission
		free := r.Owner == waiting && r.OrganisationID == organisation && (r.ConsultationID == 0 || r.ConsultationID == consultation)
		switch {
		case own:
		case free:
			claimed = append(claimed, r.ID)
		default:
			return gone()
		}
	}
	if len(rows) != len(slices.Compact(slices.Sorted(slices.Values(files)))) {
		return gone()
	}
	if len(claimed) == 0 {
		return nil
	}
	err := tx.Model(&row{}).Where("id IN ?", claimed).
		Updates(map[string]any{"owner": Letter, "owner_id": submission, "consultation_id": consultation}).Error
	if err != nil {
		return err
	}
	for _, id := range claimed {
		if err := received(tx, organisation, consultation, id, map[string]any{"submission": submission}); err != nil {
			return err
		}
	}
	return nil
}

// received leaves an audit row that the trails do not list, as those of
// submissions. It holds no name: that may be a person's, and rows stay for good.
func received(tx *database.Tx, organisation, consultation, id int64, after map[string]any) error {
	return audit.Record(tx, audit.Entry{
		Organisation: organisation, Consultation: consultation, Action: "receive", Object: "attachment", ObjectID: id, After: after,
	})
}

// expire deletes what waited for a submission that did not come.
func (s *Service) expire(ctx context.Context) error {
	return s.db.Upkeep(ctx, func(tx *database.Tx) error {
		return tx.Where("owner = ? AND created_at < ?", waiting, tx.Now.Add(-UploadsLast)).Delete(&row{}).Error
	})
}

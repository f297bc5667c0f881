package desk

import (
	"context"
	"fmt"
	"io"
	"path"
	"strings"

	"guangyi/internal/attachment"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/submission"
)

// Scan is a scanned page or a photograph as it was chosen.
type Scan struct {
	Name string
	Data []byte
}

// owner is an entry as the owner of its scans. They stay the entry's for good: an
// upload would be swept away after a day, and a check may take longer.
func owner(entry int64) attachment.Owner { return attachment.Owner{Kind: "entry", ID: entry} }

// AddScans puts scans to a draft. They are named by their place: a photograph's own
// name may say who wrote the letter.
//
// Faults: those of change; Conflict desk.state; Invalid file.
func (s *Service) AddScans(ctx context.Context, who actor.Actor, slug string, id int64, scans []Scan) (Entry, error) {
	return s.change(ctx, who, slug, id, PermissionEnter, func(tx *database.Tx, c consultation.Consultation, e *Entry) error {
		if e.State != Draft {
			return fault.New(fault.Conflict, "desk.state")
		}
		if len(e.Files)+len(scans) > MostFiles {
			return fault.Fields{{Name: "file", Code: "desk.files_many", Args: []any{"most", MostFiles}}}.Err()
		}
		for _, x := range scans {
			name := fmt.Sprintf("scan-%d%s", len(e.Files)+1, strings.ToLower(path.Ext(x.Name)))
			a, err := s.attachments.Put(tx, attachment.File{Organisation: c.Organisation, Owner: owner(id), Name: name, Data: x.Data})
			if err != nil {
				return err
			}
			p := Paper{c.ID, id, a.ID, a.Name, a.MediaType, a.Size, a.SHA256}
			if err := tx.Create(&p).Error; err != nil {
				return err
			}
			e.Files = append(e.Files, p)
		}
		return nil
	})
}

// RemoveScan takes a scan off a draft.
func (s *Service) RemoveScan(ctx context.Context, who actor.Actor, slug string, id, file int64) (Entry, error) {
	return s.change(ctx, who, slug, id, PermissionEnter, func(tx *database.Tx, c consultation.Consultation, e *Entry) error {
		if e.State != Draft {
			return fault.New(fault.Conflict, "desk.state")
		}
		if err := s.attachments.Remove(tx, owner(id), file); err != nil {
			return err
		}
		return tx.Where("consultation_id = ? AND entry_id = ? AND file_id = ?", c.ID, id, file).Delete(&Paper{}).Error
	})
}

// OpenScan gives a scan to who enters or checks at this desk. The caller closes it.
func (s *Service) OpenScan(ctx context.Context, who actor.Actor, slug string, id, file int64) (attachment.Attachment, io.ReadSeekCloser, error) {
	c, err := s.Place(ctx, who, slug, PermissionEnter)
	if err != nil {
		return attachment.Attachment{}, nil, err
	}
	if _, err := s.read(s.db.Read(ctx), c.ID, id); err != nil {
		return attachment.Attachment{}, nil, err
	}
	return s.attachments.Open(ctx, owner(id), file)
}

// hand makes the scans files of the submission that is about to be made: rows of
// their own over the same bytes, which are stored once.
func (s *Service) hand(tx *database.Tx, c consultation.Consultation, e *Entry) ([]submission.File, error) {
	out := make([]submission.File, 0, len(e.Files))
	for _, p := range e.Files {
		_, f, err := s.attachments.Open(tx.Context(), owner(e.ID), p.FileID)
		if err != nil {
			return nil, err
		}
		data, err := io.ReadAll(f)
		if fail := f.Close(); err == nil {
			err = fail
		}
		if err != nil {
			return nil, err
		}
		u, err := s.attachments.UploadIn(tx, attachment.Upload{Organisation: c.Organisation, Consultation: c.ID, Name: p.Name, Data: data, Any: true})
		if err != nil {
			return nil, err
		}
		out = append(out, submission.File{ID: u.ID, Name: u.Name, Size: u.Size, SHA256: u.SHA256})
	}
	return out, nil
}

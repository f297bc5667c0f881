package attachment

import (
	"context"
	"io"

	"guangyi/internal/audit"
	"guangyi/internal/platform/database"
)

// Show makes a file of a submission public, or takes it back, in the change of
// moderation, which has asked whether it may. NotFound when the submission has no
// such file.
func (s *Service) Show(tx *database.Tx, submission, file int64, public bool) error {
	var r row
	err := tx.Lock().Where("owner = ? AND owner_id = ? AND id = ?", Letter, submission, file).Take(&r).Error
	if err != nil {
		return database.Translate(err)
	}
	if r.Public == public {
		tx.Audited()
		return nil
	}
	if err := tx.Model(&row{}).Where("id = ?", r.ID).Update("public", public).Error; err != nil {
		return err
	}
	return audit.Record(tx, audit.Entry{
		Organisation: r.OrganisationID, Consultation: r.ConsultationID, Action: "show", Object: "attachment", ObjectID: r.ID,
		Before: map[string]any{"public": r.Public}, After: map[string]any{"public": public},
	})
}

// OpenPublic gives a file that moderation made public, as long as its submission
// stands; NotFound for any other.
func (s *Service) OpenPublic(ctx context.Context, consultation, file int64) (Attachment, io.ReadSeekCloser, error) {
	var r row
	err := s.db.Read(ctx).Where("id = ? AND owner = ? AND consultation_id = ? AND public", file, Letter, consultation).
		Where("EXISTS (SELECT 1 FROM submissions s WHERE s.consultation_id = attachments.consultation_id AND s.id = attachments.owner_id AND s.state = 'accepted')").
		Where("EXISTS (SELECT 1 FROM comments c WHERE c.consultation_id = attachments.consultation_id AND c.submission_id = attachments.owner_id AND c.public AND c.withheld = '')").
		Take(&r).Error
	if err != nil {
		return Attachment{}, nil, database.Translate(err)
	}
	return s.Open(ctx, OfSubmission(r.OwnerID), file)
}

// PublicOf gives the public files of submissions, by submission.
func (s *Service) PublicOf(ctx context.Context, submissions []int64) (map[int64][]Attachment, error) {
	if len(submissions) == 0 {
		return nil, nil
	}
	var rows []row
	err := s.db.Read(ctx).Where("owner = ? AND owner_id IN ? AND public", Letter, submissions).Order("id").Find(&rows).Error
	out := map[int64][]Attachment{}
	for _, r := range rows {
		out[r.OwnerID] = append(out[r.OwnerID], r.attachment())
	}
	return out, err
}

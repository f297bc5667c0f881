package attachment

import (
	"context"
	"io"
	"slices"

	"guangyi/internal/access"
	"guangyi/internal/audit"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
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

// ofComment is a public file with the comment under which it stands.
type ofComment struct {
	CommentID int64
	Row       row `gorm:"embedded"`
}

// PublicOf gives the public files of comments, by comment: a submission's stand
// under the first of its comments that is asked for. It is quick when there are none.
func (s *Service) PublicOf(ctx context.Context, consultation int64, comments []int64) (map[int64][]Attachment, error) {
	if len(comments) == 0 {
		return nil, nil
	}
	var rows []ofComment
	err := s.db.Read(ctx).Raw(`SELECT min(c.id) AS comment_id, a.id, a.owner, a.owner_id, a.name, a.media_type, a.size, a.sha256, a.public
		FROM attachments a JOIN comments c ON c.consultation_id = a.consultation_id AND c.submission_id = a.owner_id
		WHERE a.consultation_id = ? AND a.public AND a.owner = 'submission' AND c.id IN ? AND c.withheld = ''
		GROUP BY a.id, a.owner, a.owner_id, a.name, a.media_type, a.size, a.sha256, a.public ORDER BY a.id`, consultation, comments).
		Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	list := make([]Attachment, len(rows))
	for i, r := range rows {
		list[i] = r.Row.attachment()
	}
	if err := s.learn(s.db.Read(ctx), list); err != nil {
		return nil, err
	}
	out := map[int64][]Attachment{}
	for i, r := range rows {
		if !list[i].Locked {
			out[r.CommentID] = append(out[r.CommentID], list[i])
		}
	}
	return out, nil
}

var decide = access.Permission{Object: "moderation", Action: "decide"}

// MayShow reports whether the actor decides about what the public sees there.
func (s *Service) MayShow(who actor.Actor, organisation int64) bool {
	return s.gate.May(who, decide, organisation)
}

// Decide is Show as a change of its own. Conflict attachment.unchecked for a file
// that is not given out.
func (s *Service) Decide(ctx context.Context, who actor.Actor, organisation, submission, file int64, public bool) error {
	if err := s.gate.Require(who, decide, organisation); err != nil {
		return err
	}
	list, err := s.List(ctx, OfSubmission(submission))
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(list, func(a Attachment) bool { return a.ID == file }); public && i >= 0 && list[i].Locked {
		return fault.New(fault.Conflict, "attachment.unchecked")
	}
	return s.db.Write(ctx, who, func(tx *database.Tx) error { return s.Show(tx, submission, file, public) })
}

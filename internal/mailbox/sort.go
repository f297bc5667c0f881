package mailbox

import (
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"guangyi/internal/consultation"
	"guangyi/internal/mailbox/reader"
	"guangyi/internal/submission"
)

// decide finds out what becomes of the mail.
func (w *work) decide() error {
	first, err := w.earlier()
	if err != nil {
		return err
	}
	if first != nil {
		w.row.State, w.row.Reason, w.row.SubmissionID = Repeated, first.Reason, first.SubmissionID
		return nil
	}
	reason, err := w.aside()
	if err != nil {
		return err
	}
	if reason == "" {
		return w.submit()
	}
	w.row.State, w.row.Reason = Aside, reason
	return nil
}

// earlier finds the same mail, fetched from elsewhere or under another UIDVALIDITY.
func (w *work) earlier() (*mailRow, error) {
	var r mailRow
	q := w.tx.Where("message_key = ? AND content_key = ? AND organisation_id = ? AND state <> ?", w.row.MessageKey, w.row.ContentKey, w.a.OrganisationID, Repeated)
	if w.c.ID != 0 { // one that belonged to none may have been given a consultation by hand
		q = q.Where("consultation_id = ?", w.c.ID)
	}
	err := q.Order("id").Take(&r).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil
	}
	return &r, err
}

// aside tells why a mail is no submission by itself; "" when it is one.
func (w *work) aside() (Reason, error) {
	m := w.in.read
	own, err := w.ownAddress()
	switch {
	case err != nil:
		return "", err
	case w.in.large:
		return Large, nil
	case own:
		return Own, nil
	case m.Kind != reader.Person:
		return Reason(m.Kind), nil
	case w.c.ID == 0:
		return Unknown, nil
	case w.answered.submission != 0 && w.answered.consultation == w.c.ID:
		w.row.SubmissionID = w.answered.submission
		return Addition, nil
	}
	if id, err := w.thread(); err != nil || id != 0 {
		w.row.SubmissionID = id
		return Addition, err
	}
	if reason := w.when(); reason != "" {
		return reason, nil
	}
	if w.refused != "" {
		w.content.Why = w.refused
		return Refused, nil
	}
	if len(m.Files) == 0 && submission.Blank(wordsOf(m, w.c.Title, false)[0].Text) {
		if m.Broken {
			return Unreadable, nil
		}
		return Empty, nil
	}
	return "", nil
}

// ownAddress reports a mail from one of the addresses that we fetch for or write
// from: a loop.
func (w *work) ownAddress() (bool, error) {
	from := strings.ToLower(w.in.read.From.Address)
	if from == "" {
		return false, nil
	}
	if from == w.s.sender {
		return true, nil
	}
	var accounts []string
	if err := w.tx.Model(&accountRow{}).Pluck("address", &accounts).Error; err != nil {
		return false, err
	}
	if slices.ContainsFunc(accounts, func(own string) bool { return from == own || tagged(own, from) != "" }) {
		return true, nil
	}
	var n int64
	err := w.tx.Model(&addressRow{}).Where("address = ?", from).Count(&n).Error
	return n > 0, err
}

// thread finds the submission that came of an earlier mail of the same sender to
// the same consultation, when this one answers it.
func (w *work) thread() (int64, error) {
	var keys [][]byte
	for _, id := range w.in.read.Answers {
		keys = append(keys, w.s.blind("id", id))
	}
	if len(keys) == 0 || w.row.SenderKey == nil {
		return 0, nil
	}
	var ids []int64
	err := w.tx.Model(&mailRow{}).Where("message_key IN ? AND consultation_id = ? AND sender_key = ? AND submission_id <> 0",
		keys, w.c.ID, w.row.SenderKey).Order("id DESC").Limit(1).Pluck("submission_id", &ids).Error
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	return ids[0], nil
}

// when tells whether the consultation takes mail: from its opening until its
// summary was submitted. What came after the end is taken and counts as late.
func (w *work) when() Reason {
	switch w.c.Status(w.tx.Now) {
	case consultation.Open, consultation.Closed, consultation.DecidedStatus:
	case consultation.SummaryInReviewStatus, consultation.PublishedStatus, consultation.ArchivedStatus, consultation.WithdrawnStatus:
		return Over
	default:
		return Early
	}
	if w.c.OpensAt != nil && w.row.ReceivedAt.Before(*w.c.OpensAt) {
		return Early
	}
	return ""
}

// submit makes the submission.
func (w *work) submit() error {
	held, err := w.held()
	if err != nil {
		return err
	}
	done, err := w.s.enter(w.tx, w.c, w.in.read, entering{key: keyOf(w.row), received: w.row.ReceivedAt, held: held, judged: held == ""})
	if err != nil {
		return err
	}
	if done.Repeated {
		return errRaced
	}
	w.content.Held, w.content.Refused = done.held, done.unkept
	w.row.SubmissionID, w.row.State = done.Submission, Taken
	return nil
}

// keyOf is the idempotency key of a mail's submission: from whichever mailbox and
// process it comes, the same mail has the same.
func keyOf(r mailRow) string {
	return "mail:" + hex.EncodeToString(r.MessageKey[:16]) + hex.EncodeToString(r.ContentKey[:16])
}

// manyADay is how many mails of one sender are submissions at once; those above
// wait for moderation. Nobody who means it writes as many.
const manyADay = 20

// held tells why the submission waits for moderation; "" when it does not.
func (w *work) held() (string, error) {
	if w.in.read.Suspect != reader.Unsuspected {
		return "mail_" + string(w.in.read.Suspect), nil
	}
	n, err := w.recent()
	if n >= manyADay {
		return "mail_flood", err
	}
	return "", err
}

// recent counts the mails of this sender within a day that we took or answered.
func (w *work) recent() (n int64, err error) {
	if w.row.SenderKey == nil {
		return 0, nil
	}
	err = w.tx.Model(&mailRow{}).Where("sender_key = ? AND fetched_at > ? AND (state = ? OR reason IN ?)",
		w.row.SenderKey, w.tx.Now.Add(-24*time.Hour), Taken, []Reason{Addition, Over}).Count(&n).Error
	return n, err
}

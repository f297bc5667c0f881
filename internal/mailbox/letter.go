package mailbox

import (
	"context"
	"errors"
	"net/mail"
	"strconv"
	"strings"
	"time"

	"gorm.io/gorm"

	"guangyi/internal/consultation"
	"guangyi/internal/mailbox/reader"
	"guangyi/internal/notice"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// Topics of the letters that answer a mail. The ref of a receipt is the submission;
// that of the others is the mail.
const (
	TopicReceipt  = "mail.receipt"
	TopicAddition = "mail.addition"
	TopicOver     = "mail.over"
)

// IsTopic reports whether a letter is one of ours.
func IsTopic(topic string) bool {
	switch topic {
	case TopicReceipt, TopicAddition, TopicOver:
		return true
	}
	return false
}

// answer leaves the letter that answers a mail, in its transaction. Two programs
// that answer each other must never meet (RFC 3834, section 2): only what a person
// wrote is answered, never a mail from ourselves, at most manyADay mails of one
// sender a day, and our letters say of themselves that a program wrote them.
func (w *work) answer() error {
	topic, ref := "", w.row.ID
	switch {
	case w.row.State == Taken:
		topic, ref = TopicReceipt, w.row.SubmissionID
	case w.row.State == Aside && w.row.Reason == Addition:
		topic = TopicAddition
	case w.row.State == Aside && w.row.Reason == Over:
		topic = TopicOver
	}
	if topic == "" || w.in.read.Kind != reader.Person || !writable(w.in.read.From.Address) {
		return nil
	}
	n, err := w.recent() // this one is among them
	if err != nil || n > manyADay {
		return err
	}
	return notice.Add(w.tx, notice.Request{Topic: topic, Scope: w.c.ID, Ref: ref, Way: notice.Mail})
}

// writable reports whether a letter can be sent to an address.
func writable(address string) bool {
	a, err := mail.ParseAddress(address)
	if err != nil || a.Name != "" || a.Address != address {
		return false
	}
	_, domain, _ := strings.Cut(address, "@")
	return strings.Contains(domain, ".") && !strings.HasSuffix(domain, ".") && !strings.ContainsAny(domain, " []")
}

// answeredLetter is the submission about which we wrote the letter that a mail
// answers; zero when it answers none.
type answeredLetter struct{ consultation, submission int64 }

// answered finds it by the Message-ID of our letters, which holds the row of the
// outbox. The sender must be the one to whom the letter went: rows can be guessed,
// and whoever was sent our letter by somebody else writes for themselves.
func (s *Service) answered(ctx context.Context, m reader.Mail) (answeredLetter, error) {
	var ids []int64
	for _, id := range m.Answers {
		local, _, _ := strings.Cut(id, "@")
		if row, err := strconv.ParseInt(local, 36, 64); err == nil && row > 0 && len(ids) < 50 {
			ids = append(ids, row)
		}
	}
	if len(ids) == 0 || m.From.Address == "" {
		return answeredLetter{}, nil
	}
	var rows []struct {
		ID, ConsultationID, Ref int64
		Topic                   string
	}
	err := s.db.Read(ctx).Table(notice.Table).Select("id, consultation_id, ref, topic").
		Where("id IN ? AND topic IN ?", ids, []string{notice.Received, TopicReceipt, TopicAddition}).Order("id DESC").Scan(&rows).Error
	if err != nil {
		return answeredLetter{}, err
	}
	for _, r := range rows {
		submission := r.Ref
		if r.Topic == TopicAddition {
			if submission, err = s.submissionOf(ctx, r.Ref); err != nil {
				return answeredLetter{}, err
			}
		}
		c, ok, err := s.submissions.Confirm(ctx, r.ConsultationID, submission)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return answeredLetter{}, err
		}
		if ok && strings.EqualFold(c.To, m.From.Address) {
			return answeredLetter{r.ConsultationID, submission}, nil
		}
	}
	return answeredLetter{}, nil
}

func (s *Service) submissionOf(ctx context.Context, mail int64) (int64, error) {
	var ids []int64
	err := s.db.Read(ctx).Model(&mailRow{}).Where("id = ?", mail).Limit(1).Pluck("submission_id", &ids).Error
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	return ids[0], nil
}

// About is what a letter that answers a mail has to say.
type About struct {
	Topic        string
	To           string
	Lang         string
	MessageID    string // of the mail that is answered
	Subject      string // of that mail
	ReplyTo      string // the address for mail to this consultation
	Consultation consultation.Consultation
	Number       string
	Secret       string // of a receipt only
	ReceivedAt   time.Time
	Late         bool
	Held         bool
	Comments     int
	Files        []string
	Refused      []Unkept
}

// About finds what a letter says. ok is false when there is nobody to write to any
// more.
//
// A receipt holds its secret. Everybody else sees it on the page after sending; who
// sends by mail has no such page, and the mail that answers is the only way to give
// it. It goes to the address that the comments came from, whose holder knows them
// anyway: with number and secret one can follow what becomes of them and take them
// back, and reads no more than what one wrote oneself. Neither is ever mailed to
// another address than that.
func (s *Service) About(ctx context.Context, item notice.Item) (About, bool, error) {
	row, ok, err := s.answeredMail(s.db.Read(ctx), item)
	if err != nil || !ok {
		return About{}, false, err
	}
	m, err := s.opened(row)
	if err != nil {
		return About{}, false, err
	}
	if m.From == "" {
		return About{}, false, nil
	}
	c, err := s.consultations.ByID(ctx, item.Scope)
	if err != nil {
		return About{}, false, err
	}
	out := About{Topic: item.Topic, To: m.From, Lang: c.Lang, MessageID: m.MessageID, Subject: m.Subject, Consultation: c, ReceivedAt: m.ReceivedAt,
		Files: m.Files, Refused: m.Content.Refused}
	if out.ReplyTo, err = s.AddressFor(ctx, m.Account, c); err != nil {
		return out, false, err
	}
	if m.Submission == 0 {
		return out, true, nil
	}
	confirmed, ok, err := s.submissions.Confirm(ctx, c.ID, m.Submission)
	if err != nil || !ok {
		return out, false, err // its sender's contact was erased
	}
	x := confirmed.Letters
	out.Number, out.Lang, out.Comments = confirmed.Number, confirmed.Lang, len(x.Comments)
	out.Late = c.ClosesAt != nil && !x.ReceivedAt.Before(*c.ClosesAt)
	if item.Topic == TopicReceipt {
		out.To, out.Held, out.Secret = confirmed.To, m.Held != "", s.submissions.SecretOf(m.Submission)
	}
	return out, true, nil
}

// answeredMail finds the mail that a letter answers.
func (s *Service) answeredMail(g *gorm.DB, item notice.Item) (r mailRow, ok bool, err error) {
	if item.Topic == TopicReceipt {
		err = g.Where("submission_id = ? AND consultation_id = ? AND state = ?", item.Ref, item.Scope, Taken).Order("id").Take(&r).Error
	} else {
		err = g.Where("id = ? AND consultation_id = ?", item.Ref, item.Scope).Take(&r).Error
	}
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return r, false, nil
	}
	return r, err == nil, database.Translate(err)
}

// AddressFor is the address to write to for a consultation, as a mailbox has it.
func (s *Service) AddressFor(ctx context.Context, account int64, c consultation.Consultation) (string, error) {
	g := s.db.Read(ctx)
	var named []string
	if err := g.Model(&addressRow{}).Where("account_id = ? AND consultation_id = ?", account, c.ID).Order("created_at, address").Limit(1).Pluck("address", &named).Error; err != nil {
		return "", err
	}
	if len(named) > 0 {
		return named[0], nil
	}
	var own []string
	if err := g.Model(&accountRow{}).Where("id = ?", account).Limit(1).Pluck("address", &own).Error; err != nil || len(own) == 0 {
		return "", err
	}
	return AddressOf(own[0], c.Slug), nil
}

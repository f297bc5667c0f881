package mailbox

import (
	"context"
	"errors"
	"strings"
	"time"

	"guangyi/internal/audit"
	"guangyi/internal/consultation"
	"guangyi/internal/mailbox/reader"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
)

// arrived is a mail as it was fetched.
type arrived struct {
	validity, uid int64
	received      time.Time // INTERNALDATE
	size          int64
	raw           []byte
	large         bool // raw is the header only
	read          reader.Mail
}

// errLeaseLost says that another process fetches from the mailbox now.
var errLeaseLost = errors.New("mailbox: another process has the lease")

// take stores a mail, with its submission when it becomes one, and notes how far
// the mailbox was read: all in one transaction.
func (s *Service) take(ctx context.Context, a accountRow, in arrived) error {
	in.read = reader.Read(in.raw)
	answered, err := s.answered(ctx, in.read)
	if err != nil {
		return err
	}
	refused := map[int64]string{}
	for try := 0; ; try++ {
		err := s.write(ctx, a, in, answered, refused)
		var no refusal
		switch {
		case errors.As(err, &no) && refused[no.consultation] == "":
			// What the submission's rules refuse is kept as a mail that staff see.
			refused[no.consultation] = no.code
		case errors.Is(err, errRaced) && try < 3:
		default:
			return err
		}
	}
}

// write is one attempt to take a mail.
func (s *Service) write(ctx context.Context, a accountRow, in arrived, answered answeredLetter, refused map[int64]string) error {
	routes, err := s.route(s.db.Read(ctx), a, in.read.To)
	if err != nil {
		return err
	}
	if len(routes) == 0 {
		routes = []consultation.Consultation{{}} // of nowhere
	}
	return s.db.Write(ctx, actor.Timer(), func(tx *database.Tx) error {
		if err := s.advance(tx, a, in); err != nil {
			return err
		}
		for _, c := range routes {
			w := work{s: s, tx: tx, a: a, c: c, in: in, answered: answered, refused: refused[c.ID]}
			if err := w.store(); err != nil {
				return err
			}
		}
		return nil
	})
}

// errRaced says that the same mail was taken from another mailbox at this moment;
// the next attempt finds it.
var errRaced = errors.New("mailbox: the same mail is being taken from elsewhere")

// refusal is a content that cannot become a submission.
type refusal struct {
	consultation int64
	code         string
}

func (r refusal) Error() string { return "mailbox: refused: " + r.code }

// advance notes that the mailbox was read up to this mail, and renews the lease.
func (s *Service) advance(tx *database.Tx, a accountRow, in arrived) error {
	res := tx.Model(&accountRow{}).Where("id = ? AND lease_by = ?", a.ID, s.node).Updates(map[string]any{
		"uid_validity": in.validity, "last_uid": in.uid, "lease_until": tx.Now.Add(leaseFor),
	})
	if res.Error == nil && res.RowsAffected == 0 {
		return errLeaseLost
	}
	return res.Error
}

// work stores one mail for one consultation.
type work struct {
	s        *Service
	tx       *database.Tx
	a        accountRow
	c        consultation.Consultation
	in       arrived
	answered answeredLetter
	refused  string // code, when an attempt to make a submission of it has failed

	row     mailRow
	content Content
}

func (w *work) store() error {
	w.begin()
	known, err := w.known()
	if err != nil || known {
		return err
	}
	if err := w.decide(); err != nil {
		return err
	}
	if w.row.Sealed, err = w.s.sealContent(w.row.ID, w.content); err != nil {
		return err
	}
	if err := w.tx.Create(&w.row).Error; err != nil {
		return err
	}
	if w.row.State != Repeated { // the first copy has the bytes
		if err := w.s.keepOriginal(w.tx, w.row.ID, w.in.raw); err != nil {
			return err
		}
	}
	if err := w.answer(); err != nil {
		return err
	}
	return audit.Record(w.tx, audit.Entry{
		Organisation: w.row.OrganisationID, Consultation: w.c.ID, Action: "fetch", Object: "mail", ObjectID: w.row.ID,
		After: map[string]any{"state": w.row.State, "reason": w.row.Reason, "submission": w.row.SubmissionID},
	})
}

// begin fills in what does not depend on what becomes of it.
func (w *work) begin() {
	m := w.in.read
	w.row = mailRow{
		ID: w.tx.NextID(), OrganisationID: w.a.OrganisationID, AccountID: w.a.ID, ConsultationID: w.c.ID,
		UIDValidity: w.in.validity, UID: w.in.uid, ReceivedAt: w.in.received, FetchedAt: w.tx.Now, Size: w.in.size, Version: 1,
	}
	// A mail cannot have come after now, whatever the clock of its server says.
	if w.row.ReceivedAt.IsZero() || w.row.ReceivedAt.After(w.tx.Now) {
		w.row.ReceivedAt = w.tx.Now
	}
	w.row.MessageKey, w.row.ContentKey = w.s.keysOf(m)
	if m.From.Address != "" {
		w.row.SenderKey = w.s.senderKey(m.From.Address)
	}
	w.content = Content{From: m.From.Address, Name: m.From.Name, To: m.To, Subject: m.Subject, MessageID: m.MessageID, Text: m.Text}
	if !m.Date.IsZero() {
		w.content.SaidAt = &m.Date
	}
	for _, q := range m.Quoted {
		w.content.Quoted = append(w.content.Quoted, [2]int{q.From, q.To})
	}
	for _, f := range m.Files {
		w.content.Files = append(w.content.Files, f.Name)
	}
}

func (s *Service) senderKey(address string) []byte {
	return s.blind("sender", strings.ToLower(address))
}

// keysOf are what a mail is known by: its Message-ID, or date and sender where a
// program sent none; and what it says. Both must agree, since nobody watches over
// Message-IDs: whoever copies one does not make a different mail vanish.
func (s *Service) keysOf(m reader.Mail) (message, content []byte) {
	message = s.blind("id", m.MessageID)
	if m.MessageID == "" {
		message = s.blind("no-id", m.Date.String(), m.From.Address)
	}
	parts := []string{strings.ToLower(m.From.Address), m.Subject, squeezed(m.Text)}
	for _, f := range m.Files {
		parts = append(parts, f.Name, string(f.Data))
	}
	return message, s.blind("content", parts...)
}

// known reports a mail that was stored before from this very place: nothing is to
// be done then.
func (w *work) known() (bool, error) {
	var n int64
	err := w.tx.Model(&mailRow{}).Where("account_id = ? AND uid_validity = ? AND uid = ? AND consultation_id = ?",
		w.a.ID, w.in.validity, w.in.uid, w.c.ID).Count(&n).Error
	if n > 0 {
		w.tx.Audited() // it was, when it was stored
	}
	return n > 0, err
}

package mailbox

import (
	"context"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"guangyi/internal/attachment"
	"guangyi/internal/audit"
	"guangyi/internal/consultation"
	"guangyi/internal/mailbox/reader"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/submission"
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

// entering says how a mail becomes a submission.
type entering struct {
	key      string
	received time.Time
	held     string
	judged   bool // ask the rules of moderation
	fresh    bool // only what was not quoted
}

// entered is what came of it.
type entered struct {
	submission.Receipt
	held   string
	unkept []Unkept
}

// enter makes a submission of a mail in the caller's transaction. By sending a mail
// to the address in the notice a person agrees to what the notice says of names and
// contacts; the form's tick has no other meaning.
func (s *Service) enter(tx *database.Tx, c consultation.Consultation, m reader.Mail, e entering) (done entered, err error) {
	in := submission.In{
		Consultation: c.Slug, Key: e.key, Channel: "email", Submitter: sender(m), Comments: wordsOf(m, c.Title, e.fresh),
		Consent: true, Held: e.held, Entry: submission.EntrySender, ReceivedAt: e.received,
	}
	if in.Files, done.unkept, err = s.keepFiles(tx, c, m); err != nil {
		return done, err
	}
	in.Language = submission.LanguageOf(in.Comments[0].Text)
	if e.judged && s.judge != nil {
		in.Held = s.judge.Judge(c, in)
	}
	done.held = in.Held
	done.Receipt, err = s.submissions.EnterConfirmed(tx, actor.Timer(), in)
	if f, ok := fault.As(err); ok && f.Kind != fault.Unavailable {
		code := f.Code
		if len(f.Fields) > 0 {
			code = f.Fields[0].Code
		}
		return done, refusal{c.ID, code}
	}
	return done, err
}

// sender is who wrote. An address to which nothing can be sent is left out; it
// stays in the mail.
func sender(m reader.Mail) submission.Submitter {
	out := submission.Submitter{Kind: "individual", Name: m.From.Name}
	if r := []rune(out.Name); len(r) > submission.MostName {
		out.Name = string(r[:submission.MostName])
	}
	if writable(m.From.Address) {
		out.Email = m.From.Address
	}
	return out
}

// keepFiles stores what was attached. A file that cannot be kept with the
// submission is named; its bytes stay in the mail as it came.
func (s *Service) keepFiles(tx *database.Tx, c consultation.Consultation, m reader.Mail) (files []submission.File, unkept []Unkept, err error) {
	for _, f := range m.Files {
		if len(files) == submission.MostFiles {
			unkept = append(unkept, Unkept{f.Name, "mailbox.files_many"})
			continue
		}
		up, err := s.files.UploadIn(tx, attachment.Upload{Organisation: c.Organisation, Consultation: c.ID, Name: f.Name, Data: f.Data, Any: true})
		if refused, ok := fault.AsInvalid(err); ok {
			unkept = append(unkept, Unkept{f.Name, refused.Fields[0].Code})
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		files = append(files, submission.File{ID: up.ID, Name: up.Name, Size: up.Size, SHA256: up.SHA256})
	}
	return files, unkept, nil
}

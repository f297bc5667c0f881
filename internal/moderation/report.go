package moderation

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"net/mail"
	"strings"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"

	"guangyi/internal/access"
	"guangyi/internal/audit"
	"guangyi/internal/consultation"
	"guangyi/internal/notice"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/submission"
)

// Report says that a submission under somebody's name is not theirs.
type Report struct {
	ConsultationID int64 `gorm:"primaryKey;autoIncrement:false"`
	ID             int64 `gorm:"primaryKey;autoIncrement:false"`
	OrganisationID int64
	SubmissionID   int64  // 0: not known which one is meant
	Number         string // under which the person asks
	Quoted         string // words of the submission, as the person read them
	Sealed         []byte
	Lang           string
	State          ReportState
	Outcome        string // what the person is told
	DecidedBy      string
	DecidedAt      *time.Time
	Told           notice.Way // how the outcome went out
	DueAt          time.Time
	CreatedAt      time.Time
	Version        int64

	Contact *Contact `gorm:"-"` // nil: the reader may not see it
	Receipt string   `gorm:"-"` // of the submission, where one is known
}

// TableName names the table for gorm.
func (Report) TableName() string { return "identity_reports" }

// Overdue reports a report that should have been decided.
func (r Report) Overdue(now time.Time) bool { return r.State == ReportOpen && !now.Before(r.DueAt) }

// ReportState is where a report stands.
type ReportState string

// Upheld: the words are withheld as not theirs. Rejected: they stay.
const (
	ReportOpen     ReportState = "open"
	ReportUpheld   ReportState = "upheld"
	ReportRejected ReportState = "rejected"
)

// Contact is who reports, sealed in the database.
type Contact struct {
	Name  string `json:"name"`
	Email string `json:"email,omitempty"`
	Phone string `json:"phone,omitempty"`
}

// NewReport is a report as it comes in.
type NewReport struct {
	Receipt string // number of the submission, as typed; may be empty
	Quoted  string // its words; may be empty when there is a number
	Contact Contact
	Lang    string
}

// Within is how long staff have to answer a report: a proposal of this program, no
// statutory period.
const Within = 7 * 24 * time.Hour

// Bounds of a report, in characters.
const (
	MostQuoted  = 2000
	MostOutcome = 1000
)

// The letters of a report; scope is the consultation, ref the report.
const (
	TopicReported = "moderation.reported"
	TopicOutcome  = "moderation.outcome"
)

// IsTopic reports whether a letter is worded here.
func IsTopic(topic string) bool { return topic == TopicReported || topic == TopicOutcome }

func (n *NewReport) check() error {
	var f fault.Fields
	n.Quoted = strings.TrimSpace(n.Quoted)
	n.Contact = Contact{strings.TrimSpace(n.Contact.Name), strings.TrimSpace(n.Contact.Email), strings.TrimSpace(n.Contact.Phone)}
	if strings.TrimSpace(n.Receipt) == "" && n.Quoted == "" {
		f.Add("receipt", "moderation.which")
	}
	if len([]rune(n.Quoted)) > MostQuoted {
		f.Add("quoted", "moderation.words_long", "most", MostQuoted, "count", utf8.RuneCountInString(n.Quoted)-MostQuoted)
	}
	switch c := n.Contact; {
	case c.Name == "":
		f.Add("name", "moderation.name")
	case utf8.RuneCountInString(c.Name) > submission.MostName:
		f.Add("name", "moderation.words_long", "most", submission.MostName, "count", utf8.RuneCountInString(c.Name)-submission.MostName)
	}
	c := n.Contact
	if c.Email == "" && c.Phone == "" {
		f.Add("email", "moderation.contact")
	}
	if a, err := mail.ParseAddress(c.Email); c.Email != "" && (err != nil || a.Address != c.Email || len(c.Email) > submission.MostEmail) {
		f.Add("email", "moderation.email")
	}
	if utf8.RuneCountInString(c.Phone) > submission.MostPhone {
		f.Add("phone", "moderation.words_long", "most", submission.MostPhone, "count", utf8.RuneCountInString(c.Phone)-submission.MostPhone)
	}
	return f.Err()
}

func reportPlace(consultation, id int64) string {
	return fmt.Sprintf("identity_reports/%d/%d", consultation, id)
}

// ReportNotMe takes a report in and gives its number. Whether the submission
// exists is not told: staff find out. Faults: NotFound, Invalid.
func (s *Service) ReportNotMe(ctx context.Context, who actor.Actor, slug string, in NewReport) (Report, error) {
	var r Report
	if _, err := s.Consultations.BySlug(ctx, slug); err != nil {
		return r, err
	}
	if err := in.check(); err != nil {
		return r, err
	}
	err := s.DB.Write(ctx, who, func(tx *database.Tx) error {
		c, err := s.Submissions.HoldPublic(tx, slug)
		if err != nil {
			return err
		}
		r = Report{
			ConsultationID: c.ID, ID: tx.NextID(), OrganisationID: c.Organisation, Number: reportNumber(), Quoted: in.Quoted, Lang: in.Lang,
			State: ReportOpen, DueAt: tx.Now.Add(Within), CreatedAt: tx.Now, Version: 1,
		}
		if r.SubmissionID, err = submissionOf(tx.DB, c.ID, in.Receipt); err != nil {
			return err
		}
		raw, err := json.Marshal(in.Contact)
		if err != nil {
			return err
		}
		if r.Sealed, err = s.Keys.Seal(raw, reportPlace(c.ID, r.ID)); err != nil {
			return err
		}
		if err := tx.Create(&r).Error; err != nil {
			return err
		}
		if in.Contact.Email != "" {
			if err := notice.Add(tx, notice.Request{Topic: TopicReported, Organisation: c.Organisation, Scope: c.ID, Ref: r.ID, Way: notice.Mail}); err != nil {
				return err
			}
		}
		return audit.Record(tx, audit.Entry{
			Organisation: c.Organisation, Consultation: c.ID, Action: "report", Object: "identity_report", ObjectID: r.ID,
			After: map[string]any{"number": r.Number, "submission": fmt.Sprint(r.SubmissionID)},
		})
	})
	return r, err
}

// submissionOf finds a submission of the consultation by its number as typed; 0
// when there is none.
func submissionOf(g *gorm.DB, consultation int64, typed string) (int64, error) {
	number, ok := submission.ReadNumber(typed)
	if !ok {
		return 0, nil
	}
	var ids []int64
	err := g.Table("submissions").Where("receipt = ? AND consultation_id = ?", number, consultation).Limit(1).Pluck("id", &ids).Error
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	return ids[0], nil
}

func reportNumber() string {
	b := make([]byte, 5)
	_, _ = rand.Read(b) // never fails on the systems that Go supports
	return "N-" + base32.StdEncoding.EncodeToString(b)
}

// Reports lists the reports of a consultation, open ones first, the most pressing
// at the top; at most 200.
func (s *Service) Reports(ctx context.Context, who actor.Actor, slug string) (consultation.Consultation, []Report, error) {
	c, err := s.staff(ctx, who, slug, PermissionReports)
	if err != nil {
		return c, nil, err
	}
	var list []Report
	err = s.DB.Read(ctx).Where("consultation_id = ?", c.ID).
		Order("CASE WHEN state = 'open' THEN 0 ELSE 1 END, due_at, id").Limit(200).Find(&list).Error
	if err != nil {
		return c, nil, err
	}
	for i := range list {
		if err := s.fill(s.DB.Read(ctx), &list[i]); err != nil {
			return c, nil, err
		}
	}
	return c, list, nil
}

func (s *Service) staff(ctx context.Context, who actor.Actor, slug string, may access.Permission) (consultation.Consultation, error) {
	c, err := s.Consultations.Staff(ctx, who, slug)
	if err != nil {
		return c, err
	}
	return c, s.Gate.Require(who, may, c.Organisation)
}

// fill unseals the contact and finds the receipt.
func (s *Service) fill(g *gorm.DB, r *Report) error {
	raw, err := s.Keys.Unseal(r.Sealed, reportPlace(r.ConsultationID, r.ID))
	if err != nil {
		return err
	}
	r.Contact = &Contact{}
	if err := json.Unmarshal(raw, r.Contact); err != nil {
		return err
	}
	if r.SubmissionID == 0 {
		return nil
	}
	return g.Table("submissions").Select("receipt").Where("consultation_id = ? AND id = ?", r.ConsultationID, r.SubmissionID).Row().Scan(&r.Receipt)
}

// Settlement is how staff end a report.
type Settlement struct {
	Uphold  bool
	Receipt string // of the submission meant; empty: the one that the report names
	Outcome string // what the person is told
	Version int64  // of the report that was read; 0: not checked
}

// Settle ends a report: upheld, its submission is withheld as not theirs, and stays
// counted, gathered and answered. The person is told by mail, else staff call.
// Faults: Invalid, Stale, Conflict moderation.settled.
func (s *Service) Settle(ctx context.Context, who actor.Actor, slug string, id int64, in Settlement) error {
	return s.DB.Write(ctx, who, func(tx *database.Tx) error {
		c, err := s.Submissions.Hold(tx, slug, PermissionReports)
		if err != nil {
			return err
		}
		var r Report
		if err := tx.Lock().Where("consultation_id = ? AND id = ?", c.ID, id).Take(&r).Error; err != nil {
			return database.Translate(err)
		}
		if err := in.check(tx, &r); err != nil {
			return err
		}
		if in.Uphold {
			if err := s.disown(tx, c, r); err != nil {
				return err
			}
		}
		return s.end(tx, c, r, in)
	})
}

func (in *Settlement) check(tx *database.Tx, r *Report) error {
	if r.State != ReportOpen {
		return fault.New(fault.Conflict, "moderation.settled")
	}
	if in.Version != 0 && in.Version != r.Version {
		return fault.Stale()
	}
	var f fault.Fields
	in.Outcome = strings.TrimSpace(in.Outcome)
	switch n := utf8.RuneCountInString(in.Outcome); {
	case n == 0:
		f.Add("outcome", "moderation.outcome")
	case n > MostOutcome:
		f.Add("outcome", "moderation.words_long", "most", MostOutcome, "count", n-MostOutcome)
	}
	if strings.TrimSpace(in.Receipt) != "" {
		found, err := submissionOf(tx.DB, r.ConsultationID, in.Receipt)
		if err != nil {
			return err
		}
		if found == 0 {
			f.Add("receipt", "moderation.no_receipt")
		}
		r.SubmissionID = found
	}
	if in.Uphold && r.SubmissionID == 0 && len(f) == 0 {
		f.Add("receipt", "moderation.no_receipt")
	}
	return f.Err()
}

// disown withholds each comment of the submission, unless its sender withdrew it.
func (s *Service) disown(tx *database.Tx, c consultation.Consultation, r Report) error {
	from, comments, err := submission.Stand(tx, c.ID, r.SubmissionID)
	if err != nil || from.State == submission.Withdrawn {
		return err
	}
	d := Decision{Act: Withhold, Reason: NotAuthor}
	to, err := d.on(c, from, comments)
	if err != nil {
		return err
	}
	_, err = s.store(tx, c, r.SubmissionID, d, from, to, comments)
	return err
}

func (s *Service) end(tx *database.Tx, c consultation.Consultation, r Report, in Settlement) error {
	if err := s.fill(tx.DB, &r); err != nil {
		return err
	}
	r.State = ReportRejected
	if in.Uphold {
		r.State = ReportUpheld
	}
	r.Told = notice.Phone
	if r.Contact.Email != "" {
		r.Told = notice.Mail
	}
	err := tx.Model(&Report{}).Where("consultation_id = ? AND id = ?", c.ID, r.ID).Updates(map[string]any{
		"state": r.State, "submission_id": r.SubmissionID, "outcome": in.Outcome, "decided_by": tx.Actor.Key(), "decided_at": tx.Now,
		"told": r.Told, "version": r.Version + 1,
	}).Error
	if err != nil {
		return err
	}
	err = notice.Add(tx, notice.Request{Topic: TopicOutcome, Organisation: c.Organisation, Scope: c.ID, Ref: r.ID, Way: r.Told})
	if err != nil {
		return err
	}
	return audit.Record(tx, audit.Entry{
		Organisation: c.Organisation, Consultation: c.ID, Action: "settle", Object: "identity_report", ObjectID: r.ID,
		Before: map[string]any{"state": ReportOpen}, After: map[string]any{"state": r.State, "submission": fmt.Sprint(r.SubmissionID), "told": r.Told},
	})
}

// About finds the report that a letter is about; ok is false when it is gone.
func (s *Service) About(ctx context.Context, consultationID, id int64) (r Report, c consultation.Consultation, ok bool, err error) {
	g := s.DB.Read(ctx)
	err = g.Where("consultation_id = ? AND id = ?", consultationID, id).Take(&r).Error
	if fault.Is(database.Translate(err), fault.NotFound) {
		return r, c, false, nil
	}
	if err == nil {
		err = s.fill(g, &r)
	}
	if err == nil {
		c, err = s.Consultations.ByID(ctx, consultationID)
	}
	return r, c, err == nil, err
}

// Quoting finds submissions in which quoted words occur, newest first, at most ten
// of the newest 5,000 comments: a hint for whoever settles a report.
func (s *Service) Quoting(ctx context.Context, consultationID int64, quoted string) ([]string, error) {
	words := []rune(strings.TrimSpace(quoted))
	if len(words) < 4 {
		return nil, nil
	}
	find := "instr(w.text, ?) > 0"
	if s.DB.Dialect() == database.Postgres {
		find = "strpos(w.text, ?) > 0"
	}
	g := s.DB.Read(ctx)
	newest := g.Table("comments").Select("submission_id, text, consultation_id").Where("consultation_id = ? AND parent_id = 0", consultationID).
		Order("id DESC").Limit(5000)
	var out []string
	err := g.Table("(?) AS w", newest).Joins("JOIN submissions s ON s.consultation_id = w.consultation_id AND s.id = w.submission_id").
		Where(find, string(words[:min(len(words), 60)])).Limit(10).Distinct().Pluck("s.receipt", &out).Error
	return out, err
}

package sitting

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"

	"guangyi/internal/audit"
	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
)

// The limits of an account, in characters.
const (
	MostLead   = 2000
	MostReason = 200
)

// Account is what is told of a meeting in public: drafted from the record, reviewed
// by another person, published. It holds no name without consent.
type Account struct {
	Lead         string            `json:"lead"`
	Begun        time.Time         `json:"begun,omitzero"`
	Ended        time.Time         `json:"ended,omitzero"`
	Expected     int               `json:"expected"`
	Came         int               `json:"came"`
	Categories   []Tally           `json:"categories"`
	Participants []string          `json:"participants"` // labels, or names with consent
	Items        []AccountItem     `json:"items"`
	Hidden       int               `json:"hidden"` // statements held back, each with its reason
	Consultation int64             `json:"consultation"`
	OwnSlug      string            `json:"-"` // of that consultation, where statements are answered
	Published    time.Time         `json:"-"`
	Version      int64             `json:"-"`
	State        meeting.State     `json:"-"`
	Gaps         []Gap             `json:"-"` // of a draft
	Reasons      map[string]string `json:"-"` // why a statement is held back, by its key
}

// Tally counts a category: how many were expected, how many came.
type Tally struct {
	Category string `json:"category"`
	Expected int    `json:"expected"`
	Came     int    `json:"came"`
}

// AccountItem is an agenda item that representatives sat in on.
type AccountItem struct {
	ID         string             `json:"id"`
	Position   int                `json:"position"`
	Title      string             `json:"title"`
	Result     string             `json:"result"`
	Words      string             `json:"words"`
	MovedTo    int64              `json:"moved_to,omitempty"`
	Statements []AccountStatement `json:"statements"`
}

// AccountStatement is one confirmed statement. Record is what was taken down when
// the speaker put another wording beside it.
type AccountStatement struct {
	Key        string     `json:"key"`
	Speaker    string     `json:"speaker"`
	Category   string     `json:"category"`
	Seconds    int        `json:"seconds"`
	Points     []Point    `json:"points"`
	Record     []Point    `json:"record,omitempty"`
	Reply      string     `json:"reply,omitempty"`
	Reason     string     `json:"reason,omitempty"` // held back: why
	Late       bool       `json:"-"`                // confirmed after the account was fixed
	Submission int64      `json:"submission"`
	Answers    []Answered `json:"-"`
}

// Gap is something that is missing or open in a draft; it does not stop anybody.
type Gap struct {
	Code  string
	Count int
}

type accountRow struct {
	MeetingID   int64 `gorm:"primaryKey;autoIncrement:false"`
	Lead        string
	Hidden      string
	Content     string
	Author      string
	UpdatedAt   time.Time `gorm:"autoUpdateTime:false"`
	PublishedAt *time.Time
	Version     int64
}

// TableName names the table for gorm.
func (accountRow) TableName() string { return "sitting_accounts" }

func (s *Service) accountRow(g *gorm.DB, meetingID int64) (r accountRow, hidden map[string]string, err error) {
	err = g.Where("meeting_id = ?", meetingID).Limit(1).Find(&r).Error
	hidden = map[string]string{}
	if err == nil && r.Hidden != "" {
		err = json.Unmarshal([]byte(r.Hidden), &hidden)
	}
	return r, hidden, err
}

// Account gives the account to staff: the draft as the record has it now, or what
// was published.
func (s *Service) Account(ctx context.Context, who actor.Actor, slug string) (meeting.Meeting, Account, error) {
	m, err := s.staff(ctx, who, slug, PermissionSee)
	if err != nil {
		return m, Account{}, err
	}
	row, hidden, err := s.accountRow(s.db.Read(ctx), m.ID)
	if err != nil {
		return m, Account{}, err
	}
	var a Account
	if row.Content != "" {
		a, err = s.published(ctx, row)
	} else {
		a, err = s.draftAccount(ctx, m, row, hidden)
	}
	if err != nil {
		return m, a, err
	}
	err = s.db.Read(ctx).Table("consultations").Select("slug").Where("id = ?", a.Consultation).Limit(1).Scan(&a.OwnSlug).Error
	return m, a, err
}

// PublicAccount gives a published account with the answers published since; NotFound
// before.
func (s *Service) PublicAccount(ctx context.Context, slug string) (meeting.Meeting, Account, error) {
	m, err := s.meetings.BySlug(ctx, slug)
	if err != nil {
		return m, Account{}, err
	}
	row, _, err := s.accountRow(s.db.Read(ctx), m.ID)
	if err != nil {
		return m, Account{}, err
	}
	if row.Content == "" {
		return m, Account{}, fault.Missing()
	}
	a, err := s.published(ctx, row)
	return m, a, err
}

func (s *Service) published(ctx context.Context, row accountRow) (Account, error) {
	var a Account
	if err := json.Unmarshal([]byte(row.Content), &a); err != nil {
		return a, err
	}
	a.Version, a.State = row.Version, meeting.AccountPublished
	if row.PublishedAt != nil {
		a.Published = row.PublishedAt.UTC()
	}
	if err := s.late(ctx, row.MeetingID, &a); err != nil {
		return a, err
	}
	return a, s.fillAnswers(ctx, &a)
}

// late adds what its speakers confirmed after the account was fixed.
func (s *Service) late(ctx context.Context, meetingID int64, a *Account) error {
	var rows []Statement
	if err := s.db.Read(ctx).Where("meeting_id = ?", meetingID).Order("signed_at, receipt").Find(&rows).Error; err != nil {
		return err
	}
	told := map[string]bool{}
	for _, i := range a.Items {
		for _, x := range i.Statements {
			told[x.Key] = true
		}
	}
	for _, r := range rows {
		at := slices.IndexFunc(a.Items, func(i AccountItem) bool { return i.ID == ids.Format(r.Item) })
		if told[r.Receipt] || at < 0 {
			continue
		}
		person, err := s.meetings.ApplicationByID(ctx, meetingID, r.Application)
		if err != nil {
			return err
		}
		a.Items[at].Statements = append(a.Items[at].Statements, AccountStatement{Key: r.Receipt, Speaker: person.Label, Category: person.Category,
			Submission: r.Submission, Late: true})
	}
	return nil
}

func (s *Service) fillAnswers(ctx context.Context, a *Account) error {
	var all []int64
	for _, i := range a.Items {
		for _, x := range i.Statements {
			all = append(all, x.Submission)
		}
	}
	answers, err := s.answersTo(ctx, a.Consultation, all)
	if err != nil {
		return err
	}
	for i := range a.Items {
		for j := range a.Items[i].Statements {
			x := &a.Items[i].Statements[j]
			x.Answers = answers[x.Submission]
		}
	}
	return nil
}

// SaveAccount keeps what staff write and hold back; version 0 asks for no particular
// one. A statement is held back with a reason, which is public.
func (s *Service) SaveAccount(ctx context.Context, who actor.Actor, slug, lead string, hidden map[string]string, version int64) error {
	m, err := s.staff(ctx, who, slug, PermissionDraft)
	if err != nil {
		return err
	}
	var f fault.Fields
	if utf8.RuneCountInString(lead) > MostLead {
		f.Add("lead", "sitting.act_long", "most", MostLead)
	}
	for key, reason := range hidden {
		if n := utf8.RuneCountInString(strings.TrimSpace(reason)); n == 0 || n > MostReason {
			f.Add("reason-"+key, "sitting.hidden_reason", "most", MostReason)
		}
	}
	if err := f.Err(); err != nil {
		return err
	}
	return s.db.Write(ctx, who, func(tx *database.Tx) error {
		locked, err := s.meetings.Lock(tx, m.ID)
		if err != nil {
			return err
		}
		if locked.State != meeting.Held {
			return fault.New(fault.Conflict, "sitting.account_state")
		}
		row, _, err := s.accountRow(tx.DB, m.ID)
		if err != nil {
			return err
		}
		if version != 0 && row.Version != version {
			return fault.Stale()
		}
		raw, err := json.Marshal(hidden)
		if err != nil {
			return err
		}
		row.MeetingID, row.Lead, row.Hidden, row.Author, row.UpdatedAt = m.ID, strings.TrimSpace(lead), string(raw), tx.Actor.Key(), tx.Now
		row.Version++
		if err := tx.Save(&row).Error; err != nil {
			return err
		}
		return audit.Record(tx, audit.Entry{Organisation: m.Organisation, Action: "draft_account", Object: "meeting", ObjectID: m.ID,
			After: map[string]any{"held_back": len(hidden), "version": row.Version}})
	})
}

// SubmitAccount sends the account to be reviewed by another person.
func (s *Service) SubmitAccount(ctx context.Context, who actor.Actor, slug string) error {
	return s.step(ctx, who, slug, meeting.SubmitAccount, func(*database.Tx, meeting.Meeting) error { return nil })
}

// PublishAccount puts the account out as the record has it at this moment, and tells
// everybody who came. Nobody publishes their own.
func (s *Service) PublishAccount(ctx context.Context, who actor.Actor, slug string) error {
	m, draft, err := s.Account(ctx, who, slug)
	if err != nil {
		return err
	}
	return s.step(ctx, who, slug, meeting.PublishAccount, func(tx *database.Tx, _ meeting.Meeting) error {
		row, _, err := s.accountRow(tx.DB, m.ID)
		if err != nil {
			return err
		}
		raw, err := json.Marshal(draft)
		if err != nil {
			return err
		}
		now := tx.Now
		row.MeetingID, row.Content, row.PublishedAt, row.UpdatedAt = m.ID, string(raw), &now, now
		if row.Hidden == "" {
			row.Hidden = "{}"
		}
		row.Version++
		if row.Author == "" {
			row.Author = tx.Actor.Key()
		}
		if err := tx.Save(&row).Error; err != nil {
			return err
		}
		return s.tellAccount(tx, m)
	})
}

func (s *Service) step(ctx context.Context, who actor.Actor, slug string, e meeting.Event, do func(*database.Tx, meeting.Meeting) error) error {
	m, err := s.meetings.Staff(ctx, who, slug)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, who, func(tx *database.Tx) error {
		locked, err := s.meetings.Lock(tx, m.ID)
		if err != nil {
			return err
		}
		if err := s.meetings.Step(ctx, tx, &locked, e, meeting.Note{}); err != nil {
			return err
		}
		return do(tx, locked)
	})
}

// tellAccount writes to everybody who came, with a link to say how it was.
func (s *Service) tellAccount(tx *database.Tx, m meeting.Meeting) error {
	list, err := meeting.ApplicationsIn(tx, m.ID, meeting.Attended)
	if err != nil {
		return err
	}
	for _, a := range list {
		if _, err := s.newLink(tx, link{MeetingID: m.ID, Purpose: ToFeedback, ApplicationID: a.ID}); err != nil {
			return err
		}
		if err := s.tell(tx, m, a.ID, TopicAccount); err != nil {
			return err
		}
	}
	return nil
}

// draftAccount works the account out of the record.
func (s *Service) draftAccount(ctx context.Context, m meeting.Meeting, row accountRow, hidden map[string]string) (Account, error) {
	d, err := s.day(ctx, m)
	if err != nil {
		return Account{}, err
	}
	list, err := s.meetings.Applications(ctx, m.ID)
	if err != nil {
		return Account{}, err
	}
	named := map[string]meeting.Application{}
	for _, x := range list {
		named[ids.Format(x.ID)] = x
	}
	a := Account{Lead: row.Lead, Begun: d.Record.Begun, Ended: d.Record.Ended, Consultation: m.Consultation, Version: row.Version,
		State: m.State, Reasons: hidden, Participants: []string{}, Items: []AccountItem{}}
	a.Came, a.Expected = d.Came()
	a.Categories = tallies(d)
	for _, seat := range d.Seats {
		if d.Presence(seat.ID).Came() {
			a.Participants = append(a.Participants, publicName(named[seat.ID], seat))
		}
	}
	for _, i := range d.Items {
		item := AccountItem{ID: ids.Format(i.ID), Position: i.Position, Title: i.Title, Result: i.Result, Words: i.ResultNote, MovedTo: i.MovedTo, Statements: []AccountStatement{}}
		if !i.Attended && len(d.Record.List(item.ID)) == 0 {
			continue // an item without representatives is not this account's
		}
		for _, e := range d.Record.List(item.ID) {
			item.Statements = append(item.Statements, s.accountStatements(d, e, named, hidden)...)
		}
		for _, x := range item.Statements {
			if x.Reason != "" {
				a.Hidden++
			}
		}
		a.Items = append(a.Items, item)
	}
	if err := s.fillAnswers(ctx, &a); err != nil {
		return a, err
	}
	a.Gaps = gaps(d, a)
	return a, nil
}

func (s *Service) accountStatements(d Day, e *Entry, named map[string]meeting.Application, hidden map[string]string) (out []AccountStatement) {
	seat, _ := d.Seat(e.Seat)
	for n, w := range e.Signed {
		at := slices.IndexFunc(d.Statements, func(x Statement) bool { return ids.Format(x.Application) == e.Seat && x.Digest == Digest(w.Spoken()) })
		if at < 0 {
			continue
		}
		x := AccountStatement{Key: d.Statements[at].Receipt, Speaker: publicName(named[e.Seat], seat), Category: seat.Category, Points: w.Spoken(),
			Submission: d.Statements[at].Submission, Reason: hidden[d.Statements[at].Receipt]}
		if n == 0 {
			x.Seconds, x.Reply = e.Seconds, e.Reply
		}
		if len(w.Own) > 0 {
			x.Record = w.Points
		}
		if x.Reason != "" {
			x.Points, x.Record, x.Reply = nil, nil, ""
		}
		out = append(out, x)
	}
	return out
}

// publicName is a name with its owner's consent, else the label.
func publicName(a meeting.Application, s Seat) string {
	if a.PublishName && s.Name != "" {
		return s.Name
	}
	return s.Label
}

func tallies(d Day) []Tally {
	out := []Tally{}
	for _, s := range d.Seats {
		at := slices.IndexFunc(out, func(t Tally) bool { return t.Category == s.Category })
		if at < 0 {
			out = append(out, Tally{Category: s.Category})
			at = len(out) - 1
		}
		out[at].Expected++
		if d.Presence(s.ID).Came() {
			out[at].Came++
		}
	}
	slices.SortFunc(out, func(a, b Tally) int { return strings.Compare(a.Category, b.Category) })
	return out
}

// gaps lists what is open: words without confirmation, items without result,
// contradictions, points without an answer.
func gaps(d Day, a Account) (out []Gap) {
	add := func(code string, n int) {
		if n > 0 {
			out = append(out, Gap{code, n})
		}
	}
	unsigned, unanswered, undecided := 0, 0, 0
	for _, e := range d.Record.Turns {
		if (e.State == Spoken || e.State == Linked || e.State == Speaking) && (len(e.Points) > 0 || e.File != "") {
			unsigned++
		}
	}
	for _, i := range a.Items {
		if i.Result == "" && i.MovedTo == 0 {
			undecided++
		}
		for _, x := range i.Statements {
			for _, p := range x.Answers {
				if p.Answer == nil {
					unanswered++
				}
			}
		}
	}
	add("unsigned", unsigned)
	add("undecided", undecided)
	add("conflicts", len(d.Record.Open()))
	add("unanswered", unanswered)
	return out
}

package meetingweb

import (
	"bytes"
	"encoding/json"
	"time"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
)

// apiItem is a meeting in a list.
type apiItem struct {
	Slug         string     `json:"slug"`
	Title        string     `json:"title"`
	Lang         string     `json:"lang"`
	Kind         string     `json:"kind"`
	Status       string     `json:"status"`
	Organisation string     `json:"organisation"`
	StartsAt     time.Time  `json:"starts_at"`
	EndsAt       time.Time  `json:"ends_at"`
	OpensAt      *time.Time `json:"opens_at"`
	ClosesAt     *time.Time `json:"closes_at"`
	Seats        int        `json:"seats"`
	Applied      int        `json:"applied"`
	Method       string     `json:"method"`
}

// apiWhole is a meeting by itself.
type apiWhole struct {
	apiItem
	Matter        string             `json:"matter"`
	Ask           string             `json:"ask"`
	Description   string             `json:"description"`
	Consultation  string             `json:"consultation"`
	Procedure     string             `json:"procedure"`
	RuleSet       string             `json:"rule_set"`
	Place         string             `json:"place"`
	Link          string             `json:"link"`
	Access        string             `json:"access"`
	Contact       string             `json:"contact"`
	Categories    []apiCategory      `json:"categories"`
	Quotas        []meeting.Quota    `json:"quotas"`
	Questions     []meeting.Question `json:"questions"`
	Districts     []string           `json:"districts"`
	Demands       []string           `json:"demands"`
	Sessions      []apiSession       `json:"sessions"`
	Sides         bool               `json:"sides"`
	Observers     int                `json:"observers"`
	OpenTo        string             `json:"open_to"`
	AccountNeeded bool               `json:"account_needed"`
	Conditions    string             `json:"conditions"`
	Duties        string             `json:"duties"`
	Privacy       string             `json:"privacy"`
	AnswerBy      *time.Time         `json:"answer_by"`
	PapersAt      *time.Time         `json:"papers_at"`
	ForgetAt      *time.Time         `json:"forget_at"`
	FirstStartsAt *time.Time         `json:"first_starts_at"`
	FirstClosesAt *time.Time         `json:"first_closes_at"`
	Households    bool               `json:"households_apart"`
	Units         bool               `json:"units_apart"`
	InvitedAtMost int                `json:"invited_at_most"`
	InvitedWithin int                `json:"invited_within_months"`
	NoConflict    bool               `json:"conflict_excluded"`
	Panels        int                `json:"panels"`
	Seed          *meeting.Seed      `json:"seed"`
	MinutesEach   int                `json:"minutes_each"`
	ShortReason   string             `json:"short_reason"`
	RulesDigest   string             `json:"rules_digest"`
	Rules         string             `json:"rules"`
	Reason        string             `json:"reason,omitempty"` // why moved or cancelled
	Past          *apiPast           `json:"figures,omitempty"`

	*apiBackstage // for staff only
}

// apiCategory is a category with how many applied and have a seat.
type apiCategory struct {
	meeting.Category
	Applied int `json:"applied"`
	Seated  int `json:"seated"`
}

// apiSession is a session with its free places.
type apiSession struct {
	meeting.Session
	Left    int `json:"left"`
	Waiting int `json:"waiting"`
}

// apiPast are the published figures of a meeting that was held elsewhere.
type apiPast struct {
	Attended      *int   `json:"attended"` // null: the source did not say
	Proposals     *int   `json:"proposals"`
	Interventions *int   `json:"interventions"`
	Topic         string `json:"topic"`
	District      string `json:"district"`
	Source        string `json:"source"`
}

type apiBackstage struct {
	ID      string       `json:"id"`
	State   string       `json:"state"`
	Note    string       `json:"note"`
	Version int64        `json:"version"`
	Events  []string     `json:"events"` // what this token may do now
	Periods []apiFinding `json:"periods"`
	Missing []string     `json:"missing"` // fields that submit asks for
}

// apiFinding is a rule that the dates do not meet.
type apiFinding struct {
	Rule        string    `json:"rule"`
	Severity    string    `json:"severity"`
	Citation    string    `json:"citation"`
	Text        string    `json:"text"`
	Have        int       `json:"have"`
	Need        int       `json:"need"`
	Due         time.Time `json:"due,omitzero"`
	Provisional bool      `json:"provisional"`
}

func apiItemOf(m meeting.Meeting, now time.Time) apiItem {
	status := string(m.Status(now))
	if public, ok := m.PublicStatus(now); ok {
		status = string(public)
	}
	return apiItem{
		Slug: m.Slug, Title: m.Title, Lang: m.Lang, Kind: string(m.Kind), Status: status, Organisation: m.OrganisationSlug,
		StartsAt: m.StartsAt, EndsAt: m.EndsAt, OpensAt: m.OpensAt, ClosesAt: m.ClosesAt, Seats: m.Seats, Applied: m.Counts[""].Applied, Method: m.Method,
	}
}

func apiWholeOf(m meeting.Meeting, now time.Time) apiWhole {
	w := apiWhole{
		apiItem: apiItemOf(m, now), Matter: m.Matter, Ask: m.Ask, Description: m.Description, Consultation: m.About, Procedure: m.Procedure,
		RuleSet: m.Rules, Place: m.Place, Link: m.Link, Access: m.Access, Contact: m.Contact, Categories: []apiCategory{},
		Quotas: listOf(m.Quotas), Questions: listOf(m.Questions), Districts: listOf(m.Districts), Demands: listOf(m.Demands),
		Sessions: []apiSession{}, Sides: m.Sides, Observers: m.Observers, OpenTo: m.OpenTo, AccountNeeded: m.AccountNeeded,
		Conditions: m.Conditions, Duties: m.Duties, Privacy: m.Privacy, AnswerBy: m.AnswerBy, PapersAt: m.PapersAt, ForgetAt: m.ForgetAt,
		FirstStartsAt: m.FirstStartsAt, FirstClosesAt: m.FirstClosesAt, Households: m.Households, Units: m.Units,
		InvitedAtMost: m.InvitedAtMost, InvitedWithin: m.InvitedWithinMonths, NoConflict: m.ExcludeConflict, Panels: m.Panels,
		MinutesEach: m.MinutesEach, ShortReason: m.ShortReason, RulesDigest: m.RulesDigest, Rules: m.RulesText,
	}
	if m.Seed.Source != "" {
		w.Seed = &m.Seed
	}
	for _, c := range m.AllCategories() {
		w.Categories = append(w.Categories, apiCategory{c, m.Counts[c.Code].Applied, m.Counts[c.Code].Seated})
	}
	for _, x := range m.Sessions {
		left, _ := m.Left(meeting.SessionPart(x.ID))
		w.Sessions = append(w.Sessions, apiSession{x, left, m.Counts[meeting.SessionPart(x.ID)].Waiting})
	}
	if m.Moved() || m.State == meeting.Cancelled {
		w.Reason = m.Note
	}
	if m.Imported() {
		w.Past = &apiPast{told(m.Attended), told(m.Proposals), told(m.Interventions), m.Topic, m.District, m.Source}
	}
	return w
}

// told is a published figure; nil where the source left it empty.
func told(n int) *int {
	if n == meeting.Unknown {
		return nil
	}
	return &n
}

func listOf[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// moment is an RFC 3339 time, or empty. A wrong one is kept for the fault that
// names its field.
type moment struct {
	time.Time
	said, wrong bool
}

// UnmarshalJSON reads a time with offset; "" and null are none.
func (t *moment) UnmarshalJSON(raw []byte) error {
	t.said = true
	var s string
	if bytes.Equal(raw, []byte("null")) {
		return nil
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		t.wrong = true
		return nil
	}
	if s == "" {
		return nil
	}
	at, err := time.Parse(time.RFC3339Nano, s)
	if err != nil || at.Year() < 1900 || at.Year() > 9000 {
		t.wrong = true
		return nil
	}
	t.Time = at
	return nil
}

// at is nil where nothing was said, and the zero time where it is to be emptied.
func (t moment) at(field string, f *fault.Fields) *time.Time {
	if !t.said {
		return nil
	}
	if t.wrong {
		f.Add(field, "meeting.instant")
	}
	return &t.Time
}

// callBody is a call in the words of the API: POST and PATCH.
type callBody struct {
	Title         *string             `json:"title"`
	Lang          *string             `json:"lang"`
	Matter        *string             `json:"matter"`
	Ask           *string             `json:"ask"`
	Description   *string             `json:"description"`
	Kind          *meeting.Kind       `json:"kind"`
	Procedure     *string             `json:"procedure"`
	RuleSet       *string             `json:"rule_set"`
	Consultation  *string             `json:"consultation"`
	StartsAt      moment              `json:"starts_at"`
	EndsAt        moment              `json:"ends_at"`
	Place         *string             `json:"place"`
	Link          *string             `json:"link"`
	Access        *string             `json:"access"`
	Contact       *string             `json:"contact"`
	Seats         *int                `json:"seats"`
	Observers     *int                `json:"observers"`
	MinutesEach   *int                `json:"minutes_each"`
	Panels        *int                `json:"panels"`
	Categories    *[]meeting.Category `json:"categories"`
	Quotas        *[]meeting.Quota    `json:"quotas"`
	Questions     *[]meeting.Question `json:"questions"`
	Districts     *[]string           `json:"districts"`
	Demands       *[]string           `json:"demands"`
	Sessions      *[]meeting.Session  `json:"sessions"`
	Sides         *bool               `json:"sides"`
	AccountNeeded *bool               `json:"account_needed"`
	Households    *bool               `json:"households_apart"`
	Units         *bool               `json:"units_apart"`
	NoConflict    *bool               `json:"conflict_excluded"`
	OpenTo        *string             `json:"open_to"`
	Method        *string             `json:"method"`
	Conditions    *string             `json:"conditions"`
	Duties        *string             `json:"duties"`
	Privacy       *string             `json:"privacy"`
	Undertaking   *string             `json:"undertaking"`
	OpensAt       moment              `json:"opens_at"`
	ClosesAt      moment              `json:"closes_at"`
	AnswerBy      moment              `json:"answer_by"`
	PapersAt      moment              `json:"papers_at"`
	ForgetAt      moment              `json:"forget_at"`
	InvitedAtMost *int                `json:"invited_at_most"`
	InvitedWithin *int                `json:"invited_within_months"`
	Seed          *meeting.Seed       `json:"seed"`
	ShortReason   *string             `json:"short_reason"`

	Organisation string `json:"organisation"` // of POST
	Version      int64  `json:"version"`      // of PATCH
}

func (b callBody) in() (meeting.In, error) {
	var f fault.Fields
	in := meeting.In{
		Title: b.Title, Lang: b.Lang, Matter: b.Matter, Ask: b.Ask, Description: b.Description, Kind: b.Kind, Procedure: b.Procedure,
		Rules: b.RuleSet, About: b.Consultation, StartsAt: b.StartsAt.at("starts_at", &f), EndsAt: b.EndsAt.at("ends_at", &f),
		Place: b.Place, Link: b.Link, Access: b.Access, Contact: b.Contact, Seats: b.Seats, Observers: b.Observers,
		MinutesEach: b.MinutesEach, Panels: b.Panels, Categories: b.Categories, Quotas: b.Quotas, Questions: b.Questions,
		Districts: b.Districts, Demands: b.Demands, Sessions: b.Sessions, Sides: b.Sides, AccountNeeded: b.AccountNeeded,
		Households: b.Households, Units: b.Units, ExcludeConflict: b.NoConflict, OpenTo: b.OpenTo, Method: b.Method,
		Conditions: b.Conditions, Duties: b.Duties, Privacy: b.Privacy, Undertaking: b.Undertaking,
		OpensAt: b.OpensAt.at("opens_at", &f), ClosesAt: b.ClosesAt.at("closes_at", &f), AnswerBy: b.AnswerBy.at("answer_by", &f),
		PapersAt: b.PapersAt.at("papers_at", &f), ForgetAt: b.ForgetAt.at("forget_at", &f), InvitedAtMost: b.InvitedAtMost,
		InvitedWithinMonths: b.InvitedWithin, Seed: b.Seed, ShortReason: b.ShortReason,
	}
	return in, f.Err()
}

// apiEventBody is the body of an event.
type apiEventBody struct {
	Event    string `json:"event"`
	Note     string `json:"note"`
	ClosesAt moment `json:"closes_at"`
	StartsAt moment `json:"starts_at"`
	EndsAt   moment `json:"ends_at"`
	Place    string `json:"place"`
	Link     string `json:"link"`
	AnswerBy moment `json:"answer_by"`
	PapersAt moment `json:"papers_at"`
	ForgetAt moment `json:"forget_at"`
}

func (b apiEventBody) read() (meeting.Event, meeting.Note, error) {
	var f fault.Fields
	e := meeting.Event(b.Event)
	if !e.Known() {
		f.Add("event", "meeting.event")
	}
	n := meeting.Note{
		Text: b.Note, Place: b.Place, Link: b.Link, ClosesAt: b.ClosesAt.at("closes_at", &f), StartsAt: b.StartsAt.at("starts_at", &f),
		EndsAt: b.EndsAt.at("ends_at", &f), AnswerBy: b.AnswerBy.at("answer_by", &f), PapersAt: b.PapersAt.at("papers_at", &f), Forget: b.ForgetAt.at("forget_at", &f),
	}
	return e, n, f.Err()
}

// idOf writes an identifier; none is empty.
func idOf(id int64) string {
	if id == 0 {
		return ""
	}
	return ids.Format(id)
}

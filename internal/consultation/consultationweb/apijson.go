package consultationweb

import (
	"bytes"
	"encoding/json"
	"time"

	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
)

// item is a consultation in a list, in the contract's names.
type item struct {
	Slug           string     `json:"slug"`
	Title          string     `json:"title"`
	Lang           string     `json:"lang"`
	Status         string     `json:"status"`
	Organisation   string     `json:"organisation"`
	OpensAt        *time.Time `json:"opens_at"`
	ClosesAt       *time.Time `json:"closes_at"`
	CommentsPublic string     `json:"comments_public"`
}

// whole is a consultation by itself.
type whole struct {
	item
	Ask           string      `json:"ask"`
	Background    string      `json:"background"`
	Explanation   string      `json:"explanation"`
	Changes       string      `json:"changes"`
	Contact       string      `json:"contact"`
	Privacy       string      `json:"privacy"`
	Channels      channelList `json:"channels"`
	Demands       []string    `json:"demands"`
	DemandReason  string      `json:"demand_reason"`
	PeriodReason  string      `json:"period_reason"`
	FirstClosesAt *time.Time  `json:"first_closes_at"`
	AnswerDue     *time.Time  `json:"answer_due"`
	PublishedAt   *time.Time  `json:"published_at"`
	WithdrawnAt   *time.Time  `json:"withdrawn_at"`
	Reason        string      `json:"withdrawal_reason,omitempty"`
	DraftVersion  int64       `json:"draft_version"`
	Submissions   *int64      `json:"submissions"` // null while the notice keeps the count back
	HideCount     bool        `json:"hide_count"`
	Procedure     string      `json:"procedure"`

	*backstage // for staff only
}

// backstage is what the organisation's own staff see besides.
type backstage struct {
	ID       string   `json:"id"`
	State    string   `json:"state"`
	Note     string   `json:"note"`
	Version  int64    `json:"version"`
	Comments int64    `json:"comments"`
	Gathered int64    `json:"gathered"`
	Events   []string `json:"events"` // what this token may do now
}

func itemOf(c consultation.Consultation, organisation string, now time.Time) item {
	status := string(c.Status(now))
	if public, ok := c.PublicStatus(now); ok {
		status = string(public)
	}
	return item{
		Slug: c.Slug, Title: c.Title, Lang: c.Lang, Status: status, Organisation: organisation,
		OpensAt: c.OpensAt, ClosesAt: c.ClosesAt, CommentsPublic: c.CommentsPublic,
	}
}

func wholeOf(c consultation.Consultation, organisation string, now time.Time) whole {
	w := whole{
		item: itemOf(c, organisation, now), Ask: c.Ask, Background: c.Background, Explanation: c.Explanation, Changes: c.Changes,
		Contact: c.Contact, Privacy: c.Privacy, Channels: c.Channels, Demands: orEmpty(c.Demands), DemandReason: c.DemandReason,
		PeriodReason: c.PeriodReason, FirstClosesAt: c.FirstClosesAt, AnswerDue: c.AnswerDue, PublishedAt: c.PublishedAt,
		WithdrawnAt: c.WithdrawnAt, DraftVersion: draft.First, HideCount: c.HideCount, Procedure: c.Procedure,
	}
	if c.CountShown(now) {
		w.Submissions = &c.Counters.Submissions
	}
	if c.State == consultation.Withdrawn {
		w.Reason = c.Note
	}
	return w
}

func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// provisionItem is a row as parse gives it.
type provisionItem struct {
	Key     string `json:"key"`
	Kind    string `json:"kind"`
	Number  string `json:"number"`
	Heading string `json:"heading"`
	Text    string `json:"text"`
	Parent  string `json:"parent"`
	Lang    string `json:"lang"`
}

// changeItem is the body of PATCH. A null time empties it.
type changeItem struct {
	Title          *string      `json:"title"`
	Ask            *string      `json:"ask"`
	Background     *string      `json:"background"`
	Explanation    *string      `json:"explanation"`
	Changes        *string      `json:"changes"`
	Contact        *string      `json:"contact"`
	Privacy        *string      `json:"privacy"`
	DemandReason   *string      `json:"demand_reason"`
	PeriodReason   *string      `json:"period_reason"`
	CommentsPublic *string      `json:"comments_public"`
	Lang           *string      `json:"lang"`
	Procedure      *string      `json:"procedure"`
	HideCount      *bool        `json:"hide_count"`
	Channels       *channelList `json:"channels"`
	Demands        *[]string    `json:"demands"`
	OpensAt        instant      `json:"opens_at"`
	ClosesAt       instant      `json:"closes_at"`
	AnswerDue      instant      `json:"answer_due"`
	Version        int64        `json:"version"`
}

// channelList takes and gives names, or names with their details: what was sent
// comes back as it was.
type channelList []consultation.Channel

// MarshalJSON writes ["web", {"channel": "letter", "detail": "…"}].
func (l channelList) MarshalJSON() ([]byte, error) {
	out := make([]any, len(l))
	for i, c := range l {
		out[i] = c.Channel
		if c.Detail != "" {
			out[i] = c
		}
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads ["web", {"channel": "letter", "detail": "…"}].
func (l *channelList) UnmarshalJSON(raw []byte) error {
	var items []json.RawMessage
	if err := json.Unmarshal(raw, &items); err != nil {
		return &json.UnmarshalTypeError{Value: "value", Field: "channels"}
	}
	*l = channelList{}
	for _, i := range items {
		var c consultation.Channel
		if json.Unmarshal(i, &c.Channel) != nil {
			if err := json.Unmarshal(i, &c); err != nil {
				return &json.UnmarshalTypeError{Value: "value", Field: "channels"}
			}
		}
		*l = append(*l, c)
	}
	return nil
}

// instant is an RFC 3339 time, or empty. A wrong one is kept for the fault that
// names its field.
type instant struct {
	time.Time
	said, wrong bool
}

// UnmarshalJSON reads a time with offset; "" and null are none.
func (t *instant) UnmarshalJSON(raw []byte) error {
	t.said = true
	if bytes.Equal(raw, []byte("null")) {
		return nil
	}
	var s string
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

func (b changeItem) changes() (consultation.Changes, error) {
	var f fault.Fields
	in := consultation.Changes{
		Title: b.Title, Ask: b.Ask, Background: b.Background, Explanation: b.Explanation, Changes: b.Changes, Contact: b.Contact,
		Privacy: b.Privacy, DemandReason: b.DemandReason, PeriodReason: b.PeriodReason, CommentsPublic: b.CommentsPublic, Lang: b.Lang, Procedure: b.Procedure, HideCount: b.HideCount,
		Channels: (*[]consultation.Channel)(b.Channels), Demands: b.Demands,
		OpensAt: b.OpensAt.at("opens_at", &f), ClosesAt: b.ClosesAt.at("closes_at", &f), AnswerDue: b.AnswerDue.at("answer_due", &f),
	}
	return in, f.Err()
}

// at is nil where nothing was said, and the zero time where it is to be emptied.
func (t instant) at(field string, f *fault.Fields) *time.Time {
	if !t.said {
		return nil
	}
	if t.wrong {
		f.Add(field, "consultation.instant")
	}
	return &t.Time
}

// eventItem is the body of an event.
type eventItem struct {
	Event    string  `json:"event"`
	Note     string  `json:"note"`
	ClosesAt instant `json:"closes_at"`
}

func (b eventItem) read() (consultation.Event, consultation.Note, error) {
	var f fault.Fields
	e := consultation.Event(b.Event)
	if !e.Known() {
		f.Add("event", "consultation.event")
	}
	n := consultation.Note{Text: b.Note, ClosesAt: b.ClosesAt.at("closes_at", &f)}
	return e, n, f.Err()
}

// createItem is the body that makes a consultation from a draft.
type createItem struct {
	Organisation string `json:"organisation"`
	Name         string `json:"name"`
	Format       string `json:"format"`
	Text         string `json:"text"`
	Lang         string `json:"lang"`
}

// pastItem is an event or an audit row of the record.
type pastItem struct {
	ID     string    `json:"id"`
	At     time.Time `json:"at"`
	Action string    `json:"action"`
	Object string    `json:"object"`
	Actor  string    `json:"actor"`
	Before any       `json:"before"`
	After  any       `json:"after"`
}

func idText(id int64) string {
	if id == 0 {
		return ""
	}
	return ids.Format(id)
}

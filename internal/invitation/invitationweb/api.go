package invitationweb

import (
	"time"

	"guangyi/internal/invitation"
	"guangyi/internal/notice"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
)

// item is one invited person for programs, without name and contact.
type item struct {
	Application string           `json:"application"`
	Label       string           `json:"label"`
	State       string           `json:"state"`
	Called      string           `json:"called"`
	InvitedAt   *time.Time       `json:"invited_at"`
	AnswerBy    *time.Time       `json:"answer_by"`
	Answer      string           `json:"answer"`
	AnsweredAt  *time.Time       `json:"answered_at"`
	Needs       invitation.Needs `json:"needs"`
	PapersRead  int              `json:"papers_read"`
	Deliveries  []delivery       `json:"deliveries"`
}

type delivery struct {
	Topic    string     `json:"topic"`
	Way      string     `json:"way"`
	State    string     `json:"state"`
	Attempts int        `json:"attempts"`
	QueuedAt time.Time  `json:"queued_at"`
	SentAt   *time.Time `json:"sent_at"`
	Failure  string     `json:"failure"`
}

func itemOf(e invitation.Entry) item {
	x := item{
		Application: ids.Format(e.Application.ID), Label: e.Application.Label, State: string(e.Application.State), Needs: e.Needs,
		PapersRead: e.Read, Deliveries: make([]delivery, 0, len(e.Deliveries)),
	}
	if i := e.Invitation; i != nil {
		x.Called, x.InvitedAt, x.AnswerBy, x.Answer, x.AnsweredAt = string(i.Called), &i.InvitedAt, &i.AnswerBy, string(i.Answer), i.AnsweredAt
	}
	for _, d := range e.Deliveries {
		x.Deliveries = append(x.Deliveries, deliveryOf(d))
	}
	return x
}

func deliveryOf(d notice.Delivery) delivery {
	return delivery{d.Topic, string(d.Way), string(d.State), d.Attempts, d.QueuedAt.UTC(), d.SentAt, d.Failure}
}

func (h handlers) apiList(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	r, err := h.Invitations.Room(c.UserContext(), c.Who(), slug)
	if err != nil {
		return err
	}
	limit, cursor := c.Page(100, 1000)
	items, next := []item{}, int64(0)
	for _, e := range r.People {
		n := int64(e.Application.Number)
		if n <= cursor {
			continue
		}
		if len(items) == limit {
			next = cursor
			break
		}
		items, cursor = append(items, itemOf(e)), n
	}
	return c.List(items, next)
}

func (h handlers) apiInvite(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	asked, err := h.Invitations.Invite(c.UserContext(), c.Who(), slug)
	if err != nil {
		return err
	}
	return c.Answer(200, map[string]int{"asked": asked})
}

func (h handlers) apiAnswer(c *web.Ctx) error {
	slug, id, err := person(c)
	if err != nil {
		return err
	}
	if err := h.Invitations.Allow(c.UserContext(), c.Who(), slug, invitation.PermissionAnswer); err != nil {
		return err
	}
	var in struct {
		Answer string           `json:"answer"`
		Needs  invitation.Needs `json:"needs"`
	}
	if err := c.ReadJSON(&in); err != nil {
		return err
	}
	if in.Answer != string(invitation.Accepted) && in.Answer != string(invitation.Declined) {
		return fault.Fields{{Name: "answer", Code: "invitation.answer"}}.Err()
	}
	err = h.Invitations.AnswerFor(c.UserContext(), c.Who(), slug, id, in.Answer == string(invitation.Accepted), in.Needs)
	if err != nil {
		return err
	}
	return h.apiOne(c, slug, id)
}

func (h handlers) apiAgain(c *web.Ctx) error {
	slug, id, err := person(c)
	if err != nil {
		return err
	}
	if err := h.Invitations.AskAgain(c.UserContext(), c.Who(), slug, id); err != nil {
		return err
	}
	return h.apiOne(c, slug, id)
}

func (h handlers) apiOne(c *web.Ctx, slug string, id int64) error {
	_, e, err := h.Invitations.One(c.UserContext(), c.Who(), slug, id)
	if err != nil {
		return err
	}
	return c.Answer(200, itemOf(e))
}

package referralweb

import (
	"time"

	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
	"guangyi/internal/referral"
)

// item is a referral as programs read it. Times that are not known are null.
type item struct {
	ID         string         `json:"id"`
	Submission string         `json:"submission"`
	Receipt    string         `json:"receipt"`
	Kind       referral.Kind  `json:"kind"`
	Reason     string         `json:"reason"`
	Note       string         `json:"note"`
	State      referral.State `json:"state"`
	Recipient  string         `json:"recipient"`
	Address    string         `json:"address"`
	Phone      string         `json:"phone"`
	PassDue    *time.Time     `json:"pass_due"`
	AnswerDue  *time.Time     `json:"answer_due"`
	Overdue    bool           `json:"overdue"`
	Told       referral.Told  `json:"told"`
	PassedAt   *time.Time     `json:"passed_at"`
	Answer     string         `json:"answer"`
	AnsweredAt *time.Time     `json:"answered_at"`
	ReceivedAt time.Time      `json:"received_at"`
	Version    int64          `json:"version"`
}

func itemOf(r referral.Referral, now time.Time) item {
	return item{
		ID: ids.Format(r.ID), Submission: ids.Format(r.SubmissionID), Receipt: r.Receipt, Kind: r.Kind, Reason: r.Reason, Note: r.Note, State: r.State,
		Recipient: r.Recipient, Address: r.Address, Phone: r.Phone, PassDue: utc(r.PassDue), AnswerDue: utc(r.AnswerDue), Overdue: r.Overdue(now),
		Told: r.Told, PassedAt: utc(r.PassedAt), Answer: r.Answer, AnsweredAt: utc(r.AnsweredAt), ReceivedAt: r.ReceivedAt.UTC(), Version: r.Version,
	}
}

func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := t.UTC()
	return &u
}

func (h handlers) apiList(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	_, list, err := h.Referrals.List(c.UserContext(), c.Who(), slug)
	if err != nil {
		return err
	}
	items := make([]item, len(list))
	for i, r := range list {
		items[i] = itemOf(r, c.Now())
	}
	return c.List(items, 0)
}

func (h handlers) apiOne(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	id, err := c.IDParam("id")
	if err != nil {
		return err
	}
	return h.answerOne(c, 200, slug, id)
}

func (h handlers) answerOne(c *web.Ctx, status int, slug string, id int64) error {
	r, _, err := h.Referrals.One(c.UserContext(), c.Who(), slug, id)
	if err != nil {
		return err
	}
	return c.Answer(status, itemOf(r, c.Now()))
}

// body is an act: act stands only in one on a referral that exists.
type body struct {
	Act        string        `json:"act"`
	Submission string        `json:"submission"`
	Kind       referral.Kind `json:"kind"`
	Recipient  string        `json:"recipient"`
	Reason     string        `json:"reason"`
	Note       string        `json:"note"`
	Due        string        `json:"due"`
	Answer     string        `json:"answer"`
	Version    int64         `json:"version"`
}

func (b body) in() referral.In {
	return referral.In{
		Submission: number(b.Submission), Kind: b.Kind, Recipient: number(b.Recipient), Reason: b.Reason, Note: b.Note, Due: b.Due, Version: b.Version,
	}
}

// read asks first whether the caller may decide at all.
func (h handlers) read(c *web.Ctx) (slug string, b body, err error) {
	if slug, err = c.Slug(); err != nil {
		return slug, b, err
	}
	if _, err = h.Referrals.Allow(c.UserContext(), c.Who(), slug, referral.PermissionDecide); err != nil {
		return slug, b, err
	}
	err = c.ReadJSON(&b)
	return slug, b, err
}

func (h handlers) apiRecord(c *web.Ctx) error {
	slug, b, err := h.read(c)
	if err != nil {
		return err
	}
	if number(b.Submission) == 0 {
		return fault.Fields{{Name: "submission", Code: "referral.submission"}}.Err()
	}
	if number(b.Recipient) == 0 && b.Recipient != "" {
		return fault.Fields{{Name: "recipient", Code: "referral.recipient"}}.Err()
	}
	r, err := h.Referrals.Record(c.UserContext(), c.Who(), slug, b.in())
	if err != nil {
		return err
	}
	return h.answerOne(c, 201, slug, r.ID)
}

func (h handlers) apiAct(c *web.Ctx) error {
	id, err := c.IDParam("id")
	if err != nil {
		return err
	}
	slug, b, err := h.read(c)
	if err != nil {
		return err
	}
	// What is not there is not there, whatever is asked of it.
	if _, _, err := h.Referrals.One(c.UserContext(), c.Who(), slug, id); err != nil {
		return err
	}
	if _, err := h.do(c, slug, id, b.Act, b.in(), b.Answer); err != nil {
		return err
	}
	return h.answerOne(c, 200, slug, id)
}

type recipientItem struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Address string `json:"address"`
	Phone   string `json:"phone"`
	Active  bool   `json:"active"`
	Version int64  `json:"version"`
}

func (h handlers) apiRecipients(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	list, err := h.Referrals.Recipients(c.UserContext(), c.Who(), slug)
	if err != nil {
		return err
	}
	items := make([]recipientItem, len(list))
	for i, r := range list {
		items[i] = recipientItem{ids.Format(r.ID), r.Name, r.Address, r.Phone, r.Active, r.Version}
	}
	return c.List(items, 0)
}

// apiKeep adds a recipient, or changes the one whose id is given.
func (h handlers) apiKeep(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	if _, err := h.Referrals.Allow(c.UserContext(), c.Who(), slug, referral.PermissionRecipients); err != nil {
		return err
	}
	var b recipientItem
	if err := c.ReadJSON(&b); err != nil {
		return err
	}
	in := referral.Recipient{ID: number(b.ID), Name: b.Name, Address: b.Address, Phone: b.Phone, Active: b.Active, Version: b.Version}
	r, err := h.Referrals.Keep(c.UserContext(), c.Who(), slug, in)
	if err != nil {
		return err
	}
	status := 200
	if in.ID == 0 {
		status = 201
	}
	return c.Answer(status, recipientItem{ids.Format(r.ID), r.Name, r.Address, r.Phone, r.Active, r.Version})
}

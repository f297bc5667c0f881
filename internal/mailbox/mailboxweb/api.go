package mailboxweb

import (
	"time"

	"guangyi/internal/mailbox"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
)

// box is a mailbox for programs, without its password.
type box struct {
	ID           string     `json:"id"`
	Address      string     `json:"address"`
	Active       bool       `json:"active"`
	FetchedAt    *time.Time `json:"fetched_at"`
	Failure      string     `json:"failure"`
	FailingSince *time.Time `json:"failing_since"`
}

func (h handlers) apiBoxes(c *web.Ctx) error {
	if !c.Who().Known() {
		return fault.New(fault.Unauthenticated, "sign_in_first")
	}
	list, sees, err := h.Mail.Accounts(c.UserContext(), c.Who())
	if err != nil {
		return err
	}
	if !sees {
		return fault.Missing()
	}
	out := make([]box, 0, len(list))
	for _, a := range list {
		out = append(out, box{ids.Format(a.ID), a.Address, a.Active, utc(a.FetchedAt), a.Failure, utc(a.FailingSince)})
	}
	return c.List(out, 0)
}

func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := t.UTC()
	return &u
}

// item is a mail for programs.
type item struct {
	ID         string    `json:"id"`
	ReceivedAt time.Time `json:"received_at"`
	State      string    `json:"state"`
	Reason     string    `json:"reason"`
	From       string    `json:"from"`
	Name       string    `json:"name"`
	Subject    string    `json:"subject"`
	Text       string    `json:"text"`
	Quoted     [][2]int  `json:"quoted"`
	Files      []string  `json:"files"`
	Version    int64     `json:"version"`
}

func itemOf(m mailbox.Mail) item {
	out := item{ids.Format(m.ID), m.ReceivedAt, string(m.State), string(m.Reason), m.From, m.Name, m.Subject, m.Text, m.Quoted, m.Files, m.Version}
	if out.Quoted == nil {
		out.Quoted = [][2]int{}
	}
	if out.Files == nil {
		out.Files = []string{}
	}
	return out
}

// apiRoom lists the mails of a consultation that wait for a decision.
func (h handlers) apiRoom(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	r, err := h.Mail.Room(c.UserContext(), c.Who(), slug)
	if err != nil {
		return err
	}
	out := make([]item, 0, len(r.Waiting)+len(r.Machines))
	for _, list := range [][]mailbox.Mail{r.Waiting, r.Machines} {
		for _, m := range list {
			out = append(out, itemOf(m))
		}
	}
	return c.List(out, 0)
}

// decision is what a program sends; consultation is needed for a mail of none.
type decision struct {
	Consultation string `json:"consultation"`
	Version      int64  `json:"version"`
}

func (h handlers) apiTake(c *web.Ctx) error {
	id, in, err := h.decided(c)
	if err != nil {
		return err
	}
	r, err := h.Mail.Take(c.UserContext(), c.Who(), in.Consultation, id, in.Version)
	if err != nil {
		return err
	}
	return c.Answer(201, map[string]any{"submission": ids.Format(r.Submission), "number": r.Number})
}

func (h handlers) apiDismiss(c *web.Ctx) error {
	id, in, err := h.decided(c)
	if err != nil {
		return err
	}
	if err := h.Mail.Dismiss(c.UserContext(), c.Who(), id, in.Version); err != nil {
		return err
	}
	return c.SendStatus(204)
}

// decided reads a decision of somebody who may make it.
func (h handlers) decided(c *web.Ctx) (id int64, in decision, err error) {
	if id, err = c.IDParam("id"); err != nil {
		return 0, in, err
	}
	if err := h.Mail.Allow(c.UserContext(), c.Who(), id, mailbox.PermissionDecide); err != nil {
		return 0, in, err
	}
	return id, in, c.ReadJSON(&in)
}

package moderationweb

import (
	"time"

	"guangyi/internal/moderation"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
	"guangyi/internal/submission"
)

// rulesBody are rules as programs read and set them. organisation: they hold for
// every consultation of the unit that has none of its own.
type rulesBody struct {
	Everything   bool     `json:"everything"`
	First        bool     `json:"first"`
	Links        int      `json:"links"`
	Repeats      int      `json:"repeats"`
	Words        []string `json:"words"`
	Organisation bool     `json:"organisation"`
	Version      int64    `json:"version"`
}

func (h handlers) apiRules(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	_, set, err := h.Moderation.RulesOf(c.UserContext(), c.Who(), slug)
	if err != nil {
		return err
	}
	return c.Answer(200, rulesBody{set.Everything, set.First, set.Links, set.Repeats, append([]string{}, set.Words...), !set.Own, set.Version})
}

func (h handlers) apiSetRules(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	x, err := h.Moderation.Allow(c.UserContext(), c.Who(), slug, moderation.PermissionRules)
	if err != nil {
		return err
	}
	var b rulesBody
	if err := c.ReadJSON(&b); err != nil {
		return err
	}
	whose := slug
	if b.Organisation {
		whose = ""
	}
	r := moderation.Rules{Everything: b.Everything, First: b.First, Links: b.Links, Repeats: b.Repeats, Words: b.Words}
	if err := h.Moderation.SetRules(c.UserContext(), c.Who(), x.Organisation, whose, &r, b.Version); err != nil {
		return err
	}
	return h.apiRules(c)
}

func (h handlers) apiDropRules(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	if err := h.Moderation.SetRules(c.UserContext(), c.Who(), 0, slug, nil, 0); err != nil {
		return err
	}
	return h.apiRules(c)
}

type reportItem struct {
	ID        string                 `json:"id"`
	Number    string                 `json:"number"`
	Receipt   string                 `json:"receipt"`
	Quoted    string                 `json:"quoted"`
	Name      string                 `json:"name"`
	Email     string                 `json:"email"`
	Phone     string                 `json:"phone"`
	State     moderation.ReportState `json:"state"`
	Outcome   string                 `json:"outcome"`
	Told      string                 `json:"told"`
	CreatedAt time.Time              `json:"created_at"`
	DueAt     time.Time              `json:"due_at"`
	DecidedAt *time.Time             `json:"decided_at"`
	Version   int64                  `json:"version"`
}

func (h handlers) apiReports(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	_, list, err := h.Moderation.Reports(c.UserContext(), c.Who(), slug)
	if err != nil {
		return err
	}
	items := make([]reportItem, len(list))
	for i, r := range list {
		items[i] = reportItem{
			ids.Format(r.ID), r.Number, r.Receipt, r.Quoted, r.Contact.Name, r.Contact.Email, r.Contact.Phone, r.State, r.Outcome, string(r.Told),
			r.CreatedAt.UTC(), r.DueAt.UTC(), r.DecidedAt, r.Version,
		}
	}
	c.NoStore()
	return c.List(items, 0)
}

type settleBody struct {
	Uphold  bool   `json:"uphold"`
	Receipt string `json:"receipt"`
	Outcome string `json:"outcome"`
	Version int64  `json:"version"`
}

func (h handlers) apiSettle(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	id, err := c.IDParam("id")
	if err != nil {
		return err
	}
	if _, err := h.Moderation.Allow(c.UserContext(), c.Who(), slug, moderation.PermissionReports); err != nil {
		return err
	}
	var b settleBody
	if err := c.ReadJSON(&b); err != nil {
		return err
	}
	if err := h.Moderation.Settle(c.UserContext(), c.Who(), slug, id, moderation.Settlement(b)); err != nil {
		return err
	}
	return h.apiReports(c)
}

// notMeBody is a report of somebody whose name was used.
type notMeBody struct {
	Receipt string `json:"receipt"`
	Quoted  string `json:"quoted"`
	Name    string `json:"name"`
	Email   string `json:"email"`
	Phone   string `json:"phone"`
}

func (h handlers) apiReport(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	if err := c.Limit("not-me", reportsPerMinute); err != nil {
		return err
	}
	var b notMeBody
	if err := c.ReadJSON(&b); err != nil {
		return err
	}
	r, err := h.Moderation.ReportNotMe(c.UserContext(), c.Who(), slug, moderation.NewReport{
		Receipt: b.Receipt, Quoted: b.Quoted, Contact: moderation.Contact{Name: b.Name, Email: b.Email, Phone: b.Phone}, Lang: c.Visit.Locale.Tag(),
	})
	if err != nil {
		return err
	}
	c.NoStore()
	return c.Answer(201, struct {
		Number string    `json:"number"`
		DueAt  time.Time `json:"due_at"`
	}{r.Number, r.DueAt.UTC()})
}

func (h handlers) apiWithdraw(c *web.Ctx) error {
	c.NoStore()
	if err := c.LimitLookup("receipt"); err != nil {
		return err
	}
	t, err := h.Moderation.Withdraw(c.UserContext(), c.Who(), c.Params("number"), c.Get("Receipt-Secret"))
	if err != nil {
		return err
	}
	return c.Answer(200, struct {
		Receipt string           `json:"receipt"`
		State   submission.State `json:"state"`
	}{t.Submission.Receipt, t.State})
}

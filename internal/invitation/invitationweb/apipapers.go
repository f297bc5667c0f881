package invitationweb

import (
	"time"

	"guangyi/internal/invitation"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
)

// paperItem is a paper for programs; url gives its bytes.
type paperItem struct {
	ID         string     `json:"id"`
	Title      string     `json:"title"`
	Item       string     `json:"item"`
	Name       string     `json:"name"`
	MediaType  string     `json:"media_type"`
	Size       int64      `json:"size"`
	SHA256     string     `json:"sha256"`
	ReleasedAt *time.Time `json:"released_at"`
	Read       int        `json:"read"`
	URL        string     `json:"url"`
}

func (h handlers) apiPapers(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	r, err := h.Invitations.Room(c.UserContext(), c.Who(), slug)
	if err != nil {
		return err
	}
	items := make([]paperItem, len(r.Papers))
	for i, p := range r.Papers {
		items[i] = paperItem{ids.Format(p.ID), p.File.Title, p.Item, p.File.Name, p.File.MediaType, p.File.Size, p.File.SHA256, p.ReleasedAt, p.Read,
			c.Visit.Base + "/staff/meetings/" + slug + "/papers/" + ids.Format(p.ID)}
	}
	return c.List(items, 0)
}

// apiPutPaper keeps a paper, its bytes in base64.
func (h handlers) apiPutPaper(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	if err := h.Invitations.Allow(c.UserContext(), c.Who(), slug, invitation.PermissionPapers); err != nil {
		return err
	}
	var in struct {
		Title string `json:"title"`
		Item  string `json:"item"`
		Name  string `json:"name"`
		Data  []byte `json:"data"`
	}
	if err := c.ReadJSON(&in); err != nil {
		return err
	}
	err = h.Invitations.AddPaper(c.UserContext(), c.Who(), slug, invitation.NewPaper(in))
	if err != nil {
		return err
	}
	return h.apiPapers(c)
}

func (h handlers) apiRemovePaper(c *web.Ctx) error {
	slug, id, err := person(c)
	if err != nil {
		return err
	}
	if err := h.Invitations.RemovePaper(c.UserContext(), c.Who(), slug, id); err != nil {
		return err
	}
	return c.Answer(200, map[string]string{"id": ids.Format(id)})
}

func (h handlers) apiRelease(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	if err := h.Invitations.Release(c.UserContext(), c.Who(), slug); err != nil {
		return err
	}
	return h.apiPapers(c)
}

// apiFailures lists the letters that failed in the organisations where one works.
func (h handlers) apiFailures(c *web.Ctx) error {
	if err := known(c); err != nil {
		return err
	}
	list, sees, err := h.Invitations.Failures(c.UserContext(), c.Who())
	if err != nil {
		return err
	}
	if !sees {
		return fault.Missing()
	}
	type failure struct {
		ID    string `json:"id"`
		Slug  string `json:"slug"`
		Label string `json:"label"`
		delivery
	}
	items := make([]failure, len(list))
	for i, f := range list {
		items[i] = failure{ids.Format(f.ID), f.Slug, f.Label, deliveryOf(f.Delivery)}
	}
	return c.List(items, 0)
}

func (h handlers) apiRetry(c *web.Ctx) error {
	if err := known(c); err != nil {
		return err
	}
	id, err := c.IDParam("id")
	if err != nil {
		return err
	}
	if err := h.Invitations.TryAgain(c.UserContext(), c.Who(), id); err != nil {
		return err
	}
	return c.Answer(200, map[string]string{"id": ids.Format(id)})
}

package submissionweb

import (
	"guangyi/internal/consultation"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
	"guangyi/internal/submission"
)

// showFile makes a file of a submission public, or takes it back.
func (h handlers) showFile(c *web.Ctx) error {
	l, _, err := h.decideFile(c, c.Form("public") != "")
	if err != nil {
		return err
	}
	c.SetNotice("submission.files.decided")
	return c.SeeOther("/staff/consultations/" + l.Consultation.Slug + "/submissions/" + ids.Format(l.ID))
}

func (h handlers) decideFile(c *web.Ctx, public bool) (l submission.Letter, id int64, err error) {
	if l, err = h.read(c); err != nil {
		return l, 0, err
	}
	if id, err = c.IDParam("file"); err != nil || h.Files == nil {
		return l, 0, fault.Missing()
	}
	if public && l.Consultation.CommentsPublic == consultation.PublicNo {
		return l, 0, fault.New(fault.Conflict, "attachment.private")
	}
	return l, id, h.Files.Decide(c.UserContext(), c.Who(), l.Consultation.Organisation, l.ID, id, public)
}

func (h handlers) apiShowFile(c *web.Ctx) error {
	if err := h.mayAsk(c); err != nil {
		return err
	}
	var body struct {
		Public bool `json:"public"`
	}
	if err := c.ReadJSON(&body); err != nil {
		return err
	}
	_, id, err := h.decideFile(c, body.Public)
	if err != nil {
		return err
	}
	return c.Answer(200, struct {
		ID     string `json:"id"`
		Public bool   `json:"public"`
	}{ids.Format(id), body.Public})
}

package consultationweb

import (
	"guangyi/internal/attachment"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
	"guangyi/views/components"
	"guangyi/views/consultationview"
)

func (h handlers) attachments(c *web.Ctx) error {
	x, err := h.mine(c)
	if err != nil {
		return err
	}
	return h.renderFiles(c, 200, x, consultationview.Attaching{Lang: x.Lang})
}

func (h handlers) renderFiles(c *web.Ctx, status int, x consultation.Consultation, v consultationview.Attaching) error {
	var err error
	v.C, v.Edit = x, x.Editable() && h.Consultations.MayPrepare(c.Who(), x.Organisation)
	if v.Files, err = h.Files.List(c.UserContext(), owner(x)); err != nil {
		return err
	}
	p := h.staffPage(c, x, c.T("consultation.files"))
	p.Errors = len(v.Errors) > 0
	return c.Render(status, consultationview.Attach(p, v))
}

func owner(x consultation.Consultation) attachment.Owner {
	return attachment.Owner{Kind: "consultation", ID: x.ID}
}

// attach adds a file, or takes one off.
func (h handlers) attach(c *web.Ctx) error {
	x, err := h.preparing(c)
	if err != nil {
		return err
	}
	if c.Form("remove") != "" {
		err = h.detach(c, x)
	} else {
		err = h.put(c, x)
	}
	if err == nil {
		c.SetNotice("consultation.saved")
		return c.SeeOther("/staff/consultations/" + x.Slug + "/attachments")
	}
	f, ok := fault.AsInvalid(err)
	if !ok {
		return err
	}
	v := consultationview.Attaching{Title: c.Form("title"), Lang: c.Form("lang")}
	v.Faults, v.Errors = components.WordFaults(c.Visit.Locale, f.Fields)
	return h.renderFiles(c, 422, x, v)
}

func (h handlers) put(c *web.Ctx, x consultation.Consultation) error {
	file, err := c.Upload("file", attachment.MaxSize)
	if err != nil {
		return err
	}
	if file == nil {
		return fault.Fields{{Name: "file", Code: "consultation.file_missing"}}.Err()
	}
	return h.Consultations.Preparing(c.UserContext(), c.Who(), x.Slug, func(tx *database.Tx, x consultation.Consultation) error {
		_, err := h.Files.Put(tx, attachment.File{
			Organisation: x.Organisation, Owner: owner(x), Title: c.Form("title"), Name: file.Name, Lang: c.Form("lang"), Data: file.Data,
		})
		return err
	})
}

func (h handlers) detach(c *web.Ctx, x consultation.Consultation) error {
	id, ok := ids.Parse(c.Form("remove"))
	if !ok {
		return fault.Missing()
	}
	return h.Consultations.Preparing(c.UserContext(), c.Who(), x.Slug, func(tx *database.Tx, x consultation.Consultation) error {
		return h.Files.Remove(tx, owner(x), id)
	})
}

package consultationweb

import (
	"guangyi/internal/access"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/draft/outline"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
	"guangyi/views/components"
	"guangyi/views/consultationview"
	"guangyi/views/layouts"
)

func (h handlers) staffList(c *web.Ctx) error {
	_, cursor := c.Page(pageUsual, pageUsual)
	f := consultation.StaffFilter{Q: c.QueryText("q"), Limit: pageUsual, Cursor: cursor}
	for _, s := range consultation.Statuses {
		if string(s) == c.QueryText("status") {
			f.Status = s
		}
	}
	found, err := h.Consultations.StaffList(c.UserContext(), c.Who(), f)
	if err != nil {
		return err
	}
	mine, err := h.mayPrepare(c)
	if err != nil {
		return err
	}
	if len(found.Items) == 0 && len(mine) == 0 && !h.worksHere(c) {
		return fault.Missing() // a member of the public has no desk
	}
	units, err := h.units(c, found.Items)
	if err != nil {
		return err
	}
	v := consultationview.StaffList{
		Now: c.Now(), Items: found.Items, Units: units, Status: f.Status, Q: f.Q, New: len(mine) > 0, First: cursor == 0, Start: c.With("cursor", ""),
	}
	if found.Next != 0 {
		v.Next = c.With("cursor", ids.Format(found.Next))
	}
	p := layouts.FromStaff(c.Visit, c.T("site.staff.consultations"))
	p.Section = "consultations"
	return c.Render(200, consultationview.StaffIndex(p, v))
}

// worksHere reports whether the person has a desk in some organisation.
func (h handlers) worksHere(c *web.Ctx) bool {
	for _, id := range c.Who().Organisations() {
		if access.Belongs(c.Who(), id) && h.Consultations.MaySee(c.Who(), consultation.Consultation{Organisation: id}) {
			return true
		}
	}
	return false
}

// mayPrepare lists the organisations for which the person may prepare.
func (h handlers) mayPrepare(c *web.Ctx) ([]organisation.Organisation, error) {
	var out []organisation.Organisation
	for _, id := range c.Who().Organisations() {
		if !h.Consultations.MayPrepare(c.Who(), id) {
			continue
		}
		o, err := h.Organisations.ByID(c.UserContext(), id)
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, nil
}

func (h handlers) newForm(c *web.Ctx) error {
	v, err := h.upload(c)
	if err != nil {
		return err
	}
	return h.renderNew(c, 200, v)
}

// upload begins the form: who may prepare nowhere is refused.
func (h handlers) upload(c *web.Ctx) (consultationview.Upload, error) {
	if !c.Who().Known() {
		return consultationview.Upload{}, fault.New(fault.Unauthenticated, "sign_in_first")
	}
	mine, err := h.mayPrepare(c)
	if err != nil {
		return consultationview.Upload{}, err
	}
	if len(mine) == 0 && !h.worksHere(c) {
		return consultationview.Upload{}, fault.Missing()
	}
	if len(mine) == 0 {
		return consultationview.Upload{}, fault.New(fault.Forbidden, "forbidden")
	}
	return consultationview.Upload{Units: mine}, nil
}

func (h handlers) renderNew(c *web.Ctx, status int, v consultationview.Upload) error {
	p := layouts.FromStaff(c.Visit, c.T("consultation.new"))
	p.Section, p.Errors = "consultations", len(v.Errors) > 0
	return c.Render(status, consultationview.New(p, v))
}

func (h handlers) create(c *web.Ctx) error {
	v, err := h.upload(c)
	if err != nil {
		return err
	}
	v.Unit, v.Text, v.Format = c.Form("organisation"), c.Form("text"), c.Form("format")
	o, err := h.Organisations.BySlug(c.UserContext(), v.Unit)
	if err != nil {
		return err
	}
	src, err := sourceOf(c)
	if err == nil {
		var x consultation.Consultation
		if x, err = h.Consultations.ImportDraft(c.UserContext(), c.Who(), o.ID, src); err == nil {
			c.SetNotice("consultation.imported")
			return c.SeeOther("/staff/consultations/" + x.Slug + "/draft")
		}
	}
	f, ok := fault.AsInvalid(err)
	if !ok {
		return err
	}
	v.Faults, v.Errors = components.WordFaults(c.Visit.Locale, f.Fields)
	return h.renderNew(c, 422, v)
}

// sourceOf reads the uploaded file, or else the pasted text.
func sourceOf(c *web.Ctx) (draft.Source, error) {
	file, err := c.Upload("file", draft.MaxSource)
	if err != nil {
		return draft.Source{}, err
	}
	if file == nil {
		return draft.Source{Text: c.Form("text"), Format: c.Form("format")}, nil
	}
	text, err := outline.Decode(file.Data)
	if err != nil {
		code := "draft.encoding"
		if err == outline.ErrBinary {
			code = "draft.not_text"
		}
		return draft.Source{}, fault.Fields{{Name: "file", Code: code}}.Err()
	}
	return draft.Source{Name: file.Name, Text: text}, nil
}

// preview shows the notice as everybody will see it.
func (h handlers) preview(c *web.Ctx) error {
	x, err := h.mine(c)
	if err != nil {
		return err
	}
	p, o, err := h.publicPage(c, x, x.Title)
	if err != nil {
		return err
	}
	v, err := h.notice(c, x, o.Name)
	if err != nil {
		return err
	}
	v.Preview = true
	p.NoIndex, p.Canonical, p.Feed = true, "", ""
	return c.Render(200, consultationview.Preview(p, v))
}

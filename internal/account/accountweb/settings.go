package accountweb

import (
	"guangyi/internal/organisation"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/views/accountview"
	"guangyi/views/components"
)

func (h handlers) settingsForm(c *web.Ctx) error {
	o, err := h.editable(c)
	if err != nil {
		return err
	}
	return h.renderSettings(c, 200, accountview.SettingsOf(o))
}

func (h handlers) editable(c *web.Ctx) (organisation.Organisation, error) {
	slug, err := c.Slug()
	if err != nil {
		return organisation.Organisation{}, err
	}
	return h.orgs.Editable(c.UserContext(), c.Who(), slug)
}

func (h handlers) renderSettings(c *web.Ctx, status int, v accountview.Settings) error {
	p := staffPage(c, v.Organisation, "organisation.settings")
	p.Errors = len(v.Errors) > 0
	return c.Render(status, accountview.SettingsPage(p, v))
}

// settings stores what an organisation says of itself. When somebody else saved
// in between, both are shown and saving again decides.
func (h handlers) settings(c *web.Ctx) error {
	o, err := h.editable(c)
	if err != nil {
		return err
	}
	in := organisation.Details{
		Name: c.Form("name"), Lang: o.Lang, Seal: c.Form("seal"), Accent: c.Form("accent"), Contact: c.Form("contact"),
		SiteCode: c.Form("site_code"), SignerDiffers: c.Form("signer_differs") == "true",
	}
	_, err = h.orgs.Edit(c.UserContext(), c.Who(), o.ID, in, c.FormVersion())
	if err == nil {
		c.SetNotice("organisation.saved")
		return c.SeeOther(accountview.SettingsAddress(o.Slug))
	}
	f, ok := fault.As(err)
	if !ok {
		return err
	}
	v := accountview.Settings{Organisation: o, Typed: in, Version: c.FormVersion()}
	switch {
	case f.Kind == fault.Invalid:
		v.Faults, v.Errors = components.WordFaults(c.Visit.Locale, f.Fields)
		return h.renderSettings(c, 422, v)
	case f.Code == fault.Stale().Code:
		if v.Organisation, err = h.editable(c); err != nil {
			return err
		}
		v.Version, v.Stale = v.Organisation.Version, true
		return h.renderSettings(c, 409, v)
	}
	return err
}

package moderationweb

import (
	"strings"

	"guangyi/internal/consultation"
	"guangyi/internal/moderation"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/views/components"
	"guangyi/views/layouts"
	"guangyi/views/moderationview"
)

func (h handlers) staffPage(c *web.Ctx, x consultation.Consultation, title string) layouts.Page {
	p := layouts.FromStaff(c.Visit, title)
	p.Section = "consultations"
	return p.Trail(
		components.Link{Text: c.T("site.staff.consultations"), Href: "/staff/consultations"},
		components.Link{Text: x.Title, Href: "/staff/consultations/" + x.Slug},
		components.Link{Text: c.T("moderation.title"), Href: "/staff/consultations/" + x.Slug + "/moderation"},
	)
}

func (h handlers) rules(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	if _, err := h.Moderation.Allow(c.UserContext(), c.Who(), slug, moderation.PermissionRules); err != nil {
		return err
	}
	var v moderationview.Rules
	if v.C, v.Set, err = h.Moderation.RulesOf(c.UserContext(), c.Who(), slug); err != nil {
		return err
	}
	return h.showRules(c, 200, v)
}

func (h handlers) showRules(c *web.Ctx, status int, v moderationview.Rules) error {
	v.Unit = h.Moderation.May(c.Who(), moderation.PermissionUnit, v.C.Organisation)
	p := h.staffPage(c, v.C, c.T("moderation.rules.title"))
	p.Errors = len(v.Errors) > 0
	return c.Render(status, moderationview.RulesPage(p, v))
}

func (h handlers) setRules(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	x, err := h.Moderation.Allow(c.UserContext(), c.Who(), slug, moderation.PermissionRules)
	if err != nil {
		return err
	}
	r := &moderation.Rules{
		Everything: c.Form("everything") != "", First: c.Form("first") != "", Words: strings.Split(c.Form("words"), "\n"),
		Links: int(number(c.Form("links"))), Repeats: int(number(c.Form("repeats"))),
	}
	whose := slug
	switch {
	case c.Form("drop") != "":
		r = nil
	case c.Form("scope") == "organisation":
		whose = ""
	}
	err = h.Moderation.SetRules(c.UserContext(), c.Who(), x.Organisation, whose, r, c.FormVersion())
	if f, ok := fault.AsInvalid(err); ok {
		v := moderationview.Rules{C: x, Set: moderation.Set{Rules: *r, Own: whose != "", Version: c.FormVersion()}}
		v.Faults, v.Errors = components.WordFaults(c.Visit.Locale, f.Fields)
		return h.showRules(c, 422, v)
	}
	if err != nil {
		return err
	}
	c.SetNotice("moderation.rules.saved")
	return c.SeeOther("/staff/consultations/" + slug + "/moderation/rules")
}

func (h handlers) reports(c *web.Ctx) error {
	return h.showReports(c, 200, func(*moderationview.Reports) {})
}

func (h handlers) showReports(c *web.Ctx, status int, change func(*moderationview.Reports)) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	v := moderationview.Reports{Now: c.Now(), Quotes: map[int64][]string{}}
	if v.C, v.List, err = h.Moderation.Reports(c.UserContext(), c.Who(), slug); err != nil {
		return err
	}
	for _, r := range v.List {
		if r.State == moderation.ReportOpen && r.SubmissionID == 0 {
			if v.Quotes[r.ID], err = h.Moderation.Quoting(c.UserContext(), v.C.ID, r.Quoted); err != nil {
				return err
			}
		}
	}
	change(&v)
	p := h.staffPage(c, v.C, c.T("moderation.reports.title"))
	p.Errors = len(v.Errors) > 0
	c.NoStore()
	return c.Render(status, moderationview.ReportsPage(p, v))
}

func (h handlers) settle(c *web.Ctx) error {
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
	in := moderation.Settlement{Uphold: c.Form("uphold") == "1", Receipt: c.Form("receipt"), Outcome: c.Form("outcome"), Version: c.FormVersion()}
	err = h.Moderation.Settle(c.UserContext(), c.Who(), slug, id, in)
	if f, ok := fault.AsInvalid(err); ok {
		return h.showReports(c, 422, func(v *moderationview.Reports) {
			v.At, v.Typed = id, in
			v.Faults, v.Errors = components.WordFaults(c.Visit.Locale, f.Fields)
			for i, e := range v.Errors {
				v.Errors[i].ID = e.ID + "-" + c.Params("id")
			}
		})
	}
	if err != nil {
		return err
	}
	c.SetNotice("moderation.done.settled")
	return c.SeeOther("/staff/consultations/" + slug + "/moderation/reports")
}

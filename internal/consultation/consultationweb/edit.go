package consultationweb

import (
	"slices"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/views/components"
	"guangyi/views/consultationview"
)

func (h handlers) editForm(c *web.Ctx) error {
	x, err := h.editable(c)
	if err != nil {
		return err
	}
	return h.renderEdit(c, 200, consultationview.EditingOf(c.Visit.Locale, x))
}

// preparing is a consultation that this person may prepare, as far as the role
// goes: that is asked before anybody looks at what was sent.
func (h handlers) preparing(c *web.Ctx) (consultation.Consultation, error) {
	x, err := h.mine(c)
	if err == nil && !h.Consultations.MayPrepare(c.Who(), x.Organisation) {
		err = fault.New(fault.Forbidden, "forbidden")
	}
	return x, err
}

// editable is a consultation whose notice this person may change now.
func (h handlers) editable(c *web.Ctx) (consultation.Consultation, error) {
	x, err := h.preparing(c)
	if err != nil {
		return x, err
	}
	if !x.Editable() {
		return x, fault.New(fault.Conflict, "consultation.not_editable")
	}
	return x, nil
}

func (h handlers) renderEdit(c *web.Ctx, status int, v consultationview.Editing) error {
	v.Procedures = h.Consultations.Procedures()
	p := h.staffPage(c, v.C, c.T("consultation.edit"))
	p.Errors = len(v.Errors) > 0
	return c.Render(status, consultationview.Edit(p, v))
}

// edit stores the notice. Wrong values come back beside their fields; when
// somebody else saved in between, both texts are shown and saving again decides.
func (h handlers) edit(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	v := typedNotice(c)
	var faults fault.Fields
	in := v.changes(c, &faults)
	if err = faults.Err(); err == nil {
		_, err = h.Consultations.Edit(c.UserContext(), c.Who(), slug, in, c.FormVersion())
	}
	if err == nil {
		c.SetNotice("consultation.saved")
		return c.SeeOther("/staff/consultations/" + slug)
	}
	f, ok := fault.As(err)
	stale := ok && f.Kind == fault.Conflict && f.Code == fault.Stale().Code
	if !stale && (!ok || f.Kind != fault.Invalid) {
		return err
	}
	x, err := h.editable(c)
	if err != nil {
		return err
	}
	show := v.Editing
	show.C, show.Version, show.Stale = x, c.FormVersion(), stale
	if stale {
		show.Version = x.Version
		return h.renderEdit(c, 409, show)
	}
	show.Faults, show.Errors = components.WordFaults(c.Visit.Locale, f.Fields)
	return h.renderEdit(c, 422, show)
}

// typed is the form as it came.
type typed struct{ consultationview.Editing }

var noticeFields = []string{
	"title", "ask", "background", "explanation", "changes", "contact", "privacy", "demand_reason", "period_reason", "comments_public", "lang", "procedure", "hide_count",
	"opens_on", "opens_time", "closes_on", "closes_time", "answer_on",
}

func typedNotice(c *web.Ctx) typed {
	v := typed{consultationview.Editing{Values: map[string]string{}, Ways: map[string]string{}, Demands: c.FormAll("demands")}}
	for _, name := range noticeFields {
		v.Values[name] = c.Form(name)
	}
	for _, ch := range c.FormAll("channels") {
		v.Ways[ch] = c.Form("detail_" + ch)
	}
	return v
}

func (v typed) changes(c *web.Ctx, f *fault.Fields) consultation.Changes {
	text := func(name string) *string {
		s := v.Values[name]
		return &s
	}
	channels := []consultation.Channel{}
	for _, ch := range consultation.Channels {
		if detail, ok := v.Ways[ch]; ok {
			channels = append(channels, consultation.Channel{Channel: ch, Detail: detail})
		}
	}
	demands := []string{}
	for _, d := range v.Demands {
		if !slices.Contains(demands, d) {
			demands = append(demands, d)
		}
	}
	hide := v.Values["hide_count"] != ""
	return consultation.Changes{
		Procedure: text("procedure"), HideCount: &hide,
		Title: text("title"), Ask: text("ask"), Background: text("background"), Explanation: text("explanation"), Changes: text("changes"),
		Contact: text("contact"), Privacy: text("privacy"), DemandReason: text("demand_reason"), PeriodReason: text("period_reason"),
		CommentsPublic: text("comments_public"), Lang: text("lang"), Channels: &channels, Demands: &demands,
		OpensAt:   moment(c, "opens_at", v.Values["opens_on"], v.Values["opens_time"], f),
		ClosesAt:  moment(c, "closes_at", v.Values["closes_on"], v.Values["closes_time"], f),
		AnswerDue: moment(c, "answer_due", v.Values["answer_on"], "24:00", f),
	}
}

package consultationweb

import (
	"encoding/json"

	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
)

// How many items a list of the API holds.
const (
	apiUsual = 100
	apiMost  = 1000
)

// apiList lists what is public, and with a token the organisation's own work
// under ?status= of a state that is not public yet.
func (h handlers) apiList(c *web.Ctx) error {
	ctx := c.UserContext()
	limit, cursor := c.Page(apiUsual, apiMost)
	f := consultation.Filter{Status: publicStatus(c.QueryText("status")), Q: c.QueryText("q"), Limit: limit, Cursor: cursor}
	if slug := c.QueryText("organisation"); slug != "" {
		o, err := h.Organisations.BySlug(ctx, slug)
		if fault.Is(err, fault.NotFound) {
			return c.List([]item{}, 0)
		}
		if err != nil {
			return err
		}
		f.Organisation = o.ID
	}
	page, err := h.Consultations.List(ctx, f)
	if own := consultation.Status(c.QueryText("status")); c.Who().Known() && unpublished(own) {
		page, err = h.Consultations.StaffList(ctx, c.Who(), consultation.StaffFilter{Status: own, Q: f.Q, Limit: limit, Cursor: cursor})
	}
	if err != nil {
		return err
	}
	names, err := h.slugs(c, page.Items)
	if err != nil {
		return err
	}
	items := make([]item, len(page.Items))
	for i, x := range page.Items {
		items[i] = itemOf(x, names[x.Organisation], c.Now())
	}
	return c.List(items, page.Next)
}

func unpublished(s consultation.Status) bool {
	return s == consultation.PreparedStatus || s == consultation.InReviewStatus || s == consultation.ReturnedStatus
}

// publicStatus reads a filter; what is no status filters nothing.
func publicStatus(s string) consultation.PublicStatus {
	for _, known := range consultation.PublicStatuses {
		if string(known) == s {
			return known
		}
	}
	return ""
}

func (h handlers) slugs(c *web.Ctx, list []consultation.Consultation) (map[int64]string, error) {
	orgs, err := h.units(c, list)
	out := make(map[int64]string, len(orgs))
	for id, o := range orgs {
		out[id] = o.Slug
	}
	return out, err
}

func (h handlers) apiShow(c *web.Ctx) error {
	x, err := h.see(c)
	if err != nil {
		return err
	}
	return h.answer(c, 200, x)
}

// see finds what this visitor may see.
func (h handlers) see(c *web.Ctx) (consultation.Consultation, error) {
	slug, err := c.Slug()
	if err != nil {
		return consultation.Consultation{}, err
	}
	if !c.Who().Known() {
		return h.Consultations.BySlug(c.UserContext(), slug)
	}
	return h.Consultations.See(c.UserContext(), c.Who(), slug)
}

// answer writes one consultation; staff see what is behind it too.
func (h handlers) answer(c *web.Ctx, status int, x consultation.Consultation) error {
	o, err := h.Organisations.ByID(c.UserContext(), x.Organisation)
	if err != nil {
		return err
	}
	w := wholeOf(x, o.Slug, c.Now())
	if h.Consultations.MaySee(c.Who(), x) {
		w.backstage = &backstage{
			ID: ids.Format(x.ID), State: string(x.State), Note: x.Note, Version: x.Version,
			Comments: x.Counters.Comments, Gathered: x.Counters.Gathered, Events: h.events(c.Who(), x, c),
		}
	}
	return c.Answer(status, w)
}

// events are what somebody may do with it now.
func (h handlers) events(who actor.Actor, x consultation.Consultation, c *web.Ctx) []string {
	out := []string{}
	for _, e := range consultation.Events {
		t, ok := consultation.Step(x.Status(c.Now()), e)
		if ok && h.Consultations.May(who, e, x) && !(t.Others && x.OwnWork(who.Key())) {
			out = append(out, string(e))
		}
	}
	return out
}

func (h handlers) apiProvisions(c *web.Ctx) error {
	x, err := h.see(c)
	if err != nil {
		return err
	}
	number, err := version(c)
	if err != nil {
		return err
	}
	tree, err := h.Drafts.Tree(c.UserContext(), x.ID, number)
	if err != nil {
		return err
	}
	items := make([]provisionItem, len(tree.Rows))
	for i, p := range tree.Rows {
		items[i] = provisionItem{p.Key, string(p.Kind), p.Number, p.Heading, p.Text, p.Parent, p.Lang}
	}
	return c.List(items, 0)
}

func (h handlers) apiCreate(c *web.Ctx) error {
	var in createItem
	if err := c.ReadJSON(&in); err != nil {
		return err
	}
	if !c.Who().Known() {
		return fault.New(fault.Unauthenticated, "sign_in_first")
	}
	o, err := h.Organisations.BySlug(c.UserContext(), in.Organisation)
	if err != nil {
		return err
	}
	x, err := h.Consultations.ImportDraft(c.UserContext(), c.Who(), o.ID, draft.Source{Name: in.Name, Format: in.Format, Text: in.Text, Lang: in.Lang})
	if err != nil {
		return err
	}
	return h.answer(c, 201, x)
}

func (h handlers) apiEdit(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	var in changeItem
	if err := c.ReadJSON(&in); err != nil {
		return err
	}
	changes, err := in.changes()
	if err != nil {
		return h.first(c, slug, err)
	}
	x, err := h.Consultations.Edit(c.UserContext(), c.Who(), slug, changes, in.Version)
	if err != nil {
		return err
	}
	return h.answer(c, 200, x)
}

// first lets a refusal of the person come before one of the content.
func (h handlers) first(c *web.Ctx, slug string, content error) error {
	if _, err := h.Consultations.Staff(c.UserContext(), c.Who(), slug); err != nil {
		return err
	}
	return content
}

func (h handlers) apiEvent(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	var in eventItem
	if err := c.ReadJSON(&in); err != nil {
		return err
	}
	e, note, err := in.read()
	if err != nil {
		return h.first(c, slug, err)
	}
	x, err := h.Consultations.Apply(c.UserContext(), c.Who(), slug, e, note)
	if err != nil {
		return err
	}
	return h.answer(c, 200, x)
}

// apiDraft gives the draft with its source, as the officer corrects it.
func (h handlers) apiDraft(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	x, err := h.Consultations.Staff(c.UserContext(), c.Who(), slug)
	if err != nil {
		return err
	}
	return h.draftAnswer(c, x)
}

func (h handlers) draftAnswer(c *web.Ctx, x consultation.Consultation) error {
	v, err := h.Drafts.Version(c.UserContext(), x.ID, draft.First)
	if err != nil {
		return err
	}
	rows, err := h.Drafts.Provisions(c.UserContext(), x.ID, draft.First)
	if err != nil {
		return err
	}
	return c.Answer(200, map[string]any{
		"number": v.Number, "title": v.Title, "lang": v.Lang, "name": v.SourceName, "format": v.SourceFormat, "source": v.Source,
		"published_at": v.PublishedAt, "version": v.Version, "provisions": draft.AsRows(rows),
	})
}

// apiCorrect replaces the rows of the draft by corrected ones, or, with a text,
// the whole draft by another source.
func (h handlers) apiCorrect(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	var in struct {
		createItem
		Provisions []draft.Row `json:"provisions"`
		Version    int64       `json:"version"`
	}
	if err := c.ReadJSON(&in); err != nil {
		return err
	}
	ctx := c.UserContext()
	if in.Provisions == nil && in.Text != "" {
		_, err = h.Consultations.ReplaceDraft(ctx, c.Who(), slug, draft.Source{Name: in.Name, Format: in.Format, Text: in.Text, Lang: in.Lang})
	} else {
		_, err = h.Consultations.CorrectDraft(ctx, c.Who(), slug, in.Provisions, in.Version)
	}
	if err != nil {
		return err
	}
	return h.apiDraft(c)
}

// apiRecord lists the audit rows, newest first.
func (h handlers) apiRecord(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	limit, cursor := c.Page(apiUsual, apiMost)
	_, rows, err := h.Consultations.Trail(c.UserContext(), c.Who(), slug, cursor, limit+1)
	if err != nil {
		return err
	}
	var next int64
	if len(rows) > limit {
		rows = rows[:limit]
		next = rows[limit-1].ID
	}
	items := make([]pastItem, len(rows))
	for i, r := range rows {
		items[i] = pastItem{idText(r.ID), r.At, r.Action, r.Object, r.ActorKind + ":" + idText(r.ActorID), raw(r.Before), raw(r.After)}
	}
	return c.List(items, next)
}

func raw(text string) any {
	if text == "" {
		return nil
	}
	return json.RawMessage(text)
}

package meetingweb

import (
	"guangyi/internal/meeting"
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

func (h handlers) api(s *web.Site) {
	const all, one = web.APIPrefix + "/meetings", web.APIPrefix + "/meetings/:slug"
	s.Get(all, h.apiList)
	s.Post(all, h.apiCreate)
	s.Get(one, h.apiShow)
	s.Patch(one, h.apiEdit)
	s.Post(one+"/events", h.apiEvent)
	s.Post(one+"/applications", h.apiApply)
	s.Get(one+"/applications", h.apiApplications)
	s.Post(one+"/applications/:id/vet", h.apiVet)
	s.Post(one+"/nominations", h.apiNominate)
	s.Get(one+"/agenda", h.apiAgenda)
	s.Post(one+"/agenda", h.apiAddItem)
	s.Patch(one+"/agenda/:id", h.apiEditItem)
	s.Delete(one+"/agenda/:id", h.apiRemoveItem)
	s.Post(one+"/agenda/:id/move", h.apiMoveItem)
	s.Get(web.APIPrefix+"/applications/:reference", h.apiMine)
	s.Put(web.APIPrefix+"/applications/:reference", h.apiChange)
	s.Delete(web.APIPrefix+"/applications/:reference", h.apiWithdraw)
}

// apiList lists what is public, and with a token the organisation's own work
// under ?status= of a state that is not public yet.
func (h handlers) apiList(c *web.Ctx) error {
	ctx := c.UserContext()
	limit, cursor := c.Page(apiUsual, apiMost)
	f := meeting.Filter{Q: c.QueryText("q"), Kind: meeting.Kind(c.QueryText("kind")), Limit: limit, Cursor: cursor}
	for _, s := range meeting.PublicStatuses {
		if string(s) == c.QueryText("status") {
			f.Status = s
		}
	}
	if slug := c.QueryText("organisation"); slug != "" {
		o, err := h.Organisations.BySlug(ctx, slug)
		if fault.Is(err, fault.NotFound) {
			return c.List([]apiItem{}, 0)
		}
		if err != nil {
			return err
		}
		f.Organisation = o.ID
	}
	page, err := h.Meetings.List(ctx, f)
	switch own := meeting.Status(c.QueryText("status")); own {
	case meeting.PreparedStatus, meeting.InReviewStatus, meeting.ReturnedStatus:
		if c.Who().Known() {
			page, err = h.Meetings.StaffList(ctx, c.Who(), meeting.StaffFilter{Status: own, Q: f.Q, Limit: limit, Cursor: cursor})
		}
	}
	if err != nil {
		return err
	}
	items := make([]apiItem, len(page.Items))
	for i, m := range page.Items {
		items[i] = apiItemOf(m, c.Now())
	}
	return c.List(items, page.Next)
}

func (h handlers) apiShow(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	m, err := h.Meetings.See(c.UserContext(), c.Who(), slug)
	if err != nil {
		return err
	}
	return h.apiAnswer(c, 200, m)
}

// apiAnswer writes one meeting; staff see what is behind it too.
func (h handlers) apiAnswer(c *web.Ctx, status int, m meeting.Meeting) error {
	if m.OrganisationSlug == "" {
		o, err := h.Organisations.ByID(c.UserContext(), m.Organisation)
		if err != nil {
			return err
		}
		m.OrganisationSlug = o.Slug
	}
	w := apiWholeOf(m, c.Now())
	if h.Meetings.MaySee(c.Who(), m) {
		back := &apiBackstage{ID: idOf(m.ID), State: string(m.State), Note: m.Note, Version: m.Version, Events: h.apiEvents(c.Who(), m, c), Missing: []string{}}
		if m.Editable() {
			missing, err := h.Meetings.Missing(c.UserContext(), m)
			if err != nil {
				return err
			}
			for _, f := range missing {
				back.Missing = append(back.Missing, f.Name)
			}
		}
		for _, x := range h.Meetings.Periods(m, c.Now()) {
			back.Periods = append(back.Periods, apiFinding{
				x.Rule.ID, string(x.Severity), x.Rule.Citation.In(c.Visit.Locale.Tag()), x.Text(c.Visit.Locale), x.Have, x.Need, x.Due, x.Provisional,
			})
		}
		back.Periods = listOf(back.Periods)
		w.apiBackstage = back
	}
	return c.Answer(status, w)
}

// apiEvents are what somebody may do with it now by POST …/events.
func (h handlers) apiEvents(who actor.Actor, m meeting.Meeting, c *web.Ctx) []string {
	out := []string{}
	for _, e := range meeting.Events {
		t, ok := meeting.Allowed(m.Status(c.Now()), e)
		if ok && !e.Higher() && h.Meetings.May(who, e, m) && !(t.Others && m.OwnWork(who.Key())) {
			out = append(out, string(e))
		}
	}
	return out
}

func (h handlers) apiCreate(c *web.Ctx) error {
	if err := apiKnown(c); err != nil {
		return err
	}
	var body callBody
	if err := c.ReadJSON(&body); err != nil {
		return err
	}
	o, err := h.Organisations.BySlug(c.UserContext(), body.Organisation)
	if err != nil {
		return err
	}
	if !h.Meetings.MayPrepare(c.Who(), o.ID) {
		_, err := h.Meetings.Prepare(c.UserContext(), c.Who(), o.ID, meeting.In{})
		return err
	}
	in, err := body.in()
	if err != nil {
		return err
	}
	m, err := h.Meetings.Prepare(c.UserContext(), c.Who(), o.ID, in)
	if err != nil {
		return err
	}
	return h.apiAnswer(c, 201, m)
}

func apiKnown(c *web.Ctx) error {
	if c.Who().Known() {
		return nil
	}
	return fault.New(fault.Unauthenticated, "sign_in_first")
}

func (h handlers) apiEdit(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	if err := apiKnown(c); err != nil {
		return err
	}
	var body callBody
	if err := c.ReadJSON(&body); err != nil {
		return err
	}
	in, err := body.in()
	if err != nil {
		return h.apiFirst(c, slug, err)
	}
	m, err := h.Meetings.Edit(c.UserContext(), c.Who(), slug, in, body.Version)
	if err != nil {
		return err
	}
	return h.apiAnswer(c, 200, m)
}

// apiFirst lets a refusal of the person come before one of the content.
func (h handlers) apiFirst(c *web.Ctx, slug string, content error) error {
	if _, err := h.Meetings.Staff(c.UserContext(), c.Who(), slug); err != nil {
		return err
	}
	return content
}

func (h handlers) apiEvent(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	if err := apiKnown(c); err != nil {
		return err
	}
	var body apiEventBody
	if err := c.ReadJSON(&body); err != nil {
		return err
	}
	e, note, err := body.read()
	if err != nil {
		return h.apiFirst(c, slug, err)
	}
	m, err := h.Meetings.Apply(c.UserContext(), c.Who(), slug, e, note)
	if err != nil {
		return err
	}
	return h.apiAnswer(c, 200, m)
}

// apiItemBody is an item of the agenda as it is written.
type apiItemBody struct {
	Title        string `json:"title"`
	Text         string `json:"text"`
	Reporter     string `json:"reporter"`
	Consultation string `json:"consultation"`
	Matter       string `json:"matter"`
	Suggestions  []int  `json:"suggestions"`
	Minutes      int    `json:"minutes"`
	Position     int    `json:"position"`
	Attended     *bool  `json:"attended"`
	Version      int64  `json:"version"`
}

func (b apiItemBody) in() meeting.ItemIn {
	return meeting.ItemIn{
		Title: b.Title, Text: b.Text, Reporter: b.Reporter, Consultation: b.Consultation, Matter: b.Matter, Suggestions: b.Suggestions,
		Minutes: b.Minutes, Position: b.Position, Attended: b.Attended == nil || *b.Attended,
	}
}

// apiAgendaItem is an item of the agenda.
type apiAgendaItem struct {
	ID           string `json:"id"`
	Position     int    `json:"position"`
	Title        string `json:"title"`
	Text         string `json:"text"`
	Reporter     string `json:"reporter"`
	Minutes      int    `json:"minutes"`
	Attended     bool   `json:"attended"`
	Consultation string `json:"consultation"`
	Suggestions  []int  `json:"suggestions"`
	Matter       string `json:"matter"`
	State        string `json:"state"`
	Result       string `json:"result"`
	ResultNote   string `json:"result_note"`
	Note         string `json:"note"`
	Version      int64  `json:"version"`
}

func agendaItemOf(x meeting.Item) apiAgendaItem {
	return apiAgendaItem{
		ids.Format(x.ID), x.Position, x.Title, x.Text, x.Reporter, x.Minutes, x.Attended, x.Consultation, listOf(x.Suggestions), x.Matter,
		x.State, x.Result, x.ResultNote, x.Note, x.Version,
	}
}

func (h handlers) apiAgenda(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	m, err := h.Meetings.See(c.UserContext(), c.Who(), slug)
	if err != nil {
		return err
	}
	items, err := h.Meetings.Items(c.UserContext(), m.ID)
	if err != nil {
		return err
	}
	out := []apiAgendaItem{}
	staff := h.Meetings.MaySee(c.Who(), m)
	for _, x := range items {
		if x.Attended || staff { // what is discussed without representatives is not announced
			out = append(out, agendaItemOf(x))
		}
	}
	return c.List(out, 0)
}

func (h handlers) apiAddItem(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	if err := apiKnown(c); err != nil {
		return err
	}
	var body apiItemBody
	if err := c.ReadJSON(&body); err != nil {
		return err
	}
	x, err := h.Meetings.AddItem(c.UserContext(), c.Who(), slug, body.in())
	if err != nil {
		return err
	}
	return c.Answer(201, agendaItemOf(x))
}

func (h handlers) apiEditItem(c *web.Ctx) error {
	slug, id, err := apiPlace(c)
	if err != nil {
		return err
	}
	if err := apiKnown(c); err != nil {
		return err
	}
	var body apiItemBody
	if err := c.ReadJSON(&body); err != nil {
		return err
	}
	x, err := h.Meetings.EditItem(c.UserContext(), c.Who(), slug, id, body.in(), body.Version)
	if err != nil {
		return err
	}
	return c.Answer(200, agendaItemOf(x))
}

func (h handlers) apiRemoveItem(c *web.Ctx) error {
	slug, id, err := apiPlace(c)
	if err != nil {
		return err
	}
	if err := h.Meetings.RemoveItem(c.UserContext(), c.Who(), slug, id); err != nil {
		return err
	}
	return c.SendStatus(204)
}

func (h handlers) apiMoveItem(c *web.Ctx) error {
	slug, id, err := apiPlace(c)
	if err != nil {
		return err
	}
	if err := apiKnown(c); err != nil {
		return err
	}
	var body struct {
		Meeting string `json:"meeting"`
		Note    string `json:"note"`
	}
	if err := c.ReadJSON(&body); err != nil {
		return err
	}
	n, err := h.Meetings.MoveItem(c.UserContext(), c.Who(), slug, id, body.Meeting, body.Note)
	if err != nil {
		return err
	}
	return c.Answer(200, map[string]any{"meeting": body.Meeting, "carried": n})
}

// apiPlace reads the meeting's slug and an identifier from the path.
func apiPlace(c *web.Ctx) (slug string, id int64, err error) {
	if slug, err = c.Slug(); err != nil {
		return "", 0, err
	}
	id, err = c.IDParam("id")
	return slug, id, err
}

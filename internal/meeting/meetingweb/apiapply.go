package meetingweb

import (
	"time"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
)

// appliesPerMinute is how many applications one address may send by the API: an
// office or a school shares one.
const appliesPerMinute = 600

// applyBody is an application in the words of the API.
type applyBody struct {
	Category string            `json:"category"`
	Side     string            `json:"side"`
	Session  string            `json:"session"`
	Party    int               `json:"party"`
	Sex      string            `json:"sex"`
	District string            `json:"district"`
	Answers  map[string]string `json:"answers"`
	Conflict bool              `json:"conflict"`
	Person   meeting.Person    `json:"person"`

	PublishName bool   `json:"publish_name"`
	Consent     bool   `json:"consent"`
	Language    string `json:"language"`
	Challenge   string `json:"challenge"` // the answer to a task, of who has no token

	Reason  string `json:"reason"`  // of a nomination
	Channel string `json:"channel"` // of what staff enter
	Version int64  `json:"version"` // of a change
}

func (b applyBody) in(key, channel string) meeting.ApplicationIn {
	session, ok := ids.Parse(b.Session)
	if !ok && b.Session != "" {
		session = -1 // no session: the domain says so beside its field
	}
	return meeting.ApplicationIn{
		Key: key, Channel: channel, Lang: b.Language, Category: b.Category, Side: b.Side, Session: session, Party: b.Party, Sex: b.Sex,
		District: b.District, Answers: b.Answers, Conflict: b.Conflict, Person: b.Person, PublishName: b.PublishName, Consent: b.Consent,
	}
}

// applied is the answer to an application. The address never holds the secret.
type applied struct {
	Reference string `json:"reference"`
	Secret    string `json:"secret"`
	Number    int    `json:"number"`
	Label     string `json:"label"`
	State     string `json:"state"`
	Position  int    `json:"position"`
	StatusURL string `json:"status_url"`
}

func (h handlers) apiApply(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	if err := c.Limit("apply", appliesPerMinute); err != nil {
		return err
	}
	var body applyBody
	if err := c.ReadJSON(&body); err != nil {
		return err
	}
	// A key that is there and empty is a program's mistake; taken as none, its retry
	// would be refused as a second application.
	if named := c.Request().Header.PeekAll("Idempotency-Key"); len(named) > 0 && len(named[0]) == 0 {
		return fault.Fields{{Name: "idempotency_key", Code: "meeting.key", Args: []any{"most", 200}}}.Err()
	}
	a, secret, err := h.received(c, slug, body.in(c.Get("Idempotency-Key"), "api"), body.Challenge)
	if err != nil {
		return err
	}
	position, err := h.Meetings.Position(c.UserContext(), a)
	if err != nil {
		return err
	}
	c.NoStore()
	return c.Answer(201, applied{
		Reference: a.Reference, Secret: secret, Number: a.Number, Label: a.Label, State: string(a.State), Position: position,
		StatusURL: c.Visit.Base + "/applications/" + a.Reference,
	})
}

// ownItem is an application as its applicant sees it.
type ownItem struct {
	Reference   string            `json:"reference"`
	Meeting     string            `json:"meeting"`
	Number      int               `json:"number"`
	Label       string            `json:"label"`
	State       string            `json:"state"`
	Reason      string            `json:"reason"`
	Position    int               `json:"position"`
	Category    string            `json:"category"`
	Side        string            `json:"side"`
	Session     string            `json:"session"`
	Party       int               `json:"party"`
	Sex         string            `json:"sex"`
	District    string            `json:"district"`
	Answers     map[string]string `json:"answers"`
	Conflict    bool              `json:"conflict"`
	PublishName bool              `json:"publish_name"`
	Person      meeting.Person    `json:"person"`
	Erased      bool              `json:"erased"`
	AppliedAt   time.Time         `json:"applied_at"`
	Version     int64             `json:"version"`
}

func (h handlers) apiMine(c *web.Ctx) error {
	c.NoStore()
	if err := c.LimitLookup("application"); err != nil {
		return err
	}
	o, err := h.Meetings.Mine(c.UserContext(), c.Params("reference"), c.Get("Application-Secret"))
	if err != nil {
		return err
	}
	a := o.Application
	return c.Answer(200, ownItem{
		Reference: a.Reference, Meeting: o.Meeting.Slug, Number: a.Number, Label: a.Label, State: string(a.State), Reason: a.Reason,
		Position: o.Position, Category: a.Category, Side: a.Side, Session: idOf(a.Session), Party: a.Party, Sex: a.Sex, District: a.District,
		Answers: a.Answers, Conflict: a.Conflict, PublishName: a.PublishName, Person: o.Person, Erased: a.Erased,
		AppliedAt: a.AppliedAt, Version: a.Version,
	})
}

func (h handlers) apiChange(c *web.Ctx) error {
	c.NoStore()
	if err := c.LimitLookup("application"); err != nil {
		return err
	}
	var body applyBody
	if err := c.ReadJSON(&body); err != nil {
		return err
	}
	_, err := h.Meetings.Change(c.UserContext(), c.Who(), c.Params("reference"), c.Get("Application-Secret"), body.in("", "api"), body.Version)
	if err != nil {
		return err
	}
	return h.apiMine(c)
}

func (h handlers) apiWithdraw(c *web.Ctx) error {
	c.NoStore()
	if err := c.LimitLookup("application"); err != nil {
		return err
	}
	_, err := h.Meetings.WithdrawApplication(c.UserContext(), c.Who(), c.Params("reference"), c.Get("Application-Secret"))
	if err != nil {
		return err
	}
	return h.apiMine(c)
}

// staffApplication is an application for staff: without name and contact.
type staffApplication struct {
	ID             string            `json:"id"`
	Reference      string            `json:"reference"`
	Number         int               `json:"number"`
	Label          string            `json:"label"`
	Category       string            `json:"category"`
	Side           string            `json:"side"`
	Session        string            `json:"session"`
	Party          int               `json:"party"`
	Sex            string            `json:"sex"`
	AgeBand        string            `json:"age_band"`
	District       string            `json:"district"`
	Answers        map[string]string `json:"answers"`
	Conflict       bool              `json:"conflict"`
	State          string            `json:"state"`
	Rank           int               `json:"rank"`
	Reason         string            `json:"reason"`
	Nominated      bool              `json:"nominated"`
	Vetted         bool              `json:"vetted"`
	Representative string            `json:"representative"`
	Channel        string            `json:"channel"`
	AppliedAt      time.Time         `json:"applied_at"`
	Version        int64             `json:"version"`
}

func staffApplicationOf(a meeting.Application) staffApplication {
	return staffApplication{
		ID: ids.Format(a.ID), Reference: a.Reference, Number: a.Number, Label: a.Label, Category: a.Category, Side: a.Side,
		Session: idOf(a.Session), Party: a.Party, Sex: a.Sex, AgeBand: a.AgeBand, District: a.District, Answers: a.Answers,
		Conflict: a.Conflict, State: string(a.State), Rank: a.Rank, Reason: a.Reason, Nominated: a.Nominated, Vetted: a.VettedBy != "",
		Representative: idOf(a.Representative), Channel: a.Channel, AppliedAt: a.AppliedAt, Version: a.Version,
	}
}

func (h handlers) apiApplications(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	limit, cursor := c.Page(apiUsual, apiMost)
	session, _ := ids.Parse(c.QueryText("session"))
	_, page, err := h.Meetings.ApplicationsOf(c.UserContext(), c.Who(), slug, meeting.ApplicationFilter{
		State: meeting.ApplicationState(c.QueryText("state")), Category: c.QueryText("category"), Side: c.QueryText("side"),
		Session: session, Cursor: int(cursor), Limit: limit,
	})
	if err != nil {
		return err
	}
	out := make([]staffApplication, len(page.Items))
	for i, a := range page.Items {
		out[i] = staffApplicationOf(a)
	}
	return c.List(out, int64(page.Next))
}

func (h handlers) apiVet(c *web.Ctx) error {
	slug, id, err := apiPlace(c)
	if err != nil {
		return err
	}
	if err := apiKnown(c); err != nil {
		return err
	}
	var body struct {
		Admit   bool   `json:"admit"`
		Reason  string `json:"reason"`
		Version int64  `json:"version"`
	}
	if err := c.ReadJSON(&body); err != nil {
		return err
	}
	a, err := h.Meetings.Vet(c.UserContext(), c.Who(), slug, id, body.Admit, body.Reason, body.Version)
	if err != nil {
		return err
	}
	return c.Answer(200, staffApplicationOf(a))
}

func (h handlers) apiNominate(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	if err := apiKnown(c); err != nil {
		return err
	}
	var body applyBody
	if err := c.ReadJSON(&body); err != nil {
		return err
	}
	a, secret, err := h.Meetings.Nominate(c.UserContext(), c.Who(), slug, body.in(c.Get("Idempotency-Key"), body.Channel), body.Reason)
	if err != nil {
		return err
	}
	c.NoStore()
	return c.Answer(201, applied{
		Reference: a.Reference, Secret: secret, Number: a.Number, Label: a.Label, State: string(a.State),
		StatusURL: c.Visit.Base + "/applications/" + a.Reference,
	})
}

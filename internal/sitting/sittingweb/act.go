package sittingweb

import (
	"encoding/json"
	"net/url"
	"slices"
	"time"

	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/internal/sitting"
)

// act takes one form without script. It makes the same acts of it as the script.
func (h handlers) act(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	if err := h.Sittings.Require(c.UserContext(), c.Who(), slug, sitting.PermissionRecord); err != nil {
		return err
	}
	acts, told, err := h.actsOf(c, slug)
	if err != nil {
		return err
	}
	if told == "" {
		taken, err := h.Sittings.Take(c.UserContext(), c.Who(), slug, time.Time{}, acts)
		if err != nil {
			return err
		}
		if len(taken.Refused) > 0 {
			told = taken.Refused[0].Code
		}
	}
	if told != "" {
		return h.showDay(c, 422, web.Message(c.Visit.Locale, told, "most", sitting.MostText), "")
	}
	return c.SeeOther(h.back(c, slug))
}

// back leads to the item that the form stood in, and to the turn that it was about.
func (h handlers) back(c *web.Ctx, slug string) string {
	path := "/staff/meetings/" + slug + "/day"
	q := url.Values{}
	if item := c.Form("page"); item != "" {
		q.Set("item", item)
	}
	switch sitting.Kind(c.Form("kind")) {
	case sitting.Start, "statement", sitting.Sign, sitting.Later, sitting.Reply:
		q.Set("entry", c.Form("entry"))
	}
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	return path
}

// actsOf makes acts of a form; told is a fault to show.
func (h handlers) actsOf(c *web.Ctx, slug string) (acts []sitting.Act, told string, err error) {
	a := sitting.Act{
		ID: "form-" + c.Form("once"), Kind: sitting.Kind(c.Form("kind")), At: c.Now(), Device: "desk-" + c.Who().Key(),
		Seat: c.Form("seat"), Item: c.Form("item"), Entry: c.Form("entry"), Seats: c.FormAll("seats"), For: c.Form("for"), Way: c.Form("way"),
		Text: c.Form("text"), Result: c.Form("result"), Base: c.Form("base"),
	}
	switch {
	case a.Kind == "statement":
		return statementActs(c, a), "", nil
	case a.Kind == sitting.Sign:
		a.Points, a.Own = pointsOf(c), sitting.Paragraphs(c.Form("own"), "")
		a.Text = ""
	case a.Kind == sitting.CheckIn && a.Seat == "":
		if a.Seat, err = h.Sittings.SeatOf(c.UserContext(), c.Who(), slug, c.Form("code")); fault.Is(err, fault.Invalid) {
			return nil, "sitting.code_unknown", nil
		}
	}
	return []sitting.Act{a}, "", err
}

// statementActs keeps the words, and ends the turn when the button says so.
func statementActs(c *web.Ctx, a sitting.Act) []sitting.Act {
	words := a
	words.Kind, words.ID, words.Points = sitting.Words, a.ID+"-w", sitting.Paragraphs(c.Form("words"), c.Form("provision"))
	out := []sitting.Act{words}
	add := func(kind sitting.Kind, mark string) {
		x := a
		x.Kind, x.ID, x.Base = kind, a.ID+mark, ""
		x.At = a.At.Add(time.Duration(len(out)) * time.Millisecond)
		out = append(out, x)
	}
	switch c.Form("then") {
	case "stop":
		add(sitting.Stop, "-s")
	case "later":
		add(sitting.Stop, "-s")
		add(sitting.Later, "-l")
	}
	return out
}

func pointsOf(c *web.Ctx) []sitting.Point {
	provisions := c.FormAll("point_provision")
	var out []sitting.Point
	for i, text := range c.FormAll("point") {
		p := sitting.Point{Text: text}
		if i < len(provisions) {
			p.Provision = provisions[i]
		}
		out = append(out, p)
	}
	return out
}

// acts takes what a device kept: a form field acts with a JSON list, so that the
// guard of forms holds for it too. now is the device's clock.
func (h handlers) acts(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	if err := h.Sittings.Require(c.UserContext(), c.Who(), slug, sitting.PermissionRecord); err != nil {
		return err
	}
	var list []sitting.Act
	if err := json.Unmarshal([]byte(c.Form("acts")), &list); err != nil {
		return fault.Wrap(err, fault.Malformed, "sitting.acts_unreadable")
	}
	now, err := time.Parse(time.RFC3339, c.Form("now"))
	if err != nil {
		now = time.Time{}
	}
	taken, err := h.Sittings.Take(c.UserContext(), c.Who(), slug, now, list)
	if err != nil {
		return err
	}
	type refused struct {
		ID      string `json:"id"`
		Code    string `json:"code"`
		Message string `json:"message"`
	}
	out := struct {
		Stored  []string  `json:"stored"`
		Refused []refused `json:"refused"`
	}{slices.Clone(taken.Stored), []refused{}}
	for _, r := range taken.Refused {
		out.Refused = append(out.Refused, refused{r.ID, r.Code, web.Message(c.Visit.Locale, r.Code, "most", sitting.MostText)})
	}
	c.NoStore()
	return c.Answer(200, out)
}

// link shows a speaker's link once.
func (h handlers) link(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	token, err := h.Sittings.LinkFor(c.UserContext(), c.Who(), slug, c.Form("entry"))
	if err != nil {
		return err
	}
	return h.showDay(c, 200, "", c.Visit.Base+"/s/"+token)
}

// file takes a written statement.
func (h handlers) file(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	if err := h.Sittings.Require(c.UserContext(), c.Who(), slug, sitting.PermissionRecord); err != nil {
		return err
	}
	f, err := c.Upload("file", sitting.MostFile)
	if invalid, ok := fault.AsInvalid(err); ok {
		return h.showDay(c, 422, web.Message(c.Visit.Locale, invalid.Fields[0].Code, invalid.Fields[0].Args...), "")
	}
	if err != nil {
		return err
	}
	if f == nil {
		return h.showDay(c, 422, c.T("error.sitting.act_file"), "")
	}
	a := sitting.Act{ID: "form-" + c.Form("once"), At: c.Now(), Device: "desk-" + c.Who().Key(), Seat: c.Form("seat"), Item: c.Form("item"), Entry: c.Form("entry")}
	err = h.Sittings.Attach(c.UserContext(), c.Who(), slug, a, sitting.File{Name: f.Name, MediaType: f.MediaType, Data: f.Data})
	if invalid, ok := fault.AsInvalid(err); ok {
		return h.showDay(c, 422, web.Message(c.Visit.Locale, invalid.Fields[0].Code), "")
	}
	if err != nil {
		return err
	}
	return c.SeeOther("/staff/meetings/" + slug + "/day?item=" + url.QueryEscape(a.Item) + "&entry=" + url.QueryEscape(a.Entry))
}

func (h handlers) download(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	id, err := c.IDParam("id")
	if err != nil {
		return err
	}
	f, err := h.Sittings.OpenFile(c.UserContext(), c.Who(), slug, id)
	if err != nil {
		return err
	}
	c.NoStore()
	c.Set("Content-Type", f.MediaType)
	c.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(f.Name))
	return c.Send(f.Data)
}

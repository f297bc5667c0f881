package deskweb

import (
	"errors"
	"strings"
	"time"

	"guangyi/internal/desk"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
	"guangyi/internal/submission"
)

func (h handlers) api(s *web.Site) {
	const all = web.APIPrefix + "/consultations/:slug/entries"
	s.Get(all, h.apiList)
	s.Post(all, h.apiEnter)
	s.Get(all+"/:entry", h.apiOne)
	s.Post(all+"/:entry/events", h.apiEvent)
}

// entryItem is an entry for programs. Its content is there for who enters at this
// desk, and its secret only in the answer that made it a submission.
type entryItem struct {
	ID         string     `json:"id"`
	State      desk.State `json:"state"`
	Way        desk.Way   `json:"way"`
	Channel    string     `json:"channel"`
	Points     int64      `json:"points"`
	Signers    int64      `json:"signers"`
	Late       bool       `json:"late"`
	Check      bool       `json:"check"`
	Corrected  bool       `json:"corrected"`
	Receipt    string     `json:"receipt"`
	Secret     string     `json:"secret,omitempty"`
	Submission string     `json:"submission"`
	Reason     string     `json:"reason"`
	CreatedAt  time.Time  `json:"created_at"`
	Version    int64      `json:"version"`
	Content    *entryBody `json:"content,omitempty"`
}

// entryBody is what was typed of one paper.
type entryBody struct {
	Way        desk.Way     `json:"way"`
	Day        string       `json:"day"`
	Title      string       `json:"title"`
	Sender     desk.Sender  `json:"sender"`
	Signers    []string     `json:"signers"`
	Points     []desk.Point `json:"points"`
	Number     string       `json:"number"`
	ReceivedOn string       `json:"received_on"`
	ReceivedAt string       `json:"received_at"`
	PostedOn   string       `json:"posted_on"`
	Late       bool         `json:"late"`
	Check      bool         `json:"check"`
	Note       string       `json:"note"`
	Distinct   bool         `json:"distinct"`
}

func itemOf(e desk.Entry) entryItem {
	out := entryItem{ID: ids.Format(e.ID), State: e.State, Way: e.Way, Channel: e.Way.Channel(), Points: e.Points, Signers: e.Signers, Late: e.Late,
		Check: e.Drawn, Corrected: e.Corrected, Receipt: e.Receipt, Reason: e.Reason, CreatedAt: e.CreatedAt.UTC(), Version: e.Version}
	if e.SubmissionID != 0 {
		out.Submission = ids.Format(e.SubmissionID)
	}
	return out
}

func (h handlers) apiList(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	limit, cursor := c.Page(100, 1000)
	_, p, err := h.Desk.List(c.UserContext(), c.Who(), slug, desk.Filter{State: desk.State(c.QueryText("state")), Limit: limit, Cursor: cursor})
	if err != nil {
		return err
	}
	out := make([]entryItem, len(p.Items))
	for i, e := range p.Items {
		out[i] = itemOf(e)
	}
	return c.List(out, p.Next)
}

func (h handlers) apiOne(c *web.Ctx) error {
	slug, id, err := place(c, "entry")
	if err != nil {
		return err
	}
	w, err := h.Desk.One(c.UserContext(), c.Who(), slug, id)
	if err != nil {
		return err
	}
	out := itemOf(w.Entry)
	x := w.Content
	out.Content = &entryBody{Way: w.Way, Day: w.Batch.Day, Title: w.Batch.Title, Sender: x.Sender, Signers: x.Signers, Points: x.Points, Number: x.Number,
		ReceivedOn: x.ReceivedOn, ReceivedAt: x.ReceivedAt, PostedOn: x.PostedOn, Late: x.Late, Check: x.Check, Note: x.Note}
	if out.Content.Signers == nil {
		out.Content.Signers = []string{}
	}
	if out.Content.Points == nil {
		out.Content.Points = []desk.Point{}
	}
	c.NoStore()
	return c.Answer(200, out)
}

// apiEnter takes in one paper. The Idempotency-Key is the entry's: sent again it gives
// the same entry and receipt.
func (h handlers) apiEnter(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	if _, err := h.Desk.Place(c.UserContext(), c.Who(), slug, desk.PermissionEnter); err != nil {
		return err
	}
	var body entryBody
	if err := c.ReadJSON(&body); err != nil {
		return err
	}
	key := strings.TrimSpace(c.Get("Idempotency-Key"))
	if key == "" {
		return fault.Fields{{Name: "idempotency_key", Code: "desk.key"}}.Err()
	}
	if body.Day == "" {
		body.Day = body.ReceivedOn
	}
	if body.ReceivedOn == "" {
		body.ReceivedOn = body.Day
	}
	b, err := h.Desk.BatchFor(c.UserContext(), c.Who(), slug, desk.Batch{Way: body.Way, Day: body.Day, Title: body.Title})
	if err != nil {
		return err
	}
	done, err := h.Desk.Finish(c.UserContext(), c.Who(), slug, b.ID, desk.In{Key: "api-" + key, Distinct: body.Distinct, Content: desk.Content{
		Sender: body.Sender, Signers: body.Signers, Points: body.Points, Number: body.Number, ReceivedOn: body.ReceivedOn, ReceivedAt: body.ReceivedAt,
		PostedOn: body.PostedOn, Late: body.Late, Check: body.Check, Note: body.Note,
	}})
	if err := duplicateFault(err); err != nil {
		return err
	}
	out := itemOf(done.Entry)
	if done.Receipt != nil {
		out.Secret = done.Receipt.Secret
	}
	c.NoStore()
	return c.Answer(201, out)
}

// duplicateFault makes a conflict of what looks like the same letter; its fields name
// the entries and receipts.
func duplicateFault(err error) error {
	var twice *desk.DuplicateError
	if !errors.As(err, &twice) {
		return err
	}
	f := fault.New(fault.Conflict, "desk.twice", "count", len(twice.List))
	for _, d := range twice.List {
		name := d.Receipt
		if name == "" {
			name = ids.Format(d.Entry)
		}
		f.Fields = append(f.Fields, fault.Field{Name: "entries." + name, Code: "desk.twice_" + d.Why, Args: []any{"percent", d.Alike}})
	}
	return f
}

// eventBody is something done to an entry. Of a check: the key fields and texts as the
// second person has them; what is absent agrees with what was typed.
type eventBody struct {
	Event   string       `json:"event"`
	Reason  string       `json:"reason"`
	Note    string       `json:"note"`
	Version int64        `json:"version"`
	Sender  *desk.Sender `json:"sender"`
	Signers *[]string    `json:"signers"`
	Posted  *string      `json:"posted_on"`
	Points  []desk.Point `json:"points"`
}

func (h handlers) apiEvent(c *web.Ctx) error {
	slug, id, err := place(c, "entry")
	if err != nil {
		return err
	}
	if _, err := h.Desk.Place(c.UserContext(), c.Who(), slug, desk.PermissionEnter); err != nil {
		return err
	}
	var body eventBody
	if err := c.ReadJSON(&body); err != nil {
		return err
	}
	ctx, who := c.UserContext(), c.Who()
	var e desk.Entry
	var receipt *submission.Receipt
	switch desk.Event(body.Event) {
	case desk.Confirm:
		var done desk.Done
		done, err = h.apiCheck(c, slug, id, body)
		e, receipt = done.Entry, done.Receipt
	case desk.Take:
		var done desk.Done
		done, err = h.Desk.TakeChecked(ctx, who, slug, id)
		e, receipt = done.Entry, done.Receipt
	case desk.Back:
		e, err = h.Desk.Return(ctx, who, slug, id, body.Note)
	case desk.Discard:
		e, err = h.Desk.Discard(ctx, who, slug, id, body.Reason)
	case desk.Restore:
		e, err = h.Desk.Restore(ctx, who, slug, id)
	case "remark":
		e, err = h.Desk.Remark(ctx, who, slug, id, body.Note)
	default:
		err = fault.Fields{{Name: "event", Code: "desk.event"}}.Err()
	}
	if err != nil {
		return err
	}
	out := itemOf(e)
	if receipt != nil {
		out.Secret = receipt.Secret
	}
	c.NoStore()
	return c.Answer(200, out)
}

// apiCheck confirms with the second person's wording wherever it differs.
func (h handlers) apiCheck(c *web.Ctx, slug string, id int64, body eventBody) (desk.Done, error) {
	e, err := h.Desk.ForCheck(c.UserContext(), c.Who(), slug, id)
	if err != nil {
		return desk.Done{}, err
	}
	x := e.Content
	if body.Sender != nil {
		x.Sender = *body.Sender
	}
	if body.Signers != nil {
		x.Signers = *body.Signers
	}
	if body.Posted != nil {
		x.PostedOn = *body.Posted
	}
	for i, p := range body.Points {
		if i < len(x.Points) {
			x.Points[i] = p
		}
	}
	r := desk.Reading{Name: x.Sender.Name, Unit: x.Sender.Unit, Phone: x.Sender.Phone, Email: x.Sender.Email, Address: x.Sender.Address, Signers: x.Signers, PostedOn: x.PostedOn}
	for _, p := range x.Points {
		r.Provisions, r.Texts, r.Proposed = append(r.Provisions, p.Provision), append(r.Texts, p.Text), append(r.Proposed, p.Proposed)
	}
	_, found, err := h.Desk.Compare(c.UserContext(), c.Who(), slug, id, r)
	if err != nil {
		return desk.Done{}, err
	}
	choose := desk.Choices{}
	for _, f := range found {
		choose[f.Field] = desk.Second
	}
	return h.Desk.Settle(c.UserContext(), c.Who(), slug, id, body.Version, r, choose)
}

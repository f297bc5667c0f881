package moderationweb

import (
	"strconv"
	"time"

	"guangyi/internal/moderation"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
	"guangyi/internal/submission"
)

// entryItem is a submission in a pile.
type entryItem struct {
	ID         string           `json:"id"`
	Receipt    string           `json:"receipt"`
	Channel    string           `json:"channel"`
	Language   string           `json:"language"`
	State      submission.State `json:"state"`
	Held       string           `json:"held"`
	ReceivedAt time.Time        `json:"received_at"`
	Beginning  string           `json:"beginning"`
}

func (h handlers) apiQueue(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	limit, cursor := c.Page(100, 1000)
	q, err := h.Moderation.Queue(c.UserContext(), c.Who(), slug, cmpOr(pileOf(c), moderation.PileHeld), cursor, limit)
	if err != nil {
		return err
	}
	items := make([]entryItem, len(q.Entries))
	for i, e := range q.Entries {
		items[i] = entryItem{ids.Format(e.ID), e.Receipt, e.Channel, e.Lang, e.State, e.Held, e.ReceivedAt.UTC(), e.Beginning}
	}
	return c.List(items, q.Next)
}

type maskItem struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Kind  string `json:"kind"`
}

type masksItem struct {
	Text     []maskItem `json:"text"`
	Proposed []maskItem `json:"proposed_text"`
}

type shownItem struct {
	ID           string    `json:"id"`
	Provision    string    `json:"provision"`
	Text         string    `json:"text"`
	ProposedText string    `json:"proposed_text"`
	Public       bool      `json:"public"`
	Waiting      bool      `json:"waiting"`
	Withheld     string    `json:"withheld"`
	Masks        masksItem `json:"masks"`
	Proposals    masksItem `json:"proposals"`
}

type actItem struct {
	ID     string         `json:"id"`
	Act    moderation.Act `json:"act"`
	Reason string         `json:"reason"`
	Words  string         `json:"words"`
	By     string         `json:"by"`
	At     time.Time      `json:"at"`
	Undone bool           `json:"undone"`
}

type openedItem struct {
	ID       string           `json:"id"`
	Receipt  string           `json:"receipt"`
	State    submission.State `json:"state"`
	Held     string           `json:"held"`
	Seen     string           `json:"seen"`
	Comments []shownItem      `json:"comments"`
	Acts     []actItem        `json:"acts"`
}

func (h handlers) apiOne(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	id, err := c.IDParam("id")
	if err != nil {
		return err
	}
	return h.apiOpened(c, slug, id)
}

func (h handlers) apiOpened(c *web.Ctx, slug string, id int64) error {
	o, err := h.Moderation.Open(c.UserContext(), c.Who(), slug, id)
	if err != nil {
		return err
	}
	out := openedItem{
		ID: ids.Format(id), Receipt: o.Letter.Receipt, State: o.Standing.State, Held: o.Standing.Held, Seen: ids.Format(o.Last),
		Comments: []shownItem{}, Acts: []actItem{},
	}
	for i, one := range o.Comments {
		s := o.Standing.Comments[i]
		out.Comments = append(out.Comments, shownItem{
			ids.Format(one.ID), one.Provision, one.Text, one.ProposedText, s.Public, s.Waiting, s.Withheld, masks(s.Masks), masks(o.Proposed[one.ID]),
		})
	}
	for _, e := range o.Events {
		out.Acts = append(out.Acts, actItem{ids.Format(e.ID), e.Act, e.Reason, e.Words, e.ActorName, e.At.UTC(), e.Undone})
	}
	return c.Answer(200, out)
}

func masks(m submission.Masks) masksItem {
	list := func(in []submission.Mask) []maskItem {
		out := make([]maskItem, len(in))
		for i, one := range in {
			out[i] = maskItem(one)
		}
		return out
	}
	return masksItem{list(m.Text), list(m.Proposed)}
}

// decideBody is an act. masks by a comment's id are what a person accepted instead
// of the detected ones; seen is that of the submission as it was read.
type decideBody struct {
	Act     moderation.Act       `json:"act"`
	Comment string               `json:"comment"`
	Reason  string               `json:"reason"`
	Words   string               `json:"words"`
	Masks   map[string]masksItem `json:"masks"`
	Seen    string               `json:"seen"`
}

func (h handlers) apiDecide(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	id, err := c.IDParam("id")
	if err != nil {
		return err
	}
	if err := h.may(c, slug); err != nil {
		return err
	}
	var body decideBody
	if err := c.ReadJSON(&body); err != nil {
		return err
	}
	d, err := body.decision()
	if err != nil {
		return err
	}
	if _, err := h.Moderation.Decide(c.UserContext(), c.Who(), slug, id, d); err != nil {
		return err
	}
	return h.apiOpened(c, slug, id)
}

func (b decideBody) decision() (moderation.Decision, error) {
	d := moderation.Decision{Act: b.Act, Reason: b.Reason, Words: b.Words}
	var f fault.Fields
	read := func(field, text string) int64 {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil && text != "" {
			f.Add(field, "moderation.comment")
		}
		return n
	}
	d.Comment = read("comment", b.Comment)
	if b.Seen != "" {
		seen := read("seen", b.Seen)
		d.Seen = &seen
	}
	for name, m := range b.Masks {
		if d.Masks == nil {
			d.Masks = map[int64]submission.Masks{}
		}
		var one submission.Masks
		for _, x := range m.Text {
			one.Text = append(one.Text, submission.Mask(x))
		}
		for _, x := range m.Proposed {
			one.Proposed = append(one.Proposed, submission.Mask(x))
		}
		d.Masks[read("masks", name)] = one
	}
	return d, f.Err()
}

package adoptionweb

import (
	"time"

	"guangyi/internal/adoption"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
)

// comment is a comment of a suggestion.
type comment struct {
	ID           string    `json:"id"`
	Receipt      string    `json:"receipt"`
	Provision    string    `json:"provision"`
	DraftVersion int       `json:"draft_version"`
	Text         string    `json:"text"`
	ProposedText string    `json:"proposed_text"`
	Lang         string    `json:"lang"`
	Channel      string    `json:"channel"`
	Kind         string    `json:"kind"`
	Public       bool      `json:"public"`
	ReceivedAt   time.Time `json:"received_at"`
	Version      int64     `json:"version"`
}

func (h handlers) apiComments(c *web.Ctx) error {
	id, err := c.IDParam("id")
	if err != nil {
		return err
	}
	limit, cursor := c.Page(apiUsual, apiMost)
	list, next, err := h.adoption.Comments(c.UserContext(), c.Who(), id, cursor, limit)
	if err != nil {
		return err
	}
	items := make([]comment, len(list))
	for i, w := range list {
		items[i] = comment{ids.Format(w.ID), w.Receipt, w.Provision, w.DraftVersion, w.Text, w.ProposedText, w.Lang, w.Channel,
			w.SubmitterKind, w.Public, w.ReceivedAt, w.Version}
	}
	return c.List(items, next)
}

// apiMove adds comments to a suggestion, releases some, or moves some from others.
func (h handlers) apiMove(c *web.Ctx) error {
	id, err := c.IDParam("id")
	if err != nil {
		return err
	}
	var in struct {
		Add     idList `json:"add"`
		Move    idList `json:"move"`
		Release idList `json:"release"`
	}
	if err := c.ReadJSON(&in); err != nil {
		return err
	}
	ctx, who := c.UserContext(), c.Who()
	var of adoption.Suggestion
	switch {
	case len(in.Release) > 0:
		of, err = h.adoption.Release(ctx, who, id, in.Release)
	case len(in.Move) > 0:
		of, err = h.adoption.AddComments(ctx, who, id, append(in.Move, in.Add...), true)
	default:
		of, err = h.adoption.AddComments(ctx, who, id, in.Add, false)
	}
	return answer(c, 200, of, err)
}

func (h handlers) apiMerge(c *web.Ctx) error {
	id, err := c.IDParam("id")
	if err != nil {
		return err
	}
	var in struct {
		From    string `json:"from"`
		Version int64  `json:"version"`
	}
	if err := c.ReadJSON(&in); err != nil {
		return err
	}
	from, _ := ids.Parse(in.From)
	of, err := h.adoption.Merge(c.UserContext(), c.Who(), id, from, in.Version)
	return answer(c, 200, of, err)
}

// line is a rule of the balance.
type line struct {
	Rule    adoption.Rule `json:"rule"`
	Left    int           `json:"left"`
	Right   int           `json:"right"`
	Holds   bool          `json:"holds"`
	Missing []gap         `json:"missing"`
	More    int           `json:"more"`
}

// gap is one record that lacks something.
type gap struct {
	Field  string `json:"field"`
	Reason string `json:"reason"`
	Number int    `json:"number,omitempty"`
}

func (h handlers) apiBalance(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	b, err := h.adoption.Balance(c.UserContext(), c.Who(), slug)
	if err != nil {
		return err
	}
	lines := make([]line, len(b.Lines))
	for i, l := range b.Lines {
		lines[i] = line{l.Rule, l.Left, l.Right, l.Holds, make([]gap, len(l.Missing)), l.More}
		for k, g := range l.Missing {
			lines[i].Missing[k] = gap{g.Name(), g.Reason, g.Number}
		}
	}
	return c.Answer(200, map[string]any{"balanced": b.Holds(), "gaps": b.Gaps(), "rules": lines})
}

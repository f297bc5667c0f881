package adoptionweb

import (
	"encoding/json"
	"reflect"
	"time"

	"guangyi/internal/adoption"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
)

// How many items a list of the API holds.
const (
	apiUsual = 100
	apiMost  = 1000
)

// item is a suggestion as staff programs see it.
type item struct {
	ID          string         `json:"id"`
	Number      int            `json:"number"`
	Text        string         `json:"text"`
	Lang        string         `json:"lang"`
	State       adoption.State `json:"state"`
	Provision   string         `json:"provision"`
	Disposition adoption.Code  `json:"disposition"`
	Reason      string         `json:"reason"`
	ReasonLang  string         `json:"reason_lang"`
	Provisions  []string       `json:"provisions"`
	Note        string         `json:"note"`
	Comments    int            `json:"comments"`
	Submissions int            `json:"submissions"`
	People      int            `json:"people"`
	UpdatedAt   time.Time      `json:"updated_at"`
	Version     int64          `json:"version"`
}

func itemOf(s adoption.Suggestion) item {
	provisions := s.Provisions
	if provisions == nil {
		provisions = []string{}
	}
	return item{ids.Format(s.ID), s.Number, s.Text, s.Lang, s.State, s.About, s.Disposition, s.Reason, s.ReasonLang, provisions,
		s.Note, s.Comments, s.Submissions, s.People, s.UpdatedAt, s.Version}
}

// answer writes a suggestion, or the refusal.
func answer(c *web.Ctx, status int, of adoption.Suggestion, err error) error {
	if err != nil {
		return err
	}
	return c.Answer(status, itemOf(of))
}

// idList reads identifiers, which are strings; numbers are taken too. What is no
// identifier becomes 0, which the domain refuses by its place in the list.
type idList []int64

// UnmarshalJSON reads the list.
func (l *idList) UnmarshalJSON(raw []byte) error {
	var items []json.RawMessage
	if err := json.Unmarshal(raw, &items); err != nil {
		return &json.UnmarshalTypeError{Value: "value", Type: reflect.TypeFor[[]string]()}
	}
	out := make(idList, len(items))
	for i, one := range items {
		var text string
		if json.Unmarshal(one, &text) != nil {
			text = string(one)
		}
		out[i], _ = ids.Parse(text)
	}
	*l = out
	return nil
}

func (h handlers) apiList(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	limit, cursor := c.Page(apiUsual, apiMost)
	list, next, err := h.adoption.List(c.UserContext(), c.Who(), slug, adoption.Filter{Limit: limit, After: int(min(cursor, 1<<31)),
		State: stateOf(c.QueryText("state")), Disposition: codeOf(c.QueryText("disposition")), Text: c.QueryText("q")})
	if err != nil {
		return err
	}
	items := make([]item, len(list))
	for i, one := range list {
		items[i] = itemOf(one)
	}
	return c.List(items, int64(next))
}

func (h handlers) apiOne(c *web.Ctx) error {
	id, err := c.IDParam("id")
	if err != nil {
		return err
	}
	seen, err := h.adoption.See(c.UserContext(), c.Who(), id)
	return answer(c, 200, seen.Suggestion, err)
}

func (h handlers) apiGather(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	var in struct {
		Text     string `json:"text"`
		Lang     string `json:"lang"`
		Comments idList `json:"comments"`
		Move     bool   `json:"move"`
	}
	if err := c.ReadJSON(&in); err != nil {
		return err
	}
	of, err := h.adoption.Gather(c.UserContext(), c.Who(), slug, adoption.In{Text: in.Text, Lang: in.Lang, Comments: in.Comments, Move: in.Move})
	return answer(c, 201, of, err)
}

func (h handlers) apiEdit(c *web.Ctx) error {
	id, err := c.IDParam("id")
	if err != nil {
		return err
	}
	var in struct {
		Text    string `json:"text"`
		Lang    string `json:"lang"`
		Version int64  `json:"version"`
	}
	if err := c.ReadJSON(&in); err != nil {
		return err
	}
	of, err := h.adoption.Edit(c.UserContext(), c.Who(), id, adoption.Wording{Text: in.Text, Lang: in.Lang}, in.Version)
	return answer(c, 200, of, err)
}

func (h handlers) apiDrop(c *web.Ctx) error {
	id, err := c.IDParam("id")
	if err != nil {
		return err
	}
	if err := h.adoption.Drop(c.UserContext(), c.Who(), id, version(c.QueryText("version"))); err != nil {
		return err
	}
	return c.SendStatus(204)
}

func (h handlers) apiDispose(c *web.Ctx) error {
	id, err := c.IDParam("id")
	if err != nil {
		return err
	}
	var in struct {
		Disposition adoption.Code `json:"disposition"`
		Reason      string        `json:"reason"`
		ReasonLang  string        `json:"reason_lang"`
		Provisions  []string      `json:"provisions"`
		Version     int64         `json:"version"`
	}
	if err := c.ReadJSON(&in); err != nil {
		return err
	}
	of, err := h.adoption.Dispose(c.UserContext(), c.Who(), id,
		adoption.Disposition{Code: in.Disposition, Reason: in.Reason, ReasonLang: in.ReasonLang, Provisions: in.Provisions}, in.Version)
	return answer(c, 200, of, err)
}

func (h handlers) apiEvent(c *web.Ctx) error {
	id, err := c.IDParam("id")
	if err != nil {
		return err
	}
	var in struct {
		Event   adoption.Event `json:"event"`
		Note    string         `json:"note"`
		Version int64          `json:"version"`
	}
	if err := c.ReadJSON(&in); err != nil {
		return err
	}
	of, err := h.adoption.Apply(c.UserContext(), c.Who(), id, in.Event, in.Note, in.Version)
	return answer(c, 200, of, err)
}

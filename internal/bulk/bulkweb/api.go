package bulkweb

import (
	"encoding/json"
	"time"

	"guangyi/internal/bulk"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
	"guangyi/internal/submission"
)

// item is a table for programs.
type item struct {
	ID        string               `json:"id"`
	State     string               `json:"state"`
	Name      string               `json:"name"`
	SHA256    string               `json:"sha256"`
	Channel   string               `json:"channel"`
	Columns   submission.Columns   `json:"columns"`
	Header    []string             `json:"header"`
	Tried     *submission.Imported `json:"tried"` // null before the trial
	Line      int                  `json:"line"`
	Seen      int                  `json:"seen"`
	Taken     int                  `json:"taken"`
	Repeated  int                  `json:"repeated"`
	Refused   int                  `json:"refused"`
	Failure   string               `json:"failure"`
	CreatedAt time.Time            `json:"created_at"`
	UpdatedAt time.Time            `json:"updated_at"`
	Findings  int                  `json:"findings"` // of the last pass
	First     []finding            `json:"first_findings,omitempty"`
}

type finding struct {
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Name    string `json:"name"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

func itemOf(j bulk.Job) item {
	x := item{ID: ids.Format(j.ID), State: string(j.State), Name: j.Name, SHA256: j.File, Channel: j.Channel, Columns: j.Columns, Header: j.Header,
		Tried: j.Tried, Line: j.Line, Seen: j.Seen, Taken: j.Taken, Repeated: j.Repeated, Refused: j.Refused, Failure: j.Failure,
		CreatedAt: j.CreatedAt.UTC(), UpdatedAt: j.UpdatedAt.UTC(), Findings: j.ImportJob.Findings}
	if x.Columns == nil {
		x.Columns = submission.Columns{}
	}
	if x.Header == nil {
		x.Header = []string{}
	}
	return x
}

func (h handlers) apiList(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	_, jobs, err := h.List(c.UserContext(), c.Who(), slug)
	if err != nil {
		return err
	}
	out := make([]item, len(jobs))
	for n, j := range jobs {
		out[n] = itemOf(j)
	}
	return c.List(out, 0)
}

// apiUpload keeps a table and has it tried: fields file, channel, and columns, a
// JSON object of field to column where the names do not tell.
func (h handlers) apiUpload(c *web.Ctx) error {
	j, err := h.take(c)
	if err != nil {
		return err
	}
	said, err := h.Propose(c.UserContext(), j)
	if err != nil {
		return err
	}
	if given := c.Form("columns"); given != "" {
		said.Columns = nil
		if json.Unmarshal([]byte(given), &said.Columns) != nil {
			return fault.Fields{{Name: "columns", Code: "bulk.no_column"}}.Err()
		}
	}
	if given := c.Form("channel"); given != "" {
		said.Channel = given
	}
	slug, _ := c.Slug() // take has read it
	id, err := h.Confirm(c.UserContext(), c.Who(), slug, j.ID, said.Channel, said.Columns)
	if err != nil {
		return err
	}
	return h.answer(c, 202, slug, id)
}

func (h handlers) answer(c *web.Ctx, status int, slug string, id int64) error {
	_, j, err := h.One(c.UserContext(), c.Who(), slug, id)
	if err != nil {
		return err
	}
	x := itemOf(j)
	found, err := h.Findings(c.UserContext(), j, shownFindings)
	if err != nil {
		return err
	}
	for _, f := range found {
		x.First = append(x.First, finding{f.Line, f.Column, f.Name, f.Code, web.Message(c.Visit.Locale, f.Code, f.Args...)})
	}
	return c.Answer(status, x)
}

func (h handlers) apiTable(c *web.Ctx) error {
	x, j, err := h.one(c)
	if err != nil {
		return err
	}
	return h.answer(c, 200, x.Slug, j.ID)
}

func (h handlers) apiStart(c *web.Ctx) error {
	x, j, err := h.one(c)
	if err != nil {
		return err
	}
	if err := h.Start(c.UserContext(), c.Who(), x.Slug, j.ID); err != nil {
		return err
	}
	return h.answer(c, 202, x.Slug, j.ID)
}

func (h handlers) apiStop(c *web.Ctx) error {
	x, j, err := h.one(c)
	if err != nil {
		return err
	}
	if err := h.Stop(c.UserContext(), c.Who(), x.Slug, j.ID); err != nil {
		return err
	}
	return h.answer(c, 202, x.Slug, j.ID)
}

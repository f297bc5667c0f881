package bulkweb

import (
	"strconv"

	"guangyi/internal/bulk"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/sheet"
	"guangyi/internal/platform/web"
	"guangyi/internal/submission"
	"guangyi/views/bulkview"
	"guangyi/views/components"
	"guangyi/views/layouts"
)

// shownFindings is how many findings the page lists; the table to download has all
// that are kept.
const shownFindings = 200

// reloaded is after how many seconds a browser asks for a page of work again, also
// without script.
const reloaded = 5

func (h handlers) list(c *web.Ctx) error { return h.showList(c, 200, nil) }

func (h handlers) showList(c *web.Ctx, status int, faults []fault.Field) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	x, jobs, err := h.List(c.UserContext(), c.Who(), slug)
	if err != nil {
		return err
	}
	v := bulkview.List{C: x, Jobs: jobs}
	v.Faults, v.Errors = components.WordFaults(c.Visit.Locale, faults)
	p := page(c, x, c.T("bulk.title"))
	p.Errors = len(v.Errors) > 0
	return c.Render(status, bulkview.ListPage(p, v))
}

func page(c *web.Ctx, x consultation.Consultation, title string) layouts.Page {
	p := layouts.FromStaff(c.Visit, title)
	p.Section = "consultations"
	at := "/staff/consultations/" + x.Slug
	return p.Trail(
		components.Link{Text: c.T("site.staff.consultations"), Href: "/staff/consultations"},
		components.Link{Text: x.Title, Href: at},
		components.Link{Text: c.T("site.room.submissions"), Href: at + "/submissions"},
	)
}

func (h handlers) upload(c *web.Ctx) error {
	j, err := h.take(c)
	if f, ok := fault.AsInvalid(err); ok {
		return h.showList(c, 422, f.Fields)
	}
	if err != nil {
		return err
	}
	slug, _ := c.Slug() // take has read it
	return c.SeeOther(bulkview.Address(slug, j.ID))
}

// take keeps the file of a request.
func (h handlers) take(c *web.Ctx) (bulk.Job, error) {
	slug, err := c.Slug()
	if err != nil {
		return bulk.Job{}, err
	}
	// Who may not is told so before the body is looked at.
	if err := h.May(c.UserContext(), c.Who(), slug); err != nil {
		return bulk.Job{}, err
	}
	file, err := c.Upload("file", bulk.MaxSize)
	if err != nil {
		return bulk.Job{}, err
	}
	if file == nil {
		file = &web.File{}
	}
	return h.Upload(c.UserContext(), c.Who(), slug, file.Name, file.Data)
}

// one finds the table of an address.
func (h handlers) one(c *web.Ctx) (consultation.Consultation, bulk.Job, error) {
	slug, err := c.Slug()
	if err != nil {
		return consultation.Consultation{}, bulk.Job{}, err
	}
	id, err := c.IDParam("id")
	if err != nil {
		return consultation.Consultation{}, bulk.Job{}, err
	}
	return h.One(c.UserContext(), c.Who(), slug, id)
}

func (h handlers) table(c *web.Ctx) error {
	x, j, err := h.one(c)
	if err != nil {
		return err
	}
	if j.State == submission.ImportWaiting && j.Size > 0 {
		return h.showColumns(c, 200, x, j, nil, nil)
	}
	v := bulkview.Table{C: x, Job: j, Now: c.Now()}
	found, err := h.Findings(c.UserContext(), j, shownFindings)
	if err != nil {
		return err
	}
	v.Findings = worded(c, found)
	if j.Working() {
		c.Set("Refresh", strconv.Itoa(reloaded))
	}
	c.NoStore()
	p := page(c, x, c.T("bulk.one"))
	p.Breadcrumbs = append(p.Breadcrumbs, components.Link{Text: c.T("bulk.title"), Href: bulkview.Imports(x.Slug)})
	return c.Render(200, bulkview.TablePage(p, v))
}

func worded(c *web.Ctx, found []submission.Finding) []bulkview.Finding {
	out := make([]bulkview.Finding, len(found))
	for n, f := range found {
		out[n] = bulkview.Finding{Line: f.Line, Column: f.Column, Name: f.Name, Message: web.Message(c.Visit.Locale, f.Code, f.Args...)}
	}
	return out
}

// findings are what stands against the rows, as a table beside the file.
func (h handlers) findings(c *web.Ctx) error {
	x, j, err := h.one(c)
	if err != nil {
		return err
	}
	found, err := h.Findings(c.UserContext(), j, bulk.KeptFindings)
	if err != nil {
		return err
	}
	c.Set("Content-Type", sheet.CSV.MediaType())
	c.Set("Content-Disposition", `attachment; filename="`+x.Slug+`-findings-`+ids.Format(j.ID)+`.csv"`)
	c.NoStore()
	w, err := sheet.NewWriter(c.Response().BodyWriter(), sheet.CSV, []string{c.T("bulk.line"), c.T("bulk.column"), c.T("bulk.name"), c.T("bulk.what")})
	if err != nil {
		return err
	}
	for _, f := range worded(c, found) {
		if err := w.Write(f.Line, f.Column, f.Name, f.Message); err != nil {
			return err
		}
	}
	return w.Close()
}

func (h handlers) columns(c *web.Ctx) error {
	x, j, err := h.one(c)
	if err != nil {
		return err
	}
	if !j.Rests() || j.Begun() {
		return c.SeeOther(bulkview.Address(x.Slug, j.ID))
	}
	return h.showColumns(c, 200, x, j, nil, nil)
}

func (h handlers) showColumns(c *web.Ctx, status int, x consultation.Consultation, j bulk.Job, typed *bulk.Proposal, faults []fault.Field) error {
	v := bulkview.Columns{C: x, Job: j, Channels: bulk.Channels()}
	var err error
	if typed != nil {
		v.Proposal = *typed
	} else if v.Proposal, err = h.Propose(c.UserContext(), j); err != nil {
		return err
	}
	if v.Values, err = h.Values(c.UserContext(), j); err != nil {
		return err
	}
	v.Faults, v.Errors = components.WordFaults(c.Visit.Locale, faults)
	p := page(c, x, c.T("bulk.columns"))
	p.Breadcrumbs = append(p.Breadcrumbs, components.Link{Text: c.T("bulk.title"), Href: bulkview.Imports(x.Slug)})
	p.Errors = len(v.Errors) > 0
	c.NoStore()
	return c.Render(status, bulkview.ColumnsPage(p, v))
}

// confirm reads which field each column holds: column-0, column-1 … in the table's
// order.
func (h handlers) confirm(c *web.Ctx) error {
	x, j, err := h.one(c)
	if err != nil {
		return err
	}
	said := bulk.Proposal{Channel: c.Form("channel"), Columns: submission.Columns{}}
	var faults fault.Fields
	for n, name := range j.Header {
		field := c.Form("column-" + strconv.Itoa(n))
		if field == "" {
			continue
		}
		if said.Columns[field] != "" {
			faults.Add("column-"+strconv.Itoa(n), "bulk.twice", "name", said.Columns[field])
			continue
		}
		said.Columns[field] = name
	}
	id, err := j.ID, faults.Err()
	if err == nil {
		id, err = h.Confirm(c.UserContext(), c.Who(), x.Slug, j.ID, said.Channel, said.Columns)
	}
	if f, ok := fault.AsInvalid(err); ok {
		return h.showColumns(c, 422, x, j, &said, f.Fields)
	}
	if err != nil {
		return err
	}
	return c.SeeOther(bulkview.Address(x.Slug, id))
}

func (h handlers) start(c *web.Ctx) error {
	return h.act(c, func(slug string, id int64) error { return h.Start(c.UserContext(), c.Who(), slug, id) })
}

func (h handlers) stop(c *web.Ctx) error {
	return h.act(c, func(slug string, id int64) error { return h.Stop(c.UserContext(), c.Who(), slug, id) })
}

func (h handlers) act(c *web.Ctx, do func(slug string, id int64) error) error {
	x, j, err := h.one(c)
	if err != nil {
		return err
	}
	if err := do(x.Slug, j.ID); err != nil {
		return err
	}
	return c.SeeOther(bulkview.Address(x.Slug, j.ID))
}

func (h handlers) discard(c *web.Ctx) error {
	x, j, err := h.one(c)
	if err != nil {
		return err
	}
	if err := h.Discard(c.UserContext(), c.Who(), x.Slug, j.ID); err != nil {
		return err
	}
	c.SetNotice("bulk.discarded")
	return c.SeeOther(bulkview.Imports(x.Slug))
}

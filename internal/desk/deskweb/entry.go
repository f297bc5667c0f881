package deskweb

import (
	"crypto/rand"
	"strconv"
	"strings"

	"guangyi/internal/desk"
	"guangyi/internal/draft"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
	"guangyi/views/deskview"
)

func (h handlers) entry(c *web.Ctx) error { return h.showEntry(c, 200, nil) }

func (h handlers) showEntry(c *web.Ctx, status int, faults []fault.Field) error {
	slug, id, err := place(c, "entry")
	if err != nil {
		return err
	}
	v := deskview.EntryView{Key: "form-" + rand.Text(), Faults: faults}
	if v.W, err = h.Desk.One(c.UserContext(), c.Who(), slug, id); err != nil {
		return err
	}
	v.Own = v.W.TypedBy(c.Who().Key())
	if v.Names, err = h.names(c, v.W); err != nil {
		return err
	}
	if v.Tree, err = h.Drafts.Tree(c.UserContext(), v.W.Consultation.ID, draft.First); err != nil {
		return err
	}
	p := h.page(c, v.W.Consultation, c.T("desk.entry")+c.T("desk.colon")+v.W.Consultation.Title)
	p.Errors = len(faults) > 0
	return c.Render(status, deskview.EntryPage(p, v))
}

// names finds who typed and who checked.
func (h handlers) names(c *web.Ctx, w desk.Whole) (map[string]string, error) {
	keys := []string{w.Clerk, w.CheckedBy}
	for _, p := range w.Past {
		keys = append(keys, p.Actor)
	}
	at := map[int64]string{}
	var accounts []int64
	for _, k := range keys {
		if n, ok := strings.CutPrefix(k, "account:"); ok {
			if id, err := strconv.ParseInt(n, 10, 64); err == nil {
				at[id] = k
				accounts = append(accounts, id)
			}
		}
	}
	found, err := h.Consultations.People(c.UserContext(), accounts)
	out := map[string]string{}
	for id, name := range found {
		out[at[id]] = name
	}
	return out, err
}

// act does what a button of the entry's page says.
func (h handlers) act(c *web.Ctx) error {
	slug, id, err := place(c, "entry")
	if err != nil {
		return err
	}
	ctx, who := c.UserContext(), c.Who()
	if _, err := h.Desk.Place(ctx, who, slug, desk.PermissionEnter); err != nil {
		return err
	}
	e := desk.Entry{ID: id}
	switch c.Form("act") {
	case "discard":
		e, err = h.Desk.Discard(ctx, who, slug, id, c.Form("reason"))
	case "restore":
		e, err = h.Desk.Restore(ctx, who, slug, id)
	case "take":
		var done desk.Done
		done, err = h.Desk.TakeChecked(ctx, who, slug, id)
		e = done.Entry
	case "remark":
		e, err = h.Desk.Remark(ctx, who, slug, id, c.Form("remark"))
	case "correct":
		e, err = h.Desk.Correct(ctx, who, slug, id, c.Form("key"))
	default:
		return fault.New(fault.Malformed, "unreadable")
	}
	if f, ok := fault.AsInvalid(err); ok {
		return h.showEntry(c, 422, f.Fields)
	}
	if err != nil {
		return err
	}
	if e.State == desk.Draft {
		return c.SeeOther(deskview.Base(slug) + "/batches/" + ids.Format(e.BatchID) + "?entry=" + ids.Format(e.ID))
	}
	return c.SeeOther(deskview.Base(slug) + "/entries/" + ids.Format(e.ID))
}

// scan gives a scan. Only pictures are shown in the page; all else is a download.
func (h handlers) scan(c *web.Ctx) error {
	slug, id, err := place(c, "entry")
	if err != nil {
		return err
	}
	file, err := c.IDParam("scan")
	if err != nil {
		return err
	}
	a, r, err := h.Desk.OpenScan(c.UserContext(), c.Who(), slug, id, file)
	if err != nil {
		return err
	}
	for k, v := range a.Header() {
		c.Set(k, v)
	}
	c.NoStore()
	return c.SendStream(r, int(a.Size))
}

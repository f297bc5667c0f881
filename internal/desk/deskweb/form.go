package deskweb

import (
	"crypto/rand"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"guangyi/internal/attachment"
	"guangyi/internal/desk"
	"guangyi/internal/draft"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
	"guangyi/internal/submission"
	"guangyi/views/deskview"
)

// form shows an empty entry, or the draft named by ?entry=; ?done= names the entry
// that was just taken in.
func (h handlers) form(c *web.Ctx) error {
	f, err := h.blank(c)
	if err != nil {
		return err
	}
	if id, ok := ids.Parse(c.QueryText("entry")); ok {
		w, err := h.Desk.One(c.UserContext(), c.Who(), f.C.Slug, id)
		if err != nil {
			return err
		}
		if w.State != desk.Draft || w.BatchID != f.Sitting.ID {
			return c.SeeOther(deskview.Base(f.C.Slug) + "/entries/" + ids.Format(id))
		}
		show(&f, w.Entry)
		f.Kept = c.QueryText("kept") != ""
		if n := c.QueryText("at"); n != "" {
			f.Focus = n
		}
	}
	if id, ok := ids.Parse(c.QueryText("done")); ok {
		w, err := h.Desk.One(c.UserContext(), c.Who(), f.C.Slug, id)
		if err != nil {
			return err
		}
		f.Done = &w.Entry
	}
	return h.show(c, 200, f)
}

// show puts an entry into the form.
func show(f *deskview.Form, e desk.Entry) {
	f.Key, f.Entry, f.Version, f.Corrects, f.Content, f.Files = e.Key, e.ID, e.Version, e.CorrectsID, e.Content, e.Files
}

// blank begins the form of a batch.
func (h handlers) blank(c *web.Ctx) (deskview.Form, error) {
	f := deskview.Form{Key: "form-" + rand.Text(), Now: c.Now(), Papers: true, Focus: "name"}
	slug, id, err := place(c, "batch")
	if err != nil {
		return f, err
	}
	if f.C, err = h.Desk.Place(c.UserContext(), c.Who(), slug, desk.PermissionEnter); err != nil {
		return f, err
	}
	if f.Sitting, err = h.Desk.Sitting(c.UserContext(), c.Who(), slug, id); err != nil {
		return f, err
	}
	f.Content = desk.Content{ReceivedOn: f.Sitting.Day, Sender: desk.Sender{Kind: "individual"}}
	if !desk.Takes(f.C, c.Now()) {
		f.Refused = c.T("desk.shut.text")
	}
	f.Tree, err = h.Drafts.Tree(c.UserContext(), f.C.ID, draft.First)
	return f, err
}

func (h handlers) show(c *web.Ctx, status int, f deskview.Form) error {
	p := h.page(c, f.C, c.T("desk.way."+string(f.Sitting.Way))+c.T("desk.colon")+f.C.Title)
	p.Errors = len(f.Faults) > 0
	return c.Render(status, deskview.Enter(p, f))
}

// enter takes a form: act is take, keep, point, twice, remove-N of a point, unscan-ID
// of a scan, or enter: the key, where no script took it.
func (h handlers) enter(c *web.Ctx) error {
	f, err := h.blank(c)
	if err != nil {
		return err
	}
	in := typed(c)
	f.Key, f.Content, f.Version, f.Corrects = in.Key, in.Content, in.Version, in.Corrects
	act := c.Form("act")
	if n, ok := strings.CutPrefix(act, "remove-"); ok {
		in.Content.Points = without(in.Content.Points, n)
	}
	if n, ok := strings.CutPrefix(act, "unscan-"); ok {
		return h.unscan(c, f, in, n)
	}
	e, err := h.keep(c, f, in)
	if err != nil {
		return h.refused(c, f, err)
	}
	if e.ID != 0 {
		show(&f, e)
		in.Version = e.Version
	}
	switch {
	case act == "take", act == "enter" && !wordless(in.Content):
		return h.take(c, f, in)
	case act == "enter": // pressed in a field, with nothing said yet: on to the words
		f.Focus = "text-1"
		return h.show(c, 200, f)
	case act == "twice":
		if _, err := h.Desk.Discard(c.UserContext(), c.Who(), f.C.Slug, e.ID, "duplicate"); err != nil {
			return err
		}
		return c.SeeOther(here(f) + "?done=" + ids.Format(e.ID))
	case act == "point":
		f.Content.Points = append(f.Content.Points, desk.Point{})
		if len(f.Content.Points) == 1 {
			f.Content.Points = append(f.Content.Points, desk.Point{})
		}
		f.Focus = "provision-" + strconv.Itoa(len(f.Content.Points))
		return h.show(c, 200, f)
	case e.ID == 0:
		return h.show(c, 200, f)
	}
	return c.SeeOther(here(f) + "?kept=yes&entry=" + ids.Format(e.ID))
}

// unscan takes a scan off the draft; what was typed is kept with it.
func (h handlers) unscan(c *web.Ctx, f deskview.Form, in desk.In, which string) error {
	e, err := h.keep(c, f, in)
	if err != nil {
		return h.refused(c, f, err)
	}
	file, _ := ids.Parse(which)
	if _, err := h.Desk.RemoveScan(c.UserContext(), c.Who(), f.C.Slug, e.ID, file); err != nil {
		return err
	}
	return c.SeeOther(here(f) + "?kept=yes&at=file&entry=" + ids.Format(e.ID))
}

func wordless(c desk.Content) bool {
	return !slices.ContainsFunc(c.Points, func(p desk.Point) bool { return !submission.Blank(p.Text) })
}

func here(f deskview.Form) string {
	return deskview.Base(f.C.Slug) + "/batches/" + ids.Format(f.Sitting.ID)
}

// keep stores what was typed and the scans that came with it.
func (h handlers) keep(c *web.Ctx, f deskview.Form, in desk.In) (desk.Entry, error) {
	scans, err := scansOf(c)
	if err != nil {
		return desk.Entry{}, err
	}
	if len(scans) > 0 && in.Content.Note == "" && in.Content.Blank() {
		in.Content.Note = c.T("desk.scan.first")
	}
	e, err := h.Desk.Keep(c.UserContext(), c.Who(), f.C.Slug, f.Sitting.ID, in)
	if err != nil || e.ID == 0 || len(scans) == 0 {
		return e, err
	}
	if e.State != desk.Draft {
		return e, nil
	}
	return h.Desk.AddScans(c.UserContext(), c.Who(), f.C.Slug, e.ID, scans)
}

// take ends the typing of the entry.
func (h handlers) take(c *web.Ctx, f deskview.Form, in desk.In) error {
	in.Distinct = c.Form("seen") != ""
	done, err := h.Desk.Finish(c.UserContext(), c.Who(), f.C.Slug, f.Sitting.ID, in)
	if err != nil {
		if done.Entry.ID != 0 {
			show(&f, done.Entry)
		}
		return h.refused(c, f, err)
	}
	return c.SeeOther(here(f) + "?done=" + ids.Format(done.Entry.ID))
}

// refused shows the form again with all that was typed.
func (h handlers) refused(c *web.Ctx, f deskview.Form, err error) error {
	var twice *desk.DuplicateError
	if errors.As(err, &twice) {
		f.Duplicates, f.Focus = twice.List, ""
		return h.show(c, 409, f)
	}
	if x, ok := fault.AsInvalid(err); ok {
		f.Faults, f.Focus = x.Fields, ""
		return h.show(c, 422, f)
	}
	x, ok := fault.As(err)
	if !ok || x.Kind != fault.Conflict {
		return err
	}
	if x.Code != "stale" {
		f.Faults = []fault.Field{{Name: "comments", Code: x.Code, Args: x.Args}}
		return h.show(c, 409, f)
	}
	list, fail := h.Desk.ByKey(c.UserContext(), c.Who(), f.C.Slug, f.Key)
	if fail != nil {
		return fail
	}
	f.Stale, f.Entry, f.Version, f.Files = true, list.ID, list.Version, list.Files
	return h.show(c, 409, f)
}

// keepDraft keeps what was typed so far, for the page's script.
func (h handlers) keepDraft(c *web.Ctx) error {
	slug, id, err := place(c, "batch")
	if err != nil {
		return err
	}
	e, err := h.Desk.Keep(c.UserContext(), c.Who(), slug, id, typed(c))
	if err != nil {
		return err
	}
	c.NoStore()
	return c.Answer(200, struct {
		Entry   string `json:"entry"`
		Version int64  `json:"version"`
		State   string `json:"state"`
	}{ids.Format(e.ID), e.Version, string(e.State)})
}

// typed reads the form. A repeated field belongs to the point of its place.
func typed(c *web.Ctx) desk.In {
	in := desk.In{Key: c.Form("key"), Version: c.FormVersion()}
	in.Corrects, _ = ids.Parse(c.Form("corrects"))
	in.Content = desk.Content{
		Sender: desk.Sender{Kind: submission.Kind(c.Form("kind")), Name: c.Form("name"), Unit: c.Form("unit"), Phone: c.Form("phone"), Email: c.Form("email"), Address: c.Form("address"), Region: c.Form("region")},
		Number: c.Form("number"), ReceivedOn: c.Form("received_on"), ReceivedAt: c.Form("received_at"), PostedOn: c.Form("posted_on"), Note: c.Form("note"),
		Late: c.Form("late") != "", Check: c.Form("check") != "", Signers: strings.Split(strings.ReplaceAll(c.Form("signers"), "\r\n", "\n"), "\n"),
	}
	provisions, texts, proposed := c.FormAll("provision"), c.FormAll("text"), c.FormAll("proposed_text")
	for i := range min(max(len(provisions), len(texts)), submission.MostComments+1) {
		in.Content.Points = append(in.Content.Points, desk.Point{Provision: at(provisions, i), Text: at(texts, i), Proposed: at(proposed, i)})
	}
	return in
}

func at(list []string, i int) string {
	if i >= len(list) {
		return ""
	}
	return list[i]
}

func without(points []desk.Point, which string) []desk.Point {
	n, err := strconv.Atoi(which)
	if err != nil || n < 0 || n >= len(points) {
		return points
	}
	return append(append([]desk.Point(nil), points[:n]...), points[n+1:]...)
}

// scansOf reads the chosen files.
func scansOf(c *web.Ctx) ([]desk.Scan, error) {
	form, err := c.MultipartForm()
	if err != nil {
		return nil, nil // a form without files
	}
	var out []desk.Scan
	for _, head := range form.File["file"] {
		if head.Size == 0 {
			continue
		}
		if head.Size > attachment.MaxSize {
			return nil, fault.Fields{{Name: "file", Code: "file_too_large", Args: []any{"megabytes", attachment.MaxSize >> 20}}}.Err()
		}
		f, err := head.Open()
		if err != nil {
			return nil, err
		}
		data, err := io.ReadAll(f)
		if fail := f.Close(); err == nil {
			err = fail
		}
		if err != nil {
			return nil, err
		}
		out = append(out, desk.Scan{Name: head.Filename, Data: data})
	}
	return out, nil
}

// slip shows what one person takes home; slips those of a batch.
func (h handlers) slip(c *web.Ctx) error {
	slug, id, err := place(c, "entry")
	if err != nil {
		return err
	}
	return h.showSlips(c, slug, 0, id, deskview.Base(slug)+"/entries/"+ids.Format(id), "a6")
}

func (h handlers) slips(c *web.Ctx) error {
	slug, id, err := place(c, "batch")
	if err != nil {
		return err
	}
	return h.showSlips(c, slug, id, 0, deskview.Base(slug)+"/batches/"+ids.Format(id), "a4")
}

func (h handlers) showSlips(c *web.Ctx, slug string, batch, entry int64, back, paper string) error {
	x, err := h.Desk.Place(c.UserContext(), c.Who(), slug, desk.PermissionEnter)
	if err != nil {
		return err
	}
	v := deskview.Slips{C: x, Paper: paper, Address: c.Visit.Base, Here: c.Path(), Back: back, Contact: x.Contact}
	for _, p := range deskview.Papers {
		if c.QueryText("paper") == p {
			v.Paper = p
		}
	}
	if v.List, err = h.Desk.Slips(c.UserContext(), c.Who(), slug, batch, entry); err != nil {
		return err
	}
	if entry != 0 && len(v.List) == 0 {
		return fault.Missing()
	}
	o, err := h.Organisations.ByID(c.UserContext(), x.Organisation)
	if err != nil {
		return err
	}
	v.Unit = o.Name
	p := h.page(c, x, c.T("desk.slip"))
	return c.Render(200, deskview.SlipsPage(p, v))
}

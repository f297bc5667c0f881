package selectionweb

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/internal/selection"
	"guangyi/views/components"
	"guangyi/views/meetingview"
	"guangyi/views/selectionview"
)

// desk shows where the selection stands and what is next.
func (h handlers) desk(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	v, err := h.deskView(c, slug)
	if err != nil {
		return err
	}
	return h.render(c, 200, v)
}

func (h handlers) render(c *web.Ctx, status int, v selectionview.Desk) error {
	p := staffPage(c, v.Meeting.Slug, meetingview.Short(c.Visit.Locale, v.Meeting.Title))
	p.Errors = len(v.Errors) > 0
	c.NoStore()
	return c.Render(status, selectionview.DeskPage(p, v))
}

func (h handlers) deskView(c *web.Ctx, slug string) (selectionview.Desk, error) {
	ctx, who := c.UserContext(), c.Who()
	r, err := h.Selections.StaffResult(ctx, who, slug)
	if err != nil {
		return selectionview.Desk{}, err
	}
	m := r.Meeting
	v := selectionview.Desk{
		Draw: selectionview.Draw{Result: r, Now: c.Now(), Base: c.Visit.Base}, Self: who.Key(),
		MayRun: h.Selections.May(who, selection.PermissionRun, m), MayConfirm: h.Selections.May(who, selection.PermissionConfirm, m),
		MayCorrect: h.Selections.May(who, meeting.Correct.Permission(), m) && !m.OwnWork(who.Key()),
		MayAudit:   h.Selections.May(who, selection.PermissionAudit, m),
	}
	if v.Witnesses, err = h.Selections.Witnesses(ctx, m.ID); err != nil {
		return v, err
	}
	if v.Parties, err = h.Selections.Parties(ctx, m); err != nil {
		return v, err
	}
	if v.Asked, _, err = h.Selections.LastJob(ctx, m.ID, selection.PreviewJob); err != nil {
		return v, err
	}
	v.Preview, v.Previewed = v.Asked.Preview()
	return v, nil
}

// act does one step; what is refused comes back with all that was typed.
func (h handlers) act(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	act := c.Form("act")
	token, err := h.do(c, slug, act)
	if err == nil && token == "" {
		c.SetNotice("selection.done." + strings.SplitN(act, "-", 2)[0])
		return c.SeeOther("/staff/meetings/" + slug + "/selection")
	}
	f, ok := fault.As(err)
	if err != nil && (!ok || f.Kind != fault.Invalid && f.Kind != fault.Conflict || f.Code == "stale") {
		return err
	}
	v, viewErr := h.deskView(c, slug)
	if viewErr != nil {
		return errors.Join(viewErr, err)
	}
	if err == nil {
		v.Token, v.TokenName = token, c.Form("name")
		return h.render(c, 200, v)
	}
	v.Act, v.Form = act, typed(c)
	if f.Kind == fault.Conflict {
		v.Errors = []components.FieldError{{ID: "main", Message: c.T("error."+f.Code, f.Args...)}}
		return h.render(c, 409, v)
	}
	v.Faults, v.Errors = components.WordFaults(c.Visit.Locale, f.Fields)
	for i := range v.Errors {
		v.Errors[i].ID = fieldID(act, v.Errors[i].ID)
	}
	return h.render(c, 422, v)
}

// fieldID is the id that the page gives a field of an act.
func fieldID(act, name string) string {
	if index, ok := strings.CutPrefix(name, "quotas["); ok {
		return "correct-min-" + strings.SplitN(index, "]", 2)[0]
	}
	return act + "-" + name
}

// do dispatches; a token is a witness's, to be shown once.
func (h handlers) do(c *web.Ctx, slug, act string) (token string, err error) {
	ctx, who, s := c.UserContext(), c.Who(), h.Selections
	switch act {
	case "preview":
		err = s.AskPreview(ctx, who, slug)
	case "close":
		_, err = s.Close(ctx, who, slug)
	case "publish":
		_, err = s.Publish(ctx, who, slug)
	case "seed":
		_, err = s.EnterSeed(ctx, who, slug, c.Form("seed"))
	case "confirm":
		_, err = s.ConfirmSeed(ctx, who, slug, c.Form("seed"))
	case "refuse":
		_, err = s.RefuseSeed(ctx, who, slug, c.Form("reason"))
	case "list":
		_, err = s.Confirm(ctx, who, slug)
	case "correct":
		_, err = s.Correct(ctx, who, slug, quotas(c), c.Form("note"))
	case "rename":
		_, err = s.Rename(ctx, who, slug, renaming(c))
	case "witness":
		return s.AddWitness(ctx, who, slug, c.Form("name"))
	case "promise":
		err = s.Promise(ctx, who, slug, c.Form("party"), c.Form("digest"))
	default:
		position, ok := strings.CutPrefix(act, "open-")
		n, bad := strconv.Atoi(position)
		if !ok || bad != nil {
			return "", h.unknown(c, slug)
		}
		err = s.Open(ctx, who, slug, n, c.Form("salt"), c.Form("value"))
	}
	return "", err
}

// unknown refuses an act that nobody offered, after asking who it is.
func (h handlers) unknown(c *web.Ctx, slug string) error {
	m, err := h.Meetings.Staff(c.UserContext(), c.Who(), slug)
	if err != nil {
		return err
	}
	if !h.Selections.May(c.Who(), selection.PermissionRun, m) && !h.Selections.May(c.Who(), selection.PermissionConfirm, m) {
		return fault.New(fault.Forbidden, "forbidden")
	}
	return fault.New(fault.Conflict, "selection.stage", "stage", "")
}

// mostQuotas bounds what a form of a correction may hold.
const mostQuotas = 200

func quotas(c *web.Ctx) []meeting.Quota {
	out := []meeting.Quota{}
	for i := range mostQuotas {
		n := strconv.Itoa(i)
		category := c.Form("category-" + n)
		if category == "" {
			break
		}
		out = append(out, meeting.Quota{Category: category, Feature: c.Form("feature-" + n), Min: number(c.Form("min-" + n)), Max: number(c.Form("max-" + n))})
	}
	return out
}

// number reads a count; what is none is refused as a bound that holds nothing.
func number(text string) int {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		return -1
	}
	return n
}

func renaming(c *web.Ctx) selection.Renaming {
	at, _ := time.ParseInLocation("2006-01-02T15:04", c.Form("due_at"), c.Visit.Locale.Zone())
	return selection.Renaming{Name: c.Form("name"), Round: c.Form("round"), DueAt: at, Reason: c.Form("reason")}
}

// typed is what came with an act, to show it again. Salts and values are secret
// until they fit; they come back all the same, or the party would type them twice.
func typed(c *web.Ctx) map[string]string {
	out := map[string]string{}
	for _, name := range []string{"seed", "reason", "note", "name", "round", "due_at", "party", "digest", "salt", "value"} {
		out[name] = c.Form(name)
	}
	for i := range mostQuotas {
		for _, end := range []string{"min-", "max-"} {
			if v := c.Form(end + strconv.Itoa(i)); v != "" {
				out[end+strconv.Itoa(i)] = v
			}
		}
	}
	return out
}

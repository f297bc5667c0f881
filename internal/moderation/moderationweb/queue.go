package moderationweb

import (
	"slices"
	"strconv"
	"strings"

	"guangyi/internal/draft"
	"guangyi/internal/moderation"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/internal/submission"
	"guangyi/views/components"
	"guangyi/views/layouts"
	"guangyi/views/moderationview"
)

// queueShown is how many submissions the left pane lists.
const queueShown = 25

func (h handlers) queue(c *web.Ctx) error {
	return h.show(c, 200, 0, moderationview.Form{})
}

func (h handlers) one(c *web.Ctx) error {
	id, err := c.IDParam("id")
	if err != nil {
		return err
	}
	return h.show(c, 200, id, moderationview.Form{})
}

// pileOf is the pile that the address asks for, "" when it names none.
func pileOf(c *web.Ctx) moderation.Pile {
	p := moderation.Pile(c.QueryText("pile"))
	if slices.Contains(moderation.Piles, p) {
		return p
	}
	return ""
}

// show draws the queue with one submission opened: the one asked for, else the
// first of the pile.
func (h handlers) show(c *web.Ctx, status int, id int64, typed moderationview.Form) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	ctx := c.UserContext()
	v := moderationview.Bench{Form: typed, After: number(c.QueryText("after")), Done: number(c.QueryText("done"))}
	pile := pileOf(c)
	if v.Queue, err = h.Moderation.Queue(ctx, c.Who(), slug, cmpOr(pile, moderation.PileHeld), v.After, queueShown); err != nil {
		return err
	}
	if first := v.Queue.First(); pile == "" && first != v.Queue.Pile {
		if v.Queue, err = h.Moderation.Queue(ctx, c.Who(), slug, first, v.After, queueShown); err != nil {
			return err
		}
	}
	v.Pane = c.QueryText("pane")
	if id == 0 && len(v.Queue.Entries) > 0 {
		id = v.Queue.Entries[0].ID
	}
	if v.Pane != "text" && v.Pane != "gather" {
		v.Pane = "queue"
	}
	if status != 200 {
		v.Pane = "gather"
	}
	if id != 0 {
		o, err := h.Moderation.Open(ctx, c.Who(), slug, id)
		if err != nil {
			return err
		}
		v.Opened = &o
	}
	v.Rules = h.Moderation.May(c.Who(), moderation.PermissionRules, v.Queue.Consultation.Organisation)
	if v.Tree, err = h.tree(c, v); err != nil {
		return err
	}
	p := layouts.FromStaff(c.Visit, c.T("moderation.title"))
	p.Section, p.Bare, p.Errors = "consultations", true, len(typed.Errors) > 0
	return c.Render(status, moderationview.BenchPage(p, v))
}

func cmpOr(p, otherwise moderation.Pile) moderation.Pile {
	if p == "" {
		return otherwise
	}
	return p
}

func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

func (h handlers) tree(c *web.Ctx, v moderationview.Bench) (*draft.Tree, error) {
	version := int64(draft.First)
	if v.Opened != nil {
		version = v.Opened.Letter.DraftVersion
	}
	t, err := h.Drafts.Tree(c.UserContext(), v.Queue.Consultation.ID, version)
	if fault.Is(err, fault.NotFound) {
		return draft.NewTree(nil), nil
	}
	return t, err
}

// decide acts and goes on to the next of the pile.
func (h handlers) decide(c *web.Ctx) error {
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
	d := h.decision(c)
	if d.Act == moderation.Show || d.Act == moderation.Mask || d.Act == moderation.Withhold {
		if d.Masks, err = h.chosen(c, slug, id); err != nil {
			return err
		}
	}
	_, err = h.Moderation.Decide(c.UserContext(), c.Who(), slug, id, d)
	if f, ok := fault.AsInvalid(err); ok {
		typed := moderationview.Form{Comment: d.Comment, Reason: d.Reason, Words: d.Words, Extra: c.Form("extra")}
		typed.Faults, typed.Errors = components.WordFaults(c.Visit.Locale, f.Fields)
		for i, e := range typed.Errors {
			if e.ID == "reason" {
				typed.Errors[i].ID = "reason-1"
			}
		}
		return h.show(c, 422, id, typed)
	}
	if err != nil {
		return err
	}
	c.SetNotice("moderation.done." + string(d.Act))
	to := "/staff/consultations/" + slug + "/moderation"
	if d.Act == moderation.TakeBack {
		return c.SeeOther(to + "/" + strconv.FormatInt(id, 10) + "?pile=" + string(cmpOr(pileOf(c), moderation.PileHeld)) + "&pane=text")
	}
	q := "?done=" + strconv.FormatInt(id, 10) + "&pane=text"
	if p := pileOf(c); p != "" {
		q += "&pile=" + string(p)
		if after := number(c.QueryText("after")); after > 0 {
			q += "&after=" + strconv.FormatInt(after, 10)
		}
	}
	return c.SeeOther(to + q)
}

// may refuses before anything that was sent is looked at.
func (h handlers) may(c *web.Ctx, slug string) error {
	_, err := h.Moderation.Allow(c.UserContext(), c.Who(), slug, moderation.PermissionDecide)
	return err
}

func (h handlers) decision(c *web.Ctx) moderation.Decision {
	d := moderation.Decision{
		Act: moderation.Act(c.Form("act")), Comment: number(c.Form("comment")), Reason: c.Form("reason"), Words: c.Form("words"),
	}
	if d.Act != moderation.Withhold && d.Act != moderation.TakeBack {
		d.Reason, d.Words = "", "" // they stand in the same form for withholding
	}
	if seen, err := strconv.ParseInt(c.Form("seen"), 10, 64); err == nil {
		d.Seen = &seen
	}
	return d
}

// chosen are the masks that were ticked, and those of words that were typed: every
// place at which one occurs.
func (h handlers) chosen(c *web.Ctx, slug string, id int64) (map[int64]submission.Masks, error) {
	if c.Form("masked") == "" {
		return nil, nil
	}
	o, err := h.Moderation.Open(c.UserContext(), c.Who(), slug, id)
	if err != nil {
		return nil, err
	}
	out := map[int64]submission.Masks{}
	var extra []string
	for _, line := range strings.Split(c.Form("extra"), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			extra = append(extra, line)
		}
	}
	for _, one := range o.Comments {
		out[one.ID] = submission.Masks{Text: moderation.Occurring(one.Text, extra), Proposed: moderation.Occurring(one.ProposedText, extra)}
	}
	for _, value := range c.FormAll("mask") {
		comment, field, m, ok := moderationview.ReadMask(value)
		its, there := out[comment]
		if !ok || !there {
			continue
		}
		if field == "text" {
			its.Text = append(its.Text, m)
		} else {
			its.Proposed = append(its.Proposed, m)
		}
		out[comment] = its
	}
	return out, nil
}

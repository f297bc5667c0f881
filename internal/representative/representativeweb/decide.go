package representativeweb

import (
	"time"

	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/internal/representative"
	"guangyi/views/components"
	"guangyi/views/representativeview"
)

// act runs one act on the membership of the address and leads back to it; what was
// typed into a refused form stays.
func (h handlers) act(c *web.Ctx, notice string, run func(id, version int64) (representative.Representative, error)) error {
	id, err := c.IDParam("id")
	if err != nil {
		return err
	}
	_, err = run(id, c.FormVersion())
	if f, ok := fault.AsInvalid(err); ok {
		v := representativeview.One{Typed: representativeview.Typed{
			Choice: c.Form("choice"), Note: c.Form("note"), Reason: c.Form("reason"), From: c.Form("from"), Until: c.Form("until")}}
		v.Faults, v.Errors = components.WordFaults(c.Visit.Locale, f.Fields)
		return h.showOne(c, 422, v)
	}
	if err != nil {
		return err
	}
	c.SetNotice(notice)
	return c.SeeOther(representativeview.OneAddress(id))
}

// choice reads a choice of two, which must be made; but who may not act at all is
// told that first.
func (h handlers) choice(c *web.Ctx, id int64, act representative.Act, yes, no string) (bool, error) {
	switch c.Form("choice") {
	case yes:
		return true, nil
	case no:
		return false, nil
	}
	if err := h.pool.Require(c.UserContext(), c.Who(), id, act); err != nil {
		return false, err
	}
	return false, fault.Fields{{Name: "choice", Code: "representative.choice"}}.Err()
}

func (h handlers) vet(c *web.Ctx) error {
	return h.act(c, "representative.vetted", func(id, version int64) (representative.Representative, error) {
		admits, err := h.choice(c, id, representative.Vet, "admit", "refuse")
		if err != nil {
			return representative.Representative{}, err
		}
		return h.pool.Vet(c.UserContext(), c.Who(), id, admits, c.Form("note"), version)
	})
}

func (h handlers) decide(c *web.Ctx) error {
	return h.act(c, "representative.decided", func(id, version int64) (representative.Representative, error) {
		admits, err := h.choice(c, id, representative.Admit, "admit", "refuse")
		if err != nil {
			return representative.Representative{}, err
		}
		term := representative.Term{From: day(c, "from"), Until: afterDay(c, "until")}
		return h.pool.Decide(c.UserContext(), c.Who(), id, admits, term, c.Form("reason"), version)
	})
}

func (h handlers) renew(c *web.Ctx) error {
	return h.act(c, "representative.renewed", func(id, version int64) (representative.Representative, error) {
		return h.pool.Renew(c.UserContext(), c.Who(), id, afterDay(c, "until"), version)
	})
}

func (h handlers) suspend(c *web.Ctx) error {
	return h.act(c, "representative.suspended", func(id, version int64) (representative.Representative, error) {
		return h.pool.Suspend(c.UserContext(), c.Who(), id, c.Form("reason"), version)
	})
}

func (h handlers) lift(c *web.Ctx) error {
	return h.act(c, "representative.lifted", func(id, version int64) (representative.Representative, error) {
		return h.pool.Lift(c.UserContext(), c.Who(), id, c.Form("reason"), version)
	})
}

func (h handlers) answer(c *web.Ctx) error {
	return h.act(c, "representative.answered", func(id, version int64) (representative.Representative, error) {
		lift, err := h.choice(c, id, representative.Uphold, "lift", "uphold")
		if err != nil {
			return representative.Representative{}, err
		}
		return h.pool.AnswerAppeal(c.UserContext(), c.Who(), id, lift, c.Form("reason"), version)
	})
}

// day reads a date as the first instant of it in the site's zone; zero when it is none.
func day(c *web.Ctx, name string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, c.Form(name), c.Visit.Locale.Zone())
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// afterDay reads the last day of something as the instant at which it is over.
func afterDay(c *web.Ctx, name string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, c.Form(name), c.Visit.Locale.Zone())
	if err != nil {
		return time.Time{}
	}
	return t.AddDate(0, 0, 1).UTC()
}

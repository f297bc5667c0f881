package siteweb

import (
	"guangyi/internal/platform/web"
	"guangyi/views/layouts"
	"guangyi/views/siteview"
)

// How many rows the lists of the home page hold; /consultations has all.
const (
	mostOpen     = 20
	mostComing   = 5
	mostAnswered = 5
)

// home shows what is open, closing first, and what was answered.
func (h handlers) home(c *web.Ctx) error {
	ctx, show := c.UserContext(), siteview.Home{Now: c.Now()}
	var err error
	if show.Open, err = h.sites.Open(ctx, c.Now(), mostOpen); err != nil {
		return err
	}
	if show.Coming, err = h.sites.Coming(ctx, c.Now(), mostComing); err != nil {
		return err
	}
	if show.Answered, err = h.sites.Answered(ctx, mostAnswered); err != nil {
		return err
	}
	p := layouts.From(c.Visit, c.T("home.title"))
	p.Description, p.Feed = c.T("home.lead"), "/feeds/consultations.atom"
	return c.Render(200, siteview.Front(p, show))
}

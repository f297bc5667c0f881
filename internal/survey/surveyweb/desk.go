package surveyweb

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/platform/sheet"
	"guangyi/internal/platform/web"
	"guangyi/internal/survey"
	"guangyi/views/components"
	"guangyi/views/surveyview"
)

// desk is the room of a survey: its questions, and its figures once it can have any.
func (h handlers) desk(c *web.Ctx) error {
	x, err := h.mine(c)
	if err != nil {
		return err
	}
	tree, err := h.tree(c.UserContext(), x)
	if err != nil {
		return err
	}
	v := surveyview.Room{Results: surveyview.Results{C: x, Now: c.Now()}, Answered: x.Public()}
	v.Provision = func(l *i18n.Locale, key string) string { return tree.Label(l, key) }
	if v.V, err = h.Surveys.Prepared(c.UserContext(), x.ID); err != nil {
		return err
	}
	v.Edit = x.Editable() && h.Surveys.MayPrepare(c.Who(), x.Organisation)
	v.Export = h.Surveys.MayExport(c.Who(), x.Organisation)
	if len(v.V.Questions) > 0 {
		_, _, refusal := h.Surveys.Enterable(c.UserContext(), c.Who(), x.Slug)
		v.Enter = refusal == nil
		if v.R, err = h.Surveys.StaffResults(c.UserContext(), c.Who(), x.Slug); err != nil {
			return err
		}
	}
	return c.Render(200, surveyview.Desk(h.staffPage(c, x, c.T("survey.title")), v))
}

// preview shows the questions as the public will see them.
func (h handlers) preview(c *web.Ctx) error {
	x, err := h.mine(c)
	if err != nil {
		return err
	}
	f := surveyview.Form{C: x, Answers: survey.Answers{}, Preview: true}
	if f.V, err = h.Surveys.Of(c.UserContext(), x.ID); err != nil {
		return err
	}
	if f.Tree, err = h.tree(c.UserContext(), x); err != nil {
		return err
	}
	return c.Render(200, surveyview.Preview(h.staffPage(c, x, c.T("survey.preview.title")), f))
}

// results are the figures for the public, or when they will be there.
func (h handlers) results(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	x, err := h.Consultations.BySlug(c.UserContext(), slug)
	if err != nil {
		return err
	}
	v := surveyview.Results{C: x, Now: c.Now()}
	v.R, err = h.Surveys.Results(c.UserContext(), slug)
	problem, ok := fault.As(err)
	later := ok && problem.Code == "survey.results_later"
	if err != nil && !later {
		return err
	}
	p, err := h.publicPage(c, x, c.T("survey.results.title"))
	if err != nil {
		return err
	}
	p = p.Trail(
		components.Link{Text: c.T("site.nav.home"), Href: "/"},
		components.Link{Text: c.T("site.nav.consultations"), Href: "/consultations"},
		components.Link{Text: strings.ReplaceAll(x.Title, "\u200b", ""), Href: "/consultations/" + x.Slug},
	)
	if later {
		p.NoIndex = true
		return c.Render(200, surveyview.Later(p, v))
	}
	return c.Render(200, surveyview.Public(p, v))
}

// export writes the table of responses in the format of the address.
func (h handlers) export(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	format := sheet.Format(c.Path()[strings.LastIndexByte(c.Path(), '.')+1:])
	if err := h.Surveys.MayRead(c.UserContext(), c.Who(), slug); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, format.MediaType())
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+slug+`-survey`+format.Extension()+`"`)
	c.NoStore()
	return h.stream(c, slug, format)
}

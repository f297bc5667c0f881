package meetingweb

import (
	"bufio"
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/sheet"
	"guangyi/internal/platform/web"
	"guangyi/views/components"
	"guangyi/views/meetingview"
)

// deskUsual is how many applications a page of the list holds.
const deskUsual = 100

func (h handlers) applicationsDesk(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	f := meeting.ApplicationFilter{Limit: deskUsual}
	f.Cursor, _ = strconv.Atoi(c.QueryText("cursor"))
	for _, s := range meeting.ApplicationStates {
		if string(s) == c.QueryText("state") {
			f.State = s
		}
	}
	f.Category = c.QueryText("category")
	m, page, err := h.Meetings.ApplicationsOf(c.UserContext(), c.Who(), slug, f)
	if err != nil {
		return err
	}
	v := meetingview.Desk{
		Now: c.Now(), M: m, Items: page.Items, State: f.State, Category: f.Category, First: f.Cursor == 0, Start: c.With("cursor", ""),
		Vet: h.Meetings.MayVet(c.Who(), m.Organisation), Export: h.Meetings.MayExport(c.Who(), m), Shut: shutRooms(m),
	}
	if page.Next != 0 {
		v.Next = c.With("cursor", strconv.Itoa(page.Next))
	}
	c.NoStore()
	p := h.staffPage(c, m, c.T("meeting.room.applications"))
	return c.Render(200, meetingview.Applications(p, v))
}

// application shows one; who it is stays sealed until somebody asks for it.
func (h handlers) application(c *web.Ctx) error {
	v, err := h.oneApplication(c)
	if err != nil {
		return err
	}
	return h.renderOne(c, 200, v)
}

func (h handlers) oneApplication(c *web.Ctx) (meetingview.One, error) {
	v := meetingview.One{Now: c.Now()}
	m, err := h.own(c)
	if err != nil {
		return v, err
	}
	if !h.Meetings.MayList(c.Who(), m) {
		return v, fault.New(fault.Forbidden, "forbidden")
	}
	id, err := c.IDParam("id")
	if err != nil {
		return v, err
	}
	v.M, v.Shut = m, shutRooms(m)
	v.Vet, v.Contact = h.Meetings.MayVet(c.Who(), m.Organisation), h.Meetings.MayContact(c.Who(), m.Organisation)
	v.A, err = h.Meetings.ApplicationByID(c.UserContext(), m.ID, id)
	return v, err
}

func (h handlers) renderOne(c *web.Ctx, status int, v meetingview.One) error {
	p := h.staffPage(c, v.M, v.A.Label)
	p.Errors = len(v.Errors) > 0
	p.Breadcrumbs = append(p.Breadcrumbs, components.Link{Text: c.T("meeting.room.applications"), Href: "/staff/meetings/" + v.M.Slug + "/applications"})
	c.NoStore()
	return c.Render(status, meetingview.Application(p, v))
}

// contact opens name and contact; that somebody looked is recorded with it.
func (h handlers) contact(c *web.Ctx) error {
	v, err := h.oneApplication(c)
	if err != nil {
		return err
	}
	a, person, err := h.Meetings.Contact(c.UserContext(), c.Who(), v.M.Slug, v.A.ID)
	if err != nil {
		return err
	}
	v.A, v.Person = a, &person
	return h.renderOne(c, 200, v)
}

func (h handlers) vet(c *web.Ctx) error {
	admit := c.Form("go") == "admit"
	return h.act(c, "refuse", func(v meetingview.One, reason string) error {
		_, err := h.Meetings.Vet(c.UserContext(), c.Who(), v.M.Slug, v.A.ID, admit, reason, c.FormVersion())
		if err == nil && admit {
			c.SetNotice("meeting.notice.admitted")
		} else if err == nil {
			c.SetNotice("meeting.notice.refused")
		}
		return err
	})
}

func (h handlers) withdrawFor(c *web.Ctx) error {
	return h.act(c, "withdraw", func(v meetingview.One, reason string) error {
		_, err := h.Meetings.WithdrawFor(c.UserContext(), c.Who(), v.M.Slug, v.A.ID, reason, c.FormVersion())
		if err == nil {
			c.SetNotice("meeting.notice.taken_back")
		}
		return err
	})
}

// act does something to one application with a reason, and shows it again.
func (h handlers) act(c *web.Ctx, name string, do func(meetingview.One, string) error) error {
	v, err := h.oneApplication(c)
	if err != nil {
		return err
	}
	reason := strings.ReplaceAll(c.Form("reason"), "\r\n", "\n")
	err = do(v, reason)
	if err == nil {
		return c.SeeOther(fmt.Sprintf("/staff/meetings/%s/applications/%d", v.M.Slug, v.A.ID))
	}
	f, ok := fault.AsInvalid(err)
	if !ok {
		return err
	}
	v.Failed, v.Values = name, map[string]string{"reason": reason}
	v.Faults, v.Errors = components.WordFaults(c.Visit.Locale, f.Fields)
	for i := range v.Errors {
		v.Errors[i].ID = name + "-" + v.Errors[i].ID
	}
	return h.renderOne(c, 422, v)
}

// exportApplications writes the table of applicants.
func (h handlers) exportApplications(c *web.Ctx) error {
	m, err := h.own(c)
	if err != nil {
		return err
	}
	if !h.Meetings.MayExport(c.Who(), m) {
		return fault.New(fault.Forbidden, "forbidden")
	}
	format := sheet.Format(c.Path()[strings.LastIndexByte(c.Path(), '.')+1:])
	c.Set(fiber.HeaderContentType, format.MediaType())
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+m.Slug+`-applications`+format.Extension()+`"`)
	c.NoStore()
	ctx, who := context.WithoutCancel(c.UserContext()), c.Who()
	c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		if err := h.Meetings.Export(ctx, who, m.Slug, w, format); err != nil {
			panic(fmt.Errorf("the applicants of %s broke off: %w", m.Slug, err))
		}
	})
	return nil
}

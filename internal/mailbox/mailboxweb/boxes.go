package mailboxweb

import (
	"errors"
	"strconv"
	"strings"

	"guangyi/internal/mailbox"
	"guangyi/internal/mailbox/imapbox"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
	"guangyi/views/components"
	"guangyi/views/layouts"
	"guangyi/views/mailboxview"
)

// mostWaiting is how far the mails that wait are counted on the page of mailboxes.
const mostWaiting = 1000

func (h handlers) boxes(c *web.Ctx) error {
	if !c.Who().Known() {
		return fault.New(fault.Unauthenticated, "sign_in_first")
	}
	v := mailboxview.Boxes{}
	var sees bool
	var err error
	if v.List, sees, err = h.Mail.Accounts(c.UserContext(), c.Who()); err != nil {
		return err
	}
	if v.Waiting, v.Machines, v.Reads, err = h.Mail.Strays(c.UserContext(), c.Who()); err != nil {
		return err
	}
	if !sees && !v.Reads {
		return fault.Missing()
	}
	if v.Settings, err = h.settable(c); err != nil {
		return err
	}
	if v.Rooms, err = h.waits(c); err != nil {
		return err
	}
	p := layouts.FromStaff(c.Visit, c.T("mailbox.title"))
	p.Section = "mail"
	return c.Render(200, mailboxview.BoxesPage(p, v))
}

// settable are the organisations whose mailboxes the person may set up.
func (h handlers) settable(c *web.Ctx) (out []organisation.Organisation, err error) {
	for _, id := range c.Who().Organisations() {
		if id == 0 || !h.Mail.May(c.Who(), mailbox.PermissionSettings, id) {
			continue
		}
		o, err := h.Organisations.ByID(c.UserContext(), id)
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, nil
}

// waits are the consultations with mails for somebody to decide.
func (h handlers) waits(c *web.Ctx) (out []mailboxview.Waits, err error) {
	counts, err := h.Mail.Waiting(c.UserContext(), c.Who(), mostWaiting)
	if err != nil {
		return nil, err
	}
	for _, id := range sorted(counts) {
		if id == 0 {
			continue
		}
		one, err := h.Consultations.ByID(c.UserContext(), id)
		if err != nil {
			return nil, err
		}
		out = append(out, mailboxview.Waits{Consultation: one, Count: counts[id]})
	}
	return out, nil
}

func (h handlers) fresh(c *web.Ctx) error {
	o, err := h.unit(c, c.QueryText("organisation"))
	if err != nil {
		return err
	}
	return h.renderBox(c, 200, mailboxview.Box{Unit: o, Typed: mailbox.AccountIn{Security: mailbox.TLS, Active: true}})
}

// unit finds the organisation for which a mailbox is set up: the one that is named,
// or the only one.
func (h handlers) unit(c *web.Ctx, slug string) (o organisation.Organisation, err error) {
	if !c.Who().Known() {
		return o, fault.New(fault.Unauthenticated, "sign_in_first")
	}
	all, err := h.settable(c)
	if err != nil {
		return o, err
	}
	for _, one := range all {
		if one.Slug == slug || slug == "" {
			return one, nil
		}
	}
	if len(all) == 0 {
		accounts, sees, err := h.Mail.Accounts(c.UserContext(), c.Who())
		if err == nil && (sees || len(accounts) > 0) {
			return o, fault.New(fault.Forbidden, "forbidden")
		}
	}
	return o, fault.Missing()
}

func (h handlers) renderBox(c *web.Ctx, status int, v mailboxview.Box) error {
	title := c.T("mailbox.add")
	if v.Account.ID != 0 {
		title = v.Account.Address
	}
	p := layouts.FromStaff(c.Visit, title)
	p.Section, p.Errors = "mail", len(v.Errors) > 0
	return c.Render(status, mailboxview.BoxPage(p, v))
}

func (h handlers) box(c *web.Ctx) error {
	v, err := h.boxOf(c)
	if err != nil {
		return err
	}
	return h.renderBox(c, 200, v)
}

// boxOf reads a mailbox for somebody who may change it.
func (h handlers) boxOf(c *web.Ctx) (v mailboxview.Box, err error) {
	if !c.Who().Known() {
		return v, fault.New(fault.Unauthenticated, "sign_in_first")
	}
	id, err := c.IDParam("id")
	if err != nil {
		return v, err
	}
	if v.Account, err = h.Mail.Account(c.UserContext(), c.Who(), id); err != nil {
		return v, err
	}
	if !h.Mail.May(c.Who(), mailbox.PermissionSettings, v.Account.Organisation) {
		return v, fault.New(fault.Forbidden, "forbidden")
	}
	if v.Unit, err = h.Organisations.ByID(c.UserContext(), v.Account.Organisation); err != nil {
		return v, err
	}
	a := v.Account
	v.Typed = mailbox.AccountIn{Address: a.Address, Host: a.Host, Port: a.Port, Security: a.Security, Username: a.Username, Folder: a.Folder, Active: a.Active}
	return v, nil
}

// typed reads the form. A port that is no number comes back as one that none is.
func typed(c *web.Ctx, organisation int64) mailbox.AccountIn {
	in := mailbox.AccountIn{
		Organisation: organisation, Address: c.Form("address"), Host: c.Form("host"), Security: mailbox.Security(c.Form("security")),
		Username: c.Form("username"), Password: c.Form("password"), Folder: c.Form("folder"), Active: c.Form("active") != "",
	}
	if text := strings.TrimSpace(c.Form("port")); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			n = -1
		}
		in.Port = n
	}
	return in
}

func (h handlers) add(c *web.Ctx) error {
	o, err := h.unit(c, c.Form("organisation"))
	if err != nil {
		return err
	}
	return h.save(c, mailboxview.Box{Unit: o}, typed(c, o.ID))
}

func (h handlers) change(c *web.Ctx) error {
	v, err := h.boxOf(c)
	if err != nil {
		return err
	}
	return h.save(c, v, typed(c, v.Account.Organisation))
}

// save stores the settings and tries them at once.
func (h handlers) save(c *web.Ctx, v mailboxview.Box, in mailbox.AccountIn) error {
	a, err := h.Mail.Save(c.UserContext(), c.Who(), v.Account.ID, in, c.FormVersion())
	if f, ok := fault.AsInvalid(err); ok {
		in.Password = ""
		v.Typed = in
		v.Faults, v.Errors = components.WordFaults(c.Visit.Locale, f.Fields)
		return h.renderBox(c, 422, v)
	}
	if err != nil {
		return err
	}
	if !a.Active {
		c.SetNotice("mailbox.saved.off")
		return c.SeeOther(mailboxview.BoxAddress(a.ID))
	}
	return h.try(c, a.ID, "mailbox.saved.well", "mailbox.saved.failing")
}

func (h handlers) check(c *web.Ctx) error {
	v, err := h.boxOf(c)
	if err != nil {
		return err
	}
	return h.try(c, v.Account.ID, "mailbox.checked.well", "mailbox.checked.failing")
}

// try tests the stored settings; the mailbox's page says what was found.
func (h handlers) try(c *web.Ctx, id int64, well, failing string) error {
	_, err := h.Mail.Check(c.UserContext(), c.Who(), id)
	var trouble *imapbox.Trouble
	switch {
	case errors.As(err, &trouble):
		c.SetNotice(failing)
	case err != nil:
		return err
	default:
		c.SetNotice(well)
	}
	return c.SeeOther("/staff/mailboxes/" + ids.Format(id))
}

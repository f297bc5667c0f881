package meetingweb

import (
	"guangyi/internal/attachment"
	"guangyi/internal/meeting"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
	"guangyi/views/components"
	"guangyi/views/meetingview"
)

// attachments is the room of the papers that everybody may read with the call.
func (h handlers) attachments(c *web.Ctx) error {
	m, err := h.own(c)
	if err != nil {
		return err
	}
	return h.renderFiles(c, 200, m, meetingview.Attaching{Lang: m.Lang})
}

func (h handlers) renderFiles(c *web.Ctx, status int, m meeting.Meeting, v meetingview.Attaching) error {
	var err error
	v.M, v.Edit = m, m.State != meeting.Cancelled && h.Meetings.MayPrepare(c.Who(), m.Organisation)
	if v.Files, err = h.papers(c, m); err != nil {
		return err
	}
	p := h.staffPage(c, m, c.T("meeting.files.room"))
	p.Errors = len(v.Errors) > 0
	return c.Render(status, meetingview.Attach(p, v))
}

// attach adds a file, or takes one off.
func (h handlers) attach(c *web.Ctx) error {
	m, err := h.preparing(c)
	if err != nil {
		return err
	}
	if m.State == meeting.Cancelled {
		return fault.New(fault.Conflict, "meeting.not_editable")
	}
	if c.Form("remove") != "" {
		err = h.detach(c, m)
	} else {
		err = h.put(c, m)
	}
	if err == nil {
		c.SetNotice("meeting.notice.saved")
		return c.SeeOther("/staff/meetings/" + m.Slug + "/attachments")
	}
	f, ok := fault.AsInvalid(err)
	if !ok {
		return err
	}
	v := meetingview.Attaching{Title: c.Form("title"), Lang: c.Form("lang")}
	v.Faults, v.Errors = components.WordFaults(c.Visit.Locale, f.Fields)
	return h.renderFiles(c, 422, m, v)
}

func (h handlers) put(c *web.Ctx, m meeting.Meeting) error {
	file, err := c.Upload("file", attachment.MaxSize)
	if err != nil {
		return err
	}
	if file == nil {
		return fault.Fields{{Name: "file", Code: "meeting.file_missing"}}.Err()
	}
	_, err = h.Files.Attach(c.UserContext(), c.Who(), attachment.File{
		Organisation: m.Organisation, Owner: owner(m), Title: c.Form("title"), Name: file.Name, Lang: c.Form("lang"), Data: file.Data,
	})
	return err
}

func (h handlers) detach(c *web.Ctx, m meeting.Meeting) error {
	id, ok := ids.Parse(c.Form("remove"))
	if !ok {
		return fault.Missing()
	}
	return h.Files.Detach(c.UserContext(), c.Who(), m.Organisation, owner(m), id)
}

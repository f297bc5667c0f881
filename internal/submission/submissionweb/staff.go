package submissionweb

import (
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"

	"guangyi/internal/access"
	"guangyi/internal/attachment"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/sheet"
	"guangyi/internal/platform/web"
	"guangyi/internal/submission"
	"guangyi/views/components"
	"guangyi/views/layouts"
	"guangyi/views/submissionview"
)

// listShown is how many submissions a page of the staff's list holds.
const listShown = 50

func (h handlers) list(c *web.Ctx) error {
	x, err := h.mine(c)
	if err != nil {
		return err
	}
	f := filter(c, listShown, listShown)
	switch {
	case f.Provision != nil && *f.Provision == "": // the choice that narrows nothing
		f.Provision = nil
	case f.Provision != nil && *f.Provision == submissionview.Whole:
		*f.Provision = ""
	}
	v := submissionview.List{C: x, Now: c.Now(), Filter: f, First: f.Cursor == 0, Address: "/staff/consultations/" + x.Slug + "/submissions"}
	if v.Page, err = h.Submissions.List(c.UserContext(), c.Who(), x.Slug, f); err != nil {
		return err
	}
	if v.Tree, err = h.anyTree(c.UserContext(), x, draft.First); err != nil {
		return err
	}
	if v.Page.Next != 0 {
		v.Next = c.With("cursor", ids.Format(v.Page.Next))
	}
	v.Export = h.Submissions.May(c.Who(), submission.PermissionExport, x.Organisation)
	v.Import = h.Submissions.May(c.Who(), submission.PermissionImport, x.Organisation)
	return c.Render(200, submissionview.Letters(h.staffPage(c, x, c.T("submission.list.title")), v))
}

// mine finds the consultation of the address for its own staff.
func (h handlers) mine(c *web.Ctx) (consultation.Consultation, error) {
	slug, err := c.Slug()
	if err != nil {
		return consultation.Consultation{}, err
	}
	return h.Consultations.Staff(c.UserContext(), c.Who(), slug)
}

// anyTree is the draft, empty while there is none.
func (h handlers) anyTree(ctx context.Context, x consultation.Consultation, version int64) (*draft.Tree, error) {
	t, err := h.tree(ctx, x, version)
	if fault.Is(err, fault.NotFound) {
		return draft.NewTree(nil), nil
	}
	return t, err
}

func (h handlers) staffPage(c *web.Ctx, x consultation.Consultation, title string) layouts.Page {
	p := layouts.FromStaff(c.Visit, title)
	p.Section = "consultations"
	return p.Trail(
		components.Link{Text: c.T("site.staff.consultations"), Href: "/staff/consultations"},
		components.Link{Text: x.Title, Href: "/staff/consultations/" + x.Slug},
	)
}

// refer is what the room next door asks for.
var refer = access.Permission{Object: "referral", Action: "decide"}

// letter shows one submission whole.
func (h handlers) letter(c *web.Ctx) error { return h.showLetter(c, 200, submissionview.Letter{}) }

func (h handlers) showLetter(c *web.Ctx, status int, v submissionview.Letter) error {
	var err error
	if v.L, err = h.read(c); err != nil {
		return err
	}
	x := v.L.Consultation
	if v.Tree, err = h.anyTree(c.UserContext(), x, v.L.DraftVersion); err != nil {
		return err
	}
	if v.Files, err = h.letterFiles(c, v.L); err != nil {
		return err
	}
	v.ShowFiles = h.Files != nil && x.CommentsPublic != consultation.PublicNo && h.Files.MayShow(c.Who(), x.Organisation)
	v.Now = c.Now()
	if v.Refer = x.Public() && h.Submissions.May(c.Who(), refer, x.Organisation); v.Refer {
		out, err := h.Submissions.PassedOn(c.UserContext(), x.ID, v.L.ID)
		if err != nil {
			return err
		}
		v.Referred = len(out)
	}
	v.Split = v.L.Changeable && h.Submissions.May(c.Who(), submission.PermissionSplit, x.Organisation)
	p := h.staffPage(c, x, c.T("submission.letter.title", "number", v.L.Receipt))
	p.Breadcrumbs = append(p.Breadcrumbs, components.Link{Text: c.T("site.room.submissions"), Href: "/staff/consultations/" + x.Slug + "/submissions"})
	p.Errors = len(v.Faults) > 0
	return c.Render(status, submissionview.One(p, v))
}

// letterFiles are the files of a submission with the texts in them.
func (h handlers) letterFiles(c *web.Ctx, l submission.Letter) ([]submissionview.File, error) {
	list, err := h.filesOf(c, l.ID)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	texts, err := h.Files.Texts(c.UserContext(), attachment.OfSubmission(l.ID))
	address := "/staff/consultations/" + l.Consultation.Slug + "/submissions/" + ids.Format(l.ID)
	return submissionview.StaffFiles(address, list, texts), err
}

// export writes the table of comments in the format of the address.
func (h handlers) export(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	format := sheet.Format(c.Path()[strings.LastIndexByte(c.Path(), '.')+1:])
	if err := h.Submissions.MayExport(c.UserContext(), c.Who(), slug); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, format.MediaType())
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+slug+`-submissions`+format.Extension()+`"`)
	c.NoStore()
	return h.stream(c, slug, format)
}

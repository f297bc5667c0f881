package submissionweb

import (
	"slices"
	"strconv"
	"strings"

	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
	"guangyi/internal/submission"
	"guangyi/views/submissionview"
)

// split cuts a part where boxes were ticked, or around the piece that was marked.
// The pieces speak of what the part spoke of, until they are aimed.
func (h handlers) split(c *web.Ctx) error {
	of, err := h.commentHere(c)
	if err != nil {
		return err
	}
	spans := spansOf(of, c.FormAll("cut"), c.Form("start"), c.Form("end"))
	_, err = h.Submissions.Split(c.UserContext(), c.Who(), c.Params("slug"), of.ID, spans, c.FormVersion())
	if f, ok := fault.As(err); ok && f.Kind == fault.Invalid {
		v := submissionview.Letter{At: of.ID, Spans: spans}
		for _, e := range f.Fields {
			v.Faults = append(v.Faults, submissionview.Fault{Name: e.Name, Message: web.Message(c.Visit.Locale, e.Code, e.Args...)})
		}
		return h.showLetter(c, 422, v)
	}
	if err != nil {
		return err
	}
	return h.back(c, of, "submission.notice.split")
}

func (h handlers) join(c *web.Ctx) error {
	of, err := h.commentHere(c)
	if err != nil {
		return err
	}
	if _, err := h.Submissions.Join(c.UserContext(), c.Who(), c.Params("slug"), of.ID, c.FormVersion()); err != nil {
		return err
	}
	return h.back(c, of, "submission.notice.joined")
}

func (h handlers) aim(c *web.Ctx) error {
	of, err := h.commentHere(c)
	if err != nil {
		return err
	}
	if _, err := h.Submissions.Aim(c.UserContext(), c.Who(), c.Params("slug"), of.ID, c.Form("provision"), c.FormVersion()); err != nil {
		return err
	}
	return h.back(c, of, "submission.notice.aimed")
}

// commentHere finds the comment of the address within its submission.
func (h handlers) commentHere(c *web.Ctx) (submission.Comment, error) {
	l, err := h.read(c)
	if err != nil {
		return submission.Comment{}, err
	}
	id, err := c.IDParam("comment")
	if err != nil {
		return submission.Comment{}, err
	}
	for _, x := range l.Comments {
		if x.ID == id {
			return x, nil
		}
	}
	return submission.Comment{}, fault.Missing()
}

func (h handlers) back(c *web.Ctx, of submission.Comment, notice string) error {
	c.SetNotice(notice)
	letter := "/staff/consultations/" + c.Params("slug") + "/submissions/" + ids.Format(of.SubmissionID) + "#c" + ids.Format(of.ID)
	return c.SeeOther(web.LocalPath(c.Form("next"), letter)) // the workbench sends along where it was
}

// spansOf turns the form into spans that cover the part: cuts are characters at
// which a piece begins; a marked piece is cut at both of its ends.
func spansOf(of submission.Comment, cuts []string, start, end string) []submission.Span {
	length := submission.Length(of.Text)
	at := []int64{0}
	add := func(text string) {
		n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
		if err == nil && n > 0 && n < length {
			at = append(at, n)
		}
	}
	for _, c := range cuts {
		add(c)
	}
	add(start)
	add(end)
	slices.Sort(at)
	at = slices.Compact(at)
	out := make([]submission.Span, len(at))
	for i := range at {
		out[i] = submission.Span{Start: at[i], End: length, Provision: of.Provision}
		if i > 0 {
			out[i-1].End = at[i]
		}
	}
	return out
}

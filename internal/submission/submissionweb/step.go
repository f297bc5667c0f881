package submissionweb

import (
	"strconv"
	"strings"

	"guangyi/internal/attachment"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/internal/submission"
	"guangyi/views/submissionview"
)

// step takes the form from one step to the next. What was typed is in its fields
// at every step; a refusal shows the step of the first fault again.
func (h handlers) step(c *web.Ctx) error {
	f, err := h.typed(c)
	if err != nil {
		return err
	}
	if err := h.takeFiles(c, &f); err != nil {
		return err
	}
	act, arg, _ := strings.Cut(c.Form("go"), ":")
	if act == "send" {
		return h.send(c, f)
	}
	if refusal := f.C.Takes(c.Now()); refusal != nil {
		return h.closed(c, f, refusal)
	}
	if len(f.Faults) > 0 { // of files; what was typed and the other files are kept
		f.Step = submissionview.Write
		return h.show(c, 422, f)
	}
	switch act {
	case "upload":
		f.Step = submissionview.Write
		return h.show(c, 200, f)
	case "drop":
		return h.drop(c, f, arg)
	case "add":
		return h.add(c, f)
	case "remove":
		return h.remove(c, f, arg)
	case "write":
		f.Step = submissionview.Write
		return h.show(c, 200, f)
	case "who":
		f.Step = submissionview.Who
		return h.show(c, 200, f)
	}
	return h.goOn(c, f)
}

// goOn checks the step at hand and shows the next.
func (h handlers) goOn(c *web.Ctx, f submissionview.Form) error {
	faults, err := h.Submissions.Check(c.UserContext(), f.C, in(c, f))
	if err != nil {
		return err
	}
	if h.refuse(c, &f, faults, f.Step) {
		return h.show(c, 422, f)
	}
	f.Step = min(f.Step+1, submissionview.Check)
	return h.show(c, 200, f)
}

// refuse notes the faults of the steps up to one; the form goes back to the first.
func (h handlers) refuse(c *web.Ctx, f *submissionview.Form, faults []fault.Field, upTo int) bool {
	first := submissionview.Check + 1
	for _, x := range faults {
		first = min(first, stepOf(x.Name))
	}
	if first > upTo {
		return false
	}
	f.Step, f.Faults = first, nil
	for _, x := range faults {
		if stepOf(x.Name) == first {
			f.Faults = append(f.Faults, submissionview.Fault{Name: x.Name, Message: web.Message(c.Visit.Locale, x.Code, x.Args...)})
		}
	}
	return true
}

// stepOf is the step at which a field is filled in.
func stepOf(field string) int {
	if strings.HasPrefix(field, "submitter.") || field == "consent" {
		return submissionview.Who
	}
	return submissionview.Write
}

func (h handlers) add(c *web.Ctx, f submissionview.Form) error {
	part := submission.Part{}
	if p, ok := f.Tree.Get(c.Form("add")); ok {
		part.Provision = p.Key
	}
	f.Step = submissionview.Write
	if len(f.Parts) < submission.MostComments {
		f.Parts = append(f.Parts, part)
	}
	return h.show(c, 200, f)
}

func (h handlers) remove(c *web.Ctx, f submissionview.Form, which string) error {
	f.Step = submissionview.Write
	if i, err := strconv.Atoi(which); err == nil && i >= 0 && i < len(f.Parts) && len(f.Parts) > 1 {
		f.Parts = append(f.Parts[:i:i], f.Parts[i+1:]...)
	}
	return h.show(c, 200, f)
}

func in(c *web.Ctx, f submissionview.Form) submission.In {
	return submission.In{
		Consultation: f.C.Slug, Key: f.Key, Channel: submission.Web, Version: f.Version, Language: language(c, f.Parts),
		Submitter: f.Sender, Comments: f.Parts, Consent: f.Consent, ReceivedAt: c.Now(),
		Files: keptFiles(f),
	}
}

func keptFiles(f submissionview.Form) []submission.File {
	list := make([]attachment.Attachment, len(f.Files))
	for i, k := range f.Files {
		list[i] = k.Attachment
	}
	return submitted(list)
}

// language is that of the words, as far as the letters tell, else the page's.
func language(c *web.Ctx, parts []submission.Part) string {
	for _, p := range parts {
		if l := submission.LanguageOf(p.Text); l != "" {
			return l
		}
	}
	return c.Visit.Locale.Tag()
}

// send takes the submission in and leads to its receipt.
func (h handlers) send(c *web.Ctx, f submissionview.Form) error {
	r, err := h.sent(c, f)
	problem, ok := fault.As(err)
	switch {
	case err == nil:
		if err := h.drawer().Keep(c, web.Kept{Number: r.Number, Secret: r.Secret, Sent: true}); err != nil {
			return err
		}
		return c.SeeOther("/receipts/" + r.Number)
	case !ok:
		return err
	case problem.Kind == fault.Invalid:
		h.refuse(c, &f, problem.Fields, submissionview.Check)
		return h.show(c, 422, f)
	case problem.Code == "submission.key_reused":
		// The sender went back, changed something and sends again: another submission,
		// once it is said to be meant.
		f.Key, f.Step, f.Again = newKey(), submissionview.Check, true
		return h.show(c, 409, f)
	case problem.Kind == fault.Gone || problem.Code == "consultation.not_open":
		return h.closed(c, f, err)
	}
	return err
}

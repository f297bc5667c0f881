package submissionweb

import (
	"slices"

	"guangyi/internal/attachment"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/internal/submission"
	"guangyi/views/submissionview"
)

// uploadsPerMinute is how many files one address may upload: an office shares one.
const uploadsPerMinute = 120

// takeFiles finds the files that the form carries and takes in those that were
// chosen now. What is wrong with one is a fault of the field; the others are kept.
func (h handlers) takeFiles(c *web.Ctx, f *submissionview.Form) error {
	if h.Files == nil {
		return nil
	}
	f.TakesFiles = true
	for _, key := range c.FormAll("file") {
		if err := h.keep(c, f, key); err != nil {
			return err
		}
	}
	if f.C.Takes(c.Now()) != nil {
		return nil // the page that says so keeps the words; nothing is taken in
	}
	chosen, err := c.Uploads("files", attachment.MostFiles+1)
	if err != nil {
		return err
	}
	for _, file := range chosen {
		if err := h.takeFile(c, f, file); err != nil {
			return err
		}
	}
	return nil
}

// keep finds a file that was uploaded at an earlier step.
func (h handlers) keep(c *web.Ctx, f *submissionview.Form, key string) error {
	if len(f.Files) > attachment.MostFiles || slices.ContainsFunc(f.Files, func(k submissionview.Kept) bool { return k.Key == key }) {
		return nil
	}
	found, err := h.Files.ByKeys(c.UserContext(), f.C.ID, []string{key})
	if err == nil {
		f.Files = append(f.Files, submissionview.Kept{Attachment: found[0], Key: key})
	}
	return faulty(c, f, "", err)
}

func (h handlers) takeFile(c *web.Ctx, f *submissionview.Form, file *web.File) error {
	if err := fits(sizes(f.Files), int64(len(file.Data))); err != nil {
		return faulty(c, f, file.Name, err)
	}
	if err := c.Limit("upload", uploadsPerMinute); err != nil {
		return err
	}
	u, err := h.Files.Upload(c.UserContext(), c.Who(), attachment.Upload{
		Organisation: f.C.Organisation, Consultation: f.C.ID, Name: file.Name, Data: file.Data,
	})
	if err == nil {
		f.Files = append(f.Files, submissionview.Kept{Attachment: u.Attachment, Key: u.Key})
	}
	return faulty(c, f, file.Name, err)
}

// faulty notes what is wrong with a file; any other error goes on.
func faulty(c *web.Ctx, f *submissionview.Form, name string, err error) error {
	problem, ok := fault.AsInvalid(err)
	if !ok {
		return err
	}
	message := web.Message(c.Visit.Locale, problem.Fields[0].Code, problem.Fields[0].Args...)
	if name != "" {
		message = c.T("submission.files.fault", "name", name, "message", message)
	}
	f.Faults = append(f.Faults, submissionview.Fault{Name: "files", Message: message})
	return nil
}

func sizes(files []submissionview.Kept) []int64 {
	out := make([]int64, len(files))
	for i, x := range files {
		out[i] = x.Size
	}
	return out
}

// fits asks whether one more file may join others.
func fits(others []int64, more int64) error {
	together := more
	for _, n := range others {
		together += n
	}
	if len(others)+1 > attachment.MostFiles {
		return fault.Fields{{Name: "files", Code: "attachment.files_many", Args: []any{"most", attachment.MostFiles}}}.Err()
	}
	if together > attachment.MostTogether {
		return fault.Fields{{Name: "files", Code: "attachment.together", Args: []any{"megabytes", attachment.MostTogether >> 20}}}.Err()
	}
	return nil
}

// drop takes a file off the form again.
func (h handlers) drop(c *web.Ctx, f submissionview.Form, key string) error {
	f.Step = submissionview.Write
	f.Files = slices.DeleteFunc(f.Files, func(k submissionview.Kept) bool { return k.Key == key })
	if h.Files != nil {
		if err := h.Files.Discard(c.UserContext(), key); err != nil {
			return err
		}
	}
	return h.show(c, 200, f)
}

// submitted names files in a submission.
func submitted(list []attachment.Attachment) []submission.File {
	out := make([]submission.File, len(list))
	for i, a := range list {
		out[i] = submission.File{ID: a.ID, Name: a.Name, Size: a.Size, SHA256: a.SHA256}
	}
	return out
}

// filesOf lists the files of a submission.
func (h handlers) filesOf(c *web.Ctx, id int64) ([]attachment.Attachment, error) {
	if h.Files == nil {
		return nil, nil
	}
	return h.Files.List(c.UserContext(), attachment.OfSubmission(id))
}

// receiptFile gives a file back to whoever holds the receipt.
func (h handlers) receiptFile(c *web.Ctx) error {
	number, ok := submission.ReadNumber(c.Params("number"))
	k, here := h.drawer().At(c, number)
	if !ok || !here {
		return fault.Missing()
	}
	t, err := h.Submissions.Track(c.UserContext(), k.Number, k.Secret)
	if err != nil {
		return err
	}
	return h.sendFile(c, t.Submission.ID, attachment.Attachment.Header)
}

// staffFile gives a file of a submission to staff who may read the submission.
func (h handlers) staffFile(c *web.Ctx) error {
	l, err := h.read(c)
	if err != nil {
		return err
	}
	return h.sendFile(c, l.ID, attachment.Attachment.Header)
}

// staffView shows staff a picture of a submission within the page.
func (h handlers) staffView(c *web.Ctx) error {
	l, err := h.read(c)
	if err != nil {
		return err
	}
	return h.sendFile(c, l.ID, func(a attachment.Attachment) map[string]string {
		if !a.Picture() {
			return nil
		}
		return a.View()
	})
}

// sendFile streams a file of a submission; a kind that header gives nothing for is
// not there.
func (h handlers) sendFile(c *web.Ctx, submission int64, header func(attachment.Attachment) map[string]string) error {
	id, err := c.IDParam("file")
	if err != nil || h.Files == nil {
		return fault.Missing()
	}
	a, file, err := h.Files.Open(c.UserContext(), attachment.OfSubmission(submission), id)
	if err != nil {
		return err
	}
	set := header(a)
	if set == nil {
		file.Close()
		return fault.Missing()
	}
	for name, value := range set {
		c.Set(name, value)
	}
	c.NoStore()
	return c.SendStream(file, int(a.Size)) // fasthttp closes it
}

// publicFile gives a file that moderation made public.
func (h handlers) publicFile(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	x, err := h.Consultations.BySlug(c.UserContext(), slug)
	if err != nil {
		return err
	}
	id, err := c.IDParam("file")
	if err != nil || h.Files == nil || x.CommentsPublic == consultation.PublicNo {
		return fault.Missing()
	}
	a, file, err := h.Files.OpenPublic(c.UserContext(), x.ID, id)
	if err != nil {
		return err
	}
	for name, value := range a.Header() {
		c.Set(name, value)
	}
	c.NoStore() // it may be withheld again
	return c.SendStream(file, int(a.Size))
}

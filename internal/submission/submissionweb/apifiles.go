package submissionweb

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"guangyi/internal/attachment"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
	"guangyi/internal/submission"
)

// uploadedItem is a file that waits for its submission. ID is a secret of whoever
// uploaded it: with it the file can be sent.
type uploadedItem struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	MediaType string    `json:"media_type"`
	Size      int64     `json:"size"`
	SHA256    string    `json:"sha256"`
	ExpiresAt time.Time `json:"expires_at"`
}

// fileItem is a file of a submission. State is checked, unchecked (the scanner has
// not seen it), infected, or empty where none is set up.
type fileItem struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	MediaType string `json:"media_type"`
	Size      int64  `json:"size"`
	SHA256    string `json:"sha256"`
	State     string `json:"state"`
	Finding   string `json:"finding,omitempty"`
	URL       string `json:"url,omitempty"`
	Text      string `json:"text,omitempty"` // read out of it by a program
}

func fileOf(a attachment.Attachment, url string) fileItem {
	x := fileItem{ID: ids.Format(a.ID), Name: a.Name, MediaType: a.MediaType, Size: a.Size, SHA256: a.SHA256, Finding: a.Finding}
	switch {
	case a.Scan == attachment.Infected:
		x.State = "infected"
	case a.Locked:
		x.State = "unchecked"
	case a.Scan == attachment.Clean:
		x.State = "checked"
	}
	if !a.Locked {
		x.URL = url + "/files/" + x.ID
	}
	return x
}

// apiUpload takes one file in, in the field file of a multipart body.
func (h handlers) apiUpload(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	if err := c.Limit("upload", uploadsPerMinute); err != nil {
		return err
	}
	x, err := h.Consultations.BySlug(c.UserContext(), slug)
	if err != nil {
		return err
	}
	if err := x.Takes(c.Now()); err != nil {
		return err
	}
	if h.Files == nil {
		return fault.Missing()
	}
	if _, err := c.MultipartForm(); err != nil {
		if !c.Is("multipart") && string(c.Request().Header.MultipartFormBoundary()) == "" {
			return fault.New(fault.Unsupported, "content_type")
		}
		return fault.Wrap(err, fault.Malformed, "unreadable")
	}
	files, err := c.Uploads("file", 2)
	if err != nil {
		return err
	}
	if len(files) != 1 {
		return fault.Fields{{Name: "file", Code: "attachment.one"}}.Err()
	}
	u, err := h.Files.Upload(c.UserContext(), c.Who(), attachment.Upload{
		Organisation: x.Organisation, Consultation: x.ID, Name: files[0].Name, Data: files[0].Data,
	})
	if err != nil {
		return err
	}
	c.NoStore()
	return c.Answer(fiber.StatusCreated, uploadedItem{
		u.Key, u.Name, u.MediaType, u.Size, u.SHA256, u.CreatedAt.Add(attachment.UploadsLast).UTC(),
	})
}

// apiNamed finds the uploads that a submission names by their identifiers.
func (h handlers) apiNamed(c *web.Ctx, slug string, keys []string) ([]submission.File, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	x, err := h.Consultations.BySlug(c.UserContext(), slug)
	if err != nil {
		return nil, err
	}
	if h.Files == nil {
		return nil, fault.Missing()
	}
	if len(keys) > attachment.MostFiles {
		return nil, fault.Fields{{Name: "files", Code: "attachment.files_many", Args: []any{"most", attachment.MostFiles}}}.Err()
	}
	list, err := h.Files.ByKeys(c.UserContext(), x.ID, keys)
	if err != nil {
		return nil, err
	}
	var others []int64
	seen := map[int64]bool{}
	for _, a := range list {
		if seen[a.ID] {
			return nil, fault.Fields{{Name: "files", Code: "attachment.twice"}}.Err()
		}
		seen[a.ID] = true
		if err := fits(others, a.Size); err != nil {
			return nil, err
		}
		others = append(others, a.Size)
	}
	return submitted(list), nil
}

// apiReceiptFile gives a file to a program that has the receipt's secret.
func (h handlers) apiReceiptFile(c *web.Ctx) error {
	c.NoStore()
	if err := c.LimitLookup("receipt"); err != nil {
		return err
	}
	t, err := h.Submissions.Track(c.UserContext(), c.Params("number"), c.Get("Receipt-Secret"))
	if err != nil {
		return err
	}
	return h.sendFile(c, t.Submission.ID, attachment.Attachment.Header)
}

// fileItems lists the files of a submission below an address of the API.
func (h handlers) fileItems(c *web.Ctx, id int64, address string) ([]fileItem, error) {
	list, err := h.filesOf(c, id)
	out := make([]fileItem, len(list))
	for i, a := range list {
		out[i] = fileOf(a, c.Visit.Base+address)
	}
	return out, err
}

// withTexts adds what was read in the files, for staff.
func (h handlers) withTexts(c *web.Ctx, id int64, items []fileItem) error {
	if len(items) == 0 {
		return nil
	}
	texts, err := h.Files.Texts(c.UserContext(), attachment.OfSubmission(id))
	for i := range items {
		items[i].Text = texts[items[i].SHA256]
	}
	return err
}

package consultationweb

import (
	"guangyi/internal/attachment"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
)

// fileItem is an attachment without its bytes, which url gives.
type fileItem struct {
	ID        string `json:"id"`
	Title     string `json:"title"`
	Name      string `json:"name"`
	Lang      string `json:"lang"`
	MediaType string `json:"media_type"`
	Size      int64  `json:"size"`
	SHA256    string `json:"sha256"`
	URL       string `json:"url"`
}

func fileOf(c *web.Ctx, slug string, a attachment.Attachment) fileItem {
	return fileItem{
		ids.Format(a.ID), a.Title, a.Name, a.Lang, a.MediaType, a.Size, a.SHA256,
		c.Visit.Base + "/consultations/" + slug + "/attachments/" + ids.Format(a.ID),
	}
}

func (h handlers) apiFiles(c *web.Ctx) error {
	x, err := h.see(c)
	if err != nil {
		return err
	}
	files, err := h.Files.List(c.UserContext(), owner(x))
	if err != nil {
		return err
	}
	items := make([]fileItem, len(files))
	for i, a := range files {
		items[i] = fileOf(c, x.Slug, a)
	}
	return c.List(items, 0)
}

// apiAttach puts a file, its bytes in base64.
func (h handlers) apiAttach(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	var in struct {
		Title string `json:"title"`
		Name  string `json:"name"`
		Lang  string `json:"lang"`
		Data  []byte `json:"data"`
	}
	if err := c.ReadJSON(&in); err != nil {
		return err
	}
	var put attachment.Attachment
	err = h.Consultations.Preparing(c.UserContext(), c.Who(), slug, func(tx *database.Tx, x consultation.Consultation) error {
		put, err = h.Files.Put(tx, attachment.File{
			Organisation: x.Organisation, Owner: owner(x), Title: in.Title, Name: in.Name, Lang: in.Lang, Data: in.Data,
		})
		return err
	})
	if err != nil {
		return err
	}
	return c.Answer(201, fileOf(c, slug, put))
}

func (h handlers) apiDetach(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	id, err := c.IDParam("id")
	if err != nil {
		return err
	}
	err = h.Consultations.Preparing(c.UserContext(), c.Who(), slug, func(tx *database.Tx, x consultation.Consultation) error {
		return h.Files.Remove(tx, owner(x), id)
	})
	if err != nil {
		return err
	}
	return c.Answer(200, map[string]string{"id": ids.Format(id)})
}

// Package verificationweb hands out what is needed to check a site without network:
// the register with every published summary in one file.
package verificationweb

import (
	"archive/zip"
	"context"
	"encoding/json"
	"io"
	"time"

	"guangyi/internal/adoption"
	"guangyi/internal/platform/web"
	"guangyi/internal/register"
	"guangyi/internal/verification/published"
)

// Services are what the bundle is made of.
type Services struct {
	Register *register.Service
	Adoption *adoption.Service
}

type handlers struct{ Services }

// Mount adds the routes.
func Mount(s *web.Site, services Services) {
	h := handlers{services}
	s.Get("/log/bundle.zip", h.bundle, web.Download)
	s.Get("/log/check.py", h.script, web.Download)
}

// bundlesPerMinute is how many bundles one address may fetch.
const bundlesPerMinute = 10

// bundle answers the register with the summaries of all consultations, or with
// that of one, as a ZIP file for guangyi verify. It is sent as it is read.
func (h handlers) bundle(c *web.Ctx) error {
	if err := c.Limit("bundle", bundlesPerMinute); err != nil {
		return err
	}
	ctx := c.UserContext()
	b := bundle{Services: h.Services, about: published.About{V: 1, Site: c.Visit.Base, Consultation: c.QueryText("consultation"), MadeAt: c.Now().UTC()}}
	name := "register.zip"
	if slug := b.about.Consultation; slug != "" {
		if _, err := h.Adoption.Summary(ctx, slug); err != nil {
			return err
		}
		b.slugs, name = []string{slug}, slug+"-register.zip"
	} else {
		var err error
		if b.slugs, err = h.Adoption.Summarised(ctx); err != nil {
			return err
		}
	}
	var err error
	if b.newest, err = h.Register.Checkpoint(ctx); err != nil {
		return err
	}
	c.Set("Content-Type", "application/zip")
	c.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	from, to := io.Pipe()
	go func() { to.CloseWithError(b.write(context.WithoutCancel(ctx), to)) }()
	// An unread rest ends the writer: the server closes the pipe with the connection.
	c.Context().Response.SetBodyStream(from, -1)
	return nil
}

// bundle is what goes into a file. The newest checkpoint is read first: what comes
// later is not in it.
type bundle struct {
	Services
	about  published.About
	slugs  []string
	newest register.Signed
}

func (b bundle) write(ctx context.Context, to io.Writer) error {
	z := zip.NewWriter(to)
	parts := []struct {
		name  string
		write func(context.Context, io.Writer) error
	}{
		{published.FileAbout, func(_ context.Context, w io.Writer) error { return json.NewEncoder(w).Encode(b.about) }},
		{published.FileKeys, b.keys},
		{published.FileCheckpoints, b.checkpoints},
		{published.FileEntries, b.entries},
	}
	for _, part := range parts {
		w, err := b.create(z, part.name)
		if err == nil {
			err = part.write(ctx, w)
		}
		if err != nil {
			return err
		}
	}
	for _, slug := range b.slugs {
		if err := b.summary(ctx, z, slug); err != nil {
			return err
		}
	}
	return z.Close()
}

func (b bundle) create(z *zip.Writer, name string) (io.Writer, error) {
	return z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: b.about.MadeAt.Truncate(time.Second)})
}

// keys writes all verifier keys, SM2 ones too.
func (b bundle) keys(ctx context.Context, w io.Writer) error {
	rows, err := b.Register.KeyRows(ctx)
	if err != nil {
		return err
	}
	for _, k := range rows {
		text := k.Verifier + "\n"
		if k.Second != "" {
			text += k.Second + "\n"
		}
		if _, err := io.WriteString(w, text); err != nil {
			return err
		}
	}
	return nil
}

func (b bundle) checkpoints(ctx context.Context, w io.Writer) error {
	out := json.NewEncoder(w)
	for from := int64(0); from <= b.newest.Number; {
		list, err := b.Register.Checkpoints(ctx, from, register.MostEntries)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, one := range list {
			if one.Number > b.newest.Number {
				return nil
			}
			if err := out.Encode(published.CheckpointLine{Checkpoint: one.Note}); err != nil {
				return err
			}
			from = one.Number + 1
		}
	}
	return nil
}

func (b bundle) entries(ctx context.Context, w io.Writer) error {
	out := json.NewEncoder(w)
	for from := int64(0); from < b.newest.Size; {
		list, err := b.Register.Entries(ctx, from, min(from+register.MostEntries, b.newest.Size))
		if err != nil || len(list) == 0 {
			return err
		}
		for _, one := range list {
			if err := out.Encode(published.EntryLine{Index: one.Index, Leaf: one.Leaf}); err != nil {
				return err
			}
		}
		from += int64(len(list))
	}
	return nil
}

func (b bundle) summary(ctx context.Context, z *zip.Writer, slug string) error {
	head, err := b.Adoption.Summary(ctx, slug)
	if err != nil {
		return err
	}
	folder := published.FolderSummaries + "/" + slug + "/"
	w, err := b.create(z, folder+published.FileSummary)
	if err == nil {
		err = b.Adoption.WriteDocument(ctx, head, w)
	}
	if err != nil {
		return err
	}
	account, err := b.Adoption.Account(ctx, head)
	if err != nil {
		return err
	}
	defer account.Close()
	if w, err = b.create(z, folder+published.FileAccount); err == nil {
		_, err = io.Copy(w, account)
	}
	return err
}

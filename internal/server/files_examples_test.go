package server_test

import (
	"context"

	"guangyi/internal/attachment"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/ids"
)

// newFile gives the submission that the grid asks for a picture.
func (g *grid) newFile() string {
	g.t.Helper()
	if g.fixed["submissions/id"] == "" {
		g.fixed["submissions/id"] = g.newSubmission()
	}
	submission, ok := ids.Parse(g.fixed["submissions/id"])
	if !ok {
		g.t.Fatalf("%q is no submission", g.fixed["submissions/id"])
	}
	ctx := context.Background()
	x, err := g.services.Consultations.BySlug(ctx, g.slug)
	must(g.t, err)
	u, err := g.services.Attachments.Upload(ctx, actor.Public(), attachment.Upload{
		Organisation: x.Organisation, Consultation: x.ID, Name: "照片.png", Data: []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
	})
	must(g.t, err)
	must(g.t, g.db().Write(ctx, actor.Public(), func(tx *database.Tx) error {
		return g.services.Attachments.Claim(tx, []int64{u.ID}, x.Organisation, x.ID, submission)
	}))
	return ids.Format(u.ID)
}

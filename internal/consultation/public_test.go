package consultation_test

import (
	"testing"

	"guangyi/internal/consultation"
	"guangyi/internal/procedure"
)

func TestAProcedureMayForbidShowingCommentsAtOnce(t *testing.T) {
	each(t, func(b *bureau) {
		b.UseProcedures(procedure.Profiles{"strict": {ID: "strict", ReadFirst: true}, "free": {ID: "free"}})
		c := b.prepared()
		edit := func(in consultation.Changes) error {
			_, err := b.Edit(ctx, b.officer(), c.Slug, in, 0)
			return err
		}
		allowed := func(err error) {
			t.Helper()
			if err != nil {
				t.Error(err)
			}
		}
		wantField(t, edit(consultation.Changes{Procedure: ptr("none such")}), "procedure")
		wantField(t, edit(consultation.Changes{Procedure: ptr("strict"), CommentsPublic: ptr(consultation.PublicAtOnce)}), "comments_public")
		allowed(edit(consultation.Changes{Procedure: ptr("strict"), CommentsPublic: ptr(consultation.PublicModerated)}))
		wantField(t, edit(consultation.Changes{CommentsPublic: ptr(consultation.PublicAtOnce)}), "comments_public")
		allowed(edit(consultation.Changes{Procedure: ptr("free"), CommentsPublic: ptr(consultation.PublicAtOnce)}))
	})
}

func TestTheCountIsKeptBackOnlyWhileItIsOpen(t *testing.T) {
	each(t, func(b *bureau) {
		open, closed := b.at(consultation.Open), b.at(consultation.Closed)
		now := b.clock.Now()
		for _, c := range []consultation.Consultation{open, closed} {
			if !c.CountShown(now) {
				t.Errorf("%s: the count is kept back though nobody asked", c.Status(now))
			}
		}
		open.HideCount, closed.HideCount = true, true
		if open.Status(now) == consultation.Open && open.CountShown(now) {
			t.Error("the live count is told")
		}
		if !closed.CountShown(now) {
			t.Error("after the end the count is not told")
		}
	})
}

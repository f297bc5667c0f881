package demo

import (
	"fmt"

	"guangyi/internal/adoption"
	"guangyi/internal/platform/actor"
)

// gather makes a suggestion of the comments that name it, drafts what becomes of
// it and hands it in, as far as it has come.
func (f *filling) gather(n *notice, s *suggestion) error {
	officer, err := f.staff.does(n.Organisation, actor.Officer)
	if err != nil {
		return err
	}
	comments, err := f.commentsIn(n, officer, s.ID)
	if err != nil {
		return err
	}
	made, err := f.Adoption.Gather(f.ctx, officer, n.slug, adoption.In{Text: s.Text, Comments: comments})
	if err != nil || s.Disposition == "" {
		return err
	}
	s.id = made.ID
	_, err = f.Adoption.Dispose(f.ctx, officer, s.id, adoption.Disposition{
		Code: adoption.Code(s.Disposition), Reason: s.Reason, Provisions: s.Provisions,
	}, 0)
	if err != nil || s.State == "drafted" {
		return err
	}
	_, err = f.Adoption.Apply(f.ctx, officer, s.id, adoption.Submit, "", 0)
	return err
}

// review agrees or sends back what was handed in.
func (f *filling) review(n *notice, s *suggestion) error {
	reviewer, err := f.staff.does(n.Organisation, actor.Reviewer)
	if err != nil {
		return err
	}
	switch s.State {
	case "agreed":
		_, err = f.Adoption.Apply(f.ctx, reviewer, s.id, adoption.Agree, "", 0)
	case "returned":
		_, err = f.Adoption.Apply(f.ctx, reviewer, s.id, adoption.Return, s.Note, 0)
	case "gathered", "drafted", "in_review":
	default:
		err = fmt.Errorf("%q is no state of a suggestion", s.State)
	}
	return err
}

package demo

import (
	"cmp"
	"fmt"
	"slices"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/submission"
)

// receive takes a submission in: by the site's own form from a visitor, on every
// other channel by the officer who types it.
func (f *filling) receive(n *notice, l *letter) error {
	in := l.in(n.slug)
	if l.Via == "" {
		r, err := f.Submissions.Receive(f.ctx, actor.Public(), in)
		l.id = r.Submission
		return err
	}
	officer, err := f.staff.does(n.Organisation, actor.Officer)
	if err != nil {
		return err
	}
	return f.DB.Write(f.ctx, officer, func(tx *database.Tx) error {
		r, err := f.Submissions.Enter(tx, officer, in)
		l.id = r.Submission
		return err
	})
}

func (l *letter) in(slug string) submission.In {
	in := submission.In{
		Consultation: slug, Channel: cmp.Or(l.Via, submission.Web), Language: cmp.Or(l.Lang, "zh-CN"), Consent: true,
		Submitter: submission.Submitter{
			Kind: submission.Kind(cmp.Or(l.Kind, "individual")), Name: l.Name, Email: l.Email, Phone: l.Phone,
			Region: l.Region, PublishName: l.Publish,
		},
	}
	for _, c := range l.Comments {
		in.Comments = append(in.Comments, submission.Part{Provision: c.On, Text: c.Text, ProposedText: c.Write})
	}
	return in
}

// commentsIn finds the stored comments that a suggestion is to hold.
func (f *filling) commentsIn(n *notice, who actor.Actor, suggestion string) ([]int64, error) {
	page, err := f.Submissions.Comments(f.ctx, who, n.slug, submission.Filter{Limit: mostComments})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(page.Items, func(a, b submission.Comment) int { return cmp.Compare(a.Position, b.Position) })
	stored := map[int64][]int64{}
	for _, c := range page.Items {
		stored[c.SubmissionID] = append(stored[c.SubmissionID], c.ID)
	}
	var out []int64
	for _, l := range n.Submissions {
		for i, c := range l.Comments {
			if c.In != suggestion {
				continue
			}
			if i >= len(stored[l.id]) {
				return nil, fmt.Errorf("the submission of %s is gathered before it came", l.Name)
			}
			out = append(out, stored[l.id][i])
		}
	}
	return out, nil
}

// mostComments is more than any consultation of the demonstration holds.
const mostComments = 1000

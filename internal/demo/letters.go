package demo

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"guangyi/internal/attachment"
	"guangyi/internal/desk"
	"guangyi/internal/moderation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/submission"
)

// receive takes a submission in: by the site's own form from a visitor, what came on
// paper or was said at the entry desk (which publishes no names), on every other
// channel by the officer.
func (f *filling) receive(n *notice, l *letter) error {
	in := l.in(n.slug)
	if l.Via == "" {
		files, err := f.attach(n, l)
		if err != nil {
			return err
		}
		in.Files = files
		r, err := f.Submissions.Receive(f.ctx, actor.Public(), in)
		l.id = r.Submission
		return err
	}
	officer, err := f.staff.does(n.Organisation, actor.Officer)
	if err != nil {
		return err
	}
	if way := desk.Way(l.Via); f.Desk != nil && !l.Publish && slices.Contains(desk.Ways, way) {
		return f.enter(n, l, way, officer)
	}
	return f.DB.Write(f.ctx, officer, func(tx *database.Tx) error {
		r, err := f.Submissions.Enter(tx, officer, in)
		l.id = r.Submission
		return err
	})
}

// enter types it at the desk, in the sitting of its day.
func (f *filling) enter(n *notice, l *letter, way desk.Way, officer actor.Actor) error {
	at := l.At.after(f.today).In(f.Desk.Zone())
	sitting := desk.Batch{Way: way, Day: at.Format(time.DateOnly)}
	if way == desk.Seminar || way == desk.Hearing {
		sitting.Title = "商家和配送员专场"
	}
	b, err := f.Desk.BatchFor(f.ctx, officer, n.slug, sitting)
	if err != nil {
		return err
	}
	typed := desk.Content{
		Sender:     desk.Sender{Kind: submission.Kind(cmp.Or(l.Kind, "individual")), Name: l.Name, Phone: l.Phone, Email: l.Email, Region: l.Region},
		ReceivedOn: sitting.Day, ReceivedAt: at.Format("15:04"),
	}
	for _, c := range l.Comments {
		typed.Points = append(typed.Points, desk.Point{Provision: c.On, Text: c.Text, Proposed: c.Write})
	}
	done, err := f.Desk.Finish(f.ctx, officer, n.slug, b.ID, desk.In{Key: fmt.Sprintf("demo-%s-%s", n.file, at.Format(time.RFC3339)), Content: typed})
	if err == nil {
		l.id = done.Receipt.Submission
	}
	return err
}

// attach keeps the file that a submission brings along.
func (f *filling) attach(n *notice, l *letter) ([]submission.File, error) {
	if l.File == nil {
		return nil, nil
	}
	c, err := f.Consultations.BySlug(f.ctx, n.slug)
	if err != nil {
		return nil, err
	}
	data, err := l.File.workbook()
	if err != nil {
		return nil, err
	}
	u, err := f.Attachments.Upload(f.ctx, actor.Public(), attachment.Upload{Organisation: c.Organisation, Consultation: c.ID, Name: l.File.Name, Data: data})
	return []submission.File{{ID: u.ID, Name: u.Name, Size: u.Size, SHA256: u.SHA256}}, err
}

// withhold keeps a submission's words from the public.
func (f *filling) withhold(n *notice, l *letter) error {
	if f.Moderation == nil {
		return nil
	}
	officer, err := f.staff.does(n.Organisation, actor.Officer)
	if err != nil {
		return err
	}
	_, err = f.Moderation.Decide(f.ctx, officer, n.slug, l.id, moderation.Decision{Act: moderation.Withhold, Reason: l.Withhold.Reason, Words: l.Withhold.Words})
	return err
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

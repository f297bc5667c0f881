package demo

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"time"

	"guangyi/internal/attachment"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/sheet"
)

// prepare imports the draft, writes the notice and adds the file that goes with it.
func (f *filling) prepare(n *notice) error {
	officer, err := f.staff.does(n.Organisation, actor.Officer)
	if err != nil {
		return err
	}
	text, err := files.ReadFile("content/" + n.Draft)
	if err != nil {
		return err
	}
	org := officer.Grants[0].Organisation
	c, err := f.Consultations.ImportDraft(f.ctx, officer, org, draft.Source{Name: n.Draft, Text: string(text)})
	if err != nil {
		return err
	}
	n.slug = c.Slug
	if _, err := f.Consultations.Edit(f.ctx, officer, c.Slug, n.changes(f.today), c.Version); err != nil {
		return err
	}
	if err := f.ask(n, officer); err != nil {
		return err
	}
	if n.Attachment == nil {
		return nil
	}
	data, err := n.Attachment.workbook()
	if err != nil {
		return err
	}
	_, err = f.Attachments.Attach(f.ctx, officer, attachment.File{
		Organisation: org, Owner: attachment.Owner{Kind: "consultation", ID: c.ID},
		Title: n.Attachment.Title, Name: n.Attachment.Name, Lang: c.Lang, Data: data,
	})
	return err
}

// workbook is the table as people attach it.
func (t table) workbook() ([]byte, error) {
	rows, err := csv.NewReader(strings.NewReader(t.Table)).ReadAll()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	w, err := sheet.NewWriter(&out, sheet.XLSX, rows[0])
	if err != nil {
		return nil, err
	}
	for _, row := range rows[1:] {
		values := make([]any, len(row))
		for i, cell := range row {
			values[i] = cell
			if n, err := strconv.Atoi(cell); err == nil {
				values[i] = n
			}
		}
		if err := w.Write(values...); err != nil {
			return nil, err
		}
	}
	err = w.Close()
	return out.Bytes(), err
}

// changes is the notice as its officer types it.
func (n *notice) changes(today time.Time) consultation.Changes {
	var main []string
	for _, c := range n.Changes {
		main = append(main, c.Topic+" | "+c.What+" | "+c.On)
	}
	lines := strings.Join(main, "\n")
	demands := append([]string{}, n.Demands...)
	return consultation.Changes{
		Ask: &n.Ask, Background: &n.Background, Explanation: &n.Explanation, Changes: &lines, Contact: &n.Contact,
		CommentsPublic: &n.CommentsPublic, Channels: &n.Channels, Demands: &demands, DemandReason: &n.DemandReason, PeriodReason: &n.PeriodReason,
		OpensAt: startOf(today, n.Opens), ClosesAt: endOf(today, n.Closes), AnswerDue: endOf(today, n.Answer),
	}
}

func startOf(today time.Time, days *int) *time.Time {
	if days == nil {
		return nil
	}
	t := day(today, *days)
	return &t
}

// endOf is 24:00 of the day.
func endOf(today time.Time, days *int) *time.Time {
	if days == nil {
		return nil
	}
	t := day(today, *days+1)
	return &t
}

// hands lists who does an event; the first role that an organisation has does it.
var hands = map[consultation.Event][]actor.Role{
	consultation.Submit:         {actor.Officer},
	consultation.Return:         {actor.Reviewer},
	consultation.Approve:        {actor.Reviewer},
	consultation.Extend:         {actor.Officer},
	consultation.Withdraw:       {actor.Signer, actor.Reviewer},
	consultation.Decide:         {actor.Officer},
	consultation.SubmitSummary:  {actor.Officer},
	consultation.PublishSummary: {actor.Signer, actor.Reviewer},
	consultation.Archive:        {actor.Officer},
}

// happen does one event of a consultation's life.
func (f *filling) happen(n *notice, e happening) error {
	event := consultation.Event(e.Do)
	roles, ok := hands[event]
	if !ok {
		return fmt.Errorf("%q is nothing that happens to a consultation", e.Do)
	}
	who, err := f.staff.does(n.Organisation, roles...)
	if err != nil {
		return err
	}
	note := consultation.Note{Text: e.Note}
	if event == consultation.Extend {
		note.ClosesAt = endOf(f.today, &e.Closes)
	}
	_, err = f.Consultations.Apply(f.ctx, who, n.slug, event, note)
	return err
}

package demo

import (
	"fmt"
	"time"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/ids"
	"guangyi/internal/sitting"
)

// day writes down a meeting as its secretary does on the tablet.
type dayBook struct {
	at   time.Time
	acts []sitting.Act
}

// note adds an act some minutes after the one before.
func (d *dayBook) note(minutes int, a sitting.Act) sitting.Act {
	d.at = d.at.Add(time.Duration(minutes) * time.Minute)
	a.ID, a.At = fmt.Sprintf("demo-day-%03d", len(d.acts)), d.at
	d.acts = append(d.acts, a)
	return a
}

// holdDay records who came, who spoke in which words, and what was decided.
func (f *filling) holdDay(c *call) error {
	who, err := f.staff.does(c.Organisation, actor.Secretary)
	if err != nil {
		return err
	}
	m, err := f.Meetings.BySlug(f.ctx, c.slug)
	if err != nil {
		return err
	}
	items, err := f.Meetings.Items(f.ctx, m.ID)
	if err != nil {
		return err
	}
	seats, err := f.seats(c, meeting.Accepted)
	if err != nil {
		return err
	}
	book := &dayBook{at: m.StartsAt.Add(-25 * time.Minute)}
	for _, a := range seats[:len(seats)-1] {
		book.note(2, sitting.Act{Kind: sitting.CheckIn, Seat: ids.Format(a.ID), Way: sitting.ByName})
	}
	book.note(1, sitting.Act{Kind: sitting.Excuse, Seat: ids.Format(seats[len(seats)-1].ID), Text: "因病请假"})
	book.note(9, sitting.Act{Kind: sitting.Begin})
	for i, it := range items {
		book.item(c, it, c.Items[i], seats[:len(seats)-1])
	}
	book.note(3, sitting.Act{Kind: sitting.End})
	taken, err := f.Sittings.Take(f.ctx, who, c.slug, f.DB.Now(), book.acts)
	if err != nil {
		return err
	}
	if len(taken.Refused) > 0 {
		return fmt.Errorf("the day refuses %v", taken.Refused)
	}
	return nil
}

// item notes one matter: each who has something to say says it and confirms it.
func (d *dayBook) item(c *call, it meeting.Item, about item, seats []meeting.Application) {
	id := ids.Format(it.ID)
	d.note(1, sitting.Act{Kind: sitting.OpenItem, Item: id})
	said := map[string]int{}
	for _, a := range seats {
		words := c.Statements[a.Category]
		if said[a.Category] >= len(words) {
			continue
		}
		points := make([]sitting.Point, 0, 2)
		for _, text := range words[said[a.Category]] {
			points = append(points, sitting.Point{Text: text})
		}
		said[a.Category]++
		seat := ids.Format(a.ID)
		entry := d.note(1, sitting.Act{Kind: sitting.Add, Seat: seat, Item: id}).ID
		d.note(0, sitting.Act{Kind: sitting.Start, Entry: entry, Seat: seat, Item: id})
		d.note(4, sitting.Act{Kind: sitting.Words, Entry: entry, Seat: seat, Item: id, Points: points})
		d.note(0, sitting.Act{Kind: sitting.Stop, Entry: entry, Seconds: 262})
		d.note(1, sitting.Act{Kind: sitting.Sign, Entry: entry, Seat: seat, Item: id, Way: sitting.OnSpot, Points: points})
	}
	d.note(1, sitting.Act{Kind: sitting.ClearRoom, Item: id})
	d.note(20, sitting.Act{Kind: sitting.Decide, Item: id, Result: about.Result, Text: about.Note})
}

package meeting

import (
	"context"
	"strings"

	"guangyi/internal/audit"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// Results of an item.
const (
	ResultAdopted  = "adopted"
	ResultChanged  = "adopted_with_changes"
	ResultDeferred = "postponed"
	ResultRejected = "rejected"
	ResultNoted    = "noted" // nothing was to be decided
)

// Results lists them.
var Results = []string{ResultAdopted, ResultChanged, ResultDeferred, ResultRejected, ResultNoted}

// States of an item.
const (
	ItemPlanned = "planned"
	ItemMoved   = "moved" // to another meeting
	ItemDone    = "done"
)

// Item is one point of the agenda. Attended says that representatives are in the
// room for it.
type Item struct {
	Meeting        int64 `gorm:"column:meeting_id;primaryKey;autoIncrement:false"`
	ID             int64 `gorm:"primaryKey;autoIncrement:false"`
	Position       int   // from 1
	Title          string
	Text           string
	Reporter       string
	Minutes        int
	Attended       bool
	Consultation   string // slug of the consultation whose draft it is about
	ConsultationID int64
	Suggestions    []int  `gorm:"serializer:json"` // numbers of suggestions of that consultation
	Matter         string // slug of the decision matter
	State          string
	Result         string
	ResultNote     string
	MovedTo        int64 // meeting
	MovedFrom      int64
	Note           string // why it was moved
	Version        int64
}

// TableName names the table for gorm.
func (Item) TableName() string { return "agenda_items" }

// ItemIn is what staff write of an item. Suggestions are numbers, Consultation
// and Matter are slugs.
type ItemIn struct {
	Title, Text, Reporter, Consultation, Matter string
	Minutes, Position                           int
	Attended                                    bool
	Suggestions                                 []int
}

// Items lists the agenda of a meeting.
func (s *Service) Items(ctx context.Context, meeting int64) ([]Item, error) {
	var out []Item
	err := s.db.Read(ctx).Where("meeting_id = ?", meeting).Order("position, id").Find(&out).Error
	return out, err
}

// ItemsIn is Items inside a change.
func ItemsIn(tx *database.Tx, meeting int64) ([]Item, error) {
	var out []Item
	err := tx.Where("meeting_id = ?", meeting).Order("position, id").Find(&out).Error
	return out, err
}

// AddItem puts an item on the agenda, until the meeting is over.
func (s *Service) AddItem(ctx context.Context, who actor.Actor, slug string, in ItemIn) (Item, error) {
	about, err := s.aboutItem(ctx, who, slug, in)
	if err != nil {
		return Item{}, err
	}
	var out Item
	err = s.onAgenda(ctx, who, slug, func(tx *database.Tx, m *Meeting, items []Item) error {
		if len(items) >= MostRows {
			return fault.Fields{{Name: "title", Code: "meeting.many", Args: []any{"most", MostRows}}}.Err()
		}
		out = Item{Meeting: m.ID, ID: tx.NextID(), State: ItemPlanned, Version: 1, ConsultationID: about, Position: len(items) + 1}
		in.write(&out)
		if err := tx.Create(&out).Error; err != nil {
			return err
		}
		return recordItem(tx, *m, out, "add")
	})
	return out, err
}

// EditItem changes an item that is still to come; version 0 is not checked.
func (s *Service) EditItem(ctx context.Context, who actor.Actor, slug string, id int64, in ItemIn, version int64) (Item, error) {
	about, err := s.aboutItem(ctx, who, slug, in)
	if err != nil {
		return Item{}, err
	}
	var out Item
	err = s.onAgenda(ctx, who, slug, func(tx *database.Tx, m *Meeting, _ []Item) error {
		var err error
		if out, err = planned(tx, m.ID, id, version); err != nil {
			return err
		}
		in.write(&out)
		out.ConsultationID = about
		out.Version++
		if err := saveItem(tx, out); err != nil {
			return err
		}
		return recordItem(tx, *m, out, "edit")
	})
	return out, err
}

// RemoveItem takes an item off the agenda that is still to come.
func (s *Service) RemoveItem(ctx context.Context, who actor.Actor, slug string, id int64) error {
	return s.onAgenda(ctx, who, slug, func(tx *database.Tx, m *Meeting, _ []Item) error {
		x, err := planned(tx, m.ID, id, 0)
		if err != nil {
			return err
		}
		if err := tx.Where("meeting_id = ? AND id = ?", m.ID, id).Delete(&Item{}).Error; err != nil {
			return err
		}
		return recordItem(tx, *m, x, "remove")
	})
}

// SetResult records what became of an item, inside the caller's transaction; m is
// locked. A result may be corrected until the account is published.
func (s *Service) SetResult(tx *database.Tx, m Meeting, id int64, result, note string) (Item, error) {
	var f fault.Fields
	known := false
	for _, r := range Results {
		known = known || r == result
	}
	if !known {
		f.Add("result", "meeting.choice", "value", result)
	}
	checkText(&f, "result_note", note, NoteLength)
	if err := f.Err(); err != nil {
		return Item{}, err
	}
	var x Item
	if err := tx.Lock().Where("meeting_id = ? AND id = ?", m.ID, id).Take(&x).Error; err != nil {
		return x, database.Translate(err)
	}
	if x.State == ItemMoved || m.State == AccountPublished || m.State == Cancelled {
		return x, fault.New(fault.Conflict, "meeting.item_state")
	}
	x.State, x.Result, x.ResultNote = ItemDone, result, strings.TrimSpace(note)
	x.Version++
	if err := saveItem(tx, x); err != nil {
		return x, err
	}
	return x, recordItem(tx, m, x, "result")
}

func (in ItemIn) write(x *Item) {
	x.Title, x.Text, x.Reporter = strings.TrimSpace(in.Title), strings.TrimSpace(in.Text), strings.TrimSpace(in.Reporter)
	x.Minutes, x.Attended, x.Consultation = in.Minutes, in.Attended, strings.TrimSpace(in.Consultation)
	x.Matter, x.Suggestions = strings.TrimSpace(in.Matter), orEmpty(in.Suggestions)
	if in.Position > 0 {
		x.Position = in.Position
	}
}

func (in ItemIn) check() error {
	var f fault.Fields
	if blank(in.Title) {
		f.Add("title", "meeting.missing.title")
	}
	checkText(&f, "title", in.Title, TitleLength)
	checkText(&f, "text", in.Text, TextLength)
	checkText(&f, "reporter", in.Reporter, LineLength)
	checkText(&f, "matter", in.Matter, LineLength)
	if in.Minutes < 0 || in.Minutes > 600 {
		f.Add("minutes", "meeting.number", "most", 600)
	}
	if len(in.Suggestions) > MostRows*4 || len(in.Suggestions) > 0 && blank(in.Consultation) {
		f.Add("suggestions", "meeting.suggestions")
	}
	return f.Err()
}

// aboutItem checks an item and finds its consultation, before the change begins.
func (s *Service) aboutItem(ctx context.Context, who actor.Actor, slug string, in ItemIn) (int64, error) {
	m, err := s.Staff(ctx, who, slug)
	if err != nil {
		return 0, err
	}
	if err := s.gate.Require(who, PermissionPrepare, m.Organisation); err != nil {
		return 0, err
	}
	if err := in.check(); err != nil {
		return 0, err
	}
	m.About = in.Consultation
	err = s.about(ctx, &m)
	if f, ok := fault.As(err); ok && f.Kind == fault.Invalid {
		return 0, fault.Fields{{Name: "consultation", Code: "meeting.about_unknown"}}.Err()
	}
	return m.AboutID, err
}

func (s *Service) onAgenda(ctx context.Context, who actor.Actor, slug string, f func(*database.Tx, *Meeting, []Item) error) error {
	return s.change(ctx, who, slug, func(tx *database.Tx, m *Meeting) error {
		if err := s.gate.Require(who, PermissionPrepare, m.Organisation); err != nil {
			return err
		}
		switch m.State {
		case Held, AccountInReview, AccountPublished, Cancelled:
			return fault.New(fault.Conflict, "meeting.not_editable")
		}
		items, err := ItemsIn(tx, m.ID)
		if err != nil {
			return err
		}
		return f(tx, m, items)
	})
}

func planned(tx *database.Tx, meeting, id, version int64) (Item, error) {
	var x Item
	if err := tx.Lock().Where("meeting_id = ? AND id = ?", meeting, id).Take(&x).Error; err != nil {
		return x, database.Translate(err)
	}
	if version != 0 && version != x.Version {
		return x, fault.Stale()
	}
	if x.State != ItemPlanned {
		return x, fault.New(fault.Conflict, "meeting.item_state")
	}
	return x, nil
}

func saveItem(tx *database.Tx, x Item) error {
	return tx.Model(&Item{}).Where("meeting_id = ? AND id = ?", x.Meeting, x.ID).Select("*").Omit("meeting_id", "id").Updates(&x).Error
}

func recordItem(tx *database.Tx, m Meeting, x Item, action string) error {
	return audit.Record(tx, audit.Entry{
		Organisation: m.Organisation, Action: action, Object: "agenda_item", ObjectID: x.ID,
		After: map[string]any{"meeting": m.Slug, "title": x.Title, "state": x.State, "result": x.Result},
	})
}

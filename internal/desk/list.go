package desk

import (
	"context"
	"slices"
	"time"

	"guangyi/internal/access"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// Filter narrows a list of entries.
type Filter struct {
	State  State // "": all
	Cursor int64
	Limit  int // 1 to 1000
}

// Page is a part of a list; Next is 0 at its end.
type Page struct {
	Items []Entry
	Next  int64
}

// List gives the entries of a consultation, newest first. Contents are unsealed for
// who enters there, and left out for all others.
func (s *Service) List(ctx context.Context, who actor.Actor, slug string, f Filter) (consultation.Consultation, Page, error) {
	c, err := s.Place(ctx, who, slug, PermissionSee)
	if err != nil {
		return c, Page{}, err
	}
	q := s.db.Read(ctx).Where("consultation_id = ?", c.ID)
	if slices.Contains(States, f.State) {
		q = q.Where("state = ?", f.State)
	}
	if f.Cursor > 0 {
		q = q.Where("id < ?", f.Cursor)
	}
	var p Page
	if err := q.Order("id DESC").Limit(f.Limit + 1).Find(&p.Items).Error; err != nil {
		return c, p, err
	}
	if len(p.Items) > f.Limit {
		p.Items = p.Items[:f.Limit]
		p.Next = p.Items[f.Limit-1].ID
	}
	if !s.gate.May(who, PermissionEnter, c.Organisation) {
		return c, p, nil
	}
	for i := range p.Items {
		if err := s.unseal(&p.Items[i]); err != nil {
			return c, p, err
		}
	}
	return c, p, nil
}

// Past is what was done to an entry's words.
type Past struct {
	Act     string // typed, checked, returned, remark
	Actor   string
	At      time.Time
	Content *Content
	Remark  string
}

// Whole is an entry with its past and those that correct it.
type Whole struct {
	Entry
	Consultation consultation.Consultation
	Batch        Batch
	Past         []Past
	CorrectedBy  []int64
}

// One reads an entry whole for who enters there.
func (s *Service) One(ctx context.Context, who actor.Actor, slug string, id int64) (Whole, error) {
	c, err := s.Place(ctx, who, slug, PermissionEnter)
	if err != nil {
		return Whole{}, err
	}
	w := Whole{Consultation: c}
	g := s.db.Read(ctx)
	if w.Entry, err = s.read(g, c.ID, id); err != nil {
		return w, err
	}
	if err := g.Where("consultation_id = ? AND id = ?", c.ID, w.BatchID).Take(&w.Batch).Error; err != nil {
		return w, database.Translate(err)
	}
	if err := g.Model(&Entry{}).Select("id").Where("consultation_id = ? AND corrects_id = ?", c.ID, id).Order("id").Pluck("id", &w.CorrectedBy).Error; err != nil {
		return w, err
	}
	var rows []past
	if err := g.Where("consultation_id = ? AND entry_id = ?", c.ID, id).Order("seq").Find(&rows).Error; err != nil {
		return w, err
	}
	for _, r := range rows {
		k, err := s.open(r)
		if err != nil {
			return w, err
		}
		w.Past = append(w.Past, Past{r.Act, r.Actor, r.At.UTC(), k.Content, k.Remark})
	}
	return w, nil
}

// Work is what is to be done at the desk of one consultation.
type Work struct {
	Consultation consultation.Consultation
	Drafts       int // begun and not finished
	Waiting      int // for a second person
	Mine         int // of those, typed by another than the reader: they can check them
	Checked      int // checked, and not yet taken
	Taken        int
}

// Left is how many entries hold back the summary.
func (w Work) Left() int { return w.Drafts + w.Waiting + w.Checked }

// Work lists the consultations of the actor's organisations whose desk is open, with
// what is to be done there.
func (s *Service) Work(ctx context.Context, who actor.Actor) ([]Work, error) {
	if !who.Known() {
		return nil, fault.New(fault.Unauthenticated, "sign_in_first")
	}
	var orgs []int64
	settles := false // an administrator: nothing is entered there, but how much is checked
	for _, o := range who.Organisations() {
		if s.gate.May(who, PermissionSee, o) {
			orgs = append(orgs, o)
		}
		settles = settles || s.gate.May(who, PermissionDemand, o)
	}
	switch {
	case len(orgs) > 0:
	case settles:
		return nil, nil
	default:
		return nil, fault.New(fault.Forbidden, "forbidden")
	}
	var list []consultation.Consultation
	err := s.db.Read(ctx).Where("organisation_id IN ? AND state IN ? AND opens_at <= ?", orgs, []consultation.State{consultation.Approved, consultation.Decided}, s.db.Now()).
		Order("closes_at DESC, id DESC").Limit(200).Find(&list).Error
	if err != nil {
		return nil, err
	}
	out := make([]Work, 0, len(list))
	for _, c := range list {
		w, err := s.workOf(ctx, who, c)
		if err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	return out, nil
}

// WorkOf is the work of one consultation.
func (s *Service) WorkOf(ctx context.Context, who actor.Actor, slug string, p access.Permission) (Work, error) {
	c, err := s.Place(ctx, who, slug, p)
	if err != nil {
		return Work{}, err
	}
	return s.workOf(ctx, who, c)
}

func (s *Service) workOf(ctx context.Context, who actor.Actor, c consultation.Consultation) (Work, error) {
	w := Work{Consultation: c}
	var rows []struct {
		State  State
		N, Own int
	}
	err := s.db.Read(ctx).Table("desk_entries").Select("state, COUNT(*) AS n, SUM(CASE WHEN typists LIKE ? THEN 1 ELSE 0 END) AS own", typistPattern(who)).
		Where("consultation_id = ?", c.ID).Group("state").Scan(&rows).Error
	for _, r := range rows {
		switch r.State {
		case Draft:
			w.Drafts = r.N
		case Waiting:
			w.Waiting, w.Mine = r.N, r.N-r.Own
		case Checked:
			w.Checked = r.N
		case Taken:
			w.Taken = r.N
		}
	}
	return w, err
}

// NextCheck is the oldest entry that waits for a second person and was typed by
// another than the actor; 0 when there is none.
func (s *Service) NextCheck(ctx context.Context, who actor.Actor, slug string) (id int64, err error) {
	c, err := s.Place(ctx, who, slug, PermissionCheck)
	if err != nil {
		return 0, err
	}
	var found []int64
	err = s.db.Read(ctx).Model(&Entry{}).Where("consultation_id = ? AND state = ? AND typists NOT LIKE ?", c.ID, Waiting, typistPattern(who)).Order("id").Limit(1).Pluck("id", &found).Error
	if len(found) > 0 {
		id = found[0]
	}
	return id, err
}

// ByKey finds the entry of a form for who enters there.
func (s *Service) ByKey(ctx context.Context, who actor.Actor, slug, key string) (Entry, error) {
	c, err := s.Place(ctx, who, slug, PermissionEnter)
	if err != nil {
		return Entry{}, err
	}
	return s.byKey(ctx, c.ID, key)
}

// typistPattern finds in typists what the actor typed any of. A key holds no sign that
// LIKE reads as more than itself.
func typistPattern(who actor.Actor) string { return "% " + who.Key() + " %" }

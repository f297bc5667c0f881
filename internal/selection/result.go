package selection

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
	"guangyi/internal/sortition"
)

// Group is people of one category who had the same chance, or a span of chances
// where nothing that may be said tells them apart.
type Group struct {
	Category  string
	By        string   // category of quotas that tells them from others of Category; "" for the whole of it
	Features  []string // of By
	People    int
	Low, High float64 // chances; equal but for a span
	On, OnMax int     // least and most panels that one of them is on
}

// Bound is one quota with what was selected.
type Bound struct {
	sortition.Quota
	Applied  int // people in the pool with the feature
	Selected int // 0 before the draw
}

// Seat is a person in the result, as everybody may see it. Rare is somebody whose
// combination of features fewer than five people hold: Features then has only
// those by which nobody of the category can be told from fewer than five, and
// the chance is shown under the same condition.
type Seat struct {
	Person
	Rare   bool
	Shown  bool   // the chance may be shown
	Name   string // with consent, once the seat is taken
	Reason string // of a nomination
	At     time.Time
	State  meeting.ApplicationState
}

// Result is a selection as its page shows it.
type Result struct {
	Meeting   meeting.Meeting
	Found     bool // the pool is frozen
	Selection Selection
	Source    sortition.Source
	Groups    []Group
	Bounds    []Bound
	Features  []string // categories of quotas besides the category itself
	Minimum   float64
	Seats     []Seat // selected, by label
	Reserves  []Seat // by rank
	Applied   int
	Rules     map[Rule]int
	Merged    int // people in totals only
	Index     int // panel drawn
	Panel     int // seats that were drawn
	Past      []Past
	Corrected []meeting.Past
	Job       Job // of the chances, while they are computed
	ZipSize   int
}

// Result gathers what the public page shows: NotFound for a meeting that nobody
// may see; a meeting that selects nobody has Found false.
func (s *Service) Result(ctx context.Context, slug string) (Result, error) {
	m, err := s.meetings.BySlug(ctx, slug)
	if err != nil {
		return Result{}, err
	}
	return s.resultOf(ctx, m)
}

// StaffResult is Result for the organisation's own people, at every stage.
func (s *Service) StaffResult(ctx context.Context, who actor.Actor, slug string) (Result, error) {
	m, err := s.meetings.Staff(ctx, who, slug)
	if err != nil {
		return Result{}, err
	}
	if err := s.gate.Require(who, PermissionSee, m.Organisation); err != nil {
		return Result{}, err
	}
	return s.resultOf(ctx, m)
}

func (s *Service) resultOf(ctx context.Context, m meeting.Meeting) (Result, error) {
	r := Result{Meeting: m, Applied: m.Counts[""].Applied, Rules: map[Rule]int{}}
	var err error
	if r.Selection, r.Found, err = s.Of(ctx, m.ID); err != nil {
		return r, err
	}
	if r.Source, err = s.SourceNow(ctx, m, r.Selection); err != nil {
		return r, err
	}
	if r.Corrected, err = s.corrections(ctx, m); err != nil || !r.Found {
		return r, err
	}
	if r.Past, err = s.History(ctx, m.ID); err != nil {
		return r, err
	}
	if r.Job, _, err = s.LastJob(ctx, m.ID, ChancesJob); err != nil {
		return r, err
	}
	people, err := peopleIn(s.db.Read(ctx), m.ID)
	if err != nil {
		return r, err
	}
	r.Applied = len(people)
	for _, p := range people {
		if p.Rule != "" {
			r.Rules[p.Rule]++
		}
	}
	f, err := s.figures(ctx, m, r.Selection, people)
	if err != nil {
		return r, err
	}
	r.Groups, r.Bounds, r.Features, r.Minimum, r.Merged, r.Index, r.Panel, r.ZipSize = f.groups, f.bounds, f.features, f.minimum, len(f.rare), f.index, f.panel, f.zipSize
	return r, s.fillSeats(ctx, &r, people, f)
}

// corrections are the dated changes of published quotas.
func (s *Service) corrections(ctx context.Context, m meeting.Meeting) ([]meeting.Past, error) {
	past, err := s.meetings.History(ctx, m.ID)
	return slices.DeleteFunc(past, func(p meeting.Past) bool { return p.Event != meeting.Correct }), err
}

// fillSeats lists who comes and who stands ready, as things are now.
func (s *Service) fillSeats(ctx context.Context, r *Result, people []Person, f figures) error {
	applications, err := s.meetings.Applications(ctx, r.Meeting.ID)
	if err != nil {
		return err
	}
	now := make(map[int64]meeting.Application, len(applications))
	for _, a := range applications {
		now[a.ID] = a
	}
	for _, p := range people {
		if p.Rule != "" || p.Place != Selected && p.Place != Reserve {
			continue
		}
		a := now[p.Application]
		seat := Seat{Person: p, Rare: f.rare[p.Label], Shown: p.On > 0, State: a.State, At: a.AppliedAt}
		if a.Nominated {
			seat.Reason = a.Reason
		}
		if seat.Rare {
			seat.Features, seat.Shown = f.open[p.Category].of(p), p.On > 0 && f.open[p.Category].chance
		}
		if seat.Name, err = s.nameOf(ctx, a); err != nil {
			return err
		}
		if p.Place == Selected {
			r.Seats = append(r.Seats, seat)
		} else {
			r.Reserves = append(r.Reserves, seat)
		}
	}
	place := map[string]int{}
	for i, c := range r.Meeting.AllCategories() {
		place[c.Code] = i
	}
	slices.SortStableFunc(r.Seats, func(a, b Seat) int { return place[a.Category] - place[b.Category] })
	slices.SortFunc(r.Reserves, func(a, b Seat) int {
		if a.Rank != b.Rank {
			return a.Rank - b.Rank
		}
		return strings.Compare(a.Label, b.Label)
	})
	return nil
}

// nameOf is the name of somebody who agreed to have it published and accepted.
func (s *Service) nameOf(ctx context.Context, a meeting.Application) (string, error) {
	if !a.PublishName || a.Erased || a.State != meeting.Accepted && a.State != meeting.Attended {
		return "", nil
	}
	p, err := s.meetings.Person(ctx, a)
	return p.Name, err
}

// figures are what a page says of a stored record; they never change within a
// version of the selection.
type figures struct {
	version  int64
	groups   []Group
	bounds   []Bound
	features []string
	minimum  float64
	rare     map[string]bool
	open     map[string]openness
	index    int
	panel    int
	zipSize  int
}

// shelf keeps the figures of the selections looked at last.
type shelf struct {
	sync.Mutex
	of map[int64]figures
}

const shelved = 64

func (s *Service) figures(ctx context.Context, m meeting.Meeting, sel Selection, people []Person) (figures, error) {
	s.shelf.Lock()
	f, ok := s.shelf.of[m.ID]
	s.shelf.Unlock()
	if ok && f.version == sel.Version {
		return f, nil
	}
	f, err := s.work(ctx, m, people)
	if err != nil {
		return f, err
	}
	f.version = sel.Version
	s.shelf.Lock()
	defer s.shelf.Unlock()
	if len(s.shelf.of) >= shelved {
		clear(s.shelf.of)
	}
	s.shelf.of[m.ID] = f
	return f, nil
}

// work reads the record and counts.
func (s *Service) work(ctx context.Context, m meeting.Meeting, people []Person) (figures, error) {
	f := figures{rare: map[string]bool{}}
	sel, _, err := find(s.db.Read(ctx), m.ID)
	if err != nil {
		return f, err
	}
	f.features = slices.DeleteFunc(categories(m), func(c string) bool { return c == categoryOf })
	if sel.Record == "" {
		f.bounds = bounds(poolOf(frozen(m, people)), nil)
		return f, nil
	}
	r, err := sel.full()
	if err != nil {
		return f, err
	}
	f.minimum, f.panel = r.Minimum, r.Panel
	f.groups = grouped(r, people)
	var selected []string
	if r.Result != nil {
		f.index, selected = r.Result.Index, r.Result.Selected
	}
	f.bounds = bounds(r.Pool(), selected)
	if sel.PublicRecord == "" {
		return f, nil
	}
	f.rare, err = hidden(sel, r)
	if err != nil {
		return f, err
	}
	f.open = opened(r)
	zip, err := bundle(sel.PublicRecord)
	f.zipSize = len(zip)
	return f, err
}

func bounds(p sortition.Pool, selected []string) []Bound {
	sits := make(map[string]bool, len(selected))
	for _, label := range selected {
		sits[label] = true
	}
	var out []Bound
	for _, q := range p.Quotas {
		b, column := Bound{Quota: q}, slices.Index(p.Categories, q.Category)
		for _, person := range p.People {
			if column < 0 || person.Features[column] != q.Feature {
				continue
			}
			b.Applied++
			if sits[person.ID] {
				b.Selected++
			}
		}
		out = append(out, b)
	}
	slices.SortStableFunc(out, func(a, b Bound) int { return after(a) - after(b) })
	return out
}

// after puts the seats of categories before other quotas.
func after(b Bound) int {
	if b.Category == categoryOf {
		return 0
	}
	return 1
}

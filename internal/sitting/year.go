package sitting

import (
	"context"
	"slices"
	"time"

	"guangyi/internal/meeting"
)

// FewestShown is the smallest number of people that a public breakdown shows on its
// own; smaller ones stand together.
const FewestShown = 5

// Year is the yearly account of an organisation, or of all: who was invited, who
// came, what was adopted. Counts only.
type Year struct {
	Year         int
	Meetings     int
	Imported     int // of them: held before this site, with their published figures
	Invited      int
	Came         int
	Statements   int
	ByCategory   []Share
	ByDistrict   []Share
	Dispositions map[string]int // published suggestions
}

// Share is a part of a breakdown. An empty Name is those who stand together because
// they are few, or who gave none.
type Share struct {
	Name          string
	Invited, Came int
}

// over lists the meetings that count: those that took place.
var over = []meeting.State{meeting.Held, meeting.AccountInReview, meeting.AccountPublished}

// asked lists the states of those who had been invited.
var askedStates = []meeting.ApplicationState{meeting.Chosen, meeting.Seated, meeting.Accepted, meeting.Declined, meeting.Lapsed, meeting.Attended, meeting.Absent}

// Year counts a year in the site's zone; organisation 0 is all of them.
func (s *Service) Year(ctx context.Context, organisation int64, year int, zone *time.Location) (Year, error) {
	from, to := time.Date(year, 1, 1, 0, 0, 0, 0, zone).UTC(), time.Date(year+1, 1, 1, 0, 0, 0, 0, zone).UTC()
	out := Year{Year: year, Dispositions: map[string]int{}}
	held := s.db.Read(ctx).Model(&meeting.Meeting{}).Where("starts_at >= ? AND starts_at < ? AND state IN ?", from, to, over)
	if organisation != 0 {
		held = held.Where("organisation_id = ?", organisation)
	}
	var meetings []meeting.Meeting
	if err := held.Select("id, consultation_id, imported_id, attended, proposals").Find(&meetings).Error; err != nil {
		return out, err
	}
	var ids, own []int64
	for _, m := range meetings {
		out.Meetings++
		if m.ImportedID != "" {
			out.Imported++
			out.Came += m.Attended
			out.Invited += m.Attended
			continue
		}
		ids = append(ids, m.ID)
		if m.Consultation != 0 {
			own = append(own, m.Consultation)
		}
	}
	if err := s.countPeople(ctx, &out, ids); err != nil {
		return out, err
	}
	return out, s.countWords(ctx, &out, ids, own)
}

func (s *Service) countPeople(ctx context.Context, out *Year, meetings []int64) error {
	if len(meetings) == 0 {
		return nil
	}
	var rows []struct {
		Category, District string
		State              meeting.ApplicationState
		N                  int
	}
	err := s.db.Read(ctx).Table("applications").Select("category, district, state, COUNT(*) AS n").
		Where("meeting_id IN ? AND state IN ?", meetings, askedStates).Group("category, district, state").Scan(&rows).Error
	if err != nil {
		return err
	}
	categories, districts := map[string]*Share{}, map[string]*Share{}
	add := func(in map[string]*Share, name string, n, came int) {
		if in[name] == nil {
			in[name] = &Share{Name: name}
		}
		in[name].Invited += n
		in[name].Came += came
	}
	for _, r := range rows {
		came := 0
		if r.State == meeting.Attended {
			came = r.N
		}
		out.Invited += r.N
		out.Came += came
		add(categories, r.Category, r.N, came)
		add(districts, r.District, r.N, came)
	}
	out.ByCategory, out.ByDistrict = gathered(categories), gathered(districts)
	return nil
}

// gathered puts those together who are too few to stand alone.
func gathered(all map[string]*Share) (out []Share) {
	rest := Share{}
	for name, x := range all {
		if name == "" || x.Invited < FewestShown {
			rest.Invited += x.Invited
			rest.Came += x.Came
			continue
		}
		out = append(out, *x)
	}
	slices.SortFunc(out, func(a, b Share) int {
		if a.Invited != b.Invited {
			return b.Invited - a.Invited
		}
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	if rest.Invited > 0 {
		out = append(out, rest)
	}
	return out
}

func (s *Service) countWords(ctx context.Context, out *Year, meetings, own []int64) error {
	if len(meetings) == 0 {
		return nil
	}
	var n int64
	if err := s.db.Read(ctx).Model(&Statement{}).Where("meeting_id IN ?", meetings).Count(&n).Error; err != nil {
		return err
	}
	out.Statements = int(n)
	if len(own) == 0 {
		return nil
	}
	var rows []struct {
		Disposition string
		N           int
	}
	err := s.db.Read(ctx).Table("suggestions").Select("disposition, COUNT(*) AS n").
		Where("consultation_id IN ? AND state = ?", own, "signed").Group("disposition").Scan(&rows).Error
	for _, r := range rows {
		out.Dispositions[r.Disposition] = r.N
	}
	return err
}

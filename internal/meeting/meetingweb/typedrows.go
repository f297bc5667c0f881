package meetingweb

import (
	"fmt"
	"strconv"
	"strings"

	"guangyi/internal/meeting"
	"guangyi/views/meetingview"
)

func (r reader) categories() []meeting.Category {
	out := []meeting.Category{}
	for i, row := range r.v.Categories {
		c := meeting.Category{Code: row.Code, Name: strings.TrimSpace(row.Name), Note: row.Note, Method: row.Method}
		if row.Code == meetingview.Own {
			c.Code = row.Key
		} else if c.Name == "" {
			c.Name = meetingview.CategoryName(r.c.Visit.Locale, meeting.Category{Code: row.Code})
		}
		for _, was := range r.v.M.Categories {
			if was.Code == c.Code {
				c.Short = was.Short
			}
		}
		if r.v.Values["method"] != meeting.Mixed {
			c.Method = ""
		}
		c.Seats = r.whole(fmt.Sprintf("categories[%d].seats", i), row.Seats)
		out = append(out, c)
	}
	return out
}

// quotas reads the bounds; an empty maximum is all seats.
func (r reader) quotas() []meeting.Quota {
	out := []meeting.Quota{}
	for i, row := range r.v.Quotas {
		at := fmt.Sprintf("quotas[%d].", i)
		q := meeting.Quota{}
		q.Category, q.Feature, _ = strings.Cut(row.What, ":")
		q.Min, q.Max = r.whole(at+"min", row.Min), r.whole(at+"max", row.Max)
		if strings.TrimSpace(row.Max) == "" {
			q.Max, _ = strconv.Atoi(r.v.Values["seats"])
		}
		if row.What == "" {
			r.f.Add(at+"feature", "meeting.quota_feature")
		}
		out = append(out, q)
	}
	return out
}

func (r reader) questions() []meeting.Question {
	out := []meeting.Question{}
	for _, row := range r.v.Questions {
		q := meeting.Question{Code: row.Code, Label: strings.TrimSpace(row.Label), Options: []meeting.Option{}}
		labels := meetingview.Labels(row.Options)
		for i, code := range meetingview.OptionCodes(r.v.M, row.Code, labels) {
			q.Options = append(q.Options, meeting.Option{Code: code, Label: labels[i]})
		}
		out = append(out, q)
	}
	return out
}

func (r reader) sessions() []meeting.Session {
	out := []meeting.Session{}
	for i, row := range r.v.Sessions {
		at := fmt.Sprintf("sessions[%d].", i)
		s := meeting.Session{Name: strings.TrimSpace(row.Name)}
		s.ID, _ = strconv.ParseInt(row.ID, 10, 64)
		if _, there := r.v.M.Session(s.ID); !there {
			s.ID = 0
		}
		var code string
		if s.StartsAt, code = clockOf(r.c, row.On, row.From); code != "" {
			r.f.Add(at+"starts_at", code)
		}
		if s.EndsAt, code = clockOf(r.c, row.On, row.To); code != "" {
			r.f.Add(at+"ends_at", code)
		}
		s.Capacity, s.Group = r.whole(at+"capacity", row.Capacity), r.whole(at+"group", row.Group)
		out = append(out, s)
	}
	return out
}

// seed reads where the number of the draw comes from; the commitments are a party
// and a digest a line.
func (r reader) seed() meeting.Seed {
	v := r.v.Values
	s := meeting.Seed{Source: v["seed_source"], Name: strings.TrimSpace(v["seed_name"]), Reference: strings.TrimSpace(v["seed_reference"])}
	if at := r.at("seed_known_at"); at != nil {
		s.KnownAt = *at
	}
	if s.Source == "" {
		return meeting.Seed{}
	}
	for line := range strings.Lines(v["seed_commitments"]) {
		party, digest, ok := strings.Cut(strings.ReplaceAll(strings.TrimSpace(line), "｜", "|"), "|")
		if ok {
			s.Commitments = append(s.Commitments, meeting.Commitment{Party: strings.TrimSpace(party), Digest: strings.ToLower(strings.TrimSpace(digest))})
		}
	}
	return s
}

package meeting

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"guangyi/internal/platform/fault"
)

// Longest texts in characters, and greatest numbers.
const (
	TitleLength = 200
	LineLength  = 500
	NoteLength  = 2000
	TextLength  = 20_000
	MostSeats   = 100_000
	MostPanels  = 1_000_000
	MostRows    = 50 // categories, quotas, questions, sessions, districts …
)

var codeForm = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,39}$`)

// check refuses values that no call can have; what is still missing is for
// complete to say.
func (m *Meeting) check() error {
	var f fault.Fields
	m.checkTexts(&f)
	m.checkChoices(&f)
	m.checkNumbers(&f)
	m.checkTimes(&f)
	m.checkCategories(&f)
	m.checkQuestions(&f)
	m.checkQuotas(&f)
	m.checkSessions(&f)
	m.checkSeed(&f)
	return f.Err()
}

func (m *Meeting) checkTexts(f *fault.Fields) {
	if m.Title == "" {
		f.Add("title", "meeting.missing.title")
	}
	for _, t := range []struct {
		field, text string
		most        int
	}{
		{"title", m.Title, TitleLength}, {"matter", m.Matter, LineLength}, {"ask", m.Ask, LineLength}, {"description", m.Description, TextLength},
		{"place", m.Place, LineLength}, {"link", m.Link, LineLength}, {"access", m.Access, LineLength}, {"contact", m.Contact, NoteLength},
		{"conditions", m.Conditions, NoteLength}, {"duties", m.Duties, TextLength}, {"privacy", m.Privacy, TextLength},
		{"undertaking", m.Undertaking, TextLength}, {"short_reason", m.ShortReason, LineLength},
	} {
		checkText(f, t.field, t.text, t.most)
	}
	if m.Link != "" {
		if u, err := url.Parse(m.Link); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
			f.Add("link", "meeting.link")
		}
	}
}

func checkText(f *fault.Fields, field, text string, most int) {
	if !utf8.ValidString(text) || strings.IndexByte(text, 0) >= 0 {
		f.Add(field, "unreadable_text")
	} else if n := utf8.RuneCountInString(text); n > most {
		f.Add(field, "meeting.too_long", "most", most, "count", n-most)
	}
}

func (m *Meeting) checkChoices(f *fault.Fields) {
	choose := func(field, value string, from []string) {
		if !slices.Contains(from, value) {
			f.Add(field, "meeting.choice", "value", value)
		}
	}
	if !slices.Contains(Kinds, m.Kind) {
		f.Add("kind", "meeting.choice", "value", string(m.Kind))
	}
	choose("lang", m.Lang, []string{"zh-CN", "en"})
	choose("open_to", m.OpenTo, Openings)
	choose("method", m.Method, Methods)
	choose("procedure", m.Procedure, []string{"cn", "plain"})
	choose("rules", m.Rules, []string{"", "major", "rule"})
	for _, d := range m.Demands {
		choose("demands", d, Demandable)
	}
}

func (m *Meeting) checkNumbers(f *fault.Fields) {
	for _, n := range []struct {
		field      string
		value, top int
	}{
		{"seats", m.Seats, MostSeats}, {"observers", m.Observers, MostSeats}, {"minutes_each", m.MinutesEach, 600}, {"panels", m.Panels, MostPanels},
		{"invited_at_most", m.InvitedAtMost, 1000}, {"invited_within_months", m.InvitedWithinMonths, 240},
	} {
		if n.value < 0 || n.value > n.top {
			f.Add(n.field, "meeting.number", "most", n.top)
		}
	}
	for _, l := range []struct {
		field string
		n     int
	}{{"categories", len(m.Categories)}, {"quotas", len(m.Quotas)}, {"questions", len(m.Questions)}, {"sessions", len(m.Sessions)}, {"districts", len(m.Districts)}} {
		if l.n > MostRows {
			f.Add(l.field, "meeting.many", "most", MostRows)
		}
	}
}

func (m *Meeting) checkTimes(f *fault.Fields) {
	switch {
	case m.StartsAt.IsZero():
		f.Add("starts_at", "meeting.missing.starts_at")
	case m.EndsAt.IsZero():
		f.Add("ends_at", "meeting.missing.ends_at")
	case !m.EndsAt.After(m.StartsAt):
		f.Add("ends_at", "meeting.ends_before_starts")
	}
	if m.OpensAt != nil && m.ClosesAt != nil && !m.ClosesAt.After(*m.OpensAt) {
		f.Add("closes_at", "meeting.closes_before_opens")
	}
	if m.ClosesAt != nil && !m.StartsAt.IsZero() && m.ClosesAt.After(m.StartsAt) {
		f.Add("closes_at", "meeting.closes_after_start")
	}
	m.checkAround(f)
}

// checkAround asks for the order of the dates between call and meeting.
func (m *Meeting) checkAround(f *fault.Fields) {
	before := func(field string, t *time.Time, other time.Time, code string) {
		if t != nil && !other.IsZero() && t.After(other) {
			f.Add(field, code)
		}
	}
	before("answer_by", m.AnswerBy, m.StartsAt, "meeting.after_start")
	before("papers_at", m.PapersAt, m.StartsAt, "meeting.after_start")
	if m.AnswerBy != nil && m.ClosesAt != nil && m.AnswerBy.Before(*m.ClosesAt) {
		f.Add("answer_by", "meeting.before_closes")
	}
	if m.ForgetAt != nil && m.ClosesAt != nil && m.ForgetAt.Before(*m.ClosesAt) {
		f.Add("forget_at", "meeting.before_closes")
	}
}

func (m *Meeting) checkCategories(f *fault.Fields) {
	seen := map[string]bool{Observer: true}
	sum := 0
	for i, c := range m.Categories {
		at := fmt.Sprintf("categories[%d].", i)
		switch {
		case !codeForm.MatchString(c.Code):
			f.Add(at+"code", "meeting.code")
		case seen[c.Code]:
			f.Add(at+"code", "meeting.twice")
		}
		seen[c.Code] = true
		if c.Name == "" {
			f.Add(at+"name", "meeting.missing.name")
		}
		checkText(f, at+"name", c.Name, 60)
		checkText(f, at+"short", c.Short, 20)
		checkText(f, at+"note", c.Note, LineLength)
		if c.Seats < 0 || c.Seats > MostSeats {
			f.Add(at+"seats", "meeting.number", "most", MostSeats)
		}
		if m.Method == Mixed && !slices.Contains([]string{ByDraw, ByOrder, ByNomination}, c.Method) {
			f.Add(at+"method", "meeting.choice", "value", c.Method)
		}
		sum += max(c.Seats, 0)
	}
	if m.Seats > 0 && sum > m.Seats {
		f.Add("seats", "meeting.seats_sum", "sum", sum)
	}
}

func (m *Meeting) checkQuestions(f *fault.Fields) {
	seen := map[string]bool{"sex": true, "age": true, "district": true, "category": true, "side": true}
	for i, q := range m.Questions {
		at := fmt.Sprintf("questions[%d].", i)
		switch {
		case !codeForm.MatchString(q.Code):
			f.Add(at+"code", "meeting.code")
		case seen[q.Code]:
			f.Add(at+"code", "meeting.twice")
		}
		seen[q.Code] = true
		if strings.TrimSpace(q.Label) == "" {
			f.Add(at+"label", "meeting.missing.label")
		}
		checkText(f, at+"label", q.Label, LineLength)
		if len(q.Options) < 2 || len(q.Options) > MostRows {
			f.Add(at+"options", "meeting.options", "most", MostRows)
		}
		codes := map[string]bool{}
		for _, o := range q.Options {
			if !codeForm.MatchString(o.Code) || codes[o.Code] || strings.TrimSpace(o.Label) == "" || utf8.RuneCountInString(o.Label) > LineLength {
				f.Add(at+"options", "meeting.option", "value", o.Code)
			}
			codes[o.Code] = true
		}
	}
}

func (m *Meeting) checkQuotas(f *fault.Fields) {
	seen, least := map[[2]string]bool{}, map[string]int{}
	for i, q := range m.Quotas {
		at := fmt.Sprintf("quotas[%d].", i)
		features := m.Features(q.Category)
		switch {
		case features == nil && (q.Category != "district" || q.Feature == ""):
			f.Add(at+"category", "meeting.quota_category", "value", q.Category)
		case features != nil && !slices.Contains(features, q.Feature):
			f.Add(at+"feature", "meeting.quota_feature", "value", q.Feature)
		case seen[[2]string{q.Category, q.Feature}]:
			f.Add(at+"feature", "meeting.twice")
		}
		seen[[2]string{q.Category, q.Feature}] = true
		if q.Min < 0 || q.Max < q.Min || m.Seats > 0 && q.Min > m.Seats {
			f.Add(at+"min", "meeting.quota_bounds")
		}
		if least[q.Category] += max(q.Min, 0); m.Seats > 0 && least[q.Category] > m.Seats {
			f.Add(at+"min", "meeting.quota_sum", "sum", least[q.Category])
		}
	}
}

func (m *Meeting) checkSessions(f *fault.Fields) {
	for i, x := range m.Sessions {
		at := fmt.Sprintf("sessions[%d].", i)
		if x.Name == "" {
			f.Add(at+"name", "meeting.missing.name")
		}
		checkText(f, at+"name", x.Name, LineLength)
		if x.StartsAt.IsZero() || !x.EndsAt.After(x.StartsAt) {
			f.Add(at+"ends_at", "meeting.ends_before_starts")
		} else if x.StartsAt.Before(m.StartsAt) || x.EndsAt.After(m.EndsAt) {
			f.Add(at+"starts_at", "meeting.session_outside")
		}
		if x.Capacity < 1 || x.Capacity > MostSeats || x.Group > x.Capacity {
			f.Add(at+"capacity", "meeting.number", "most", MostSeats)
		}
	}
}

func (m *Meeting) checkSeed(f *fault.Fields) {
	if m.Seed.Source == "" {
		return
	}
	if !slices.Contains(SeedSources, m.Seed.Source) {
		f.Add("seed.source", "meeting.choice", "value", m.Seed.Source)
	}
	checkText(f, "seed.name", m.Seed.Name, 60)
	checkText(f, "seed.reference", m.Seed.Reference, 200)
	if !m.Seed.KnownAt.IsZero() && m.ClosesAt != nil && !m.Seed.KnownAt.After(*m.ClosesAt) {
		f.Add("seed.known_at", "meeting.closes_after_seed")
	}
	if len(m.Seed.Commitments) > MostRows {
		f.Add("seed.commitments", "meeting.many", "most", MostRows)
	}
}

// Sexes, AgeBands and Sides are the features that every meeting knows. Undisclosed
// counts for no quota.
var (
	Sexes    = []string{"female", "male", "undisclosed"}
	AgeBands = []string{"under-16", "16-29", "30-44", "45-59", "60-74", "75+"}
	Sides    = []string{"for", "against", "neutral"}
)

// Features lists the features of a category of quotas; nil when there is no such
// category, or when a district may be any.
func (m Meeting) Features(category string) []string {
	switch category {
	case "sex":
		return []string{"female", "male"}
	case "age":
		return AgeBands
	case "district":
		return m.Districts
	case "side":
		if m.Sides {
			return Sides
		}
		return nil
	case "category":
		out := []string{}
		for _, c := range m.Categories {
			out = append(out, c.Code)
		}
		return out
	}
	for _, q := range m.Questions {
		if q.Code == category {
			out := []string{}
			for _, o := range q.Options {
				out = append(out, o.Code)
			}
			return out
		}
	}
	return nil
}

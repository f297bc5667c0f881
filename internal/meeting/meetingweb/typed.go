package meetingweb

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/views/meetingview"
)

// typedCall is the form of a call as it came.
func typedCall(c *web.Ctx, m meeting.Meeting) meetingview.Editing {
	v := meetingview.Editing{M: m, Values: map[string]string{}, Ticks: map[string]bool{}, Demands: c.FormAll("demands")}
	for _, name := range meetingview.TextFields {
		v.Values[name] = strings.ReplaceAll(c.Form(name), "\r\n", "\n")
	}
	for _, name := range meetingview.Numbers {
		v.Values[name] = strings.TrimSpace(c.Form(name))
	}
	for _, name := range meetingview.TimeFields {
		v.Values[name+"_on"], v.Values[name+"_time"] = c.Form(name+"_on"), c.Form(name+"_time")
	}
	for _, name := range meetingview.Switches {
		v.Ticks[name] = c.Form(name) != ""
	}
	typedRows(c, &v)
	return v
}

// most bounds the rows of a list that a form may send.
const most = meeting.MostRows + 1

// typedRows pairs the repeated fields of the rows by their order.
func typedRows(c *web.Ctx, v *meetingview.Editing) {
	rows := func(list string, fields ...string) []func(string) string {
		all := map[string][]string{}
		n := 0
		for _, f := range fields {
			all[f] = c.FormAll(list + "_" + f)
			n = max(n, len(all[f]))
		}
		out := make([]func(string) string, min(n, most))
		for i := range out {
			out[i] = func(field string) string {
				if i >= len(all[field]) {
					return ""
				}
				return strings.ReplaceAll(all[field][i], "\r\n", "\n")
			}
		}
		return out
	}
	for _, at := range rows("categories", "code", "key", "name", "note", "seats", "method") {
		v.Categories = append(v.Categories, meetingview.CategoryRow{
			Code: at("code"), Key: at("key"), Name: at("name"), Note: at("note"), Seats: at("seats"), Method: at("method"),
		})
	}
	for _, at := range rows("quotas", "what", "min", "max") {
		v.Quotas = append(v.Quotas, meetingview.QuotaRow{What: at("what"), Min: at("min"), Max: at("max")})
	}
	for _, at := range rows("questions", "code", "label", "options") {
		v.Questions = append(v.Questions, meetingview.QuestionRow{Code: at("code"), Label: at("label"), Options: at("options")})
	}
	for _, at := range rows("sessions", "id", "name", "on", "from", "to", "capacity", "group") {
		v.Sessions = append(v.Sessions, meetingview.SessionRow{
			ID: at("id"), Name: at("name"), On: at("on"), From: at("from"), To: at("to"), Capacity: at("capacity"), Group: at("group"),
		})
	}
	keys(v)
}

// keys gives categories and questions of the call's own the codes that rules and
// quotas know them by.
func keys(v *meetingview.Editing) {
	taken := map[string]bool{}
	for _, c := range v.Categories {
		taken[c.Key] = true
	}
	for _, q := range v.Questions {
		taken[q.Code] = true
	}
	next := func(prefix string) string {
		for n := 1; ; n++ {
			if code := fmt.Sprintf("%s%d", prefix, n); !taken[code] {
				taken[code] = true
				return code
			}
		}
	}
	for i := range v.Categories {
		if c := &v.Categories[i]; c.Code == meetingview.Own && c.Key == "" {
			c.Key = next("own")
		}
	}
	for i := range v.Questions {
		if q := &v.Questions[i]; q.Code == "" {
			q.Code = next("q")
		}
	}
}

// reader turns typed values into those of the domain and notes what cannot be read.
type reader struct {
	c *web.Ctx
	v meetingview.Editing
	f *fault.Fields
}

// callOf is the call as the domain takes it.
func callOf(c *web.Ctx, v meetingview.Editing, f *fault.Fields) meeting.In {
	r := reader{c, v, f}
	text := func(name string) *string {
		s := v.Values[name]
		return &s
	}
	tick := func(name string) *bool {
		b := v.Ticks[name]
		return &b
	}
	kind := meeting.Kind(v.Values["kind"])
	demands := append([]string{}, v.Demands...)
	categories, quotas, questions, sessions, seed := r.categories(), r.quotas(), r.questions(), r.sessions(), r.seed()
	districts := districtsOf(v.Values["districts"])
	return meeting.In{
		Title: text("title"), Lang: text("lang"), Matter: text("matter"), Ask: text("ask"), Description: text("description"), Kind: &kind,
		Procedure: text("procedure"), Rules: text("rules"), About: text("about"), StartsAt: r.at("starts_at"), EndsAt: r.at("ends_at"),
		Place: text("place"), Link: text("link"), Access: text("access"), Contact: text("contact"), Seats: r.number("seats"),
		Observers: r.number("observers"), MinutesEach: r.number("minutes_each"), Panels: r.number("panels"), Categories: &categories,
		Quotas: &quotas, Questions: &questions, Districts: &districts, Demands: &demands, Sessions: &sessions, Sides: tick("sides"),
		AccountNeeded: tick("account_needed"), Households: tick("households"), Units: tick("units"), ExcludeConflict: tick("exclude_conflict"),
		OpenTo: text("open_to"), Method: text("method"), Conditions: text("conditions"), Duties: text("duties"), Privacy: text("privacy"),
		Undertaking: text("undertaking"), OpensAt: r.at("opens_at"), ClosesAt: r.at("closes_at"), AnswerBy: r.at("answer_by"),
		PapersAt: r.at("papers_at"), ForgetAt: r.at("forget_at"), InvitedAtMost: r.number("invited_at_most"),
		InvitedWithinMonths: r.number("invited_within_months"), Seed: &seed, ShortReason: text("short_reason"),
	}
}

// amendment is what may change after publication.
func amendment(v meetingview.Editing, f *fault.Fields) meeting.In {
	*f = nil
	r := reader{v: v, f: f}
	in := meeting.In{MinutesEach: r.number("minutes_each")}
	for name, to := range map[string]**string{"description": &in.Description, "access": &in.Access, "link": &in.Link, "contact": &in.Contact} {
		s := v.Values[name]
		*to = &s
	}
	return in
}

// asTyped is the meeting with the typed dates, to measure its periods.
func asTyped(m meeting.Meeting, in meeting.In) meeting.Meeting {
	if in.Procedure != nil {
		m.Procedure, m.Rules, m.Kind, m.Method, m.ShortReason = *in.Procedure, *in.Rules, *in.Kind, *in.Method, strings.TrimSpace(*in.ShortReason)
	}
	if in.StartsAt != nil {
		m.StartsAt = *in.StartsAt
	}
	for to, from := range map[**time.Time]*time.Time{&m.ClosesAt: in.ClosesAt, &m.PapersAt: in.PapersAt} {
		if from != nil {
			*to = from
		}
	}
	return m
}

func (r reader) at(field string) *time.Time { return instant(r.c, r.v, field, r.f) }

// instant reads a day and a time of day; an empty day is no time.
func instant(c *web.Ctx, v meetingview.Editing, field string, f *fault.Fields) *time.Time {
	at, code := clockOf(c, v.Values[field+"_on"], v.Values[field+"_time"])
	if code != "" {
		f.Add(field, code)
		return nil
	}
	return &at
}

// clockOf reads a day and a time of day in the reader's zone. 24:00 is the end of
// the day. The zero time is an empty day; code is what is wrong.
func clockOf(c *web.Ctx, day, clock string) (at time.Time, code string) {
	day, clock = strings.TrimSpace(day), strings.ReplaceAll(strings.TrimSpace(clock), "：", ":")
	if day == "" {
		return time.Time{}, ""
	}
	zone := c.Visit.Locale.Zone()
	at, err := time.ParseInLocation(time.DateOnly, day, zone)
	if err != nil {
		return at, "meeting.day"
	}
	if clock == "24:00" || clock == "24" {
		return at.AddDate(0, 0, 1), ""
	}
	if clock == "" {
		return at, ""
	}
	t, err := time.Parse("15:04", clock)
	if err != nil {
		return at, "meeting.time"
	}
	return time.Date(at.Year(), at.Month(), at.Day(), t.Hour(), t.Minute(), 0, 0, zone), ""
}

func (r reader) number(name string) *int {
	n := r.whole(name, r.v.Values[name])
	return &n
}

// whole reads a whole number; an empty one is 0.
func (r reader) whole(field, text string) int {
	text = strings.TrimSpace(text)
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		r.f.Add(field, "meeting.whole")
	}
	return n
}

func districtsOf(text string) []string {
	out := []string{}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

package meetingview

import (
	"strconv"
	"strings"
	"time"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/i18n"
	"guangyi/views/components"
)

// LookUp is the form for reference and secret of an application.
type LookUp struct {
	Reference, Secret string
	ReferenceFault    string // what is wrong; one message answers a wrong number and a wrong secret
	SecretFault       string
	Kept              []string // applications that this browser has open
}

// Summary lists what is wrong, in the order of the fields.
func (v LookUp) Summary() []components.FieldError {
	var out []components.FieldError
	if v.ReferenceFault != "" {
		out = append(out, components.FieldError{ID: "reference", Message: v.ReferenceFault})
	}
	if v.SecretFault != "" {
		out = append(out, components.FieldError{ID: "secret", Message: v.SecretFault})
	}
	return out
}

// Chance is the applicant's own chance in a draw, once it is published.
type Chance struct {
	Share  float64 // 0 to 1
	Panels int     // how many of the panels hold this person
	Of     int     // of so many
}

// Mine is an application as the applicant sees it. Secret is shown to the
// browser that sent it, while its session lasts.
type Mine struct {
	M        meeting.Meeting
	A        meeting.Application
	P        meeting.Person
	Now      time.Time
	Secret   string
	Position int // on the waiting list, from 1; 0: not on it
	Chance   *Chance
	Draw     bool // chances or a result are published
	Contact  string
	Asking   bool // the withdrawal is to be confirmed

	Invitation string // address of the invitation; empty: there is none
}

// May reports what the applicant can still do: change until the end of
// applications, withdraw while there is something to give back.
func (v Mine) MayChange() bool {
	s := v.A.State
	return v.M.Status(v.Now) == meeting.Open && !v.A.Erased && (s == meeting.Applied || s == meeting.Seated || s == meeting.Waiting)
}

// MayWithdraw reports whether the application can be taken back.
func (v Mine) MayWithdraw() bool {
	return meeting.MayMove(v.A.State, meeting.Withdrawn) && !over(v.M, v.Now)
}

func over(m meeting.Meeting, now time.Time) bool {
	s, _ := m.PublicStatus(now)
	return s == meeting.PublicHeld || s == meeting.PublicAccount || s == meeting.PublicCancelled
}

// Title is the page's title.
func (v Mine) Title(l *i18n.Locale) string {
	if v.Secret != "" && (v.A.State == meeting.Applied || v.A.State == meeting.Seated || v.A.State == meeting.Waiting) {
		return l.T("meeting.mine.sent." + string(v.A.State))
	}
	if v.M.State == meeting.Cancelled && !v.A.State.Ended() {
		return l.T("meeting.mine.cancelled")
	}
	return l.T("meeting.mine.state." + string(v.A.State))
}

func (v Mine) status(l *i18n.Locale) *components.Status {
	s := components.Status{State: components.Received, Word: l.T("meeting.state." + string(v.A.State))}
	switch {
	case v.M.State == meeting.Cancelled:
		s = components.Status{State: components.Withdrawn, Word: l.T("meeting.public.cancelled")}
	case v.A.State == meeting.Waiting || v.A.State == meeting.Reserve:
		s.State = components.Waiting
	case v.A.State == meeting.Withdrawn || v.A.State == meeting.Declined || v.A.State == meeting.Refused || v.A.State == meeting.Lapsed:
		s.State = components.Withdrawn
	case v.A.State == meeting.NotSelected || v.A.State == meeting.Absent || v.A.State == meeting.Carried:
		s.State = components.Closed
	}
	return &s
}

// lead says in a sentence what the state means.
func (v Mine) lead(l *i18n.Locale) string {
	if v.M.State == meeting.Cancelled {
		return l.T("meeting.mine.cancelled.text")
	}
	key := "meeting.mine.text." + string(v.A.State)
	if v.A.State == meeting.Applied {
		key += "." + v.M.MethodOf(v.A.Category)
	}
	args := []any{"count", max(v.Position, v.A.Rank), "at", stamp(l, v.A.AppliedAt)}
	if v.M.AnswerBy != nil {
		args = append(args, "by", l.Deadline(*v.M.AnswerBy))
	} else {
		args = append(args, "by", stamp(l, v.M.StartsAt))
	}
	return l.T(key, args...)
}

// timeline says what was, is and will be for this application.
func (v Mine) timeline(l *i18n.Locale) []components.Event {
	out := []components.Event{{When: components.Done, Time: stamp(l, v.A.AppliedAt), What: l.T("meeting.mine.applied")}}
	call := Call{M: v.M, Now: v.Now}
	for _, e := range call.timeline(l) {
		if e.When == components.Done && e.What != l.T("meeting.timeline.closes") && e.What != l.T("meeting.timeline.cancelled") {
			continue
		}
		out = append(out, e)
	}
	return out
}

// rows are what was written, for the applicant alone.
func (v Mine) rows(l *i18n.Locale) []components.SummaryRow {
	f := Form{M: v.M, Now: v.Now, Values: Values(v.A, v.P)}
	var out []components.SummaryRow
	out = append(out, components.SummaryRow{Key: l.T("meeting.mine.label"), Text: v.A.Label, Note: l.T("meeting.mine.label.note")})
	for _, step := range []int{Details, Opinion} {
		for _, x := range f.facts(l, step) {
			out = append(out, components.SummaryRow{Key: x.key, Text: x.text, Lang: x.lang})
		}
	}
	return out
}

// chance words the applicant's chance: 25.6%, in 256 of 1,000 panels.
func (v Mine) chance(l *i18n.Locale) string {
	c := v.Chance
	if c.Of == 0 {
		return l.T("meeting.mine.chance", "percent", l.Percent(c.Share))
	}
	return l.T("meeting.mine.chance.panels", "percent", l.Percent(c.Share), "count", c.Panels, "number", l.Number(c.Panels), "of", l.Number(c.Of))
}

// Values fills the form with what is stored of an application.
func Values(a meeting.Application, p meeting.Person) map[string]string {
	v := map[string]string{
		"category": a.Category, "side": a.Side, "sex": a.Sex, "district": a.District, "name": p.Name, "phone": p.Phone, "email": p.Email,
		"profession": p.Profession, "unit": p.Unit, "post": p.Post, "address": p.Address, "id_type": p.IDType, "id_number": p.IDNumber,
		"opinion": p.Opinion, "reason": p.Reason, "needs": p.Needs, "conflict_text": p.Conflict, "conflict": "no",
	}
	if a.Conflict {
		v["conflict"] = "yes"
	}
	if a.PublishName {
		v["publish_name"] = "yes"
	}
	if a.Session != 0 {
		v["session"] = id(a.Session)
	}
	if a.Party > 0 {
		v["people"] = itoa(a.Party)
	}
	if p.BirthYear > 0 {
		v["birth_year"] = strconv.Itoa(p.BirthYear)
	}
	for code, answer := range a.Answers {
		v[AnswerPrefix+code] = answer
	}
	for name, value := range v {
		if strings.TrimSpace(value) == "" {
			delete(v, name)
		}
	}
	return v
}

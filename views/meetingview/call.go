package meetingview

import (
	"slices"
	"strings"
	"time"

	"guangyi/internal/attachment"
	"guangyi/internal/meeting"
	"guangyi/internal/platform/i18n"
	"guangyi/views/components"
)

// Call is the page of one meeting: before it, the call to apply; after it, the
// way to its account.
type Call struct {
	Now     time.Time
	M       meeting.Meeting
	Unit    string
	Contact string // the unit's own, where the call has none
	Files   []attachment.Attachment
	Periods []Period
	Past    []meeting.Past
	Items   []string         // titles of the agenda
	About   *components.Link // the consultation whose draft is discussed
	Draw    bool             // chances or a result are published
	Account bool             // the account is published
	Preview bool
}

// Period is one legal period that the call keeps, with its source.
type Period struct{ Text, Source string }

func (v Call) status() meeting.PublicStatus {
	s, _ := v.M.PublicStatus(v.Now)
	return s
}

func (v Call) open() bool { return v.status() == meeting.PublicOpen }

// over reports a meeting that nobody can apply for any more.
func (v Call) over() bool {
	s := v.status()
	return s != "" && s != meeting.PublicOpen && s != meeting.PublicAnnounced
}

func (v Call) ended() bool {
	s := v.status()
	return s == meeting.PublicHeld || s == meeting.PublicAccount || s == meeting.PublicCancelled
}

// calls reports a meeting for which one applies at all.
func (v Call) calls() bool { return v.M.ClosesAt != nil && v.M.OpenTo != meeting.ToNamed }

func (v Call) applied() int { return v.M.Counts[""].Applied }

// few reports a draw with no more applicants than seats: everybody is in.
func (v Call) few() bool {
	s := v.status()
	return v.M.Method == meeting.ByDraw && v.calls() && v.M.Seats > 0 && v.applied() > 0 && v.applied() <= v.M.Seats &&
		(s == meeting.PublicClosed || s == meeting.PublicSelected)
}

func (v Call) statusLine(l *i18n.Locale) *components.Status {
	s := StatusOf(l, v.M, v.Now)
	return &s
}

// lead is the sentence below the title; the site's own once applying is over.
func (v Call) lead(l *i18n.Locale) (text, lang string) {
	switch s := v.status(); {
	case s == meeting.PublicCancelled:
		return l.T("meeting.call.lead.cancelled", "at", l.Date(*orNow(v.M.CancelledAt, v.Now))), ""
	case v.M.Imported():
		return v.M.Ask, v.M.Lang
	case s == meeting.PublicClosed && v.few():
		return l.T("meeting.call.lead.few", "count", v.applied()), ""
	case s == meeting.PublicClosed && v.calls():
		return l.T("meeting.call.lead.closed", "at", l.Deadline(*v.M.ClosesAt), "count", v.applied()), ""
	case s == meeting.PublicSelected && v.calls():
		return l.T("meeting.call.lead.selected", "count", v.applied()), ""
	case s == meeting.PublicHeld:
		return l.T("meeting.call.lead.held", "at", l.Date(v.M.StartsAt)), ""
	case s == meeting.PublicAccount:
		return l.T("meeting.call.lead.account", "at", l.Date(v.M.StartsAt)), ""
	}
	return v.M.Ask, v.M.Lang
}

func orNow(t *time.Time, now time.Time) *time.Time {
	if t == nil {
		return &now
	}
	return t
}

// cell is one of the four answers at the head; each line stands on its own.
type cell struct {
	label, strong string
	lines         []string
	lang          string
}

func (v Call) glance(l *i18n.Locale) []cell {
	when := cell{label: l.T("meeting.glance.when"), strong: l.T("meeting.nodate")}
	if !v.M.StartsAt.IsZero() {
		when.strong = stamp(l, v.M.StartsAt)
	}
	if d := lasts(l, v.M.StartsAt, v.M.EndsAt); d != "" {
		when.lines = []string{d}
	}
	where := cell{label: l.T("meeting.glance.where"), lines: v.where(), lang: v.M.Lang}
	if len(where.lines) == 0 {
		where.lines, where.lang = []string{l.T("meeting.glance.where.later")}, ""
	}
	cells := []cell{when, where}
	if !v.calls() {
		return append(cells, cell{label: l.T("meeting.glance.kind"), strong: kindWord(l, v.M.Kind)})
	}
	who := cell{label: l.T("meeting.glance.who"), lang: v.M.Lang, lines: lines(v.M.Conditions)}
	if len(who.lines) == 0 {
		who.lines, who.lang = []string{l.T("meeting.open." + v.M.OpenTo)}, ""
	}
	how := cell{label: l.T("meeting.glance.how"), strong: l.T("meeting.method." + v.M.Method)}
	if l.Has("meeting.glance.how." + v.M.Method) {
		how.lines = []string{l.T("meeting.glance.how." + v.M.Method)}
	}
	return append(cells, who, how)
}

func (v Call) where() []string {
	out := lines(v.M.Place)
	if v.M.Access != "" {
		out = append(out, lines(v.M.Access)...)
	}
	return out
}

// seats is the table of places with what has come in.
func (v Call) seats(l *i18n.Locale) components.Table {
	t := components.Table{Caption: l.T("meeting.seats.caption"), RowHead: true, Columns: []components.Column{
		{Text: l.T("meeting.seats.category")}, {Text: l.T("meeting.seats.seats"), Numeric: true}, {Text: l.T("meeting.seats.applied"), Numeric: true},
	}}
	for _, c := range v.M.AllCategories() {
		t.Rows = append(t.Rows, components.TableRow{Values: []components.Value{
			{Body: categoryCell(l, v.M, c)}, {Text: seatsWord(l, c.Seats)}, {Text: l.Number(v.M.Counts[c.Code].Applied)},
		}})
	}
	return t
}

func seatsWord(l *i18n.Locale, n int) string {
	if n == 0 {
		return l.T("meeting.seats.shared")
	}
	return l.Number(n)
}

func (v Call) sides(l *i18n.Locale) string {
	return l.T("meeting.sides", "for", l.Number(v.M.Counts["side:for"].Applied), "against", l.Number(v.M.Counts["side:against"].Applied))
}

// sessions is the table of times to come with the places left.
func (v Call) sessions(l *i18n.Locale) components.Table {
	t := components.Table{Caption: l.T("meeting.sessions"), Stacked: true, RowHead: true, Columns: []components.Column{
		{Text: l.T("meeting.sessions.which"), Lead: true}, {Text: l.T("meeting.sessions.when")}, {Text: l.T("meeting.sessions.left"), Numeric: true},
	}}
	for _, s := range v.M.Sessions {
		t.Rows = append(t.Rows, components.TableRow{Values: []components.Value{
			{Text: s.Name, Lang: v.M.Lang}, {Text: span(l, s.StartsAt, s.EndsAt)}, {Text: left(l, v.M, s)},
		}})
	}
	return t
}

// left words how many places a session still has, or who waits.
func left(l *i18n.Locale, m meeting.Meeting, s meeting.Session) string {
	n := m.Counts["session:"+id(s.ID)]
	if s.Capacity == 0 {
		return l.T("meeting.sessions.open")
	}
	if free := s.Capacity - n.Seated; free > 0 && n.Waiting == 0 {
		return l.T("meeting.sessions.free", "count", free)
	}
	return l.T("meeting.sessions.full", "count", n.Waiting)
}

// duties are what a representative does; without words of the call's own, what
// its settings say.
func (v Call) duties(l *i18n.Locale) (out []string, lang string) {
	if own := lines(v.M.Duties); len(own) > 0 {
		return own, v.M.Lang
	}
	if v.M.PapersAt != nil {
		out = append(out, l.T("meeting.duty.papers", "at", l.Deadline(*v.M.PapersAt)))
	}
	if v.M.MinutesEach > 0 {
		out = append(out, l.T("meeting.duty.minutes", "count", v.M.MinutesEach))
	}
	if !v.representative() {
		return out, ""
	}
	out = append(out, l.T("meeting.duty.answered"))
	if v.M.Undertaking != "" {
		out = append(out, l.T("meeting.duty.secret"))
	}
	return out, ""
}

// representative reports a meeting at which those who come speak.
func (v Call) representative() bool {
	return v.M.Kind.Decides() || v.M.Kind == meeting.Hearing || v.M.Kind == meeting.Seminar
}

// dated is a point of the timetable with its instant.
type dated struct {
	at time.Time
	components.Event
}

// timeline says what was, is and will be, in the order of time.
func (v Call) timeline(l *i18n.Locale) []components.Event {
	points := v.points(l)
	slices.SortStableFunc(points, func(a, b dated) int { return a.at.Compare(b.at) })
	out := make([]components.Event, 0, len(points)+1)
	for _, p := range points {
		out = append(out, p.Event)
	}
	m := v.M
	if m.PublishedAt == nil && m.State != meeting.Cancelled && v.representative() && !m.Imported() {
		out = append(out, components.Event{When: components.Next, Time: l.T("meeting.timeline.afterwards"), What: l.T("meeting.timeline.account.due")})
	}
	return out
}

func (v Call) points(l *i18n.Locale) []dated {
	var out []dated
	m := v.M
	point := func(at *time.Time, end bool, key string) {
		if at == nil || at.IsZero() {
			return
		}
		e := components.Event{When: components.Next, Time: day(l, v.Now, *at, end), What: l.T("meeting.timeline." + key)}
		switch {
		case !at.After(v.Now):
			e.When = components.Done
		case key == "closes" && v.open():
			e.When = components.Now
		}
		out = append(out, dated{*at, e})
	}
	point(m.ApprovedAt, false, v.callKey())
	if m.State == meeting.Cancelled {
		point(m.CancelledAt, false, "cancelled")
		return out
	}
	if v.calls() {
		if m.ApprovedAt == nil || m.OpensAt != nil && m.OpensAt.Sub(*m.ApprovedAt) > time.Minute {
			point(m.OpensAt, false, "opens")
		}
		point(m.ClosesAt, true, "closes")
		out = append(out, v.drawn(l)...)
		point(m.AnswerBy, true, "answer")
	}
	point(m.PapersAt, true, "papers")
	point(&m.StartsAt, false, "meets")
	point(m.PublishedAt, false, "account")
	return out
}

func (v Call) callKey() string {
	if v.M.Imported() {
		return "recorded"
	}
	if v.calls() {
		return "published"
	}
	return "announced"
}

// drawn are the points of a draw: the chances before the seed is known, then the seed.
func (v Call) drawn(l *i18n.Locale) []dated {
	m := v.M
	if m.Method != meeting.ByDraw && m.Method != meeting.Mixed || m.Seed.KnownAt.IsZero() {
		return nil
	}
	at := day(l, v.Now, m.Seed.KnownAt, false)
	when := components.Next
	if !m.Seed.KnownAt.After(v.Now) {
		when = components.Done
	}
	if v.few() {
		return nil
	}
	return []dated{
		{m.Seed.KnownAt, components.Event{When: when, Time: l.T("meeting.timeline.before", "at", at), What: l.T("meeting.timeline.panels", "count", m.Panels, "panels", l.Number(m.Panels))}},
		{m.Seed.KnownAt, components.Event{When: when, Time: at, What: l.T("meeting.timeline.seed")}},
	}
}

// moved says from when a meeting was moved, and why.
func (v Call) moved() (from time.Time, why string, ok bool) {
	if v.M.FirstStartsAt == nil || v.M.State == meeting.Cancelled {
		return time.Time{}, "", false
	}
	return *v.M.FirstStartsAt, v.why(meeting.MoveDate), true
}

// why is the note of the last event of a kind.
func (v Call) why(e meeting.Event) string {
	for i := len(v.Past) - 1; i >= 0; i-- {
		if v.Past[i].Event == e {
			return v.Past[i].Note
		}
	}
	return ""
}

// contact is the call's own, or else the unit's.
func (v Call) contact() string {
	if v.M.Contact != "" {
		return v.M.Contact
	}
	return v.Contact
}

// figures are what an imported meeting's own publication says.
func (v Call) figures(l *i18n.Locale) []components.SummaryRow {
	var out []components.SummaryRow
	for _, x := range []struct {
		key string
		n   int
	}{{"attended", v.M.Attended}, {"proposals", v.M.Proposals}, {"interventions", v.M.Interventions}} {
		if x.n > 0 {
			out = append(out, components.SummaryRow{Key: l.T("meeting.figure." + x.key), Text: l.Number(x.n)})
		}
	}
	if v.M.Topic != "" {
		out = append(out, components.SummaryRow{Key: l.T("meeting.figure.topic"), Text: v.M.Topic, Lang: v.M.Lang})
	}
	if v.M.District != "" {
		out = append(out, components.SummaryRow{Key: l.T("meeting.figure.district"), Text: v.M.District, Lang: v.M.Lang})
	}
	return out
}

// ruleText is the published rules as they were digested.
func (v Call) ruleText() string { return strings.TrimSpace(v.M.RulesText) }

package invitation_test

import (
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"

	"guangyi/internal/invitation"
	"guangyi/internal/meeting"
)

func office() meeting.Meeting {
	at := time.Date(2026, 12, 20, 1, 30, 0, 0, time.UTC)
	return meeting.Meeting{
		ID: 77, Slug: "office-31", Title: "第31次局长办公会议；技能,人才", Matter: "技能人才三年计划", Place: "云州市大学路1号，三楼", State: meeting.Invited,
		StartsAt: at, EndsAt: at.Add(3 * time.Hour), UpdatedAt: at.AddDate(0, -1, 0), Version: 4,
	}
}

func event(t *testing.T, m meeting.Meeting) *ics.VEvent {
	t.Helper()
	raw := invitation.Calendar(m, "https://yijian.example.gov:8443")
	for _, line := range strings.Split(string(raw), "\r\n") {
		if len(line) > 75 {
			t.Errorf("a line has %d octets, RFC 5545 allows 75: %s", len(line), line)
		}
	}
	cal, err := ics.ParseCalendar(strings.NewReader(string(raw)))
	if err != nil || len(cal.Events()) != 1 {
		t.Fatalf("%v\n%s", err, raw)
	}
	return cal.Events()[0]
}

func value(e *ics.VEvent, p ics.ComponentProperty) string {
	if v := e.GetProperty(p); v != nil {
		return v.Value
	}
	return ""
}

func TestACalendarFollowsAMeetingThatIsMovedAndCancelled(t *testing.T) {
	m := office()
	first := event(t, m)
	m.StartsAt, m.EndsAt, m.Version = m.StartsAt.AddDate(0, 0, 7), m.EndsAt.AddDate(0, 0, 7), m.Version+1
	moved := event(t, m)
	m.State, m.Version = meeting.Cancelled, m.Version+1
	cancelled := event(t, m)
	if first.Id() != "meeting-77@yijian.example.gov" || first.Id() != moved.Id() || first.Id() != cancelled.Id() {
		t.Errorf("one meeting has the names %s, %s, %s", first.Id(), moved.Id(), cancelled.Id())
	}
	if value(first, ics.ComponentPropertySequence) >= value(moved, ics.ComponentPropertySequence) || value(moved, ics.ComponentPropertySequence) >= value(cancelled, ics.ComponentPropertySequence) {
		t.Error("the sequence does not grow")
	}
	if value(first, ics.ComponentPropertyDtStart) != "20261220T013000Z" || value(moved, ics.ComponentPropertyDtStart) != "20261227T013000Z" {
		t.Errorf("it begins %s, then %s", value(first, ics.ComponentPropertyDtStart), value(moved, ics.ComponentPropertyDtStart))
	}
	if value(moved, ics.ComponentPropertyStatus) != "CONFIRMED" || value(cancelled, ics.ComponentPropertyStatus) != "CANCELLED" {
		t.Error("a cancelled meeting is not shown as such")
	}
	if value(first, ics.ComponentPropertyLocation) != m.Place {
		t.Errorf("the place is %q", value(first, ics.ComponentPropertyLocation))
	}
}

func TestACalendarHoldsTheSessionsThatSomebodyComesTo(t *testing.T) {
	m := office()
	m.Sessions = []meeting.Session{{ID: 1, Name: "上午场", StartsAt: m.StartsAt, EndsAt: m.EndsAt}, {ID: 2, Name: "下午场", StartsAt: m.StartsAt, EndsAt: m.EndsAt}}
	for want, raw := range map[int][]byte{
		2: invitation.Calendar(m, "https://yijian.example.gov"), 1: invitation.Calendar(m, "https://yijian.example.gov", 2),
	} {
		cal, err := ics.ParseCalendar(strings.NewReader(string(raw)))
		if err != nil || len(cal.Events()) != want {
			t.Errorf("%d events wanted: %v\n%s", want, err, raw)
		}
	}
}

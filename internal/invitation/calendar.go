package invitation

import (
	"fmt"
	"net/url"
	"strconv"
	"time"

	ics "github.com/arran4/golang-ical"

	"guangyi/internal/meeting"
)

// refreshed is how often a subscribed calendar asks again (RFC 7986, section 5.7).
const refreshed = "PT1H"

// Calendar writes a meeting as iCalendar (RFC 5545), one event for the meeting or
// for each of its sessions; all but the sessions named are left out when any are.
// The UID stays the same for life and SEQUENCE grows with each change, so that a
// calendar that has the meeting moves it; a cancelled one stays, as CANCELLED.
func Calendar(m meeting.Meeting, baseURL string, sessions ...int64) []byte {
	cal := ics.NewCalendar()
	cal.SetProductId("-//Guangyi//Meetings//ZH")
	cal.SetMethod(ics.MethodPublish)
	cal.SetXWRCalName(m.Title)
	cal.SetRefreshInterval(refreshed)
	cal.SetXPublishedTTL(refreshed)
	page := baseURL + "/meetings/" + m.Slug
	host := "guangyi"
	if u, err := url.Parse(baseURL); err == nil && u.Hostname() != "" {
		host = u.Hostname()
	}
	add := func(id, title string, from, to time.Time) {
		e := cal.AddEvent(id + "@" + host)
		e.SetDtStampTime(m.UpdatedAt.UTC())
		e.SetLastModifiedAt(m.UpdatedAt.UTC())
		e.SetSequence(int(m.Version))
		e.SetStartAt(from.UTC())
		e.SetEndAt(to.UTC())
		e.SetSummary(title)
		e.SetURL(page)
		if m.Place != "" {
			e.SetLocation(m.Place)
		}
		e.SetDescription(description(m, page))
		e.SetStatus(ics.ObjectStatusConfirmed)
		if m.State == meeting.Cancelled {
			e.SetStatus(ics.ObjectStatusCancelled)
		}
	}
	wanted := map[int64]bool{}
	for _, id := range sessions {
		wanted[id] = id != 0
	}
	for _, s := range m.Sessions {
		if len(wanted) == 0 || wanted[s.ID] {
			add(fmt.Sprintf("meeting-%d-%d", m.ID, s.ID), m.Title+" "+s.Name, s.StartsAt, s.EndsAt)
		}
	}
	if len(m.Sessions) == 0 {
		add("meeting-"+strconv.FormatInt(m.ID, 10), m.Title, m.StartsAt, m.EndsAt)
	}
	return []byte(cal.Serialize(ics.WithNewLineWindows))
}

func description(m meeting.Meeting, page string) string {
	text := m.Matter
	for _, more := range []string{m.Access, m.Contact, page} {
		if more == "" {
			continue
		}
		if text != "" {
			text += "\n"
		}
		text += more
	}
	return text
}

package layouts

import (
	"slices"

	"guangyi/internal/platform/actor"
	"guangyi/views/components"
)

// readers read what was sent and what became of it; the record is read by the
// administrators too (policies/submission.csv, suggestion.csv, audit.csv). A page
// only leaves out the doors that would not open: the gate decides.
var readers = []actor.Role{actor.Officer, actor.Reviewer, actor.Signer, actor.Legal, actor.Auditor}

// counters see how much lies at the desk (policies/desk.csv).
var counters = []actor.Role{actor.Officer, actor.Reviewer, actor.Signer, actor.Auditor}

// closedTo lists the rooms of a consultation that none of the roles may enter.
func closedTo(who actor.Actor) []string {
	var shut []string
	if !anyOf(who, actor.Officer) {
		shut = append(shut, components.RoomMail)
	}
	if !anyOf(who, counters...) {
		shut = append(shut, components.RoomDesk)
	}
	if anyOf(who, readers...) {
		return shut
	}
	shut = append(shut, components.RoomSubmissions, components.RoomModeration, components.RoomWorkbench, components.RoomSuggestions, components.RoomReview)
	if !anyOf(who, actor.Administrator) {
		shut = append(shut, components.RoomRecord)
	}
	return shut
}

// deskRooms are the entries of the staff navigation for these roles.
func deskRooms(who actor.Actor) []string {
	var keys []string
	if slices.ContainsFunc(who.Grants, func(g actor.Grant) bool { return g.Role.Staff() }) {
		keys = append(keys, "today", "consultations", "meetings")
	}
	if anyOf(who, actor.Administrator, actor.Operator) {
		keys = append(keys, "organisations")
	}
	return keys
}

func anyOf(who actor.Actor, roles ...actor.Role) bool {
	return slices.ContainsFunc(who.Grants, func(g actor.Grant) bool { return slices.Contains(roles, g.Role) })
}

// Rooms leads from one room of a consultation to the others that are open to the
// person at the desk, for components.Tabs.
func (p Page) Rooms(slug, current string) []components.Tab {
	return components.Rooms(p.Locale, slug, current, p.shut...)
}

// desk is where the mark at the left of the bar leads: the first room.
func (p Page) desk() NavItem {
	if len(p.Nav) > 0 {
		return p.Nav[0]
	}
	return NavItem{Label: p.Locale.T("site.nav.home"), Href: "/"}
}

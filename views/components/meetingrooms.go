package components

import (
	"slices"

	"guangyi/internal/platform/i18n"
)

// The rooms of a meeting on the staff side: the last part of their addresses.
const (
	MeetingCall         = ""
	MeetingApplications = "applications"
	MeetingAgenda       = "agenda"
	MeetingSelection    = "selection"
	MeetingInvitations  = "invitations"
	MeetingDay          = "day"
	MeetingAccount      = "account"
)

// MeetingRooms leads from one room of a meeting to the others, for Tabs; those
// that are shut, to the reader or as yet, are left out.
func MeetingRooms(l *i18n.Locale, slug, current string, shut ...string) []Tab {
	base := "/staff/meetings/" + slug
	rooms := []string{MeetingCall, MeetingApplications, MeetingAgenda, MeetingSelection, MeetingInvitations, MeetingDay, MeetingAccount}
	tabs := make([]Tab, 0, len(rooms))
	for _, room := range rooms {
		if slices.Contains(shut, room) {
			continue
		}
		href, word := base, "call"
		if room != MeetingCall {
			href, word = base+"/"+room, room
		}
		tabs = append(tabs, Tab{Label: l.T("meeting.room." + word), Href: href, Current: room == current})
	}
	return tabs
}

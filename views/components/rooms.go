package components

import (
	"slices"

	"guangyi/internal/platform/i18n"
)

// The rooms of a consultation on the staff side: the last part of their addresses.
const (
	RoomNotice      = ""
	RoomDraft       = "draft"
	RoomDesk        = "desk"
	RoomMail        = "mail"
	RoomSubmissions = "submissions"
	RoomModeration  = "moderation"
	RoomWorkbench   = "workbench"
	RoomSuggestions = "suggestions"
	RoomReview      = "review"
	RoomRecord      = "record"
)

// Rooms leads from one room of a consultation to the others, for Tabs; those that
// are shut to the reader are left out.
func Rooms(l *i18n.Locale, slug, current string, shut ...string) []Tab {
	base := "/staff/consultations/" + slug
	rooms := []string{RoomNotice, RoomDraft, RoomDesk, RoomMail, RoomSubmissions, RoomModeration, RoomWorkbench, RoomSuggestions, RoomReview, RoomRecord}
	tabs := make([]Tab, 0, len(rooms))
	for _, room := range rooms {
		if slices.Contains(shut, room) {
			continue
		}
		href, word := base, "notice"
		if room != RoomNotice {
			href, word = base+"/"+room, room
		}
		tabs = append(tabs, Tab{Label: l.T("site.room." + word), Href: href, Current: room == current})
	}
	return tabs
}

package components

import (
	"time"

	"guangyi/internal/platform/i18n"
)

// closingSoon is when something open is said to close soon.
const closingSoon = 3 * 24 * time.Hour

// Remaining words the time until an end: days, on the last day hours, in the
// last hour minutes.
func Remaining(l *i18n.Locale, now, end time.Time) string {
	d := end.Sub(now)
	switch {
	case d < time.Hour:
		return l.T("site.left.minutes", "count", max(1, int(d.Minutes())))
	case d < 24*time.Hour:
		return l.T("site.left.hours", "count", int(d.Hours()))
	}
	return l.T("site.left.days", "count", int(d.Hours()/24))
}

// OpenUntil is the status of what is open: how much time is left, and whether it
// closes soon.
func OpenUntil(l *i18n.Locale, now, end time.Time) Status {
	s := Status{State: Open, Note: Remaining(l, now, end)}
	if end.Sub(now) <= closingSoon {
		s.State = Closing
	}
	return s
}

package meetingview

import (
	"strings"
	"time"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/i18n"
	"guangyi/views/components"
)

const cancelled = meeting.Cancelled

// ShutView is the form of a call to which one cannot apply: not yet, no more, or
// not without an account.
type ShutView struct {
	M       meeting.Meeting
	Now     time.Time
	Values  map[string]string // what was typed before
	Contact string
	SignIn  string // the way to sign in, where the call demands an account
	Pool    bool   // only standing representatives may apply
	Named   bool   // only persons who were named
}

func (v ShutView) status(l *i18n.Locale) *components.Status {
	s := StatusOf(l, v.M, v.Now)
	return &s
}

func (v ShutView) key() string {
	switch s, _ := v.M.PublicStatus(v.Now); {
	case v.SignIn != "":
		return "account"
	case v.Pool:
		return "pool"
	case s == meeting.PublicAnnounced && v.M.OpensAt != nil:
		return "announced"
	case s == meeting.PublicCancelled:
		return "cancelled"
	case v.Named:
		return "named"
	case v.M.ClosesAt == nil:
		return "none"
	}
	if len(v.kept()) > 0 {
		return "writing"
	}
	return "closed"
}

// Title is the page's title.
func (v ShutView) Title(l *i18n.Locale) string {
	args := []any{}
	if v.M.OpensAt != nil {
		args = append(args, "opens", l.DateTime(*v.M.OpensAt))
	}
	if v.M.ClosesAt != nil {
		args = append(args, "closes", l.Deadline(*v.M.ClosesAt))
	}
	return l.T("meeting.shut."+v.key(), args...)
}

func (v ShutView) lead(l *i18n.Locale) string { return l.T("meeting.shut." + v.key() + ".text") }

// kept are the longer texts that would be a pity to lose; the rest is typed again
// in a minute.
func (v ShutView) kept() []string {
	var out []string
	for _, name := range []string{"opinion", "reason", "conflict_text"} {
		if strings.TrimSpace(v.Values[name]) != "" {
			out = append(out, name)
		}
	}
	return out
}

func (v ShutView) area(l *i18n.Locale, name string) components.Area {
	return components.Area{Rows: 6, Field: components.Field{ID: name, Name: name, Label: l.T("meeting.field." + name), Value: v.Values[name]}}
}

// phoneNumber is a telephone number as a link needs it.
func phoneNumber(phone string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, phone)
}

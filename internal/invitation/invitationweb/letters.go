package invitationweb

import (
	"context"
	"strings"

	"guangyi/internal/invitation"
	"guangyi/internal/notice"
	"guangyi/internal/platform/i18n"
)

// Letters words the letters of meetings.
type Letters struct {
	Invitations *invitation.Service
	Bundle      *i18n.Bundle
	Language    string // when the person's is unknown
	BaseURL     string
}

// Letter writes one in the language in which the person applied. A short message
// is the topic's template with the variables meeting, at, by and link: carriers
// refuse free text.
func (w Letters) Letter(ctx context.Context, item notice.Item) (notice.Letter, bool, error) {
	a, ok, err := w.Invitations.About(ctx, item)
	if err != nil || !ok {
		return notice.Letter{}, false, err
	}
	l := w.Bundle.Locale(a.Lang, w.Language)
	say := w.words(l, a)
	if item.Way == notice.SMS {
		return notice.Letter{To: a.To, Lang: l.Tag(), Template: a.Topic, Variables: map[string]string{
			"meeting": say["title"], "at": say["when"], "by": say["by"], "link": say["url"],
		}}, true, nil
	}
	args := make([]any, 0, 2*len(say)+2)
	for name, value := range say {
		args = append(args, name, value)
	}
	args = append(args, "papers", a.Unread)
	key := "invitation.letter." + strings.TrimPrefix(a.Topic, "meeting.")
	letter := notice.Letter{To: a.To, Lang: l.Tag(), Subject: l.T(key+".subject", args...), Text: l.T(key+".text", args...)}
	if datable(a.Topic) {
		letter.Files = []notice.File{{
			Name: a.Meeting.Slug + ".ics", MediaType: "text/calendar", Data: invitation.Calendar(a.Meeting, w.BaseURL, a.Application.Session),
		}}
	}
	return letter, true, nil
}

// datable are the letters after which a calendar has to hold the meeting as it is.
func datable(topic string) bool {
	switch topic {
	case invitation.TopicConfirmed, invitation.TopicReminder, invitation.TopicMoved, invitation.TopicCancelled, invitation.TopicCarried:
		return true
	}
	return false
}

// words are what the texts put in.
func (w Letters) words(l *i18n.Locale, a invitation.About) map[string]string {
	m := a.Meeting
	from, to := m.StartsAt, m.EndsAt
	if s, ok := m.Session(a.Application.Session); ok {
		from, to = s.StartsAt, s.EndsAt
	}
	say := map[string]string{
		"title": m.Title, "name": a.Name, "unit": m.OrganisationName, "reason": m.Note, "place": m.Place,
		"when": l.T("invitation.period", "date", l.Date(from), "weekday", l.Weekday(from), "from", l.Time(from), "to", l.Time(to)),
		"page": w.BaseURL + "/meetings/" + m.Slug, "url": w.BaseURL + "/meetings/" + m.Slug, "by": "", "forget": l.T("invitation.letter.forget.never"),
	}
	if m.Place == "" {
		say["place"] = l.T("invitation.letter.noplace")
	}
	if a.Token != "" {
		say["url"] = w.BaseURL + "/i/" + a.Token
	}
	if a.Invitation != nil {
		say["by"] = l.Deadline(a.Invitation.AnswerBy)
	}
	if m.ForgetAt != nil {
		say["forget"] = l.Date(*m.ForgetAt)
	}
	return say
}

package sittingweb

import (
	"context"
	"strings"

	"guangyi/internal/invitation"
	"guangyi/internal/notice"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/sitting"
)

// Letters words what representatives hear of a day and after it, in the language in
// which they applied.
type Letters struct {
	Sittings    *sitting.Service
	Invitations *invitation.Service
	Bundle      *i18n.Bundle
	Language    string // when the person's is unknown
	BaseURL     string
}

// Letter writes one; ok is false when name and contact are gone, or when there is
// nothing left to confirm.
func (w Letters) Letter(ctx context.Context, item notice.Item) (notice.Letter, bool, error) {
	a, ok, err := w.Invitations.About(ctx, item)
	if err != nil || !ok {
		return notice.Letter{}, false, err
	}
	purpose, path := sitting.ToSign, "/s/"
	if item.Topic == sitting.TopicAccount {
		purpose, path = sitting.ToFeedback, "/f/"
	}
	tokens, err := w.Sittings.Tokens(ctx, item.Scope, item.Ref, purpose)
	if err != nil || len(tokens) == 0 && item.Topic != sitting.TopicAccount {
		return notice.Letter{}, false, err
	}
	links := make([]string, len(tokens))
	for i, t := range tokens {
		links[i] = w.BaseURL + path + t
	}
	page := w.BaseURL + "/meetings/" + a.Meeting.Slug
	l := w.Bundle.Locale(a.Lang, w.Language)
	if item.Way == notice.SMS {
		link := page
		if len(links) > 0 {
			link = links[0]
		}
		return notice.Letter{To: a.To, Lang: l.Tag(), Template: item.Topic, Variables: map[string]string{"meeting": a.Meeting.Title, "link": link}}, true, nil
	}
	args := []any{"title", a.Meeting.Title, "name", a.Name, "unit", a.Meeting.OrganisationName, "page", page, "links", strings.Join(links, "\n")}
	key := "sitting.letter." + strings.TrimPrefix(item.Topic, "sitting.")
	return notice.Letter{To: a.To, Lang: l.Tag(), Subject: l.T(key+".subject", args...), Text: l.T(key+".text", args...)}, true, nil
}

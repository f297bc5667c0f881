package moderationweb

import (
	"context"

	"guangyi/internal/moderation"
	"guangyi/internal/notice"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/i18n"
)

// Letters words what is written to people who say that something was not theirs.
type Letters struct {
	Moderation    *moderation.Service
	Organisations *organisation.Service
	Bundle        *i18n.Bundle
	Language      string // when the person's is unknown
}

// Letter writes one in the language in which the person reported. ok is false for
// somebody who left no e-mail address.
func (w Letters) Letter(ctx context.Context, item notice.Item) (notice.Letter, bool, error) {
	r, c, ok, err := w.Moderation.About(ctx, item.Scope, item.Ref)
	if err != nil || !ok || r.Contact.Email == "" {
		return notice.Letter{}, false, err
	}
	unit, err := w.Organisations.ByID(ctx, c.Organisation)
	if err != nil {
		return notice.Letter{}, false, err
	}
	l := w.Bundle.Locale(r.Lang, w.Language)
	key := "moderation.letter.reported"
	say := []any{"number", r.Number, "title", c.Title, "unit", unit.Name, "at", l.Date(r.DueAt)}
	if item.Topic == moderation.TopicOutcome {
		key = "moderation.letter.outcome"
		say = append(say, "result", l.T("moderation.letter.result."+string(r.State)), "outcome", r.Outcome)
	}
	return notice.Letter{To: r.Contact.Email, Lang: l.Tag(), Subject: l.T(key+".subject", say...), Text: l.T(key+".text", say...)}, true, nil
}

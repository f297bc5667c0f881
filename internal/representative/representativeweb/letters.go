package representativeweb

import (
	"context"
	"strings"

	"guangyi/internal/notice"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/representative"
	"guangyi/views/representativeview"
)

// Letters words what representatives are written, in the language in which they
// applied. The secret is in none of them.
type Letters struct {
	Pool     *representative.Service
	Bundle   *i18n.Bundle
	Language string // of the site
	BaseURL  string
}

// Letter finds the words; ok is false when name and contact are gone.
func (x Letters) Letter(ctx context.Context, item notice.Item) (notice.Letter, bool, error) {
	t, ok, err := x.Pool.Letter(ctx, item.Ref)
	if err != nil || !ok {
		return notice.Letter{}, false, err
	}
	l := x.Bundle.Locale(t.Lang, x.Language)
	key := "representative.letter." + strings.TrimPrefix(item.Topic, representative.TopicPrefix)
	args := []any{"organisation", t.OrganisationName, "reference", t.Reference, "url", x.BaseURL + representativeview.MineAddress(t.Reference),
		"term", "", "forget", ""}
	if t.TermFrom != nil {
		args[7] = representativeview.TermWords(l, *t.TermFrom, *t.TermUntil)
	}
	if t.ForgetAt != nil {
		args[9] = l.Date(*t.ForgetAt)
	}
	return notice.Letter{To: t.To, Lang: l.Tag(), Subject: l.T(key+".subject", args...), Text: l.T(key+".text", args...)}, true, nil
}

package referralweb

import (
	"context"

	"guangyi/internal/draft"
	"guangyi/internal/notice"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/platform/web"
	"guangyi/internal/referral"
	"guangyi/internal/submission"
	"guangyi/views/referralview"
)

// Letters words what is written to senders.
type Letters struct {
	Referrals     *referral.Service
	Organisations *organisation.Service
	Bundle        *i18n.Bundle
	Language      string // when the sender's is unknown
	BaseURL       string
}

// Letter writes one in the language of what was sent. ok is false for a sender who
// left no address.
func (w Letters) Letter(ctx context.Context, item notice.Item) (notice.Letter, bool, error) {
	word, ok, err := w.Referrals.About(ctx, item)
	if err != nil || !ok {
		return notice.Letter{}, false, err
	}
	unit, err := w.Organisations.ByID(ctx, word.OrganisationID)
	if err != nil {
		return notice.Letter{}, false, err
	}
	l := w.Bundle.Locale(word.Lang, w.Language)
	subject, text := referralview.Words(l, word.Referral, item.Topic == referral.TopicAnswered, unit.Name, word.Consultation.Title, w.BaseURL)
	return notice.Letter{To: word.To, Lang: l.Tag(), Subject: subject, Text: text}, true, nil
}

// tree is the draft that the sender read, empty while there is none.
func (h handlers) tree(c *web.Ctx, l submission.Letter) (*draft.Tree, error) {
	t, err := h.Drafts.Tree(c.UserContext(), l.Consultation.ID, l.DraftVersion)
	if fault.Is(err, fault.NotFound) {
		return draft.NewTree(nil), nil
	}
	return t, err
}

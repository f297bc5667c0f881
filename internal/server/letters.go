package server

import (
	"context"

	"guangyi/internal/invitation"
	"guangyi/internal/invitation/invitationweb"
	"guangyi/internal/mailbox"
	"guangyi/internal/mailbox/mailboxweb"
	"guangyi/internal/moderation"
	"guangyi/internal/moderation/moderationweb"
	"guangyi/internal/notice"
	"guangyi/internal/referral"
	"guangyi/internal/referral/referralweb"
	"guangyi/internal/representative"
	"guangyi/internal/representative/representativeweb"
	"guangyi/internal/sitting"
	"guangyi/internal/sitting/sittingweb"
	"guangyi/internal/submission"
)

// letters words what the outbox sends, in the language of what was received.
type letters struct{ s *Services }

// Letter finds the words by the topic's room.
func (l letters) Letter(ctx context.Context, item notice.Item) (notice.Letter, bool, error) {
	switch {
	case item.Topic == notice.Received:
		return l.received(ctx, item)
	case item.Topic == submission.Recovered:
		return l.recovered(ctx, item)
	case invitation.IsTopic(item.Topic):
		return invitationweb.Letters{
			Invitations: l.s.Invitations, Bundle: l.s.Bundle, Language: l.s.Settings.Language, BaseURL: l.s.Settings.BaseURL,
		}.Letter(ctx, item)
	case sitting.IsTopic(item.Topic):
		return sittingweb.Letters{
			Sittings: l.s.Sittings, Invitations: l.s.Invitations, Bundle: l.s.Bundle, Language: l.s.Settings.Language, BaseURL: l.s.Settings.BaseURL,
		}.Letter(ctx, item)
	case mailbox.IsTopic(item.Topic):
		return mailboxweb.Letters{
			Mail: l.s.Mail, Bundle: l.s.Bundle, Language: l.s.Settings.Language, BaseURL: l.s.Settings.BaseURL,
		}.Letter(ctx, item)
	case moderation.IsTopic(item.Topic):
		return moderationweb.Letters{
			Moderation: l.s.Moderation, Organisations: l.s.Organisations, Bundle: l.s.Bundle, Language: l.s.Settings.Language,
		}.Letter(ctx, item)
	case referral.IsTopic(item.Topic):
		return referralweb.Letters{
			Referrals: l.s.Referrals, Organisations: l.s.Organisations, Bundle: l.s.Bundle, Language: l.s.Settings.Language, BaseURL: l.s.Settings.BaseURL,
		}.Letter(ctx, item)
	case representative.IsTopic(item.Topic):
		return representativeweb.Letters{
			Pool: l.s.Representatives, Bundle: l.s.Bundle, Language: l.s.Settings.Language, BaseURL: l.s.Settings.BaseURL,
		}.Letter(ctx, item)
	}
	return notice.Letter{}, false, nil
}

// received confirms a receipt.
func (l letters) received(ctx context.Context, item notice.Item) (notice.Letter, bool, error) {
	c, ok, err := l.s.Submissions.Confirm(ctx, item.Scope, item.Ref)
	if err != nil || !ok {
		return notice.Letter{}, false, err
	}
	words := l.s.Bundle.Locale(c.Lang, l.s.Settings.Language)
	return notice.Letter{
		To: c.To, Lang: words.Tag(), Subject: words.T("letter.received.subject", "number", c.Number),
		Text: words.T("letter.received.text", "title", c.Title, "at", words.DateTime(c.Letters.ReceivedAt), "number", c.Number,
			"url", l.s.Settings.BaseURL+"/receipts/"+c.Number),
	}, true, nil
}

// recovered opens a receipt whose secret was lost, by mail or by a short message.
func (l letters) recovered(ctx context.Context, item notice.Item) (notice.Letter, bool, error) {
	r, ok, err := l.s.Submissions.Recovery(ctx, item.Scope, item.Ref)
	if err != nil || !ok {
		return notice.Letter{}, false, err
	}
	words := l.s.Bundle.Locale(r.Lang, l.s.Settings.Language)
	link := l.s.Settings.BaseURL + "/receipts/open/" + r.Token
	if item.Way == notice.SMS {
		to, ok := notice.Number(r.Phone)
		return notice.Letter{To: to, Lang: words.Tag(), Template: item.Topic, Variables: map[string]string{"number": r.Number, "link": link}}, ok, nil
	}
	return notice.Letter{
		To: r.Email, Lang: words.Tag(), Subject: words.T("letter.recovered.subject", "number", r.Number),
		Text: words.T("letter.recovered.text", "title", r.Title, "number", r.Number, "url", link),
	}, r.Email != "", nil
}

package server

import (
	"context"

	"guangyi/internal/notice"
)

// letters words what the outbox sends, in the language of what was received.
type letters struct{ s *Services }

// Letter writes the confirmation of a receipt.
func (l letters) Letter(ctx context.Context, topic string, consultation, ref int64) (notice.Letter, bool, error) {
	if topic != notice.Received {
		return notice.Letter{}, false, nil
	}
	c, ok, err := l.s.Submissions.Confirm(ctx, consultation, ref)
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

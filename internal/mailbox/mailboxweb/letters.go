package mailboxweb

import (
	"context"
	"strings"

	"guangyi/internal/mailbox"
	"guangyi/internal/notice"
	"guangyi/internal/platform/i18n"
)

// Letters words the letters that answer a mail.
type Letters struct {
	Mail     *mailbox.Service
	Bundle   *i18n.Bundle
	Language string // when the sender's is unknown
	BaseURL  string
}

// Letter writes one in the language of what was received. It answers the mail that
// it is about, so that both stand together in the sender's mailbox, and an answer to
// it comes to the consultation's address.
func (w Letters) Letter(ctx context.Context, item notice.Item) (notice.Letter, bool, error) {
	a, ok, err := w.Mail.About(ctx, item)
	if err != nil || !ok {
		return notice.Letter{}, false, err
	}
	l := w.Bundle.Locale(a.Lang, w.Language)
	name := strings.TrimPrefix(a.Topic, "mail.")
	return notice.Letter{
		To: a.To, Lang: l.Tag(), ReplyTo: a.ReplyTo, Answers: a.MessageID,
		Subject: l.T("mailbox.letter."+name+".subject", "number", a.Number, "title", a.Consultation.Title),
		Text:    w.text(l, a),
	}, true, nil
}

func (w Letters) text(l *i18n.Locale, a mailbox.About) string {
	page := w.BaseURL + "/consultations/" + a.Consultation.Slug
	switch a.Topic {
	case mailbox.TopicAddition:
		return l.T("mailbox.letter.addition.text", "title", a.Consultation.Title, "number", a.Number, "at", l.DateTime(a.ReceivedAt),
			"url", w.BaseURL+"/receipts/"+a.Number)
	case mailbox.TopicOver:
		return l.T("mailbox.letter.over.text", "title", a.Consultation.Title, "at", l.DateTime(a.ReceivedAt), "url", page)
	}
	paragraphs := []string{l.T("mailbox.letter.receipt.text", "title", a.Consultation.Title, "at", l.DateTime(a.ReceivedAt), "number", a.Number,
		"secret", a.Secret, "url", w.BaseURL+"/receipts/"+a.Number)}
	if a.Late && a.Consultation.ClosesAt != nil {
		paragraphs = append(paragraphs, l.T("mailbox.letter.late", "end", l.Deadline(*a.Consultation.ClosesAt)))
	}
	if a.Held {
		paragraphs = append(paragraphs, l.T("mailbox.letter.held"))
	}
	if kept := len(a.Files) - len(a.Refused); kept > 0 {
		paragraphs = append(paragraphs, l.T("mailbox.letter.files", "count", kept))
	}
	if len(a.Refused) > 0 {
		names := make([]string, len(a.Refused))
		for i, f := range a.Refused {
			names[i] = f.Name
		}
		paragraphs = append(paragraphs, l.T("mailbox.letter.refused", "names", l.List(names)))
	}
	return strings.Join(append(paragraphs, l.T("mailbox.letter.foot", "page", page)), "\n\n")
}

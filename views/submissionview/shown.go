package submissionview

import (
	"strings"

	"guangyi/internal/platform/i18n"
	"guangyi/internal/submission"
	"guangyi/views/components"
)

// withdrawable: its sender can still take it back.
func (v Receipt) withdrawable() bool { return v.T.State != submission.Withdrawn }

// passedOn says to whom a petition or accusation went, and what they answered.
func (v Receipt) passedOn(l *i18n.Locale) []components.SummaryRow {
	var out []components.SummaryRow
	for _, r := range v.T.Referrals {
		row := components.SummaryRow{
			Key: l.T("referral.kind." + r.Kind), Text: l.T("referral.receipt.to", "at", l.Date(r.At), "recipient", r.Recipient),
			Note: strings.TrimSpace(r.Address + " " + r.Phone),
		}
		if r.AnsweredAt != nil {
			row.Note += l.T("referral.receipt.space") + l.T("referral.receipt.answer", "at", l.Date(*r.AnsweredAt))
			row.Said, row.SaidLang = r.Answer, v.T.Consultation.Lang
		}
		out = append(out, row)
	}
	return out
}

// keptBack says of each comment what of it the public does not read, then what was
// explained about it.
func (v Receipt) keptBack(l *i18n.Locale) []components.SummaryRow {
	var out []components.SummaryRow
	if v.T.State == submission.Held {
		out = append(out, components.SummaryRow{Key: l.T("moderation.receipt.whole"), Text: l.T("moderation.receipt.held")})
	}
	if v.T.State == submission.Withdrawn {
		return append(out, components.SummaryRow{Key: l.T("moderation.receipt.whole"), Text: l.T("moderation.withheld.withdrawn")})
	}
	for i, part := range v.T.Parts {
		key := l.T("moderation.withdraw.part", "number", i+1)
		for _, one := range leaves(part) {
			switch {
			case one.Withheld != "":
				out = append(out, components.SummaryRow{Key: key, Text: l.T("moderation.withheld." + one.Withheld)})
			case one.Public && one.MaskedAs().Any():
				out = append(out, components.SummaryRow{Key: key, Text: l.T("moderation.masked.mark")})
			}
		}
	}
	for _, r := range v.T.Rulings {
		if r.Words != "" {
			out = append(out, components.SummaryRow{Key: l.DateTime(r.At), Text: r.Words})
		}
	}
	return out
}

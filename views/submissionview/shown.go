package submissionview

import (
	"guangyi/internal/platform/i18n"
	"guangyi/internal/submission"
	"guangyi/views/components"
)

// withdrawable: its sender can still take it back.
func (v Receipt) withdrawable() bool { return v.T.State != submission.Withdrawn }

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

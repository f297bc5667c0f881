package meetingview

import (
	"strconv"
	"strings"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/i18n"
)

// Rules words the settings of the selection as numbered sentences: what stands
// in them is what the draw does.
func Rules(l *i18n.Locale, m meeting.Meeting) []string {
	var out []string
	switch m.Method {
	case meeting.ByDraw:
		out = drawRules(l, m)
	case meeting.ByOrder:
		out = orderRules(l)
	case meeting.ByNomination:
		out = nominationRules(l)
	case meeting.Mixed:
		out = mixedRules(l, m)
	}
	return append(out, exclusions(l, m)...)
}

func drawRules(l *i18n.Locale, m meeting.Meeting) []string {
	return []string{l.T("meeting.rule.chances"), panelsRule(l, m), seedRule(l, m), l.T("meeting.rule.reserves")}
}

// panelsRule says into how many panels the chances are turned, and until when
// they are published.
func panelsRule(l *i18n.Locale, m meeting.Meeting) string {
	args := []any{"count", m.Panels, "panels", l.Number(m.Panels), "last", strconv.Itoa(max(m.Panels-1, 0))}
	if m.Seed.KnownAt.IsZero() {
		return l.T("meeting.rule.panels", args...)
	}
	if width := digits(m.Panels); width > 0 {
		args = append(args, "first", strings.Repeat("0", width))
	} else {
		args = append(args, "first", "0")
	}
	return l.T("meeting.rule.panels.at", append(args, "at", stamp(l, m.Seed.KnownAt))...)
}

// digits is how many digits number the panels when their number is a power of
// ten, so that a drawn number names one directly; else 0.
func digits(panels int) int {
	n := 0
	for panels > 1 && panels%10 == 0 {
		panels /= 10
		n++
	}
	if panels != 1 {
		return 0
	}
	return n
}

func seedRule(l *i18n.Locale, m meeting.Meeting) string {
	s := m.Seed
	name := s.Name
	if name == "" {
		name = l.T("meeting.seed." + orHand(s.Source))
	}
	if s.Reference != "" {
		name = l.T("meeting.seed.reference", "name", name, "reference", s.Reference)
	}
	key := "meeting.rule.seed." + orHand(s.Source)
	if s.Source == "lottery" && digits(m.Panels) == 0 {
		key += ".derived"
	}
	at := ""
	if !s.KnownAt.IsZero() {
		at = stamp(l, s.KnownAt)
	}
	if at == "" {
		at = l.T("meeting.rule.seed.later")
	}
	args := []any{"at", at, "name", name, "count", len(s.Commitments)}
	return l.T(key, args...)
}

// orHand is the source of a seed; without one it is drawn by hand.
func orHand(source string) string {
	if source == "" {
		return "hand"
	}
	return source
}

func orderRules(l *i18n.Locale) []string {
	return []string{l.T("meeting.rule.order"), l.T("meeting.rule.order.full"), l.T("meeting.rule.order.next")}
}

func nominationRules(l *i18n.Locale) []string {
	return []string{l.T("meeting.rule.nomination"), l.T("meeting.rule.nomination.reasons"), l.T("meeting.rule.nomination.next")}
}

func mixedRules(l *i18n.Locale, m meeting.Meeting) []string {
	var out []string
	drawn := false
	for _, c := range m.AllCategories() {
		method := m.MethodOf(c.Code)
		if method == "" {
			continue
		}
		drawn = drawn || method == meeting.ByDraw
		out = append(out, l.T("meeting.rule.of", "category", CategoryName(l, c), "method", l.T("meeting.method."+method)))
	}
	if drawn {
		return append(out, drawRules(l, m)...)
	}
	return append(out, l.T("meeting.rule.order.next"))
}

// exclusions are the stated rules by which somebody does not take part.
func exclusions(l *i18n.Locale, m meeting.Meeting) []string {
	var out []string
	if m.Households {
		out = append(out, l.T("meeting.rule.households"))
	}
	if m.Units {
		out = append(out, l.T("meeting.rule.units"))
	}
	if m.InvitedAtMost > 0 {
		out = append(out, l.T("meeting.rule.invited", "count", m.InvitedAtMost, "months", m.InvitedWithinMonths))
	}
	if m.ExcludeConflict {
		out = append(out, l.T("meeting.rule.conflict"))
	}
	return out
}

// Quotas words the bounds on the panel: 女性至少3位；同一个区最多3位.
func Quotas(l *i18n.Locale, m meeting.Meeting) string {
	var words []string
	districts := sameDistrict(l, m)
	for _, q := range m.Quotas {
		line := quota(l, m, q)
		if q.Category == "district" && districts != "" {
			continue
		}
		if line != "" {
			words = append(words, line)
		}
	}
	if districts != "" {
		words = append(words, districts)
	}
	return begun(strings.Join(words, l.T("meeting.quota.semicolon")))
}

// sameDistrict is one sentence for all districts when they have the same bound.
func sameDistrict(l *i18n.Locale, m meeting.Meeting) string {
	n, most := 0, 0
	for _, q := range m.Quotas {
		if q.Category != "district" {
			continue
		}
		if n++; q.Min > 0 || n > 1 && q.Max != most {
			return ""
		}
		most = q.Max
	}
	if n < 2 || n < len(m.Districts) || most >= m.Seats {
		return ""
	}
	return l.T("meeting.quota.district", "count", most)
}

func quota(l *i18n.Locale, m meeting.Meeting, q meeting.Quota) string {
	name := Feature(l, m, q.Category, q.Feature)
	least, most := q.Min > 0, q.Max < m.Seats
	switch {
	case least && most && q.Min == q.Max:
		return l.T("meeting.quota.exact", "feature", name, "count", q.Min)
	case least && most:
		return l.T("meeting.quota.between", "feature", name, "min", q.Min, "count", q.Max)
	case least:
		return l.T("meeting.quota.least", "feature", name, "count", q.Min)
	case most:
		return l.T("meeting.quota.most", "feature", name, "count", q.Max)
	}
	return ""
}

// Feature words one feature of applicants: female is 女性, 60-74 is 60至74岁.
func Feature(l *i18n.Locale, m meeting.Meeting, category, feature string) string {
	switch category {
	case "sex", "side":
		return l.T("meeting." + category + "." + feature)
	case "age":
		return ageWord(l, feature)
	case "category":
		return categoryByCode(l, m, feature)
	}
	for _, q := range m.Questions {
		if q.Code != category {
			continue
		}
		for _, o := range q.Options {
			if o.Code == feature {
				return o.Label
			}
		}
	}
	return feature
}

func ageWord(l *i18n.Locale, band string) string {
	if from, open := strings.CutSuffix(band, "+"); open {
		return l.T("meeting.age.from", "from", from)
	}
	from, to, ok := strings.Cut(band, "-")
	switch {
	case !ok:
		return band
	case from == "under":
		return l.T("meeting.age.under", "to", to)
	}
	return l.T("meeting.age.band", "from", from, "to", to)
}

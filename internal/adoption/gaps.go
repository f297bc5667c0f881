package adoption

import (
	"context"
	"strings"

	"gorm.io/gorm"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
)

// Balance reckons whether the summary of a consultation holds, for staff, with
// what is missing.
func (s *Service) Balance(ctx context.Context, who actor.Actor, slug string) (Balance, error) {
	c, err := s.at(ctx, who, atSlug(slug), mayList)
	if err != nil {
		return Balance{}, err
	}
	return s.balance(s.db.Read(ctx), c.ID)
}

func (s *Service) balance(g *gorm.DB, id int64) (Balance, error) {
	f, err := count(g, id)
	if err != nil {
		return Balance{}, err
	}
	b := reckon(f, consultation.Channels)
	for i := range b.Lines {
		if b.Lines[i].Holds {
			continue
		}
		if err := findGaps(g, id, &b.Lines[i]); err != nil {
			return b, err
		}
	}
	return b, nil
}

func findGaps(g *gorm.DB, id int64, l *Line) error {
	var err error
	switch l.Rule {
	case EachSubmission:
		l.Missing, err = silentSubmissions(g, id)
		l.More = max(l.Right-l.Left, 0) - len(l.Missing)
	case EachComment:
		l.Missing, err = freeComments(g, id)
		l.More = max(l.Right-l.Left, 0) - len(l.Missing)
	case EachSuggestion:
		l.Missing, err = gapsOf(g, id, l.Rule, "state NOT IN ('agreed', 'signed')", stateReason)
		l.More = l.Right - l.Left - len(l.Missing)
	case NoEmptySuggestion:
		l.Missing, err = gapsOf(g, id, l.Rule, "comments = 0", func(Suggestion) string { return "empty" })
		l.More = l.Right - l.Left - len(l.Missing)
	case EachDemand:
		err = demandGaps(g, id, l)
		l.More = l.Right - l.Left - len(l.Missing)
	}
	l.More = max(l.More, 0)
	return err
}

func silentSubmissions(g *gorm.DB, id int64) ([]Gap, error) {
	var receipts []string
	err := g.Table("submissions AS s").Where("s.consultation_id = ?", id).
		Where("NOT EXISTS (SELECT 1 FROM comments AS c WHERE c.consultation_id = s.consultation_id AND c.submission_id = s.id AND NOT c.split)").
		Where("NOT EXISTS (SELECT 1 FROM submission_answers AS a WHERE a.consultation_id = s.consultation_id AND a.submission_id = s.id)").
		Order("s.id").Limit(GapsShown).Pluck("receipt", &receipts).Error
	out := make([]Gap, len(receipts))
	for i, r := range receipts {
		out[i] = Gap{Rule: EachSubmission, Reason: "submission", Submission: r}
	}
	return out, err
}

func freeComments(g *gorm.DB, id int64) ([]Gap, error) {
	var rows []struct {
		ID         int64
		Text, Lang string
	}
	err := g.Table("comments AS c").Select("c.id, c.text, c.lang").Where("c.consultation_id = ? AND NOT c.split", id).
		Where("NOT EXISTS (SELECT 1 FROM suggestions AS s WHERE s.consultation_id = c.consultation_id AND s.id = c.suggestion_id)").
		Order("c.id").Limit(GapsShown).Find(&rows).Error
	out := make([]Gap, len(rows))
	for i, r := range rows {
		out[i] = Gap{Rule: EachComment, Reason: "comment", Comment: r.ID, Text: firstWords(r.Text), Lang: r.Lang}
	}
	return out, err
}

func gapsOf(g *gorm.DB, id int64, rule Rule, where string, reason func(Suggestion) string) ([]Gap, error) {
	var list []Suggestion
	err := g.Where("consultation_id = ?", id).Where(where).Order("number").Limit(GapsShown).Find(&list).Error
	out := make([]Gap, len(list))
	for i, one := range list {
		out[i] = gapOf(rule, one, reason(one))
	}
	return out, err
}

func gapOf(rule Rule, of Suggestion, reason string) Gap {
	return Gap{Rule: rule, Reason: reason, Suggestion: of.ID, Number: of.Number, Text: firstWords(of.Text), Lang: of.Lang}
}

func stateReason(of Suggestion) string {
	switch {
	case of.Disposition == "":
		return "undecided"
	case of.State == Drafted && of.Note != "":
		return "returned"
	}
	return string(of.State)
}

func demandGaps(g *gorm.DB, id int64, l *Line) error {
	return eachLacking(g, id, func(of Suggestion, faults []string) bool {
		if len(faults) > 0 {
			reason := faults[0]
			if of.Disposition == "" {
				reason = "undecided"
			}
			l.Missing = append(l.Missing, gapOf(EachDemand, of, reason))
		}
		return len(l.Missing) < GapsShown
	})
}

// firstWords cuts a text for a line of a list.
func firstWords(text string) string {
	const most = 40
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) <= most {
		return string(runes)
	}
	return string(runes[:most]) + "…"
}

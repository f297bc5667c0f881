package adoption

import (
	"gorm.io/gorm"

	"guangyi/internal/consultation"
	"guangyi/internal/submission"
)

// count counts the rows of a consultation. It reads all of them: it is asked at
// the two moments when a summary is checked and on the page that prepares them,
// never on a public page.
func count(g *gorm.DB, id int64) (Figures, error) {
	f := Figures{ByDisposition: map[Code]int{}, CommentsBy: map[Code]int{}, ByChannel: map[string]int{},
		ByEntry: map[submission.Entry]int{}, KeptByChannel: map[string]int{}}
	steps := []func(*gorm.DB, int64, *Figures) error{countSubmissions, countComments, countSuggestions, countDemands, readKept}
	for _, step := range steps {
		if err := step(g, id, &f); err != nil {
			return f, err
		}
	}
	return f, nil
}

func countSubmissions(g *gorm.DB, id int64, f *Figures) error {
	var rows []struct {
		Channel string
		State   string
		Entry   submission.Entry
		N       int
	}
	err := g.Raw(`SELECT channel, state, entry, COUNT(*) AS n FROM submissions WHERE consultation_id = ? GROUP BY channel, state, entry`, id).Scan(&rows).Error
	if err != nil {
		return err
	}
	for _, r := range rows {
		f.ByChannel[r.Channel] += r.N
		f.ByEntry[r.Entry] += r.N
		f.Submissions += r.N
		switch submission.State(r.State) {
		case submission.Held:
			f.Held += r.N
		case submission.Withheld:
			f.Withheld += r.N
		case submission.Withdrawn:
			f.Withdrawn += r.N
		}
	}
	err = g.Raw(`SELECT COUNT(*) FROM submissions WHERE consultation_id = ? AND late`, id).Scan(&f.Late).Error
	if err != nil {
		return err
	}
	err = g.Raw(`SELECT COUNT(DISTINCT person) FROM submissions WHERE consultation_id = ?`, id).Scan(&f.People).Error
	if err != nil {
		return err
	}
	err = g.Raw(`SELECT COUNT(DISTINCT submission_id) FROM comments WHERE consultation_id = ? AND NOT split
		AND submission_id IN (SELECT id FROM submissions WHERE consultation_id = ?)`, id, id).Scan(&f.WithComments).Error
	if err != nil {
		return err
	}
	return g.Raw(`SELECT COUNT(*) FROM submissions AS s WHERE s.consultation_id = ? AND `+onlyAnswers, id).Scan(&f.OnlyAnswers).Error
}

// onlyAnswers is of a submission s that answered a survey and said nothing else.
const onlyAnswers = `EXISTS (SELECT 1 FROM submission_answers AS a WHERE a.consultation_id = s.consultation_id AND a.submission_id = s.id)
	AND NOT EXISTS (SELECT 1 FROM comments AS c WHERE c.consultation_id = s.consultation_id AND c.submission_id = s.id AND NOT c.split)`

func countComments(g *gorm.DB, id int64, f *Figures) error {
	err := g.Raw(`SELECT COUNT(*) FROM comments WHERE consultation_id = ? AND NOT split`, id).Scan(&f.Comments).Error
	if err != nil {
		return err
	}
	err = g.Raw(`SELECT COUNT(*) FROM comments WHERE consultation_id = ? AND parent_id = 0`, id).Scan(&f.Parts).Error
	if err != nil {
		return err
	}
	return g.Raw(`SELECT COUNT(*) FROM comments AS c JOIN suggestions AS s ON s.consultation_id = c.consultation_id AND s.id = c.suggestion_id
		WHERE c.consultation_id = ? AND NOT c.split`, id).Scan(&f.Gathered).Error
}

func countSuggestions(g *gorm.DB, id int64, f *Figures) error {
	var rows []struct {
		Disposition Code
		State       State
		N           int
		Filled      int
		Comments    int
	}
	err := g.Raw(`SELECT disposition, state, COUNT(*) AS n, SUM(CASE WHEN comments > 0 THEN 1 ELSE 0 END) AS filled,
		SUM(comments) AS comments FROM suggestions WHERE consultation_id = ? GROUP BY disposition, state`, id).Scan(&rows).Error
	if err != nil {
		return err
	}
	for _, r := range rows {
		f.Suggestions += r.N
		f.Filled += r.Filled
		f.SuggestionsHold += r.Comments
		if r.Disposition != "" {
			f.ByDisposition[r.Disposition] += r.N
			f.CommentsBy[r.Disposition] += r.Comments
		}
		switch r.State {
		case InReview:
			f.InReview += r.N
		case Agreed, Signed:
			f.Agreed += r.N
		}
	}
	return g.Raw(`SELECT COUNT(DISTINCT provision) FROM suggestion_provisions WHERE consultation_id = ?`, id).Scan(&f.ChangedProvisions).Error
}

// countDemands looks at every suggestion's disposition again: a corrected next
// version may have lost a provision that one names.
func countDemands(g *gorm.DB, id int64, f *Figures) error {
	return eachLacking(g, id, func(_ Suggestion, faults []string) bool {
		if len(faults) == 0 {
			f.Complete++
		}
		return true
	})
}

func readKept(g *gorm.DB, id int64, f *Figures) error {
	var kept consultation.Delta
	err := g.Raw(`SELECT submissions, comments, gathered, suggestions, in_review, agreed FROM consultation_counters
		WHERE consultation_id = ?`, id).Scan(&kept).Error
	if err != nil {
		return err
	}
	f.Kept = kept
	var rows []struct {
		Channel     string
		Submissions int
	}
	err = g.Raw(`SELECT channel, submissions FROM channel_counters WHERE consultation_id = ? AND submissions <> 0`, id).Scan(&rows).Error
	for _, r := range rows {
		f.KeptByChannel[r.Channel] = r.Submissions
	}
	return err
}

// eachLacking walks over the suggestions in pages and tells which faults of the
// disposition each has; it stops when visit returns false.
func eachLacking(g *gorm.DB, id int64, visit func(Suggestion, []string) bool) error {
	for after := 0; ; {
		var list []Suggestion
		err := g.Where("consultation_id = ? AND number > ?", id, after).Order("number").Limit(atOnce).Find(&list).Error
		if err != nil || len(list) == 0 {
			return err
		}
		if err := fillProvisions(g, id, list); err != nil {
			return err
		}
		var keys []string
		for _, one := range list {
			keys = append(keys, one.Provisions...)
		}
		exists, err := provisionsThere(g, id, keys)
		if err != nil {
			return err
		}
		for _, one := range list {
			var faults []string
			for _, f := range one.Decided().check(exists) {
				faults = append(faults, f.Name)
			}
			if !visit(one, faults) {
				return nil
			}
		}
		after = list[len(list)-1].Number
	}
}

package submission

import (
	"strings"

	"gorm.io/gorm"
)

// Survey is the channel of responses to a consultation's questionnaire, which
// people send themselves or staff enter from paper.
const Survey = "survey"

// answersOf reads what a response to a survey chose; nothing for other channels.
func answersOf(g *gorm.DB, x Submission) (list []SurveyAnswer, err error) {
	if x.Channel != Survey {
		return nil, nil
	}
	err = g.Table("submission_answers").Select("question, answer").Order("position").
		Where("consultation_id = ? AND submission_id = ?", x.ConsultationID, x.ID).Find(&list).Error
	return list, err
}

// Words are question and answer without the codes with which the leaf commits to
// them: a question is its place, its code and its words, an answer a line a choice,
// its code and its words. written reports an answer that is a comment of the
// submission and stands there. other stands before the words of an answer that none
// of the options was.
func (a SurveyAnswer) Words(other string) (question, answer string, written bool) {
	cells := strings.SplitN(a.Question, " ", 3)
	question = cells[len(cells)-1]
	if rest, ok := strings.CutPrefix(a.Answer, "comment "); ok && !strings.Contains(rest, "\n") {
		return question, "", true
	}
	lines := strings.Split(a.Answer, "\n")
	for i, line := range lines {
		code, words, ok := strings.Cut(line, " ")
		switch {
		case code == "other":
			lines[i] = other + words
		case ok:
			lines[i] = words
		}
	}
	return question, strings.Join(lines, "\n"), false
}

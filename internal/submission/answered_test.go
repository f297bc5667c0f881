package submission

import "testing"

func TestAnAnswerOfASurveyIsReadWithoutItsCodes(t *testing.T) {
	for _, x := range []struct {
		in               SurveyAnswer
		question, answer string
		written          bool
	}{
		{SurveyAnswer{"1 q1 您多久去一次？", "o2 每月一两次"}, "您多久去一次？", "每月一两次", false},
		{SurveyAnswer{"2 q2 Why do you go?", "o1 It is cheap\nother 顺路 回家"}, "Why do you go?", "It is cheap\nOther: 顺路 回家", false},
		{SurveyAnswer{"3 q3 满意吗", "4/5"}, "满意吗", "4/5", false},
		{SurveyAnswer{"4 q4 意见", "comment 1"}, "意见", "", true},
		{SurveyAnswer{"5 q5 x", "other comment 1"}, "x", "Other: comment 1", false},
	} {
		question, answer, written := x.in.Words("Other: ")
		if question != x.question || answer != x.answer || written != x.written {
			t.Errorf("%+v: %q, %q, %v", x.in, question, answer, written)
		}
	}
}

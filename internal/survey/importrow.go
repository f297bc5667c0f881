package survey

import (
	"slices"
	"strconv"
	"strings"

	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/sheet"
	"guangyi/internal/submission"
)

// factColumns are the names under which a table's other columns are known, in
// lower case without spaces.
var factColumns = map[string][]string{
	"kind":        {"kind", "category", "身份", "身份类别", "类别"},
	"region":      {"region", "district", "地区", "区域", "所在区", "所在地区"},
	"received_at": {"receivedat", "received_at", "date", "timestamp", "日期", "收到日期", "收到时间", "提交时间", "提交答卷时间"},
	"number":      {"number", "id", "response", "编号", "序号", "问卷编号", "答卷编号"},
	"language":    {"language", "lang", "语言"},
}

// tableColumns says under which of a table's columns each thing stands.
type tableColumns struct {
	questions map[string]string // code of the question
	others    map[string]string // what its “other” is
	facts     map[string]string
}

// columnsIn finds the questions among a table's columns: by code, by number, by
// their words in either language, or as the export names them.
func (s Survey) columnsIn(names []string) tableColumns {
	t := tableColumns{map[string]string{}, map[string]string{}, map[string]string{}}
	for _, name := range names {
		for i, q := range s.Questions {
			switch {
			case q.heads(name, i+1):
				first(t.questions, q.Code, name)
			case q.Other && q.headsOther(name, i+1):
				first(t.others, q.Code, name)
			}
		}
		for fact, known := range factColumns {
			if slices.Contains(known, plain(name)) {
				first(t.facts, fact, name)
			}
		}
	}
	return t
}

// first keeps the leftmost column that fits.
func first(m map[string]string, key, name string) {
	if _, there := m[key]; !there {
		m[key] = name
	}
}

// heads reports whether a column's name is the question's; n counts from 1.
func (q Question) heads(name string, n int) bool {
	p, number := plain(name), strconv.Itoa(n)
	label := plain(q.Label.Text)
	known := []string{q.Code, number, "第" + number + "题", "q" + number, label, q.Code + label}
	for _, mark := range []string{".", "、", "．", " "} { // 1、您多久去一次，as questionnaire sites write it
		known = append(known, number+mark+label)
	}
	if q.Label.Other != "" {
		known = append(known, plain(q.Label.Other))
	}
	return slices.Contains(known, p)
}

func (q Question) headsOther(name string, n int) bool {
	for _, tail := range []string{"-" + OtherCode, OtherCode, "其他", "-其他", "_other"} {
		if head, ok := strings.CutSuffix(plain(name), tail); ok && q.heads(head, n) {
			return true
		}
	}
	return false
}

func (t tableColumns) value(line sheet.Row, fact string) string {
	column, ok := t.facts[fact]
	if !ok {
		return ""
	}
	return strings.TrimSpace(line.Value(column))
}

// read makes a response of a row; findings say what stands against it.
func (i *importing) read(line sheet.Row) (Response, []Finding) {
	in := Response{
		Consultation: i.c.Slug, Key: i.key(line), Way: ByImport, Consent: true, Answers: Answers{},
		Submitter: submission.Submitter{Kind: "individual", Region: i.table.value(line, "region")},
		Origin:    submission.Origin{Import: i.job.ID, File: i.bulk.Sum, Number: i.table.value(line, "number")},
	}
	var f fault.Fields
	if k := i.table.value(line, "kind"); k != "" {
		var ok bool
		if in.Submitter.Kind, ok = submission.KindOf(k); !ok {
			f.Add("submitter.kind", "submission.kind")
		}
	}
	if at := i.table.value(line, "received_at"); at != "" {
		var ok bool
		if in.ReceivedAt, ok = submission.InstantOf(at); !ok {
			f.Add("received_at", "submission.row.instant")
		}
	}
	if l := i.table.value(line, "language"); slices.Contains(submission.Languages, l) {
		in.Language = l
	}
	for _, q := range i.v.Questions {
		a, ok := i.answer(q, line)
		if !ok {
			f.Add("answers."+q.Code, "survey.answer_choice")
		}
		if !a.empty() {
			in.Answers[q.Code] = a
		}
	}
	if len(f) == 0 {
		f = i.v.checkAnswers(in.Answers.tidy(i.v))
	}
	return in, i.findings(line, f)
}

// answer reads a question's cells.
func (i *importing) answer(q Question, line sheet.Row) (Answer, bool) {
	a, ok := q.Read(line.Value(i.table.questions[q.Code]))
	if column, there := i.table.others[q.Code]; there && ok {
		if other := strings.TrimSpace(line.Value(column)); other != "" {
			a.Other = other
		}
	}
	return a, ok
}

// findings places faults at the columns of the table.
func (i *importing) findings(line sheet.Row, faults fault.Fields) []Finding {
	var out []Finding
	for _, f := range faults {
		column := ""
		if code, ok := strings.CutPrefix(f.Name, "answers."); ok {
			code, _, other := strings.Cut(code, ".")
			column = i.table.questions[code]
			if other && i.table.others[code] != "" {
				column = i.table.others[code]
			}
		} else {
			column = i.table.facts[f.Name[strings.LastIndexByte(f.Name, '.')+1:]]
		}
		out = append(out, Finding{Line: line.Line, Column: max(1, line.Position(column)), Name: column, Code: f.Code, Args: f.Args})
	}
	return out
}

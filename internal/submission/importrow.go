package submission

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"guangyi/internal/draft"
	"guangyi/internal/platform/sheet"
)

// columnNames are the names under which a table's columns are known, in lower
// case without spaces, hyphens and underscores.
var columnNames = map[string][]string{
	"text":          {"text", "comment", "commentbody", "body", "content", "statement", "意见", "意见内容", "意见建议", "意见建议内容", "意见和建议", "内容", "建议", "建议内容", "正文"},
	"proposed_text": {"proposedtext", "proposed", "suggestedwording", "建议这样写", "建议条文", "建议修改为", "修改为"},
	"provision":     {"provision", "article", "section", "条款", "条文", "对应条款", "针对条款", "所提条款"},
	"name":          {"name", "姓名", "提出人", "名称", "单位名称", "姓名或名称"},
	"email":         {"email", "mail", "emailaddress", "邮箱", "电子邮件", "电子邮箱"},
	"phone":         {"phone", "telephone", "tel", "mobile", "电话", "手机", "联系电话", "手机号"},
	"region":        {"region", "district", "地区", "区域", "所在地区", "所在区"},
	"kind":          {"kind", "category", "submitterkind", "身份", "身份类别", "类别", "提出人类别"},
	"received_at":   {"receivedat", "received", "timestamp", "date", "datetime", "收到时间", "来件时间", "提交时间", "日期", "时间"},
	"language":      {"language", "lang", "语言"},
	"origin_number": {"originnumber", "ticket", "ticketnumber", "casenumber", "hotlinenumber", "工单编号", "工单号", "信件编号", "来信编号", "热线编号"},
	"id":            {"id", "key", "commentid", "number", "receipt", "编号", "来件编号", "受理编号", "序号"},
}

// kindNames are the words for kinds of senders in tables.
var kindNames = map[string]Kind{
	"个人": "individual", "自然人": "individual", "市民": "individual", "公众": "individual", "person": "individual", "citizen": "individual",
	"企业": "enterprise", "公司": "enterprise", "company": "enterprise", "business": "enterprise",
	"社会组织": "organisation", "组织": "organisation", "单位": "organisation", "机关": "organisation", "organization": "organisation", "association": "organisation",
	"专家": "expert", "专家学者": "expert", "学者": "expert",
	"人大代表": "deputy", "政协委员": "deputy", "代表": "deputy",
}

// instants are the forms in which tables write a time; those without an offset
// are of the program's default zone.
var instants = []string{time.RFC3339Nano, "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04",
	"2006-01-02", "2006/1/2 15:04:05", "2006/1/2 15:04", "2006/1/2", "2006年1月2日 15:04", "2006年1月2日"}

// china is the zone of times without an offset: fixed, no daylight saving since 1991.
var china = time.FixedZone("", 8*3600)

// reading turns rows of one table into submissions.
type reading struct {
	tree    *draft.Tree
	now     time.Time
	given   Columns           // what somebody said of them
	columns map[string]string // field to the table's own column name
	of      string            // the columns for which it was made
}

func plainName(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' || r == '_' || r == '\ufeff' {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

// find says under which of the table's columns each field stands.
func (t *reading) find(columns []string) {
	joined := strings.Join(columns, "\x00")
	if t.columns != nil && t.of == joined {
		return
	}
	t.columns, t.of = map[string]string{}, joined
	for field, column := range t.given {
		t.columns[field] = column
	}
	for field, names := range columnNames {
		for _, known := range names {
			for _, c := range columns {
				if _, found := t.columns[field]; !found && plainName(c) == known {
					t.columns[field] = c
				}
			}
		}
	}
}

// hasText reports whether one of a table's columns holds the comments.
func (t *reading) hasText(columns []string) bool {
	t.find(columns)
	return t.columns["text"] != ""
}

func (t *reading) value(line sheet.Row, field string) string {
	t.find(line.Columns)
	column, ok := t.columns[field]
	if !ok {
		return ""
	}
	return line.Value(column)
}

// submission reads a row; findings say what stands against it.
func (t *reading) submission(line sheet.Row) (In, []Finding) {
	get := func(field string) string { return strings.TrimSpace(t.value(line, field)) }
	in := In{
		Version: draft.First, Consent: true, ReceivedAt: t.now,
		Submitter: Submitter{Kind: "individual", Name: get("name"), Email: get("email"), Phone: get("phone"), Region: get("region")},
		Comments:  []Part{{Text: t.value(line, "text"), ProposedText: t.value(line, "proposed_text")}},
	}
	var findings []Finding
	against := func(field, code string, args ...any) {
		findings = append(findings, Finding{Line: line.Line, Column: max(1, line.Position(t.columns[field])), Name: t.columns[field], Code: code, Args: args})
	}
	if t.columns["text"] == "" {
		against("text", "submission.row.no_text")
		return in, findings
	}
	in.Origin.Number = t.number(line)
	t.place(&in, get("provision"), against)
	t.kind(&in, get("kind"), against)
	t.instant(&in, get("received_at"), against)
	in.Language = languageOf(get("language"), in.Comments[0].Text)
	for _, f := range in.check() {
		against(fieldColumn(f.Name), f.Code, f.Args...)
	}
	return in, findings
}

// number is what the row was known by where it comes from: a hotline's or a mayor's
// office's own number, or else its id there.
func (t *reading) number(line sheet.Row) string {
	if n := strings.TrimSpace(t.value(line, "origin_number")); n != "" {
		return n
	}
	if id := strings.TrimSpace(t.value(line, "id")); utf8.RuneCountInString(id) <= MostOrigin {
		return id
	}
	return ""
}

type report func(field, code string, args ...any)

func (t *reading) place(in *In, named string, against report) {
	if named == "" {
		return
	}
	if p, ok := t.tree.Get(named); ok {
		in.Comments[0].Provision = p.Key
		return
	}
	if p, ok := t.tree.Named(named); ok {
		in.Comments[0].Provision = p.Key
		return
	}
	against("provision", "submission.provision")
}

func (t *reading) kind(in *In, named string, against report) {
	if named == "" {
		return
	}
	k := Kind(strings.ToLower(named))
	if known, ok := kindNames[string(k)]; ok {
		k = known
	}
	in.Submitter.Kind = k
}

func (t *reading) instant(in *In, written string, against report) {
	if written == "" {
		return
	}
	at, ok := readInstant(written)
	switch {
	case !ok:
		against("received_at", "submission.row.instant")
	case at.After(t.now):
		against("received_at", "submission.row.future")
	default:
		in.ReceivedAt = at
	}
}

// readInstant reads a time, or Unix seconds or milliseconds.
func readInstant(written string) (time.Time, bool) {
	if n, err := strconv.ParseInt(written, 10, 64); err == nil && n > 1e8 {
		if n > 1e11 {
			return time.UnixMilli(n).UTC(), true
		}
		return time.Unix(n, 0).UTC(), true
	}
	for _, form := range instants {
		if at, err := time.ParseInLocation(form, written, china); err == nil && at.Year() > 1900 {
			return at.UTC(), true
		}
	}
	return time.Time{}, false
}

// languageOf is what the table says, else what the script of the text says.
func languageOf(said, text string) string {
	switch plainName(said) {
	case "zh", "zhcn", "中文", "汉语", "chinese":
		return "zh-CN"
	case "en", "engb", "enus", "英文", "英语", "english":
		return "en"
	}
	han, latin := 0, 0
	for _, r := range text {
		switch {
		case r >= 0x4e00 && r <= 0x9fff: // nearly all there are, without a search
			han++
		case r <= unicode.MaxASCII && !unicode.IsLetter(r):
		case unicode.Is(unicode.Han, r):
			han++
		case unicode.Is(unicode.Latin, r):
			latin++
		}
	}
	if latin > 4*han { // a Chinese character says about as much as four letters
		return "en"
	}
	return "zh-CN"
}

// fieldColumn gives the field of a table for a path of the API's body.
func fieldColumn(path string) string {
	return path[strings.LastIndexByte(path, '.')+1:]
}

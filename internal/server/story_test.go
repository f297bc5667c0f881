package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"guangyi/internal/platform/actor"
)

// eight are the dispositions with what each demands.
var eight = []disposition{
	{"adopted", "", []string{"art-3"}},
	{"partly_adopted", "采纳了前半部分；后半部分与上位法不一致。", []string{"art-7", "art-8"}},
	{"not_adopted", "现有规定已经平衡了各方利益。", nil},
	{"already_covered", "草案第二条已有规定。", nil},
	{"supported", "", nil},
	{"answered", "对，这一条也适用于个体经营者。", nil},
	{"deferred", "留待制定实施细则时一并研究，预计明年上半年。", nil},
	{"out_of_scope", "属于交通运输管理事项，已转交通运输部门。", nil},
}

// The whole way once: a real law as the draft, real statements of the public in
// two languages, from the document to the published answer to each.
func TestTheWholeWay(t *testing.T) {
	eachPlace(t, func(p *place) {
		chinese, english := statements(p.t, "vtaiwan.uberx.csv"), statements(p.t, "15-per-hour-seattle.csv")
		w := &way{place: p, received: map[string]int{}}
		w.prepareLaw()
		w.importStatements("survey", "zh-CN", "art-3", chinese)
		w.importStatements("seminar", "en", "", english)
		w.writeByForm(10)
		w.writeByProgram(10)
		w.answerAll()
		w.published(len(chinese) + len(english) + 20)
		w.everyReceiptAnswers()
		w.exported(append(chinese, english...))
		auditDatabase(p.t, p.db())
	})
}

// way is one consultation on its way, with all that was put in.
type way struct {
	*place
	slug     string
	received map[string]int // submissions by channel
	comments int
	receipts []receipt
	texts    map[string]string // of receipts sent one by one: number to text
	decided  map[string]int    // suggestions by disposition
	rows     int
}

func (w *way) prepareLaw() {
	w.t.Helper()
	w.org("own")
	law, err := filepath.Abs(filepath.Join("testdata", "story", "反不正当竞争法2019.txt"))
	must(w.t, err)
	w.slug = w.cli("import", "draft", "--org", "own", law).last()
	w.texts, w.decided = map[string]string{}, map[string]int{}
	w.approve("own", w.slug, nil)
	items := w.items(api+"/consultations/"+w.slug+"/provisions", "")
	articles := 0
	for _, i := range items {
		if i["kind"] == "article" {
			articles++
		}
	}
	if articles != 33 {
		w.t.Errorf("反不正当竞争法 (2019) has 33 articles, the draft %d", articles)
	}
}

// importStatements brings a table in by the command while the site serves; the
// same file again adds nothing.
func (w *way) importStatements(channel, language, provision string, list []statement) {
	w.t.Helper()
	file := intake(w.t, channel+".csv", language, provision, list)
	if language == "en" {
		file = intakeLines(w.t, channel+".jsonl", language, provision, list)
	}
	args := []string{"import", "submissions", "--consultation", w.slug, "--channel", channel, file}
	dry := w.cli(append(args, "--dry-run")...)
	if n := countOf(w.t, w.db(), "SELECT COUNT(*) FROM submissions WHERE channel = '"+channel+"'"); n != 0 {
		w.t.Fatalf("a dry run stored %d submissions: %s", n, dry)
	}
	for range 2 {
		w.cli(args...)
		if n := countOf(w.t, w.db(), "SELECT COUNT(*) FROM submissions WHERE channel = '"+channel+"'"); n != len(list) {
			w.t.Fatalf("%s holds %d statements, %d were stored", channel, len(list), n)
		}
	}
	w.received[channel] += len(list)
	w.comments += len(list)
}

func (w *way) writeByForm(n int) {
	w.t.Helper()
	for i := range n {
		v := w.visitor()
		text := fmt.Sprintf("第%d位读者：\n这一条应当写得更清楚。😀", i+1)
		say := said(text)
		say.Set("name", fmt.Sprintf("朱生豪%d", i))
		say.Set("email", fmt.Sprintf("reader%d@example.org", i))
		r := v.finish(v.open("/consultations/"+w.slug+"/comment?provision=art-7"), say)
		w.keep("web", r, text)
	}
}

func (w *way) writeByProgram(n int) {
	w.t.Helper()
	for i := range n {
		text := fmt.Sprintf("A program says %d things & <means> them", i+1)
		body := letter(text)
		body["language"] = "en"
		r := w.send(w.slug, fmt.Sprintf("story-%d", i), body)
		if again := w.send(w.slug, fmt.Sprintf("story-%d", i), body); again != r {
			w.t.Errorf("the same key gave another receipt: %v and %v", r, again)
		}
		w.keep("api", r, text)
	}
}

func (w *way) keep(channel string, r receipt, text string) {
	w.received[channel]++
	w.comments++
	w.receipts = append(w.receipts, r)
	w.texts[r.Number] = text
}

// answerAll closes the consultation by the clock and settles every comment: three
// suggestions of each disposition.
func (w *way) answerAll() {
	w.t.Helper()
	w.clock.Add(period + time.Second)
	ids := w.commentIDs("own", w.slug)
	if len(ids) != w.comments {
		w.t.Fatalf("%d comments were sent, staff see %d", w.comments, len(ids))
	}
	w.rows = 24
	for i := range w.rows {
		var held []string
		for j := i; j < len(ids); j += w.rows {
			held = append(held, ids[j])
		}
		d := eight[i%len(eight)]
		id := w.gather("own", w.slug, fmt.Sprintf("归纳意见之%d", i+1), held...)
		w.decided[d.Code]++
		w.settle("own", id, d)
	}
	w.finish("own", w.slug)
}

// summaryOf is the contract's document of a summary.
type summaryOf struct {
	Counts struct {
		Submissions, Comments, Suggestions, Withheld, Withdrawn int
		ByDisposition                                           map[string]int `json:"by_disposition"`
		ByChannel                                               map[string]int `json:"by_channel"`
	}
	Balanced    bool
	Suggestions []struct {
		Number, Comments          int
		Text, Disposition, Reason string
		Provisions                []string
	}
}

func (p *place) summary(slug string) summaryOf {
	p.t.Helper()
	var s summaryOf
	must(p.t, json.Unmarshal(p.ask("GET", api+"/consultations/"+slug+"/summary", "", nil).body, &s))
	return s
}

// published holds every published form of the figures against what was put in.
func (w *way) published(submissions int) {
	w.t.Helper()
	s := w.summary(w.slug)
	if s.Counts.Submissions != submissions || s.Counts.Comments != submissions || s.Counts.Suggestions != w.rows || !s.Balanced {
		w.t.Errorf("%d submissions with %d comments came in, published are %+v", submissions, w.comments, s.Counts)
	}
	if !maps.Equal(s.Counts.ByChannel, w.received) {
		w.t.Errorf("by channel %v, received %v", s.Counts.ByChannel, w.received)
	}
	if !maps.Equal(s.Counts.ByDisposition, w.decided) {
		w.t.Errorf("by disposition %v, decided %v", s.Counts.ByDisposition, w.decided)
	}
	sum := 0
	for _, g := range s.Suggestions {
		sum += g.Comments
	}
	if len(s.Suggestions) != w.rows || sum != submissions {
		w.t.Errorf("%d rows hold %d comments", len(s.Suggestions), sum)
	}
	raw := w.ask("GET", "/consultations/"+w.slug+"/summary.csv", "", nil).body
	w.sameTable(s, table(w.t, raw), "summary.csv")
	w.sameTable(s, workbook(w.t, w.ask("GET", "/consultations/"+w.slug+"/summary.xlsx", "", nil).body), "summary.xlsx")
	w.pageOfSummary(submissions)
}

// sameTable holds a table of the summary against its document.
func (w *way) sameTable(s summaryOf, rows []map[string]string, name string) {
	w.t.Helper()
	if len(rows) != len(s.Suggestions) {
		w.t.Fatalf("%s has %d rows, the document %d", name, len(rows), len(s.Suggestions))
	}
	for i, g := range s.Suggestions {
		r := rows[i]
		if r["number"] != strconv.Itoa(g.Number) || r["comments"] != strconv.Itoa(g.Comments) || r["disposition"] != g.Disposition ||
			r["text"] != g.Text || r["reason"] != g.Reason {
			w.t.Errorf("%s: row %d is %v, the document says %+v", name, i+1, r, g)
		}
	}
}

func workbook(t testing.TB, raw []byte) []map[string]string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(raw))
	must(t, err)
	defer f.Close()
	rows, err := f.GetRows(f.GetSheetName(0))
	must(t, err)
	var out []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, v := range row {
			m[rows[0][i]] = v
		}
		out = append(out, m)
	}
	return out
}

// pageOfSummary reads the figures as a person does, in both languages.
func (w *way) pageOfSummary(submissions int) {
	w.t.Helper()
	for _, lang := range []string{"zh-CN", "en"} {
		v := w.visitor()
		v.lang = lang
		g := v.open("/consultations/" + w.slug + "/summary")
		for _, n := range []int{submissions, w.rows, w.received["survey"], w.received["seminar"]} {
			if !g.reads(strconv.Itoa(n)) {
				w.t.Errorf("the page (%s) does not show %d: %s", lang, n, g)
			}
		}
	}
}

// everyReceiptAnswers asks with each receipt: the answer to the own words stands
// there, by program and on the page.
func (w *way) everyReceiptAnswers() {
	w.t.Helper()
	for _, r := range w.receipts {
		a := w.track(r)
		var doc struct {
			State    string
			Comments []struct{ Text, Disposition string }
		}
		must(w.t, json.Unmarshal(a.body, &doc))
		if a.status != 200 || doc.State != "answered" || len(doc.Comments) != 1 || doc.Comments[0].Disposition == "" {
			w.t.Fatalf("receipt %s: %s", r.Number, a)
		}
		if oneKindOfLines(doc.Comments[0].Text) != w.texts[r.Number] {
			w.t.Errorf("receipt %s: sent %q, kept %q", r.Number, w.texts[r.Number], doc.Comments[0].Text)
		}
		if bad := w.track(receipt{r.Number, "AAAAA-AAAAA"}); bad.status != 404 && bad.status != 403 {
			w.t.Errorf("receipt %s opens with a wrong secret: %s", r.Number, bad)
		}
	}
	for _, r := range []receipt{w.receipts[0], w.receipts[len(w.receipts)-1]} {
		v := w.visitor()
		g := v.open("/receipts")
		f, ok := formLike(g, "number", "secret")
		if !ok {
			w.t.Fatalf("no form for a receipt: %s", g)
		}
		got := v.follow(v.send(g, f, "", url.Values{"number": {r.Number}, "secret": {r.Secret}}))
		if got.status != 200 || !got.reads(w.texts[r.Number]) {
			w.t.Errorf("the page of receipt %s: %s", r.Number, got)
		}
	}
}

func formLike(g *page, fields ...string) (*form, bool) {
	for _, f := range g.forms() {
		if f.hasAll(fields) {
			return f, true
		}
	}
	return nil, false
}

// exported holds the export of submissions against the words that were put in.
func (w *way) exported(list []statement) {
	w.t.Helper()
	file := filepath.Join(w.t.TempDir(), "out.csv")
	w.cli("export", "submissions", "--consultation", w.slug, "--format", "csv", "-o", file)
	raw, err := os.ReadFile(file)
	must(w.t, err)
	var want, got []string
	for _, s := range list {
		want = append(want, strings.TrimSpace(oneKindOfLines(s.text)))
	}
	for _, text := range w.texts {
		want = append(want, strings.TrimSpace(text))
	}
	for _, row := range table(w.t, raw) {
		got = append(got, strings.TrimSpace(oneKindOfLines(row["text"])))
	}
	sort.Strings(want)
	sort.Strings(got)
	if !slices.Equal(want, got) {
		w.t.Errorf("%d texts were put in, %d come out, or not the same", len(want), len(got))
	}
	byPage := w.ask("GET", "/consultations/"+w.slug+"/summary.csv", "", nil).body
	file = filepath.Join(w.t.TempDir(), "summary.csv")
	w.cli("export", "summary", "--consultation", w.slug, "--format", "csv", "-o", file)
	raw, err = os.ReadFile(file)
	must(w.t, err)
	if !bytes.Equal(raw, byPage) {
		w.t.Error("page and command give different tables of the summary")
	}
}

// Nobody wrote: the summary says so and is published all the same.
func TestNobodyWrote(t *testing.T) {
	eachPlace(t, func(p *place) {
		slug := p.open("own", nil)
		p.clock.Add(period + time.Second)
		p.finish("own", slug)
		s := p.summary(slug)
		if s.Counts.Submissions != 0 || s.Counts.Comments != 0 || s.Counts.Suggestions != 0 || !s.Balanced || s.Suggestions == nil {
			p.t.Errorf("an empty summary: %+v", s)
		}
		if g := p.visitor().open("/consultations/" + slug + "/summary"); !g.reads("0") && !g.reads("没有收到") {
			p.t.Errorf("the page does not say that nobody wrote: %s", g)
		}
		if rows := table(p.t, p.ask("GET", "/consultations/"+slug+"/summary.csv", "", nil).body); len(rows) != 0 {
			p.t.Errorf("the table has rows: %v", rows)
		}
		auditDatabase(p.t, p.db())
	})
}

// A consultation is taken back while people write: the reason is public, nothing
// more is taken, and what was sent is kept and can be tracked.
func TestWithdrawn(t *testing.T) {
	eachPlace(t, func(p *place) {
		slug := p.open("own", nil)
		r := p.send(slug, "before", letter("早市应当办下去。"))
		reviewer := p.token("own", actor.Reviewer)
		if a := p.call("POST", api+"/consultations/"+slug+"/events", reviewer, map[string]any{"event": "withdraw"}); a.status != 422 {
			p.t.Errorf("withdrawn without a reason: %s", a)
		}
		p.event(reviewer, slug, "withdraw", map[string]any{"note": "上位法即将修改，待其公布后重新征求意见。"})
		g := p.visitor().open("/consultations/" + slug)
		if !g.reads("上位法即将修改") {
			p.t.Errorf("the page does not say why: %s", g)
		}
		a := p.call("POST", api+"/consultations/"+slug+"/submissions", "", letter("还来得及吗？"), "Idempotency-Key", "after")
		if a.status != 410 {
			p.t.Errorf("taken after the withdrawal: %s", a)
		}
		again := p.send(slug, "before", letter("早市应当办下去。"))
		if again != r {
			p.t.Errorf("an accepted key lost its receipt: %v, %v", r, again)
		}
		if got := p.track(r); got.status != 200 || !strings.Contains(string(got.body), "早市应当办下去。") {
			p.t.Errorf("the receipt: %s", got)
		}
		if a := p.call("GET", api+"/consultations/"+slug+"/summary", "", nil); a.status != 404 {
			p.t.Errorf("a withdrawn consultation has a summary: %s", a)
		}
		auditDatabase(p.t, p.db())
	})
}

// The reviewer returns the notice, the officer corrects it, and it goes out; the
// reviewer returns the summary too, and it is decided again.
func TestReturnedAndCorrected(t *testing.T) {
	eachPlace(t, func(p *place) {
		officer, reviewer := p.token("own", actor.Officer), p.token("own", actor.Reviewer)
		slug := p.prepare("own", rules)
		p.notice("own", slug, nil)
		p.event(officer, slug, "submit")
		p.event(reviewer, slug, "return", map[string]any{"note": "标题应写明是征求意见稿"})
		if a := p.call("GET", api+"/consultations/"+slug, "", nil); a.status != 404 {
			p.t.Errorf("a returned notice is public: %s", a)
		}
		if g := p.as("own", actor.Officer).open("/staff/consultations/" + slug); !g.reads("标题应写明是征求意见稿") {
			p.t.Errorf("the officer does not read why: %s", g)
		}
		p.notice("own", slug, map[string]any{"title": "云州市早市管理办法（征求意见稿）再改"})
		p.event(officer, slug, "submit")
		p.event(reviewer, slug, "approve")
		p.send(slug, "one", letter("好。"))
		p.clock.Add(period + time.Second)
		id := p.gather("own", slug, "赞成", p.commentIDs("own", slug)...)
		p.settle("own", id, disposition{Code: "supported"})
		p.event(officer, slug, "decide")
		p.event(officer, slug, "submit_summary")
		p.event(reviewer, slug, "return", map[string]any{"note": "请补充理由"})
		p.event(officer, slug, "submit_summary")
		p.event(reviewer, slug, "publish_summary")
		if s := p.summary(slug); s.Counts.Comments != 1 || s.Counts.ByDisposition["supported"] != 1 {
			p.t.Errorf("published: %+v", s.Counts)
		}
		p.event(officer, slug, "archive")
		auditDatabase(p.t, p.db())
	})
}

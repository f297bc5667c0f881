package reader_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"guangyi/internal/mailbox/reader"
)

func read(t testing.TB, name string) reader.Mail {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return reader.Read(raw)
}

// What a person wrote, as it has to come out of the mails of each program.
func TestWordsComeOutOfEveryProgramsMail(t *testing.T) {
	for name, want := range map[string]struct{ from, address, subject, own string }{
		"qq-gb18030.eml":           {"张䶮", "zhang@qq.example", "对第七条的意见", "关于集市管理办法的意见：\n第一，摊位费应由区里统一定价。\n第二，䶮先生与𠮷野家门口的路太窄。"},
		"gb18030-cut-subject.eml":  {"李四", "li@qq.example", "集市意见建议书", "第三条写得不清楚。"},
		"163-gbk-reply.eml":        {"王五", "wang@163.example", "Re:征求意见", "同意，但是时间太短。"},
		"qq-reply.eml":             {"张三", "zhang@qq.example", "回复：征求意见", "补充一点：厕所不够。"},
		"foxmail-gb2312-reply.eml": {"赵六", "zhao@126.example", "回复: 征求意见", "第五条的罚款太重。\n\n赵六"},
		"outlook-zh-reply.eml":     {"孙七", "sun@outlook.example", "答复: 征求意见", "请延长公示时间。"},
		"iphone-zh-reply.eml":      {"周八", "zhou@icloud.example", "Re: 征求意见", "支持第二条。"},
		"gmail-zh-reply.eml":       {"吴九", "wu@gmail.example", "Re: 征求意见", "赞成。"},
		"gmail-zh-html-only.eml":   {"吴九", "wu@gmail.example", "Re: 征求意见", "赞成。"},
		"raw-gbk.eml":              {"陈先生", "chen@home.example", "关于集市的意见", "集市应当在周末开放，平日也应当开放。"},
		"big5.eml":                 {"林小姐", "lin@home.example", "對草案的意見", "攤位費太高，希望降低。"},
		"html-only.eml":            {"何女士", "he@home.example", "意见", "第一段\u00a0文字。\n\n- 一\n- 二\n\n甲\t乙\n\n见说明 (https://home.example/a?b=1&c=2)。\n\n[现场照片]\n\n一  二\n三"},
	} {
		m := read(t, name)
		if m.From.Name != want.from || m.From.Address != want.address || m.Subject != want.subject || m.Own() != want.own || m.Kind != reader.Person {
			t.Errorf("%s: from %q %q, subject %q, kind %q, words\n%q", name, m.From.Name, m.From.Address, m.Subject, m.Kind, m.Own())
		}
	}
}

// Nothing is thrown away: what was quoted stays in the text, marked.
func TestQuotationsStayAndAreMarked(t *testing.T) {
	for name, quoted := range map[string]string{
		"163-gbk-reply.eml": "请就草案提出意见。", "qq-reply.eml": "请就草案提出意见。", "foxmail-gb2312-reply.eml": "请就草案提出意见。",
		"outlook-zh-reply.eml": "请就草案提出意见。", "iphone-zh-reply.eml": "发自我的 iPhone", "gmail-zh-html-only.eml": "请就草案提出意见。",
	} {
		m := read(t, name)
		runes, found := []rune(m.Text), false
		for _, q := range m.Quoted {
			found = found || strings.Contains(string(runes[q.From:q.To]), quoted)
		}
		if !found {
			t.Errorf("%s: %q is not marked in %q: %v", name, quoted, m.Text, m.Quoted)
		}
	}
}

func TestAnswersBetweenTheLinesKeepWhatTheyAnswer(t *testing.T) {
	if m := read(t, "between-lines.eml"); m.Own() != m.Text || !strings.Contains(m.Own(), "> 第一条") {
		t.Errorf("%q", m.Own())
	}
}

func TestAMailThatOnlyPassesAnotherOnSpeaksByIt(t *testing.T) {
	if m := read(t, "forward-only.eml"); !strings.Contains(m.Own(), "集市太吵。") || m.Fresh() != "" {
		t.Errorf("own %q, fresh %q", m.Own(), m.Fresh())
	}
}

// A sentence about what somebody wrote is no quotation.
func TestASentenceAboutWhatSomebodyWroteIsOnesOwn(t *testing.T) {
	for _, text := range []string{
		"在2026年11月24日的说明里，贵局写道：\n摊位费由区里定。\n我不同意。",
		"On 24 November 2026 your bureau wrote:\nthe fee is set by the district.\nI object.",
		"我的理由：\n主题：摊位费\n时间：周末\n请考虑。",
	} {
		m := reader.Read([]byte("From: a@home.example\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + text))
		if m.Own() != text {
			t.Errorf("of %q came %q, quoted %v", text, m.Own(), m.Quoted)
		}
	}
}

func TestPagesRunNothingAndHideNothing(t *testing.T) {
	m := read(t, "html-only.eml")
	for _, never := range []string{"alert", "color", "看不见的字", "track.example"} {
		if strings.Contains(m.Text, never) {
			t.Errorf("the text holds %q", never)
		}
	}
}

func TestNamesOfFilesComeOutHoweverTheyAreWritten(t *testing.T) {
	var names []string
	for _, f := range read(t, "gb18030-file-names.eml").Files {
		names = append(names, f.Name)
		if !bytes.HasPrefix(f.Data, []byte("%PDF-1.7\n")) {
			t.Errorf("%s holds %q", f.Name, f.Data)
		}
	}
	if !slices.Equal(names, []string{"意见书一.pdf", "意见书二.pdf", "意见书三.pdf"}) {
		t.Errorf("the names are %q", names)
	}
	m := reader.Read([]byte("From: a@b.example\r\nContent-Type: application/pdf; name=\"..\\\\..\\\\etc/\u202efdp.exe\"\r\n\r\n%PDF"))
	if len(m.Files) != 1 || m.Files[0].Name != "fdp.exe" {
		t.Errorf("a name with a path and a turned end: %+v", m.Files)
	}
}

func TestMachinesAreTold(t *testing.T) {
	for name, want := range map[string]reader.Kind{
		"qq-auto-reply.eml": reader.Automatic, "qq-bounce.eml": reader.Bounce, "exchange-zh-out-of-office.eml": reader.Automatic,
	} {
		if got := read(t, name).Kind; got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for header, want := range map[string]reader.Kind{
		"Auto-Submitted: auto-replied":      reader.Automatic,
		"Auto-Submitted: auto-generated":    reader.Automatic,
		"Auto-Submitted: no":                reader.Person,
		"Return-Path: <>":                   reader.Bounce,
		"Return-Path: <a@home.example>":     reader.Person,
		"X-Autoreply: yes":                  reader.Automatic,
		"Precedence: bulk":                  reader.List,
		"List-Id: <town.lists.example>":     reader.List,
		"X-Apple-Action: VACATION":          reader.Automatic,
		"Subject: 自动回复：我在休假":                reader.Automatic,
		"Subject: Out of Office: back soon": reader.Automatic,
		"Subject: 系统退信":                     reader.Bounce,
		"Subject: 关于自动回复功能的建议":              reader.Person,
		"From: MAILER-DAEMON@mx.example":    reader.Bounce,
		"From: noreply@shop.example":        reader.Automatic,
	} {
		raw := header + "\r\nTo: advice@bureau.example\r\n\r\nwords\r\n"
		if !strings.HasPrefix(header, "From:") {
			raw = "From: a@home.example\r\n" + raw
		}
		if got := reader.Read([]byte(raw)).Kind; got != want {
			t.Errorf("%s: %q, want %q", header, got, want)
		}
	}
}

func TestTheReceivingServersDoubtsAreHeard(t *testing.T) {
	for header, want := range map[string]reader.Suspect{
		"X-Spam-Flag: YES":          reader.Spam,
		"X-Spam-Status: Yes, score": reader.Spam,
		"X-Spam-Status: No, score":  reader.Unsuspected,
		"Authentication-Results: mx.bureau.example; spf=fail; dmarc=fail (p=reject)":                                     reader.Unproven,
		"Authentication-Results: mx.bureau.example; dmarc=pass\r\nAuthentication-Results: mx.bureau.example; dmarc=fail": reader.Unsuspected,
	} {
		if got := reader.Read([]byte("From: a@home.example\r\n" + header + "\r\n\r\nwords\r\n")).Suspect; got != want {
			t.Errorf("%s: %q, want %q", header, got, want)
		}
	}
}

// Every byte that a mail brings is either in its text or in its files.
func TestWhatNoProgramWouldSendIsReadAllTheSame(t *testing.T) {
	for name, raw := range map[string]string{
		"nothing": "", "no header": "just words", "only a header": "Subject: x\r\n",
		"no boundary":    "Content-Type: multipart/mixed\r\n\r\nwords",
		"unclosed":       "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nwords",
		"header in body": "Subject x\r\nFrom: a@b.example\r\n\r\nwords",
		"nul":            "From: a@b.example\r\n\r\nwords\x00\x01 words",
		"nested":         strings.Repeat("Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n", 5000) + "\r\nwords",
		"bad base64":     "Content-Transfer-Encoding: base64\r\n\r\nd29yZHM=!!!d29yZHM=",
		"unknown kind":   "Content-Type: text/plain; charset=fakescii\r\n\r\nwords",
	} {
		m := reader.Read([]byte(raw))
		if !utf8.ValidString(m.Text) || strings.ContainsAny(m.Text, "\x00\x01") {
			t.Errorf("%s: the text is %q", name, m.Text)
		}
		if strings.Contains(raw, "words") && !strings.Contains(m.Text, "words") {
			t.Errorf("%s: the words are lost: %q", name, m.Text)
		}
	}
}

// The sets of open projects, where this machine has them: none fails, each gives
// words, a file or a reason.
func TestRealMailsAreRead(t *testing.T) {
	names, err := filepath.Glob(filepath.Join("..", "..", "..", "..", "shared", "data", "mail", "*.eml"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]struct {
		kind reader.Kind
		own  string // the beginning
	}{
		"enmime-chardet-success-big-5.eml": {reader.Person, "顏是家訓  北齊  顏之推"}, "rubymail-japanese_iso_2022.eml": {reader.Person, "すみません。"},
		"rubymail-ks_c_5601-1987.eml": {reader.Person, "스티해"}, "mailparser-py-mail_test_12.eml": {reader.Person, "你好！"},
		"talon-gmail.eml": {reader.Person, "Hello"}, "talon-outlook.eml": {reader.Person, "Hello"}, "talon-iphone.eml": {reader.Person, "Hello"},
		"talon-reply-quotations-share-block.eml": {reader.Person, "Hi Katharine."}, "flanker-enclosed.eml": {reader.Person, "Hello"},
		"mimekit-ukr.eml": {reader.Person, "шостий"}, "flanker-zed.eml": {reader.Bounce, ""}, "flanker-gmail-invalid-address.eml": {reader.Bounce, ""},
		"flanker-delayed.eml": {reader.Bounce, ""}, "flanker-disposition-notification.eml": {reader.ReadReceipt, ""}, "enmime-multipart-wo-boundary.eml": {reader.Bounce, ""},
		"enmime-dsn_with_multipart_alternative.eml": {reader.Bounce, ""}, "nodemailer-delivery-status.eml": {reader.Bounce, ""}, "sisimai-rhost-tencentqq-01.eml": {reader.Bounce, ""},
		"sisimai-rfc3834-01.eml": {reader.Automatic, ""}, "sisimai-rfc3834-02.eml": {reader.Automatic, ""}, "sisimai-rfc3834-03.eml": {reader.Automatic, ""},
		"sisimai-rfc3834-06.eml": {reader.Bounce, ""},
	}
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		m := reader.Read(raw)
		if m.Text == "" && len(m.Files) == 0 && m.Subject == "" && m.Kind == reader.Person {
			t.Errorf("%s: nothing came out", filepath.Base(name))
		}
		if w, ok := want[filepath.Base(name)]; ok && (m.Kind != w.kind || !strings.HasPrefix(m.Own(), w.own)) {
			t.Errorf("%s: kind %q, words %.60q", filepath.Base(name), m.Kind, m.Own())
		}
	}
	t.Logf("%d mails", len(names))
}

func FuzzRead(f *testing.F) {
	for _, pattern := range []string{filepath.Join("testdata", "*.eml"), filepath.Join("..", "..", "..", "..", "shared", "data", "mail", "*.eml")} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, name := range names {
			raw, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			if len(raw) < 20_000 {
				f.Add(raw)
			}
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := reader.Read(raw)
		length := utf8.RuneCountInString(m.Text)
		last := 0
		for _, q := range m.Quoted {
			if q.From < last || q.To <= q.From || q.To > length {
				t.Fatalf("the spans %v do not fit a text of %d", m.Quoted, length)
			}
			last = q.To
		}
		texts := []string{m.Text, m.Subject, m.From.Name, m.From.Address, m.Own(), m.Fresh()}
		for _, file := range m.Files {
			texts = append(texts, file.Name)
			if strings.ContainsAny(file.Name, "/\\\n") {
				t.Fatalf("a file is named %q", file.Name)
			}
		}
		for _, text := range texts {
			if !utf8.ValidString(text) || strings.IndexByte(text, 0) >= 0 {
				t.Fatalf("%q cannot be stored", text)
			}
		}
		if strings.ContainsAny(m.From.Address+m.MessageID, "\r\n") {
			t.Fatalf("an address or id of two lines: %q %q", m.From.Address, m.MessageID)
		}
	})
}

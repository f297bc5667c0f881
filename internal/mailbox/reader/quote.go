package reader

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// What programs put above the mail that is answered. The forms are those of Gmail,
// Apple, Outlook, Thunderbird, QQ邮箱, Foxmail, 163 and 126 in Chinese and English;
// the method is that of talon (mailgun/talon, Apache-2.0): find the first line that
// opens a quotation, then see whether own words follow.
var (
	// 2026年11月24日 下午8:10，张三 <a@b> 写道： / 在 2026-11-24 20:10:10，"张三" <a@b> 写道：
	wroteZh = regexp.MustCompile(`(?:^|\s)(?:在|于)?\s*.{0,120}\d{4}\s*[年/.-]\s*\d{1,2}\s*[月/.-]\s*\d{1,2}.{0,200}(?:写道|寫道)\s*[:：]?\s*$`)
	wroteZ2 = regexp.MustCompile(`^.{1,120}于\s*\d{4}.{4,80}(?:写道|寫道)\s*[:：]?\s*$`)
	// On Mon, Nov 24, 2026 at 8:10 PM Zhang San <a@b> wrote: / At 2026-11-24 20:10:10, "Zhang San" <a@b> wrote:
	wroteEn = regexp.MustCompile(`(?i)^\s*(?:on|at)\s.{6,300}\swrote\s*:?\s*$`)
	// 24.11.2026 20:10, Zhang San wrote:
	wroteDate = regexp.MustCompile(`(?i)^\s*\d{1,4}[./-]\d{1,2}[./-]\d{1,4}.{0,200}\swrote\s*:\s*$`)
	// -----Original Message----- / ------------------ 原始邮件 ------------------ / ---- 回复的原邮件 ----
	ruler = regexp.MustCompile(`(?i)^\s*[-_—=*]{2,}\s*(?:original message|original mail|forwarded message|begin forwarded message|forwarded mail|reply message|原始邮件|原始信息|原邮件|回复的原邮件|转发的邮件|转发邮件信息|转发邮件|邮件原件|原始郵件)\s*(?:信息)?\s*[-_—=*]*\s*$`)
	begun = regexp.MustCompile(`(?i)^\s*(?:begin forwarded message|forwarded message|原始邮件|回复的原邮件|以下是转发的邮件)\s*[:：]\s*$`)
	rule  = regexp.MustCompile(`^\s*[-_—=*]{5,}\s*$`)
	field = regexp.MustCompile(`(?i)^\s*[>*|]*\s*\**\s*(from|sent|date|to|cc|subject|reply-to|发件人|寄件者|发送时间|发送日期|日期|时间|收件人|抄送|抄送人|主题|寄件日期|主旨|收件者)\s*\**\s*[:：]`)
	// Sent from my iPhone / 发自我的iPhone / 来自我的华为手机
	device = regexp.MustCompile(`(?i)^\s*(?:sent from (?:my |yahoo mail|outlook|mail for).{0,60}|get outlook for .{0,40}|(?:发自|来自|發自)\s*我的?.{1,30}|(?:发自|来自).{0,20}(?:手机|邮箱|邮件|客户端)\S{0,12}|通过.{0,30}(?:手机|邮箱|客户端)发(?:送|出))\s*$`)
)

// mostFieldLines is within how many lines the fields of an old header must stand.
const mostFieldLines = 8

// quotes finds what in a text is not its sender's own: quotations, and the line by
// which a telephone names itself. known are those that the page has marked.
func quotes(t string, known []Span) []Span {
	lines := strings.Split(t, "\n")
	mark := make([]bool, len(lines))
	open := false // below a line that opens a quotation without marks
	for i := 0; i < len(lines); i++ {
		l := lines[i]
		switch {
		case marked(l):
			mark[i], open = true, false
		case open:
			mark[i] = true
		case device.MatchString(l):
			mark[i] = true
		default:
			n := opens(lines[i:])
			for k := range n {
				mark[i+k] = true
			}
			if n > 0 {
				i += n - 1
				open = !markedNext(lines[i+1:])
			}
		}
	}
	fill(lines, mark)
	return join(append(spansOf(lines, mark), known...))
}

// marked is a line that a program has set a mark before.
func marked(l string) bool {
	l = strings.TrimLeft(l, " ")
	return strings.HasPrefix(l, ">") || strings.HasPrefix(l, "＞") || strings.HasPrefix(l, "》>")
}

func markedNext(lines []string) bool {
	for _, l := range lines {
		if strings.TrimSpace(l) != "" {
			return marked(l)
		}
	}
	return false
}

// opens tells how many lines from the first on open a quotation; 0: none.
func opens(lines []string) int {
	l := lines[0]
	if strings.TrimSpace(l) == "" {
		return 0
	}
	if ruler.MatchString(l) || begun.MatchString(l) {
		return 1
	}
	for n := 1; n <= min(3, len(lines)); n++ { // programs break the line at 78 signs
		if n > 1 && strings.TrimSpace(lines[n-1]) == "" {
			break
		}
		whole := strings.Join(lines[:n], " ")
		// Without an address or marks below it may be the sender's own sentence about
		// what somebody wrote.
		if len(whole) < 700 && (strings.Contains(whole, "@") || markedNext(lines[n:])) && (wroteEn.MatchString(whole) || wroteZh.MatchString(whole) || wroteZ2.MatchString(whole) || wroteDate.MatchString(whole)) {
			return n
		}
	}
	if rule.MatchString(l) && len(lines) > 1 && oldHeader(lines[1:]) {
		return 1
	}
	if oldHeader(lines) {
		return 1
	}
	return 0
}

// oldHeader reports lines that are the header of a mail, as Outlook, Foxmail and
// QQ write it above what they quote: from, and two fields more.
func oldHeader(lines []string) bool {
	found := map[string]bool{}
	for i, l := range lines[:min(len(lines), mostFieldLines)] {
		m := field.FindStringSubmatch(l)
		if m == nil {
			if i == 0 && strings.TrimSpace(l) != "" {
				return false
			}
			continue
		}
		name := strings.ToLower(m[1])
		if len(found) == 0 && name != "from" && name != "发件人" && name != "寄件者" {
			return false
		}
		found[name] = true
	}
	return len(found) >= 3
}

// fill takes the empty lines between quoted ones in.
func fill(lines []string, mark []bool) {
	last := -1
	for i := range lines {
		if mark[i] {
			if last >= 0 {
				for k := last + 1; k < i; k++ {
					mark[k] = true
				}
			}
			last = i
		} else if strings.TrimSpace(lines[i]) != "" {
			last = -1
		}
	}
}

func spansOf(lines []string, mark []bool) (out []Span) {
	at := 0
	for i, l := range lines {
		n := utf8.RuneCountInString(l)
		end := at + n
		if i+1 < len(lines) {
			end++
		}
		if mark[i] {
			out = append(out, Span{at, end})
		}
		at = end
	}
	return out
}

// join sorts spans and makes one of those that touch.
func join(all []Span) (out []Span) {
	slices.SortFunc(all, func(a, b Span) int { return a.From - b.From })
	for _, s := range all {
		if s.To <= s.From {
			continue
		}
		if n := len(out); n > 0 && s.From <= out[n-1].To {
			out[n-1].To = max(out[n-1].To, s.To)
			continue
		}
		out = append(out, s)
	}
	return out
}

package mailbox

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"guangyi/internal/mailbox/reader"
	"guangyi/internal/submission"
)

// passed are the beginnings by which programs mark a subject as somebody else's.
var passed = regexp.MustCompile(`(?i)^\s*(?:re|fwd?|aw|wg|sv|回复|答复|回覆|转发|轉寄)\s*[:：]`)

// plainSubjects say no more than that there is a comment.
var plainSubjects = []string{"", "意见", "建议", "意见建议", "意见和建议", "反馈", "反馈意见", "征求意见", "公众意见", "关于征求意见的反馈", "我的意见", "无主题", "无标题",
	"comment", "comments", "mycomment", "mycomments", "feedback", "opinion", "suggestion", "suggestions", "nosubject", "untitled", "hello", "hi"}

// wordsOf gives the sender's words as the comments of one submission. The subject
// belongs to them where it says something: it is often the only place that names
// the article or the demand. fresh leaves out everything that was quoted.
func wordsOf(m reader.Mail, title string, fresh bool) []submission.Part {
	text := m.Own()
	if fresh {
		text = m.Fresh()
	}
	if submission.Blank(text) {
		text = ""
	}
	subject := m.Subject
	switch {
	case text == "" && !passed.MatchString(subject):
		text = subject
	case text != "" && tells(subject, title, text):
		text = subject + "\n\n" + text
	}
	var out []submission.Part
	for _, piece := range pieces(text, submission.MostText) {
		out = append(out, submission.Part{Text: piece})
	}
	return out
}

// tells reports a subject that adds something to the text.
func tells(subject, title, text string) bool {
	bare := letters(subject)
	if passed.MatchString(subject) || slices.Contains(plainSubjects, bare) {
		return false
	}
	name := letters(title)
	return !(name != "" && (strings.Contains(bare, name) || strings.Contains(name, bare))) && !strings.HasPrefix(letters(text), bare)
}

// letters keeps letters and digits, in lower case.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// pieces cuts a text that is longer than one comment may be, at the end of a
// paragraph or a line where there is one.
func pieces(text string, most int) (out []string) {
	for utf8.RuneCountInString(text) > most {
		runes := []rune(text)
		head := string(runes[:most])
		cut := strings.LastIndex(head, "\n\n")
		if cut < len(head)/2 {
			cut = strings.LastIndex(head, "\n")
		}
		if cut < len(head)/2 {
			cut = len(head)
		}
		out = append(out, text[:cut])
		text = strings.TrimLeft(text[cut:], "\n")
	}
	return append(out, text)
}

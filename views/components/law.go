package components

import "guangyi/internal/platform/i18n"

// Provision is an article as law text: indented, its number bold, nothing around it.
type Provision struct {
	Key         string // element id and anchor
	Number      string // 第七条
	Heading     string // as the text has it; usually empty
	Paragraphs  []Clause
	Lang        string
	CommentHref string // empty once the consultation is closed
	Comments    int    // public comments; the place stays when they are withheld
	CommentsOn  string // address of the comments on this provision; empty shows the count only
	Withheld    string // word for comments that are not public; empty when there are none
	Why         string // reason for the change; folded in the text's foot
	WhyLabel    string // empty takes 为什么这样改
	Chosen      bool   // reached from a link: a bar at its side
}

// Clause is one paragraph or item of a provision, with its own anchor.
type Clause struct {
	Key    string // may be empty
	Number string // （一）; empty for paragraphs
	Text   string
}

// RunKind says what became of a piece of text.
type RunKind string

// The three kinds of a run.
const (
	Same    RunKind = "same"
	Added   RunKind = "added"
	Removed RunKind = "removed"
)

// Run is a piece of a compared paragraph.
type Run struct {
	Kind RunKind
	Text string
}

// Compared is one article in its old and new wording. Every element of Rows is
// one paragraph with its runs in reading order; an added or removed paragraph
// has a single run.
type Compared struct {
	Key         string
	Number      string
	Heading     string
	Badge       string // 修改，原第六条
	OldLabel    string // 现行法第六条, or 现行法没有对应条文
	NewLabel    string // 草案第七条
	Rows        [][]Run
	Lang        string
	Why         string
	CommentHref string
	OnlyNew     bool // there is no old text: one column
}

// Answer is what became of one comment, on a receipt.
type Answer struct {
	Provision   string // 第七条, or 对整部草案
	Disposition string // code; empty while it waits
	Waiting     string // what to say while it waits
	Yours       string
	YoursLang   string
	Proposed    string // your proposed wording; may be empty
	Changed     string // 第七条第一款第二项; empty when nothing was changed
	Runs        []Run  // changed words before and after
	Reason      string
	Lang        string
	Same        string // 还有17人提了同样的意见。归纳意见
	Suggestion  *Link  // 第18号
}

func (a Answer) reasonLabel(l *i18n.Locale) string {
	if a.Disposition == "partly_adopted" {
		return l.T("site.answer.partly")
	}
	return l.T("site.answer.reason")
}

func hasNew(runs []Run) bool {
	for _, r := range runs {
		if r.Kind != Removed {
			return true
		}
	}
	return false
}

func hasOld(runs []Run) bool {
	for _, r := range runs {
		if r.Kind != Added {
			return true
		}
	}
	return false
}

func either(word, otherwise string) string {
	if word != "" {
		return word
	}
	return otherwise
}

func pause(l *i18n.Locale) string {
	if l.Tag() == "en" {
		return ", "
	}
	return "，"
}

func stop(l *i18n.Locale) string {
	if l.Tag() == "en" {
		return "."
	}
	return "。"
}

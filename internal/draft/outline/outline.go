// Package outline reads the text of a rule, a draft or a notice into a tree of
// provisions: parts, chapters, articles, paragraphs, items, headings, annexes.
//
// It knows Chinese documents (编 章 节 条 款 项 目 and the outlines of notices)
// and English ones (parts, chapters, sections, numbered and lettered lists,
// Markdown headings). It is pure: no storage, no clock, no network.
//
// Two promises hold for every input. Nothing is lost: number, heading and text
// of all rows, in order, are the characters of the source, white space and
// Markdown marks aside, and what was left out (lines of title, dates and
// contents) is listed in Outline.LeftOut. And keys are stable: they are made
// from numbers only, so an edited article keeps its key.
package outline

import (
	"path/filepath"
	"strings"
)

// Format says how marks in a source are to be read.
type Format string

// The formats that Parse knows. Any other value is read as Text.
const (
	Markdown Format = "markdown"
	Text     Format = "text"
)

// FormatOf chooses the format by the ending of a file's name; what is not
// Markdown is text.
func FormatOf(filename string) Format {
	switch strings.ToLower(filepath.Ext(filename)) {
	case ".md", ".markdown", ".mdown", ".mkd":
		return Markdown
	}
	return Text
}

// Kind is what a provision is.
type Kind string

// The kinds of provisions, from the outside in. Title and Toc occur only where
// title or contents share a line with other text and so cannot be left out.
const (
	KindTitle     Kind = "title"
	KindToc       Kind = "toc"
	KindPart      Kind = "part"      // 编, Part, Title, Division
	KindBook      Kind = "book"      // 卷, Book, Volume
	KindSubpart   Kind = "subpart"   // 分编, Subpart, Subtitle
	KindChapter   Kind = "chapter"   // 章, Chapter
	KindSection   Kind = "section"   // 节, Section, §, 4.1, a heading 一、
	KindArticle   Kind = "article"   // 条, Article
	KindParagraph Kind = "paragraph" // 款 after the first, and further paragraphs of an item
	KindItem      Kind = "item"      // 项, (a)
	KindSubitem   Kind = "subitem"   // 目 and everything deeper
	KindHeading   Kind = "heading"   // a heading without a number
	KindText      Kind = "text"      // a paragraph outside of articles
	KindAnnex     Kind = "annex"     // 附件, 附录, Annex, Appendix, Attachment, Schedule
)

// Provision is one row of an outline. Text is the provision's own text: that of
// its children is in their rows. The first paragraph of an article is the
// article's own text; each further one is a row of kind paragraph.
type Provision struct {
	Key     string `json:"key"`     // [a-z0-9-]+, unique in the document
	Kind    Kind   `json:"kind"`    //
	Number  string `json:"number"`  // the label as written, may be empty
	Heading string `json:"heading"` // may be empty
	Text    string `json:"text"`    // may be empty
	Parent  string `json:"parent"`  // the key of an earlier row, or empty
	Line    int    `json:"-"`       // line of the source where it starts, from 1
}

// Reasons for leaving a line out.
const (
	WhyTitle    = "title"
	WhyDate     = "date"
	WhyContents = "contents"
	WhyComment  = "comment" // an HTML comment: a mark, not a word of the document
)

// LeftOut is a whole line of the source that is in no provision.
type LeftOut struct {
	Line int    // line of the source, from 1
	Text string // the line without white space at its ends
	Why  string // one of the Why constants
}

// Outline is a document read into provisions, in document order.
type Outline struct {
	Title      string // of the document, empty where none was found
	Language   string // "zh-CN" or "en"
	Provisions []Provision
	LeftOut    []LeftOut
}

// Parse reads a document. It never fails: what has no structure becomes rows of
// kind text. Time and memory grow linearly with the source.
func Parse(source string, f Format) Outline {
	d := newDocument(strings.ToValidUTF8(source, "\ufffd"), f)
	d.measure()
	d.markQuotes()
	d.cut()
	d.layLabels()
	d.findContents()
	d.findFront()
	return d.assemble()
}

package components

import "github.com/a-h/templ"

// SummaryRow is one line of a summary list: Text or Value, with an optional
// small Note below and an Action at the right.
type SummaryRow struct {
	Key    string
	Text   string
	Value  templ.Component // instead of Text
	Lang   string
	Note   string
	Said   string // stored words below the note, in the language SaidLang
	Action *Action

	SaidLang string
}

// When says where an event of a timeline stands.
type When string

// The three shapes of a timeline.
const (
	Done When = "done"
	Now  When = "now"
	Next When = "next"
)

// Event is one point of a timeline. Time is already formatted; for Now it may
// be empty, then the word 现在 stands there.
type Event struct {
	When When
	Time string
	What string
	Note string
	Href string
}

// Balance is one arithmetic rule of a summary: Expression such as 161 ≠ 164.
type Balance struct {
	Rule       string
	Expression string
	Holds      bool
	Missing    []Link // what to do, when it does not hold
}

// Task is one row of a task list.
type Task struct {
	Text, Href, Hint string
	State            string // word at the right
	Done             bool
}

// Fact is a figure of the staff side's margin: word left, number right.
type Fact struct {
	Label, Value, Href string
	Strong             bool
}

// Figure is one of the three of a summary: asked, said, did.
type Figure struct {
	Label, Number, Text string
}

// Empty is a state in which there is nothing to show, and what comes next.
type Empty struct {
	Status *Status
	Title  string
	Text   string
	Button *Link // the primary act
	Link   *Link
}

func (w When) icon() icon {
	switch w {
	case Done:
		return iconChecked
	case Now:
		return iconDot
	default:
		return iconRing
	}
}

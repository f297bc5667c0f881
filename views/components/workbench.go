package components

// QueueItem is one waiting comment or group in the workbench's left pane.
type QueueItem struct {
	Href      string
	Text      string // the first words
	Lang      string
	From      string // 个人，网站; or 相同文本 with People and Letters
	People    string // formatted count of a group; empty for a single one
	Letters   string
	Provision string
	Current   bool
}

// Offer is a suggestion to gather into; a radio whose Key is 1 to 9 or 0.
type Offer struct {
	Value   string
	Key     string
	Number  string // 第63号
	Text    string
	State   string // 已归59条，起草中
	Basis   string // the sentence on which a machine's offer rests; empty when a person made it
	Chosen  bool
	Dismiss string // address that dismisses the offer; empty when there is none
}

// Span is a marked piece of a comment; Point counts from 1, 0 is text that no
// point covers.
type Span struct {
	Point   int
	Text    string
	Current bool
	Href    string // aims the right pane at this point
}

// Key explains one key at the workbench's foot.
type Key struct {
	Keys []string
	Text string
}

// mark is the circled number of a point.
func (s Span) mark() string {
	if s.Point < 1 || s.Point > 20 {
		return ""
	}
	return string(rune('①' + s.Point - 1))
}

func (s Span) class() string {
	switch {
	case s.Current:
		return "gy-span gy-span--now"
	case s.Point%2 == 0:
		return "gy-span gy-span--even"
	default:
		return "gy-span"
	}
}

package adoption

import (
	"guangyi/internal/consultation"
	"guangyi/internal/submission"
)

// Rule names one line of the balance (勾稽关系).
type Rule string

// The rules that must hold before a summary may be published, in the order in
// which the page shows them.
const (
	EachSubmission    Rule = "submissions"  // every submission has a comment, or answers to a survey
	EachComment       Rule = "comments"     // every comment lies in one suggestion
	EachSuggestion    Rule = "agreed"       // every suggestion has one agreed disposition
	EachDemand        Rule = "demands"      // … with the reason and provisions it demands
	NoEmptySuggestion Rule = "empty"        // every suggestion holds a comment
	ByDisposition     Rule = "disposition"  // the sums by disposition are the suggestions
	ByComments        Rule = "comment_sums" // the comments of the suggestions are the comments
	ByChannel         Rule = "channel"      // the sums by channel are the submissions
	ByEntry           Rule = "entry"        // so are the sums by who entered them
	CountersKept      Rule = "counters"     // the figures kept on the way are the counted ones
)

// Rules lists every rule.
var Rules = []Rule{EachSubmission, EachComment, EachSuggestion, EachDemand, NoEmptySuggestion, ByDisposition, ByComments, ByChannel, ByEntry, CountersKept}

// Figures are the counted rows of a consultation: what the balance is drawn from.
type Figures struct {
	Submissions       int
	WithComments      int // submissions that have a comment
	OnlyAnswers       int // submissions that answered a survey and said nothing else
	Comments          int
	Parts             int // points as received; splitting made more comments of some
	Gathered          int // comments that lie in a suggestion that exists
	Suggestions       int
	Agreed            int // suggestions agreed or signed
	InReview          int
	Complete          int          // suggestions whose disposition meets its demands
	Filled            int          // suggestions that hold a comment
	ByDisposition     map[Code]int // suggestions; "" not decided yet
	CommentsBy        map[Code]int
	SuggestionsHold   int            // sum of the suggestions' own comment figures
	ByChannel         map[string]int // submissions
	ByEntry           map[submission.Entry]int
	Held              int // submissions that wait for moderation still
	Withheld          int // submissions
	Withdrawn         int // submissions
	Late              int // submissions received after the end, and not posted before it
	People            int // persons who sent them
	ChangedProvisions int
	Kept              consultation.Delta // what the counters say
	KeptByChannel     map[string]int
}

// Line is one rule with its two sides.
type Line struct {
	Rule    Rule
	Left    int
	Right   int
	Holds   bool
	Parts   []Part // the summands of the left side, where there are any
	Missing []Gap  // at most GapsShown
	More    int    // how many more are missing
}

// Part is a summand with what it counts: a disposition or a channel.
type Part struct {
	Name  string
	Count int
}

// Gap is one thing that is missing.
type Gap struct {
	Rule       Rule
	Reason     string // submission, comment, undecided, drafted, in_review, reason, provisions, provision_unknown, empty
	Submission string // receipt number
	Comment    int64
	Suggestion int64
	Number     int
	Text       string // first words of the suggestion or comment
	Lang       string
}

// GapsShown is how many gaps of a rule are listed.
const GapsShown = 50

// Balance is the whole reckoning of a consultation.
type Balance struct {
	Lines   []Line
	Figures Figures
}

// Holds reports whether every rule holds.
func (b Balance) Holds() bool { return b.Gaps() == 0 }

// Gaps counts what is missing: the things where they can be listed, else the rule.
func (b Balance) Gaps() int {
	n := 0
	for _, l := range b.Lines {
		switch {
		case l.Holds:
		case len(l.Missing) > 0:
			n += len(l.Missing) + l.More
		default:
			n++
		}
	}
	return n
}

// First gives the first thing that is missing.
func (b Balance) First() (Gap, bool) {
	for _, l := range b.Lines {
		if len(l.Missing) > 0 {
			return l.Missing[0], true
		}
	}
	return Gap{}, false
}

// reckon draws the balance from counted figures. A consultation to which nobody
// wrote balances: every side is zero.
func reckon(f Figures, order []string) Balance {
	line := func(rule Rule, left, right int, parts ...Part) Line {
		return Line{Rule: rule, Left: left, Right: right, Holds: left == right, Parts: parts}
	}
	dispositions, decided := dispositionParts(f.ByDisposition)
	channels, sent := channelParts(f.ByChannel, order)
	entries, entered := entryParts(f.ByEntry)
	agreeing, counters := countersAgree(f)
	return Balance{Figures: f, Lines: []Line{
		line(EachSubmission, f.WithComments+f.OnlyAnswers, f.Submissions),
		line(EachComment, f.Gathered, f.Comments),
		line(EachSuggestion, f.Agreed, f.Suggestions),
		line(EachDemand, f.Complete, f.Suggestions),
		line(NoEmptySuggestion, f.Filled, f.Suggestions),
		line(ByDisposition, decided, f.Suggestions, dispositions...),
		line(ByComments, f.SuggestionsHold, f.Comments),
		line(ByChannel, sent, f.Submissions, channels...),
		line(ByEntry, entered, f.Submissions, entries...),
		line(CountersKept, agreeing, counters),
	}}
}

func dispositionParts(by map[Code]int) (parts []Part, sum int) {
	for _, d := range Demands {
		if n := by[d.Code]; n > 0 {
			parts = append(parts, Part{string(d.Code), n})
			sum += n
		}
	}
	return parts, sum
}

func channelParts(by map[string]int, order []string) (parts []Part, sum int) {
	for _, name := range order {
		if n := by[name]; n > 0 {
			parts = append(parts, Part{name, n})
			sum += n
		}
	}
	return parts, sum
}

// entryParts sums who entered the submissions; those received before this was kept
// count, but are no part.
func entryParts(by map[submission.Entry]int) (parts []Part, sum int) {
	for _, e := range submission.Entries {
		if n := by[e]; n > 0 {
			parts = append(parts, Part{string(e), n})
			sum += n
		}
	}
	return parts, sum + by[""]
}

// countersAgree compares the figures kept on the way with the counted ones; it
// returns how many agree, of how many.
func countersAgree(f Figures) (agree, all int) {
	pairs := [][2]int{
		{f.Kept.Submissions, f.Submissions}, {f.Kept.Comments, f.Comments}, {f.Kept.Gathered, f.Gathered},
		{f.Kept.Suggestions, f.Suggestions}, {f.Kept.InReview, f.InReview}, {f.Kept.Agreed, f.Agreed},
	}
	names := map[string]bool{}
	for name := range f.ByChannel {
		names[name] = true
	}
	for name := range f.KeptByChannel {
		names[name] = true
	}
	for name := range names {
		pairs = append(pairs, [2]int{f.KeptByChannel[name], f.ByChannel[name]})
	}
	for _, p := range pairs {
		if p[0] == p[1] {
			agree++
		}
	}
	return agree, len(pairs)
}

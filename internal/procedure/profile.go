// Package procedure knows the periods that a procedure demands. A profile
// (policies/procedures/<id>.yaml) holds each number with the clause it comes
// from; the package counts days as that law counts them and says which date is
// too early, too late or only unusual.
package procedure

// Event is something with a date that a rule measures from or to.
type Event string

// The events that the profiles name. hearing_begins and meeting_begins are the
// same instant of a hearing; a caller gives both.
const (
	CallPublished      Event = "call_published"      // matter, time and place are public
	MethodPublished    Event = "method_published"    // how participants are chosen is public
	ListPublished      Event = "list_published"      // who takes part is public
	PapersDelivered    Event = "papers_delivered"    // the last participant has the papers
	ApplicationsClose  Event = "applications_close"  // nobody can apply any more
	MeetingBegins      Event = "meeting_begins"      //
	HearingBegins      Event = "hearing_begins"      //
	ReviewSent         Event = "review_sent"         // the complete file went to legality review
	Discussed          Event = "discussed"           // the deciding body takes the matter up
	DraftPublished     Event = "draft_published"     // draft and explanation are public
	SolicitationCloses Event = "solicitation_closes" // comments are no longer taken
	MatterReceived     Event = "matter_received"     // a petition or accusation came
	PassedOn           Event = "passed_on"           // it went to who deals with it, and its sender knows
	RecipientAnswered  Event = "recipient_answered"  // who deals with it has answered
)

// Tags say what a meeting is; a rule applies when the meeting has all of the
// rule's tags.
const (
	Major        = "major"        // a major administrative decision (重大行政决策)
	MakingRule   = "rule"         // the making of a rule (规章)
	Hearing      = "hearing"      // a hearing (听证会)
	Attendance   = "attendance"   // the public attends a meeting that decides
	Selected     = "selected"     // participants are chosen among those who applied
	Discussion   = "discussion"   // the deciding body discusses the matter
	Solicitation = "solicitation" // a draft is open for comments
	Referral     = "referral"     // a petition or accusation that is another's to deal with
)

// Unit is what a rule counts.
type Unit string

// The units. Days are calendar days (日), working days 工作日.
const (
	Days        Unit = "days"
	WorkingDays Unit = "working_days"
	Hours       Unit = "hours"
)

// Kind says what less than the number means.
type Kind string

// The kinds: fixed refuses, general refuses unless a reason is published,
// default only warns.
const (
	Fixed   Kind = "fixed"
	General Kind = "general"
	Default Kind = "default"
)

// Sort says how a number lies between its two events.
type Sort string

// The sorts. A lead lies before an event: nobody acts on its last day, so it does
// not move over holidays. A period is open for others to act in and moves; so does
// a limit, within which the second event must happen. An order has no number.
const (
	Lead   Sort = "lead"
	Period Sort = "period"
	Limit  Sort = "limit"
	Order  Sort = "order"
)

// Source says how well a rule's text is known. Only one that was read whole may
// refuse anything.
type Source string

// The sources, from the best known to the program's own proposal.
const (
	Text    Source = "text"
	Excerpt Source = "excerpt"
	Report  Source = "report"
	Own     Source = "own"
)

// Words is a text in both languages of the program.
type Words struct {
	Zh string `yaml:"zh"`
	En string `yaml:"en"`
}

// In gives the text for a language tag.
func (w Words) In(tag string) string {
	if tag == "en" {
		return w.En
	}
	return w.Zh
}

// Rule is one number of a profile: from one event to the other there are at least
// (for a limit: at most) Number units.
type Rule struct {
	ID       string   `yaml:"id"`
	From     Event    `yaml:"from"`
	To       Event    `yaml:"to"`
	As       Sort     `yaml:"as"`
	Number   int      `yaml:"number"`
	Unit     Unit     `yaml:"unit"`
	Kind     Kind     `yaml:"kind"`
	Applies  []string `yaml:"applies"`
	Says     Words    `yaml:"says"`
	Citation Words    `yaml:"citation"`
	Source   Source   `yaml:"source"`
}

func (r Rule) concerns(tags []string) bool {
	for _, needed := range r.Applies {
		if !contains(tags, needed) {
			return false
		}
	}
	return true
}

func contains(all []string, one string) bool {
	for _, s := range all {
		if s == one {
			return true
		}
	}
	return false
}

// Profile is a set of rules and the calendar they are counted by.
type Profile struct {
	ID       string
	Name     Words
	Rules    []Rule
	Calendar *Calendar
	// ReadFirst: comments on a draft are shown only after somebody has read them.
	ReadFirst bool
}

// Rule finds a rule by its id.
func (p *Profile) Rule(id string) (Rule, bool) {
	for _, r := range p.Rules {
		if r.ID == id {
			return r, true
		}
	}
	return Rule{}, false
}

// RulesFor lists the rules that concern something with these tags, in the
// profile's order.
func (p *Profile) RulesFor(tags []string) []Rule {
	var out []Rule
	for _, r := range p.Rules {
		if r.concerns(tags) {
			out = append(out, r)
		}
	}
	return out
}

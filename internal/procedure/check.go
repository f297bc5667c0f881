package procedure

import (
	"strings"
	"time"
)

// Severity says what a finding does.
type Severity string

// A refusal stops the act; a warning is shown and kept.
const (
	Refuse Severity = "refuse"
	Warn   Severity = "warn"
)

// Finding is a rule that the facts do not meet. Have and Need are in the rule's
// unit. Due is the earliest instant at which the rule's second event may be (for
// a limit: the latest); it is zero for an order. Missing says that the second
// event is there and the first is not. Reason is the published reason with which
// a general rule is set aside.
type Finding struct {
	Rule        Rule
	Severity    Severity
	Have, Need  int
	Due         time.Time
	Provisional bool
	Missing     bool
	Reason      string

	zone *time.Location
}

// Check compares the facts with every rule of the profile that concerns something
// with the tags in applies, in the profile's order. Rules of which one event has
// no date yet are left out. reasons are the published ones, by rule id.
func Check(p *Profile, applies []string, facts map[Event]time.Time, reasons map[string]string) []Finding {
	var out []Finding
	for _, r := range p.RulesFor(applies) {
		from, begun := facts[r.From]
		to, ended := facts[r.To]
		if !begun || !ended {
			continue
		}
		if f, short := p.measure(r, from, to); short {
			out = append(out, f.weigh(reasons))
		}
	}
	return out
}

// Missing lists the rules that end with event and whose beginning has not
// happened: for the act that makes event happen now.
func Missing(p *Profile, applies []string, event Event, facts map[Event]time.Time, reasons map[string]string) []Finding {
	var out []Finding
	for _, r := range p.RulesFor(applies) {
		if _, begun := facts[r.From]; r.To != event || begun || r.As == Limit {
			continue
		}
		f := Finding{Rule: r, Need: r.Number, Missing: true, zone: p.Calendar.zone}
		out = append(out, f.weigh(reasons))
	}
	return out
}

func (p *Profile) measure(r Rule, from, to time.Time) (Finding, bool) {
	f := Finding{Rule: r, Need: r.Number, zone: p.Calendar.zone}
	if r.As == Order {
		return f, !to.After(from)
	}
	f.Have = p.Calendar.Between(from, to, r.Unit)
	f.Due, f.Provisional = p.Calendar.End(from, r.Number, r.Unit, r.As)
	if r.As == Limit {
		return f, to.After(f.Due)
	}
	return f, to.Before(f.Due)
}

func (f Finding) weigh(reasons map[string]string) Finding {
	f.Severity = Refuse
	if f.Rule.Kind == Default {
		f.Severity = Warn
	}
	if reason := strings.TrimSpace(reasons[f.Rule.ID]); f.Rule.Kind == General && reason != "" {
		f.Severity, f.Reason = Warn, reason
	}
	return f
}

// Refused reports whether one of the findings stops the act.
func Refused(all []Finding) bool {
	for _, f := range all {
		if f.Severity == Refuse {
			return true
		}
	}
	return false
}

// Latest is the last instant at which the rule's first event may be so that its
// second may be at to: the end of a day for days, exact for hours. provisional as
// in Calendar.End.
func (p *Profile) Latest(r Rule, to time.Time) (latest time.Time, provisional bool) {
	switch {
	case r.As == Order:
		return to, false
	case r.Unit == Hours:
		return to.Add(-time.Duration(r.Number) * time.Hour), false
	}
	d := p.Calendar.day(to)
	for {
		d--
		end, unsure := p.Calendar.End(p.Calendar.start(d), r.Number, r.Unit, r.As)
		provisional = provisional || unsure
		if !end.After(to) {
			return p.Calendar.start(d + 1).Add(-time.Microsecond), provisional
		}
	}
}

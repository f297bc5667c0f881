// Package availability keeps when the site could not take anything in, so that a
// consultation whose period lost time can be given it back.
//
// Every node writes a sign of life into the database. A silence of all of them is
// an outage; so is a database that nobody reaches, a store that cannot be written,
// and an intake that answers with its own faults. What lies outside, such as a cut
// line, people can report. Nothing is deleted from what was recorded.
package availability

import (
	"slices"
	"time"

	"guangyi/internal/access"
)

// What may be done here.
var (
	PermissionSee    = access.Permission{Object: "availability", Action: "see"}
	PermissionPlan   = access.Permission{Object: "availability", Action: "plan"}
	PermissionAnswer = access.Permission{Object: "availability", Action: "answer"}
)

// BeatEvery is how often a node gives a sign of life.
const BeatEvery = 20 * time.Second

// Tolerance is the longest silence that counts as none: a restart for a newer
// version takes less, and people try again within it.
const Tolerance = 2 * time.Minute

// Cause says why nothing could be taken in.
type Cause string

// The causes.
const (
	Stopped  Cause = "stopped"  // no node was running
	Database Cause = "database" // no node reached the database
	Storage  Cause = "storage"  // the database could not write: a full or read-only disk
	Intake   Cause = "intake"   // what people sent was answered with a fault of the program
	Reported Cause = "reported" // noticed from outside and entered by staff
)

// Outage is a time in which nothing could be taken in.
type Outage struct {
	ID         int64 `gorm:"primaryKey;autoIncrement:false"`
	Cause      Cause
	BeganAt    time.Time
	EndedAt    time.Time
	Note       string // of those that staff entered
	Actor      string // key of who entered it; empty: the site itself
	RecordedAt time.Time
}

// TableName names the table for gorm.
func (Outage) TableName() string { return "outages" }

// Span is the outage's time.
func (o Outage) Span() Span { return Span{o.BeganAt, o.EndedAt} }

// Span is a time from an instant on and before another.
type Span struct{ From, To time.Time }

// Length is never negative.
func (s Span) Length() time.Duration { return max(0, s.To.Sub(s.From)) }

// Within cuts the span to a frame; the result is empty when they do not meet.
func (s Span) Within(frame Span) Span {
	if s.From.Before(frame.From) {
		s.From = frame.From
	}
	if s.To.After(frame.To) {
		s.To = frame.To
	}
	if s.To.Before(s.From) {
		s.To = s.From
	}
	return s
}

// Union joins spans that touch or overlap, in the order of time; empty ones go.
func Union(spans []Span) []Span {
	sorted := slices.Clone(spans)
	slices.SortFunc(sorted, func(a, b Span) int { return a.From.Compare(b.From) })
	var out []Span
	for _, s := range sorted {
		if s.Length() == 0 {
			continue
		}
		if n := len(out); n > 0 && !s.From.After(out[n-1].To) {
			if s.To.After(out[n-1].To) {
				out[n-1].To = s.To
			}
			continue
		}
		out = append(out, s)
	}
	return out
}

// Lost is how much of a frame the outages took, overlaps counted once.
func Lost(outages []Outage, frame Span) time.Duration {
	spans := make([]Span, 0, len(outages))
	for _, o := range outages {
		spans = append(spans, o.Span().Within(frame))
	}
	var total time.Duration
	for _, s := range Union(spans) {
		total += s.Length()
	}
	return total
}

// Days is the extension that makes up for lost time: whole days, a part of a day
// counts as one.
func Days(lost time.Duration) int {
	const day = 24 * time.Hour
	return int((lost + day - 1) / day)
}

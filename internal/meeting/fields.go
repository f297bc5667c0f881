package meeting

import (
	"reflect"
	"slices"
	"strings"
	"time"
)

// callColumns are what Edit may change.
var callColumns = []string{
	"title", "lang", "matter", "ask", "description", "kind", "procedure", "rule_set", "about", "about_id", "starts_at", "ends_at",
	"place", "link", "access", "contact", "seats", "categories", "quotas", "questions", "districts", "demands", "sides", "observers",
	"open_to", "account_needed", "conditions", "duties", "privacy", "undertaking", "opens_at", "closes_at", "answer_by", "papers_at",
	"forget_at", "method", "households", "units", "invited_at_most", "invited_within_months", "exclude_conflict", "panels", "seed",
	"minutes_each", "short_reason", "contributors", "updated_at", "version",
}

// instants are the times of a meeting that may be empty.
func (m *Meeting) instants() []**time.Time {
	return []**time.Time{
		&m.OpensAt, &m.ClosesAt, &m.FirstClosesAt, &m.AnswerBy, &m.PapersAt, &m.ForgetAt, &m.FirstStartsAt,
		&m.ApprovedAt, &m.PublishedAt, &m.CancelledAt,
	}
}

func (in In) apply(m *Meeting) {
	for _, t := range []struct{ to, from *string }{
		{&m.Title, in.Title}, {&m.Lang, in.Lang}, {&m.Matter, in.Matter}, {&m.Ask, in.Ask}, {&m.Description, in.Description},
		{&m.Procedure, in.Procedure}, {&m.Rules, in.Rules}, {&m.About, in.About}, {&m.Place, in.Place}, {&m.Link, in.Link},
		{&m.Access, in.Access}, {&m.Contact, in.Contact}, {&m.OpenTo, in.OpenTo}, {&m.Method, in.Method}, {&m.Conditions, in.Conditions},
		{&m.Duties, in.Duties}, {&m.Privacy, in.Privacy}, {&m.Undertaking, in.Undertaking}, {&m.ShortReason, in.ShortReason},
	} {
		if t.from != nil {
			*t.to = strings.TrimSpace(*t.from)
		}
	}
	set(&m.Kind, in.Kind)
	for _, n := range []struct{ to, from *int }{
		{&m.Seats, in.Seats}, {&m.Observers, in.Observers}, {&m.MinutesEach, in.MinutesEach}, {&m.Panels, in.Panels},
		{&m.InvitedAtMost, in.InvitedAtMost}, {&m.InvitedWithinMonths, in.InvitedWithinMonths},
	} {
		set(n.to, n.from)
	}
	for _, b := range []struct{ to, from *bool }{
		{&m.Sides, in.Sides}, {&m.AccountNeeded, in.AccountNeeded}, {&m.Households, in.Households}, {&m.Units, in.Units}, {&m.ExcludeConflict, in.ExcludeConflict},
	} {
		set(b.to, b.from)
	}
	set(&m.Categories, in.Categories)
	set(&m.Quotas, in.Quotas)
	set(&m.Questions, in.Questions)
	set(&m.Districts, in.Districts)
	set(&m.Demands, in.Demands)
	set(&m.Sessions, in.Sessions)
	set(&m.Seed, in.Seed)
	if in.StartsAt != nil {
		m.StartsAt = *instant(in.StartsAt)
	}
	if in.EndsAt != nil {
		m.EndsAt = *instant(in.EndsAt)
	}
	setTime(&m.OpensAt, in.OpensAt)
	setTime(&m.ClosesAt, in.ClosesAt)
	setTime(&m.AnswerBy, in.AnswerBy)
	setTime(&m.PapersAt, in.PapersAt)
	setTime(&m.ForgetAt, in.ForgetAt)
	m.tidy()
}

// tidy brings lists into the form in which they are stored and compared.
func (m *Meeting) tidy() {
	m.Categories, m.Quotas, m.Questions = orEmpty(m.Categories), orEmpty(m.Quotas), orEmpty(m.Questions)
	m.Districts, m.Demands, m.Contributors = orEmpty(m.Districts), orEmpty(m.Demands), orEmpty(m.Contributors)
	for i := range m.Categories {
		c := &m.Categories[i]
		c.Code, c.Name, c.Short, c.Note = strings.TrimSpace(c.Code), strings.TrimSpace(c.Name), strings.TrimSpace(c.Short), strings.TrimSpace(c.Note)
	}
	if !m.Seed.KnownAt.IsZero() {
		m.Seed.KnownAt = *instant(&m.Seed.KnownAt)
	}
	for i := range m.Sessions {
		x := &m.Sessions[i]
		x.Name, x.StartsAt, x.EndsAt = strings.TrimSpace(x.Name), *instant(&x.StartsAt), *instant(&x.EndsAt)
		x.Group = max(x.Group, 1)
	}
}

func set[T any](to *T, v *T) {
	if v != nil {
		*to = *v
	}
}

func setTime(to **time.Time, v *time.Time) {
	if v == nil {
		return
	}
	if v.IsZero() {
		*to = nil
		return
	}
	*to = instant(v)
}

// clone copies what a change could write into.
func (m Meeting) clone() Meeting {
	m.Categories, m.Quotas, m.Questions = slices.Clone(m.Categories), slices.Clone(m.Quotas), slices.Clone(m.Questions)
	m.Districts, m.Demands, m.Sessions = slices.Clone(m.Districts), slices.Clone(m.Demands), slices.Clone(m.Sessions)
	m.Seed.Commitments, m.Contributors = slices.Clone(m.Seed.Commitments), slices.Clone(m.Contributors)
	return m
}

// differing lists what a change of a call moved, by column.
func differing(a, b Meeting) (was, is map[string]any) {
	was, is = map[string]any{}, map[string]any{}
	note := func(name string, x, y any) {
		if !reflect.DeepEqual(x, y) {
			was[name], is[name] = x, y
		}
	}
	x, y := a.fields(), b.fields()
	for name := range x {
		note(name, x[name], y[name])
	}
	return was, is
}

// fields names the values of a call that Edit may touch, in comparable form.
func (m Meeting) fields() map[string]any {
	moment := func(t *time.Time) string {
		if t == nil {
			return ""
		}
		return t.UTC().Format(time.RFC3339Nano)
	}
	sessions := make([]string, len(m.Sessions))
	for i, x := range m.Sessions {
		sessions[i] = strings.Join([]string{x.Name, moment(&x.StartsAt), moment(&x.EndsAt), SessionPart(int64(x.Capacity)), SessionPart(int64(x.Group))}, "|")
	}
	return map[string]any{
		"title": m.Title, "lang": m.Lang, "matter": m.Matter, "ask": m.Ask, "description": m.Description, "kind": m.Kind,
		"procedure": m.Procedure, "rules": m.Rules, "about": m.About, "starts_at": moment(&m.StartsAt), "ends_at": moment(&m.EndsAt),
		"place": m.Place, "link": m.Link, "access": m.Access, "contact": m.Contact, "seats": m.Seats,
		"categories": orEmpty(m.Categories), "quotas": orEmpty(m.Quotas), "questions": orEmpty(m.Questions),
		"districts": orEmpty(m.Districts), "demands": orEmpty(m.Demands), "sessions": sessions, "sides": m.Sides, "observers": m.Observers,
		"open_to": m.OpenTo, "account_needed": m.AccountNeeded, "conditions": m.Conditions, "duties": m.Duties, "privacy": m.Privacy,
		"undertaking": m.Undertaking, "opens_at": moment(m.OpensAt), "closes_at": moment(m.ClosesAt), "answer_by": moment(m.AnswerBy),
		"papers_at": moment(m.PapersAt), "forget_at": moment(m.ForgetAt), "method": m.Method, "households": m.Households, "units": m.Units,
		"invited_at_most": m.InvitedAtMost, "invited_within_months": m.InvitedWithinMonths, "exclude_conflict": m.ExcludeConflict,
		"panels": m.Panels, "seed_source": m.Seed.Source, "seed_name": m.Seed.Name, "seed_reference": m.Seed.Reference,
		"seed_known_at": moment(&m.Seed.KnownAt), "seed_commitments": orEmpty(m.Seed.Commitments),
		"minutes_each": m.MinutesEach, "short_reason": m.ShortReason,
	}
}

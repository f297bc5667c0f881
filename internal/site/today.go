package site

import (
	"context"
	"slices"
	"sort"
	"strings"
	"time"

	"guangyi/internal/platform/actor"
)

// Task is something that waits for a person. Kind is a message key below
// "today.task."; Count and Of say how much of it there is.
type Task struct {
	Kind         string
	ID           int64  // of the consultation, from a source that knows only that; Href is then the rest behind its address
	Consultation string // slug
	Title        string
	Lang         string
	Href         string
	Count, Done  int
	Of           int
	Due          *time.Time
	Note         string
}

// Overdue reports whether the task should have been done before now.
func (t Task) Overdue(now time.Time) bool { return t.Due != nil && t.Due.Before(now) }

// work is a consultation with what is still to be done in it.
type work struct {
	ID             int64
	OrganisationID int64
	Slug           string
	Title          string
	Lang           string
	State          string
	Author         string
	Contributors   string // keys of all who wrote notice or draft, as JSON
	SubmittedBy    string
	SummaryBy      string
	Note           string
	OpensAt        *time.Time
	ClosesAt       *time.Time
	AnswerDue      *time.Time
	Submissions    int
	Comments       int
	Gathered       int
	Suggestions    int
	InReview       int
	Agreed         int
	// Returned and Reviewable depend on the person.
	Returned   int `gorm:"-"`
	Reviewable int `gorm:"-"`
}

// Today is the page of a member of staff.
type Today struct {
	Tasks    []Task
	Works    []Work
	Upcoming []Upcoming

	Undelivered Undelivered
	Alarms      []Alarm
}

// Work is one consultation with its figures, for the margin.
type Work struct {
	Slug, Title, Lang                                                   string
	Submissions, Comments, Open, Suggestions, ToDraft, InReview, Agreed int
}

// Upcoming is a date that comes: an opening, a closing, a promised answer.
type Upcoming struct {
	At    time.Time
	Kind  string // opens, closes, answer
	Slug  string
	Title string
	Lang  string
}

// readers are the roles that read what was sent; the others get no figures whose
// lists they may not open.
var readers = []actor.Role{actor.Officer, actor.Reviewer, actor.Signer, actor.Legal, actor.Auditor}

func reads(who actor.Actor, organisation int64) bool { return hasAny(who, organisation, readers) }

func hasAny(who actor.Actor, organisation int64, roles []actor.Role) bool {
	return slices.ContainsFunc(who.RolesIn(organisation), func(r actor.Role) bool { return slices.Contains(roles, r) })
}

// mostWorks bounds what is read: the consultations of a unit that are at work.
const mostWorks = 200

// Today lists what waits for the person in the organisations where they work.
func (s *Service) Today(ctx context.Context, who actor.Actor, now time.Time) (Today, error) {
	works, err := s.works(ctx, who)
	if err != nil {
		return Today{}, err
	}
	if err := s.reviews(ctx, who, works); err != nil {
		return Today{}, err
	}
	var out Today
	if out.Undelivered, err = s.undelivered(ctx, who); err != nil {
		return Today{}, err
	}
	waits, err := s.waits(ctx, who, works)
	if err != nil {
		return Today{}, err
	}
	out.Tasks, out.Alarms = waits.Tasks, waits.Alarms
	for _, w := range works {
		out.Tasks = append(out.Tasks, w.tasks(who, now)...)
		out.Upcoming = append(out.Upcoming, w.upcoming(now)...)
		if w.Submissions > 0 && w.State != "published" && reads(who, w.OrganisationID) {
			out.Works = append(out.Works, w.figures())
		}
	}
	sortTasks(out.Tasks)
	sort.SliceStable(out.Upcoming, func(i, j int) bool { return out.Upcoming[i].At.Before(out.Upcoming[j].At) })
	return out, nil
}

func (s *Service) works(ctx context.Context, who actor.Actor) ([]work, error) {
	orgs := who.Organisations()
	if len(orgs) == 0 {
		return nil, nil
	}
	var works []work
	err := s.db.Read(ctx).Raw(`SELECT c.id, c.organisation_id, c.slug, c.title, c.lang, c.state, c.author, c.contributors, c.submitted_by,
		c.summary_by, c.note, c.opens_at, c.closes_at, c.answer_due,
		COALESCE(n.submissions, 0) AS submissions, COALESCE(n.comments, 0) AS comments, COALESCE(n.gathered, 0) AS gathered,
		COALESCE(n.suggestions, 0) AS suggestions, COALESCE(n.in_review, 0) AS in_review, COALESCE(n.agreed, 0) AS agreed
		FROM consultations c LEFT JOIN consultation_counters n ON n.consultation_id = c.id
		WHERE c.organisation_id IN ? AND c.state NOT IN ('archived', 'withdrawn')
		ORDER BY c.id DESC LIMIT ?`, orgs, mostWorks).Scan(&works).Error
	return works, err
}

// reviews counts, for each consultation, the suggestions that came back to be
// mended and those in review that are not this person's own work.
func (s *Service) reviews(ctx context.Context, who actor.Actor, works []work) error {
	if len(works) == 0 {
		return nil
	}
	at := map[int64]*work{}
	var ids []int64
	for i := range works {
		at[works[i].ID] = &works[i]
		ids = append(ids, works[i].ID)
	}
	var rows []struct {
		ConsultationID int64
		Returned       int
		Reviewable     int
	}
	me := who.Key()
	err := s.db.Read(ctx).Raw(`SELECT consultation_id,
		SUM(CASE WHEN state = 'drafted' AND note <> '' THEN 1 ELSE 0 END) AS returned,
		SUM(CASE WHEN state = 'in_review' AND author <> ? AND drafted_by <> ? AND submitted_by <> ? THEN 1 ELSE 0 END) AS reviewable
		FROM suggestions WHERE consultation_id IN ? AND state IN ('drafted', 'in_review') GROUP BY consultation_id`,
		me, me, me, ids).Scan(&rows).Error
	for _, r := range rows {
		at[r.ConsultationID].Returned, at[r.ConsultationID].Reviewable = r.Returned, r.Reviewable
	}
	return err
}

// tasks says what the person can do next in this consultation.
func (w work) tasks(who actor.Actor, now time.Time) []Task {
	var out []Task
	add := func(kind, room string, count, done, of int) {
		out = append(out, Task{Kind: kind, Consultation: w.Slug, Title: w.Title, Lang: w.Lang, Note: w.noteFor(kind),
			Href: "/staff/consultations/" + w.Slug + room, Count: count, Done: done, Of: of, Due: w.due(kind)})
	}
	officer := who.Has(w.OrganisationID, actor.Officer)
	reviewer := who.Has(w.OrganisationID, actor.Reviewer) || who.Has(w.OrganisationID, actor.Signer)
	mine := w.Author == who.Key() || w.SubmittedBy == who.Key() || strings.Contains(w.Contributors, `"`+who.Key()+`"`)
	closed := w.State == "approved" && w.ClosesAt != nil && !w.ClosesAt.After(now)
	deciding := closed || w.State == "decided"
	switch {
	case officer && w.State == "prepared":
		add("prepare", "/edit", 0, 0, 0)
	case officer && w.State == "returned":
		add("mend_notice", "/edit", 0, 0, 0)
	case reviewer && w.State == "in_review" && !mine:
		add("approve", "", 0, 0, 0)
	case reviewer && w.State == "summary_in_review" && w.SummaryBy != who.Key():
		add("publish", "/review", 0, 0, 0)
	}
	if officer && w.Returned > 0 {
		add("mend", "/suggestions?state=drafted", w.Returned, 0, 0)
	}
	if officer && (deciding || w.State == "approved") && w.Comments > w.Gathered {
		add("gather", "/workbench", w.Comments-w.Gathered, w.Gathered, w.Comments)
	}
	if toDraft := w.Suggestions - w.InReview - w.Agreed - w.Returned; officer && deciding && toDraft > 0 {
		add("dispose", "/suggestions?state=drafted", toDraft, w.InReview+w.Agreed, w.Suggestions)
	}
	if reviewer && w.Reviewable > 0 {
		add("review", "/suggestions?state=in_review", w.Reviewable, w.Agreed, w.Suggestions)
	}
	if officer && closed && w.Comments == w.Gathered && w.Agreed == w.Suggestions {
		add("decide", "/review", 0, 0, 0)
	}
	if officer && w.State == "decided" && w.Comments == w.Gathered && w.Agreed == w.Suggestions {
		add("submit_summary", "/review", 0, 0, 0)
	}
	return out
}

// noteFor gives what the reviewer wrote when the work came back.
func (w work) noteFor(kind string) string {
	if kind == "mend_notice" || (w.State == "decided" && (kind == "submit_summary" || kind == "gather")) {
		return w.Note
	}
	return ""
}

// due is until when: a notice before it is to open, an answer when it was promised.
func (w work) due(kind string) *time.Time {
	switch kind {
	case "prepare", "mend_notice", "approve":
		return w.OpensAt
	}
	return w.AnswerDue
}

func (w work) figures() Work {
	return Work{Slug: w.Slug, Title: w.Title, Lang: w.Lang, Submissions: w.Submissions, Comments: w.Comments,
		Open: w.Comments - w.Gathered, Suggestions: w.Suggestions, ToDraft: w.Suggestions - w.InReview - w.Agreed,
		InReview: w.InReview, Agreed: w.Agreed}
}

func (w work) upcoming(now time.Time) []Upcoming {
	var out []Upcoming
	add := func(kind string, at *time.Time) {
		if at != nil && at.After(now) {
			out = append(out, Upcoming{At: *at, Kind: kind, Slug: w.Slug, Title: w.Title, Lang: w.Lang})
		}
	}
	if w.State == "approved" {
		add("opens", w.OpensAt)
		add("closes", w.ClosesAt)
	}
	if w.State == "approved" || w.State == "decided" || w.State == "summary_in_review" {
		add("answer", w.AnswerDue)
	}
	return out
}

// sortTasks puts what is due first at the top; what has no date comes last.
func sortTasks(tasks []Task) {
	sort.SliceStable(tasks, func(i, j int) bool {
		a, b := tasks[i].Due, tasks[j].Due
		if a == nil || b == nil {
			return a != nil && b == nil
		}
		return a.Before(*b)
	})
}

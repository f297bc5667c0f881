package invitation

import (
	"context"
	"database/sql"
	"errors"

	"guangyi/internal/audit"
	"guangyi/internal/meeting"
	"guangyi/internal/notice"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/procedure"
)

// Entry is one person on the staff's list of invitations. The name is not there:
// staff look it up where looking is recorded.
type Entry struct {
	Application meeting.Application
	Invitation  *Invitation // nil: not asked (yet)
	Needs       Needs
	Deliveries  []notice.Delivery
	Read        int // papers opened
}

// Delivered is the best that is known of the letters of one topic or, with "", of
// the last one by each way: sent or called is better than waiting, waiting better
// than failed.
func (e Entry) Delivered() notice.State {
	order := map[notice.State]int{notice.Sent: 6, notice.Called: 6, notice.Failing: 3, notice.GivenUp: 2, notice.ToCall: 4, notice.Queued: 5, notice.Nobody: 1}
	last := map[notice.Way]notice.State{}
	for _, d := range e.Deliveries {
		last[d.Way] = d.State
	}
	var best notice.State
	for _, state := range last {
		if order[state] > order[best] {
			best = state
		}
	}
	return best
}

// Room is the staff's page of a meeting's invitations.
type Room struct {
	Meeting  meeting.Meeting
	Round    *Round // nil: not invited yet
	People   []Entry
	Sum      Sum // needs of those who come
	Papers   []Paper
	Waiting  int                 // reserves and waiting list
	Findings []procedure.Finding // rules on papers that giving them out now would not meet
	Unsent   bool                // papers are there that are not given out
}

// Count is how many people stand at an answer; Open counts those who hold a place
// and have not answered.
func (r Room) Count(answer Answer) int {
	n := 0
	for _, e := range r.People {
		if e.Invitation != nil && e.Invitation.Answer == answer {
			n++
		}
	}
	return n
}

// Failed lists those who no letter has reached.
func (r Room) Failed() (out []Entry) {
	for _, e := range r.People {
		if s := e.Delivered(); s == notice.Failing || s == notice.GivenUp || s == notice.ToCall {
			out = append(out, e)
		}
	}
	return out
}

// Room reads the page. NotFound for another organisation's meeting.
func (s *Service) Room(ctx context.Context, who actor.Actor, slug string) (Room, error) {
	var r Room
	var err error
	if r.Meeting, err = s.meetings.Staff(ctx, who, slug); err != nil {
		return r, err
	}
	if err := s.gate.Require(who, PermissionSee, r.Meeting.Organisation); err != nil {
		return r, err
	}
	found, ok, err := round(s.db.Read(ctx), r.Meeting.ID)
	if err != nil {
		return r, err
	}
	if ok {
		r.Round = &found
	}
	if err := s.people(ctx, &r); err != nil {
		return r, err
	}
	return r, s.roomPapers(ctx, &r)
}

func (s *Service) people(ctx context.Context, r *Room) error {
	id := r.Meeting.ID
	asked, err := s.byApplication(ctx, id)
	if err != nil {
		return err
	}
	all, err := s.meetings.Applications(ctx, id)
	if err != nil {
		return err
	}
	letters, err := s.notices.OfScope(ctx, id)
	if err != nil {
		return err
	}
	log := map[int64][]notice.Delivery{}
	for _, d := range letters {
		log[d.Ref] = append(log[d.Ref], d)
	}
	reads, err := s.readCounts(ctx, id)
	if err != nil {
		return err
	}
	var labels []string
	var needs []Needs
	for _, a := range all {
		i, was := asked[a.ID]
		if a.State == meeting.Reserve || a.State == meeting.Waiting {
			r.Waiting++
		}
		if !was && !a.State.Holds() && len(log[a.ID]) == 0 {
			continue
		}
		e := Entry{Application: a, Deliveries: log[a.ID], Read: reads[a.ID]}
		if was {
			e.Invitation = &i
			if e.Needs, err = s.needsOf(i); err != nil {
				return err
			}
		}
		if was && i.Answer == Accepted {
			labels, needs = append(labels, a.Label), append(needs, e.Needs)
		}
		r.People = append(r.People, e)
	}
	r.Sum = SumOf(labels, needs)
	return nil
}

func (s *Service) byApplication(ctx context.Context, meeting int64) (map[int64]Invitation, error) {
	var rows []Invitation
	err := s.db.Read(ctx).Where("meeting_id = ?", meeting).Find(&rows).Error
	out := make(map[int64]Invitation, len(rows))
	for _, i := range rows {
		out[i.Application] = i.utc()
	}
	return out, err
}

// readCounts is how many papers each person opened.
func (s *Service) readCounts(ctx context.Context, meeting int64) (map[int64]int, error) {
	var rows []struct {
		ApplicationID int64
		N             int
	}
	err := s.db.Read(ctx).Raw("SELECT application_id, COUNT(*) AS n FROM paper_reads WHERE meeting_id = ? GROUP BY application_id", meeting).Scan(&rows).Error
	out := map[int64]int{}
	for _, r := range rows {
		out[r.ApplicationID] = r.N
	}
	return out, err
}

func (s *Service) roomPapers(ctx context.Context, r *Room) error {
	var err error
	if r.Papers, err = s.papers(ctx, r.Meeting.ID, false); err != nil {
		return err
	}
	var rows []struct {
		PaperID int64
		N       int
	}
	err = s.db.Read(ctx).Raw(`SELECT p.paper_id, COUNT(*) AS n FROM paper_reads p JOIN invitations i
		ON i.meeting_id = p.meeting_id AND i.application_id = p.application_id AND i.answer = 'accepted'
		WHERE p.meeting_id = ? GROUP BY p.paper_id`, r.Meeting.ID).Scan(&rows).Error
	if err != nil {
		return err
	}
	read := map[int64]int{}
	for _, x := range rows {
		read[x.PaperID] = x.N
	}
	for i := range r.Papers {
		r.Papers[i].Read = read[r.Papers[i].ID]
		r.Unsent = r.Unsent || r.Papers[i].ReleasedAt == nil
	}
	r.Findings = s.PaperDates(r.Meeting, s.db.Now())
	return nil
}

// One is one person of the staff's list.
func (s *Service) One(ctx context.Context, who actor.Actor, slug string, id int64) (m meeting.Meeting, e Entry, err error) {
	if m, err = s.meetings.Staff(ctx, who, slug); err != nil {
		return m, e, err
	}
	if err := s.gate.Require(who, PermissionSee, m.Organisation); err != nil {
		return m, e, err
	}
	if e.Application, err = s.meetings.ApplicationByID(ctx, m.ID, id); err != nil {
		return m, e, err
	}
	i, asked, err := one(s.db.Read(ctx), m.ID, id)
	if err != nil {
		return m, e, err
	}
	if asked {
		i = i.utc()
		e.Invitation = &i
		if e.Needs, err = s.needsOf(i); err != nil {
			return m, e, err
		}
	}
	if e.Deliveries, err = s.notices.OfPerson(ctx, m.ID, id); err != nil {
		return m, e, err
	}
	reads, err := s.readCounts(ctx, m.ID)
	e.Read = reads[id]
	return m, e, err
}

// mostFailed bounds the list of letters that failed.
const mostFailed = 500

// Failure is a letter that has not reached somebody, with where it belongs.
type Failure struct {
	notice.Delivery
	Slug, Title, Lang string // of the meeting or consultation
	Label             string // of the application; a receipt's number
}

// Failures lists the letters that failed in the organisations where the actor
// works, oldest first; sees is false for who may see none.
func (s *Service) Failures(ctx context.Context, who actor.Actor) (out []Failure, sees bool, err error) {
	var orgs []int64
	for _, id := range who.Organisations() {
		if s.gate.May(who, PermissionSee, id) {
			orgs = append(orgs, id)
		}
	}
	if len(orgs) == 0 {
		return nil, false, nil
	}
	var rows []struct {
		ID                       int64
		Slug, Title, Lang, Label string
	}
	err = s.db.Read(ctx).Raw(`SELECT o.id, COALESCE(m.slug, c.slug, '') AS slug, COALESCE(m.title, c.title, '') AS title, COALESCE(m.lang, c.lang, '') AS lang,
		COALESCE(a.label, x.receipt, '') AS label FROM outbox o
		LEFT JOIN meetings m ON o.organisation_id <> 0 AND m.id = o.consultation_id
		LEFT JOIN applications a ON a.meeting_id = m.id AND a.id = o.ref
		LEFT JOIN consultations c ON o.organisation_id = 0 AND c.id = o.consultation_id
		LEFT JOIN submissions x ON x.consultation_id = c.id AND x.id = o.ref
		WHERE o.sent_at IS NULL AND o.attempts > 0 AND (o.organisation_id IN ? OR c.organisation_id IN ?) ORDER BY o.id LIMIT ?`,
		orgs, orgs, mostFailed).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, true, err
	}
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	list, err := s.notices.ByIDs(ctx, ids)
	for i, d := range list { // both by id
		out = append(out, Failure{d, rows[i].Slug, rows[i].Title, rows[i].Lang, rows[i].Label})
	}
	return out, true, err
}

// TryAgain puts a letter that failed back to the head of the queue.
func (s *Service) TryAgain(ctx context.Context, who actor.Actor, id int64) error {
	var organisation int64
	err := s.db.Read(ctx).Raw("SELECT organisation_id FROM outbox WHERE id = ? AND organisation_id <> 0", id).Row().Scan(&organisation)
	if errors.Is(err, sql.ErrNoRows) {
		return fault.Missing()
	}
	if err != nil {
		return err
	}
	if err := s.gate.Require(who, PermissionAsk, organisation); err != nil {
		return err
	}
	return s.db.Write(ctx, who, func(tx *database.Tx) error {
		if err := notice.Again(tx, organisation, id); err != nil {
			return err
		}
		return audit.Record(tx, audit.Entry{Organisation: organisation, Action: "retry", Object: "letter", ObjectID: id})
	})
}

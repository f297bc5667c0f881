package site

import (
	"context"
	"time"

	"guangyi/internal/platform/actor"
)

// Source tells what waits for a person in a room of another capability. Whoever
// has no business there gets nothing, and no fault.
type Source func(ctx context.Context, who actor.Actor) (Waits, error)

// Waits is what a source knows.
type Waits struct {
	Tasks  []Task
	Alarms []Alarm
}

// Alarm is something that does not go as it should, for whoever can see to it.
// Kind is a message key below "today.alarm.".
type Alarm struct {
	Kind  string
	Name  string // of what is concerned: an address
	Count int
	Since time.Time // zero: not told
	Href  string    // empty: there is nothing to see elsewhere
}

// Ask adds sources to the page of a member of staff, in this order.
func (s *Service) Ask(sources ...Source) { s.sources = append(s.sources, sources...) }

// waits asks every source. A task that names a consultation by its number gets the
// title and address from works; one of a consultation that is archived is dropped.
func (s *Service) waits(ctx context.Context, who actor.Actor, works []work) (out Waits, err error) {
	at := make(map[int64]work, len(works))
	for _, w := range works {
		at[w.ID] = w
	}
	for _, ask := range append([]Source{s.files, s.reports, s.imports}, s.sources...) {
		got, err := ask(ctx, who)
		if err != nil {
			return out, err
		}
		out.Alarms = append(out.Alarms, got.Alarms...)
		for _, t := range got.Tasks {
			if t.ID != 0 {
				w, known := at[t.ID]
				if !known {
					continue
				}
				t.Consultation, t.Title, t.Lang = w.Slug, w.Title, w.Lang
				t.Href = "/staff/consultations/" + w.Slug + t.Href
			}
			out.Tasks = append(out.Tasks, t)
		}
	}
	return out, nil
}

// with are the organisations in which the person has one of the roles.
func with(who actor.Actor, roles []actor.Role) (orgs []int64) {
	for _, id := range who.Organisations() {
		if hasAny(who, id, roles) {
			orgs = append(orgs, id)
		}
	}
	return orgs
}

// settlers hear people who say that something was not theirs (policies/moderation.csv).
var settlers = []actor.Role{actor.Officer}

// mostReports bounds what is counted for a page.
const mostReports = 200

// reports are the people who say that something was not theirs, by consultation,
// with the day by which the oldest is to be answered.
func (s *Service) reports(ctx context.Context, who actor.Actor) (out Waits, err error) {
	orgs := with(who, settlers)
	if len(orgs) == 0 {
		return out, nil
	}
	var rows []struct {
		ConsultationID int64
		DueAt          time.Time
	}
	err = s.db.Read(ctx).Raw(`SELECT consultation_id, due_at FROM identity_reports WHERE organisation_id IN ? AND state = 'open'
		ORDER BY due_at LIMIT ?`, orgs, mostReports).Scan(&rows).Error
	place := map[int64]int{}
	for _, r := range rows {
		i, known := place[r.ConsultationID]
		if !known {
			i = len(out.Tasks)
			place[r.ConsultationID] = i
			due := r.DueAt.UTC()
			out.Tasks = append(out.Tasks, Task{Kind: "reports", ID: r.ConsultationID, Href: "/moderation/reports", Due: &due})
		}
		out.Tasks[i].Count++
	}
	return out, err
}

// imports are the tables whose columns somebody has to confirm, and those that
// could not be taken in whole.
func (s *Service) imports(ctx context.Context, who actor.Actor) (out Waits, err error) {
	orgs := with(who, importers)
	if len(orgs) == 0 {
		return out, nil
	}
	var rows []struct {
		ConsultationID int64
		State          string
		N              int
	}
	err = s.db.Read(ctx).Raw(`SELECT consultation_id, state, COUNT(*) AS n FROM submission_imports
		WHERE organisation_id IN ? AND state IN ('waiting', 'failed') GROUP BY consultation_id, state ORDER BY consultation_id, state`,
		orgs).Scan(&rows).Error
	for _, r := range rows {
		kind := "import_confirm"
		if r.State == "failed" {
			kind = "import_failed"
		}
		out.Tasks = append(out.Tasks, Task{Kind: kind, ID: r.ConsultationID, Href: "/imports", Count: r.N})
	}
	return out, err
}

// importers bring tables in (policies/submission.csv).
var importers = []actor.Role{actor.Officer}

// How long a file may wait for the scanner before somebody is told, and for how
// long a file that was found infected is told of.
const (
	scanPatience = 10 * time.Minute
	infectedFor  = 7 * 24 * time.Hour
)

// mostFiles bounds what is counted for a page.
const mostFiles = 200

// files are the attached files that the virus scanner has not looked at, and those
// in which it found something: these are locked away already.
func (s *Service) files(ctx context.Context, who actor.Actor) (out Waits, err error) {
	orgs := with(who, readers)
	if len(orgs) == 0 {
		return out, nil
	}
	now := s.db.Now()
	for _, x := range []struct{ kind, holds string }{
		{"scanner", "k.scan = '' AND k.scan_at IS NOT NULL AND k.created_at < ?"},
		{"infected", "k.scan = 'infected' AND k.created_at > ?"},
	} {
		limit := now.Add(-scanPatience)
		if x.kind == "infected" {
			limit = now.Add(-infectedFor)
		}
		var since []time.Time
		err = s.db.Read(ctx).Raw(`SELECT k.created_at FROM attachment_contents k JOIN attachments a ON a.sha256 = k.sha256
			WHERE `+x.holds+` AND a.organisation_id IN ? ORDER BY k.created_at LIMIT ?`, limit, orgs, mostFiles).Scan(&since).Error
		if err != nil {
			return out, err
		}
		if len(since) > 0 {
			out.Alarms = append(out.Alarms, Alarm{Kind: x.kind, Count: len(since), Since: since[0].UTC()})
		}
	}
	return out, nil
}

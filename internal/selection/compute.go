package selection

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/sortition"
)

func newClaim(tx *database.Tx) string { return strconv.FormatInt(tx.NextID(), 36) }

// errOvertaken rolls back the result of a worker whose claim ran out.
var errOvertaken = errors.New("another worker took the job")

// chances computes the distribution of a frozen pool and its lottery.
func (s *Service) chances(ctx context.Context, j Job, watch func(sortition.Progress)) error {
	m, err := s.meetings.ByID(ctx, j.Meeting)
	if err != nil {
		return err
	}
	people, err := peopleIn(s.db.Read(ctx), j.Meeting)
	if err != nil {
		return err
	}
	pool := poolOf(frozen(m, people))
	distribution, err := s.solve(ctx, pool, watch)
	var stuck *sortition.Infeasible
	if errors.As(err, &stuck) {
		return s.settled(ctx, j, func(a *act) error {
			a.Stage, a.Conflicts = Infeasible, append([]sortition.Conflict{}, stuck.Conflicts...)
			return a.store(StuckEvent, "", Computing)
		})
	}
	if err != nil {
		return err
	}
	lottery, err := distribution.Lottery(pool, m.Panels)
	if err != nil {
		return err
	}
	return s.settled(ctx, j, func(a *act) error { return s.keep(a, people, pool, distribution, lottery) })
}

// settled keeps a result in one change with the end of the job.
func (s *Service) settled(ctx context.Context, j Job, f func(*act) error) error {
	err := s.db.Write(ctx, actor.Timer(), func(tx *database.Tx) error {
		a, err := s.locked(ctx, tx, j.Meeting)
		if err != nil {
			return err
		}
		if ok, err := j.finish(tx, Finished, ""); err != nil || !ok {
			return errors.Join(err, errOvertaken)
		}
		if err := a.at(Computing); err != nil {
			return errOvertaken
		}
		return f(a)
	})
	if errors.Is(err, errOvertaken) {
		return nil
	}
	return err
}

// keep stores chances and panels; they are shown to nobody yet.
func (s *Service) keep(a *act, people []Person, pool sortition.Pool, d sortition.Distribution, l sortition.Lottery) error {
	r := sortition.NewRecord(pool, d, l)
	r.Meeting, r.Rules, r.Nonce = a.meeting.Slug, ruleLines(a.meeting), a.Nonce
	application, counts := map[string]int64{}, l.Counts()
	for _, p := range people {
		application[p.Label] = p.Application
	}
	for _, p := range r.People {
		err := a.tx.Model(&Person{}).Where("meeting_id = ? AND application_id = ?", a.meeting.ID, application[p.Number]).
			Updates(map[string]any{"chance": int64(math.Round(p.Chance * billion)), "panels": counts[p.Number]}).Error
		if err != nil {
			return err
		}
	}
	raw, err := json.Marshal(r)
	if err != nil {
		return err
	}
	now := a.tx.Now
	a.Stage, a.Record, a.ComputedAt, a.Panels = Computed, string(raw), &now, len(l.Panels)
	return a.store(ComputedEvent, fmt.Sprintf("%.6f", d.Minimum), Computing)
}

// frozen is the draft as it was stored.
func frozen(m meeting.Meeting, people []Person) draft {
	d := draft{meeting: m, people: people}
	d.count()
	return d
}

// Preview is what could be drawn from those who applied until now.
type Preview struct {
	At        time.Time
	People    int
	Seats     int
	Trivial   bool
	Feasible  bool
	Minimum   float64 // the smallest chance, where Feasible and not Trivial
	Conflicts []sortition.Conflict
}

// AskPreview asks whether the quotas can be met with those who applied so far, as
// long as the pool is not frozen. The answer is there once the job is done.
func (s *Service) AskPreview(ctx context.Context, who actor.Actor, slug string) error {
	return s.change(ctx, who, slug, PermissionRun, func(a *act) error {
		if a.Found {
			return a.at()
		}
		if err := enqueue(a.tx, a.meeting.ID, PreviewJob); err != nil {
			return err
		}
		return a.remember("preview", "", nil, nil)
	})
}

// Preview reads the answer of a finished preview.
func (j Job) Preview() (Preview, bool) {
	var p Preview
	if j.Kind != PreviewJob || j.State != Finished {
		return p, false
	}
	return p, json.Unmarshal([]byte(j.Outcome), &p) == nil
}

func (s *Service) preview(ctx context.Context, j Job, watch func(sortition.Progress)) error {
	m, err := s.meetings.ByID(ctx, j.Meeting)
	if err != nil {
		return err
	}
	var d draft
	if err := s.db.Upkeep(ctx, func(tx *database.Tx) error {
		d, err = s.draft(&act{ctx: ctx, tx: tx, meeting: m})
		return err
	}); err != nil {
		return err
	}
	p := Preview{At: s.db.Now(), People: d.pool, Seats: d.seats, Trivial: d.trivial, Feasible: true}
	if !d.trivial {
		found, err := s.solve(ctx, poolOf(d), watch)
		var stuck *sortition.Infeasible
		switch {
		case errors.As(err, &stuck):
			p.Feasible, p.Conflicts = false, stuck.Conflicts
		case err != nil:
			return err
		}
		p.Minimum = found.Minimum
	}
	raw, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return s.db.Upkeep(ctx, func(tx *database.Tx) error {
		_, err := j.finish(tx, Finished, string(raw))
		return err
	})
}

package selection

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"gorm.io/gorm"

	"guangyi/internal/platform/database"
	"guangyi/internal/sortition"
)

// JobKind is what a worker computes.
type JobKind string

// The kinds of jobs.
const (
	PreviewJob JobKind = "preview" // whether the quotas can be met with who applied so far
	ChancesJob JobKind = "chances" // of the frozen pool
)

// JobState is where a job stands.
type JobState string

// The states of a job.
const (
	Queued   JobState = "queued"
	Running  JobState = "running"
	Finished JobState = "finished"
	Failed   JobState = "failed"
	Dropped  JobState = "dropped" // another job took its place
)

// Job is a computation off the request. Whoever runs it holds a claim that runs
// out, so that the job goes on after its process was killed.
type Job struct {
	Meeting      int64 `gorm:"column:meeting_id;primaryKey;autoIncrement:false"`
	ID           int64 `gorm:"primaryKey;autoIncrement:false"`
	Kind         JobKind
	State        JobState
	Level        int // levels of the distribution that are settled
	Fixed        int // people whose chance is settled
	People       int
	Attempts     int
	Claim        string
	ClaimedUntil *time.Time
	Outcome      string // JSON of a Preview, or the reason of a failure
	AskedBy      string
	AskedAt      time.Time
	FinishedAt   *time.Time
}

// TableName names the table for gorm.
func (Job) TableName() string { return "selection_jobs" }

// Waits reports a job that is not done.
func (j Job) Waits() bool { return j.State == Queued || j.State == Running }

// Percent is how much of the people's chances is settled.
func (j Job) Percent() int {
	if j.People == 0 {
		return 0
	}
	return min(100, j.Fixed*100/j.People)
}

const (
	claimFor   = time.Minute      // without a sign of life, another worker takes the job
	signEvery  = 10 * time.Second // how often a running job gives one
	attemptsAt = 5                // a job that killed its worker so often is given up
)

// enqueue asks for a computation; jobs of the meeting that wait are dropped.
func enqueue(tx *database.Tx, meetingID int64, kind JobKind) error {
	err := tx.Model(&Job{}).Where("meeting_id = ? AND state IN ?", meetingID, []JobState{Queued, Running}).
		Updates(map[string]any{"state": Dropped, "finished_at": tx.Now}).Error
	if err != nil {
		return err
	}
	return tx.Create(&Job{Meeting: meetingID, ID: tx.NextID(), Kind: kind, State: Queued, AskedBy: tx.Actor.Key(), AskedAt: tx.Now}).Error
}

// LastJob is the newest job of a kind.
func (s *Service) LastJob(ctx context.Context, meetingID int64, kind JobKind) (Job, bool, error) {
	var j Job
	err := s.db.Read(ctx).Where("meeting_id = ? AND kind = ?", meetingID, kind).Order("id DESC").Take(&j).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Job{}, false, nil
	}
	return j, err == nil, err
}

// Run works on jobs until the context ends, looking for one every so often.
func (s *Service) Run(ctx context.Context, every time.Duration, log *slog.Logger) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		for {
			worked, err := s.Work(ctx)
			if err != nil && ctx.Err() == nil {
				log.Error("a selection was not computed", "error", err)
			}
			if err != nil || !worked {
				break
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Work does one job, if there is one; worked says so.
func (s *Service) Work(ctx context.Context) (worked bool, err error) {
	j, ok, err := s.claim(ctx)
	if err != nil || !ok {
		return false, err
	}
	watch := s.watch(ctx, j)
	switch j.Kind {
	case PreviewJob:
		err = s.preview(ctx, j, watch)
	default:
		err = s.chances(ctx, j, watch)
	}
	if err != nil && ctx.Err() == nil {
		err = errors.Join(err, s.fail(ctx, j, err))
	}
	return true, err
}

// claim takes the oldest job that nobody works on.
func (s *Service) claim(ctx context.Context) (Job, bool, error) {
	var due []Job
	err := s.db.Read(ctx).Where("state = ? OR state = ? AND claimed_until < ?", Queued, Running, s.db.Now()).Order("id").Limit(1).Find(&due).Error
	if err != nil || len(due) == 0 {
		return Job{}, false, err
	}
	j, taken := due[0], false
	err = s.db.Upkeep(ctx, func(tx *database.Tx) error {
		until := tx.Now.Add(claimFor)
		claim, state := newClaim(tx), Running
		if j.Attempts >= attemptsAt {
			state = Failed
		}
		res := tx.Model(&Job{}).
			Where("meeting_id = ? AND id = ? AND (state = ? OR state = ? AND claimed_until < ?)", j.Meeting, j.ID, Queued, Running, tx.Now).
			Updates(map[string]any{"state": state, "claim": claim, "claimed_until": until, "attempts": j.Attempts + 1})
		j.Claim, j.State = claim, state
		taken = res.RowsAffected == 1 && state == Running
		return res.Error
	})
	return j, taken, err
}

// watch writes a running job's progress, and with it the sign of life.
func (s *Service) watch(ctx context.Context, j Job) func(sortition.Progress) {
	last := s.db.Now()
	signed := time.Now()
	return func(p sortition.Progress) {
		if time.Since(signed) < signEvery && s.db.Now().Sub(last) < signEvery {
			return
		}
		last, signed = s.db.Now(), time.Now()
		_ = s.db.Upkeep(ctx, func(tx *database.Tx) error {
			return j.mine(tx).Updates(map[string]any{
				"level": p.Level, "fixed": p.Fixed, "people": p.People, "claimed_until": tx.Now.Add(claimFor),
			}).Error
		})
	}
}

// mine is the job's row as long as this worker's claim holds.
func (j Job) mine(tx *database.Tx) *gorm.DB {
	return tx.Model(&Job{}).Where("meeting_id = ? AND id = ? AND claim = ? AND state = ?", j.Meeting, j.ID, j.Claim, Running)
}

// finish ends the job inside the change that keeps its result. ok is false when
// the claim ran out and the result is another's to keep.
func (j Job) finish(tx *database.Tx, state JobState, outcome string) (ok bool, err error) {
	res := j.mine(tx).Updates(map[string]any{"state": state, "outcome": outcome, "finished_at": tx.Now, "claimed_until": nil})
	return res.RowsAffected == 1, res.Error
}

func (s *Service) fail(ctx context.Context, j Job, cause error) error {
	return s.db.Upkeep(ctx, func(tx *database.Tx) error {
		_, err := j.finish(tx, Failed, cause.Error())
		return err
	})
}

package bulk

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/submission"
)

// leased is how long a node holds a table without a sign of life.
const leased = time.Minute

// renewedEvery is how often it gives one.
const renewedEvery = 2 * time.Second

// fileKept is how long a table waits for a person before its file goes: it holds
// names and contacts.
const fileKept = 30 * 24 * time.Hour

var working = []submission.ImportState{submission.ImportChecking, submission.ImportQueued, submission.ImportRunning}

// Run works on what is queued, on whichever node, until the context ends.
func (s *Service) Run(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		for more := true; more && ctx.Err() == nil; {
			var err error
			if more, err = s.Work(ctx); err != nil && ctx.Err() == nil {
				s.Log.Error("a table was not taken in", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-s.kick:
		}
	}
}

// Work tries or takes in one table that is due; false when none is.
func (s *Service) Work(ctx context.Context) (bool, error) {
	p, err := s.take(ctx)
	if err != nil || p == nil {
		return false, errors.Join(err, s.expire(ctx))
	}
	return true, p.run(ctx)
}

// pass is one node's work on a table. Only its lease lets it write.
type pass struct {
	s       *Service
	job     Job
	dry     bool
	lease   int64
	renewed time.Time
	cancel  context.CancelFunc
	halted  bool
	found   findings
}

// take holds the oldest table that is due. Of two nodes one finds it taken.
func (s *Service) take(ctx context.Context) (*pass, error) {
	now := s.DB.Now()
	var rows []submission.ImportJob
	err := s.DB.Read(ctx).Where("size > 0 AND state IN ? AND lease < ?", working, ms(now)).Order("id").Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	p := &pass{s: s, job: read(rows[0]), dry: rows[0].State == submission.ImportChecking, lease: rows[0].Lease, renewed: now}
	held, err := p.hold(ctx, map[string]any{"seen": 0})
	if err != nil || !held {
		return nil, err
	}
	return p, nil
}

// hold writes for as long as the lease is this node's, and renews it.
func (p *pass) hold(ctx context.Context, to map[string]any) (held bool, err error) {
	next := ms(p.s.DB.Now().Add(leased))
	if next == p.lease {
		next++ // of two holds at one instant the condition knows one
	}
	if _, given := to["lease"]; !given {
		to["lease"] = next
	}
	err = p.s.DB.Upkeep(ctx, func(tx *database.Tx) error {
		done := tx.Model(&submission.ImportJob{}).Where("id = ? AND lease = ?", p.job.ID, p.lease).Updates(to)
		held = done.RowsAffected == 1
		return done.Error
	})
	if held {
		p.lease = next
	}
	return held, err
}

func (p *pass) run(ctx context.Context) error {
	if p.job.Halt {
		return p.end(ctx, submission.Imported{}, context.Canceled)
	}
	if err := p.s.DB.Upkeep(ctx, func(tx *database.Tx) error { return clear(tx.DB, p.job.ID) }); err != nil {
		return err
	}
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	p.cancel = cancel
	p.found = findings{s: p.s, ctx: inner, id: p.job.ID}
	report, err := p.table(inner)
	p.found.flush()
	if err = errors.Join(err, p.found.err); ctx.Err() != nil {
		return p.release(err)
	}
	return p.end(ctx, report, err)
}

func (p *pass) table(ctx context.Context) (report submission.Imported, err error) {
	id, _ := strconv.ParseInt(strings.TrimPrefix(p.job.StartedBy, "account:"), 10, 64) // 0 is nobody's
	who, err := p.s.People.Acting(ctx, id)
	if err != nil {
		return report, err
	}
	c, err := p.s.Consultations.ByID(ctx, p.job.ConsultationID)
	if err != nil {
		return report, err
	}
	rows, err := p.s.rows(ctx, p.job)
	if err != nil {
		return report, err
	}
	defer rows.Close()
	b := submission.Bulk{Consultation: c.Slug, Channel: p.job.Channel, Sum: p.job.File, Name: p.job.Name, Columns: p.job.Columns, DryRun: p.dry}
	return p.s.Submissions.Import(ctx, who, b, rows, submission.Watching{Finding: p.found.add, Progress: func(n int) { p.progress(ctx, n) }})
}

// progress gives a sign of life, and looks whether the work is to end.
func (p *pass) progress(ctx context.Context, rows int) {
	var now submission.ImportJob
	err := p.s.DB.Read(ctx).Select("halt", "lease").Where("id = ?", p.job.ID).Take(&now).Error
	if err == nil && (now.Halt || now.Lease != p.lease) {
		p.halted = now.Halt
		p.cancel()
		return
	}
	if at := p.s.DB.Now(); at.Sub(p.renewed) >= renewedEvery {
		p.renewed = at
		if held, err := p.hold(ctx, map[string]any{"seen": rows, "updated_at": at}); err == nil && !held {
			p.cancel()
		}
	}
}

// release lets another node, or this one after its restart, go on at once.
func (p *pass) release(err error) error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	_, failed := p.hold(ctx, map[string]any{"lease": 0})
	return errors.Join(err, failed)
}

// end writes down how the pass ended. What another node took over is its own.
func (p *pass) end(ctx context.Context, report submission.Imported, err error) error {
	to := map[string]any{"lease": 0, "halt": false, "updated_at": p.s.DB.Now(), "seen": report.Rows, "findings": p.found.count}
	done := false
	switch {
	case p.halted || p.job.Halt:
		to["state"] = stopped(p.job)
	case isRunning(err):
		return nil
	case err != nil:
		to["state"], to["failure"], to["ended_at"] = submission.ImportFailed, submission.ImportFailure(err), p.s.DB.Now()
	case p.dry:
		to["state"], to["tried"] = submission.ImportChecked, text(report)
	default:
		to["state"], to["size"], done = submission.ImportDone, 0, true
	}
	held, failed := p.hold(ctx, to)
	if failed == nil && held && done {
		failed = p.s.DB.Upkeep(ctx, func(tx *database.Tx) error { return drop(tx.DB, p.job.ID) })
	}
	if f, ok := fault.As(err); ok && f.Code != "" { // said on its page
		err = nil
	}
	if p.halted || p.job.Halt {
		err = nil
	}
	return errors.Join(err, failed)
}

// isRunning: another process takes the same file in.
func isRunning(err error) bool {
	f, ok := fault.As(err)
	return ok && f.Code == "submission.import_running"
}

// expire lets files go for which nobody decided anything.
func (s *Service) expire(ctx context.Context) error {
	var rows []submission.ImportJob
	err := s.DB.Read(ctx).Where("size > 0 AND state NOT IN ? AND updated_at < ?", working, s.DB.Now().Add(-fileKept)).Limit(10).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return err
	}
	return s.DB.Upkeep(ctx, func(tx *database.Tx) error {
		for _, r := range rows {
			if err := forget(tx.DB, read(r)); err != nil {
				return err
			}
		}
		return nil
	})
}

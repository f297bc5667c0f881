package submission

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

const (
	// queued is how many submissions may wait; more are asked to come back.
	queued = 4096
	// atOnce is how many share a transaction at most.
	atOnce = 256
	// company is how long a batch waits for those who are likely to send next. A
	// sender alone waits for nobody.
	company = 500 * time.Microsecond
	// longestWait is how long a sender waits for an answer. After it the outcome
	// is unknown to the sender; the same key finds it out.
	longestWait = 40 * time.Second
	// patience is how long a batch is tried again on a database that went away.
	patience = 25 * time.Second
	// oneTry bounds one attempt.
	oneTry = 20 * time.Second
)

// storage writes a batch as one transaction. stored holds the ids of the rows
// that are new; a row that is missing from it was a repetition of its key.
type storage interface {
	write(ctx context.Context, rows []*row, now time.Time) (stored map[int64]bool, err error)
	// passing reports an error after which the same batch may succeed, such as a
	// lost connection. The outcome of the failed attempt is unknown then.
	passing(err error) bool
	close()
}

// collector lets submissions that arrive within a moment of each other share one
// transaction: while one batch is being written the next one gathers. One
// goroutine writes.
type collector struct {
	db      *database.DB
	numbers *numberer
	to      storage
	queue   chan *waiting
	done    chan struct{}

	mu     sync.RWMutex
	closed bool

	alone atomic.Int64 // batches that had to be written row by row
}

// waiting is a row with somebody who waits for its outcome.
type waiting struct {
	row  *row
	done chan outcome
}

type outcome struct {
	stored bool // false without an error: a repetition
	err    error
}

func newCollector(db *database.DB) *collector {
	c := &collector{db: db, numbers: &numberer{db: db}, queue: make(chan *waiting, queued), done: make(chan struct{})}
	if db.Dialect() == database.Postgres {
		c.to = &postgresStorage{config: db.Pool().Config().ConnConfig}
	} else {
		c.to = &sqliteStorage{db: db}
	}
	return c
}

// busy asks to come back: Unavailable with RetryAfter.
func busy(after time.Duration) error {
	return &fault.Error{Kind: fault.Unavailable, Code: "busy", Args: []any{"seconds", int(after.Seconds())}, RetryAfter: after}
}

// add waits until the row is durable. The sender's going away changes nothing.
func (c *collector) add(r *row) (stored bool, err error) {
	w := &waiting{row: r, done: make(chan outcome, 1)}
	if !c.enqueue(w) {
		return false, busy(2 * time.Second)
	}
	end := time.NewTimer(longestWait)
	defer end.Stop()
	select {
	case o := <-w.done:
		return o.stored, o.err
	case <-end.C:
		return false, busy(5 * time.Second)
	}
}

func (c *collector) enqueue(w *waiting) bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.closed {
		return false
	}
	select {
	case c.queue <- w:
		return true
	default:
		return false
	}
}

// close ends the intake and returns when everything taken was answered.
func (c *collector) close() {
	c.mu.Lock()
	first := !c.closed
	c.closed = true
	c.mu.Unlock()
	if first {
		close(c.queue)
	}
	<-c.done
}

func (c *collector) run() {
	defer close(c.done)
	defer c.to.close()
	batch := make([]*waiting, 0, atOnce)
	expected := 1
	for w := range c.queue {
		batch = c.gather(append(batch[:0], w), expected)
		c.flush(batch)
		expected = len(batch) + len(c.queue)
	}
}

// gather adds what is there. While several people send, those just answered are
// about to come again; it gives them a moment, or they and those who waited
// meanwhile would take turns in batches of half the size, at half as much again a row.
func (c *collector) gather(batch []*waiting, expected int) []*waiting {
	batch = c.drain(batch)
	expected = min(expected, atOnce)
	if len(batch) >= expected {
		return batch
	}
	end := time.NewTimer(company)
	defer end.Stop()
	for len(batch) < expected {
		select {
		case w, ok := <-c.queue:
			if !ok {
				return batch
			}
			batch = append(batch, w)
		case <-end.C:
			return batch
		}
	}
	return c.drain(batch)
}

// drain adds what is there, without waiting for more.
func (c *collector) drain(batch []*waiting) []*waiting {
	for len(batch) < atOnce {
		select {
		case w, ok := <-c.queue:
			if !ok {
				return batch
			}
			batch = append(batch, w)
		default:
			return batch
		}
	}
	return batch
}

func (c *collector) flush(batch []*waiting) {
	rows := make([]*row, len(batch))
	for i, w := range batch {
		rows[i] = w.row
	}
	if err := c.number(rows); err != nil {
		answer(batch, nil, err)
		return
	}
	// Every writer takes keys and counters in the same order, or two nodes deadlock.
	slices.SortFunc(rows, inOrder)
	stored, err := c.write(rows)
	if err == nil || len(batch) == 1 {
		answer(batch, stored, err)
		return
	}
	// One bad row must not fail its neighbours: each gets its own result.
	c.alone.Add(1)
	for i, w := range batch {
		stored, err := c.write([]*row{w.row})
		answer(batch[i:i+1], stored, err)
	}
}

// inOrder is the order in which every writer takes rows.
func inOrder(a, b *row) int {
	return cmp.Or(cmp.Compare(a.consultation, b.consultation), cmp.Compare(a.key, b.key))
}

func answer(batch []*waiting, stored map[int64]bool, err error) {
	for _, w := range batch {
		w.done <- outcome{stored[w.row.id], err}
	}
}

// number gives the rows their receipt numbers.
func (c *collector) number(rows []*row) error {
	return c.insist(func(ctx context.Context) error { return c.numbers.give(ctx, rows) })
}

func (c *collector) write(rows []*row) (stored map[int64]bool, err error) {
	err = c.insist(func(ctx context.Context) (err error) {
		stored, err = c.to.write(ctx, rows, c.db.Now())
		return err
	})
	return stored, err
}

// insist tries again while the failure is one that passes; the same batch with the
// same identifiers and keys, so that what was stored the first time is a repetition.
func (c *collector) insist(try func(context.Context) error) error {
	end := time.Now().Add(patience)
	for pause := 20 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		ctx, cancel := context.WithTimeout(context.Background(), oneTry)
		err := try(ctx)
		cancel()
		if err == nil {
			return nil
		}
		passing := c.to.passing(err) || errors.Is(err, context.DeadlineExceeded)
		if passing && time.Now().Before(end) {
			time.Sleep(pause)
			continue
		}
		if passing {
			return busy(5 * time.Second)
		}
		return err
	}
}

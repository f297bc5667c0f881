package database

import (
	"context"
	"sync"
	"time"
)

// pollEvery is how old a revision may be before it is read again.
const pollEvery = time.Second

// Revise notes, in the transaction of the change, that what caches keep under
// the name is out of date.
func (tx *Tx) Revise(name string) error {
	return tx.Exec("INSERT INTO revisions (name, value) VALUES (?, 1)"+
		" ON CONFLICT (name) DO UPDATE SET value = revisions.value + 1", name).Error
}

// Watch follows one revision for a cache. It is safe for concurrent use.
type Watch struct {
	db   *DB
	name string

	mu    sync.Mutex
	known bool
	at    time.Time
	value int64
}

// Watch makes a follower of a revision.
func (d *DB) Watch(name string) *Watch { return &Watch{db: d, name: name} }

// Value is the revision as it was at most a second ago; 0 before the first
// change. A cache filled under another value is out of date.
func (w *Watch) Value(ctx context.Context) (int64, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.db.Now()
	if age := now.Sub(w.at); w.known && age >= 0 && age < pollEvery {
		return w.value, nil
	}
	var values []int64
	if err := w.db.Read(ctx).Table("revisions").Where("name = ?", w.name).Pluck("value", &values).Error; err != nil {
		return 0, err
	}
	w.known, w.at, w.value = true, now, 0
	if len(values) > 0 {
		w.value = values[0]
	}
	return w.value, nil
}

// Forget makes the next Value read the database: after one's own change.
func (w *Watch) Forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.known = false
}

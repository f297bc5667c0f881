package main

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// measureSQLite is row 1 on the embedded database: against its own rate of
// single-row commits, synchronous FULL on both sides.
func measureSQLite(ctx context.Context, o options, out *report) error {
	p, err := newProgram(o, "")
	if err != nil {
		return err
	}
	defer p.remove()
	if err := p.start(ctx, "off"); err != nil {
		return err
	}
	defer func() { _ = p.stop() }()
	if err := p.prepare(); err != nil {
		return err
	}
	if err := p.open(); err != nil {
		return err
	}
	var ours, theirs []window
	for round := range o.rounds {
		ours = append(ours, fire(ctx, o, p.serving(), 201, p.submit("lite-"+strconv.Itoa(round))))
		w, err := singleCommits(ctx, o)
		if err != nil {
			return err
		}
		theirs = append(theirs, w)
	}
	out.add("1", "submission, SQLite, FULL, to single-row commits", ours, theirs, "≥ 2")
	return nil
}

func singleCommits(ctx context.Context, o options) (window, error) {
	folder, err := os.MkdirTemp("", "guangyi-bench-")
	if err != nil {
		return window{}, err
	}
	defer os.RemoveAll(folder)
	db, err := sql.Open("sqlite", "file:"+filepath.Join(folder, "plain.db")+"?_pragma=journal_mode(wal)&_pragma=synchronous(full)&_txlock=immediate")
	if err != nil {
		return window{}, err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, "CREATE TABLE plain (id INTEGER PRIMARY KEY, body TEXT NOT NULL)"); err != nil {
		return window{}, err
	}
	insert, err := db.PrepareContext(ctx, "INSERT INTO plain (body) VALUES (?)")
	if err != nil {
		return window{}, err
	}
	defer insert.Close()
	var w window
	before, began := measure(server{}), time.Now()
	for time.Since(began) < o.seconds && ctx.Err() == nil {
		if _, err := insert.ExecContext(ctx, words); err != nil {
			return window{}, err
		}
		w.done++
	}
	w.took = time.Since(began)
	after := measure(server{})
	after.served += after.bench - before.bench
	after.bench = before.bench
	w.account(before, after, runtime.NumCPU())
	return w, nil
}

// Package database opens SQLite or PostgreSQL, runs transactions and
// migrations, and translates what drivers say into the program's errors.
package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/ids"
)

// Dialect is the kind of database.
type Dialect string

// The two databases.
const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// readers is how many connections read the embedded database beside its one writer.
const readers = 4

// Options change how a database is opened.
type Options struct {
	Clock    clock.Clock // nil: the machine's
	MaxConns int32       // PostgreSQL pool size; 0: pgx's default, at least 8
}

// DB is an open database. Reading goes through Read, changing through Write
// (package audit counts on it) or Upkeep.
type DB struct {
	dialect Dialect
	target  string
	clock   clock.Clock
	pool    *pgxpool.Pool // PostgreSQL only
	writer  *sql.DB
	reader  *sql.DB
	write   *gorm.DB
	read    *gorm.DB

	idsOnce sync.Mutex
	ids     *ids.Generator
}

// Open opens postgres://… or an SQLite file, whose folder is made when missing.
// It does not migrate. Errors name the cure.
func Open(ctx context.Context, target string, o Options) (*DB, error) {
	if o.Clock == nil {
		o.Clock = clock.System()
	}
	if strings.HasPrefix(target, "postgres://") || strings.HasPrefix(target, "postgresql://") {
		return openPostgres(ctx, target, o)
	}
	return openSQLite(ctx, target, o)
}

func openPostgres(ctx context.Context, target string, o Options) (*DB, error) {
	cfg, err := pgxpool.ParseConfig(target)
	if err != nil {
		return nil, fmt.Errorf("DATABASE_URL cannot be read: write postgres://user:password@host:5432/database")
	}
	cfg.MaxConns = max(cfg.MaxConns, 8, o.MaxConns)
	cfg.ConnConfig.RuntimeParams["timezone"] = "UTC"
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err == nil {
		err = pool.Ping(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL does not answer at %s:%d: start it or correct DATABASE_URL (%s)",
			cfg.ConnConfig.Host, cfg.ConnConfig.Port, firstLine(rootCause(err)))
	}
	conn := stdlib.OpenDBFromPool(pool)
	// PrepareStmt over this pool doubles the cost of a statement; pgx caches them itself.
	g, err := gorm.Open(postgres.New(postgres.Config{Conn: conn}), gormConfig(o.Clock, false))
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL: %w", err)
	}
	return &DB{dialect: Postgres, target: target, clock: o.Clock, pool: pool, writer: conn, reader: conn, write: g, read: g}, nil
}

func openSQLite(ctx context.Context, target string, o Options) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
		return nil, fmt.Errorf("the data folder %s cannot be made: choose another with GUANGYI_DATA (%w)", filepath.Dir(target), err)
	}
	const common = "?_pragma=busy_timeout(15000)&_pragma=foreign_keys(1)&_time_format=sqlite" +
		"&_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=temp_store(memory)"
	name := "file:" + (&escaper{target}).path()
	w, err := sql.Open("sqlite", name+common+"&_txlock=immediate")
	if err == nil {
		w.SetMaxOpenConns(1)
		err = w.PingContext(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("the embedded database %s cannot be opened: is the folder writable? (%w)", target, err)
	}
	r, err := sql.Open("sqlite", name+common+"&_pragma=query_only(1)&_pragma=cache_size(-4000)")
	if err != nil {
		return nil, fmt.Errorf("the embedded database %s: %w", target, err)
	}
	r.SetMaxOpenConns(readers)
	r.SetMaxIdleConns(readers)
	db := &DB{dialect: SQLite, target: target, clock: o.Clock, writer: w, reader: r}
	if db.write, err = gorm.Open(&sqlite.Dialector{DriverName: "sqlite", Conn: w}, gormConfig(o.Clock, true)); err != nil {
		return nil, err
	}
	if db.read, err = gorm.Open(&sqlite.Dialector{DriverName: "sqlite", Conn: r}, gormConfig(o.Clock, true)); err != nil {
		return nil, err
	}
	return db, nil
}

// escaper writes a path so that SQLite's URI form reads it back.
type escaper struct{ file string }

func (e *escaper) path() string {
	return strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(e.file)
}

func gormConfig(c clock.Clock, prepare bool) *gorm.Config {
	return &gorm.Config{
		SkipDefaultTransaction: true,
		PrepareStmt:            prepare,
		Logger:                 logger.Discard,
		NowFunc:                c.Now,
		DisableAutomaticPing:   true,
	}
}

func rootCause(err error) error {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err
		}
		err = next
	}
}

// firstLine keeps a fault one sentence: pgx tells a line for each address it tried.
func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// Dialect tells which database this is.
func (d *DB) Dialect() Dialect { return d.dialect }

// Now is the injected clock's time: the time of every row written.
func (d *DB) Now() time.Time { return d.clock.Now() }

// Clock is the injected clock.
func (d *DB) Clock() clock.Clock { return d.clock }

// Pool is the PostgreSQL pool for hot paths and COPY; nil on SQLite.
func (d *DB) Pool() *pgxpool.Pool { return d.pool }

// Writer is the plain connection for hot writes: on SQLite the one writer.
func (d *DB) Writer() *sql.DB { return d.writer }

// Reader is the plain connection for hot reads.
func (d *DB) Reader() *sql.DB { return d.reader }

// Read gives a fresh query handle outside any transaction.
func (d *DB) Read(ctx context.Context) *gorm.DB { return d.read.WithContext(ctx) }

// Ping reports whether the database answers.
func (d *DB) Ping(ctx context.Context) error { return d.reader.PingContext(ctx) }

// Close closes every connection.
func (d *DB) Close() error {
	err := d.writer.Close()
	if d.dialect == SQLite {
		err = errors.Join(err, d.reader.Close())
	}
	if d.pool != nil {
		d.pool.Close()
	}
	return err
}

// NextID makes an identifier unique over all processes on this database. The
// first call takes a node number from the database.
func (d *DB) NextID(ctx context.Context) (int64, error) {
	g, err := d.IDs(ctx)
	if err != nil {
		return 0, err
	}
	return g.Next(), nil
}

// IDs gives the process's generator of identifiers.
func (d *DB) IDs(ctx context.Context) (*ids.Generator, error) {
	d.idsOnce.Lock()
	defer d.idsOnce.Unlock()
	if d.ids != nil {
		return d.ids, nil
	}
	var node int64
	row := d.writer.QueryRowContext(ctx, "UPDATE node_counter SET value = value + 1 WHERE id = 1 RETURNING value")
	if err := row.Scan(&node); err != nil {
		return nil, fmt.Errorf("no node number: is the schema migrated? Run guangyi migrate up (%w)", err)
	}
	d.ids = ids.ForNode(node)
	return d.ids, nil
}

package register

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"guangyi/internal/platform/database"
)

// Options are what the register needs to begin.
type Options struct {
	Folder string // the data folder; the key lies in its keys/register.key
	Key    string // a private key from outside instead: its text, or a file's path
	Origin string // name of a new log: the public host followed by /log
}

// Service is the register of one site. Any number of nodes may run one over the
// same database.
type Service struct {
	db *database.DB
	o  Options

	mu  sync.Mutex // one pass or change of keys at a time in this process
	key *Key
}

// New opens the register. At the first start it makes or takes over the key and
// signs the empty log; later it refuses every key but the log's current one.
func New(ctx context.Context, db *database.DB, o Options) (*Service, error) {
	s := &Service{db: db, o: o}
	if err := s.open(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// Every is how often waiting leaves get their place.
const Every = 400 * time.Millisecond

// Run sequences until the context ends. A fault is logged when it begins and when
// it has passed; what waits goes on waiting meanwhile.
func (s *Service) Run(ctx context.Context, every time.Duration, log *slog.Logger) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	failing := ""
	for {
		_, err := s.Pass(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil && err.Error() != failing:
			failing = err.Error()
			log.Error("the register does not go on", "error", err)
		case err == nil && failing != "":
			failing = ""
			log.Info("the register goes on")
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

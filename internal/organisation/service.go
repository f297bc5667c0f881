package organisation

import (
	"context"
	"sync"

	"guangyi/internal/access"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// Service keeps the organisations of a site. It is safe for concurrent use.
type Service struct {
	db    *database.DB
	gate  *access.Gate
	watch *database.Watch

	mu    sync.Mutex
	index *index
}

// index is every organisation of the site, as of a revision. There are few, they
// change rarely, and every page asks for one.
type index struct {
	revision int64
	all      []Organisation
	byID     map[int64]Organisation
	bySlug   map[string]Organisation
}

// New makes the service.
func New(db *database.DB, gate *access.Gate) *Service {
	return &Service{db: db, gate: gate, watch: db.Watch(revision)}
}

// BySlug finds an organisation; NotFound when there is none.
func (s *Service) BySlug(ctx context.Context, slug string) (o Organisation, err error) {
	err = s.find(ctx, func(x *index) (ok bool) { o, ok = x.bySlug[slug]; return ok })
	return o, err
}

// ByID finds an organisation; NotFound when there is none.
func (s *Service) ByID(ctx context.Context, id int64) (o Organisation, err error) {
	err = s.find(ctx, func(x *index) (ok bool) { o, ok = x.byID[id]; return ok })
	return o, err
}

// ByIDs finds those that exist.
func (s *Service) ByIDs(ctx context.Context, ids []int64) (map[int64]Organisation, error) {
	out := make(map[int64]Organisation, len(ids))
	err := s.find(ctx, func(x *index) bool {
		for _, id := range ids {
			if o, ok := x.byID[id]; ok {
				out[id] = o
			}
		}
		return len(out) == len(ids)
	})
	if fault.Is(err, fault.NotFound) {
		err = nil
	}
	return out, err
}

// find looks in memory and, when what is asked for is not there, once more in
// the database: another process may have added it a moment ago.
func (s *Service) find(ctx context.Context, found func(*index) bool) error {
	for range 2 {
		x, err := s.current(ctx)
		if err != nil {
			return err
		}
		if found(x) {
			return nil
		}
		s.watch.Forget()
	}
	return fault.Missing()
}

// All lists every organisation in the order in which they were added. The
// caller must not change the list.
func (s *Service) All(ctx context.Context) ([]Organisation, error) {
	x, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	return x.all, nil
}

func (s *Service) current(ctx context.Context) (*index, error) {
	now, err := s.watch.Value(ctx)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.index != nil && s.index.revision == now {
		return s.index, nil
	}
	var rows []row
	if err := s.db.Read(ctx).Order("id").Find(&rows).Error; err != nil {
		return nil, err
	}
	x := &index{revision: now, byID: map[int64]Organisation{}, bySlug: map[string]Organisation{}}
	for _, r := range rows {
		o := r.organisation()
		x.all = append(x.all, o)
		x.byID[o.ID], x.bySlug[o.Slug] = o, o
	}
	s.index = x
	return x, nil
}

package register

import (
	"context"
	"net/url"
	"time"

	"guangyi/internal/platform/ids"
)

// Late is how old the oldest waiting leaf may be before staff are told: half of
// the ten seconds within which a leaf is promised its place.
const Late = 5 * time.Second

// Waiting is how long the oldest leaf has waited for its place; 0 when none waits.
// It is measured by the numbers that the leaves wait under, so that it holds under
// a shifted clock too.
func (s *Service) Waiting(ctx context.Context) (time.Duration, error) {
	var oldest []int64
	err := s.db.Read(ctx).Raw("SELECT id FROM register_pending ORDER BY id LIMIT 1").Scan(&oldest).Error
	if err != nil || len(oldest) == 0 {
		return 0, err
	}
	now, err := s.db.NextID(ctx)
	return max(0, ids.Made(now).Sub(ids.Made(oldest[0]))), err
}

// OriginOf is the name of a log that begins on a site with this address.
func OriginOf(baseURL string) string {
	host := baseURL
	if u, err := url.Parse(baseURL); err == nil && u.Host != "" {
		host = u.Host
	}
	return host + "/log"
}

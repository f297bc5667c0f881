package sortition

import (
	"context"
	"math"
)

// separate looks for an inequality with small whole weights that every panel
// keeps and the target does not, along the direction in which a corral got
// stuck: an odd circle of quotas on few people, for example, shows as three or
// five equal weights among many that are almost zero. It is proven by a search
// over all panels. It returns nil when it finds none.
func (h *hull) separate(ctx context.Context, direction, target []float64) (*cut, error) {
	unit := largest(direction)
	if unit == 0 {
		return nil, nil
	}
	for _, steps := range []float64{1, 1.4, 2, 3, 4, 6} {
		weight := make([]float64, len(direction))
		reach := 0.0
		for seat, w := range direction {
			weight[seat] = math.Round(w / unit * steps)
			reach += weight[seat] * target[seat]
		}
		most := math.Ceil(reach-1e-6) - 1
		panel, _, err := h.pricer.find(ctx, weight, most+0.5, 1)
		if err != nil {
			return nil, err
		}
		if panel == nil {
			return &cut{weight: weight, most: most}, nil
		}
		h.keep(panel)
	}
	return nil, nil
}

// deepest is the inequality along the direction itself, with what the heaviest
// panel reaches; nil when the target keeps it.
func (h *hull) deepest(ctx context.Context, direction, target []float64) (*cut, error) {
	unit, reach := largest(direction), 0.0
	weight := make([]float64, len(direction))
	for seat, w := range direction {
		weight[seat] = w / unit
		reach += weight[seat] * target[seat]
	}
	panel, _, err := h.pricer.find(ctx, weight, math.Inf(-1), 0)
	if panel == nil || err != nil {
		return nil, err
	}
	h.keep(panel)
	most := slackness
	for seat, n := range panel {
		most += weight[seat] * float64(n)
	}
	if reach-most < 1e-7 {
		return nil, nil
	}
	return &cut{weight: weight, most: most}, nil
}

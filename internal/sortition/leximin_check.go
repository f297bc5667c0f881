package sortition

import (
	"context"
	"math"
)

// holds checks the chances of the relaxation once more, each level from a cold
// start and by another question: with everybody below kept where they are and
// everybody above kept at the level or higher, can those at the level gain
// anything in all? A linear solver that has stopped too early does not get past
// this.
func (r *relaxation) holds(ctx context.Context) (bool, error) {
	closed := *r
	closed.open = make([]bool, len(r.open))
	for _, value := range r.levels {
		l := newLevel(&closed)
		l.program.cost[l.t] = 0
		now := 0.0
		for seat, c := range r.chance {
			if r.most[seat] == 0 || c < value-1e-9 {
				continue
			}
			at := math.Abs(c-value) <= 1e-9
			l.program.setBounds(l.extra[seat], min(c, value)*r.size[seat], r.most[seat])
			if at {
				l.program.cost[l.extra[seat]] = -1
				now += c * r.size[seat]
			}
		}
		if err := l.maximise(ctx); err != nil {
			return false, err
		}
		if gain := -l.program.objective() - now; math.Abs(gain) > 1e-7 {
			return false, nil
		}
	}
	return true, nil
}

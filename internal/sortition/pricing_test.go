package sortition

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// TestTheHeaviestPanelIsFound compares with every panel there is, question
// after question to the same pricer.
func TestTheHeaviestPanelIsFound(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 22))
	for round := range 1500 {
		p := tinyPool(rng)
		k := p.Kinds()
		all := panelsOf(p, k)
		q := newPricer(k)
		for question := range 8 {
			weight := make([]float64, len(k.Seats))
			for seat := range weight {
				switch question % 3 {
				case 0:
					weight[seat] = float64(rng.IntN(3))
				case 1:
					weight[seat] = rng.NormFloat64()
				case 2:
					weight[seat] = float64(rng.IntN(2)) * rng.Float64()
				}
			}
			best := math.Inf(-1)
			for _, panel := range all {
				best = max(best, weightOf(panel, weight))
			}
			got, _, err := q.find(t.Context(), weight, math.Inf(-1), 0)
			if err != nil {
				t.Fatalf("round %d: %v", round, err)
			}
			if (got == nil) != (len(all) == 0) {
				t.Fatalf("round %d, question %d: found %v among %d panels of %+v", round, question, got, len(all), p)
			}
			if got != nil && math.Abs(weightOf(got, weight)-best) > 1e-9 {
				t.Fatalf("round %d, question %d: %v weighs %v, the heaviest %v", round, question, got, weightOf(got, weight), best)
			}
			if got, _, _ := q.find(t.Context(), weight, best-1e-6, 1); (got == nil) != (len(all) == 0) {
				t.Fatalf("round %d, question %d: nothing above %v of %v", round, question, best-1e-6, best)
			}
			if got, _, _ := q.find(t.Context(), weight, best+1e-6, 0); got != nil {
				t.Fatalf("round %d, question %d: %v is heavier than the heaviest", round, question, got)
			}
		}
	}
}

// panelsOf are all panels as counts, each once.
func panelsOf(p Pool, k Kinds) []Panel {
	seat := make([]int, len(p.People))
	for i, kind := range k.Seats {
		for _, unit := range kind.People {
			for _, person := range unit {
				seat[person] = i
			}
		}
	}
	var out []Panel
	known := make(map[string]bool)
	for _, people := range everyPanel(p, true) {
		panel := make(Panel, len(k.Seats))
		for _, person := range people {
			panel[seat[person]]++
		}
		if key := fmt.Sprint(panel); !known[key] {
			known[key] = true
			out = append(out, panel)
		}
	}
	return out
}

func weightOf(p Panel, weight []float64) float64 {
	sum := 0.0
	for seat, n := range p {
		sum += float64(n) * weight[seat]
	}
	return sum
}

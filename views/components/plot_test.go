package components

import (
	"strconv"
	"strings"
	"testing"
)

func TestAStackedBarFillsItsWidthAndLeavesEmptySharesOut(t *testing.T) {
	s := Stack{Shares: []Share{{"adopted", 41}, {"partly_adopted", 29}, {"not_adopted", 0}, {"out_of_scope", 12}}}
	segments := s.segments()
	if len(segments) != 3 {
		t.Fatalf("%d segments, want 3: a share of nothing is not drawn", len(segments))
	}
	last := segments[2]
	if end := number(t, last.x) + number(t, last.width); end < 99.98 || end > 100.02 {
		t.Errorf("the bar ends at %.2f%%, want 100%%", end)
	}
	if segments := (Stack{}).segments(); segments != nil {
		t.Errorf("nothing received draws %v, want nothing", segments)
	}
}

// Every disposition is told apart without colour: its own pattern and its own shape.
func TestDispositionsDifferWithoutColour(t *testing.T) {
	shapes, patterns := map[icon]string{}, map[string]string{}
	for _, code := range Dispositions {
		if other, twice := shapes[dispositionIcon(code)]; twice {
			t.Errorf("%s and %s have the same shape", code, other)
		}
		shapes[dispositionIcon(code)] = code
		drawing := strings.ReplaceAll(written(t, pattern("x", code)), code, "")
		if other, twice := patterns[drawing]; twice {
			t.Errorf("%s and %s have the same pattern", code, other)
		}
		patterns[drawing] = code
	}
}

func TestNoCountAboveZeroIsInvisible(t *testing.T) {
	columns := Strip{Bars: []Bar{{Count: 10000}, {Count: 1}, {Count: 0}}}.columns()
	if h := number(t, columns[1].height); h < 2 {
		t.Errorf("one comment is %.2f%% high beside 10,000, want at least 2", h)
	}
	if h := number(t, columns[2].height); h != 0 {
		t.Errorf("no comment is %.2f%% high, want 0", h)
	}
}

func number(t *testing.T, percentage string) float64 {
	t.Helper()
	f, err := strconv.ParseFloat(strings.TrimSuffix(percentage, "%"), 64)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

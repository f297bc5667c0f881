package availability

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

var noon = time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)

func TestSilence(t *testing.T) {
	at := func(wall, steady time.Duration) moment { return moment{noon.Add(wall), steady} }
	before := func(m moment) *moment { return &m }
	const hour = time.Hour
	for name, c := range map[string]struct {
		last     time.Time
		now      moment
		previous *moment
		want     time.Duration
	}{
		"the very first sign of life":            {time.Time{}, at(0, 0), nil, 0},
		"a quick restart":                        {noon, at(90*time.Second, 0), nil, 0},
		"a restart after three hours":            {noon, at(3*hour, 0), nil, 3 * hour},
		"a beat in time":                         {noon, at(20*time.Second, 20*time.Second), before(at(0, 0)), 0},
		"the wall's clock jumped on by a day":    {noon, at(24*hour, 20*time.Second), before(at(0, 0)), 0},
		"it was set back by a day":               {noon, at(-24*hour, 20*time.Second), before(at(0, 0)), 0},
		"set back, then started again":           {noon, at(-hour, 0), nil, 0},
		"the database was away for ten minutes":  {noon, at(10*time.Minute, 10*time.Minute), before(at(0, 0)), 10 * time.Minute},
		"away, and the clock jumped meanwhile":   {noon, at(5*hour, 10*time.Minute), before(at(0, 0)), 10 * time.Minute},
		"away, but another node was heard":       {noon.Add(9 * time.Minute), at(10*time.Minute, 10*time.Minute), before(at(0, 0)), 0},
		"away, and the clock was set back":       {noon, at(-hour, 10*time.Minute), before(at(0, 0)), 0},
		"another node's clock is a little ahead": {noon.Add(3 * time.Second), at(0, 0), nil, 0},
	} {
		got, found := silence(c.last, c.now, c.previous)
		if found != (c.want > 0) || found && got.Length() != c.want {
			t.Errorf("%s: %v (%s), want %s", name, found, got.Length(), c.want)
		}
	}
}

// Whatever spans are given: their union is in order, apart, covers the same
// instants, and is as long as counting the seconds one by one.
func TestUnionCountsEverySecondOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const seconds = 200
		spans, covered := make([]Span, rapid.IntRange(0, 8).Draw(t, "spans")), [seconds]bool{}
		var outages []Outage
		for i := range spans {
			a, b := rapid.IntRange(0, seconds).Draw(t, "a"), rapid.IntRange(0, seconds).Draw(t, "b")
			spans[i] = Span{noon.Add(time.Duration(a) * time.Second), noon.Add(time.Duration(b) * time.Second)}
			outages = append(outages, Outage{BeganAt: spans[i].From, EndedAt: spans[i].To})
			for s := a; s < b; s++ {
				covered[s] = true
			}
		}
		last := time.Time{}
		for _, s := range Union(spans) {
			if !s.From.After(last) || s.Length() == 0 {
				t.Fatalf("%v is not apart from what was before", s)
			}
			last = s.To
		}
		from, to := rapid.IntRange(0, seconds).Draw(t, "from"), rapid.IntRange(0, seconds).Draw(t, "to")
		want := 0
		for s := from; s < to; s++ {
			if covered[s] {
				want++
			}
		}
		frame := Span{noon.Add(time.Duration(from) * time.Second), noon.Add(time.Duration(to) * time.Second)}
		if got := Lost(outages, frame); got != time.Duration(want)*time.Second {
			t.Fatalf("%s lost, want %d s", got, want)
		}
	})
}

func TestDaysAreWholeAndNeverTooFew(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lost := time.Duration(rapid.Int64Range(0, int64(100*24*time.Hour)).Draw(t, "lost"))
		days := time.Duration(Days(lost)) * 24 * time.Hour
		if days < lost || days-lost >= 24*time.Hour {
			t.Fatalf("%s is made up by %s", lost, days)
		}
	})
	if Days(0) != 0 || Days(time.Second) != 1 || Days(24*time.Hour) != 1 || Days(24*time.Hour+1) != 2 {
		t.Error("the rule is not kept")
	}
}

package procedure_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"guangyi/internal/procedure"
)

var instants = rapid.Custom(func(t *rapid.T) time.Time {
	minutes := rapid.Int64Range(0, 8*366*24*60).Draw(t, "minutes")
	return time.Date(2019, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(minutes) * time.Minute)
})

var units = rapid.SampledFrom([]procedure.Unit{procedure.Days, procedure.WorkingDays, procedure.Hours})

var sorts = rapid.SampledFrom([]procedure.Sort{procedure.Lead, procedure.Period, procedure.Limit})

// A period of days ends at midnight, after at least as many whole days; one unit
// more never ends earlier; and the hour of the event on its day changes nothing.
func TestPeriodsCountWholeDays(t *testing.T) {
	all, zone := profiles(t), shanghai(t)
	rapid.Check(t, func(t *rapid.T) {
		c := all[rapid.SampledFrom(all.IDs()).Draw(t, "profile")].Calendar
		from, n := instants.Draw(t, "from"), rapid.IntRange(1, 60).Draw(t, "n")
		unit, as := rapid.SampledFrom([]procedure.Unit{procedure.Days, procedure.WorkingDays}).Draw(t, "unit"), sorts.Draw(t, "as")
		end, _ := c.End(from, n, unit, as)
		local := end.In(zone)
		if local.Hour() != 0 || local.Minute() != 0 {
			t.Fatalf("ends at %s", local)
		}
		if have := c.Between(from, end, unit); have < n || (as == procedure.Lead && have != n) {
			t.Fatalf("%d %s end after %d", n, unit, have)
		}
		later, _ := c.End(from, n+1, unit, as)
		if later.Before(end) {
			t.Fatalf("%d end at %s, %d at %s", n, end, n+1, later)
		}
		y, m, d := from.In(zone).Date()
		morning, _ := c.End(time.Date(y, m, d, 0, 0, 0, 0, zone), n, unit, as)
		if !morning.Equal(end) {
			t.Fatalf("counted from the hour: %s and %s", morning, end)
		}
	})
}

// Working days, counted one by one with nothing but the question whether a day
// is worked, give the same end.
func TestWorkingDaysAreCountedOneByOne(t *testing.T) {
	c, zone := profiles(t)["cn"].Calendar, shanghai(t)
	rapid.Check(t, func(t *rapid.T) {
		from, n := instants.Draw(t, "from"), rapid.IntRange(1, 30).Draw(t, "n")
		y, m, d := from.In(zone).Date()
		for left := n; left > 0; {
			d++
			if working, _ := c.Working(time.Date(y, m, d, 12, 0, 0, 0, zone)); working {
				left--
			}
		}
		want := time.Date(y, m, d+1, 0, 0, 0, 0, zone)
		if end, _ := c.End(from, n, procedure.WorkingDays, procedure.Lead); !end.Equal(want) {
			t.Fatalf("ends %s, one by one %s", end, want)
		}
	})
}

// The last moment for the first event, and not a moment later, lets the second be.
func TestLatestIsTheLastMomentThatWillDo(t *testing.T) {
	p := profiles(t)["cn"]
	rapid.Check(t, func(t *rapid.T) {
		r := procedure.Rule{Number: rapid.IntRange(1, 40).Draw(t, "n"), Unit: units.Draw(t, "unit"), As: procedure.Lead}
		to := instants.Draw(t, "to")
		latest, _ := p.Latest(r, to)
		if end, _ := p.Calendar.End(latest, r.Number, r.Unit, r.As); end.After(to) {
			t.Fatalf("from %s the period ends %s, after %s", latest, end, to)
		}
		if end, _ := p.Calendar.End(latest.Add(time.Microsecond), r.Number, r.Unit, r.As); !end.After(to) {
			t.Fatalf("a moment later would have done: %s", end)
		}
	})
}

// The figures of the calendar's own source: working days by year.
func TestYearsHaveTheirWorkingDays(t *testing.T) {
	c, zone := profiles(t)["cn"].Calendar, shanghai(t)
	for year, want := range map[int]int{2019: 250, 2020: 249, 2021: 250, 2022: 249, 2023: 249, 2024: 251, 2025: 248, 2026: 248} {
		n := 0
		for d := time.Date(year, 1, 1, 12, 0, 0, 0, zone); d.Year() == year; d = d.AddDate(0, 0, 1) {
			if working, _ := c.Working(d); working {
				n++
			}
		}
		if n != want {
			t.Errorf("%d has %d working days, want %d", year, n, want)
		}
	}
}

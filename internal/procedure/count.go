package procedure

import "time"

// End is the instant at which n units after from are over. The day of the event
// does not count; the period runs from the next day and ends at 24:00 of its last
// day in the calendar's zone (民法典 art. 201, 203), so "published on the 19th"
// and 30 days end at 24:00 on the 19th of a month of 30. A period (or limit) whose
// last day is a public holiday ends with the next day that is none, where the
// profile says so (art. 203 again). Hours are counted from the event itself.
//
// "7 days before the hearing" is counted by the same rule: the papers arrive on
// day D, the days D+1 to D+7 must be over, the hearing may begin on D+8 at the
// earliest. That is the reading that nobody can call short; whether art. 201
// governs the regulation's 7日前 is inferred, not stated in it.
//
// provisional says that a day decided it whose year's holidays were not announced.
func (c *Calendar) End(from time.Time, n int, unit Unit, as Sort) (end time.Time, provisional bool) {
	if unit == Hours {
		return from.Add(time.Duration(n) * time.Hour).UTC(), false
	}
	last := c.day(from)
	if unit == Days {
		last += day(n)
	}
	for counted := 0; unit == WorkingDays && counted < n; {
		last++
		provisional = provisional || !c.certain(last)
		if c.working(last) {
			counted++
		}
	}
	if unit == Days && c.moves && as != Lead {
		provisional = !c.certain(last)
		for c.holiday(last) {
			last++
			provisional = provisional || !c.certain(last)
		}
	}
	return c.start(last + 1), provisional
}

// Between is how many whole units lie between two instants, by the counting of
// End without its move over holidays; 0 when to is not after from.
func (c *Calendar) Between(from, to time.Time, unit Unit) int {
	if !to.After(from) {
		return 0
	}
	if unit == Hours {
		return int(to.Sub(from) / time.Hour)
	}
	first, last := c.day(from)+1, c.day(to)-1
	if unit == Days {
		return max(0, int(last-first)+1)
	}
	n := 0
	for d := first; d <= last; d++ {
		if c.working(d) {
			n++
		}
	}
	return n
}

package procedure

import "time"

// day is a date as a number of days, without a zone.
type day int64

func dayOf(t time.Time) day {
	y, m, d := t.Date()
	return day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

func (d day) date() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// Calendar counts days in one zone, by the public holidays and make-up working
// days (调休) that were announced.
type Calendar struct {
	zone       *time.Location
	moves      bool
	named      bool // there is a list of holidays; without one only weekends are free
	off        map[day]bool
	makeUp     map[day]bool
	announced  map[int]bool
	known      map[string]bool // holidays by month and day that need no announcement
	unsureFrom string          // month and day from which the next year's notice may reach back
}

func (c *Calendar) day(t time.Time) day { return dayOf(t.In(c.zone)) }

// start is the first instant of a day in the calendar's zone.
func (c *Calendar) start(d day) time.Time {
	t := d.date()
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, c.zone).UTC()
}

// certain reports whether the notices that can name the day were given out.
func (c *Calendar) certain(d day) bool {
	if !c.named {
		return true
	}
	t := d.date()
	if !c.announced[t.Year()] {
		return false
	}
	return c.unsureFrom == "" || t.Format("01-02") < c.unsureFrom || c.announced[t.Year()+1]
}

// holiday reports whether the day is a public holiday. Ordinary weekends are none.
func (c *Calendar) holiday(d day) bool {
	if c.off[d] {
		return true
	}
	t := d.date()
	return !c.announced[t.Year()] && c.known[t.Format("01-02")]
}

func (c *Calendar) working(d day) bool {
	if c.makeUp[d] {
		return true
	}
	if c.holiday(d) {
		return false
	}
	w := d.date().Weekday()
	return w != time.Saturday && w != time.Sunday
}

// Working reports whether the instant falls on a working day; provisional when
// the year's holidays were not announced.
func (c *Calendar) Working(t time.Time) (working, provisional bool) {
	d := c.day(t)
	return c.working(d), !c.certain(d)
}

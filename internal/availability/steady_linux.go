package availability

import (
	"time"

	"golang.org/x/sys/unix"
)

// steadyClock is Linux' time since the machine started, sleep included: a machine
// that slept was not there, while Go's own monotonic clock stands still meanwhile
// (clock_gettime(2), CLOCK_BOOTTIME).
func steadyClock() func() time.Duration {
	var t unix.Timespec
	if unix.ClockGettime(unix.CLOCK_BOOTTIME, &t) != nil {
		return sinceStart()
	}
	return func() time.Duration {
		var t unix.Timespec
		_ = unix.ClockGettime(unix.CLOCK_BOOTTIME, &t) // it answered before
		return time.Duration(t.Nano())
	}
}

//go:build !linux

package availability

import "time"

func steadyClock() func() time.Duration { return sinceStart() }

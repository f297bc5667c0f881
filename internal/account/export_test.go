package account

import "time"

// HashAt makes a hash at another cost, as an earlier version of the program would have.
func HashAt(memory, passes uint32, lanes uint8, password string) string {
	c := cost{memory, passes, lanes}
	salt := random(saltSize)
	return c.format(salt, c.sum(password, salt, hashSize))
}

// Pause and Wait are those of the person's brake.
func Pause(n int64) time.Duration { return personBrake.pause(n) }

// Wait is how long an attempt is too early.
func Wait(n int64, last, now time.Time) time.Duration { return personBrake.wait(n, last, now) }

// PausesEndAt is the longest pause.
var PausesEndAt = personBrake.most

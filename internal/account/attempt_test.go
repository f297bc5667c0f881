package account_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"guangyi/internal/account"
)

// Whatever the number of failures: waiting the time that was named is enough,
// waiting less is not; more failures never wait shorter; no wait is for ever.
func TestSlowingDownIsFairForEveryCount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(0, 1<<62).Draw(t, "failures")
		early := time.Duration(rapid.Int64Range(0, int64(2*time.Hour)).Draw(t, "after"))
		now := noon.Add(early)
		wait := account.Wait(n, noon, now)
		if wait < 0 || wait > account.PausesEndAt {
			t.Fatalf("wait %v", wait)
		}
		if account.Wait(n, noon, now.Add(wait)) != 0 {
			t.Fatalf("waiting %v as told is not enough", wait)
		}
		if wait > 0 && account.Wait(n, noon, now.Add(wait-time.Nanosecond)) == 0 {
			t.Fatalf("less than %v is enough", wait)
		}
		if n < 1<<62 && account.Pause(n+1) < account.Pause(n) {
			t.Fatalf("%d failures wait longer than %d", n, n+1)
		}
		if account.Wait(n, noon, noon.Add(24*time.Hour)) != 0 {
			t.Fatal("failures of yesterday still count")
		}
	})
}

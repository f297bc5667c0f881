package submission

import (
	"slices"
	"strings"
	"time"
)

// KindOf reads a kind of sender as tables and clerks write it: its code or a usual
// word.
func KindOf(written string) (Kind, bool) {
	k := Kind(strings.ToLower(strings.TrimSpace(written)))
	if known, ok := kindNames[string(k)]; ok {
		k = known
	}
	return k, slices.Contains(Kinds, k)
}

// InstantOf reads a time as tables and clerks write it, or Unix seconds or
// milliseconds; one without an offset is China's.
func InstantOf(written string) (time.Time, bool) { return readInstant(strings.TrimSpace(written)) }

package ids

import (
	"sync"
	"testing"
)

func TestIdentifiersGrowAndNeverRepeat(t *testing.T) {
	a, b := ForNode(1), ForNode(2)
	seen := sync.Map{}
	var wg sync.WaitGroup
	for _, g := range []*Generator{a, a, b, b} {
		wg.Add(1)
		go func() {
			defer wg.Done()
			last := int64(0)
			for range 20000 {
				id := g.Next()
				if id <= last {
					t.Errorf("%d came after %d", id, last)
					return
				}
				if _, twice := seen.LoadOrStore(id, true); twice {
					t.Errorf("%d came twice", id)
					return
				}
				last = id
			}
		}()
	}
	wg.Wait()
}

func TestOnlyPositiveNumbersAreIdentifiers(t *testing.T) {
	for _, s := range []string{"", "0", "-1", "1x", "99999999999999999999", " 1"} {
		if _, ok := Parse(s); ok {
			t.Errorf("%q was taken", s)
		}
	}
	if id, ok := Parse(Format(42)); !ok || id != 42 {
		t.Error("42 does not come back")
	}
}

package challenge

import (
	"crypto/rand"
	"hash/maphash"
	"sync"
	"time"
)

// How hard a task is: the largest number to try. On average half of it is tried.
//
// MostWork bounds it by the slowest telephone that anybody should have to use. The
// site's own script tries 1,700,000 numbers a second on a core of a server, 550,000
// in a browser on a busy machine of two cores; a telephone of 2014 is up to thirty
// times slower than the former. At 50,000 a second the hardest task takes two
// seconds at worst and one on average, the usual one two tenths, while the person
// still types.
const (
	LeastWork = 20_000
	MostWork  = 100_000
)

// easyTasks is how many tasks a network may ask for in a minute before they get
// harder: a large office that comments at once stays below it.
const easyTasks = 60

// load counts the tasks that each network asked for in this minute. Networks are
// kept as hashes under a key that lives as long as the minute, in memory only.
type load struct {
	mu     sync.Mutex
	minute int64
	seed   maphash.Seed
	salt   [16]byte
	counts map[uint64]int
}

func newLoad() *load { return &load{minute: -1, counts: map[uint64]int{}} }

// work counts a task and says how hard it is to be.
func (l *load) work(network string, now time.Time) int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	if minute := now.Unix() / 60; minute != l.minute {
		l.minute, l.seed = minute, maphash.MakeSeed()
		_, _ = rand.Read(l.salt[:])
		clear(l.counts)
	}
	key := maphash.String(l.seed, string(l.salt[:])+network)
	l.counts[key]++
	return workFor(l.counts[key])
}

// workFor grows in proportion to how far a network is above what is usual.
func workFor(tasks int) int64 {
	return min(max(LeastWork, LeastWork*int64(tasks)/easyTasks), MostWork)
}

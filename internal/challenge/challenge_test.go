package challenge_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guangyi/internal/challenge"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/platform/seal"
)

var (
	ctx   = context.Background()
	start = time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)
)

// booth gives tasks on a clock that stands.
type booth struct {
	*challenge.Service
	t     testing.TB
	db    *database.DB
	keys  *seal.Keys
	clock *clock.Manual
}

func each(t *testing.T, test func(*booth)) {
	t.Helper()
	c := clock.At(start)
	databasetest.EachWith(t, database.Options{Clock: c}, func(t *testing.T, db *database.DB) {
		c.Set(start)
		test(newBooth(t, db, c))
	})
}

func single(t *testing.T) *booth {
	t.Helper()
	c := clock.At(start)
	db, err := database.Open(ctx, databasetest.Target(t, database.SQLite), database.Options{Clock: c})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return newBooth(t, db, c)
}

func newBooth(t testing.TB, db *database.DB, c *clock.Manual) *booth {
	t.Helper()
	keys, err := seal.Open(ctx, db, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return &booth{Service: challenge.New(db, keys, true, time.UTC), t: t, db: db, keys: keys, clock: c}
}

// solved is a task with its answer.
func (b *booth) solved() string {
	b.t.Helper()
	answer := challenge.Solve(b.Issue("192.0.2.0/24"))
	if answer == "" {
		b.t.Fatal("a task without an answer")
	}
	return answer
}

func (b *booth) want(what, code string, err error) {
	b.t.Helper()
	if got := challenge.Reason(err); got != code || (code == "") != (err == nil) {
		b.t.Errorf("%s: %v, want %q", what, err, code)
	}
}

func TestATaskIsWhatALTCHADocuments(t *testing.T) {
	each(t, func(b *booth) {
		task := b.Issue("192.0.2.0/24")
		if task.Algorithm != "SHA-256" || len(task.Challenge) != 64 || len(task.Signature) != 64 || task.MaxNumber < 1 {
			b.t.Fatalf("%+v", task)
		}
		_, query, _ := strings.Cut(task.Salt, "?")
		values, err := url.ParseQuery(strings.TrimSuffix(query, "&"))
		if err != nil || values.Get("expires") != strconv.FormatInt(start.Add(challenge.Life).Unix(), 10) {
			b.t.Fatalf("the salt %q does not say when the task lapses: %v", task.Salt, err)
		}
		raw, err := base64.StdEncoding.DecodeString(challenge.Solve(task))
		var answer struct {
			Algorithm, Challenge, Salt, Signature string
			Number                                int64
		}
		if err != nil || json.Unmarshal(raw, &answer) != nil {
			b.t.Fatalf("%v %s", err, raw)
		}
		sum := sha256.Sum256([]byte(fmt.Sprintf("%s%d", answer.Salt, answer.Number)))
		if hex.EncodeToString(sum[:]) != task.Challenge || answer.Number > task.MaxNumber {
			b.t.Fatalf("the answer %s does not fit %+v", raw, task)
		}
	})
}

func TestAnAnswerCountsOnceAndInItsTime(t *testing.T) {
	each(t, func(b *booth) {
		first, second := b.solved(), b.solved()
		b.want("no answer", challenge.Missing, b.Spend(ctx, " "))
		b.want("an answer", "", b.Verify(ctx, first))
		b.want("looking uses nothing up", "", b.Spend(ctx, first))
		b.want("again", challenge.Used, b.Spend(ctx, first))
		b.want("again, looked at", challenge.Used, b.Verify(ctx, first))
		if err := b.Return(ctx, first); err != nil {
			b.t.Fatal(err)
		}
		b.want("given back", "", b.Spend(ctx, first))
		b.clock.Add(challenge.Life)
		b.want("at its last second", "", b.Spend(ctx, second))
		b.clock.Add(time.Second)
		b.want("too late", challenge.Expired, b.Spend(ctx, b.made(start, 7)))
		b.want("too late and used", challenge.Expired, b.Spend(ctx, first))
		b.clock.Add(2 * time.Minute)
		if err := b.Clean(ctx); err != nil {
			b.t.Fatal(err)
		}
		var kept int64
		if err := b.db.Read(ctx).Table("challenge_uses").Count(&kept).Error; err != nil || kept != 0 {
			b.t.Errorf("%d used answers are kept for ever, %v", kept, err)
		}
	})
}

// made is an answer to a task that was given at an instant, with a number known.
func (b *booth) made(at time.Time, number int) string {
	b.t.Helper()
	now := b.clock.Now()
	b.clock.Set(at)
	defer b.clock.Set(now)
	return b.solved()
}

// Whatever is changed in an answer that somebody else was given, it is none: not
// the time, not by moving a digit from the number into the salt, not the number.
func TestAForgedAnswerIsNone(t *testing.T) {
	b := single(t)
	rapid.Check(t, func(t *rapid.T) {
		raw, err := base64.StdEncoding.DecodeString(b.solved())
		if err != nil {
			t.Fatal(err)
		}
		var a map[string]any
		if err := json.Unmarshal(raw, &a); err != nil {
			t.Fatal(err)
		}
		number := strconv.FormatInt(int64(a["number"].(float64)), 10)
		switch rapid.IntRange(0, 6).Draw(t, "change") {
		case 0: // a later end, hashed anew, but not signed
			a["salt"] = strings.Replace(a["salt"].(string), "expires=1", "expires=9", 1)
			sum := sha256.Sum256([]byte(a["salt"].(string) + number))
			a["challenge"] = hex.EncodeToString(sum[:])
		case 1: // digits wander: the hash stays the same
			a["salt"] = a["salt"].(string) + number[:1]
			rest := "0" + number[1:]
			a["number"] = json.Number(strings.TrimLeft(rest, "0") + "")
			if a["number"] == json.Number("") {
				a["number"] = 0
			}
		case 2:
			a["number"] = int64(a["number"].(float64)) + 1
		case 3:
			a["signature"] = strings.Repeat("0", 64)
		case 4:
			a["algorithm"] = "SHA-1"
		case 5:
			a["number"] = -1
		case 6: // the end is taken off the salt, hashed anew
			a["salt"] = strings.Split(a["salt"].(string), "?")[0]
			sum := sha256.Sum256([]byte(a["salt"].(string) + number))
			a["challenge"] = hex.EncodeToString(sum[:])
		}
		raw, err = json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		if got := challenge.Reason(b.Spend(ctx, base64.StdEncoding.EncodeToString(raw))); got != challenge.Wrong {
			t.Fatalf("%s: %q", raw, got)
		}
	})
	for _, text := range []string{"x", "e30=", base64.StdEncoding.EncodeToString([]byte("[]")), strings.Repeat("A", 5000), "\x00"} {
		b.want(fmt.Sprintf("%.20q", text), challenge.Wrong, b.Spend(ctx, text))
	}
}

// Two nodes over one database take an answer once, however they race.
func TestOfManyAtOnceOneIsTaken(t *testing.T) {
	each(t, func(b *booth) {
		other := challenge.New(b.db, b.keys, true, time.UTC)
		answer := b.solved()
		var taken atomic.Int32
		var all sync.WaitGroup
		for i := range 12 {
			node := b.Service
			if i%2 == 1 {
				node = other
			}
			all.Go(func() {
				if err := node.Spend(ctx, answer); err == nil {
					taken.Add(1)
				} else if challenge.Reason(err) != challenge.Used {
					b.t.Error(err)
				}
			})
		}
		all.Wait()
		if taken.Load() != 1 {
			b.t.Errorf("taken %d times", taken.Load())
		}
	})
}

func TestWhoHasAnAccountIsNotAsked(t *testing.T) {
	b := single(t)
	member := actor.Actor{Kind: actor.Account, ID: 3}
	token := actor.Actor{Kind: actor.Token, TokenID: 4}
	var none *challenge.Service
	if !b.Asks(actor.Public()) || b.Asks(member) || b.Asks(token) || none.Asks(actor.Public()) ||
		challenge.New(b.db, b.keys, false, time.UTC).Asks(actor.Public()) {
		t.Error("the wrong ones are asked")
	}
	if ok, err := b.Worked(ctx, member, ""); !ok || err != nil {
		t.Error("a member is slowed down", err)
	}
	if ok, err := b.Worked(ctx, actor.Public(), "nonsense"); ok || err != nil {
		t.Error("a form with a wrong answer is refused", err)
	}
}

// A network that asks for many tasks gets harder ones, up to what an old telephone
// can do; its neighbours do not, and a minute later it is forgotten.
func TestTasksGrowHarderWithTheLoadOfANetworkAndNotForEver(t *testing.T) {
	b := single(t)
	const office, flood = "198.51.100.0/24", "203.0.113.0/24"
	for range 60 {
		if task := b.Issue(office); task.MaxNumber != challenge.LeastWork {
			t.Fatalf("an office of sixty gets %d", task.MaxNumber)
		}
	}
	last := int64(0)
	for range 2000 {
		task := b.Issue(flood)
		if task.MaxNumber < last || task.MaxNumber > challenge.MostWork {
			t.Fatalf("%d after %d", task.MaxNumber, last)
		}
		last = task.MaxNumber
	}
	if last != challenge.MostWork {
		t.Errorf("a flood gets %d at most", last)
	}
	if task := b.Issue("192.0.2.0/24"); task.MaxNumber != challenge.LeastWork {
		t.Errorf("its neighbour gets %d", task.MaxNumber)
	}
	b.clock.Add(time.Minute)
	if task := b.Issue(flood); task.MaxNumber != challenge.LeastWork {
		t.Errorf("a minute later it is %d", task.MaxNumber)
	}
}

// The hardest task is done in two seconds by a telephone that tries 50,000 numbers
// a second, even when the number is the last one.
func TestTheHardestTaskTakesAnOldTelephoneTwoSeconds(t *testing.T) {
	const tries = 50_000
	if worst := time.Duration(challenge.MostWork) * time.Second / tries; worst > 2*time.Second {
		t.Errorf("it takes %s", worst)
	}
}

func TestWhatWasSlowedDownIsCountedByDayAndNothingElse(t *testing.T) {
	each(t, func(b *booth) {
		other := challenge.New(b.db, b.keys, true, time.UTC)
		for range 3 {
			b.Note(challenge.KindLimited)
		}
		other.Note(challenge.KindLimited)
		other.Note(challenge.KindTrap)
		b.clock.Add(24 * time.Hour)
		b.Note(challenge.Missing)
		if err := other.Flush(ctx); err != nil {
			b.t.Fatal(err)
		}
		days, err := b.Days(ctx, 14)
		if err != nil || len(days) != 2 || days[0].Day != "2026-11-25" {
			b.t.Fatalf("%v %v", days, err)
		}
		if days[0].Counts[challenge.Missing] != 1 || days[1].Counts[challenge.KindLimited] != 4 || days[1].Counts[challenge.KindTrap] != 1 {
			b.t.Errorf("%v", days)
		}
		b.clock.Add(30 * 24 * time.Hour)
		if days, err = b.Days(ctx, 14); err != nil || len(days) != 0 {
			b.t.Errorf("a month later: %v %v", days, err)
		}
	})
}

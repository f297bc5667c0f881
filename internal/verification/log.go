package verification

import (
	"cmp"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"
)

// The facts of a log, in the order in which they are checked.
const (
	FactLogKeys        = "log.keys"        // the keys are there, and each new one was introduced by one before it
	FactLogSignature   = "log.signature"   // every checkpoint is signed
	FactLogCheckpoints = "log.checkpoints" // the checkpoints are of one log, and no two of one size differ
	FactLogEntries     = "log.entries"     // every entry is there, at its place, with its hash
	FactLogDuplicate   = "log.duplicate"   // no entry stands there twice
	FactLogRoot        = "log.root"        // the entries hash to what was signed
	FactLogForm        = "log.form"        // every entry says what entries say
)

// Entry is one entry of a log as it is published.
type Entry struct {
	Index    int64
	Leaf     []byte
	LeafHash string // hexadecimal, as stated; empty: not stated
}

// Log checks a log from its beginning. First come the checkpoints, then the
// entries in their order, then End. It keeps some dozens of bytes an entry.
type Log struct {
	list
	keys        Keys
	checkpoints []Checkpoint
	checked     int // how many checkpoints signed
	at          int // the checkpoint that the entries reach next
	tree        Tree
	places      map[tlog.Hash]int64
	pages       map[string]*Record // by consultation
	unknown     map[string]int     // entries by a kind that this program does not know
	failed      map[string]bool    // facts that broke already
}

// NewLog begins a check with the log's keys.
func NewLog(keys Keys) *Log {
	l := &Log{keys: keys, places: map[tlog.Hash]int64{}, pages: map[string]*Record{}, unknown: map[string]int{}, failed: map[string]bool{}}
	for _, one := range keys.unknown {
		l.open(FactLogKeys, "the key %s is of an algorithm that this program does not know; its signatures are passed over", one)
	}
	return l
}

// Findings are what was seen so far.
func (l *Log) Findings() []Finding { return l.list }

// Size is how many entries were read.
func (l *Log) Size() int64 { return l.tree.Size() }

// Newest is the largest checkpoint; false when there is none.
func (l *Log) Newest() (Checkpoint, bool) {
	if len(l.checkpoints) == 0 {
		return Checkpoint{}, false
	}
	return l.checkpoints[len(l.checkpoints)-1], true
}

// Record is what the log says of a consultation; nil when it says nothing.
func (l *Log) Record(consultation string) *Record { return l.pages[consultation] }

// Summarised lists the consultations whose summary stands in the log.
func (l *Log) Summarised() (slugs []string) {
	for slug, r := range l.pages {
		if len(r.summaries) > 0 {
			slugs = append(slugs, slug)
		}
	}
	slices.Sort(slugs)
	return slugs
}

// once reports a fact as broken, the first time only: one fault makes thousands.
func (l *Log) once(fact, detail string, args ...any) {
	if !l.failed[fact] {
		l.failed[fact] = true
		l.broken(fact, detail, args...)
	}
}

// Checkpoint takes one published checkpoint, in any order.
func (l *Log) Checkpoint(text string) {
	c, err := l.keys.Open(text)
	if err != nil {
		l.once(FactLogSignature, "a checkpoint does not hold: %v", err)
		return
	}
	l.checkpoints = append(l.checkpoints, c)
}

// Ready checks the checkpoints against each other, when all were taken.
func (l *Log) Ready() {
	slices.SortStableFunc(l.checkpoints, func(a, b Checkpoint) int { return cmp.Compare(a.Size, b.Size) })
	for i := 1; i < len(l.checkpoints); i++ {
		before, c := l.checkpoints[i-1], l.checkpoints[i]
		if c.Origin != before.Origin {
			l.once(FactLogCheckpoints, "one checkpoint is of the log %q, another of %q", before.Origin, c.Origin)
		}
		if c.Size == before.Size && c.Root != before.Root {
			l.once(FactLogCheckpoints, "two checkpoints of %d entries have different roots: two histories were signed", c.Size)
		}
	}
	if len(l.checkpoints) == 0 {
		l.once(FactLogCheckpoints, "there is no checkpoint")
	}
	if !l.failed[FactLogSignature] && len(l.checkpoints) > 0 {
		l.holds(FactLogSignature, "%d checkpoints, each signed by a key of the log", len(l.checkpoints))
	}
	l.handover()
	if n := len(l.checkpoints); n > 0 && !l.failed[FactLogCheckpoints] {
		l.holds(FactLogCheckpoints, "all are of %s; the newest has %d entries", l.checkpoints[n-1].Origin, l.checkpoints[n-1].Size)
	}
	l.reach()
}

// handover: a key that comes later is trusted because one trusted before it signed
// the same checkpoint; those of the first checkpoint are where trust begins.
func (l *Log) handover() {
	if len(l.checkpoints) == 0 {
		return
	}
	trusted := map[int]bool{}
	for i, c := range l.checkpoints {
		if i > 0 && !slices.ContainsFunc(c.signers, func(i int) bool { return trusted[i] }) {
			l.once(FactLogKeys, "the checkpoint of %d entries is signed by the key %s, which no key before it introduced", c.Size, l.keys.texts[c.signers[0]])
			return
		}
		for _, i := range c.signers {
			trusted[i] = true
		}
	}
	l.holds(FactLogKeys, "%d known; the log began with %s", len(l.keys.texts), l.keys.texts[l.checkpoints[0].signers[0]])
}

// Entry takes the next entry. Whatever is wrong with it, the others are still
// looked at.
func (l *Log) Entry(e Entry) {
	want := l.tree.Size()
	if e.Index != want {
		l.once(FactLogEntries, "entry %d stands where entry %d should: one is left out, or they stand in another order", e.Index, want)
	}
	hash := tlog.RecordHash(e.Leaf)
	if e.LeafHash != "" && e.LeafHash != hexHash(hash) {
		l.once(FactLogEntries, "entry %d was changed: its bytes hash to %s, its hash is given as %s", e.Index, hexHash(hash), e.LeafHash)
	}
	if first, there := l.places[hash]; there {
		l.once(FactLogDuplicate, "entries %d and %d are the same", first, want)
	} else {
		l.places[hash] = want
	}
	l.tree.Add(hash)
	if err := l.take(want, hash, e.Leaf); err != nil {
		l.once(FactLogForm, "entry %d: %v", want, err)
	}
	l.reach()
}

// reach compares the root with every checkpoint of the size that is reached.
func (l *Log) reach() {
	for ; l.at < len(l.checkpoints) && l.checkpoints[l.at].Size == l.tree.Size(); l.at++ {
		c := l.checkpoints[l.at]
		if c.Root != l.tree.Root() {
			l.once(FactLogRoot, "the first %d entries are not those that were signed: they hash to %s, the checkpoint of %d says %s. %s",
				c.Size, hexHash(l.tree.Root()), c.Size, hexHash(c.Root), l.since())
			continue
		}
		l.checked++
	}
}

// since says where the change must lie.
func (l *Log) since() string {
	if l.at == 0 || l.checkpoints[l.at-1].Size == 0 {
		return "An entry was changed, left out, added or moved"
	}
	return fmt.Sprintf("The first %d still hold; one of the entries after them was changed, left out, added or moved", l.checkpoints[l.at-1].Size)
}

// End says how it came out, once all entries were taken.
func (l *Log) End() {
	c, there := l.Newest()
	if !there {
		return
	}
	if n := l.tree.Size(); n < c.Size {
		l.once(FactLogEntries, "the newest checkpoint has %d entries, only %d were given", c.Size, n)
	}
	if !l.failed[FactLogEntries] {
		l.holds(FactLogEntries, "%d, none missing", l.tree.Size())
	}
	if !l.failed[FactLogDuplicate] {
		l.holds(FactLogDuplicate, "no entry stands there twice")
	}
	if !l.failed[FactLogRoot] && !l.failed[FactLogEntries] {
		l.holds(FactLogRoot, "the entries hash to the root of each of %d checkpoints", l.checked)
	}
	if !l.failed[FactLogForm] {
		l.holds(FactLogForm, "every entry can be read")
	}
	for _, kind := range sortedKeys(l.unknown) {
		l.open(FactLogForm, "%d entries are of the kind %q, which this program does not know", l.unknown[kind], kind)
	}
}

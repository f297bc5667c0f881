package sitting

import (
	"cmp"
	"slices"
	"time"
)

// Here is where a person is.
type Here string

// The places of a person on the day.
const (
	Expected Here = "expected"
	Inside   Here = "in" // checked in and in the room
	Outside  Here = "out"
	Excused  Here = "excused"
	Left     Here = "left"
)

// Turn is where a speaker's turn stands.
type Turn string

// The states of a turn.
const (
	Waiting  Turn = "waiting"
	Speaking Turn = "speaking"
	Spoken   Turn = "spoken" // ended, the words not confirmed
	Linked   Turn = "linked" // to be confirmed by a link
	Signed   Turn = "signed"
	Dropped  Turn = "dropped"
)

// Record is a day as its acts tell it. The zero time says: not yet.
type Record struct {
	Begun, Ended time.Time
	Item         string // the agenda item that is open
	Seats        map[string]*Presence
	Items        map[string]*Outcome
	Turns        map[string]*Entry
	Conflicts    []Conflict

	order  map[string][]string // turns of each item, in the order of the list
	alias  map[string]string
	talker string
}

// Presence is one person's day.
type Presence struct {
	State   Here
	At      time.Time // of the check-in
	Way     string
	Note    string
	LeftAt  time.Time
	Called  bool // a reserve asked in on the spot
	For     string
	Moves   []Move
	arrived string // device
}

// Move is one going out of the room or coming back during an item.
type Move struct {
	Item string
	Out  bool
	At   time.Time
}

// Outcome is what became of an agenda item.
type Outcome struct {
	Result string
	Words  string
	At     time.Time
	Act    string // the act that holds
	device string
}

// Wording is a text that its speaker confirmed.
type Wording struct {
	Act    string
	Points []Point // as taken down
	Own    []Point // the speaker's own, beside it; empty: the record is right
	Way    string
	At     time.Time
	File   string
}

// Spoken gives the words that count as the speaker's.
func (w Wording) Spoken() []Point {
	if len(w.Own) > 0 {
		return w.Own
	}
	return w.Points
}

// Entry is one turn on the speaking list.
type Entry struct {
	ID, Seat, Item string
	State          Turn
	Started        time.Time // of the running or last turn
	Seconds        int       // spoken so far, without what runs
	Points         []Point
	Variants       []Wording // other words for the same turn, kept
	Signed         []Wording // the first holds
	LinkedAt       time.Time
	Reply          string
	File           string
	SavedAt        time.Time
	saved          string // device
}

// Words are those that hold: confirmed ones, else the last taken down.
func (e *Entry) Words() []Point {
	if len(e.Signed) > 0 {
		return e.Signed[0].Spoken()
	}
	return e.Points
}

// Conflict is a contradiction between devices that a rule resolved: staff see what
// stands and what was set aside.
type Conflict struct {
	Key     string // names it for Settle
	Kind    string
	Seat    string
	Item    string
	Entry   string
	Stands  string // act
	Aside   string // act
	Settled bool
}

// Fold works the record out of a set of acts: each ID once, in the order of their
// time, and of their IDs where the times are equal.
func Fold(acts []Act) *Record {
	r := &Record{Seats: map[string]*Presence{}, Items: map[string]*Outcome{}, Turns: map[string]*Entry{},
		order: map[string][]string{}, alias: map[string]string{}}
	sorted := slices.Clone(acts)
	slices.SortStableFunc(sorted, func(a, b Act) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
	})
	seen := map[string]bool{}
	settled := map[string]bool{}
	for _, a := range sorted {
		if seen[a.ID] {
			continue
		}
		seen[a.ID] = true
		if a.Kind == Settle {
			settled[a.Text] = true
			continue
		}
		if do := steps[a.Kind]; do != nil {
			do(r, a)
		}
	}
	for i := range r.Conflicts {
		r.Conflicts[i].Settled = settled[r.Conflicts[i].Key]
	}
	return r
}

// steps is what each kind of act does to the record.
var steps map[Kind]func(*Record, Act)

func init() {
	steps = map[Kind]func(*Record, Act){
		Begin: (*Record).begin, End: func(r *Record, a Act) { r.Ended = a.At; r.halt(a) },
		OpenItem: func(r *Record, a Act) { r.Item = a.Item },
		CheckIn:  (*Record).checkIn, Excuse: (*Record).excuse, Clear: (*Record).clear, Leave: (*Record).leave, Call: (*Record).call,
		Out: (*Record).out, In: (*Record).back, ClearRoom: (*Record).clearRoom, Return: (*Record).returnAll,
		Add: (*Record).add, AddAll: (*Record).addAll, Earlier: (*Record).earlier, Drop: (*Record).drop,
		Start: (*Record).start, Stop: (*Record).stop, Words: (*Record).words, Reply: (*Record).reply,
		Sign: (*Record).sign, Later: (*Record).later, Attach: (*Record).attach, Decide: (*Record).decide,
	}
}

func (r *Record) begin(a Act) {
	if r.Begun.IsZero() {
		r.Begun = a.At
	}
}

func (r *Record) decide(a Act) {
	was := r.Items[a.Item]
	if was != nil && was.device != a.Device && was.Act != a.Base && was.Result != a.Result {
		r.note(Conflict{Kind: "two_results", Item: a.Item, Stands: a.ID, Aside: was.Act})
	}
	r.Items[a.Item] = &Outcome{Result: a.Result, Words: a.Text, At: a.At, Act: a.ID, device: a.Device}
}

func (r *Record) note(c Conflict) {
	first, second := c.Stands, c.Aside
	if first > second {
		first, second = second, first
	}
	c.Key = c.Kind + " " + first + " " + second
	r.Conflicts = append(r.Conflicts, c)
}

// Open lists the contradictions that nobody has seen to yet.
func (r *Record) Open() (out []Conflict) {
	for _, c := range r.Conflicts {
		if !c.Settled {
			out = append(out, c)
		}
	}
	return out
}

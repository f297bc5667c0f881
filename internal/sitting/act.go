// Package sitting keeps the day of a meeting: who came, who spoke for how long and
// in which words, what was decided, and afterwards the public account of it.
//
// A day is a set of acts, each made by a device with a name of its own and the
// device's time, also while there is no network. The record is worked out from the
// set alone: the order in which acts arrive, and how often, does not change it.
package sitting

import (
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
)

// Kind is what an act does.
type Kind string

// The kinds of acts.
const (
	Begin     Kind = "begin"      // the meeting begins
	End       Kind = "end"        // the meeting ends
	OpenItem  Kind = "item"       // an agenda item is called
	CheckIn   Kind = "check_in"   // somebody is here
	Excuse    Kind = "excuse"     // somebody gave notice of not coming
	Clear     Kind = "clear"      // presence was noted by mistake
	Leave     Kind = "leave"      // somebody leaves for good
	Call      Kind = "call"       // a reserve is asked in on the spot
	Out       Kind = "out"        // somebody leaves the room during an item
	In        Kind = "in"         // and comes back
	ClearRoom Kind = "clear_room" // all representatives leave, before deliberation
	Return    Kind = "return"     // and come back
	Add       Kind = "add"        // a speaker is put on the list
	AddAll    Kind = "add_all"    // all of Seats are put on the list
	Earlier   Kind = "earlier"    // a waiting speaker goes up one place
	Drop      Kind = "drop"       // a waiting speaker leaves the list
	Start     Kind = "start"      // somebody begins to speak
	Stop      Kind = "stop"       // and ends
	Words     Kind = "words"      // the words so far
	Reply     Kind = "reply"      // what was answered in the room
	Sign      Kind = "sign"       // the speaker confirms the words
	Later     Kind = "later"      // the speaker will confirm by a link
	Attach    Kind = "attach"     // a file holds the statement
	Decide    Kind = "result"     // what became of an agenda item
	Settle    Kind = "settle"     // staff have seen a contradiction
)

// Kinds lists every kind.
var Kinds = []Kind{Begin, End, OpenItem, CheckIn, Excuse, Clear, Leave, Call, Out, In, ClearRoom, Return, Add, AddAll,
	Earlier, Drop, Start, Stop, Words, Reply, Sign, Later, Attach, Decide, Settle}

// Results of an agenda item.
var Results = meeting.Results

// Ways in which somebody was recognised or confirmed.
const (
	ByCode  = "code"
	ByName  = "name"
	OnPaper = "paper"
	OnSpot  = "spot"
	ByLink  = "link"
)

// The limits of an act, in characters unless said otherwise.
const (
	MostActs   = 500 // in one upload
	MostPoints = 40  // of a statement
	MostText   = 20000
	MostNote   = 2000
	mostID     = 80
	mostSeats  = 500
)

// Point is one paragraph of a statement with the provision that it speaks to; ""
// is the draft or the item as a whole.
type Point struct {
	Text      string `json:"text"`
	Provision string `json:"provision,omitempty"`
}

// Act is one thing that happened. ID is made by the device that noted it: the same
// ID is the same act, however often it arrives.
type Act struct {
	ID     string    `json:"id"`
	Kind   Kind      `json:"kind"`
	At     time.Time `json:"at"`
	Device string    `json:"device,omitempty"`
	Seat   string    `json:"seat,omitempty"`  // application
	Item   string    `json:"item,omitempty"`  // agenda item
	Entry  string    `json:"entry,omitempty"` // speaker's turn: the ID of the act that listed it
	Seats  []string  `json:"seats,omitempty"`
	For    string    `json:"for,omitempty"` // whose seat a reserve takes
	Way    string    `json:"way,omitempty"`
	Text   string    `json:"text,omitempty"`
	Result string    `json:"result,omitempty"`
	// Seconds is what the device's own clock measured between start and stop; 0: not measured.
	Seconds int     `json:"seconds,omitempty"`
	Points  []Point `json:"points,omitempty"`
	Own     []Point `json:"own,omitempty"`  // the speaker's wording beside the record
	Base    string  `json:"base,omitempty"` // what the device knew when it wrote: see Digest
	File    string  `json:"file,omitempty"`
}

// needs names what an act of each kind cannot do without.
var needs = map[Kind][]string{
	OpenItem: {"item"}, CheckIn: {"seat"}, Excuse: {"seat"}, Clear: {"seat"}, Leave: {"seat"}, Call: {"seat"},
	Out: {"seat"}, In: {"seat"}, Add: {"seat", "item"}, AddAll: {"item", "seats"}, Earlier: {"entry"}, Drop: {"entry"},
	Start: {"entry", "seat", "item"}, Stop: {"entry"}, Words: {"entry", "seat", "item"}, Reply: {"entry", "text"},
	Sign: {"entry", "seat", "item"}, Later: {"entry", "seat", "item"}, Attach: {"entry", "seat", "item", "file"},
	Decide: {"item", "result"}, Settle: {"text"},
}

// check finds what is wrong with an act by itself. Codes are below "error.".
func (a Act) check() (f fault.Fields) {
	if !plainID(a.ID) {
		f.Add("id", "sitting.act_id")
	}
	if !slices.Contains(Kinds, a.Kind) {
		f.Add("kind", "sitting.act_kind")
	}
	if a.At.IsZero() {
		f.Add("at", "sitting.act_time")
	}
	for _, need := range needs[a.Kind] {
		if a.lacks(need) {
			f.Add(need, "sitting.act_"+need)
		}
	}
	if a.Kind == Sign && len(a.Points) == 0 && len(a.Own) == 0 && a.File == "" {
		f.Add("points", "sitting.act_words")
	}
	a.checkLengths(&f)
	return f
}

func (a Act) lacks(need string) bool {
	switch need {
	case "seat":
		return !isID(a.Seat)
	case "item":
		return !isID(a.Item)
	case "entry":
		return !plainID(a.Entry)
	case "seats":
		return len(a.Seats) == 0 || len(a.Seats) > mostSeats || slices.ContainsFunc(a.Seats, func(s string) bool { return !isID(s) })
	case "file":
		return a.File == ""
	case "result":
		return !slices.Contains(Results, a.Result)
	}
	return a.Text == ""
}

func (a Act) checkLengths(f *fault.Fields) {
	if len(a.Points) > MostPoints || len(a.Own) > MostPoints {
		f.Add("points", "sitting.act_points", "most", MostPoints)
	}
	for i, p := range slices.Concat(a.Points, a.Own) {
		if utf8.RuneCountInString(p.Text) > MostText {
			f.Add(fmt.Sprintf("points[%d]", i), "sitting.act_long", "most", MostText)
		}
	}
	if utf8.RuneCountInString(a.Text) > MostNote {
		f.Add("text", "sitting.act_long", "most", MostNote)
	}
}

func isID(text string) bool {
	_, ok := ids.Parse(text)
	return ok
}

// plainID reports a name as devices make them: letters, digits, - and :.
func plainID(text string) bool {
	if len(text) < 8 || len(text) > mostID {
		return false
	}
	for _, r := range text {
		if r != '-' && r != ':' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
			return false
		}
	}
	return true
}

package sitting

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
)

// Digest names a wording: what a device knew when it wrote on. Points that differ
// in white space at their ends only are the same.
func Digest(points []Point) string {
	raw, _ := json.Marshal(tidied(points)) // strings only
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:8])
}

func tidied(points []Point) []Point {
	out := make([]Point, 0, len(points))
	for _, p := range points {
		if text := strings.TrimSpace(p.Text); text != "" {
			out = append(out, Point{Text: text, Provision: p.Provision})
		}
	}
	return out
}

// Paragraphs cuts a text into points at empty lines; a text without any is cut at
// its line ends. Each is aimed at the provision.
func Paragraphs(text, provision string) []Point {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	sep := "\n\n"
	if !strings.Contains(strings.TrimSpace(text), sep) {
		sep = "\n"
	}
	var out []Point
	for _, part := range strings.Split(text, sep) {
		out = append(out, Point{Text: part, Provision: provision})
	}
	return tidied(out)
}

// turn gives the turn that an act speaks of, and makes it when the act that lists
// it is still on its way from another device.
func (r *Record) turn(a Act) *Entry {
	id := a.Entry
	if to, ok := r.alias[id]; ok {
		id = to
	}
	if e := r.Turns[id]; e != nil {
		return e
	}
	return r.list(id, a.Seat, a.Item)
}

func (r *Record) list(id, seat, item string) *Entry {
	e := &Entry{ID: id, Seat: seat, Item: item, State: Waiting}
	r.Turns[id] = e
	r.order[item] = append(r.order[item], id)
	return e
}

// add lists a speaker. Who waits already is not listed twice; the second name leads
// to the same turn.
func (r *Record) add(a Act) { r.addOne(a.ID, a.Seat, a.Item) }

func (r *Record) addOne(id, seat, item string) {
	if r.Turns[id] != nil {
		return // its words came before it
	}
	for _, other := range r.order[item] {
		e := r.Turns[other]
		if e.Seat == seat && (e.State == Waiting || e.State == Speaking) {
			r.alias[id] = other
			return
		}
	}
	r.list(id, seat, item)
}

// TurnOf names the turn that an AddAll act makes for a seat.
func TurnOf(act, seat string) string { return act + ":" + seat }

func (r *Record) addAll(a Act) {
	for _, seat := range a.Seats {
		r.addOne(TurnOf(a.ID, seat), seat, a.Item)
	}
}

func (r *Record) known(a Act) *Entry {
	id := a.Entry
	if to, ok := r.alias[id]; ok {
		id = to
	}
	return r.Turns[id]
}

func (r *Record) earlier(a Act) {
	e := r.known(a)
	if e == nil || e.State != Waiting {
		return
	}
	list := r.order[e.Item]
	at := slices.Index(list, e.ID)
	for to := at - 1; to >= 0; to-- {
		if r.Turns[list[to]].State == Waiting {
			list = slices.Delete(list, at, at+1)
			r.order[e.Item] = slices.Insert(list, to, e.ID)
			return
		}
	}
}

func (r *Record) drop(a Act) {
	if e := r.known(a); e != nil && e.State == Waiting {
		e.State = Dropped
	}
}

// start: one person speaks at a time; who was speaking has ended.
func (r *Record) start(a Act) {
	e := r.turn(a)
	if e.State == Speaking {
		return
	}
	r.halt(a)
	e.Started = a.At
	r.talker = e.ID
	if e.State != Signed {
		e.State = Speaking
	}
}

// halt ends the running turn at the act's time.
func (r *Record) halt(a Act) {
	e := r.Turns[r.talker]
	r.talker = ""
	if e == nil || e.State != Speaking {
		return
	}
	e.Seconds += int(a.At.Sub(e.Started).Seconds())
	e.State = Spoken
}

func (r *Record) stop(a Act) {
	e := r.known(a)
	if e == nil || r.talker != e.ID {
		return
	}
	r.talker = ""
	seconds := int(a.At.Sub(e.Started).Seconds())
	if a.Seconds > 0 {
		seconds = a.Seconds
	}
	e.Seconds += seconds
	if e.State == Speaking {
		e.State = Spoken
	}
}

// words: the last stand, unless they were confirmed. What another device wrote
// without knowing of it is kept beside.
func (r *Record) words(a Act) {
	e := r.turn(a)
	w := Wording{Act: a.ID, Points: tidied(a.Points), At: a.At}
	if len(e.Signed) > 0 {
		if Digest(w.Points) != Digest(e.Signed[0].Points) {
			e.Variants = append(e.Variants, w)
			r.note(Conflict{Kind: "after_sign", Seat: e.Seat, Item: e.Item, Entry: e.ID, Stands: e.Signed[0].Act, Aside: a.ID})
		}
		return
	}
	foreign := e.saved != "" && e.saved != a.Device && a.Base != Digest(e.Points)
	if foreign && Digest(e.Points) != Digest(w.Points) && len(e.Points) > 0 {
		e.Variants = append(e.Variants, Wording{Points: e.Points, At: e.SavedAt})
		r.note(Conflict{Kind: "two_wordings", Seat: e.Seat, Item: e.Item, Entry: e.ID, Stands: a.ID, Aside: e.ID})
	}
	e.Points, e.saved, e.SavedAt = w.Points, a.Device, a.At
}

func (r *Record) reply(a Act) {
	if e := r.known(a); e != nil {
		e.Reply = a.Text
	}
}

// sign: the first wording that was confirmed holds; another one that was confirmed
// too is the speaker's as well and is kept beside it.
func (r *Record) sign(a Act) {
	e := r.turn(a)
	w := Wording{Act: a.ID, Points: tidied(a.Points), Own: tidied(a.Own), Way: a.Way, At: a.At, File: a.File}
	for _, other := range e.Signed {
		if Digest(other.Spoken()) == Digest(w.Spoken()) && other.File == w.File {
			return
		}
	}
	if len(e.Signed) > 0 {
		r.note(Conflict{Kind: "two_signed", Seat: e.Seat, Item: e.Item, Entry: e.ID, Stands: e.Signed[0].Act, Aside: a.ID})
	}
	e.Signed = append(e.Signed, w)
	if r.talker == e.ID {
		r.halt(a)
	}
	e.State = Signed
}

func (r *Record) later(a Act) {
	e := r.turn(a)
	if r.talker == e.ID {
		r.halt(a)
	}
	e.LinkedAt = a.At
	if len(e.Signed) == 0 {
		e.State = Linked
	}
}

func (r *Record) attach(a Act) {
	e := r.turn(a)
	e.File = a.File
}

// List gives the turns of an item in the order of the list, dropped ones left out.
func (r *Record) List(item string) (out []*Entry) {
	for _, id := range r.order[item] {
		if e := r.Turns[id]; e.State != Dropped {
			out = append(out, e)
		}
	}
	return out
}

// Talker is the turn that runs; nil: nobody speaks.
func (r *Record) Talker() *Entry { return r.Turns[r.talker] }

package sitting

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

var nine = time.Date(2026, 12, 18, 1, 0, 0, 0, time.UTC)

func at(minute, second int) time.Time {
	return nine.Add(time.Duration(minute)*time.Minute + time.Duration(second)*time.Second)
}

// act is one act with an ID made from its number.
func act(n int, kind Kind, minute int, more ...func(*Act)) Act {
	a := Act{ID: fmt.Sprintf("act-%05d", n), Kind: kind, At: at(minute, 0), Device: "tablet"}
	for _, m := range more {
		m(&a)
	}
	return a
}

func of(seat, item, entry string) func(*Act) {
	return func(a *Act) { a.Seat, a.Item, a.Entry = seat, item, entry }
}

func from(device string) func(*Act) { return func(a *Act) { a.Device = device } }

func saying(texts ...string) func(*Act) {
	return func(a *Act) {
		for _, t := range texts {
			a.Points = append(a.Points, Point{Text: t, Provision: "art-6"})
		}
	}
}

// someActs draws a day of two devices: acts of every kind over three people, two
// items and a few turns, at times that often coincide.
func someActs(t *rapid.T) []Act {
	n := rapid.IntRange(0, 40).Draw(t, "n")
	seats, items, turns := []string{"11", "12", "13"}, []string{"1", "2"}, []string{"act-00000", "act-00001", "turn-free", "act-00002:12"}
	out := make([]Act, n)
	for i := range out {
		a := Act{ID: fmt.Sprintf("act-%05d", i), Kind: rapid.SampledFrom(Kinds).Draw(t, "kind"), At: at(rapid.IntRange(0, 9).Draw(t, "minute"), 0),
			Device: rapid.SampledFrom([]string{"tablet", "phone"}).Draw(t, "device")}
		a.Seat, a.Item, a.Entry = rapid.SampledFrom(seats).Draw(t, "seat"), rapid.SampledFrom(items).Draw(t, "item"), rapid.SampledFrom(turns).Draw(t, "turn")
		a.Seats, a.For, a.Result = seats, rapid.SampledFrom(append(seats, "")).Draw(t, "for"), rapid.SampledFrom(Results).Draw(t, "result")
		a.Points = Paragraphs(rapid.SampledFrom([]string{"要大", "要大\n\n要清楚", "七天内退"}).Draw(t, "words"), "art-6")
		out[i] = a
	}
	return out
}

func TestTheRecordDoesNotDependOnTheOrderOfArrivalNorOnRepetition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		acts := someActs(t)
		want := Fold(acts)
		arrived := append([]Act{}, acts...)
		for range rapid.IntRange(0, 10).Draw(t, "again") {
			if len(acts) > 0 {
				arrived = append(arrived, rapid.SampledFrom(acts).Draw(t, "repeated"))
			}
		}
		seed := rapid.Uint64().Draw(t, "seed")
		r := rand.New(rand.NewPCG(seed, 1))
		r.Shuffle(len(arrived), func(i, j int) { arrived[i], arrived[j] = arrived[j], arrived[i] })
		same := cmp.Options{cmp.AllowUnexported(Record{}, Presence{}, Outcome{}, Entry{}), cmpopts.EquateEmpty()}
		if d := cmp.Diff(want, Fold(arrived), same); d != "" {
			t.Fatalf("another order, another record:\n%s", d)
		}
	})
}

// Whatever two devices do, no words that were taken down are lost: each wording is
// the one that stands, or beside it.
func TestNoWordsAreLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		acts := someActs(t)
		kept := map[string]bool{}
		for _, e := range Fold(acts).Turns {
			kept[Digest(e.Points)] = true
			for _, w := range append(e.Variants, e.Signed...) {
				kept[Digest(w.Points)] = true
			}
		}
		for _, a := range acts {
			if a.Kind == Sign && !kept[Digest(a.Points)] {
				t.Fatalf("the words of %s, which its speaker confirmed, are gone", a.ID)
			}
		}
	})
}

func TestOnePersonSpeaksAtATime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		speaking := 0
		for _, e := range Fold(someActs(t)).Turns {
			if e.State == Speaking {
				speaking++
			}
			if e.Seconds < 0 {
				t.Fatal("somebody spoke for less than no time")
			}
		}
		if speaking > 1 {
			t.Fatalf("%d speak at once", speaking)
		}
	})
}

func TestADayInTheRoom(t *testing.T) {
	r := Fold([]Act{
		act(1, Begin, 0), act(2, OpenItem, 1, of("", "2", "")),
		act(3, CheckIn, 2, of("11", "", "")), act(4, CheckIn, 3, of("12", "", "")), act(5, Excuse, 3, of("13", "", "")),
		act(6, Call, 4, of("14", "", ""), func(a *Act) { a.For = "13" }), act(7, CheckIn, 9, of("14", "", "")),
		act(10, AddAll, 10, of("", "2", ""), func(a *Act) { a.Seats = []string{"11", "12", "14"} }),
		act(11, Earlier, 11, of("", "", TurnOf("act-00010", "12"))),
		act(12, Start, 12, of("12", "2", TurnOf("act-00010", "12"))),
		act(13, Words, 13, of("12", "2", TurnOf("act-00010", "12")), saying("收费表挂在大厅", "押金七天内退")),
		act(14, Stop, 16, of("", "", TurnOf("act-00010", "12"))),
		act(15, Sign, 17, of("12", "2", TurnOf("act-00010", "12")), saying("收费表挂在大厅", "押金七天内退")),
		act(16, ClearRoom, 20, of("", "2", "")), act(17, Decide, 30, of("", "2", ""), func(a *Act) { a.Result, a.Text = "adopted_with_changes", "修改后通过" }),
		act(18, End, 31),
	})
	if !r.Begun.Equal(at(0, 0)) || !r.Ended.Equal(at(31, 0)) || r.Item != "2" {
		t.Errorf("begun %v, ended %v, item %s", r.Begun, r.Ended, r.Item)
	}
	for seat, want := range map[string]Here{"11": Outside, "12": Outside, "13": Excused, "14": Outside} {
		if got := r.Seats[seat].State; got != want {
			t.Errorf("%s is %s, want %s", seat, got, want)
		}
	}
	list := r.List("2")
	if len(list) != 3 || list[0].Seat != "12" || list[1].Seat != "11" {
		t.Fatalf("the list is %+v", list)
	}
	if e := list[0]; e.State != Signed || e.Seconds != 240 || len(e.Words()) != 2 {
		t.Errorf("the turn is %+v", e)
	}
	if r.Items["2"].Result != "adopted_with_changes" || len(r.Conflicts) != 0 {
		t.Errorf("%+v, %+v", r.Items["2"], r.Conflicts)
	}
}

func TestRulesForTwoDevices(t *testing.T) {
	turn := of("11", "2", "turn-0001")
	cases := []struct {
		name, conflict string
		acts           []Act
		holds          func(*Record) bool
	}{
		{"the first check-in stands", "twice_in", []Act{act(1, CheckIn, 12, of("11", "", "")), act(2, CheckIn, 14, of("11", "", ""), from("phone"))},
			func(r *Record) bool { return r.Seats["11"].At.Equal(at(12, 0)) }},
		{"who is in the room is not excused", "excused_while_in", []Act{act(1, CheckIn, 12, of("11", "", "")), act(2, Excuse, 14, of("11", "", ""), from("phone"))},
			func(r *Record) bool { return r.Seats["11"].State == Inside }},
		{"who comes after a notice is in", "", []Act{act(1, Excuse, 12, of("11", "", "")), act(2, CheckIn, 14, of("11", "", ""), from("phone"))},
			func(r *Record) bool { return r.Seats["11"].State == Inside }},
		{"the last words stand, the others are kept", "two_wordings", []Act{act(1, Words, 1, turn, saying("甲")), act(2, Words, 2, turn, saying("乙"), from("phone"))},
			func(r *Record) bool {
				e := r.Turns["turn-0001"]
				return e.Points[0].Text == "乙" && len(e.Variants) == 1 && e.Variants[0].Points[0].Text == "甲"
			}},
		{"whoever knew the words may change them", "", []Act{act(1, Words, 1, turn, saying("甲")),
			act(2, Words, 2, turn, saying("乙"), from("phone"), func(a *Act) { a.Base = Digest([]Point{{"甲", "art-6"}}) })},
			func(r *Record) bool { return r.Turns["turn-0001"].Points[0].Text == "乙" }},
		{"confirmed words do not change", "after_sign", []Act{act(1, Sign, 1, turn, saying("甲")), act(2, Words, 2, turn, saying("乙"), from("phone"))},
			func(r *Record) bool { return r.Turns["turn-0001"].Words()[0].Text == "甲" }},
		{"two confirmed wordings are both kept", "two_signed", []Act{act(1, Sign, 1, turn, saying("甲")), act(2, Sign, 2, turn, saying("乙"), from("phone"))},
			func(r *Record) bool { return len(r.Turns["turn-0001"].Signed) == 2 }},
		{"the same words confirmed twice are confirmed once", "", []Act{act(1, Sign, 1, turn, saying("甲")), act(2, Sign, 2, turn, saying("甲 "), from("phone"))},
			func(r *Record) bool { return len(r.Turns["turn-0001"].Signed) == 1 }},
		{"two reserves for one seat are told", "two_reserves", []Act{act(1, Call, 1, of("21", "", ""), func(a *Act) { a.For = "11" }),
			act(2, Call, 2, of("22", "", ""), func(a *Act) { a.For = "11" }, from("phone"))}, func(r *Record) bool { return r.Seats["22"].Called }},
		{"the later result stands", "two_results", []Act{act(1, Decide, 1, of("", "2", ""), func(a *Act) { a.Result = "adopted" }),
			act(2, Decide, 2, of("", "2", ""), func(a *Act) { a.Result = "postponed" }, from("phone"))}, func(r *Record) bool { return r.Items["2"].Result == "postponed" }},
		{"who waits is not listed twice", "", []Act{act(1, Add, 1, of("11", "2", "")), act(2, Add, 2, of("11", "2", ""), from("phone")),
			act(3, Start, 3, of("11", "2", "act-00002"), from("phone"))},
			func(r *Record) bool { return len(r.List("2")) == 1 && r.Talker().ID == "act-00001" }},
	}
	for _, c := range cases {
		r := Fold(c.acts)
		got := ""
		if len(r.Conflicts) > 0 {
			got = r.Conflicts[0].Kind
		}
		if got != c.conflict || !c.holds(r) {
			t.Errorf("%s: conflict %q, want %q; %+v", c.name, got, c.conflict, r)
		}
		if got == "" {
			continue
		}
		settled := Fold(append(c.acts, act(99, Settle, 50, func(a *Act) { a.Text = r.Conflicts[0].Key })))
		if len(settled.Open()) != 0 || len(settled.Conflicts) != 1 {
			t.Errorf("%s: a settled contradiction is still open, or gone", c.name)
		}
	}
}

func TestAStatementIsCutIntoPoints(t *testing.T) {
	for text, want := range map[string]int{"一句": 1, "一\n\n二\n\n\n三": 3, "一\n二": 2, "一\n接着\n\n二": 2, " \n\n": 0} {
		if got := Paragraphs(text, "art-6"); len(got) != want {
			t.Errorf("%q has %d points, want %d: %+v", text, len(got), want, got)
		}
	}
}

func TestAnActWithoutWhatItNeedsIsRefused(t *testing.T) {
	good := act(1, Sign, 1, of("11", "2", "turn-0001"), saying("甲"))
	if f := good.check(); len(f) != 0 {
		t.Fatalf("%+v", f)
	}
	for field, spoil := range map[string]func(*Act){
		"id": func(a *Act) { a.ID = "x" }, "kind": func(a *Act) { a.Kind = "dance" }, "at": func(a *Act) { a.At = time.Time{} },
		"seat": func(a *Act) { a.Seat = "abc" }, "item": func(a *Act) { a.Item = "" }, "entry": func(a *Act) { a.Entry = "" }, "points": func(a *Act) { a.Points = nil },
	} {
		bad := good
		spoil(&bad)
		if f := bad.check(); len(f) == 0 || f[0].Name != field {
			t.Errorf("%s: %+v", field, f)
		}
	}
}

package sitting

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
)

// theDay is what two devices noted of a meeting: who came, one statement confirmed
// on both, one confirmed in two wordings, results, the end.
func (st *stage) theDay() []Act {
	base := st.m.StartsAt
	n := 0
	a := func(kind Kind, minute int, device string, set ...func(*Act)) Act {
		n++
		x := Act{ID: fmt.Sprintf("act-%05d", n), Kind: kind, At: base.Add(time.Duration(minute) * time.Minute), Device: device}
		for _, f := range set {
			f(&x)
		}
		return x
	}
	seat := func(i int) func(*Act) { return func(x *Act) { x.Seat = st.seats[i] } }
	turn := func(i int, entry string) func(*Act) {
		return func(x *Act) { x.Seat, x.Item, x.Entry = st.seats[i], st.items[1], entry }
	}
	said := saying("收费表挂在大厅，字要大。", "押金什么时候退，办法里没有写。")
	return []Act{
		a(Begin, 0, "tablet"), a(OpenItem, 1, "tablet", func(x *Act) { x.Item = st.items[1] }),
		a(CheckIn, -10, "tablet", seat(0)), a(CheckIn, -9, "phone", seat(0)), a(CheckIn, 5, "phone", seat(1)), a(Excuse, 2, "tablet", seat(2)),
		a(Add, 6, "tablet", func(x *Act) { x.Seat, x.Item = st.seats[0], st.items[1] }), a(Add, 6, "tablet", func(x *Act) { x.Seat, x.Item = st.seats[1], st.items[1] }),
		a(Start, 7, "tablet", turn(0, "act-00007")), a(Words, 8, "tablet", turn(0, "act-00007"), said), a(Stop, 11, "tablet", turn(0, "act-00007")),
		a(Sign, 12, "tablet", turn(0, "act-00007"), said), a(Sign, 13, "phone", turn(0, "act-00007"), said),
		a(Start, 14, "phone", turn(1, "act-00008")), a(Words, 15, "phone", turn(1, "act-00008"), saying("计价单位写天还是写月？")),
		a(Sign, 16, "phone", turn(1, "act-00008"), saying("计价单位写天还是写月？")),
		a(Sign, 17, "tablet", turn(1, "act-00008"), saying("请写明按天还是按月。")),
		a(Decide, 30, "tablet", func(x *Act) { x.Item, x.Result = st.items[1], meeting.ResultAdopted }),
		a(Decide, 40, "phone", func(x *Act) { x.Item, x.Result, x.Text = st.items[1], meeting.ResultChanged, "改第六条后通过" }),
		a(End, 50, "tablet"),
	}
}

// outcome is all that a day leaves behind.
type outcome struct {
	Record    *Record
	Letters   int64
	Comments  int64
	Digests   []string
	States    map[string]meeting.ApplicationState
	Meeting   meeting.State
	ItemState string
	Acts      int64
}

func (st *stage) outcome() outcome {
	st.t.Helper()
	d := st.day()
	o := outcome{Record: d.Record, Meeting: d.Meeting.State, States: map[string]meeting.ApplicationState{}, ItemState: d.Items[1].Result + " " + d.Items[1].ResultNote}
	o.Letters = st.count("SELECT COUNT(*) FROM submissions WHERE channel = 'meeting'")
	o.Comments = st.count("SELECT COUNT(*) FROM comments WHERE channel = 'meeting'")
	o.Acts = st.count("SELECT COUNT(*) FROM sitting_acts")
	for _, x := range d.Statements {
		o.Digests = append(o.Digests, ids.Format(x.Application)+" "+x.Digest)
	}
	for _, x := range d.Seats {
		o.States[x.ID] = x.State
	}
	return o
}

// play lets the acts arrive in an order, in uploads of random sizes, some again.
func (st *stage) play(seed uint64) {
	st.t.Helper()
	acts := st.theDay()
	r := rand.New(rand.NewPCG(seed, 7))
	if seed > 0 {
		for range 8 {
			acts = append(acts, acts[r.IntN(len(acts))])
		}
		r.Shuffle(len(acts), func(i, j int) { acts[i], acts[j] = acts[j], acts[i] })
	}
	for len(acts) > 0 {
		n := 1 + r.IntN(min(6, len(acts)))
		if taken := st.take(acts[:n]...); len(taken.Refused) > 0 || len(taken.Stored) != n {
			st.t.Fatalf("%+v", taken)
		}
		acts = acts[n:]
	}
}

// Delays, repetitions and two devices change nothing of what stays: the record, the
// statements and their submissions, who attended, what was decided.
func TestAnyOrderOfArrivalLeavesTheSameRecord(t *testing.T) {
	for seed := range uint64(4) {
		each(t, func(st *stage) {
			st.play(seed)
			got := st.outcome()
			want := Fold(st.theDay())
			same := cmp.Options{cmp.AllowUnexported(Record{}, Presence{}, Outcome{}, Entry{}), cmpopts.EquateEmpty()}
			if d := cmp.Diff(want, got.Record, same); d != "" {
				t.Errorf("order %d gives another record:\n%s", seed, d)
			}
			if got.Letters != 3 || got.Comments != 4 || len(got.Digests) != 3 || got.Acts != 20 {
				t.Errorf("order %d: %d letters, %d comments, %d statements, %d acts; want 3, 4, 3, 20", seed, got.Letters, got.Comments, len(got.Digests), got.Acts)
			}
			states := map[string]meeting.ApplicationState{st.seats[0]: meeting.Attended, st.seats[1]: meeting.Attended, st.seats[2]: meeting.Absent}
			if d := cmp.Diff(states, got.States); d != "" {
				t.Errorf("order %d: %s", seed, d)
			}
			if got.Meeting != meeting.Held || got.ItemState != "adopted_with_changes 改第六条后通过" {
				t.Errorf("order %d: the meeting is %s, the item %s", seed, got.Meeting, got.ItemState)
			}
		})
	}
}

func TestAnActThatCannotCountIsKeptAndTold(t *testing.T) {
	each(t, func(st *stage) {
		bad := act(1, CheckIn, 0, of("999", "", ""))
		worse := act(2, Decide, 0, of("", st.items[0], ""))
		taken := st.take(bad, worse, bad)
		if len(taken.Refused) != 3 || taken.Refused[0].Code != "sitting.act_seat" || taken.Refused[1].Code != "sitting.act_result" {
			t.Fatalf("%+v", taken)
		}
		if n := st.count("SELECT COUNT(*) FROM sitting_acts WHERE refused <> ''"); n != 2 {
			t.Errorf("%d refused acts are kept, want 2", n)
		}
		if d := st.day(); d.Refused != 2 || len(d.Record.Seats) != 0 {
			t.Errorf("refused acts count: %+v", d.Record)
		}
	})
}

func TestADeviceWhoseClockIsWrongIsSetRight(t *testing.T) {
	each(t, func(st *stage) {
		now := st.clock.Now()
		wrong := now.Add(-3 * time.Hour)
		a := Act{ID: "act-00001", Kind: CheckIn, Seat: st.seats[0], Device: "tablet", At: wrong.Add(-10 * time.Minute)}
		_, err := st.s.Take(ctx, st.secretary(), st.m.Slug, wrong, []Act{a})
		must(t, err)
		if got := st.day().Presence(st.seats[0]).At; !got.Equal(now.Add(-10 * time.Minute)) {
			t.Errorf("checked in at %v, want %v", got, now.Add(-10*time.Minute))
		}
		future := Act{ID: "act-00002", Kind: CheckIn, Seat: st.seats[1], Device: "tablet", At: now.Add(time.Hour)}
		st.take(future)
		if got := st.day().Presence(st.seats[1]).At; got.After(now) {
			t.Errorf("checked in at %v, which is still to come", got)
		}
	})
}

func TestOnlyTheSecretaryNotesTheDay(t *testing.T) {
	each(t, func(st *stage) {
		a := act(1, CheckIn, 0, of(st.seats[0], "", ""))
		stranger := actor.Actor{Kind: actor.Account, ID: 9, Grants: []actor.Grant{{Organisation: st.org.ID + 1, Role: actor.Secretary}}}
		for who, want := range map[*actor.Actor]fault.Kind{ptr(st.reviewer()): fault.Forbidden, ptr(st.officer()): fault.Forbidden, &stranger: fault.NotFound, ptr(actor.Public()): fault.Unauthenticated} {
			if _, err := st.s.Take(ctx, *who, st.m.Slug, time.Time{}, []Act{a}); !fault.Is(err, want) {
				t.Errorf("%s: %v, want kind %d", who.Name, err, want)
			}
		}
		if _, err := st.s.Day(ctx, st.officer(), st.m.Slug); err != nil {
			t.Errorf("an officer cannot look: %v", err)
		}
	})
}

// Names and unconfirmed words lie sealed.
func TestTheDayHoldsNoPersonInTheOpen(t *testing.T) {
	each(t, func(st *stage) {
		st.take(act(1, Words, 0, of(st.seats[0], st.items[1], "turn-0001"), saying("我叫陈阿玉，住在人民路")), act(2, Excuse, 1, of(st.seats[1], "", ""), func(a *Act) { a.Text = "罗建军病了" }))
		var rows []struct{ Sealed []byte }
		must(t, st.db.Read(ctx).Table("sitting_acts").Find(&rows).Error)
		for _, r := range rows {
			if strings.Contains(string(r.Sealed), "陈阿玉") || strings.Contains(string(r.Sealed), "罗建军") {
				t.Error("an act lies open")
			}
		}
		if n := st.count("SELECT COUNT(*) FROM audit_entries WHERE after LIKE '%陈阿玉%' OR after LIKE '%罗建军%'"); n != 0 {
			t.Error("a name stands in the audit trail")
		}
	})
}

func TestAStatementIsConfirmedByALinkOnce(t *testing.T) {
	each(t, func(st *stage) {
		told := map[string]int{}
		st.s.Tell(func(_ *database.Tx, _ meeting.Meeting, _ meeting.Application, topic string) error {
			told[topic]++
			return nil
		})
		st.take(act(1, Words, 0, of(st.seats[0], st.items[1], "turn-0001"), saying("押金七天内退")), act(2, Later, 1, of(st.seats[0], st.items[1], "turn-0001")))
		seat, _ := ids.Parse(st.seats[0])
		tokens, err := st.s.Tokens(ctx, st.m.ID, seat, ToSign)
		must(t, err)
		if told[TopicConfirm] != 1 || len(tokens) != 1 {
			t.Fatalf("told %v, links %d", told, len(tokens))
		}
		sent := tokens[0]
		p, err := st.s.Spoken(ctx, sent)
		must(t, err)
		if p.Entry.Points[0].Text != "押金七天内退" || st.count("SELECT COUNT(*) FROM sitting_statements") != 0 {
			t.Fatalf("looking at %+v confirmed it", p.Entry)
		}
		if _, err := st.s.Spoken(ctx, sent+"x"); !fault.Is(err, fault.NotFound) {
			t.Errorf("a wrong link: %v", err)
		}
		for range 2 {
			must(t, st.s.Confirm(ctx, sent, []Point{{Text: "离院以后七天内退押金"}}))
		}
		d := st.day()
		e := d.Record.Turns["turn-0001"]
		if e.State != Signed || e.Words()[0].Text != "离院以后七天内退押金" || e.Signed[0].Points[0].Text != "押金七天内退" {
			t.Errorf("%+v", e)
		}
		if len(d.Statements) != 1 || d.Statements[0].Way != ByLink || d.Statements[0].Receipt == "" {
			t.Errorf("%+v", d.Statements)
		}
		if p, err := st.s.Spoken(ctx, sent); err != nil || len(p.Receipt) != 1 || p.Receipt[0].Number == "" || p.Receipt[0].Secret == "" {
			t.Errorf("no receipt: %v %+v", err, p.Receipt)
		}
		if told[TopicReceipt] != 1 {
			t.Errorf("told %v", told)
		}
		if text := st.words(); text != "离院以后七天内退押金" {
			t.Errorf("the submission says %q", text)
		}
	})
}

func (st *stage) words() (text string) {
	st.t.Helper()
	must(st.t, st.db.Read(ctx).Raw("SELECT text FROM comments WHERE channel = 'meeting' ORDER BY id LIMIT 1").Scan(&text).Error)
	return text
}

// Two devices and a hasty one send the same acts at the same moment.
func TestTheSameActsAtOnceAreStoredOnce(t *testing.T) {
	each(t, func(st *stage) {
		acts := st.theDay()
		must(t, st.s.prepareOwn(ctx, st.secretary(), st.m))
		var all sync.WaitGroup
		faults := make(chan error, 4)
		for range 4 {
			all.Go(func() {
				taken, err := st.s.Take(ctx, st.secretary(), st.m.Slug, time.Time{}, acts)
				if err == nil && len(taken.Stored) != len(acts) {
					err = fmt.Errorf("%+v", taken.Refused)
				}
				faults <- err
			})
		}
		all.Wait()
		close(faults)
		for err := range faults {
			must(t, err)
		}
		if got := st.outcome(); got.Acts != 20 || got.Letters != 3 || len(got.Digests) != 3 {
			t.Errorf("%d acts, %d letters, %d statements; want 20, 3, 3", got.Acts, got.Letters, len(got.Digests))
		}
	})
}

package moderation_test

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"guangyi/internal/consultation"
	"guangyi/internal/moderation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
	"guangyi/internal/submission"
)

// Whatever sequence of acts people think of, no submission leaves a count and the
// public never reads what is withheld or masked.
func TestAnySequenceOfActsKeepsEveryCountAndEverySecret(t *testing.T) {
	for _, public := range []string{consultation.PublicAtOnce, consultation.PublicModerated, consultation.PublicNo} {
		t.Run(public, func(t *testing.T) {
			each(t, public, func(st *stage) {
				for seed := range uint64(3) {
					w := &walk{stage: st, rand: rand.New(rand.NewPCG(seed, 5)), log: []string{}}
					for range 40 {
						w.step()
						w.check()
						if t.Failed() {
							t.Fatalf("seed %d after %s", seed, strings.Join(w.log, ", "))
						}
					}
				}
			})
		})
	}
}

// walk is one random sequence.
type walk struct {
	*stage
	rand *rand.Rand
	sent []submission.Receipt
	log  []string
}

// step does one thing that somebody could do. What the state forbids is refused
// with a fault; anything else is an error of the program.
func (w *walk) step() {
	ctx := context.Background()
	if len(w.sent) < 2 || w.rand.IntN(4) == 0 {
		w.receive()
		return
	}
	r := w.sent[w.rand.IntN(len(w.sent))]
	var err error
	switch act := w.rand.IntN(9); act {
	case 0, 1:
		err = w.act(r, moderation.Decision{Act: moderation.Show})
	case 2, 3:
		err = w.act(r, moderation.Decision{Act: moderation.Withhold, Reason: moderation.WithholdReasons[w.rand.IntN(8)]})
	case 4:
		err = w.act(r, moderation.Decision{Act: moderation.Mask, Masks: map[int64]submission.Masks{}})
	case 5, 6:
		err = w.act(r, moderation.Decision{Act: moderation.TakeBack, Reason: "mistaken"})
	case 7:
		if w.rand.IntN(3) == 0 {
			w.log = append(w.log, "withdraw")
			_, err = w.mod.Withdraw(ctx, actor.Public(), r.Number, r.Secret)
		}
	case 8:
		err = w.divide(r)
	}
	if _, expected := fault.As(err); err != nil && !expected {
		w.t.Fatal(err)
	}
}

// receive sends one whose every text holds a telephone number; some hold a word
// that makes them wait.
func (w *walk) receive() {
	var texts []string
	for range 1 + w.rand.IntN(3) {
		texts = append(texts, fmt.Sprintf("前文。请打1380%07d。后文。", w.rand.IntN(10_000_000)))
	}
	in := w.in(texts...)
	if w.rand.IntN(3) == 0 {
		in.Held = moderation.HeldHoneypot
	}
	w.log = append(w.log, "send")
	w.sent = append(w.sent, w.send(in))
}

// act decides on the whole, or on one comment of it.
func (w *walk) act(r submission.Receipt, d moderation.Decision) error {
	if w.rand.IntN(2) == 0 {
		o, err := w.mod.Open(context.Background(), w.officer(), w.c.Slug, r.Submission)
		must(w.t, err)
		d.Comment = o.Comments[w.rand.IntN(len(o.Comments))].ID
	}
	w.log = append(w.log, fmt.Sprintf("%s %d/%d", d.Act, r.Submission, d.Comment))
	_, err := w.mod.Decide(context.Background(), w.officer(), w.c.Slug, r.Submission, d)
	return err
}

// divide splits a part, or joins it again.
func (w *walk) divide(r submission.Receipt) error {
	ctx := context.Background()
	l, err := w.subs.One(ctx, w.officer(), w.c.Slug, r.Submission)
	must(w.t, err)
	part := l.Comments[w.rand.IntN(len(l.Comments))]
	if part.Split {
		w.log = append(w.log, "join")
		_, err = w.subs.Join(ctx, w.officer(), w.c.Slug, part.ID, 0)
		return err
	}
	n := int64(len([]rune(part.Text)))
	at := 3 + w.rand.Int64N(2)*14 // before or behind the number
	if n < 20 {
		return nil
	}
	w.log = append(w.log, "split")
	_, err = w.subs.Split(ctx, w.officer(), w.c.Slug, part.ID, []submission.Span{{Start: 0, End: at}, {Start: at, End: n}}, 0)
	return err
}

func (w *walk) check() {
	w.counts()
	w.words()
	w.leaves()
	for _, r := range w.sent {
		tracked, err := w.subs.Track(context.Background(), r.Number, r.Secret)
		must(w.t, err)
		for _, p := range tracked.Parts {
			if !strings.Contains(p.Text, "请打1380") {
				w.t.Errorf("%s: its sender reads %q", r.Number, p.Text)
			}
		}
	}
}

// counts compares every figure that is kept with the rows.
func (w *walk) counts() {
	w.t.Helper()
	id := w.c.ID
	if n := w.count("SELECT COUNT(*) FROM submissions WHERE consultation_id = ?", id); n < len(w.sent) {
		w.t.Errorf("%d submissions are left of %d", n, len(w.sent))
	}
	for column, sql := range map[string]string{
		"submissions": "SELECT COUNT(*) FROM submissions WHERE consultation_id = ?",
		"comments":    "SELECT COUNT(*) FROM comments WHERE consultation_id = ? AND NOT split",
		"held":        "SELECT COUNT(*) FROM submissions WHERE consultation_id = ? AND state = 'held'",
		"withheld":    "SELECT COUNT(*) FROM submissions WHERE consultation_id = ? AND state = 'withheld'",
		"withdrawn":   "SELECT COUNT(*) FROM submissions WHERE consultation_id = ? AND state = 'withdrawn'",
	} {
		if kept, counted := w.count("SELECT "+column+" FROM consultation_counters WHERE consultation_id = ?", id), w.count(sql, id); kept != counted {
			w.t.Errorf("%s: %d are kept, %d counted", column, kept, counted)
		}
	}
	for column, condition := range map[string]string{"comments": "", "public": " AND public"} {
		kept := w.count("SELECT "+column+" FROM provision_counters WHERE consultation_id = ? AND provision = 'art-1'", id)
		counted := w.count("SELECT COUNT(*) FROM comments WHERE consultation_id = ? AND NOT split AND provision = 'art-1'"+condition, id)
		if kept != counted {
			w.t.Errorf("%s of the provision: %d are kept, %d counted", column, kept, counted)
		}
	}
	wrong := w.count(`SELECT COUNT(*) FROM submissions s WHERE consultation_id = ? AND (
		(state = 'held') <> (held <> '') OR (state = 'withheld') <> (state NOT IN ('held', 'withdrawn') AND EXISTS (
			SELECT 1 FROM comments c WHERE c.consultation_id = s.consultation_id AND c.submission_id = s.id AND NOT c.split AND c.withheld <> '')))`, id)
	if wrong != 0 {
		w.t.Errorf("the states of %d submissions do not follow from the rest", wrong)
	}
}

// words reads what the public reads.
func (w *walk) words() {
	w.t.Helper()
	for _, c := range w.public() {
		if strings.Contains(c.Text, "1380") {
			w.t.Errorf("the public reads %q", c.Text)
		}
		if c.Withheld != "" && (c.Text != "" || c.PublicName != "") {
			w.t.Errorf("the public reads %q of what is withheld", c.Text)
		}
	}
	if w.c.CommentsPublic == consultation.PublicNo && len(w.public()) > 0 {
		w.t.Error("the public reads where nothing is shown")
	}
	if n := w.count("SELECT COUNT(*) FROM comments c JOIN submissions s ON s.id = c.submission_id WHERE s.state = 'held' AND c.public AND NOT c.split"); n > 0 {
		w.t.Errorf("%d comments of held submissions are public", n)
	}
}

// leaves: the last leaf of a submission in the register tells its state.
func (w *walk) leaves() {
	w.t.Helper()
	last := map[string]string{}
	var rows [][]byte
	must(w.t, w.db.Read(context.Background()).Raw("SELECT leaf FROM register_pending WHERE kind <> 'submission' ORDER BY id").Scan(&rows).Error)
	for _, raw := range rows {
		var leaf struct{ Kind, Submission string }
		must(w.t, json.Unmarshal(raw, &leaf))
		last[leaf.Submission] = leaf.Kind
	}
	var subs []struct {
		State    submission.State
		LeafHash []byte
	}
	must(w.t, w.db.Read(context.Background()).Raw("SELECT state, leaf_hash FROM submissions WHERE consultation_id = ?", w.c.ID).Scan(&subs).Error)
	for _, s := range subs {
		got := last[hex.EncodeToString(s.LeafHash)]
		want := map[submission.State]string{submission.Withheld: submission.LeafWithholding, submission.Withdrawn: submission.LeafWithdrawal}[s.State]
		if want != "" && got != want || want == "" && got != "" && got != submission.LeafRelease {
			w.t.Errorf("a submission is %s, its last leaf %q", s.State, got)
		}
	}
}

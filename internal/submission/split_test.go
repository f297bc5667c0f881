package submission

import (
	"context"
	"testing"
	"time"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// part sends a submission of one part and gives it.
func (st *stage) part(words string) Comment {
	st.t.Helper()
	r := st.send(st.in("", words))
	var c Comment
	must(st.t, st.db.Read(context.Background()).Where("submission_id = ?", r.Submission).Take(&c).Error)
	return c
}

// balanced holds the counters against the rows.
func (st *stage) balanced() {
	st.t.Helper()
	for what, sql := range map[string]string{
		"comments":    "SELECT (SELECT comments FROM consultation_counters WHERE consultation_id = ?) - (SELECT count(*) FROM comments WHERE consultation_id = ? AND NOT split)",
		"submissions": "SELECT (SELECT submissions FROM consultation_counters WHERE consultation_id = ?) - (SELECT count(*) FROM submissions WHERE consultation_id = ?)",
		"channels":    "SELECT (SELECT coalesce(sum(submissions), 0) FROM channel_counters WHERE consultation_id = ?) - (SELECT count(*) FROM submissions WHERE consultation_id = ?)",
	} {
		if n := st.count(sql, st.c.ID, st.c.ID); n != 0 {
			st.t.Errorf("the counter of %s is off by %d", what, n)
		}
	}
	if n := st.count(`SELECT count(*) FROM provision_counters k WHERE consultation_id = ? AND (comments <> (SELECT count(*) FROM comments c
		WHERE c.consultation_id = k.consultation_id AND c.provision = k.provision AND NOT c.split)
		OR public <> (SELECT count(*) FROM comments c WHERE c.consultation_id = k.consultation_id AND c.provision = k.provision AND NOT c.split AND c.public))`, st.c.ID); n != 0 {
		st.t.Errorf("%d provisions are counted wrongly", n)
	}
}

func TestASplitCoversItsPartAndCanBeTakenBack(t *testing.T) {
	each(t, func(st *stage) {
		ctx, officer := context.Background(), st.officer()
		of := st.part("第一条好🀄。第二条不好。")
		cutAt := int64(6)
		made, err := st.s.Split(ctx, officer, st.c.Slug, of.ID, []Span{{0, cutAt, "art-1"}, {cutAt, Length(of.Text), "art-2"}}, of.Version)
		must(t, err)
		if made[0].Text != "第一条好🀄。" || made[1].Text != "第二条不好。" || made[1].Provision != "art-2" || made[1].AimedAt != "art-1" {
			t.Fatalf("split into %+v", made)
		}
		st.balanced()
		if _, err := st.s.Split(ctx, officer, st.c.Slug, of.ID, []Span{{0, 1, ""}, {1, 12, ""}}, 0); !fault.Is(err, fault.Conflict) {
			t.Errorf("split twice: %v", err)
		}
		if _, err := st.s.Split(ctx, officer, st.c.Slug, made[0].ID, []Span{{0, 1, ""}, {1, 6, ""}}, 0); !fault.Is(err, fault.Conflict) {
			t.Errorf("a span was split: %v", err)
		}
		back, err := st.s.Join(ctx, officer, st.c.Slug, of.ID, 0)
		must(t, err)
		if back.Split || back.Text != of.Text || back.Provision != "art-1" {
			t.Errorf("back as %+v", back)
		}
		st.balanced()
		if n := st.count("SELECT count(*) FROM audit_entries WHERE action IN ('split', 'join') AND object_id = ?", of.ID); n != 2 {
			t.Errorf("%d audit rows", n)
		}
	})
}

// A program that only says where to cut leaves each span with the article of its part.
func TestASpanWithoutAProvisionStaysWithItsPart(t *testing.T) {
	each(t, func(st *stage) {
		of := st.part("一。二。")
		made, err := st.s.Split(context.Background(), st.officer(), st.c.Slug, of.ID, []Span{{0, 2, AsPart}, {2, 4, ""}}, 0)
		must(t, err)
		if made[0].Provision != of.Provision || made[1].Provision != "" {
			t.Errorf("the spans speak of %q and %q, the part of %q", made[0].Provision, made[1].Provision, of.Provision)
		}
		st.balanced()
	})
}

func TestWhatIsGatheredIsNotSplitAndASplitOfItNotTakenBack(t *testing.T) {
	each(t, func(st *stage) {
		ctx, officer := context.Background(), st.officer()
		of := st.part("一。二。")
		gather := func(id, holder int64) {
			must(t, st.db.Upkeep(ctx, func(tx *database.Tx) error {
				_, err := Gathered(tx, st.c.ID, []int64{id}, holder)
				return err
			}))
		}
		gather(of.ID, 77)
		spans := []Span{{0, 2, "art-1"}, {2, 4, "art-1"}}
		if _, err := st.s.Split(ctx, officer, st.c.Slug, of.ID, spans, 0); !fault.Is(err, fault.Conflict) {
			t.Fatalf("a gathered part was split: %v", err)
		}
		gather(of.ID, 0)
		made, err := st.s.Split(ctx, officer, st.c.Slug, of.ID, spans, 0)
		must(t, err)
		gather(made[1].ID, 77)
		if _, err := st.s.Join(ctx, officer, st.c.Slug, of.ID, 0); !fault.Is(err, fault.Conflict) {
			t.Fatalf("a split was taken back under a suggestion: %v", err)
		}
	})
}

func TestAimingKeepsWhatTheSenderChose(t *testing.T) {
	each(t, func(st *stage) {
		ctx, officer := context.Background(), st.officer()
		of := st.part("意见")
		got, err := st.s.Aim(ctx, officer, st.c.Slug, of.ID, "art-3", of.Version)
		must(t, err)
		if got.Provision != "art-3" || got.AimedAt != "art-1" || got.Text != of.Text {
			t.Errorf("aimed as %+v", got)
		}
		st.balanced()
		if _, err := st.s.Aim(ctx, officer, st.c.Slug, of.ID, "", of.Version); err == nil || !fault.Is(err, fault.Conflict) {
			t.Errorf("an older version was written over: %v", err)
		}
		if _, err := st.s.Aim(ctx, officer, st.c.Slug, of.ID, "art-99", 0); !fault.Is(err, fault.Invalid) {
			t.Errorf("an unknown provision: %v", err)
		}
	})
}

func TestOnlyOwnOfficersWorkOnSubmissionsAndOnlyInTime(t *testing.T) {
	each(t, func(st *stage) {
		ctx := context.Background()
		of := st.part("一。二。")
		spans := []Span{{0, 2, ""}, {2, 4, ""}}
		stranger := actor.Actor{Kind: actor.Account, ID: 9, Grants: []actor.Grant{{Organisation: st.org + 1, Role: actor.Officer}}}
		for name, c := range map[string]struct {
			who  actor.Actor
			want fault.Kind
		}{
			"anonymous": {actor.Public(), fault.Unauthenticated}, "another organisation": {stranger, fault.NotFound},
			"auditor": {st.as(3, actor.Auditor), fault.Forbidden}, "reviewer": {st.as(3, actor.Reviewer), fault.Forbidden},
		} {
			if _, err := st.s.Split(ctx, c.who, st.c.Slug, of.ID, spans, 0); !fault.Is(err, c.want) {
				t.Errorf("%s split: %v", name, err)
			}
			if _, err := st.s.Aim(ctx, c.who, st.c.Slug, of.ID, "", 0); !fault.Is(err, c.want) {
				t.Errorf("%s aimed: %v", name, err)
			}
		}
		if _, err := st.s.One(ctx, stranger, st.c.Slug, of.SubmissionID); !fault.Is(err, fault.NotFound) {
			t.Errorf("another organisation read it: %v", err)
		}
		other := st.open(consultation.PublicNo)
		if _, err := st.s.Aim(ctx, st.officer(), other.Slug, of.ID, "", 0); !fault.Is(err, fault.NotFound) {
			t.Errorf("under another consultation: %v", err)
		}
		st.clock.Set(st.c.ClosesAt.Add(time.Hour))
		for _, e := range []consultation.Event{consultation.Decide, consultation.SubmitSummary} {
			_, err := st.cons.Apply(ctx, st.officer(), st.c.Slug, e, consultation.Note{})
			must(t, err)
		}
		if _, err := st.s.Split(ctx, st.officer(), st.c.Slug, of.ID, spans, 0); !fault.Is(err, fault.Conflict) {
			t.Errorf("after the summary was submitted: %v", err)
		}
	})
}

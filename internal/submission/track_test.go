package submission

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/register"
)

// told answers every suggestion that it knows.
type told map[int64]Answer

func (t told) AnswersTo(_ context.Context, _ int64, ids []int64) (map[int64]Answer, error) {
	out := map[int64]Answer{}
	for _, id := range ids {
		if a, ok := t[id]; ok {
			out[id] = a
		}
	}
	return out, nil
}

func TestNumberAndSecretShowWhatWasSentAndNothingElseDoes(t *testing.T) {
	each(t, func(st *stage) {
		ctx := context.Background()
		r, other := st.send(st.in("", "意见")), st.send(st.in("", "别的"))
		got, err := st.s.Track(ctx, " "+strings.ReplaceAll(r.Number, "-", ""), strings.ToLower(r.Secret))
		must(t, err)
		if got.State != Accepted || len(got.Parts) != 1 || got.Parts[0].Text != "意见" || got.Consultation.Slug != st.c.Slug {
			t.Fatalf("tracked %+v", got)
		}
		for name, try := range map[string][2]string{
			"another's secret": {r.Number, other.Secret}, "no secret": {r.Number, ""}, "no number": {"", r.Secret},
			"unknown number": {Number(2026, 999999), r.Secret}, "rubbish": {"x", "y"}, "cut": {r.Number, r.Secret[:9]},
		} {
			_, err := st.s.Track(ctx, try[0], try[1])
			if f, ok := fault.As(err); !ok || f.Kind != fault.NotFound || f.Code != "submission.receipt" {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestTheAnswerStandsUnderItsPartAndItsSpans(t *testing.T) {
	each(t, func(st *stage) {
		ctx := context.Background()
		r := st.send(st.in("", "一。二。", "三"))
		before, err := st.s.Track(ctx, r.Number, r.Secret)
		must(t, err)
		made, err := st.s.Split(ctx, st.officer(), st.c.Slug, before.Parts[0].ID, []Span{{0, 2, "art-1"}, {2, 4, "art-2"}}, 0)
		must(t, err)
		must(t, st.db.Upkeep(ctx, func(tx *database.Tx) error {
			for i, id := range []int64{made[0].ID, made[1].ID, before.Parts[1].ID} {
				if _, err := Gathered(tx, st.c.ID, []int64{id}, int64(i+1)); err != nil {
					return err
				}
			}
			return nil
		}))
		answers := told{1: {Disposition: "adopted"}, 2: {Disposition: "not_adopted", Reason: "因为"}}
		st.s.AnswerWith(answers)
		got, err := st.s.Track(ctx, r.Number, r.Secret)
		must(t, err)
		if got.State != Accepted || len(got.Parts) != 2 || len(got.Parts[0].Spans) != 2 || got.Parts[0].Spans[1].Answer.Reason != "因为" || got.Parts[1].Answer != nil {
			t.Fatalf("told %+v", got)
		}
		answers[3] = Answer{Disposition: "supported"}
		if got, err = st.s.Track(ctx, r.Number, r.Secret); err != nil || got.State != Answered {
			t.Fatalf("all answered, told as %s, %v", got.State, err)
		}
	})
}

func TestTheLeafIsMadeAgainFromTheRows(t *testing.T) {
	each(t, func(st *stage) {
		ctx := context.Background()
		st.clock.Add(123456789)
		in := st.in("", "意见 <b>", "二")
		in.Submitter.Region, in.Language = " 城北区 ", "en"
		r := st.send(in)
		_, err := st.s.Aim(ctx, st.officer(), st.c.Slug, st.firstOf(r).ID, "art-3", 0)
		must(t, err)
		s, err := StoredOf(st.db.Read(ctx), st.c.ID, r.Submission)
		must(t, err)
		leaf, content := Leaf(s)
		if !bytes.Equal(register.LeafHash(leaf), r.LeafHash) {
			t.Errorf("the rows give another leaf: %s", leaf)
		}
		if !bytes.Contains(content, []byte(`"意见 <b>"`)) || bytes.Contains(leaf, []byte("意见")) {
			t.Errorf("content %s, leaf %s", content, leaf)
		}
	})
}

func (st *stage) firstOf(r Receipt) Comment {
	st.t.Helper()
	x, err := whole(st.db.Read(context.Background()), st.c.ID, r.Submission)
	must(st.t, err)
	return x.Comments[0]
}

func TestALetterIsEnteredForItsSenderInTheCallersTransaction(t *testing.T) {
	each(t, func(st *stage) {
		ctx, officer := context.Background(), st.officer()
		in := st.in("", "来信")
		in.Channel, in.Submitter.Name, in.Submitter.Email = "letter", "王芳", "w@mail.example"
		st.clock.Add(1e9)
		var r Receipt
		must(t, st.db.Write(ctx, officer, func(tx *database.Tx) (err error) {
			r, err = st.s.Enter(tx, officer, in)
			return err
		}))
		got, err := st.s.Track(ctx, r.Number, r.Secret)
		must(t, err)
		if got.Submission.Channel != "letter" || got.Submission.EnteredBy != officer.Key() {
			t.Errorf("entered as %+v", got.Submission)
		}
		if n := st.count("SELECT count(*) FROM outbox"); n != 0 {
			t.Error("a letter on paper is confirmed by mail")
		}
		st.balanced()
		err = st.db.Write(ctx, actor.Public(), func(tx *database.Tx) error {
			_, err := st.s.Enter(tx, actor.Public(), in)
			return err
		})
		if !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("anonymous entered: %v", err)
		}
		if _, err := st.s.Receive(ctx, actor.Public(), in); !fault.Is(err, fault.Invalid) {
			t.Errorf("the public sent a letter by itself: %v", err)
		}
	})
}

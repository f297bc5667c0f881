package selection_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/selection"
	"guangyi/internal/sortition"
)

func TestThirtyApplyForEightSeatsAndTheChancesAreTheExactOptimum(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		m := b.opened(b.call())
		all := b.thirty(m)
		sel := b.drawn(m, "472")
		if sel.Stage != selection.Drawn || sel.Panels != 1000 {
			t.Fatalf("stage %s, %d panels", sel.Stage, sel.Panels)
		}
		want := map[string]float64{
			"citizen female": 3.0 / 14, "citizen male": 3.0 / 14, "enterprise male": 0.2558, "enterprise female": 0.4766,
			"expert male": 0.2558, "expert female": 0.4884,
		}
		for _, a := range all {
			c, ok, err := b.ChanceFor(ctx, m.ID, a.ID)
			must(t, err)
			if expected := want[a.Category+" "+a.Sex]; !ok || math.Abs(c.Probability-expected) > 0.0006 {
				t.Errorf("%s, %s: chance %.4f, want %.4f", a.Label, a.Sex, c.Probability, expected)
			}
			if math.Abs(float64(c.On)-1000*c.Probability) > 8 || !c.Drawn || c.Index != 472 {
				t.Errorf("%s: on %d of %d panels, drawn %v %d", a.Label, c.On, c.Panels, c.Drawn, c.Index)
			}
		}
		b.eightSit(m)
	})
}

// eightSit checks the quotas on who was selected.
func (b *bureau) eightSit(m meeting.Meeting) {
	b.t.Helper()
	chosen, err := b.meetings.Applications(ctx, m.ID, meeting.Chosen)
	must(b.t, err)
	count := map[string]int{}
	for _, a := range chosen {
		count[a.Category]++
		count[a.Sex]++
		count[a.District]++
	}
	if count["citizen"] != 3 || count["enterprise"] != 3 || count["expert"] != 2 || count["female"] < 3 {
		b.t.Errorf("selected %v", count)
	}
	for _, d := range districts {
		if count[d] > 3 {
			b.t.Errorf("%s has %d", d, count[d])
		}
	}
	states := b.states(m)
	if states[meeting.Reserve] < 4 || states[meeting.Applied] != 0 || states[meeting.NotSelected]+states[meeting.Reserve] != 22 {
		b.t.Errorf("states %v", states)
	}
	now, err := b.meetings.BySlug(ctx, m.Slug)
	must(b.t, err)
	if now.State != meeting.Selected {
		b.t.Errorf("the meeting is %s", now.State)
	}
}

func TestTheSameSeedGivesTheSamePanelAndTheFullRecordShowsIt(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		m := b.opened(b.call())
		all := b.thirty(m)
		b.drawn(m, "472")
		a := all[0]
		r, err := b.FullFor(ctx, m.Slug, a.Reference, b.secrets[a.ID])
		must(t, err)
		digest, err := r.Digest()
		must(t, err)
		public, err := b.Record(ctx, m.Slug)
		must(t, err)
		if public.Redaction == nil || public.Redaction.Digest != digest || public.Nonce != "" {
			t.Errorf("the public form is not tied to the full record: %+v", public.Redaction)
		}
		if r.Result.Index != 472 || !slices.Equal(r.Result.Selected, r.Panels[472]) || len(r.Result.Selected) != 8 {
			t.Errorf("result %+v", r.Result)
		}
		chosen, err := b.meetings.Applications(ctx, m.ID, meeting.Chosen)
		must(t, err)
		for _, c := range chosen {
			if !slices.Contains(r.Result.Selected, c.Label) {
				t.Errorf("%s was selected but is not on the panel", c.Label)
			}
		}
		_, err = b.FullFor(ctx, m.Slug, a.Reference, b.secrets[all[1].ID])
		b.refused(err, fault.NotFound, "")
		_, err = b.FullForStaff(ctx, b.auditor(), m.Slug)
		must(t, err)
	})
}

func TestNothingIsKnownBeforeItsTime(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		m := b.opened(b.call())
		all := b.thirty(m)
		_, err := b.Close(ctx, b.secretary(), m.Slug)
		b.refused(err, fault.Conflict, "selection.not_closed")
		sel := b.computed(m)
		if _, ok, _ := b.ChanceFor(ctx, m.ID, all[0].ID); ok {
			t.Error("a chance is shown before it is published")
		}
		_, err = b.Record(ctx, m.Slug)
		b.refused(err, fault.NotFound, "")
		_, err = b.EnterSeed(ctx, b.secretary(), m.Slug, "472")
		b.refused(err, fault.Conflict, "selection.stage")
		sel, err = b.Publish(ctx, b.secretary(), m.Slug)
		must(t, err)
		if sel.Digest == "" {
			t.Error("published without a digest")
		}
		_, err = b.EnterSeed(ctx, b.secretary(), m.Slug, "472")
		b.refused(err, fault.Conflict, "selection.too_early")
		b.clock.Set(m.Seed.KnownAt)
		_, err = b.EnterSeed(ctx, b.secretary(), m.Slug, "47")
		b.refused(err, fault.Invalid, "selection.seed.number")
		_, err = b.EnterSeed(ctx, b.secretary(), m.Slug, "4 7 2")
		must(t, err)
		_, err = b.ConfirmSeed(ctx, b.secretary(), m.Slug, "472")
		b.refused(err, fault.Forbidden, "selection.own_seed")
		_, err = b.ConfirmSeed(ctx, b.second(), m.Slug, "473")
		b.refused(err, fault.Invalid, "selection.seed_differs")
		_, err = b.RefuseSeed(ctx, b.second(), m.Slug, "公报上是473")
		must(t, err)
		if n := b.states(m)[meeting.Applied]; n != 30 {
			t.Errorf("%d still wait", n)
		}
	})
}

func TestChancesAreNotPublishedOnceTheSeedCanBeKnown(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		m := b.opened(b.call())
		b.thirty(m)
		b.computed(m)
		b.clock.Set(m.Seed.KnownAt)
		_, err := b.Publish(ctx, b.secretary(), m.Slug)
		b.refused(err, fault.Conflict, "selection.too_late")
		r := selection.Renaming{Name: "福彩3D", Round: "2026333", DueAt: b.clock.Now().Add(day), Reason: "计算用时超出预期，改用下一期"}
		_, err = b.Rename(ctx, b.secretary(), m.Slug, r)
		b.refused(err, fault.Forbidden, "")
		_, err = b.Rename(ctx, b.reviewer(), m.Slug, r)
		must(t, err)
		_, err = b.Publish(ctx, b.secretary(), m.Slug)
		must(t, err)
		public, err := b.Record(ctx, m.Slug)
		must(t, err)
		if public.Source.Round != "2026333" {
			t.Errorf("the record names round %s", public.Source.Round)
		}
	})
}

func TestTwoHundredAreDrawnFromTwoThousand(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		in := b.call()
		in.Seats, in.Categories = ptr(200), &[]meeting.Category{{Code: "citizen", Name: "市民代表", Seats: 200}}
		in.Quotas = &[]meeting.Quota{
			{Category: "sex", Feature: "female", Min: 95, Max: 105}, {Category: "district", Feature: "城北区", Min: 45, Max: 55},
			{Category: "district", Feature: "开发区", Min: 40, Max: 60},
		}
		m := b.opened(in)
		b.many(m, 2000)
		sel := b.drawn(m, "007")
		states := b.states(m)
		if states[meeting.Chosen] != 200 || sel.People != 2000 {
			t.Errorf("states %v, pool %d", states, sel.People)
		}
		r, err := b.FullForStaff(ctx, b.auditor(), m.Slug)
		must(t, err)
		if r.Gap > 1e-6 || r.Result.Index != 7 {
			t.Errorf("gap %g, panel %d", r.Gap, r.Result.Index)
		}
	})
}

// many puts applications straight into the table.
func (b *bureau) many(m meeting.Meeting, n int) {
	b.t.Helper()
	must(b.t, b.db.Upkeep(ctx, func(tx *database.Tx) error {
		var rows []meeting.Application
		for i := range n {
			sex := "male"
			if i%5 < 2 {
				sex = "female"
			}
			rows = append(rows, meeting.Application{
				Meeting: m.ID, ID: tx.NextID(), Reference: fmt.Sprint("ref-", i), Number: i + 1, Label: fmt.Sprintf("市民%04d", i+1), Category: "citizen",
				Sex: sex, District: districts[(i/7)%4], State: meeting.Applied, Party: 1, Channel: "web", Lang: "zh-CN", IdempotencyKey: fmt.Sprint(i),
				BodyHash: []byte{}, AppliedAt: tx.Now, UpdatedAt: tx.Now, Version: 1, Answers: map[string]string{}, Items: []int64{},
			})
		}
		return tx.CreateInBatches(rows, 100).Error
	}))
}

func TestInfeasibleQuotasNameTheSmallestRelaxationAndAreCorrectedInTheOpen(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		in := b.call()
		(*in.Quotas)[0].Min = 6
		m := b.opened(in)
		for i := range 20 {
			sex := "male"
			if i < 4 {
				sex = "female"
			}
			b.apply(m, applicant(i, []string{"citizen", "enterprise", "expert"}[i%3], sex))
		}
		must(t, b.AskPreview(ctx, b.secretary(), m.Slug))
		_, err := b.Work(ctx)
		must(t, err)
		job, ok, err := b.LastJob(ctx, m.ID, selection.PreviewJob)
		must(t, err)
		preview, done := job.Preview()
		if !ok || !done || preview.Feasible || len(preview.Conflicts) != 1 {
			t.Fatalf("preview %+v of %+v", preview, job)
		}
		sel := b.computed(m)
		if sel.Stage != selection.Infeasible || len(sel.Conflicts) != 1 || sel.Conflicts[0].Feature != "female" || sel.Conflicts[0].RelaxedMin != 4 {
			t.Fatalf("%s %+v", sel.Stage, sel.Conflicts)
		}
		m, err = b.meetings.BySlug(ctx, m.Slug)
		must(t, err)
		relaxed := selection.Relaxed(m, sel.Conflicts)
		_, err = b.Correct(ctx, b.secretary(), m.Slug, relaxed, "报名的女性只有4位")
		b.refused(err, fault.Forbidden, "")
		_, err = b.Correct(ctx, b.reviewer(), m.Slug, relaxed, " ")
		b.refused(err, fault.Invalid, "")
		_, err = b.Correct(ctx, b.reviewer(), m.Slug, relaxed, "报名的女性只有4位")
		must(t, err)
		if sel := b.worked(m); sel.Stage != selection.Computed {
			t.Fatalf("after the correction: %s %+v", sel.Stage, sel.Conflicts)
		}
		past, err := b.meetings.History(ctx, m.ID)
		must(t, err)
		if last := past[len(past)-1]; last.Event != meeting.Correct || last.Note != "报名的女性只有4位" {
			t.Errorf("history ends with %+v", last)
		}
	})
}

func TestWithFewerApplicantsThanSeatsEverybodyIsInAndNothingIsDrawn(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		m := b.opened(b.call())
		for i := range 5 {
			b.apply(m, applicant(i, []string{"citizen", "enterprise", "expert"}[i%3], "male"))
		}
		b.clock.Set(*m.ClosesAt)
		sel, err := b.Close(ctx, b.secretary(), m.Slug)
		must(t, err)
		if !sel.Trivial || sel.Draws() || sel.Stage != selection.Listed {
			t.Fatalf("%+v", sel)
		}
		_, err = b.Confirm(ctx, b.secretary(), m.Slug)
		b.refused(err, fault.Forbidden, "selection.own_work")
		_, err = b.Confirm(ctx, b.second(), m.Slug)
		must(t, err)
		if n := b.states(m)[meeting.Chosen]; n != 5 {
			t.Errorf("%d of 5 are in", n)
		}
		_, err = b.Record(ctx, m.Slug)
		b.refused(err, fault.NotFound, "selection.no_draw")
	})
}

func TestTheReserveWhoIsCalledKeepsTheQuotasAndNoSeatIsGivenTwice(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		m := b.opened(b.call())
		b.thirty(m)
		b.drawn(m, "472")
		for range 4 {
			b.bestCame(m, b.declineOne(m))
		}
		must(t, b.db.Upkeep(ctx, func(tx *database.Tx) error {
			locked, err := b.meetings.Lock(tx, m.ID)
			must(t, err)
			if _, ok, err := b.Next(tx, &locked, nil); err != nil || ok {
				t.Errorf("somebody is called for a seat that is taken (%v)", err)
			}
			return nil
		}))
	})
}

// declineOne lets the first of the selected decline and says who was called.
func (b *bureau) declineOne(m meeting.Meeting) (called int64) {
	b.t.Helper()
	chosen, err := b.meetings.Applications(ctx, m.ID, meeting.Chosen)
	must(b.t, err)
	must(b.t, b.db.Write(ctx, b.secretary(), func(tx *database.Tx) error {
		locked, err := b.meetings.Lock(tx, m.ID)
		must(b.t, err)
		if _, err := b.meetings.Move(ctx, tx, &locked, chosen[0].ID, meeting.Declined, meeting.Change{}); err != nil {
			return err
		}
		id, ok, err := b.Next(tx, &locked, nil)
		if err != nil || !ok {
			b.t.Fatalf("nobody is called (%v)", err)
		}
		called = id
		_, err = b.meetings.Move(ctx, tx, &locked, id, meeting.Chosen, meeting.Change{})
		return err
	}))
	return called
}

// bestCame fails when the quotas do not hold although with somebody else in the
// seat they would.
func (b *bureau) bestCame(m meeting.Meeting, called int64) {
	b.t.Helper()
	r, err := b.FullForStaff(ctx, b.auditor(), m.Slug)
	must(b.t, err)
	all, err := b.meetings.Applications(ctx, m.ID)
	must(b.t, err)
	var stay, others []string
	var came string
	for _, a := range all {
		switch {
		case a.ID == called:
			came = a.Label
		case a.State == meeting.Chosen:
			stay = append(stay, a.Label)
		case a.State == meeting.Reserve, a.State == meeting.NotSelected:
			others = append(others, a.Label)
		}
	}
	if len(stay) != 7 {
		b.t.Fatalf("%d stay", len(stay))
	}
	if r.Pool().CheckPanel(append(stay, came)) == nil {
		return
	}
	for _, other := range others {
		if r.Pool().CheckPanel(append(stay, other)) == nil {
			b.t.Errorf("%s was called, and the quotas do not hold; with %s they would", came, other)
		}
	}
}

func TestSeveralPartiesMakeTheSeedTogether(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		in := b.call()
		in.Seed = &meeting.Seed{Source: "parties", KnownAt: b.clock.Now().Add(10 * day), Commitments: []meeting.Commitment{{Party: "商会", Digest: sortition.Commit("0123456789abcdef", "17")}}}
		m := b.opened(in)
		b.thirty(m)
		must(t, b.Promise(ctx, b.secretary(), m.Slug, "消费者协会", sortition.Commit("fedcba9876543210", "4711")))
		b.refused(b.Promise(ctx, b.secretary(), m.Slug, "消费者协会", sortition.Commit("x", "y")), fault.Invalid, "")
		b.computed(m)
		b.refused(b.Open(ctx, b.secretary(), m.Slug, 1, "0123456789abcdef", "17"), fault.Conflict, "selection.stage")
		_, err := b.Publish(ctx, b.secretary(), m.Slug)
		must(t, err)
		b.clock.Set(m.Seed.KnownAt)
		b.refused(b.Open(ctx, b.secretary(), m.Slug, 1, "0123456789abcdef", "18"), fault.Invalid, "selection.not_promised")
		salts := map[string][2]string{"商会": {"0123456789abcdef", "17"}, "消费者协会": {"fedcba9876543210", "4711"}}
		parties, err := b.Commitments(ctx, m.ID)
		must(t, err)
		_, err = b.EnterSeed(ctx, b.secretary(), m.Slug, "")
		b.refused(err, fault.Conflict, "selection.unopened")
		for _, p := range parties {
			must(t, b.Open(ctx, b.secretary(), m.Slug, p.Position, salts[p.Party][0], salts[p.Party][1]))
		}
		_, err = b.EnterSeed(ctx, b.secretary(), m.Slug, "")
		must(t, err)
		sel, err := b.ConfirmSeed(ctx, b.second(), m.Slug, "")
		must(t, err)
		r, err := b.FullForStaff(ctx, b.auditor(), m.Slug)
		must(t, err)
		if len(r.Result.Openings) != 2 || sel.Stage != selection.Drawn {
			t.Errorf("%+v", r.Result.Openings)
		}
	})
}

func TestADrawByHandNeedsWitnessesWhoMayReadTheFullRecord(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		in := b.call()
		in.Seed.Source, in.Seed.Name, in.Seed.Reference = "hand", "", ""
		m := b.opened(in)
		b.thirty(m)
		b.computed(m)
		_, err := b.Publish(ctx, b.secretary(), m.Slug)
		b.refused(err, fault.Conflict, "selection.witnesses")
		token, err := b.AddWitness(ctx, b.secretary(), m.Slug, "周敏")
		must(t, err)
		_, err = b.AddWitness(ctx, b.secretary(), m.Slug, "何志远")
		must(t, err)
		_, err = b.Publish(ctx, b.secretary(), m.Slug)
		must(t, err)
		r, err := b.FullForWitness(ctx, m.Slug, token)
		must(t, err)
		if len(r.People) != 30 || len(r.Source.Witnesses) != 2 {
			t.Errorf("%d rows, witnesses %v", len(r.People), r.Source.Witnesses)
		}
		_, err = b.FullForWitness(ctx, m.Slug, token+"x")
		b.refused(err, fault.NotFound, "")
	})
}

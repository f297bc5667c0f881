package representative_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"guangyi/internal/access"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/seal"
	"guangyi/internal/representative"
)

var (
	ctx  = context.Background()
	noon = time.Date(2026, 7, 1, 4, 0, 0, 0, time.UTC)
)

// stage is an organisation with an open pool, and one without.
type stage struct {
	t          *testing.T
	db         *database.DB
	clock      *clock.Manual
	pool       *representative.Service
	org, other int64
	secretary  actor.Actor
	reviewer   actor.Actor
	signer     actor.Actor
}

func staff(id int64, role actor.Role, org int64) actor.Actor {
	return actor.Actor{Kind: actor.Account, ID: id, Name: string(role), Grants: []actor.Grant{{Organisation: org, Role: role}}}
}

func each(t *testing.T, run func(*stage)) {
	c := clock.At(noon)
	databasetest.EachWith(t, database.Options{Clock: c}, func(t *testing.T, db *database.DB) {
		c.Set(noon)
		run(newStage(t, db, c))
	})
}

func newStage(t *testing.T, db *database.DB, c *clock.Manual) *stage {
	t.Helper()
	gate, err := access.New()
	must(t, err)
	keys, err := seal.Open(ctx, db, t.TempDir())
	must(t, err)
	orgs := organisation.New(db, gate)
	s := &stage{t: t, db: db, clock: c, pool: representative.New(db, gate, keys, orgs)}
	own, err := orgs.Add(ctx, actor.Console(), organisation.Details{Slug: "own", Name: "市发展改革委", Lang: "zh-CN"})
	must(t, err)
	other, err := orgs.Add(ctx, actor.Console(), organisation.Details{Slug: "other", Name: "市水务局", Lang: "zh-CN"})
	must(t, err)
	s.org, s.other = own.ID, other.ID
	s.secretary, s.reviewer, s.signer = staff(101, actor.Secretary, s.org), staff(102, actor.Reviewer, s.org), staff(103, actor.Signer, s.org)
	_, err = s.pool.SetPool(ctx, s.secretary, representative.Pool{Organisation: s.org, Open: true, Lang: "zh-CN", Districts: "东区\n西区",
		Fields: "交通\n环保\n教育", TermMonths: 24, RenewDays: 60, ForgetDays: 30}, 0)
	must(t, err)
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func want(t *testing.T, what string, err error, kind fault.Kind, code string) {
	t.Helper()
	if f, ok := fault.As(err); !ok || f.Kind != kind || (code != "" && f.Code != code) {
		t.Errorf("%s: %v, want %s", what, err, code)
	}
}

func citizen() representative.Application {
	return representative.Application{Person: representative.Person{Name: "王小明", Phone: "139 0000 1234", Email: "wang@mail.example"},
		Category: "citizen", District: "东区", Fields: []string{"交通"}, Conflict: "no", Consent: true, Lang: "zh-CN"}
}

func (s *stage) apply(in representative.Application) representative.Receipt {
	s.t.Helper()
	r, err := s.pool.Apply(ctx, actor.Public(), s.org, in)
	must(s.t, err)
	return r
}

func (s *stage) term(months int) representative.Term {
	return representative.Term{From: s.clock.Now(), Until: s.clock.Now().AddDate(0, months, 0)}
}

func (s *stage) admitted(in representative.Application) (representative.Receipt, representative.Holder) {
	s.t.Helper()
	r := s.apply(in)
	_, err := s.pool.Vet(ctx, s.secretary, r.ID, true, "", 1)
	must(s.t, err)
	_, err = s.pool.Decide(ctx, s.reviewer, r.ID, true, s.term(12), "", 2)
	must(s.t, err)
	return r, representative.Holder{Reference: r.Reference, Secret: r.Secret}
}

func (s *stage) state(id int64) representative.Representative {
	s.t.Helper()
	r, err := s.pool.ByID(ctx, id)
	must(s.t, err)
	return r
}

func TestAnybodyAppliesAndTwoPeopleAdmit(t *testing.T) {
	each(t, func(s *stage) {
		r := s.apply(citizen())
		_, err := s.pool.Decide(ctx, s.reviewer, r.ID, true, s.term(12), "", 0)
		want(t, "the second before the first", err, fault.Conflict, "representative.not_in_state")
		_, err = s.pool.Vet(ctx, s.secretary, r.ID, false, " ", 1)
		want(t, "against, without a note", err, fault.Invalid, "")
		_, err = s.pool.Vet(ctx, s.secretary, r.ID, true, "", 1)
		must(t, err)
		_, err = s.pool.Decide(ctx, s.secretary, r.ID, true, s.term(12), "", 2)
		want(t, "the same person twice", err, fault.Forbidden, "representative.same_person")
		_, err = s.pool.Decide(ctx, s.reviewer, r.ID, true, representative.Term{From: noon, Until: noon.AddDate(11, 0, 0)}, "", 2)
		want(t, "a term of eleven years", err, fault.Invalid, "")
		_, err = s.pool.Decide(ctx, s.reviewer, r.ID, true, s.term(12), "", 1)
		want(t, "against an older version", err, fault.Conflict, "stale")
		_, err = s.pool.Decide(ctx, s.reviewer, r.ID, true, s.term(12), "", 2)
		must(t, err)
		if got, ok, err := s.pool.Find(ctx, s.org, 0, "13900001234", ""); err != nil || !ok || got.ID != r.ID {
			t.Errorf("found by telephone: %v %v %v", got.ID, ok, err)
		}
		if _, ok, _ := s.pool.Find(ctx, s.org, 0, "", "WANG@mail.example"); !ok {
			t.Error("not found by e-mail in capitals")
		}
		if _, ok, _ := s.pool.Find(ctx, s.other, 0, "13900001234", ""); ok {
			t.Error("a representative of one organisation is one of another")
		}
		list, _, total, err := s.pool.Public(ctx, s.org, representative.Filter{})
		must(t, err)
		if total != 1 || list[0].Name != "王**" || list[0].Category != "citizen" || len(list[0].Fields) != 1 {
			t.Errorf("public: %+v", list)
		}
	})
}

func TestNobodyVetsThemselves(t *testing.T) {
	each(t, func(s *stage) {
		r, err := s.pool.Apply(ctx, s.secretary, s.org, citizen())
		must(t, err)
		_, err = s.pool.Vet(ctx, s.secretary, r.ID, true, "", 1)
		want(t, "the first", err, fault.Forbidden, "representative.own")
		_, err = s.pool.Vet(ctx, staff(110, actor.Secretary, s.org), r.ID, true, "", 1)
		must(t, err)
		_, err = s.pool.Decide(ctx, s.secretary, r.ID, true, s.term(12), "", 2)
		want(t, "the second", err, fault.Forbidden, "representative.own")
		if m, err := s.pool.OfAccount(ctx, s.secretary); err != nil || len(m) != 1 {
			t.Errorf("own memberships: %d, %v", len(m), err)
		}
		if _, err := s.pool.Show(ctx, s.secretary, representative.Holder{Reference: r.Reference}); err != nil {
			t.Errorf("signed in, without the secret: %v", err)
		}
	})
}

func TestAnApplicationIsRefusedWithItsFields(t *testing.T) {
	each(t, func(s *stage) {
		for field, change := range map[string]func(*representative.Application){
			"name":          func(a *representative.Application) { a.Name = " " },
			"phone":         func(a *representative.Application) { a.Phone, a.Email = "", "" },
			"email":         func(a *representative.Application) { a.Email = "nobody" },
			"category":      func(a *representative.Application) { a.Category = "king" },
			"district":      func(a *representative.Application) { a.District = "南区" },
			"fields":        func(a *representative.Application) { a.Fields = []string{"天文"} },
			"conflict":      func(a *representative.Application) { a.Conflict = "" },
			"conflict_text": func(a *representative.Application) { a.Conflict = "yes" },
			"consent":       func(a *representative.Application) { a.Consent = false },
			"body":          func(a *representative.Application) { a.Category = "deputy" },
			"profession":    func(a *representative.Application) { a.Category, a.Unit, a.Post = "expert", "大学", "教授" },
			"about":         func(a *representative.Application) { a.About = strings.Repeat("长", 1001) },
		} {
			in := citizen()
			change(&in)
			_, err := s.pool.Apply(ctx, actor.Public(), s.org, in)
			f, ok := fault.AsInvalid(err)
			if !ok || len(f.Fields) != 1 || f.Fields[0].Name != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		_, err := s.pool.Apply(ctx, actor.Public(), s.other, citizen())
		want(t, "a pool that is not open", err, fault.Conflict, "representative.closed")
	})
}

func TestTheSameKeyBringsTheSameReceiptAndTheSamePersonOnlyOne(t *testing.T) {
	each(t, func(s *stage) {
		in := citizen()
		in.Key = "form-1"
		first, again := s.apply(in), s.apply(in)
		if again.Reference != first.Reference || again.Secret != first.Secret || !again.Repeated {
			t.Errorf("%+v, then %+v", first, again)
		}
		in.About = "其他"
		_, err := s.pool.Apply(ctx, actor.Public(), s.org, in)
		want(t, "the key with another content", err, fault.Conflict, "representative.key_reused")
		other := citizen()
		other.Email, other.Phone = "", "１３９－０００－０1234"
		_, err = s.pool.Apply(ctx, actor.Public(), s.org, other)
		want(t, "the same telephone", err, fault.Conflict, "representative.applied_already")
		must(t, s.pool.Leave(ctx, actor.Public(), representative.Holder{Reference: first.Reference, Secret: first.Secret}))
		s.apply(other)
	})
}

func TestTheSecretAndNothingElseOpensAMembership(t *testing.T) {
	each(t, func(s *stage) {
		r := s.apply(citizen())
		m, err := s.pool.Show(ctx, actor.Public(), representative.Holder{Reference: " r" + strings.ReplaceAll(r.Reference[1:], "-", " "), Secret: strings.ToLower(r.Secret)})
		if err != nil || m.Person.Name != "王小明" {
			t.Errorf("as typed: %v %v", m.Person, err)
		}
		for _, h := range []representative.Holder{{r.Reference, ""}, {r.Reference, "AAAAA-AAAAA"}, {"R26-000099-1", r.Secret}, {"", ""}} {
			_, err := s.pool.Show(ctx, actor.Public(), h)
			want(t, h.Reference, err, fault.NotFound, "representative.reference")
			want(t, h.Reference, s.pool.Leave(ctx, actor.Public(), h), fault.NotFound, "representative.reference")
		}
		if _, err := s.pool.Show(ctx, actor.Actor{Kind: actor.Account, ID: 55}, representative.Holder{Reference: r.Reference}); err == nil {
			t.Error("another account opened it")
		}
	})
}

func TestASuspensionIsAnsweredBySomebodyElse(t *testing.T) {
	each(t, func(s *stage) {
		r, h := s.admitted(citizen())
		_, err := s.pool.Suspend(ctx, s.secretary, r.ID, "", 3)
		want(t, "without a reason", err, fault.Invalid, "")
		_, err = s.pool.Suspend(ctx, s.secretary, r.ID, "两次接受邀请后未到会", 3)
		must(t, err)
		if _, ok, _ := s.pool.Find(ctx, s.org, 0, "13900001234", ""); ok {
			t.Error("who is suspended counts as serving")
		}
		_, err = s.pool.AnswerAppeal(ctx, s.reviewer, r.ID, true, "理由", 0)
		want(t, "no appeal yet", err, fault.Conflict, "representative.no_appeal")
		must(t, s.pool.Appeal(ctx, actor.Public(), h, "当天住院"))
		want(t, "twice", s.pool.Appeal(ctx, actor.Public(), h, "再次"), fault.Conflict, "representative.appealed")
		_, err = s.pool.Lift(ctx, s.secretary, r.ID, "", 0)
		want(t, "lifting past the appeal", err, fault.Conflict, "representative.appeal_waits")
		_, err = s.pool.AnswerAppeal(ctx, s.secretary, r.ID, false, "理由", 0)
		want(t, "by who suspended", err, fault.Forbidden, "representative.suspended_by_you")
		_, err = s.pool.AnswerAppeal(ctx, s.reviewer, r.ID, true, "住院证明属实", 0)
		must(t, err)
		if got := s.state(r.ID); got.State != representative.Admitted || got.AppealAnswer != "住院证明属实" {
			t.Errorf("%s, %q", got.State, got.AppealAnswer)
		}
		if p, err := s.pool.Contact(ctx, s.reviewer, r.ID); err != nil || p.Appeal != "当天住院" {
			t.Errorf("the appeal staff read: %q, %v", p.Appeal, err)
		}
	})
}

func TestRenewalIsAskedBeforeTheTermEnds(t *testing.T) {
	each(t, func(s *stage) {
		r, h := s.admitted(citizen())
		want(t, "before it is asked", s.pool.WantRenewal(ctx, actor.Public(), h), fault.Conflict, "representative.not_asked")
		until := *s.state(r.ID).TermUntil
		s.clock.Set(until.Add(-61 * 24 * time.Hour))
		s.run(0)
		s.clock.Set(until.Add(-60 * 24 * time.Hour))
		s.run(1)
		s.run(0)
		must(t, s.pool.WantRenewal(ctx, actor.Public(), h))
		_, err := s.pool.Renew(ctx, s.signer, r.ID, until.AddDate(1, 0, 0), 0)
		must(t, err)
		got := s.state(r.ID)
		if !got.TermUntil.Equal(until.AddDate(1, 0, 0)) || got.RenewalAskedAt != nil {
			t.Errorf("%+v", got)
		}
		s.clock.Set(*got.TermUntil)
		if got.Serving(s.clock.Now()) {
			t.Error("serves at the instant at which the term is over")
		}
		s.run(1)
		if s.state(r.ID).State != representative.Ended {
			t.Error("the term did not end")
		}
	})
}

func (s *stage) run(want int) {
	s.t.Helper()
	if n, err := s.pool.Run(ctx); err != nil || n != want {
		s.t.Errorf("the clock changed %d (%v), want %d", n, err, want)
	}
}

func TestNameAndContactAreDeletedWhenPromised(t *testing.T) {
	each(t, func(s *stage) {
		left := s.apply(citizen())
		must(t, s.pool.Leave(ctx, actor.Public(), representative.Holder{Reference: left.Reference, Secret: left.Secret}))
		in := citizen()
		in.Phone, in.Email = "13900009999", ""
		refused := s.apply(in)
		_, err := s.pool.Vet(ctx, s.secretary, refused.ID, false, "王小明不在本市", 1)
		must(t, err)
		_, err = s.pool.Decide(ctx, s.reviewer, refused.ID, false, representative.Term{}, "王小明不在本市", 2)
		must(t, err)
		s.clock.Add(30*24*time.Hour - time.Second)
		s.run(0)
		s.clock.Add(time.Second)
		s.run(2)
		for _, table := range []string{"representative_people"} {
			var n int64
			must(t, s.db.Read(ctx).Table(table).Count(&n).Error)
			if n != 0 {
				t.Errorf("%s holds %d rows", table, n)
			}
		}
		r := s.state(refused.ID)
		if len(r.BodyHash) > 0 || r.Account != 0 || r.PublicName != "" || r.Reason != "" || r.FirstNote != "" || r.State != representative.Refused {
			t.Errorf("left behind: %+v", r)
		}
		var notes int64
		must(t, s.db.Read(ctx).Table("representative_events").Where("note <> ''").Count(&notes).Error)
		if notes != 0 {
			t.Errorf("%d notes of the history are left", notes)
		}
		_, err = s.pool.Contact(ctx, s.secretary, left.ID)
		want(t, "the contact", err, fault.NotFound, "")
		m, err := s.pool.Show(ctx, actor.Public(), representative.Holder{Reference: left.Reference, Secret: left.Secret})
		if err != nil || m.Person.Name != "" {
			t.Errorf("the holder still sees %q, %v", m.Person.Name, err)
		}
	})
}

// Ten forms at once: those with one key are one application, and one telephone
// number is one person.
func TestOnePersonIsInThePoolOnceWhateverArrivesAtOnce(t *testing.T) {
	each(t, func(s *stage) {
		var wg sync.WaitGroup
		receipts, errs := make([]representative.Receipt, 10), make([]error, 10)
		for i := range receipts {
			wg.Go(func() {
				in := citizen()
				if in.Key = "form-same"; i%2 == 1 {
					in.Key = fmt.Sprint("form-", i)
				}
				receipts[i], errs[i] = s.pool.Apply(ctx, actor.Public(), s.org, in)
			})
		}
		wg.Wait()
		taken := map[string]bool{}
		for i, err := range errs {
			if err == nil {
				taken[receipts[i].Reference] = true
				continue
			}
			want(t, fmt.Sprint("form ", i), err, fault.Conflict, "representative.applied_already")
		}
		if len(taken) != 1 {
			t.Errorf("%d applications were taken", len(taken))
		}
	})
}

func TestInvitationsCountOnceAMeeting(t *testing.T) {
	each(t, func(s *stage) {
		r, _ := s.admitted(citizen())
		for range 2 {
			must(t, s.db.Upkeep(ctx, func(tx *database.Tx) error { return s.pool.Invited(tx, r.ID, 7) }))
		}
		s.clock.Add(time.Hour)
		for range 2 {
			must(t, s.db.Upkeep(ctx, func(tx *database.Tx) error { return s.pool.Came(tx, r.ID, 8) }))
		}
		if got := s.state(r.ID); got.Invited != 2 || got.Came != 1 {
			t.Errorf("invited %d, came %d", got.Invited, got.Came)
		}
		since, err := s.pool.InvitedSince(ctx, []int64{r.ID}, noon.Add(time.Minute))
		if err != nil || since[r.ID] != 1 {
			t.Errorf("since: %v, %v", since, err)
		}
	})
}

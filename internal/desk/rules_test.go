package desk

import (
	"strings"
	"testing"
	"time"

	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/submission"
)

// When a paper counts as received, and whether that was in time. The period runs from
// 9:00 of 2 November to 24:00 of 2 December.
func TestWhenAPaperCountsAsReceived(t *testing.T) {
	opens, closes := start.UTC(), end.UTC()
	c := consultation.Consultation{OpensAt: &opens, ClosesAt: &closes}
	s := &Service{zone: zone}
	after := time.Date(2026, 12, 5, 10, 0, 0, 0, zone)
	cases := map[string]struct {
		way   Way
		in    Content
		now   time.Time
		at    time.Time // zero: not asked
		late  bool
		proof bool
		code  string
	}{
		"today is now":                             {Letter, Content{ReceivedOn: "2026-11-20"}, time.Date(2026, 11, 20, 15, 4, 0, 0, zone), time.Date(2026, 11, 20, 15, 4, 0, 0, zone), false, false, ""},
		"a past day is its middle":                 {Letter, Content{ReceivedOn: "2026-11-20"}, after, time.Date(2026, 11, 20, 12, 0, 0, 0, zone), false, false, ""},
		"a call at its hour":                       {Phone, Content{ReceivedOn: "2026-12-02", ReceivedAt: "23:50"}, after, time.Date(2026, 12, 2, 23, 50, 0, 0, zone), false, false, ""},
		"a call after the end":                     {Phone, Content{ReceivedOn: "2026-12-03", ReceivedAt: "00:10"}, after, time.Time{}, false, false, "desk.came_late"},
		"the same, marked":                         {Phone, Content{ReceivedOn: "2026-12-03", ReceivedAt: "00:10", Late: true}, after, time.Time{}, true, false, ""},
		"before the opening":                       {Visit, Content{ReceivedOn: "2026-11-01"}, after, time.Time{}, false, false, "desk.before_opening"},
		"the opening day is not before it":         {Visit, Content{ReceivedOn: "2026-11-02"}, after, time.Date(2026, 11, 2, 12, 0, 0, 0, zone), false, false, ""},
		"tomorrow":                                 {Letter, Content{ReceivedOn: "2026-12-06"}, after, time.Time{}, false, false, "desk.day_future"},
		"no day":                                   {Letter, Content{ReceivedOn: "6 December"}, after, time.Time{}, false, false, "desk.day"},
		"arrived late, posted on the last day":     {Letter, Content{ReceivedOn: "2026-12-05", PostedOn: "2026-12-02"}, after, after, false, true, ""},
		"arrived late, posted late":                {Letter, Content{ReceivedOn: "2026-12-05", PostedOn: "2026-12-03"}, after, time.Time{}, false, false, "desk.posted_late"},
		"posted late and marked":                   {Letter, Content{ReceivedOn: "2026-12-05", PostedOn: "2026-12-03", Late: true}, after, time.Time{}, true, false, ""},
		"arrived late, no postmark":                {Letter, Content{ReceivedOn: "2026-12-05"}, after, time.Time{}, false, false, "desk.postmark_none"},
		"posted after it arrived":                  {Letter, Content{ReceivedOn: "2026-12-01", PostedOn: "2026-12-02"}, after, time.Time{}, false, false, "desk.posted_after"},
		"a call has no postmark":                   {Phone, Content{ReceivedOn: "2026-12-01", PostedOn: "2026-11-30"}, after, time.Time{}, false, false, "desk.no_postmark"},
		"in time and marked late":                  {Letter, Content{ReceivedOn: "2026-12-01", Late: true}, after, time.Time{}, false, false, "desk.not_late"},
		"posted in time and marked late":           {Letter, Content{ReceivedOn: "2026-12-05", PostedOn: "2026-12-01", Late: true}, after, time.Time{}, false, false, "desk.not_late"},
		"a fax after the end cannot show a stamp":  {Fax, Content{ReceivedOn: "2026-12-05"}, after, time.Time{}, false, false, "desk.came_late"},
		"a fax of the last day, noted days later":  {Fax, Content{ReceivedOn: "2026-12-02"}, after, time.Date(2026, 12, 2, 12, 0, 0, 0, zone), false, false, ""},
		"an hour that is none":                     {Phone, Content{ReceivedOn: "2026-12-02", ReceivedAt: "25:00"}, after, time.Time{}, false, false, "desk.hour"},
		"a letter in time keeps no proof it needs": {Letter, Content{ReceivedOn: "2026-12-02", PostedOn: "2026-11-30"}, after, time.Time{}, false, false, ""},
	}
	for name, x := range cases {
		got, f := s.timing(c, x.way, x.in, x.now)
		code := ""
		if len(f) > 0 {
			code = f[0].Code
		}
		if code != x.code || x.code == "" && (got.late != x.late || (got.posted != nil) != x.proof) || !x.at.IsZero() && !got.received.Equal(x.at) {
			t.Errorf("%s: %q, %+v", name, code, got)
		}
	}
}

// A period that ends at noon: what came on that day at an unknown hour was in time.
func TestAnUnknownHourOfTheLastDayIsInTime(t *testing.T) {
	opens, closes := start, time.Date(2026, 12, 2, 9, 0, 0, 0, zone)
	c := consultation.Consultation{OpensAt: &opens, ClosesAt: &closes}
	got, f := (&Service{zone: zone}).timing(c, Phone, Content{ReceivedOn: "2026-12-02"}, time.Date(2026, 12, 4, 9, 0, 0, 0, zone))
	if len(f) > 0 || got.late || !got.received.Before(closes) {
		t.Errorf("%+v %v", got, f)
	}
}

// A clerk types numbers as they stand on the paper.
func TestAProvisionIsFoundByWhatIsTyped(t *testing.T) {
	each(t, func(st *stage) {
		tree, err := st.s.drafts.Tree(ctx, st.c.ID, draft.First)
		must(t, err)
		for typed, want := range map[string]string{"8": "art-8", "８": "art-8", " 第八条 ": "art-8", "八": "art-8", "art-8": "art-8", "ART-8": "art-8", "第8条": "art-8", "": "", "　": ""} {
			if key, ok := Find(tree, typed); !ok || key != want {
				t.Errorf("%q is %q %v, want %q", typed, key, ok, want)
			}
		}
		for _, typed := range []string{"88", "第二条", "押金", "0"} {
			if key, ok := Find(tree, typed); ok {
				t.Errorf("%q is found as %q", typed, key)
			}
		}
	})
}

// Differences are shown sign by sign, whole characters, and both wordings can be read
// out of them.
func TestADifferenceHoldsBothWordings(t *testing.T) {
	for _, x := range [][2]string{{"押金三百元退还。", "押金三千元退还。"}, {"", "陈阿玉"}, {"𠮷田家的信", "吉田家的信"}, {"same", "same"}, {"第一行\n第二行", "第一行\n\n第二行，"}} {
		var was, is strings.Builder
		for _, p := range Difference(x[0], x[1]) {
			if p.Text == "" || strings.ContainsRune(p.Text, '\uFFFD') {
				t.Errorf("%q: a piece is empty or cut: %q", x, p)
			}
			if p.Change != Added {
				was.WriteString(p.Text)
			}
			if p.Change != Removed {
				is.WriteString(p.Text)
			}
		}
		if was.String() != x[0] || is.String() != x[1] {
			t.Errorf("%q became %q and %q", x, was.String(), is.String())
		}
	}
	if got := Difference("三百元", "三千元"); len(got) != 4 {
		t.Errorf("one sign differs, %d pieces: %+v", len(got), got)
	}
}

// What the same telephone number sent by the website is noticed at the desk.
func TestALetterThatCameByTheWebsiteTooIsNoticed(t *testing.T) {
	each(t, func(st *stage) {
		text := "护理费按天算，不要按月预收；中途离院的，没住的天数要退。"
		r, err := st.subs.Receive(ctx, actor.Public(), submission.In{Consultation: st.c.Slug, Channel: submission.Web, Consent: true,
			Submitter: submission.Submitter{Kind: "individual", Phone: "13900000009"}, Comments: []submission.Part{{Provision: "art-8", Text: text}}})
		must(t, err)
		in := st.letter("赵一鸣", text)
		in.Sender.Phone = "139-0000-0009"
		_, err = st.s.Finish(ctx, st.clerk(), st.c.Slug, st.batch(Letter).ID, In{Key: "one", Content: in})
		twice, ok := err.(*DuplicateError)
		if !ok || len(twice.List) != 1 || twice.List[0].Receipt != r.Number || twice.List[0].Channel != "web" {
			t.Fatalf("%v", err)
		}
	})
}

// Other words under the key of an entry that is finished are refused, never dropped.
func TestOtherWordsUnderTheSameKeyAreRefused(t *testing.T) {
	each(t, func(st *stage) {
		b := st.batch(Visit)
		_, err := st.s.Finish(ctx, st.clerk(), st.c.Slug, b.ID, In{Key: "one", Content: st.letter("陈阿玉", "字要大。")})
		must(t, err)
		_, err = st.s.Finish(ctx, st.clerk(), st.c.Slug, b.ID, In{Key: "one", Content: st.letter("罗建军", "押金早退。")})
		if f, ok := fault.As(err); !ok || f.Code != "desk.key_reused" {
			t.Fatalf("%v", err)
		}
	})
}

// The check is not lost when the record refuses the entry at that moment: it stands as
// checked with the reason, and can go back to the clerk.
func TestACheckSurvivesARefusal(t *testing.T) {
	each(t, func(st *stage) {
		b := st.batch(Letter)
		in := st.letter("陈阿玉", "字要大。")
		in.Check = true
		done, err := st.s.Finish(ctx, st.clerk(), st.c.Slug, b.ID, In{Key: "one", Content: in})
		must(t, err)
		e := done.Entry
		e.Content.Points[0].Provision = "88" // what no form lets through
		must(t, st.db.Upkeep(ctx, func(tx *database.Tx) error { return st.s.store(tx, &e) }))
		reading := Reading{Name: in.Sender.Name, Phone: in.Sender.Phone}
		out, err := st.s.Settle(ctx, st.second(), st.c.Slug, e.ID, e.Version, reading, nil)
		must(t, err)
		if out.Entry.State != Checked || out.Entry.Refused != "desk.provision" || out.Receipt != nil {
			t.Fatalf("%+v", out.Entry)
		}
		if _, err := st.s.TakeChecked(ctx, st.clerk(), st.c.Slug, e.ID); !fault.Is(err, fault.Invalid) {
			t.Errorf("%v", err)
		}
		g, err := st.s.Gaps(ctx, st.c.ID)
		must(t, err)
		if g.Checked != 1 {
			t.Errorf("%+v", g)
		}
		back, err := st.s.Return(ctx, st.second(), st.c.Slug, e.ID, "条号看不清")
		must(t, err)
		if back.State != Draft || back.CheckedBy != "" {
			t.Errorf("%+v", back)
		}
	})
}

// What was taken does not change: a remark stands beside it, a correction is another
// submission, and each names the other.
func TestWhatWasTakenIsCorrectedBesideIt(t *testing.T) {
	each(t, func(st *stage) {
		b := st.batch(Letter)
		done, err := st.s.Finish(ctx, st.clerk(), st.c.Slug, b.ID, In{Key: "one", Content: st.letter("陈阿玉", "押金三百元，何时退？")})
		must(t, err)
		_, err = st.s.Remark(ctx, st.clerk(), st.c.Slug, done.Entry.ID, "原件是三千元")
		must(t, err)
		draft, err := st.s.Correct(ctx, st.clerk(), st.c.Slug, done.Entry.ID, "two")
		must(t, err)
		content := draft.Content
		content.Points[0].Text = "押金三千元，何时退？"
		again, err := st.s.Finish(ctx, st.clerk(), st.c.Slug, b.ID, In{Key: "two", Content: content})
		must(t, err)
		w, err := st.s.One(ctx, st.clerk(), st.c.Slug, done.Entry.ID)
		must(t, err)
		if len(w.CorrectedBy) != 1 || w.CorrectedBy[0] != again.Entry.ID || again.Entry.CorrectsID != done.Entry.ID || w.Past[len(w.Past)-1].Remark != "原件是三千元" {
			t.Errorf("%+v", w)
		}
		if n := st.count("SELECT COUNT(*) FROM comments WHERE text = '押金三百元，何时退？'"); n != 1 {
			t.Error("the first words are gone")
		}
	})
}

// Neither names nor words stand in clear in the desk's tables or in the audit.
func TestTheDeskKeepsNamesSealed(t *testing.T) {
	each(t, func(st *stage) {
		b := st.batch(Letter)
		e, err := st.s.Keep(ctx, st.clerk(), st.c.Slug, b.ID, In{Key: "one", Content: st.letter("欧阳不可外传", "这句话还没有人核对。")})
		must(t, err)
		_, err = st.s.Discard(ctx, st.clerk(), st.c.Slug, e.ID, "misdirected")
		must(t, err)
		for _, q := range []string{"SELECT COUNT(*) FROM audit_entries WHERE after LIKE '%欧阳%' OR before LIKE '%欧阳%' OR after LIKE '%核对%'", "SELECT COUNT(*) FROM desk_entries WHERE key LIKE '%欧阳%' OR reason LIKE '%欧阳%'"} {
			if n := st.count(q); n != 0 {
				t.Errorf("%s: %d", q, n)
			}
		}
		var sealed []byte
		must(t, st.db.Read(ctx).Raw("SELECT sealed FROM desk_entries").Row().Scan(&sealed))
		if strings.Contains(string(sealed), "欧阳") {
			t.Error("the content is not sealed")
		}
	})
}

package submission

import (
	"context"
	"testing"
	"time"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
)

// Who lost the secret gets a link to the contact that was left, and to no other;
// whether there was one is told to nobody; the link ends after a day.
func TestALostSecretComesBackThroughTheContactThatWasLeft(t *testing.T) {
	each(t, func(st *stage) {
		ctx := context.Background()
		in := st.in("lost", "一条")
		in.Submitter.Email, in.Submitter.Phone = "Zhu@example.org", "139 1234 5678"
		r := st.send(in)
		st.send(st.in("other", "二"))
		for contact, want := range map[string]int64{"zhu@EXAMPLE.org": 1, "１３９-1234-5678": 1, "nobody@example.org": 0, "13912345679": 0} {
			before := st.count("SELECT COUNT(*) FROM outbox WHERE topic = '" + Recovered + "'")
			must(t, st.s.Recover(ctx, actor.Public(), contact))
			if n := st.count("SELECT COUNT(*) FROM outbox WHERE topic = '"+Recovered+"'") - before; n != want {
				t.Errorf("%s: %d letters, want %d", contact, n, want)
			}
		}
		if err := st.s.Recover(ctx, actor.Public(), "朱小姐"); !fault.Is(err, fault.Invalid) {
			t.Errorf("no contact: %v", err)
		}
		letter, ok, err := st.s.Recovery(ctx, st.c.ID, r.Submission)
		must(t, err)
		if !ok || letter.Email != "Zhu@example.org" || letter.Number != r.Number {
			t.Fatalf("the letter is %+v", letter)
		}
		number, secret, err := st.s.OpenRecovery(ctx, letter.Token)
		if err != nil || number != r.Number || secret != r.Secret {
			t.Errorf("the link gives %s %s %v", number, secret, err)
		}
		for name, token := range map[string]string{"altered": "A" + letter.Token[1:], "short": letter.Token[:20], "none": ""} {
			if _, _, err := st.s.OpenRecovery(ctx, token); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
		st.clock.Add(25 * time.Hour)
		if _, _, err := st.s.OpenRecovery(ctx, letter.Token); !fault.Is(err, fault.NotFound) {
			t.Errorf("a day later: %v", err)
		}
	})
}

// What a hotline sends keeps the hotline's number: it is found by it, and the
// export carries it.
func TestWhatAHotlineSendsKeepsItsNumber(t *testing.T) {
	each(t, func(st *stage) {
		ctx := context.Background()
		_, findings, err := st.bring("h.csv", "工单编号,意见内容\n12345-2026-77,摊位费应当公开\n12345-2026-78,夜里太吵\n", Bulk{Channel: "phone"})
		must(t, err)
		if len(findings) != 0 {
			t.Fatal(findings)
		}
		page, err := st.s.List(ctx, st.officer(), st.c.Slug, Filter{Q: "12345-2026-78"})
		must(t, err)
		if len(page.Items) != 1 || page.Items[0].Comments[0].Text != "夜里太吵" {
			t.Errorf("found %+v", page.Items)
		}
	})
}

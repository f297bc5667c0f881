package submission

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
)

func TestWhatWasSentIsStoredWordForWordWithAllThatBelongsToIt(t *testing.T) {
	each(t, func(st *stage) {
		in := st.in("k", "  第一条 “意见” <b> 🀄 é ‮abc\n", "x")
		in.Submitter = Submitter{Kind: "individual", Name: "朱晓岚", Email: "Zhu@mail.example", Phone: "138 0000 0000", Region: "城北区", PublishName: true}
		in.Comments[1].Provision, in.Comments[1].ProposedText = "", " 改为 "
		r := st.send(in)
		var rows []struct {
			Text, ProposedText, Provision, AimedAt, PublicName string
			Public                                             bool
		}
		must(t, st.db.Read(context.Background()).Raw("SELECT * FROM comments WHERE submission_id = ? ORDER BY position", r.Submission).Scan(&rows).Error)
		if len(rows) != 2 || rows[0].Text != in.Comments[0].Text || rows[1].ProposedText != " 改为 " || rows[0].Provision != "art-1" || rows[1].Provision != "" {
			t.Fatalf("stored %+v", rows)
		}
		if rows[0].PublicName != "朱**" || !rows[0].Public {
			t.Errorf("shown as %q, public %v", rows[0].PublicName, rows[0].Public)
		}
		for what, n := range map[string]int64{
			"SELECT count(*) FROM audit_entries WHERE action = 'receive' AND object_id = ?":                       1,
			"SELECT count(*) FROM register_pending WHERE kind = 'submission' AND ref = ?":                         1,
			"SELECT count(*) FROM outbox WHERE topic = 'submission.received' AND ref = ?":                         1,
			"SELECT count(*) FROM submitters WHERE submission_id = ? AND email_index IS NOT NULL":                 1,
			"SELECT count(*) FROM submissions WHERE id = ? AND person <> id AND receipt <> '' AND region = '城北区'": 1,
		} {
			if got := st.count(what, r.Submission); got != n {
				t.Errorf("%s: %d", what, got)
			}
		}
		c, err := st.cons.ByID(context.Background(), st.c.ID)
		must(t, err)
		if c.Counters.Submissions != 1 || c.Counters.Comments != 2 {
			t.Errorf("counters %+v", c.Counters)
		}
		if n := st.count("SELECT comments FROM provision_counters WHERE consultation_id = ? AND provision = 'art-1' AND public = 1", st.c.ID); n != 1 {
			t.Errorf("article 1 counts %d", n)
		}
	})
}

func TestNothingPersonalIsReadableInTheTables(t *testing.T) {
	each(t, func(st *stage) {
		in := st.in("", "意见")
		in.Submitter = Submitter{Kind: "expert", Name: "甲乙丙丁", Email: "canary@mail.example", Phone: "13812345678"}
		r := st.send(in)
		var sealed, email []byte
		must(t, st.db.Read(context.Background()).Raw("SELECT sealed, email_index FROM submitters WHERE submission_id = ?", r.Submission).Row().Scan(&sealed, &email))
		if bytes.Contains(sealed, []byte("甲乙")) || bytes.Contains(sealed, []byte("canary")) || bytes.Contains(email, []byte("canary")) {
			t.Fatal("a name or an address stands in the clear")
		}
		for _, table := range []string{"audit_entries", "submissions", "outbox"} {
			rows, err := st.db.Reader().Query("SELECT * FROM " + table)
			must(t, err)
			defer rows.Close()
			cols, _ := rows.Columns()
			for rows.Next() {
				cells, at := make([]any, len(cols)), make([]any, len(cols))
				for i := range cells {
					at[i] = &cells[i]
				}
				must(t, rows.Scan(at...))
				for _, c := range cells {
					if text, ok := c.(string); ok && (strings.Contains(text, "canary") || strings.Contains(text, "甲乙") || strings.Contains(text, "13812345678")) {
						t.Errorf("%s holds %q", table, text)
					}
				}
			}
		}
	})
}

func TestTheSameKeyGivesTheSameReceiptAlsoAfterTheEnd(t *testing.T) {
	each(t, func(st *stage) {
		in := st.in("the key", "意见")
		first := st.send(in)
		same := func(when string) {
			t.Helper()
			again := st.send(in)
			if again.Number != first.Number || again.Secret != first.Secret || !bytes.Equal(again.LeafHash, first.LeafHash) || !again.ReceivedAt.Equal(first.ReceivedAt) {
				t.Fatalf("%s: %+v, first %+v", when, again, first)
			}
		}
		st.clock.Add(time.Hour)
		same("an hour later")
		_, err := st.s.Receive(context.Background(), actor.Public(), st.in("the key", "别的"))
		if !fault.Is(err, fault.Conflict) {
			t.Fatalf("another content under the key: %v", err)
		}
		st.clock.Set(*st.c.ClosesAt)
		same("at the closing instant")
		if _, err := st.s.Receive(context.Background(), actor.Public(), st.in("another", "意见")); !fault.Is(err, fault.Gone) {
			t.Fatalf("a new one at the closing instant: %v", err)
		}
		if n := st.count("SELECT count(*) FROM submissions"); n != 1 {
			t.Errorf("%d submissions", n)
		}
	})
}

func TestTwelveAtOnceWithOneKeyMakeOneSubmission(t *testing.T) {
	each(t, func(st *stage) {
		var wg sync.WaitGroup
		var mu sync.Mutex
		seen := map[string]int{}
		for range 12 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				r, err := st.s.Receive(context.Background(), actor.Public(), st.in("race", "意见", "二"))
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
				}
				seen[r.Number+r.Secret]++
			}()
		}
		wg.Wait()
		if len(seen) != 1 {
			t.Errorf("receipts %v", seen)
		}
		for _, table := range []string{"submissions", "register_pending"} {
			if n := st.count("SELECT count(*) FROM " + table); n != 1 {
				t.Errorf("%s holds %d", table, n)
			}
		}
		if n := st.count("SELECT comments FROM consultation_counters WHERE consultation_id = ?", st.c.ID); n != 2 {
			t.Errorf("counted %d comments", n)
		}
	})
}

func TestEveryFaultIsNamedByItsField(t *testing.T) {
	each(t, func(st *stage) {
		for name, c := range map[string]struct {
			change func(*In)
			field  string
		}{
			"empty text":        {func(in *In) { in.Comments[0].Text = "" }, "comments[0].text"},
			"blank text":        {func(in *In) { in.Comments[0].Text = " \u3000\n\t\u200b\ufeff" }, "comments[0].text"},
			"long text":         {func(in *In) { in.Comments[0].Text = strings.Repeat("长", MostText+1) }, "comments[0].text"},
			"NUL":               {func(in *In) { in.Comments[0].Text = "a\x00b" }, "comments[0].text"},
			"long proposal":     {func(in *In) { in.Comments[0].ProposedText = strings.Repeat("长", MostProposed+1) }, "comments[0].proposed_text"},
			"no comments":       {func(in *In) { in.Comments = nil }, "comments"},
			"too many comments": {func(in *In) { in.Comments = make([]Part, MostComments+1) }, "comments"},
			"unknown provision": {func(in *In) { in.Comments[0].Provision = "art-99999" }, "comments[0].provision"},
			"unknown version":   {func(in *In) { in.Version = 2 }, "version"},
			"kind":              {func(in *In) { in.Submitter.Kind = "martian" }, "submitter.kind"},
			"consent":           {func(in *In) { in.Consent = false }, "consent"},
			"address":           {func(in *In) { in.Submitter.Email = "not an address" }, "submitter.email"},
			"long name":         {func(in *In) { in.Submitter.Name = strings.Repeat("名", MostName+1) }, "submitter.name"},
			"long key":          {func(in *In) { in.Key = strings.Repeat("k", MostKey+1) }, "idempotency_key"},
			"language":          {func(in *In) { in.Language = "tlh" }, "language"},
			"words of the draft": {func(in *In) {
				in.Channel, in.Comments[0].ProposedText = Web, "为了规范集市，制定本办法。"
			}, "comments[0].proposed_text"},
		} {
			in := st.in("", "意见")
			c.change(&in)
			_, err := st.s.Receive(context.Background(), actor.Public(), in)
			f, ok := fault.As(err)
			if !ok || f.Kind != fault.Invalid || f.Fields[0].Name != c.field {
				t.Errorf("%s: %v, want a fault of %s", name, err, c.field)
			}
		}
		longest := st.in("", strings.Repeat("长", MostText))
		st.send(longest)
		if n := st.count("SELECT count(*) FROM submissions"); n != 1 {
			t.Errorf("%d stored, one was right", n)
		}
	})
}

func TestWhatTheNoticeDemandsIsRequired(t *testing.T) {
	each(t, func(st *stage) {
		c := st.open(consultation.PublicNo, "name", "contact")
		in := st.in("", "意见")
		in.Consultation = c.Slug
		_, err := st.s.Receive(context.Background(), actor.Public(), in)
		f, ok := fault.As(err)
		if !ok || len(f.Fields) != 2 || f.Fields[0].Name != "submitter.name" || f.Fields[1].Name != "submitter.email" {
			t.Fatalf("refused with %v", err)
		}
		in.Submitter.Name, in.Submitter.Phone = "张三", "0571-12345678"
		st.send(in)
		if n := st.count("SELECT count(*) FROM comments WHERE consultation_id = ? AND public", c.ID); n != 0 {
			t.Error("a comment is public though the notice says no")
		}
	})
}

func TestTheClosingInstantHoldsForTheReceiptOfTheWhole(t *testing.T) {
	each(t, func(st *stage) {
		end := *st.c.ClosesAt
		st.clock.Set(end.Add(time.Second))
		in := st.in("just in time", "意见")
		in.ReceivedAt = end.Add(-time.Microsecond)
		if r := st.send(in); !r.ReceivedAt.Equal(in.ReceivedAt) {
			t.Errorf("received at %v", r.ReceivedAt)
		}
		in = st.in("late", "意见")
		in.ReceivedAt = end
		_, err := st.s.Receive(context.Background(), actor.Public(), in)
		if f, ok := fault.As(err); !ok || f.Kind != fault.Gone || f.Code != "consultation.closed" {
			t.Errorf("at the end: %v", err)
		}
	})
}

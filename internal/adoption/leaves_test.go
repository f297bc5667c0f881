package adoption

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"guangyi/internal/consultation"
	"guangyi/internal/register"
)

// digest is what anybody computes with any tool.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func line(n int, rest string) string { return hex.EncodeToString(leafHash(n)) + " " + rest + "\n" }

func (st *stage) leaves() (leaves []string) {
	st.t.Helper()
	must(st.t, st.db.Read(context.Background()).Raw("SELECT CAST(leaf AS text) FROM "+register.PendingTable+" ORDER BY id").Scan(&leaves).Error)
	if st.db.Dialect() == "postgres" {
		leaves = nil
		must(st.t, st.db.Read(context.Background()).Raw("SELECT convert_from(leaf, 'UTF8') FROM "+register.PendingTable+" ORDER BY id").Scan(&leaves).Error)
	}
	return leaves
}

// The words of a published suggestion, every figure and the whereabouts of each
// submission are hashed into the register with the publication, and not before.
func TestPublishingLeavesEverythingInTheRegister(t *testing.T) {
	each(t, func(st *stage) {
		a, b := st.letter(1, "web", "一", "二"), st.letter(2, "letter", "三")
		st.answered("甲", "乙")
		st.settle(st.gather("摊位费<减半>", a[0], b[0]), Disposition{Code: Adopted, Provisions: []string{"art-3", "art-4"}})
		st.settle(st.gather("夜市\u2028到零点", a[1]), Disposition{Code: NotAdopted, Reason: "“扰民”"})
		st.close()
		must(t, st.step(st.officer(), consultation.Decide))
		st.wantGaps(nil)
		must(t, st.step(st.officer(), consultation.SubmitSummary))
		if got := st.leaves(); len(got) != 0 {
			t.Errorf("leaves before the publication: %q", got)
		}
		must(t, st.step(st.reviewer(), consultation.PublishSummary))
		account := line(3, "-") + line(2, "1") + line(1, "1,2")
		want := []string{
			`{"v":1,"kind":"disposition","consultation":"` + st.c.Slug + `","summary":1,"number":1,"disposition":"adopted","comments":2,"content":"` +
				digest(`{"text":"摊位费<减半>","reason":"","provisions":["art-3","art-4"]}`) + `"}`,
			`{"v":1,"kind":"disposition","consultation":"` + st.c.Slug + `","summary":1,"number":2,"disposition":"not_adopted","comments":1,"content":"` +
				digest("{\"text\":\"夜市\u2028到零点\",\"reason\":\"“扰民”\",\"provisions\":[]}") + `"}`,
			`{"v":1,"kind":"summary","consultation":"` + st.c.Slug + `","summary":1,"counts":{"submissions":3,"comments":3,"suggestions":2,` +
				`"by_disposition":{"adopted":1,"not_adopted":1},"by_channel":{"letter":1,"survey":1,"web":1},"withheld":0,"withdrawn":0,"people":3,` +
				`"comments_by_disposition":{"adopted":2,"not_adopted":1},"by_provision":{"art-3":3},"changed_provisions":2,"articles":5,` +
				`"by_entry":{"clerk":1,"sender":2}},"split":0,"account":"` + digest(account) + `"}`,
		}
		if got := st.leaves(); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("leaves\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if got := st.account(); got != account {
			t.Errorf("account\n%s\nwant\n%s", got, account)
		}
		st.letter(9, "letter", "发布以后才到的")
		if got := st.account(); got != account {
			t.Errorf("what came after the publication stands in its account:\n%s", got)
		}
	})
}

// answered stores answers to a survey without a comment.
func (st *stage) answered(answers ...string) {
	st.t.Helper()
	st.letter(3, "survey")
	for i, a := range answers {
		st.exec(`INSERT INTO submission_answers (consultation_id, submission_id, position, question, answer)
			SELECT consultation_id, id, ?, '问', ? FROM submissions WHERE channel = 'survey'`, i, a)
	}
	st.exec(`UPDATE submissions SET entry = 'sender' WHERE channel = 'survey'`)
}

func (st *stage) account() string {
	st.t.Helper()
	head, err := st.s.Summary(context.Background(), st.c.Slug)
	must(st.t, err)
	var b bytes.Buffer
	must(st.t, st.s.WriteAccount(context.Background(), head, &b))
	return b.String()
}

// Held submissions are answered and counted like all others; a split adds comments
// to the points as received, and the register says how many.
func TestHeldAndSplitOnesAreCounted(t *testing.T) {
	each(t, func(st *stage) {
		one := st.letter(1, "web", "一；二")[0]
		st.exec(`UPDATE submissions SET state = 'held', held = 'flood'`)
		st.exec(`UPDATE comments SET split = true WHERE id = ?`, one)
		var spans []int64
		for i, text := range []string{"一", "二"} {
			id, err := st.db.NextID(context.Background())
			must(t, err)
			st.exec(`INSERT INTO comments (consultation_id, id, submission_id, position, parent_id, span_start, span_end, provision, aimed_at, text, lang, draft_version,
				channel, submitter_kind, received_at) SELECT consultation_id, ?, submission_id, 1, id, ?, ?, provision, aimed_at, ?, lang, 1, channel, submitter_kind, received_at
				FROM comments WHERE id = ?`, id, 2*i, 2*i+1, text, one)
			spans = append(spans, id)
		}
		st.exec(`UPDATE consultation_counters SET comments = 2 WHERE consultation_id = ?`, st.c.ID)
		st.settle(st.gather("甲", spans...), Disposition{Code: Supported})
		st.close()
		must(t, st.step(st.officer(), consultation.Decide))
		st.wantGaps(nil)
		must(t, st.step(st.officer(), consultation.SubmitSummary))
		must(t, st.step(st.reviewer(), consultation.PublishSummary))
		leaves := st.leaves()
		for _, want := range []string{`"submissions":1,"comments":2`, `"held":1`, `"split":1,"account":"` + digest(line(1, "1,1")) + `"`} {
			if last := leaves[len(leaves)-1]; !strings.Contains(last, want) {
				t.Errorf("%s is not in %s", want, last)
			}
		}
	})
}

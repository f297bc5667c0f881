package moderationweb_test

import (
	"fmt"
	"testing"

	"guangyi/internal/consultation"
	"guangyi/internal/moderation"
	"guangyi/internal/moderation/moderationweb"
	"guangyi/internal/notice"
	"guangyi/internal/platform/actor"
)

func TestProgramsDoAllThatTheQueueDoes(t *testing.T) {
	each(t, consultation.PublicModerated, func(st *stage) {
		r := st.send("打13800138000找张三")
		at := fmt.Sprintf("/consultations/%s/moderation", st.slug)
		one := fmt.Sprintf("%s/%d", at, r.Submission)
		status, list := st.ask("GET", at+"?pile=waiting", "auditor", nil)
		if items, _ := list["items"].([]any); status != 200 || len(items) != 1 {
			t.Fatalf("the pile: %d %v", status, list)
		}
		status, x := st.ask("GET", one, "officer", nil)
		comments, _ := x["comments"].([]any)
		if status != 200 || len(comments) != 1 {
			t.Fatalf("the submission: %d %v", status, x)
		}
		first := comments[0].(map[string]any)
		proposals := first["proposals"].(map[string]any)["text"].([]any)
		if len(proposals) != 1 || proposals[0].(map[string]any)["kind"] != "phone" {
			t.Errorf("proposed: %v", proposals)
		}
		mask := []map[string]any{{"start": 1, "end": 12, "kind": "phone"}, {"start": 13, "end": 15, "kind": "words"}}
		status, x = st.ask("POST", one, "officer", map[string]any{
			"act": "show", "seen": x["seen"], "masks": map[string]any{fmt.Sprint(first["id"]): map[string]any{"text": mask}},
		})
		if got := st.public(); status != 200 || len(got) != 1 || got[0].Text != "打***找***" {
			t.Fatalf("shown: %d %v, the public reads %+v", status, x, got)
		}
		for _, c := range []struct {
			who  string
			body map[string]any
			want int
		}{
			{"officer", map[string]any{"act": "withhold"}, 422},
			{"officer", map[string]any{"act": "withhold", "reason": "abuse", "seen": "1"}, 409},
			{"officer", map[string]any{"act": "show", "comment": "x"}, 422},
			{"auditor", map[string]any{"act": "withhold", "reason": "abuse"}, 403},
			{"other-officer", map[string]any{"act": "withhold", "reason": "abuse"}, 404},
			{"", map[string]any{"act": "withhold", "reason": "abuse"}, 401},
			{"officer", map[string]any{"act": "withhold", "reason": "abuse"}, 200},
			{"officer", map[string]any{"act": "take_back", "reason": "objection"}, 200},
		} {
			if status, x := st.ask("POST", one, c.who, c.body); status != c.want {
				t.Errorf("%s %v: %d %v, want %d", c.who, c.body, status, x, c.want)
			}
		}
		if got := st.public(); got[0].Text != "打***找***" {
			t.Errorf("taken back the public reads %+v", got)
		}
	})
}

func TestProgramsSetRulesReportAndWithdraw(t *testing.T) {
	each(t, consultation.PublicAtOnce, func(st *stage) {
		at := fmt.Sprintf("/consultations/%s/moderation", st.slug)
		if status, x := st.ask("PUT", at+"/rules", "officer", map[string]any{"everything": true, "words": []string{"代写"}}); status != 200 || x["everything"] != true {
			t.Errorf("the rules: %d %v", status, x)
		}
		if status, _ := st.ask("PUT", at+"/rules", "reviewer", map[string]any{}); status != 403 {
			t.Errorf("a reviewer sets rules: %d", status)
		}
		if status, x := st.ask("DELETE", at+"/rules", "officer", nil); status != 200 || x["organisation"] != true {
			t.Errorf("dropped: %d %v", status, x)
		}
		r := st.send("不是我说的话，却有我的名字")
		path := fmt.Sprintf("/consultations/%s/not-me", st.slug)
		if status, x := st.ask("POST", path, "", map[string]any{"quoted": "不是我说的话"}); status != 422 {
			t.Errorf("a report of nobody: %d %v", status, x)
		}
		status, x := st.ask("POST", path, "", map[string]any{"receipt": r.Number, "name": "王小明", "email": "wang@example.test"})
		if status != 201 || x["number"] == "" || x["due_at"] == nil {
			t.Fatalf("a report: %d %v", status, x)
		}
		_, list := st.ask("GET", at+"/reports", "officer", nil)
		item := list["items"].([]any)[0].(map[string]any)
		if item["receipt"] != r.Number || item["name"] != "王小明" {
			t.Errorf("staff read %v", item)
		}
		if status, x := st.ask("POST", at+"/reports/"+item["id"].(string), "officer", map[string]any{"uphold": true, "outcome": "属实"}); status != 200 {
			t.Errorf("upheld: %d %v", status, x)
		}
		if got := st.public(); got[0].Withheld != moderation.NotAuthor {
			t.Errorf("the public reads %+v", got)
		}
		mine := st.send("我要撤回")
		back := "/receipts/" + mine.Number + "/withdraw"
		for secret, want := range map[string]int{"": 404, "WRONG": 404} {
			if status, _ := st.ask("POST", back, "", nil, "Receipt-Secret", secret); status != want {
				t.Errorf("with %q: %d", secret, status)
			}
		}
		if status, x := st.ask("POST", back, "", nil, "Receipt-Secret", mine.Secret); status != 200 || x["state"] != "withdrawn" {
			t.Errorf("withdrawn: %d %v", status, x)
		}
		if status, _ := st.ask("POST", back, "", nil, "Receipt-Secret", mine.Secret); status != 409 {
			t.Errorf("again: %d", status)
		}
	})
}

func TestTheLettersSayWhatWasFound(t *testing.T) {
	each(t, consultation.PublicAtOnce, func(st *stage) {
		sent := st.send("这几句话不是我写的")
		r, err := st.mod.ReportNotMe(ctx, actor.Public(), st.slug, moderation.NewReport{
			Receipt: sent.Number, Lang: "zh-CN", Contact: moderation.Contact{Name: "王小明", Email: "wang@example.test"},
		})
		must(t, err)
		must(t, st.mod.Settle(ctx, st.people["officer"], st.slug, r.ID, moderation.Settlement{Uphold: true, Outcome: "核对了身份，不是您。"}))
		words := moderationweb.Letters{Moderation: st.mod, Organisations: st.orgs, Bundle: st.bundle, Language: "zh-CN"}
		for _, topic := range []string{moderation.TopicReported, moderation.TopicOutcome} {
			l, ok, err := words.Letter(ctx, notice.Item{Topic: topic, Scope: r.ConsultationID, Ref: r.ID, Way: notice.Mail})
			if err != nil || !ok || l.To != "wang@example.test" || !contains(l.Text, r.Number) {
				t.Errorf("%s: %+v %v %v", topic, l, ok, err)
			}
			if topic == moderation.TopicOutcome && (!contains(l.Text, "核对了身份") || !contains(l.Text, "属实")) {
				t.Errorf("the outcome says %q", l.Text)
			}
		}
	})
}

package referralweb_test

import (
	"fmt"
	"testing"

	"guangyi/internal/notice"
	"guangyi/internal/platform/ids"
	"guangyi/internal/referral"
	"guangyi/internal/referral/referralweb"
)

// A program records a matter, passes it on and notes the answer; nobody else's
// program does.
func TestAProgramPassesOn(t *testing.T) {
	each(t, func(st *stage) {
		sent := st.send("wang@example.test", "请管一管拆迁款。")
		at := "/consultations/" + st.slug + "/referrals"
		want := func(got, want int, answer any) {
			st.t.Helper()
			if got != want {
				st.t.Fatalf("%d, not %d: %v", got, want, answer)
			}
		}
		code, to := st.ask("POST", at+"/recipients", "officer", map[string]any{"name": "云州市信访局", "address": "人民路1号"})
		want(code, 201, to)
		code, r := st.ask("POST", at, "officer", map[string]any{"submission": ids.Format(sent.Submission), "kind": "petition"})
		want(code, 201, r)
		if r["state"] != "recorded" || r["receipt"] != sent.Number || r["passed_at"] != nil {
			st.t.Errorf("recorded: %v", r)
		}
		one := at + "/" + fmt.Sprint(r["id"])
		code, bad := st.ask("POST", one, "officer", map[string]any{"act": "passed", "recipient": "7", "reason": "not_ours"})
		want(code, 422, bad)
		code, r = st.ask("POST", one, "officer", map[string]any{"act": "passed", "recipient": to["id"], "reason": "not_ours", "version": r["version"]})
		want(code, 200, r)
		if r["state"] != "passed" || r["told"] != "mail" || r["recipient"] != "云州市信访局" {
			st.t.Errorf("passed on: %v", r)
		}
		code, stale := st.ask("POST", one, "officer", map[string]any{"act": "answered", "answer": "已受理", "version": 1})
		want(code, 409, stale)
		code, r = st.ask("POST", one, "officer", map[string]any{"act": "answered", "answer": "已受理"})
		want(code, 200, r)
		code, list := st.ask("GET", at, "auditor", nil)
		want(code, 200, list)
		if items, _ := list["items"].([]any); len(items) != 1 {
			st.t.Errorf("the list is %v", list)
		}
		for who, status := range map[string]int{"": 401, "auditor": 403, "reviewer": 403, "other-officer": 404} {
			code, a := st.ask("POST", at, who, map[string]any{"submission": ids.Format(sent.Submission), "kind": "petition"})
			want(code, status, a)
		}
	})
}

// The letter to the sender names the recipient and where to ask, in the language of
// what was sent; that about the answer holds it.
func TestTheSenderIsToldInWords(t *testing.T) {
	each(t, func(st *stage) {
		sent := st.send("wang@example.test", "请管一管拆迁款。")
		c, err := st.cons.BySlug(ctx, st.slug)
		must(st.t, err)
		r, err := st.ref.Record(ctx, st.people["officer"], st.slug, referral.In{Submission: sent.Submission, Kind: referral.Petition, Recipient: st.recipient("云州市信访局").ID, Reason: "not_ours", Note: "内部说明"})
		must(st.t, err)
		_, err = st.ref.Note(ctx, st.people["officer"], st.slug, r.ID, "已受理，编号 2026-77。", 0)
		must(st.t, err)
		letters := referralweb.Letters{Referrals: st.ref, Organisations: st.orgs, Bundle: st.bundle, Language: "en", BaseURL: st.base}
		for topic, words := range map[string][]string{
			referral.TopicPassed:   {"云州市信访局", "云州市人民路1号", sent.Number, "仍然计入", "云州市市场监督管理局"},
			referral.TopicAnswered: {"已受理，编号 2026-77。", "云州市信访局"},
		} {
			l, ok, err := letters.Letter(ctx, notice.Item{Topic: topic, Scope: c.ID, Ref: r.ID})
			if err != nil || !ok || l.To != "wang@example.test" || contains(l.Text, "内部说明") || contains(l.Text, sent.Secret) {
				st.t.Errorf("%s: %+v %v %v", topic, l, ok, err)
			}
			for _, w := range words {
				if !contains(l.Text, w) {
					st.t.Errorf("%s lacks %q: %s", topic, w, l.Text)
				}
			}
		}
	})
}

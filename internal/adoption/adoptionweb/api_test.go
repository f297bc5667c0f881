package adoptionweb_test

import (
	"fmt"
	"strings"
	"testing"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/fault"
)

// event takes a step of the consultation as somebody.
func (st *stage) event(who string, e consultation.Event) error {
	_, err := st.cons.Apply(st.t.Context(), st.people[who], st.slug, e, consultation.Note{Text: "check"})
	return err
}

// want fails unless the answer has the status; refusals must be problem documents.
func (st *stage) want(what string, a answer, status int, fields ...string) map[string]any {
	st.t.Helper()
	if a.status != status {
		st.t.Fatalf("%s: %d, want %d: %.400s", what, a.status, status, a.body)
	}
	v := a.json(st.t)
	if status >= 400 && a.media != "application/problem+json" {
		st.t.Errorf("%s: a refusal of media type %s", what, a.media)
	}
	for _, field := range fields {
		if !strings.Contains(fmt.Sprint(v["errors"]), "field:"+field) {
			st.t.Errorf("%s: errors %v do not name %s", what, v["errors"], field)
		}
	}
	return v
}

func TestTheWholeWayByTheAPI(t *testing.T) {
	each(t, func(st *stage) {
		st.letter("摊位费太高", "罚款太轻")
		st.letter("=1+1 <script>alert(1)</script>")
		st.close()
		ids := st.waiting()
		all := "/consultations/" + st.slug + "/suggestions"
		made := st.want("gather", st.api("officer", "POST", all, map[string]any{"text": "降低摊位费", "comments": ids[:2]}), 201)
		one := "/suggestions/" + made["id"].(string)
		st.want("no reason", st.api("officer", "PUT", one+"/disposition", map[string]any{"disposition": "not_adopted", "reason": "", "provisions": []string{}}), 422, "reason")
		st.want("no provision", st.api("officer", "PUT", one+"/disposition", map[string]any{"disposition": "adopted"}), 422, "provisions")
		st.want("no such word", st.api("officer", "PUT", one+"/disposition", map[string]any{"disposition": "maybe"}), 422, "disposition")
		st.want("disposition", st.api("officer", "PUT", one+"/disposition", map[string]any{"disposition": "partly_adopted", "reason": "部分", "provisions": []string{"art-3"}}), 200)
		st.want("stale", st.api("officer", "PATCH", one, map[string]any{"text": "别的", "version": 1}), 409)
		st.want("submit", st.api("officer", "POST", one+"/events", map[string]any{"event": "submit"}), 200)
		st.want("officer agrees", st.api("officer", "POST", one+"/events", map[string]any{"event": "agree"}), 403)
		st.want("return without note", st.api("reviewer", "POST", one+"/events", map[string]any{"event": "return"}), 422, "note")
		st.want("no such event", st.api("reviewer", "POST", one+"/events", map[string]any{"event": "sign"}), 422, "event")
		st.want("agree", st.api("reviewer", "POST", one+"/events", map[string]any{"event": "agree"}), 200)
		st.want("agree twice", st.api("reviewer", "POST", one+"/events", map[string]any{"event": "agree"}), 409)
		must(t, st.event("officer", consultation.Decide))
		if err := st.event("officer", consultation.SubmitSummary); !fault.Is(err, fault.Conflict) {
			t.Fatalf("an unbalanced summary: %v", err)
		}
		b := st.want("balance", st.api("auditor", "GET", "/consultations/"+st.slug+"/balance", nil), 200)
		if b["balanced"] != false || b["gaps"].(float64) < 1 {
			t.Errorf("balance: %v", b)
		}
		two := st.want("gather", st.api("officer", "POST", all, map[string]any{"text": "=乙", "comments": ids[2:]}), 201)
		rest := "/suggestions/" + two["id"].(string)
		st.want("thanks", st.api("officer", "PUT", rest+"/disposition", map[string]any{"disposition": "out_of_scope", "reason": "转交"}), 200)
		st.want("submit", st.api("officer", "POST", rest+"/events", map[string]any{"event": "submit"}), 200)
		st.want("agree", st.api("reviewer", "POST", rest+"/events", map[string]any{"event": "agree"}), 200)
		st.want("not public yet", st.api("", "GET", "/consultations/"+st.slug+"/summary", nil), 404)
		must(t, st.event("officer", consultation.SubmitSummary))
		must(t, st.event("reviewer", consultation.PublishSummary))
		st.published()
	})
}

// published reads what the public gets.
func (st *stage) published() {
	v := st.want("summary", st.api("", "GET", "/consultations/"+st.slug+"/summary", nil), 200)
	counts := fmt.Sprint(v["counts"])
	for _, fact := range []string{"submissions:2", "comments:3", "suggestions:2", "by_channel:map[web:2]", "withheld:0", "withdrawn:0",
		"by_disposition:map[out_of_scope:1 partly_adopted:1]"} {
		if !strings.Contains(counts, fact) {
			st.t.Errorf("counts %s lack %s", counts, fact)
		}
	}
	if list := v["suggestions"].([]any); len(list) != 2 || v["balanced"] != true || v["checkpoint"] != "" {
		st.t.Errorf("summary %v", v)
	}
	visitor := st.browser("")
	base := "/consultations/" + st.slug
	for _, path := range []string{"/summary", "/suggestions/1", "/suggestions/2", "/summary?q=zzz", "/summary?disposition=out_of_scope&provision=art-3"} {
		a := visitor.get(base + path)
		if a.status != 200 || strings.Contains(a.body, "<script>alert") || strings.Contains(a.body, "[adoption.") {
			st.t.Errorf("%s: %d", path, a.status)
		}
	}
	if a := visitor.get(base + "/summary.csv"); a.status != 200 || a.media != "text/csv" || !strings.Contains(a.body, "\r\n2,'=乙,1,1,1,out_of_scope,转交,\r\n") {
		st.t.Errorf("csv %d %s %q", a.status, a.media, a.body)
	}
	if a := visitor.get(base + "/summary.xlsx"); a.status != 200 || !strings.HasPrefix(a.body, "PK") {
		st.t.Errorf("xlsx %d", a.status)
	}
	if a := visitor.get(base + "/suggestions/3"); a.status != 404 {
		st.t.Errorf("a suggestion that is not there: %d", a.status)
	}
}

func TestForgedAndForeignIdentifiersAreRefused(t *testing.T) {
	each(t, func(st *stage) {
		st.letter("一")
		st.close()
		all := "/consultations/" + st.slug + "/suggestions"
		made := st.want("gather", st.api("officer", "POST", all, map[string]any{"text": "一", "comments": st.waiting()}), 201)
		one := "/suggestions/" + made["id"].(string)
		for _, ids := range []any{[]string{"7"}, []string{"x"}, []any{9007199254740993}, []string{"-1"}, []string{"99999999999999999999"}, []any{nil}} {
			st.want(fmt.Sprint("gather ", ids), st.api("officer", "POST", all, map[string]any{"text": "一", "comments": ids}), 422, "comments[0]")
		}
		st.want("not a list", st.api("officer", "POST", all, map[string]any{"text": "一", "comments": "7"}), 422, "comments")
		st.want("blank", st.api("officer", "POST", all, map[string]any{"text": " 　", "comments": []string{}}), 422, "text")
		for _, way := range []struct {
			method, path string
			body         any
		}{
			{"GET", all, nil}, {"POST", all, map[string]any{"text": "x"}}, {"GET", one, nil}, {"PATCH", one, map[string]any{"text": "x"}},
			{"PUT", one + "/disposition", map[string]any{"disposition": "supported"}}, {"POST", one + "/events", map[string]any{"event": "submit"}},
			{"GET", one + "/comments", nil}, {"POST", one + "/comments", map[string]any{"add": []string{}}}, {"POST", one + "/merge", map[string]any{"from": "5"}},
			{"DELETE", one, nil}, {"GET", "/consultations/" + st.slug + "/balance", nil},
		} {
			st.want("another bureau's "+way.method+" "+way.path, st.api("stranger", way.method, way.path, way.body), 404)
			st.want("the public's "+way.method+" "+way.path, st.api("", way.method, way.path, way.body), 401)
			if way.method != "GET" {
				st.want("the auditor's "+way.method+" "+way.path, st.api("auditor", way.method, way.path, way.body), 403)
			}
		}
		st.want("not empty", st.api("officer", "DELETE", one, nil), 409)
	})
}

package availabilityweb_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"guangyi/internal/availability"
	"guangyi/internal/challenge"
)

func TestAnOfficerExtendsByOnePressAndEverybodyReadsIt(t *testing.T) {
	each(t, func(st *stage) {
		room, public := "/staff/consultations/"+st.slug+"/availability", "/consultations/"+st.slug+"/availability"
		st.want(st.get("", public), 200, "没有停用记录")
		st.want(st.get("officer", room), 200, "不需要延长")
		st.lose(3 * time.Hour)
		st.want(st.get("officer", room), 200, "3小时", "延长1天并公布", "2026年12月25日", "could not take comments for 3 hours", "不满一天")
		st.want(st.get("", public), 200, "停用1次", "3小时", "专线中断", "正在决定是否延长")
		st.want(st.get("officer", "/staff/availability"), 200, "等您单位决定", room)
		a := st.post("officer", room, room, url.Values{"go": {"extend"}, "days": {"1"}, "note": {"停用了，补一天。"}})
		if a.status != 303 || a.to != room {
			t.Fatalf("%d %s", a.status, a.body)
		}
		st.want(st.get("", public), 200, "期限延长了1天", "3小时")
		st.want(st.get("", public+"?lang=en"), 200, "extended by 1 day")
		if b := st.get("officer", room).body; strings.Contains(b, `value="extend"`) {
			st.t.Error("it can be extended again")
		}
		if b := st.get("", public).body; strings.Contains(b, "正在决定") {
			st.t.Error("the public reads that it is still being decided")
		}
	})
}

func TestDecliningWantsAReasonThatIsPublic(t *testing.T) {
	each(t, func(st *stage) {
		room := "/staff/consultations/" + st.slug + "/availability"
		st.lose(5 * time.Minute)
		st.want(st.post("officer", room, room, url.Values{"go": {"decline"}, "reason": {""}}), 422, "请写明不延长的理由", `href="#reason"`)
		long := strings.Repeat("长", availability.MostReason+3)
		st.want(st.post("officer", room, room, url.Values{"go": {"decline"}, "reason": {long}}), 422, "多了3个", long)
		if a := st.post("officer", room, room, url.Values{"go": {"decline"}, "reason": {"停在深夜<b>"}}); a.status != 303 {
			t.Fatalf("%d %s", a.status, a.body)
		}
		st.want(st.get("", "/consultations/"+st.slug+"/availability"), 200, "决定不延长", "停在深夜&lt;b&gt;", "5分钟")
	})
}

func TestWhoMayDoWhat(t *testing.T) {
	st := newStage(t, "sqlite")
	room := "/staff/consultations/" + st.slug + "/availability"
	st.lose(time.Hour)
	for who, status := range map[string]int{"": 303, "member": 404, "stranger": 404, "operator": 404, "officer": 200, "reviewer": 200, "auditor": 200} {
		if a := st.get(who, room); a.status != status {
			t.Errorf("%q gets %d for the room, want %d", who, a.status, status)
		}
	}
	for who, status := range map[string]int{"": 303, "member": 404, "stranger": 200, "operator": 200, "auditor": 200} {
		if a := st.get(who, "/staff/availability"); a.status != status {
			t.Errorf("%q gets %d for the site's page, want %d", who, a.status, status)
		}
	}
	for _, who := range []string{"auditor", "reviewer"} {
		if b := st.get(who, room).body; strings.Contains(b, `name="reason"`) || strings.Contains(b, `value="extend"`) {
			t.Errorf("the %s is offered an answer", who)
		}
	}
	if b := st.get("officer", "/staff/availability").body; strings.Contains(b, "begins_at") {
		t.Error("an officer is offered to announce work on the site")
	}
	if a := st.do("", "GET", "/consultations/no-such/availability", ""); a.status != 404 {
		t.Errorf("no such consultation: %d", a.status)
	}
}

func TestTheOperatorAnnouncesAndReports(t *testing.T) {
	each(t, func(st *stage) {
		const desk = "/staff/availability"
		st.clock.Add(48 * time.Hour)
		form := url.Values{"begins_at": {"2026-12-01T22:00"}, "ends_at": {"2026-12-01T21:00"}, "note_zh": {"换磁盘"}, "note_en": {""}}
		st.want(st.post("operator", desk, desk+"/announce", form), 422, "结束要晚于开始", "请写明情况", "换磁盘", "2026-12-01T22:00")
		form.Set("ends_at", "2026-12-01T23:00")
		form.Set("note_en", "New disks")
		if a := st.post("operator", desk, desk+"/announce", form); a.status != 303 {
			t.Fatalf("%d %s", a.status, a.body)
		}
		public := "/consultations/" + st.slug + "/availability"
		st.want(st.get("", public), 200, "换磁盘", "2026年12月1日")
		st.want(st.get("", public+"?lang=en"), 200, "New disks")
		st.want(st.post("operator", desk, desk+"/report", url.Values{"began_at": {"gestern"}, "note": {""}}), 422, "请填写日期和时间")
		if a := st.post("operator", desk, desk+"/report", url.Values{"began_at": {"2026-11-25T10:00"}, "ended_at": {"2026-11-25T11:30"}, "note": {"断网"}}); a.status != 303 {
			t.Fatalf("%d %s", a.status, a.body)
		}
		st.want(st.get("", public), 200, "1小时30分钟", "断网")
		st.want(st.post("operator", desk, desk+"/cancel", url.Values{"id": {"0"}}), 404)
		if a := st.post("operator", desk, desk+"/cancel", url.Values{"id": {firstID(st)}}); a.status != 303 {
			t.Fatalf("%d %s", a.status, a.body)
		}
		if strings.Contains(st.get("", public).body, "换磁盘") {
			st.t.Error("cancelled work is still announced")
		}
		if a := st.post("officer", "/staff/consultations/"+st.slug+"/availability", desk+"/announce", form); a.status != 403 {
			st.t.Errorf("an officer announces: %d", a.status)
		}
	})
}

func firstID(st *stage) string {
	list, err := st.availability.Planned(ctx)
	must(st.t, err)
	raw, err := json.Marshal(list[0].ID)
	must(st.t, err)
	return string(raw)
}

func TestTheDeskShowsWhatWasSlowedDownByDay(t *testing.T) {
	each(t, func(st *stage) {
		st.want(st.get("officer", "/staff/availability"), 200, "最近两周没有")
		for range 7 {
			st.challenges.Note(challenge.KindLimited)
		}
		must(st.t, st.availability.Beat(ctx))
		st.want(st.get("officer", "/staff/availability"), 200, "2026年11月24日", ">7<", "正常运行：1台")
		st.want(st.get("officer", "/staff/availability?lang=en"), 200, "Too fast, asked to wait", "1 server")
	})
}

func TestProgramsReadAndAnswer(t *testing.T) {
	each(t, func(st *stage) {
		path := "/api/v1/consultations/" + st.slug + "/availability"
		st.want(st.get("", path), 200, `"outages":[]`, `"lost_seconds":0`)
		st.lose(26 * time.Hour)
		st.want(st.get("", path), 200, `"lost_seconds":93600`, `"proposed_days":2`, `"cause":"reported"`)
		post := func(who, body string) answer {
			return st.do("", "POST", path, body, "Content-Type", "application/json", "Authorization", "Bearer "+who)
		}
		st.want(st.do("", "POST", path, `{}`, "Content-Type", "application/json"), 401)
		st.want(post("auditor", `{}`), 403)
		st.want(post("stranger", `{}`), 404)
		st.want(post("officer", `{"answer":"maybe"}`), 422, `"field":"answer"`)
		st.want(post("officer", `{"answer":"declined"}`), 422, `"field":"reason"`)
		st.want(post("officer", `{"answer":"extended","days":1}`), 409, "changed")
		st.want(post("officer", `{"answer":"extended","days":2}`), 200, `"answer":"extended"`, `"proposed_days":0`, `"days":2`)
		st.want(post("officer", `{"answer":"extended"}`), 409, "nothing")
		c, err := st.consultations.Staff(ctx, st.people["officer"], st.slug)
		must(st.t, err)
		past, err := st.consultations.History(ctx, c.ID)
		must(st.t, err)
		found := false
		for _, p := range past {
			found = found || strings.Contains(p.Note, "收不到意见") && strings.Contains(p.Note, "could not take comments")
		}
		if !found {
			st.t.Errorf("the notice of the extension is not in both languages: %+v", past)
		}
	})
}

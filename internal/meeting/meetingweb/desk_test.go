package meetingweb_test

import (
	"net/url"
	"strconv"
	"strings"
	"testing"

	"guangyi/internal/meeting"
)

func formatted(id int64) string { return strconv.FormatInt(id, 10) }

// callForm is a call as the secretary's browser sends it.
func callForm() url.Values {
	return url.Values{
		"go": {"save"}, "title": {"请您列席：审议养老服务收费公示办法"}, "kind": {"office"}, "matter": {"养老服务收费公示办法"}, "lang": {"zh-CN"},
		"starts_at_on": {"2026-12-18"}, "starts_at_time": {"9:30"}, "ends_at_on": {"2026-12-18"}, "ends_at_time": {"11:30"},
		"place": {"云州市人民路100号"}, "contact": {"办公室　吴先生"}, "opens_at_on": {""}, "closes_at_on": {"2026-12-10"}, "closes_at_time": {"18:00"},
		"open_to": {"all"}, "seats": {"8"}, "method": {"draw"}, "panels": {"1000"}, "procedure": {"plain"}, "rules": {""},
		"categories_code": {"citizen", "own"}, "categories_key": {"", ""}, "categories_name": {"", "护理员"}, "categories_seats": {"5", "3"},
		"categories_note": {"", ""}, "categories_method": {"", ""}, "quotas_what": {"sex:female"}, "quotas_min": {"3"}, "quotas_max": {""},
		"questions_code": {""}, "questions_label": {"您家里有老人吗"}, "questions_options": {"有\r\n没有"}, "districts": {"城北区\r\n城南区"},
		"seed_source": {"lottery"}, "seed_name": {"福彩3D"}, "seed_reference": {"2026333"}, "seed_known_at_on": {"2026-12-11"},
		"seed_known_at_time": {"21:15"}, "forget_at_on": {"2027-01-18"}, "forget_at_time": {"24:00"}, "demands": {"district"},
	}
}

func TestASecretaryCallsAMeetingAndAnotherPublishesIt(t *testing.T) {
	each(t, func(st *stage) {
		b := st.browser("secretary")
		st.want(b.get("/staff/meetings"), 200, "新建会议")
		wrong := url.Values{"organisation": {"bureau"}, "title": {""}, "kind": {"office"}, "starts_at_on": {"明天"}}
		st.want(b.post("/staff/meetings/new", "/staff/meetings/new", wrong), 422, `href="#starts_at"`)
		made := b.post("/staff/meetings/new", "/staff/meetings/new", with(callForm(), "organisation", "bureau"))
		st.want(made, 200, "填写公告")
		edit, room := made.path, strings.TrimSuffix(made.path, "/edit")
		st.want(b.get(room), 200, "送审前还缺", "/edit#contact")

		more := b.post(edit, edit, with(callForm(), "go", "add:categories", "title", "新的 <标题>"))
		st.want(more, 200, "第3类", "新的 &lt;标题&gt;", `value="护理员"`)
		less := b.post(edit, edit, with(callForm(), "go", "remove:categories:0"))
		st.want(less, 200, "第1类", `value="护理员"`)
		st.lacks(less, "第2类")
		checked := b.post(edit, edit, with(callForm(), "go", "check", "closes_at_on", "2026-12-18"))
		st.want(checked, 200, `id="periods"`)
		bad := b.post(edit, edit, with(callForm(), "seats", "六", "closes_at_on", "2026-12-20"))
		st.want(bad, 422, `href="#seats"`, `value="六"`, "请填整数", `value="2026-12-20"`)
		st.want(b.post(edit, edit, with(callForm(), "closes_at_on", "2026-12-20")), 422, `href="#closes_at"`, "您写的内容都还在")
		st.want(b.post(edit, edit, callForm()), 200, "送审", "已保存")
		stale := b.post(edit, edit, with(callForm(), "version", "1", "title", "别的题目"))
		st.want(stale, 409, "别人保存过", "别的题目", "请您列席")

		m := st.stored(room)
		if len(m.Categories) != 2 || m.Categories[0].Name != "市民代表" || m.Categories[1].Code != "own1" || m.Quotas[0].Max != 8 {
			st.t.Errorf("stored categories %+v, quotas %+v", m.Categories, m.Quotas)
		}
		if len(m.Questions) != 1 || len(m.Questions[0].Options) != 2 || m.Questions[0].Code == "" {
			st.t.Errorf("stored questions %+v", m.Questions)
		}
		st.reviewed(room, edit)
	})
}

func (st *stage) stored(room string) meeting.Meeting {
	st.t.Helper()
	m, err := st.meetings.Staff(ctx, st.people["secretary"], strings.TrimPrefix(room, "/staff/meetings/"))
	must(st.t, err)
	return m
}

// reviewed submits, returns, submits again and approves; then the rules are fixed.
func (st *stage) reviewed(room, edit string) {
	st.t.Helper()
	b, r := st.browser("secretary"), st.browser("reviewer")
	submit := url.Values{"event": {"submit"}}
	st.want(b.post(room, room+"/events", submit), 200, "待审核")
	st.want(b.get(edit), 409)
	st.want(r.get(room), 200, room+"/review")
	st.want(r.get(room+"/review"), 200, "批准并公布", "编号000—999")
	st.want(r.post(room+"/review", room+"/events", url.Values{"event": {"return"}, "note": {""}}), 422, `href="#return-note"`)
	st.want(r.post(room+"/review", room+"/events", url.Values{"event": {"return"}, "note": {"写清楚旁听"}}), 200, "已退回")
	st.want(b.get(room), 200, "写清楚旁听")
	st.want(b.post(room, room+"/events", submit), 200, "待审核")
	st.want(r.post(room+"/review", room+"/events", url.Values{"event": {"approve"}}), 200, "正在报名", "批准公布")
	public := strings.Replace(room, "/staff", "", 1)
	st.want(st.browser("").get(public), 200, "护理员", "您家里有老人吗"[:0])
	st.want(b.get(edit), 200, "规则不能再改", st.stored(room).RulesDigest)
	st.want(b.post(edit, edit, url.Values{"contact": {"办公室　王女士"}, "description": {""}, "title": {"偷偷改"}}), 200, "已保存")
	if m := st.stored(room); m.Contact != "办公室　王女士" || m.Title == "偷偷改" {
		st.t.Errorf("after publication: title %q, contact %q", m.Title, m.Contact)
	}
	st.want(b.post(room, room+"/events", url.Values{"event": {"move"}, "starts_on": {"2026-12-19"}, "starts_time": {"9:30"}}), 422, `href="#move-note"`, `value="2026-12-19"`)
	st.want(b.post(room, room+"/events", url.Values{"event": {"move"}, "starts_on": {"2026-12-19"}, "starts_time": {"9:30"}, "note": {"会场占用"}}), 200, "已改期", "改为2026年12月19日 09:30")
	st.want(b.post(room, room+"/events", url.Values{"event": {"extend"}, "closes_on": {"2026-12-01"}, "closes_time": {"9:00"}, "note": {"早"}}), 422, `href="#extend-closes_on"`)
}

func TestStaffVetEnterAndReveal(t *testing.T) {
	each(t, func(st *stage) {
		m := st.opened(st.call())
		form, desk := "/meetings/"+m.Slug+"/apply", "/staff/meetings/"+m.Slug+"/applications"
		st.want(st.browser("").post(form, form, filled("陈阿玉", "13800138000")), 200)
		b := st.browser("secretary")
		list := b.get(desk)
		st.want(list, 200, "市民01", "未核对", "applications.csv")
		st.lacks(list, "陈阿玉", "13800138000")
		st.want(b.get(desk+"?state=refused"), 200, "没有报名")
		all, err := st.meetings.Applications(ctx, m.ID)
		must(st.t, err)
		one := desk + "/" + formatted(all[0].ID)
		st.lacks(b.get(one), "陈阿玉", "13800138000")
		st.want(b.post(one, one+"/contact", url.Values{}), 200, "陈阿玉", "13800138000", "轮椅", "已经记录")
		st.want(b.post(one, one+"/vet", url.Values{"go": {"refuse"}, "reason": {""}}), 422, `href="#refuse-reason"`)
		st.want(b.post(one, one+"/vet", url.Values{"go": {"refuse"}, "reason": {"不住在本市"}}), 200, "不符合条件", "不住在本市", "恢复报名")
		st.want(b.post(one, one+"/vet", url.Values{"go": {"admit"}}), 200, "已报名")
		st.want(b.get(desk+".csv"), 200, "陈阿玉")

		entered := with(filled("李大爷", "13900139000"), "channel", "phone", "category", "expert")
		st.want(b.post(desk+"/new", desk+"/new", with(entered, "name", "")), 422, `href="#name"`, `value="13900139000"`)
		done := b.post(desk+"/new", desk+"/new", entered)
		st.want(done, 200, "请把报名号和查询码读给本人", "专家01")
		boxes(st.t, done)
		st.want(b.post(desk+"/new", desk+"/new", with(entered, "key", "again", "name", "别人")), 409, "已经报过名", `value="别人"`)

		for who, want := range map[string]int{"reviewer": 200, "auditor": 200, "administrator": 403, "other-secretary": 404, "member": 404} {
			if a := st.browser(who).get(desk); a.status != want {
				st.t.Errorf("%s gets %d of the applications, want %d", who, a.status, want)
			}
		}
		st.lacks(st.browser("reviewer").get(one), "看姓名和联系方式")
		st.want(st.browser("auditor").get(desk+".csv"), 200, "市民01")
		st.lacks(st.browser("auditor").get(desk+".csv"), "陈阿玉", "13800138000")
	})
}

func TestAnItemGoesToAnotherMeetingFromTheAgenda(t *testing.T) {
	each(t, func(st *stage) {
		m, other := st.opened(st.call()), st.opened(st.call())
		b, page := st.browser("secretary"), "/staff/meetings/"+m.Slug+"/agenda"
		st.want(b.get(page), 200, "还没有议题")
		st.want(b.post(page, page, url.Values{"title": {""}, "minutes": {"很久"}}), 422, `href="#minutes"`)
		st.want(b.post(page, page, url.Values{"title": {"审议办法 <一>"}, "minutes": {"30"}, "attended": {"true"}}), 200, "审议办法 &lt;一&gt;", "约30分钟")
		items, err := st.meetings.Items(ctx, m.ID)
		must(st.t, err)
		one := page + "/" + formatted(items[0].ID)
		st.want(b.get(page+"?item="+formatted(items[0].ID)), 200, "修改议题", `value="30"`)
		st.want(b.post(page, one, url.Values{"title": {"审议办法"}, "minutes": {"20"}, "version": {"1"}}), 200, "约20分钟")
		st.want(b.post(page, one+"/move", url.Values{"meeting": {other.Slug}, "reason": {""}}), 422, "href=\"#reason-")
		st.want(b.post(page, one+"/move", url.Values{"meeting": {other.Slug}, "reason": {"材料没有齐"}}), 200, "已转到另一次会议")
		st.want(b.get("/staff/meetings/"+other.Slug+"/agenda"), 200, "从另一次会议转来")
	})
}

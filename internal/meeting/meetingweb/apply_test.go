package meetingweb_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"guangyi/internal/meeting"
)

// filled is an application as a browser sends it at the last step.
func filled(name, phone string) url.Values {
	return url.Values{
		"go": {"send"}, "step": {"3"}, "key": {"form-" + phone}, "category": {"citizen"}, "name": {name}, "phone": {phone}, "email": {""},
		"birth_year": {"1954"}, "sex": {"female"}, "district": {"城北区"}, "profession": {"退休教师"}, "conflict": {"no"}, "conflict_text": {""},
		"opinion": {"收费要写在墙上。\r\n<b>不要</b>写在网上。"}, "needs": {"轮椅"}, "consent": {"true"},
	}
}

func with(v url.Values, pairs ...string) url.Values {
	out := url.Values{}
	for k, x := range v {
		out[k] = x
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		out.Set(pairs[i], pairs[i+1])
	}
	return out
}

var (
	referenceBox = regexp.MustCompile(`id="application-reference"[^>]*>([^<]+)<`)
	secretBox    = regexp.MustCompile(`id="application-secret"[^>]*>([^<]+)<`)
)

func boxes(t *testing.T, a answer) (reference, secret string) {
	t.Helper()
	r, s := referenceBox.FindStringSubmatch(a.body), secretBox.FindStringSubmatch(a.body)
	if r == nil || s == nil {
		t.Fatalf("no reference and secret on %s: %.600s", a.path, a.body)
	}
	return r[1], s[1]
}

func TestSomebodyAppliesInThreeScreensAndFindsItAgain(t *testing.T) {
	each(t, func(st *stage) {
		m := st.opened(st.call())
		page := "/meetings/" + m.Slug + "/apply"
		b := st.browser("")
		st.want(b.get("/meetings"), 200, "正在报名", `href="/meetings/`+m.Slug+`"`)
		st.want(b.get("/meetings/"+m.Slug), 200, "还剩9天", `id="apply"`, "女性至少3位", "同一个区最多3位", "编号000—999", "不再改动", m.RulesDigest)
		st.want(b.get(page), 200, "报名：您的情况", "市民代表", "3席，0人已报名", "0571-1234 5688", "2027年1月18日")

		first := with(filled("陈阿玉", "13800138000"), "go", "continue", "step", "1", "birth_year", "54")
		st.want(b.post(page, page, first), 422, "有错误：", `href="#birth_year"`, "您写的内容都还在", `value="陈阿玉"`, "&lt;b&gt;不要&lt;/b&gt;")
		st.want(b.post(page, page, with(first, "birth_year", "1954", "conflict", "")), 422, `href="#conflict"`)
		st.want(b.post(page, page, with(first, "birth_year", "1954")), 200, "报名：您的意见", `name="name" value="陈阿玉"`)
		st.want(b.post(page, page, with(filled("陈阿玉", "13800138000"), "go", "continue", "step", "2")), 200, "报名：核对并报名", "1954", "退休教师")
		st.want(b.post(page, page, with(filled("陈阿玉", "13800138000"), "consent", "")), 422, `href="#consent"`)

		sent := b.post(page, page, filled("陈阿玉", "13800138000"))
		st.want(sent, 200, "报名收到了", "市民01", "轮椅")
		reference, secret := boxes(st.t, sent)
		again := b.post(page, page, filled("陈阿玉", "13800138000"))
		if same, _ := boxes(st.t, again); same != reference {
			st.t.Errorf("a double click makes two applications: %s and %s", reference, same)
		}
		st.want(b.post(page, page, with(filled("陈阿玉", "13800138000"), "key", "form-other")), 409, "您已经报过名了", `value="陈阿玉"`)
		st.want(b.post(page, page, with(filled("陈玉", "13800138000"))), 409, "刚才改过", `value="陈玉"`)
		st.foundAgain(reference, secret)
	})
}

// foundAgain looks an application up in another browser, changes and withdraws it.
func (st *stage) foundAgain(reference, secret string) {
	st.t.Helper()
	b := st.browser("")
	own := "/applications/" + reference
	st.want(b.get(own), 200, "查我的报名", `value="`+reference+`"`)
	st.lacks(b.get(own), "陈阿玉", "退休教师")
	st.want(b.post("/applications", "/applications", url.Values{"reference": {reference}, "secret": {"不对不对"}}), 404, "编号或者查询码不对")
	st.want(b.post("/applications", "/applications", url.Values{}), 422, `href="#reference"`, `href="#secret"`)
	found := b.post("/applications", "/applications", url.Values{"reference": {strings.ToLower(reference)}, "secret": {secret}})
	st.want(found, 200, "已报名，还没有选", "陈阿玉", "撤回报名")
	st.lacks(found, "application-secret")
	st.want(b.get(own+"/change"), 200, `value="陈阿玉"`, "修改报名")
	st.want(b.post(own+"/change", own+"/change", with(filled("陈阿玉", "13800138000"), "profession", "")), 422, `href="#profession"`)
	st.want(b.post(own+"/change", own+"/change", with(filled("陈阿玉", "13800138000"), "profession", "护理员")), 200, "护理员", "修改已保存")
	st.want(b.post(own, own+"/withdraw", url.Values{}), 200, "报名已撤回")
	st.want(b.get(own), 200, "报名已撤回")
}

func TestACallSaysInEveryStateWhatCanBeDone(t *testing.T) {
	each(t, func(st *stage) {
		m := st.published(st.call())
		page, form := "/meetings/"+m.Slug, "/meetings/"+m.Slug+"/apply"
		b := st.browser("")
		st.want(b.get(page), 200, "还没开始报名", "2026年12月1日 09:01")
		st.lacks(b.get(page), `id="apply"`)
		st.want(b.get(form), 409, "还没开始报名")
		st.clock.Set(*m.OpensAt)
		for i, phone := range []string{"13800138001", "13800138002", "13800138003"} {
			st.want(st.browser("").post(form, form, filled([]string{"甲一", "乙二", "丙三"}[i], phone)), 200, "报名收到了")
		}
		st.clock.Set(m.ClosesAt.Add(-5 * time.Hour))
		st.want(b.get(page), 200, "还剩5小时", "已有3人报名")
		st.clock.Set(*m.ClosesAt)
		st.want(b.get(page), 200, "报名已截止", "没有超过席位", "不用抽签", "查我的报名")
		st.want(b.get(form), 410, "报名已于2026年12月10日 18:00截止")
		st.want(b.post("/applications", form, filled("陈阿玉", "13800138000")), 410, "您填写的时候，报名截止了", "&lt;b&gt;不要&lt;/b&gt;")

		later := m.StartsAt.Add(7 * day)
		_, err := st.meetings.Apply(ctx, st.people["secretary"], m.Slug, meeting.MoveDate, meeting.Note{Text: "会场 <修缮>", StartsAt: &later})
		must(st.t, err)
		st.want(b.get(page), 200, "会议改期", "2026年12月18日 09:30", "2026年12月25日 09:30", "会场 &lt;修缮&gt;")
		_, err = st.meetings.Apply(ctx, st.people["reviewer"], m.Slug, meeting.Cancel, meeting.Note{Text: "办法不再制定"})
		must(st.t, err)
		st.want(b.get(page), 200, "已取消", "办法不再制定")
		st.want(b.get(form), 410, "会议已经取消", "办法不再制定")
		st.want(b.get("/meetings?status=cancelled"), 200, "已取消：办法不再制定")
		st.want(b.get("/meetings?q=没有这个"), 200, "没有符合条件的会议")
		st.want(b.get("/meetings/no-such"), 404)
	})
}

func TestADeadPageKeepsWhatWasTyped(t *testing.T) {
	each(t, func(st *stage) {
		in := st.call()
		in.AccountNeeded = ptr(true)
		m := st.opened(in)
		form := "/meetings/" + m.Slug + "/apply"
		st.want(st.browser("").get(form), 401, "要先登录", "/signin?next=/meetings/"+m.Slug+"/apply")
		st.want(st.browser("member").get(form), 200, "报名：您的情况")
		st.want(st.browser("member").post(form, form, filled("陈阿玉", "13800138000")), 200, "报名收到了")

		in = st.call()
		in.OpenTo = ptr(meeting.ToPool)
		pool := st.opened(in)
		form = "/meetings/" + pool.Slug + "/apply"
		st.want(st.browser("").post(form, form, filled("陈阿玉", "13800138000")), 403, "常任代表", "&lt;b&gt;不要&lt;/b&gt;", "/representatives")
	})
}

func TestARegistrationTakesASessionAndQueues(t *testing.T) {
	each(t, func(st *stage) {
		in := st.call()
		in.Kind, in.Method, in.Seats = ptr(meeting.OpenDay), ptr(meeting.ByOrder), ptr(0)
		in.Categories, in.Quotas, in.Demands, in.Districts, in.Seed = &[]meeting.Category{}, &[]meeting.Quota{}, &[]string{}, &[]string{}, &meeting.Seed{}
		in.Sessions = &[]meeting.Session{{Name: "上午场", StartsAt: *in.StartsAt, EndsAt: in.StartsAt.Add(time.Hour), Capacity: 2, Group: 2}}
		m := st.opened(in)
		page, form := "/meetings/"+m.Slug, "/meetings/"+m.Slug+"/apply"
		session := m.Sessions[0].ID
		st.want(st.browser("").get(page), 200, "上午场", "还有2个名额", "先到先得")
		st.want(st.browser("").get(form), 200, "参加哪一场", "一共来几个人")
		one := url.Values{"go": {"send"}, "step": {"3"}, "key": {"one"}, "session": {formatted(session)}, "people": {"2"}, "name": {"甲"}, "phone": {"13800138001"}, "consent": {"true"}}
		st.want(st.browser("").post(form, form, one), 200, "您有座位")
		st.want(st.browser("").get(page), 200, "已满，候补0人")
		two := with(one, "key", "two", "people", "1", "name", "乙", "phone", "13800138002")
		st.want(st.browser("").post(form, form, two), 200, "您在候补名单上", "排第1位")
		st.want(st.browser("").post(form, form, with(two, "key", "three", "phone", "13800138003", "people", "3")), 422, `href="#people"`)
	})
}

package representativeweb_test

import (
	"strings"
	"testing"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/ids"
	"guangyi/internal/representative"
)

const applyTo = "/representatives/bureau/apply"

func filled(more ...string) []string {
	return append([]string{"key", "form-1", "category", "citizen", "name", "王小明", "phone", "13900001234", "district", "城北区",
		"fields", "养老", "fields", "食品安全", "conflict", "no", "consent", "true"}, more...)
}

// applied sends the form and gives the address of the membership with its id.
func (st *stage) applied(b *browser, more ...string) (address string, id int64) {
	st.t.Helper()
	got := b.post(applyTo+"?category=citizen", applyTo, filled(more...)...)
	b.want("applying", got, 303, "/my/representative/R")
	p, err := st.pool.List(ctx, st.people["secretary"], st.org.ID, representative.Filter{Q: strings.TrimPrefix(got.to, "/my/representative/")})
	must(st.t, err)
	return got.to, p.Items[0].ID
}

func TestSomebodyAppliesIsVettedByTwoAndShownToAll(t *testing.T) {
	each(t, func(st *stage) {
		anna := st.browser("")
		anna.want("the pool", anna.get("/representatives"), 200, "云州市市场监督管理局", applyTo)
		anna.want("the categories", anna.get(applyTo), 200, "市民代表", "利益相关方")
		anna.want("no category", anna.get(applyTo+"?category="), 422, "请选择一个类别")
		got := anna.post(applyTo+"?category=citizen", applyTo, "key", "form-9", "category", "citizen", "name", "王小明", "conflict", "yes")
		anna.want("incomplete", got, 422, "王小明", "手机号码和电子邮箱至少填写一项", "请说明利益关系", "请勾选同意后再提交")
		mine, id := st.applied(anna)
		got = anna.get(mine)
		anna.want("sent", got, 200, "申请已提交", "请记下编号和查询码", "王小明")
		stranger := st.browser("")
		got = stranger.get(mine)
		stranger.want("a stranger", got, 200, "查询码")
		if strings.Contains(got.body, "王小明") {
			t.Error("a stranger reads the name")
		}
		for _, act := range []string{"/leave", "/renew", "/appeal", "/change"} {
			stranger.want(act+" for somebody else", stranger.post("/my/representative", mine+act), 404)
		}

		one := "/staff/representatives/" + ids.Format(id)
		sec, rev := st.browser("secretary"), st.browser("reviewer")
		got = sec.get(one)
		sec.want("the staff's page", got, 200, "王**", "初审")
		if strings.Contains(got.body, "王小明") || strings.Contains(got.body, "13900001234") {
			t.Error("name or contact is shown unasked")
		}
		sec.want("the contact", sec.post(one, one+"/contact"), 200, "王小明", "13900001234")
		sec.want("no choice", sec.post(one, one+"/vet", "version", "1"), 422, "请选择一项")
		sec.want("refusing without a note", sec.post(one, one+"/vet", "version", "1", "choice", "refuse"), 422, "请写明理由")
		sec.want("the first", sec.post(one, one+"/vet", "version", "1", "choice", "admit"), 303, one)
		sec.want("the first again", sec.post(one, one+"/decide", "version", "2", "choice", "admit", "from", "2026-07-01", "until", "2028-06-30"), 403)
		rev.want("a term that ended", rev.post(one, one+"/decide", "version", "2", "choice", "admit", "from", "2020-07-01", "until", "2021-06-30"), 422, "任期最后一天应在开始和今天之后", "2020-07-01")
		rev.want("the second", rev.post(one, one+"/decide", "version", "2", "choice", "admit", "from", "2026-07-01", "until", "2028-06-30"), 303, one)
		got = stranger.get("/representatives?category=citizen")
		stranger.want("the list", got, 200, "王**", "市民代表", "2026年7月1日", "2028年6月30日")
		if strings.Contains(got.body, "王小明") || strings.Contains(got.body, "城北区") {
			t.Error("more than name, category, fields and term is public")
		}
		anna.want("and her own page", anna.get(mine), 200, "任期内")
	})
}

func TestTheSecretOpensTheMembershipElsewhere(t *testing.T) {
	each(t, func(st *stage) {
		r, err := st.pool.Apply(ctx, actor.Public(), st.org.ID, representative.Application{
			Person: representative.Person{Name: "王小明", Phone: "13900001234"}, Category: "citizen", District: "城北区", Conflict: "no", Consent: true})
		must(t, err)
		b, mine := st.browser(""), "/my/representative/"+r.Reference
		b.want("nothing typed", b.post("/my/representative", "/my/representative"), 422, "请填写受理编号", "请填写查询码")
		b.want("a wrong secret", b.post("/my/representative", "/my/representative", "reference", r.Reference, "secret", "AAAAA-AAAAA"), 404, "没有找到")
		b.want("the right one", b.post("/my/representative", "/my/representative", "reference", r.Reference, "secret", strings.ToLower(r.Secret)), 303, mine)
		got := b.get(mine)
		b.want("the page", got, 200, "王小明")
		if strings.Contains(got.body, r.Secret) {
			t.Error("the secret is shown to a browser that only typed it")
		}
		b.want("the form of a change", b.get(mine+"/change"), 200, `value="王小明"`)
		b.want("a wrong change", b.post(mine+"/change", mine+"/change", "version", "1", "name", "", "phone", "13900001234", "district", "城北区", "conflict", "no"), 422, "请填写姓名")
		b.want("a change", b.post(mine+"/change", mine+"/change", "version", "1", "name", "王大明", "phone", "13900001234", "district", "城南区", "conflict", "no"), 303, mine)
		b.want("against an older version", b.post(mine+"/change", mine+"/change", "version", "1", "name", "王小明", "phone", "13900001234", "district", "城南区", "conflict", "no"), 409)
		b.want("leaving", b.post(mine, mine+"/leave"), 303, mine)
		b.want("left", b.get(mine), 200, "已退出", "删除姓名和联系方式")
		b.want("leaving twice", b.post("/my/representative", mine+"/leave"), 409)
	})
}

func TestASuspensionIsAppealedAgainstOnTheirPage(t *testing.T) {
	each(t, func(st *stage) {
		anna := st.browser("")
		mine, id := st.applied(anna)
		one := "/staff/representatives/" + ids.Format(id)
		sec, rev := st.browser("secretary"), st.browser("reviewer")
		sec.post(one, one+"/vet", "choice", "admit")
		rev.post(one, one+"/decide", "choice", "admit", "from", "2026-07-01", "until", "2028-06-30")
		sec.want("without a reason", sec.post(one, one+"/suspend"), 422, "请写明理由")
		sec.want("suspending", sec.post(one, one+"/suspend", "reason", "两次未到会"), 303)
		anna.want("told why", anna.get(mine), 200, "两次未到会", "提交申诉")
		anna.want("an empty appeal", anna.post(mine, mine+"/appeal"), 422, "请写明申诉内容")
		anna.want("the appeal", anna.post(mine, mine+"/appeal", "appeal", "当天住院"), 303)
		sec.want("who suspended", sec.post(one, one+"/answer", "choice", "uphold", "reason", "理由"), 403)
		sec.want("it waits", sec.get("/staff/representatives?state=due"), 200, "待答复申诉")
		rev.want("another reads it", rev.post(one, one+"/contact"), 200, "当天住院")
		rev.want("and answers", rev.post(one, one+"/answer", "choice", "lift", "reason", "住院属实"), 303)
		anna.want("serving again", anna.get(mine), 200, "任期内")
	})
}

func TestRenewalIsWantedAndGiven(t *testing.T) {
	each(t, func(st *stage) {
		anna := st.browser("")
		mine, id := st.applied(anna)
		one := "/staff/representatives/" + ids.Format(id)
		sec, rev := st.browser("secretary"), st.browser("reviewer")
		sec.post(one, one+"/vet", "choice", "admit")
		rev.post(one, one+"/decide", "choice", "admit", "from", "2026-07-01", "until", "2027-06-30")
		st.clock.Set(start.AddDate(0, 11, 0))
		if n, err := st.pool.Run(ctx); err != nil || n != 1 {
			t.Fatalf("the clock: %d, %v", n, err)
		}
		anna.want("asked", anna.get(mine), 200, "2027年6月30日 24:00", "我愿意续任")
		anna.want("wanted", anna.post(mine, mine+"/renew"), 303)
		rev.want("the proposal", rev.get(one), 200, `value="2029-06-30"`)
		rev.want("renewing", rev.post(one, one+"/renew", "until", "2028-06-30"), 303)
		anna.want("told", anna.get(mine), 200, "2028年6月30日")
	})
}

func TestThePoolIsSetUpByItsSecretary(t *testing.T) {
	each(t, func(st *stage) {
		const set = "/staff/representatives/pool?organisation=bureau"
		sec := st.browser("secretary")
		sec.want("a figure that is none", sec.post(set, set, "version", "1", "lang", "zh-CN", "term_months", "两年", "renew_days", "60", "forget_days", "30"), 422, "应为1到120之间的整数")
		sec.want("an older version", sec.post(set, set, "version", "7", "lang", "zh-CN", "term_months", "24", "renew_days", "60", "forget_days", "30"), 409)
		sec.want("saving", sec.post(set, set, "version", "1", "lang", "zh-CN", "term_months", "12", "renew_days", "60", "forget_days", "30"), 303)
		b := st.browser("")
		b.want("closed", b.get("/representatives"), 200, "目前不接受新的申请")
		b.want("the form", b.get(applyTo), 409)
		categories := "/staff/representatives/categories?organisation=bureau"
		sec.want("a category", sec.post(set, categories, "name", "社区工作者"), 303)
		sec.want("the same again", sec.post(set, categories, "name", "社区工作者"), 422, "已经有同名的类别")
		sec.want("retiring", sec.post(set, categories, "code", "own-1", "name", "社区工作者", "version", "1", "retired", "true"), 303)
		sec.want("retired", sec.get(set), 200, "已停用")
	})
}

// Every page of the staff × who asks.
func TestTheStaffSideIsForItsOwnPeople(t *testing.T) {
	each(t, func(st *stage) {
		_, id := st.applied(st.browser(""))
		one := "/staff/representatives/" + ids.Format(id)
		for who, statuses := range map[string][3]int{ // list, one, an act
			"": {303, 303, 401}, "member": {404, 404, 404}, "other": {200, 404, 404},
			"auditor": {200, 200, 403}, "administrator": {403, 403, 403},
		} {
			b := st.browser(who)
			b.want(who+" lists", b.get("/staff/representatives"), statuses[0])
			b.want(who+" reads one", b.get(one), statuses[1])
			for _, act := range []string{"/contact", "/vet", "/decide", "/renew", "/suspend", "/lift", "/answer"} {
				b.want(who+act, b.post("/my/representative", one+act), statuses[2])
			}
			if who == "other" {
				b.want("another's pool", b.get("/staff/representatives?organisation=bureau"), 404)
			}
		}
	})
}

package consultationweb_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"guangyi/internal/consultation"
)

func TestTheDraftHasAnAnchorForEveryProvision(t *testing.T) {
	each(t, func(o *office) {
		slug := o.opened()
		page := o.get("", "/consultations/"+slug+"/draft")
		o.want(page, 200, `href="/consultations/`+slug+`/comment?provision=art-2"`)
		rows, _ := o.call("", "GET", "/consultations/"+slug+"/provisions", nil).object(o.t)["items"].([]any)
		for _, r := range rows {
			key := r.(map[string]any)["key"].(string)
			if n := strings.Count(page.body, ` id="`+key+`"`); n != 1 {
				o.t.Errorf("%d elements with id %s", n, key)
			}
		}
		o.want(o.get("", "/consultations/"+slug+"/draft?compare=2"), 200, "只有一个版本")
		o.want(o.get("", "/consultations/"+slug+"/draft?version=2"), 404)
		o.clock.Add(61 * 24 * time.Hour)
		closed := o.get("", "/consultations/"+slug+"/draft")
		o.want(closed, 200, "征集已截止")
		if strings.Contains(closed.body, "/comment?provision=") {
			o.t.Error("a closed consultation offers to comment")
		}
	})
}

func TestANoticeSaysInEveryStateWhatItAsks(t *testing.T) {
	each(t, func(o *office) {
		slug := o.opened()
		path := "/consultations/" + slug
		o.want(o.get("", path), 200, "征集中", "还剩60天", "阅读草案并提意见", "2027年1月23日 09:00", `href="/consultations/`+slug+`/draft#art-2"`)
		o.want(o.get("", path+"?lang=en"), 200, `lang="en"`, "60 days left", "Read the draft and comment", `lang="zh-CN"`)
		o.clock.Add(59*24*time.Hour + 13*time.Hour)
		o.want(o.get("", path), 200, "即将截止", "还剩11小时")
		later := o.clock.Now().Add(5 * 24 * time.Hour).Format(time.RFC3339)
		o.want(o.call("officer", "POST", path+"/events", map[string]any{"event": "extend", "closes_at": later, "note": "来信多"}), 200)
		o.want(o.get("", path), 200, "已延长。原定", "来信多")
		o.clock.Add(6 * 24 * time.Hour)
		o.want(o.get("", path), 200, "已截止", "收到0件来件", "订阅")
		o.want(o.call("officer", "POST", path+"/events", map[string]any{"event": "decide"}), 200)
		o.want(o.get("", path), 200, "已截止")
		o.want(o.call("officer", "POST", path+"/events", map[string]any{"event": "submit_summary"}), 200)
		o.want(o.call("reviewer", "POST", path+"/events", map[string]any{"event": "publish_summary"}), 200)
		o.want(o.get("", path), 200, "结果已公布", "没有收到意见", path+"/summary")
	})
}

func TestAWithdrawnNoticeSaysWhy(t *testing.T) {
	each(t, func(o *office) {
		slug := o.opened()
		path := "/consultations/" + slug
		o.want(o.call("reviewer", "POST", path+"/events", map[string]any{"event": "withdraw", "note": "上位法 <在> 修改"}), 200)
		o.want(o.get("", path), 200, "已撤回", "上位法 &lt;在&gt; 修改", "受理编号继续有效")
		o.want(o.get("", "/consultations"), 200, "已撤回")
	})
}

func TestListFeedAndSiteMapShowOnlyWhatIsPublic(t *testing.T) {
	each(t, func(o *office) {
		slug := o.opened()
		secret := o.call("officer", "POST", "/consultations", map[string]any{"organisation": "bureau", "name": "未公布的办法.txt", "text": "第一条 甲。"})
		o.want(secret, 201)
		hidden, _ := secret.object(o.t)["slug"].(string)
		for _, path := range []string{"/consultations", "/feeds/consultations.atom", "/sitemap.xml"} {
			a := o.get("", path)
			o.want(a, 200, slug)
			if strings.Contains(a.body, hidden) {
				o.t.Errorf("%s shows what is not approved", path)
			}
		}
		o.want(o.get("", "/consultations?q=没有这个"), 200, "没有符合条件的征集")
		o.want(o.get("", "/consultations/"+hidden), 404)
		o.want(o.get("", "/consultations/"+hidden+"/draft"), 404)
		for _, q := range []string{"limit=0", "limit=abc", "cursor=x", "cursor=99999999999999999999", "status=martian", "q=%22%27*%25_"} {
			o.want(o.get("", "/consultations?"+q), 200)
		}
	})
}

func TestAnOfficerPreparesInTheBrowserAndLosesNothing(t *testing.T) {
	each(t, func(o *office) {
		const fresh = "/staff/consultations/new"
		o.want(o.post("officer", fresh, fresh, url.Values{"organisation": {"bureau"}, "text": {" "}, "format": {"text"}}), 422, "请上传草案文件")
		made := o.post("officer", fresh, fresh, url.Values{"organisation": {"bureau"}, "text": {law}, "format": {"text"}})
		o.want(made, 303)
		room := strings.TrimSuffix(made.header.Get("Location"), "/draft")
		o.want(o.get("officer", room+"/draft"), 200, "读出的条文", "art-2")
		o.want(o.get("officer", room), 200, "送审前还缺", "请写背景和依据")
		o.want(o.get("reviewer", room), 200)
		o.want(o.get("other-officer", room), 404)
		o.want(o.get("member", room), 404)
		if a := o.get("", room); a.status != 303 || !strings.HasPrefix(a.header.Get("Location"), "/signin?next=") {
			o.t.Errorf("a stranger gets %d %s", a.status, a.header.Get("Location"))
		}

		wrong := form()
		wrong.Set("closes_on", "2026-10-01")
		wrong.Set("background", "背景 <b> & 其他")
		wrong.Set("demands", "name")
		a := o.post("officer", room+"/edit", room+"/edit", wrong)
		o.want(a, 422, "背景 &lt;b&gt; &amp; 其他", "截止要晚于开始", "请写明为什么要求填写", `href="#closes_at"`, `value="2026-10-01"`, "有错误：")
		o.want(o.post("officer", room+"/edit", room+"/edit", form()), 303)
		old := form()
		old.Set("title", "我的标题")
		old.Set("version", "1")
		o.want(o.post("officer", room+"/edit", room+"/edit", old), 409, "我的标题", "试行办法", "别人保存过")

		o.want(o.post("officer", room, room+"/events", url.Values{"event": {"submit"}}), 303)
		o.want(o.get("officer", room), 200, "待审核")
		o.want(o.post("reviewer", room, room+"/events", url.Values{"event": {"return"}, "note": {""}}), 422, "请写明退回的原因", `href="#note-return"`)
		o.want(o.post("reviewer", room, room+"/events", url.Values{"event": {"approve"}}), 303)
		o.want(o.get("officer", room+"/record"), 200, "批准", "送审", "读入草案")
		c, err := o.consultations.BySlug(ctx, strings.TrimPrefix(room, "/staff/consultations/"))
		must(o.t, err)
		if c.Status(o.clock.Now()) != consultation.Scheduled || !c.ClosesAt.Equal(time.Date(2027, 1, 1, 0, 0, 0, 0, zone)) {
			o.t.Errorf("%s until %s", c.Status(o.clock.Now()), c.ClosesAt)
		}
		if len(c.Channels) != 2 || c.Channels[1].Detail != "人民路100号" {
			o.t.Errorf("channels %v", c.Channels)
		}
	})
}

func form() url.Values {
	return url.Values{
		"title": {"试行办法"}, "ask": {"请说说看"}, "background": {"背景"}, "explanation": {"说明"}, "contact": {"法规处"}, "comments_public": {"at_once"},
		"lang": {"zh-CN"}, "opens_on": {"2026-11-25"}, "opens_time": {"0:00"}, "closes_on": {"2026-12-31"}, "closes_time": {"24:00"},
		"channels": {"web", "letter"}, "detail_letter": {"人民路100号"},
	}
}

func TestARowIsCorrectedInTheBrowser(t *testing.T) {
	each(t, func(o *office) {
		made := o.call("officer", "POST", "/consultations", map[string]any{"organisation": "bureau", "text": "第一条 甲乙丙。\n第二条 丁。"})
		slug, _ := made.object(o.t)["slug"].(string)
		room := "/staff/consultations/" + slug + "/draft"
		o.want(o.get("officer", room+"?row=art-1"), 200, `name="do" value="split"`)
		set := func(version, text string) url.Values {
			return url.Values{"do": {"set"}, "key": {"art-1"}, "kind": {"article"}, "parent": {""}, "number": {"第一条"}, "heading": {""}, "text": {text}, "version": {version}}
		}
		o.want(o.post("officer", room+"?row=art-1", room, set("1", "甲乙")), 422, "这样改会丢字", "丙。", ">\n甲乙</textarea>")
		split := url.Values{"do": {"split"}, "key": {"art-1"}, "kind": {"paragraph"}, "pieces": {"甲\r\n\r\n乙丙。"}, "version": {"1"}}
		o.want(o.post("officer", room+"?row=art-1", room, split), 303)
		o.want(o.get("officer", room), 200, "art-1-p1")
		o.want(o.post("officer", room+"?row=art-1", room, set("1", "甲")), 409, "别人改过这份草案")
		o.want(o.post("officer", room+"?row=art-1", room, url.Values{"do": {"merge"}, "key": {"art-1-p1"}, "version": {"2"}}), 303)
		o.want(o.get("officer", room), 200, "甲乙丙。")
		if a := o.get("reviewer", room+"?row=art-1"); strings.Contains(a.body, `name="do"`) {
			o.t.Error("a reviewer is offered to correct")
		}
	})
}

func TestThePublicSeesTheWordsAsTheyAreStored(t *testing.T) {
	each(t, func(o *office) {
		made := o.call("officer", "POST", "/consultations", map[string]any{"organisation": "bureau", "text": "Article 1\n<script>alert(1)</script> & more."})
		slug, _ := made.object(o.t)["slug"].(string)
		in := noticeJSON(o.clock.Now())
		in["title"] = `<img src=x onerror="alert(1)">`
		o.want(o.call("officer", "PATCH", "/consultations/"+slug, in), 200)
		for _, e := range []string{"officer submit", "reviewer approve"} {
			var who, event string
			fmt.Sscan(e, &who, &event)
			o.want(o.call(who, "POST", "/consultations/"+slug+"/events", map[string]any{"event": event}), 200)
		}
		for _, path := range []string{"/consultations", "/consultations/" + slug, "/consultations/" + slug + "/draft", "/feeds/consultations.atom"} {
			a := o.get("", path)
			if a.status != 200 || strings.Contains(a.body, "<img src=x") || strings.Contains(a.body, "<script>alert") {
				o.t.Errorf("%s: %d, or not escaped", path, a.status)
			}
		}
	})
}

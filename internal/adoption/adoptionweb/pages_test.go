package adoptionweb_test

import (
	"strings"
	"testing"

	"guangyi/internal/adoption"
	"guangyi/internal/desk"
	"guangyi/internal/submission"
)

func TestTheWorkbenchWorksWithoutScripts(t *testing.T) {
	each(t, func(st *stage) {
		st.letter("摊位费太高", "罚款太轻")
		st.letter("周一也开市")
		st.close()
		officer := st.browser("officer")
		bench := "/staff/consultations/" + st.slug + "/workbench"
		ids := st.waiting()
		page := officer.get(bench)
		for _, words := range []string{"摊位费太高", "未归类3", "第三条", "摊位费由区人民政府核定"} {
			if !strings.Contains(page.body, words) {
				t.Errorf("the workbench does not show %q", words)
			}
		}
		refused := officer.post(bench+"/"+ids[0], "into", "new", "text", "降低<b>摊位费", "disposition", "not_adopted", "reason", "")
		if refused.status != 422 || !strings.Contains(refused.body, "降低&lt;b&gt;摊位费") || !strings.Contains(refused.body, "写明为什么不采纳") {
			t.Fatalf("without its reason: %d, and what was typed must stay", refused.status)
		}
		saved := officer.post(bench+"/"+ids[0], "into", "new", "text", "降低摊位费", "disposition", "adopted", "reason", "", "provisions", "art-3")
		if saved.status != 200 || !strings.Contains(saved.url, "comment="+ids[1]) || !strings.Contains(saved.body, "罚款太轻") {
			t.Fatalf("save and next led to %d %s", saved.status, saved.url)
		}
		list, _, err := st.s.List(t.Context(), st.people["officer"], st.slug, adoption.Filter{})
		must(t, err)
		if len(list) != 1 || list[0].Disposition != adoption.Adopted || list[0].Comments != 1 {
			t.Fatalf("saved %+v", list)
		}
		officer.post(bench+"/"+ids[1], "into", "new", "text", "罚款")
		done := officer.post(bench+"/"+ids[2], "into", "new", "text", "开市")
		if !strings.Contains(done.body, "都归好了") {
			t.Errorf("the empty queue does not say so")
		}
	})
}

func TestASplitCommentGivesItsPartsToTheQueue(t *testing.T) {
	each(t, func(st *stage) {
		st.letter("摊位费太高。罚款太轻。")
		st.close()
		part := parse(st.waiting())[0]
		_, err := st.sub.Split(t.Context(), st.people["officer"], st.slug, part, []submission.Span{{Start: 0, End: 6, Provision: "art-3"}, {Start: 6, End: 11, Provision: "art-4"}}, 0)
		must(t, err)
		if got := st.waiting(); len(got) != 2 {
			t.Fatalf("%d wait after the split, want its 2 parts", len(got))
		}
		page := st.browser("officer").get("/staff/consultations/" + st.slug + "/workbench?comment=" + formatted(part))
		if page.status != 200 || !strings.Contains(page.body, "摊位费太高。</div>") {
			t.Errorf("the address of a split comment shows %d, not its first part", page.status)
		}
		st.want("gathered whole", st.api("officer", "POST", "/consultations/"+st.slug+"/suggestions", map[string]any{"text": "x", "comments": []string{formatted(part)}}), 422, "comments[0]")
		st.want("gathered in parts", st.api("officer", "POST", "/consultations/"+st.slug+"/suggestions", map[string]any{"text": "x", "comments": st.waiting()}), 201)
	})
}

func TestTwoPeopleOnOneSuggestionLoseNothing(t *testing.T) {
	each(t, func(st *stage) {
		st.letter("一")
		st.close()
		officer, other := st.browser("officer"), st.browser("both")
		officer.get("/staff/consultations/" + st.slug + "/workbench")
		officer.post("/staff/consultations/"+st.slug+"/workbench/"+st.waiting()[0], "into", "new", "text", "原来的话")
		list, _, err := st.s.List(t.Context(), st.people["officer"], st.slug, adoption.Filter{})
		must(t, err)
		page := "/staff/consultations/" + st.slug + "/suggestions/" + formatted(list[0].ID)
		officer.get(page)
		other.get(page)
		version := formatted(list[0].Version)
		if a := officer.post(page+"/text", "text", "甲改的话", "version", version); a.status != 200 {
			t.Fatalf("the first edit: %d", a.status)
		}
		a := other.post(page+"/text", "text", "乙改的话", "version", version)
		if a.status != 409 || !strings.Contains(a.body, "甲改的话") || !strings.Contains(a.body, "乙改的话") {
			t.Errorf("the second edit: %d; both texts must stand on the page", a.status)
		}
	})
}

func TestTheReviewerFindsWhatIsMissingAndNobodyReviewsTheirOwn(t *testing.T) {
	each(t, func(st *stage) {
		st.letter("一")
		st.close()
		must(t, st.event("officer", "decide"))
		review := "/staff/consultations/" + st.slug + "/review"
		page := st.browser("reviewer").get(review)
		if !strings.Contains(page.body, "剩下的要由别人办") || strings.Contains(page.body, "补第一处") || !strings.Contains(page.body, "0 ≠ 1") {
			t.Errorf("the reviewer is not shown the gaps as another person's work")
		}
		if a := st.browser("officer").get(review); !strings.Contains(a.body, "补第一处") {
			t.Errorf("the officer is not led to the first gap")
		}
		both, reviewer := st.browser("both"), st.browser("reviewer")
		both.get("/staff/consultations/" + st.slug + "/workbench")
		both.post("/staff/consultations/"+st.slug+"/workbench/"+st.waiting()[0], "into", "new", "text", "一", "disposition", "answered", "reason", "见第二条")
		list, _, err := st.s.List(t.Context(), st.people["officer"], st.slug, adoption.Filter{})
		must(t, err)
		one := "/staff/consultations/" + st.slug + "/suggestions/" + formatted(list[0].ID)
		both.get(one)
		own := both.post(one+"/events", "event", "submit")
		if strings.Contains(own.body, `value="agree"`) || !strings.Contains(own.body, "要由另一个人同意或者退回") {
			t.Errorf("own work: the page must say why there is no 同意")
		}
		if a := both.post(one+"/events", "event", "agree"); a.status != 403 {
			t.Errorf("own work agreed: %d", a.status)
		}
		reviewer.get(one)
		if a := reviewer.post(one+"/events", "event", "return", "note", " "); a.status != 422 || !strings.Contains(a.body, "写明为什么退回") {
			t.Errorf("returned without a note: %d", a.status)
		}
		reviewer.post(one+"/events", "event", "agree")
		officer := st.browser("officer")
		if a := officer.get(review); !strings.Contains(a.body, "送签发") {
			t.Errorf("complete, and no button to send it for signature")
		}
		st.paper = desk.Gaps{Drafts: 2, Checked: 1}
		a := officer.get(review)
		for _, want := range []string{"还差2处", "录入台还有2件没录完", "录入台还有1件核对过", "3 ≠ 0", "先收完录入台的来件", "/desk"} {
			if !strings.Contains(a.body, want) {
				t.Errorf("letters lie at the desk, and the page does not say %q", want)
			}
		}
		if strings.Contains(a.body, `value="submit_summary"`) {
			t.Error("a summary without the letters at the desk can be sent to be signed")
		}
		st.paper = desk.Gaps{}
		officer.post(review, "event", "submit_summary")
		reviewer.get(review)
		if a := reviewer.post(review, "event", "publish_summary"); !strings.Contains(a.body, "已签发并公布") {
			t.Errorf("not published: %d", a.status)
		}
		if a := st.browser("").get("/consultations/" + st.slug + "/summary"); a.status != 200 || !strings.Contains(a.body, "已答复") {
			t.Errorf("the public's page: %d", a.status)
		}
	})
}

func TestNobodyWroteSaysSoPlainly(t *testing.T) {
	each(t, func(st *stage) {
		st.close()
		must(t, st.event("officer", "decide"))
		must(t, st.event("officer", "submit_summary"))
		must(t, st.event("reviewer", "publish_summary"))
		a := st.browser("").get("/consultations/" + st.slug + "/summary")
		if a.status != 200 || !strings.Contains(a.body, "征集期内没有收到意见") {
			t.Errorf("%d %.200s", a.status, a.body)
		}
	})
}

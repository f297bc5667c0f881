package adoptionweb_test

import (
	"fmt"
	"testing"
	"time"

	"guangyi/internal/adoption"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/browsertest"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/platform/web"
)

// tab is somebody's browser window.
func (st *stage) tab(who string, page browsertest.Page) *browsertest.Tab {
	st.t.Helper()
	tab := browsertest.Start(st.t).Tab(st.t, page)
	if who != "" {
		tab.Open(st.base + "/consultations/none/summary") // a page of the site, where its cookies can be set
		tab.Evaluate(`document.cookie = "`+web.SessionCookie+`=`+who+`; path=/"`, new(string))
		tab.Open("about:blank") // what that page still has to say is not taken for the next one's answer
	}
	return tab
}

// look opens a page at both widths and in both languages and lets axe judge it.
func (st *stage) look(who, name, path string) {
	st.t.Helper()
	for _, view := range browsertest.Views() {
		tab := st.tab(who, view)
		if r := tab.Open(st.base + path); r.Status != 200 {
			st.t.Fatalf("%s: %d", path, r.Status)
		}
		browsertest.NoViolations(st.t, tab)
		if tab.Scrolls() {
			st.t.Errorf("%s scrolls sideways at %d px in %s", path, view.Width, view.Lang)
		}
		browsertest.Screenshot(st.t, tab, fmt.Sprintf("%s-%s-%d", name, view.Lang, view.Width))
	}
}

func TestThePagesReadWellAtEveryWidth(t *testing.T) {
	at := clock.At(time.Date(2026, 11, 1, 1, 0, 0, 0, time.UTC))
	databasetest.EachWith(t, database.Options{Clock: at}, func(t *testing.T, db *database.DB) {
		if db.Dialect() != database.SQLite {
			return // what a browser shows does not depend on the database
		}
		newStage(t, db, at).lookAtAll()
	})
}

func (st *stage) lookAtAll() {
	words := []string{"摊位费太高，小贩付不起，建议按月交。", "罚款五百元太轻，建议提高。", "周一也请开市，退休的人平时也要买菜。", "什么叫露天市场？室内的算不算？",
		"支持这个办法。", "希望管一管附近的停车。", "建议写明收市以后谁来扫。", "集市的厕所太少。"}
	for i, text := range words {
		st.letter(text, fmt.Sprintf("另外，第%d件来件还想说：垃圾桶要多放几个。", i+1))
	}
	st.close()
	base := "/staff/consultations/" + st.slug
	ids := st.waiting()
	st.look("officer", "workbench-first", base+"/workbench")
	st.decideAll(ids)
	st.look("officer", "workbench", base+"/workbench?comment="+ids[0]+"&pane=gather")
	st.look("officer", "suggestions", base+"/suggestions")
	list, _, err := st.s.List(st.t.Context(), st.people["officer"], st.slug, adoption.Filter{})
	must(st.t, err)
	st.look("officer", "suggestion-staff", base+"/suggestions/"+formatted(list[0].ID))
	must(st.t, st.event("officer", consultation.Decide))
	st.look("reviewer", "review-gaps", base+"/review")
	for _, one := range list[6:] {
		_, err := st.s.Apply(st.t.Context(), st.people["reviewer"], one.ID, adoption.Agree, "", 0)
		must(st.t, err)
	}
	st.look("officer", "review", base+"/review")
	st.look("officer", "preview", base+"/summary")
	must(st.t, st.event("officer", consultation.SubmitSummary))
	st.look("reviewer", "review-sign", base+"/review")
	must(st.t, st.event("reviewer", consultation.PublishSummary))
	st.look("", "summary", "/consultations/"+st.slug+"/summary")
	st.look("", "suggestion", "/consultations/"+st.slug+"/suggestions/1")
}

// decideAll gives each disposition once; the last two wait for the reviewer.
func (st *stage) decideAll(ids []string) {
	for i, d := range adoption.Demands {
		in := adoption.Disposition{Code: d.Code}
		if d.Reason == adoption.Must {
			in.Reason = "已经研究，理由写在这里，说明为什么这样处理。"
		}
		if d.Provisions == adoption.Must {
			in.Provisions = []string{"art-3", "art-4"}[:i+1]
		}
		of, err := st.s.Gather(st.t.Context(), st.people["officer"], st.slug, adoption.In{Text: []string{"降低摊位费，按月交", "提高罚款", "周一也开市", "说明什么叫露天市场", "支持本办法", "管一管停车", "写明收市后谁扫", "多设厕所"}[i],
			Comments: parse(ids[2*i : 2*i+2])})
		must(st.t, err)
		_, err = st.s.Dispose(st.t.Context(), st.people["officer"], of.ID, in, 0)
		must(st.t, err)
		_, err = st.s.Apply(st.t.Context(), st.people["officer"], of.ID, adoption.Submit, "", 0)
		must(st.t, err)
		if i < 6 {
			_, err = st.s.Apply(st.t.Context(), st.people["reviewer"], of.ID, adoption.Agree, "", 0)
			must(st.t, err)
		}
	}
}

func parse(list []string) []int64 {
	out := make([]int64, len(list))
	for i, text := range list {
		_, _ = fmt.Sscan(text, &out[i])
	}
	return out
}

package surveyweb_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/browsertest"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/platform/web"
	"guangyi/internal/submission"
	"guangyi/internal/survey"
)

// shown runs what a browser shows once: it does not depend on the database.
func shown(t *testing.T, test func(*desk)) {
	t.Helper()
	at := clock.At(start)
	databasetest.EachWith(t, database.Options{Clock: at}, func(t *testing.T, db *database.DB) {
		if db.Dialect() == database.SQLite {
			test(open(t, db, at))
		}
	})
}

// tab is somebody's browser window.
func (d *desk) tab(who string, page browsertest.Page) *browsertest.Tab {
	d.t.Helper()
	tab := browsertest.Start(d.t).Tab(d.t, page)
	if who != "" {
		tab.Open(d.base + "/receipts/x") // where the site's cookies can be set
		tab.Evaluate(`document.cookie = "`+web.SessionCookie+`=`+who+`; path=/"`, new(string))
	}
	return tab
}

// look opens a page at both widths and in both languages and lets axe judge it.
func (d *desk) look(who, name, path string) {
	d.t.Helper()
	for _, view := range browsertest.Views() {
		tab := d.tab(who, view)
		if r := tab.Open(d.base + path); r.Status != 200 && r.Status != 410 {
			d.t.Fatalf("%s: %d", path, r.Status)
		}
		d.judge(tab, fmt.Sprintf("%s-%s-%d", name, view.Lang, view.Width))
	}
}

// judge lets axe look at the page at hand and takes its picture.
func (d *desk) judge(tab *browsertest.Tab, name string) {
	d.t.Helper()
	browsertest.NoViolations(d.t, tab)
	if tab.Scrolls() {
		d.t.Errorf("%s scrolls sideways", name)
	}
	browsertest.Screenshot(d.t, tab, name)
}

// ways are how a task is tried: both widths, both languages, with and without script.
var ways = []browsertest.Page{
	{Width: 360, Height: 740, Lang: "zh-CN", NoScript: true}, {Width: 1280, Height: 800, Lang: "en"},
	{Width: 360, Height: 740, Lang: "en"}, {Width: 1280, Height: 800, Lang: "zh-CN", NoScript: true},
}

func TestACitizenAnswersFromTheFormToTheReceipt(t *testing.T) {
	shown(t, func(d *desk) {
		d.publish()
		for _, way := range ways {
			tab := d.tab("", way)
			name := fmt.Sprintf("survey-task-%s-%d-", way.Lang, way.Width)
			tab.Open(d.base + "/consultations/" + d.slug + "/survey")
			d.judge(tab, name+"form")
			tab.Click("#a-q2-4")
			tab.Click("#a-q3-4")
			tab.Type("#a-q5", "写得好懂一些。")
			tab.Follow("button[value=send]")
			if !tab.Exists(".govuk-error-summary") || tab.Value("#a-q5") != "写得好懂一些。" || !tab.Exists("#a-q3-4:checked") {
				t.Error("what is missing is not said, or what was typed is lost")
			}
			d.judge(tab, name+"errors")
			tab.Click("#a-q1")
			tab.Type("#o-q2", "广播")
			tab.Click("#kind")
			tab.Click("#consent")
			if r := tab.Follow("button[value=send]"); r.Status != 200 || !strings.Contains(r.URL, "/receipts/") {
				t.Fatalf("sending: %d %s %s", r.Status, r.URL, tab.Text(".govuk-error-summary"))
			}
		}
		if r, err := d.surveys.Results(ctx, d.slug); err != nil || r.Responses != len(ways) {
			t.Errorf("%d responses, %v", r.Responses, err)
		}
	})
}

func TestAnOfficerWritesQuestionsAndEntersPaperByTheKeyboard(t *testing.T) {
	shown(t, func(d *desk) {
		for _, way := range ways[:2] {
			tab := d.tab("officer", way)
			name := fmt.Sprintf("survey-desk-%s-%d-", way.Lang, way.Width)
			tab.Open(d.base + "/staff/consultations/" + d.slug + "/survey/edit")
			tab.Follow("#add-scale")
			n := tab.Count("fieldset[id^=question-]")
			tab.Type(fmt.Sprintf("#label-%d", n), "您会推荐给别人吗？")
			tab.Follow("main form button[value=save]:not(.govuk-visually-hidden)")
			if !tab.Exists(".govuk-error-summary") {
				t.Error("an end that is not named is not noticed")
			}
			d.judge(tab, name+"errors")
			tab.Type(fmt.Sprintf("#low-%d", n), "不会")
			tab.Type(fmt.Sprintf("#high-%d", n), "一定")
			if r := tab.Follow("main form button[value=save]:not(.govuk-visually-hidden)"); r.Status != 200 || strings.HasSuffix(r.URL, "/edit") {
				t.Fatalf("saving: %d %s %s", r.Status, r.URL, tab.Text("main"))
			}
			d.judge(tab, name+"room")
		}
		d.look("officer", "survey-edit", "/staff/consultations/"+d.slug+"/survey/edit")
		d.look("officer", "survey-preview", "/staff/consultations/"+d.slug+"/survey/preview")
		d.publish()
		tab := d.tab("officer", browsertest.Page{Width: 1280, Height: 800, Lang: "zh-CN", NoScript: true})
		tab.Open(d.base + "/staff/consultations/" + d.slug + "/survey/enter")
		tab.Press("2\t1 4\t广播\t5\t早些收摊\t摊位费太高\t4\t5")
		d.judge(tab, "survey-enter-typed")
		tab.Follow("main form button")
		if got := tab.Text(".gy-notification"); !strings.Contains(got, "这次录了1份") {
			t.Errorf("by the keyboard: %q %s", got, tab.Text("main"))
		}
		d.look("officer", "survey-enter", "/staff/consultations/"+d.slug+"/survey/enter")
		d.look("officer", "survey-import", "/staff/consultations/"+d.slug+"/survey/import")
	})
}

func TestTheFiguresCanBeReadByEverybody(t *testing.T) {
	shown(t, func(d *desk) {
		d.publish()
		path := "/consultations/" + d.slug + "/survey/results"
		d.look("", "survey-results-none", path)
		for i := range 60 {
			in := survey.Response{
				Consultation: d.slug, Way: survey.ByWeb, Consent: true, Submitter: submission.Submitter{Kind: submission.Kinds[i%3]},
				Answers: survey.Answers{
					"q1": {Choices: []string{fmt.Sprintf("o%d", i%5%2+1)}}, "q2": {Choices: []string{fmt.Sprintf("o%d", i%4%3+1)}},
					"q3": {Choices: []string{fmt.Sprint(i%7%5 + 1)}},
				},
			}
			if i%5 == 0 {
				in.Answers["q2"], in.Answers["q5"] = survey.Answer{Other: "村里的广播"}, survey.Answer{Text: "写得好懂一些。"}
			}
			_, err := d.surveys.Receive(ctx, actor.Public(), in)
			must(t, err)
		}
		d.look("", "survey-results-live", path)
		d.look("officer", "survey-room", "/staff/consultations/"+d.slug+"/survey")
		d.clock.Add(31 * 24 * time.Hour)
		d.look("", "survey-results", path)
		tab := d.tab("", browsertest.Page{Width: 360, Height: 800, Lang: "zh-CN"})
		tab.Open(d.base + path + "?theme=dark")
		d.judge(tab, "survey-results-dark-360")
		d.look("", "survey-closed", "/consultations/"+d.slug+"/survey")
	})
}

package server_test

import (
	"fmt"
	"maps"
	"net/url"
	"strings"
	"testing"
	"time"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/browsertest"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
)

// shown is one address of a page and who opens it.
type shown struct {
	path string
	role actor.Role
	want int // status; 0 is 200
}

// examples has an address for every page that the router has, and more where a
// page has states. A page without one fails TestEveryPage.
func examples() map[string][]shown {
	const (
		anybody = actor.Nobody
		officer = actor.Officer
		admin   = actor.Administrator
	)
	at := "/staff/consultations/"
	all := map[string][]shown{
		"/":                          {{"/", anybody, 0}},
		"/log":                       {{"/log", anybody, 0}},
		"/log/format":                {{"/log/format", anybody, 0}},
		"/about/accessibility":       {{"/about/accessibility", anybody, 0}},
		"/about/privacy":             {{"/about/privacy", anybody, 0}},
		"/consultations":             {{"/consultations", anybody, 0}, {"/consultations?status=summarised", anybody, 0}, {"/consultations?q=nothing", anybody, 0}},
		"/consultations/:slug":       {{"/consultations/{open}", anybody, 0}, {"/consultations/{scheduled}", anybody, 0}, {"/consultations/{closed}", anybody, 0}, {"/consultations/{published}", anybody, 0}, {"/consultations/{withdrawn}", anybody, 0}, {"/consultations/no-such", anybody, 404}},
		"/consultations/:slug/draft": {{"/consultations/{open}/draft", anybody, 0}, {"/consultations/{closed}/draft", anybody, 0}},
		"/consultations/:slug/comment": {{"/consultations/{open}/comment", anybody, 0}, {"/consultations/{open}/comment?provision=art-3", anybody, 0}, {"/consultations/{closed}/comment", anybody, 410},
			{"/consultations/{scheduled}/comment", anybody, 409}},
		"/consultations/:slug/comments":            {{"/consultations/{open}/comments", anybody, 0}, {"/consultations/{withheld}/comments", anybody, 0}},
		"/consultations/:slug/summary":             {{"/consultations/{published}/summary", anybody, 0}, {"/consultations/{empty}/summary", anybody, 0}, {"/consultations/{open}/summary", anybody, 404}},
		"/consultations/:slug/suggestions/:number": {{"/consultations/{published}/suggestions/1", anybody, 0}},
		"/receipts":                                  {{"/receipts", anybody, 0}},
		"/receipts/:number":                          {{"/receipts/{receipt}", anybody, 0}},
		"/receipts/lost":                             {{"/receipts/lost", anybody, 0}},
		"/receipts/open/:token":                      {{"/receipts/open/{recovery}", anybody, 0}},
		"/signin":                                    {{"/signin", anybody, 0}},
		"/my/account":                                {{"/my/account", officer, 0}},
		"/staff":                                     {{"/staff", officer, 0}, {"/staff", actor.Reviewer, 0}},
		"/staff/consultations":                       {{"/staff/consultations", officer, 0}},
		"/staff/consultations/new":                   {{"/staff/consultations/new", officer, 0}, {"/staff/consultations/new", admin, 403}},
		"/staff/consultations/:slug":                 {{at + "{open}", officer, 0}, {at + "{prepared}", officer, 0}, {at + "{closed}", officer, 0}, {at + "{published}", officer, 0}, {at + "{review}", actor.Reviewer, 0}},
		"/staff/consultations/:slug/edit":            {{at + "{prepared}/edit", officer, 0}},
		"/staff/consultations/:slug/draft":           {{at + "{prepared}/draft", officer, 0}},
		"/staff/consultations/:slug/preview":         {{at + "{prepared}/preview", officer, 0}},
		"/staff/consultations/:slug/record":          {{at + "{published}/record", officer, 0}},
		"/staff/consultations/:slug/attachments":     {{at + "{prepared}/attachments", officer, 0}},
		"/staff/consultations/:slug/submissions":     {{at + "{open}/submissions", officer, 0}, {at + "{scheduled}/submissions", officer, 0}},
		"/staff/consultations/:slug/submissions/:id": {{at + "{open}/submissions/{submission}", officer, 0}},
		"/staff/consultations/:slug/workbench":       {{at + "{open}/workbench", officer, 0}, {at + "{published}/workbench", officer, 0}, {at + "{scheduled}/workbench", officer, 0}, {at + "{open}/workbench?comment={comment}&pane=text", officer, 0}, {at + "{open}/workbench?comment={comment}&pane=gather", officer, 0}},
		"/staff/consultations/:slug/suggestions":     {{at + "{closed}/suggestions", officer, 0}, {at + "{scheduled}/suggestions", officer, 0}},
		"/staff/consultations/:slug/suggestions/:id": {{at + "{closed}/suggestions/{suggestion}", officer, 0}, {at + "{closed}/suggestions/{submitted}", actor.Reviewer, 0}},
		"/staff/consultations/:slug/review":          {{at + "{closed}/review", officer, 0}, {at + "{published}/review", actor.Reviewer, 0}},
		"/staff/consultations/:slug/summary":         {{at + "{closed}/summary", officer, 0}},
		"/staff/organisations":                       {{"/staff/organisations", admin, 0}, {"/staff/organisations", actor.Operator, 0}},
		"/staff/organisations/:slug/settings":        {{"/staff/organisations/own/settings", admin, 0}},
		"/staff/organisations/:slug/accounts":        {{"/staff/organisations/own/accounts", admin, 0}},
		"/staff/organisations/:slug/accounts/:id":    {{"/staff/organisations/own/accounts/{account}", admin, 0}},
		"/staff/organisations/:slug/tokens":          {{"/staff/organisations/own/tokens", admin, 0}},
	}
	maps.Copy(all, poolPages())
	maps.Copy(all, invitationPages())
	maps.Copy(all, selectionPages())
	maps.Copy(all, meetingPages())
	maps.Copy(all, sittingPages())
	maps.Copy(all, availabilityPages())
	maps.Copy(all, deskPages())
	maps.Copy(all, mailPages())
	maps.Copy(all, importPages())
	maps.Copy(all, surveyPages())
	maps.Copy(all, moderationPages())
	maps.Copy(all, referralPages())
	return all
}

// exhibition is a site with a consultation in every state.
type exhibition struct {
	*place
	names map[string]string
}

func newExhibition(t *testing.T) *exhibition {
	t.Helper()
	x := &exhibition{place: newPlace(t, databasetest.Target(t, database.SQLite)), names: map[string]string{}}
	x.publishedOnes()
	closed := x.open("own", nil)
	x.names["closed"] = closed
	x.write(closed, 12)
	x.names["withdrawn"] = x.open("own", map[string]any{"title": "不再征求意见的办法（征求意见稿）"})
	x.event(x.token("own", actor.Reviewer), x.names["withdrawn"], "withdraw", map[string]any{"note": "上位法即将修改。"})
	x.clock.Add(period + time.Hour)
	x.decideSome(closed)
	x.stillOpen()
	x.names["receipt"] = x.send(x.names["open"], "shown", letter("只给看一眼的意见")).Number
	x.names["recovery"] = x.recovery(x.names["open"])
	applicant := x.applicant("own", 1)
	x.names["applicant"], x.names["membership"] = fmt.Sprint(applicant.ID), applicant.Reference
	x.invitationNames()
	x.meetingNames()
	x.selectionNames()
	x.sittingNames()
	x.deskNames()
	x.mailNames()
	x.importNames()
	x.availabilityNames()
	x.surveyNames()
	x.referralNames()
	x.moderationNames()
	x.names["account"] = fmt.Sprint(x.person("own", actor.Officer).ID)
	return x
}

func (x *exhibition) write(slug string, n int) {
	for i := range n {
		x.send(slug, fmt.Sprintf("%s-%d", slug, i), letter(fmt.Sprintf("第%d条意见：摊位费应当按面积收。%s", i+1, strings.Repeat("理由很长。", i))))
	}
}

// publishedOnes are a summary with every disposition and one of nothing.
func (x *exhibition) publishedOnes() {
	x.t.Helper()
	slug, empty := x.open("own", nil), x.open("own", nil)
	x.names["published"], x.names["empty"] = slug, empty
	x.write(slug, 16)
	x.clock.Add(period + time.Hour)
	ids := x.commentIDs("own", slug)
	for i, d := range eight {
		if len(d.Provisions) > 0 {
			d.Provisions = []string{"art-3"}
		}
		x.settle("own", x.gather("own", slug, fmt.Sprintf("归纳意见之%d：摊位费", i+1), ids[2*i], ids[2*i+1]), d)
	}
	x.finish("own", slug)
	x.finish("own", empty)
}

func (x *exhibition) decideSome(slug string) {
	x.t.Helper()
	ids := x.commentIDs("own", slug)
	x.names["suggestion"] = x.gather("own", slug, "按面积收摊位费", ids[:4]...)
	x.names["submitted"] = x.gather("own", slug, "延长早市的时间", ids[4:6]...)
	officer := x.token("own", actor.Officer)
	x.ask("PUT", api+"/suggestions/"+x.names["submitted"]+"/disposition", officer, disposition{"not_adopted", "影响附近居民休息。", []string{}})
	x.ask("POST", api+"/suggestions/"+x.names["submitted"]+"/events", officer, map[string]any{"event": "submit"})
}

func (x *exhibition) stillOpen() {
	x.t.Helper()
	x.names["open"] = x.open("own", map[string]any{"title": "一个很长的标题：" + strings.Repeat("关于进一步加强和规范早市管理", 10) + "（征求意见稿）"})
	x.write(x.names["open"], 20)
	x.send(x.names["open"], "long word", letter("https://example.org/"+strings.Repeat("a", 200)))
	x.names["scheduled"] = x.open("own", map[string]any{"opens_at": x.clock.Now().Add(48 * time.Hour).Format(time.RFC3339)})
	x.names["withheld"] = x.open("own", map[string]any{"comments_public": "no"})
	x.names["prepared"] = x.prepare("own", rules)
	x.names["review"] = x.prepare("own", rules)
	x.notice("own", x.names["review"], nil)
	x.event(x.token("own", actor.Officer), x.names["review"], "submit")
	list := x.items(api+"/consultations/"+x.names["open"]+"/comments", x.token("own", actor.Officer))
	x.names["comment"], x.names["submission"] = fmt.Sprint(list[0]["id"]), fmt.Sprint(list[0]["submission"])
}

// address fills in the names of things.
func (x *exhibition) address(path string) string {
	for name, value := range x.names {
		path = strings.ReplaceAll(path, "{"+name+"}", value)
	}
	if strings.Contains(path, "{") {
		x.t.Fatalf("%s names something that the exhibition does not have", path)
	}
	return path
}

// list gives every example in the order of the router, by role, so that a tab
// signs in once for each.
func (x *exhibition) list() []shown {
	x.t.Helper()
	table := examples()
	byRole := map[actor.Role][]shown{}
	for _, r := range x.site.Routes() {
		if !r.Page {
			continue
		}
		if len(table[r.Path]) == 0 {
			x.t.Errorf("the page %s has no example address; give it one in pages_test.go", r.Path)
		}
		for _, e := range table[r.Path] {
			e.path = x.address(e.path)
			byRole[e.role] = append(byRole[e.role], e)
		}
		delete(table, r.Path)
	}
	for path := range table {
		x.t.Errorf("%s has examples and is no page any more", path)
	}
	var out []shown
	for _, role := range []actor.Role{actor.Nobody, actor.Officer, actor.Secretary, actor.Reviewer, actor.Auditor, actor.Administrator, actor.Operator} {
		out = append(out, byRole[role]...)
	}
	return out
}

// signIn signs a tab in as a role; a tab is one person at a time.
func signIn(tab *browsertest.Tab, base, email string) {
	tab.Run(clearCookies())
	tab.Open(base + "/signin")
	tab.Type("#email", email)
	tab.Type("#password", password)
	tab.Follow("main form button[type=submit], main form button:not([type])")
}

// Every page, in both languages, on a phone and on a screen (see
// browsertest.Views): nothing that axe finds, nothing that scrolls sideways, and the status that it should have.
func TestEveryPage(t *testing.T) {
	x := newExhibition(t)
	list := x.list()
	b := browsertest.Start(t)
	for _, view := range browsertest.Views() {
		t.Run(fmt.Sprintf("%s at %d", view.Lang, view.Width), func(t *testing.T) {
			x.look(t, b.Tab(t, view), list, fmt.Sprintf("%s-%d", view.Lang, view.Width), true)
		})
	}
	t.Run("zh-CN at 320", func(t *testing.T) {
		x.look(t, b.Tab(t, browsertest.Page{Width: 320, Height: 800, Lang: "zh-CN", NoScript: true}), list, "", false)
	})
}

func (x *exhibition) look(t *testing.T, tab *browsertest.Tab, list []shown, name string, axe bool) {
	role := actor.Nobody
	for i, e := range list {
		if e.role != role {
			role = e.role
			signIn(tab, x.base, x.person("own", role).Email)
		}
		got := tab.Open(x.base + e.path)
		if want := max(e.want, 200); got.Status != want && e.want != 0 || e.want == 0 && got.Status != 200 {
			t.Errorf("%s as %s: status %d", e.path, e.role, got.Status)
		}
		if tab.Scrolls() {
			t.Errorf("%s as %s scrolls sideways", e.path, e.role)
		}
		if axe {
			browsertest.NoViolations(t, tab)
		}
		if name != "" {
			browsertest.Screenshot(t, tab, fmt.Sprintf("%s-%02d-%s", name, i, strings.Trim(strings.NewReplacer("/", "_", "?", "_", "&", "_").Replace(shorten(e.path)), "_")))
		}
	}
}

// shorten drops what differs from run to run.
func shorten(path string) string {
	u, err := url.Parse(path)
	if err != nil {
		return "page"
	}
	parts := strings.Split(u.Path, "/")
	for i, p := range parts {
		if strings.HasPrefix(p, "c-") || strings.Trim(p, "0123456789-") == "" {
			parts[i] = "x"
		}
	}
	return strings.Join(parts, "/")
}

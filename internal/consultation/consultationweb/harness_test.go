package consultationweb_test

import (
	"bytes"
	"context"
	"encoding/json"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"guangyi/internal/access"
	"guangyi/internal/attachment"
	"guangyi/internal/consultation"
	"guangyi/internal/consultation/consultationweb"
	"guangyi/internal/draft"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/platform/seal"
	"guangyi/internal/platform/visit"
	"guangyi/internal/platform/web"
	"guangyi/views"
)

var (
	ctx   = context.Background()
	zone  = time.FixedZone("China", 8*3600)
	start = time.Date(2026, 11, 24, 9, 0, 0, 0, zone)
)

const law = "试行办法（征求意见稿）\n\n第一章 总则\n第一条 为了集思广益，制定本办法。\n第二条 任何人可以提出意见：\n（一）书面；\n（二）口头。\n意见不限篇幅。\n"

// office is a site with only these pages, and the people who use it by name.
type office struct {
	t             *testing.T
	site          *web.Site
	clock         *clock.Manual
	consultations *consultation.Service
	org, other    organisation.Organisation
	people        map[string]actor.Actor
}

type plainAssets struct{}

var mountAssets func(*web.Site)

var useAssets interface{ URL(string) string } = plainAssets{}

func (plainAssets) URL(name string) string { return "/assets/" + name }

func each(t *testing.T, test func(*office)) {
	t.Helper()
	for _, dialect := range []database.Dialect{database.SQLite, database.Postgres} {
		t.Run(string(dialect), func(t *testing.T) { test(open(t, dialect)) })
	}
}

func open(t *testing.T, dialect database.Dialect) *office {
	t.Helper()
	o := &office{t: t, clock: clock.At(start), people: map[string]actor.Actor{}}
	db, err := database.Open(ctx, databasetest.Target(t, dialect), database.Options{Clock: o.clock})
	must(t, err)
	t.Cleanup(func() { db.Close() })
	gate, err := access.New()
	must(t, err)
	keys, err := seal.Open(ctx, db, t.TempDir())
	must(t, err)
	bundle, err := i18n.Load(views.Locales, "locales", zone)
	must(t, err)
	files, err := attachment.New(db, gate, t.TempDir())
	must(t, err)
	orgs, drafts := organisation.New(db, gate), draft.New(db, gate)
	o.consultations = consultation.New(db, gate, drafts, orgs)
	o.site = web.New(web.Options{
		Bundle: bundle, Language: "zh-CN", Zone: zone, Clock: o.clock, Keys: keys, BaseURL: "http://guangyi.test",
		Site: visit.Site{Assets: useAssets}, Log: slog.New(slog.NewTextHandler(testLog{t}, nil)),
		Session: o.person, Bearer: o.person, ErrorPage: failure,
	})
	consultationweb.Mount(o.site, consultationweb.Services{Consultations: o.consultations, Drafts: drafts, Organisations: orgs, Files: files})
	if mountAssets != nil {
		mountAssets(o.site)
	}
	o.site.Finish()
	o.org, err = orgs.Add(ctx, actor.Console(), organisation.Details{Slug: "bureau", Name: "云州市市场监督管理局"})
	must(t, err)
	o.other, err = orgs.Add(ctx, actor.Console(), organisation.Details{Slug: "elsewhere", Name: "云州市财政局"})
	must(t, err)
	for i, role := range []actor.Role{actor.Officer, actor.Reviewer, actor.Signer, actor.Auditor} {
		o.add(string(role), int64(10+i), o.org, role)
		o.add("other-"+string(role), int64(20+i), o.other, role)
	}
	o.people["member"] = actor.Actor{Kind: actor.Account, ID: 30, Name: "市民"}
	return o
}

func (o *office) add(name string, id int64, org organisation.Organisation, role actor.Role) {
	o.people[name] = actor.Actor{Kind: actor.Account, ID: id, Name: name, Grants: []actor.Grant{
		{Organisation: org.ID, Role: role, OrganisationSlug: org.Slug, OrganisationName: org.Name},
	}}
}

func (o *office) person(_ context.Context, token string) (actor.Actor, error) {
	if who, ok := o.people[token]; ok {
		return who, nil
	}
	return actor.Actor{}, fault.New(fault.Unauthenticated, "sign_in_first")
}

func failure(_ *visit.Visit, f web.Failure) templ.Component {
	return templ.Raw("<p>" + html.EscapeString(f.Fault.Code) + "</p>")
}

type testLog struct{ t *testing.T }

func (l testLog) Write(p []byte) (int, error) {
	l.t.Logf("%s", p)
	return len(p), nil
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

func (o *office) send(r *http.Request) answer {
	o.t.Helper()
	res, err := o.site.App().Test(r, 30_000)
	must(o.t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	must(o.t, err)
	return answer{res.StatusCode, res.Header, string(body)}
}

// get asks for a page as somebody ("": nobody).
func (o *office) get(who, path string) answer {
	o.t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	if who != "" {
		r.AddCookie(&http.Cookie{Name: web.SessionCookie, Value: who})
	}
	return o.send(r)
}

var hidden = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// post sends a form of the page at from.
func (o *office) post(who, from, path string, fields url.Values) answer {
	o.t.Helper()
	page := o.get(who, from)
	m := hidden.FindStringSubmatch(page.body)
	if m == nil {
		o.t.Fatalf("no form on %s (%d)", from, page.status)
	}
	fields.Set("csrf", m[1])
	r := httptest.NewRequest("POST", path, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.AddCookie(&http.Cookie{Name: web.SessionCookie, Value: who})
	return o.send(r)
}

// call asks the API as somebody, with a body when there is one.
func (o *office) call(who, method, path string, body any) answer {
	o.t.Helper()
	var raw io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		must(o.t, err)
		raw = bytes.NewReader(b)
	}
	r := httptest.NewRequest(method, "/api/v1"+path, raw)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if who != "" {
		r.Header.Set("Authorization", "Bearer "+who)
	}
	return o.send(r)
}

func (a answer) object(t *testing.T) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(a.body), &m); err != nil {
		t.Fatalf("%d: %s", a.status, a.body)
	}
	return m
}

func (o *office) want(a answer, status int, holds ...string) {
	o.t.Helper()
	if a.status != status {
		o.t.Fatalf("status %d, want %d: %.600s", a.status, status, a.body)
	}
	for _, h := range holds {
		if !strings.Contains(a.body, h) {
			o.t.Errorf("the answer lacks %q", h)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// opened makes an open consultation by the API and gives its slug.
func (o *office) opened() string {
	o.t.Helper()
	made := o.call("officer", "POST", "/consultations", map[string]any{"organisation": "bureau", "name": "draft.txt", "text": law})
	o.want(made, 201)
	slug, _ := made.object(o.t)["slug"].(string)
	o.want(o.call("officer", "PATCH", "/consultations/"+slug, noticeJSON(o.clock.Now())), 200)
	o.want(o.call("officer", "POST", "/consultations/"+slug+"/events", map[string]any{"event": "submit"}), 200)
	o.want(o.call("reviewer", "POST", "/consultations/"+slug+"/events", map[string]any{"event": "approve"}), 200)
	return slug
}

func noticeJSON(now time.Time) map[string]any {
	return map[string]any{
		"title": "试行办法", "background": "背景", "explanation": "说明", "contact": "contact@example.test", "channels": []string{"web", "api"},
		"comments_public": "at_once", "opens_at": now.Add(-time.Second).Format(time.RFC3339), "closes_at": now.Add(60 * 24 * time.Hour).Format(time.RFC3339),
		"changes": "书面|可以书面提出|第二条", "ask": "请说说看",
	}
}

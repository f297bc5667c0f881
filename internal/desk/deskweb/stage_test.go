package deskweb_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"guangyi/internal/access"
	"guangyi/internal/attachment"
	"guangyi/internal/consultation"
	"guangyi/internal/desk"
	"guangyi/internal/desk/deskweb"
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
	"guangyi/internal/submission"
	"guangyi/views"
	"guangyi/views/assets"
)

var ctx = context.Background()

const law = `养老服务收费公示办法（征求意见稿）

第一条 为了让老人明白花钱，制定本办法。

第八条 收费表写明项目、价格和计价单位。

第九条 押金在离院以后七日内退还。
`

// stage is the desk's own pages on a port, with one open consultation.
type stage struct {
	t      *testing.T
	db     *database.DB
	clock  *clock.Manual
	cons   *consultation.Service
	subs   *submission.Service
	s      *desk.Service
	org    organisation.Organisation
	c      consultation.Consultation
	base   string
	people map[string]actor.Actor
}

func each(t *testing.T, test func(*stage)) {
	t.Helper()
	at := clock.At(time.Now())
	databasetest.EachWith(t, database.Options{Clock: at}, func(t *testing.T, db *database.DB) { test(newStage(t, db, at)) })
}

// once runs a test on one database: what a browser does not depend on it.
func once(t *testing.T, test func(*stage)) {
	t.Helper()
	at := clock.At(time.Now())
	databasetest.EachWith(t, database.Options{Clock: at}, func(t *testing.T, db *database.DB) {
		if db.Dialect() == database.SQLite {
			test(newStage(t, db, at))
		}
	})
}

func newStage(t *testing.T, db *database.DB, at *clock.Manual) *stage {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Shanghai")
	must(t, err)
	at.Set(time.Date(2026, 11, 2, 9, 0, 0, 0, zone))
	gate, err := access.New()
	must(t, err)
	keys, err := seal.Open(ctx, db, t.TempDir())
	must(t, err)
	files, err := attachment.New(db, gate, t.TempDir())
	must(t, err)
	st := &stage{t: t, db: db, clock: at}
	orgs, drafts := organisation.New(db, gate), draft.New(db, gate)
	st.cons = consultation.New(db, gate, drafts, orgs)
	st.subs = submission.New(db, gate, keys, st.cons, drafts)
	t.Cleanup(st.subs.Close)
	st.subs.ClaimWith(files)
	st.s = desk.New(db, gate, keys, orgs, st.cons, drafts, st.subs, files, zone)
	st.org, err = orgs.Add(ctx, actor.Console(), organisation.Details{Slug: "bureau", Name: "云州市民政局", Lang: "zh-CN"})
	must(t, err)
	grant := func(id int64, name string, role actor.Role) actor.Actor {
		return actor.Actor{Kind: actor.Account, ID: id, Name: name, Grants: []actor.Grant{{Organisation: st.org.ID, Role: role, OrganisationName: st.org.Name}}}
	}
	st.people = map[string]actor.Actor{
		"clerk": grant(1, "林知行", actor.Officer), "second": grant(2, "吴越", actor.Officer), "reviewer": grant(3, "周敏", actor.Reviewer), "admin": grant(4, "何静", actor.Administrator),
		"stranger": {Kind: actor.Account, ID: 9, Name: "外人", Grants: []actor.Grant{{Organisation: st.org.ID + 7, Role: actor.Officer}}},
	}
	st.publish(zone)
	st.serve(keys, drafts, orgs, zone)
	return st
}

func (st *stage) publish(zone *time.Location) {
	st.t.Helper()
	officer := st.people["clerk"]
	c, err := st.cons.ImportDraft(ctx, officer, st.org.ID, draft.Source{Name: "办法.txt", Text: law})
	must(st.t, err)
	text, contact, end, public := "为了老人", "云州市民政局养老服务处，电话0510-12345678", time.Date(2026, 12, 3, 0, 0, 0, 0, zone), "no"
	_, err = st.cons.Edit(ctx, officer, c.Slug, consultation.Changes{Background: &text, Explanation: &text, Contact: &contact, ClosesAt: &end, CommentsPublic: &public}, 0)
	must(st.t, err)
	_, err = st.cons.Apply(ctx, officer, c.Slug, consultation.Submit, consultation.Note{})
	must(st.t, err)
	st.c, err = st.cons.Apply(ctx, st.people["reviewer"], c.Slug, consultation.Approve, consultation.Note{})
	must(st.t, err)
	st.clock.Add(26 * time.Hour)
}

// serve answers on a port; the session's cookie is the name of the person.
func (st *stage) serve(keys *seal.Keys, drafts *draft.Service, orgs *organisation.Service, zone *time.Location) {
	st.t.Helper()
	bundle, err := i18n.Load(views.Locales, "locales", zone)
	must(st.t, err)
	set, err := assets.Open()
	must(st.t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(st.t, err)
	st.base = "http://" + l.Addr().String()
	person := func(_ context.Context, name string) (actor.Actor, error) {
		if a, ok := st.people[name]; ok {
			return a, nil
		}
		return actor.Public(), fault.New(fault.Unauthenticated, "sign_in_first")
	}
	site := web.New(web.Options{Bundle: bundle, Language: "zh-CN", Zone: zone, Clock: st.clock, Keys: keys, BaseURL: st.base,
		Site: visit.Site{Assets: set}, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Session: person, Bearer: person, ErrorPage: refusal})
	site.Get(assets.Prefix+":name", func(c *web.Ctx) error {
		f, ok := set.File(c.Params("name"))
		if !ok {
			return fault.Missing()
		}
		c.Set("Content-Type", f.ContentType)
		return c.Send(f.Body)
	}, web.Download)
	site.Get("/signin", func(c *web.Ctx) error { return c.Render(200, templ.Raw("<p>signin</p>")) })
	deskweb.Mount(site, deskweb.Services{Desk: st.s, Consultations: st.cons, Drafts: drafts, Organisations: orgs})
	site.Finish()
	go func() { _ = site.Serve(l) }()
	st.t.Cleanup(func() { _ = site.Shutdown(2 * time.Second) })
}

// refusal names the fault: the site's own page of errors is tested with the site.
func refusal(_ *visit.Visit, f web.Failure) templ.Component {
	return templ.Raw("<p>" + f.Fault.Code + "</p>")
}

func (st *stage) at(path string) string { return "/staff/consultations/" + st.c.Slug + "/desk" + path }

func (st *stage) count(query string, args ...any) (n int64) {
	st.t.Helper()
	must(st.t, st.db.Read(ctx).Raw(query, args...).Scan(&n).Error)
	return n
}

type answer struct {
	status int
	header http.Header
	body   string
	url    string
}

// browser is somebody's browser without scripts.
type browser struct {
	st     *stage
	client *http.Client
	page   answer
}

func (st *stage) browser(who string) *browser {
	st.t.Helper()
	jar, err := cookiejar.New(nil)
	must(st.t, err)
	at, err := url.Parse(st.base)
	must(st.t, err)
	if who != "" {
		jar.SetCookies(at, []*http.Cookie{{Name: web.SessionCookie, Value: who}})
	}
	return &browser{st: st, client: &http.Client{Jar: jar}}
}

func (b *browser) do(r *http.Request) answer {
	b.st.t.Helper()
	res, err := b.client.Do(r)
	must(b.st.t, err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	must(b.st.t, err)
	b.page = answer{res.StatusCode, res.Header, string(raw), res.Request.URL.Path + "?" + res.Request.URL.RawQuery}
	return b.page
}

func (b *browser) get(path string) answer {
	b.st.t.Helper()
	r, err := http.NewRequest("GET", b.st.base+path, nil)
	must(b.st.t, err)
	return b.do(r)
}

var hidden = regexp.MustCompile(`name="(csrf|key|version|corrects)" value="([^"]*)"`)

// post sends a form with the hidden fields of the page that is shown.
func (b *browser) post(path string, form url.Values) answer {
	b.st.t.Helper()
	b.fill(form)
	r, err := http.NewRequest("POST", b.st.base+path, strings.NewReader(form.Encode()))
	must(b.st.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(r)
}

func (b *browser) fill(form url.Values) {
	for _, m := range hidden.FindAllStringSubmatch(b.page.body, -1) {
		if !form.Has(m[1]) {
			form.Set(m[1], m[2])
		}
	}
}

// upload sends a form with a file.
func (b *browser) upload(path string, form url.Values, name string, data []byte) answer {
	b.st.t.Helper()
	b.fill(form)
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for k, values := range form {
		for _, v := range values {
			must(b.st.t, w.WriteField(k, v))
		}
	}
	f, err := w.CreateFormFile("file", name)
	must(b.st.t, err)
	_, err = f.Write(data)
	must(b.st.t, err)
	must(b.st.t, w.Close())
	r, err := http.NewRequest("POST", b.st.base+path, &body)
	must(b.st.t, err)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return b.do(r)
}

// json sends a program's request with a token that is the name of the person.
func (b *browser) json(method, path, body, who string, headers ...string) answer {
	b.st.t.Helper()
	r, err := http.NewRequest(method, b.st.base+"/api/v1/consultations/"+b.st.c.Slug+path, strings.NewReader(body))
	must(b.st.t, err)
	r.Header.Set("Content-Type", "application/json")
	if who != "" {
		r.Header.Set("Authorization", "Bearer "+who)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return b.do(r)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

package selectionweb_test

import (
	"context"
	"io"
	"log/slog"
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
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/meeting"
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
	"guangyi/internal/selection"
	"guangyi/internal/selection/selectionweb"
	"guangyi/views"
	"guangyi/views/assets"
)

var (
	ctx   = context.Background()
	zone  = time.FixedZone("Asia/Shanghai", 8*3600)
	start = time.Date(2026, 12, 1, 9, 0, 0, 0, zone)
)

const day = 24 * time.Hour

// stage is the capability's own pages on a port, with the people of a bureau.
type stage struct {
	t          *testing.T
	clock      *clock.Manual
	org, other organisation.Organisation
	meetings   *meeting.Service
	selections *selection.Service
	base       string
	people     map[string]actor.Actor
	services   selectionweb.Services
}

func each(t *testing.T, test func(*stage)) {
	t.Helper()
	at := clock.At(start)
	databasetest.EachWith(t, database.Options{Clock: at}, func(t *testing.T, db *database.DB) {
		at.Set(start)
		test(newStage(t, db, at))
	})
}

func newStage(t *testing.T, db *database.DB, at *clock.Manual) *stage {
	t.Helper()
	gate, err := access.New()
	must(t, err)
	keys, err := seal.Open(ctx, db, t.TempDir())
	must(t, err)
	orgs, drafts := organisation.New(db, gate), draft.New(db, gate)
	consultations := consultation.New(db, gate, drafts, orgs)
	st := &stage{t: t, clock: at, meetings: meeting.New(db, gate, keys, orgs, consultations, drafts), people: map[string]actor.Actor{}}
	st.org, err = orgs.Add(ctx, actor.Console(), organisation.Details{
		Slug: "bureau", Name: "云州市市场监督管理局", Lang: "zh-CN", Contact: "办公室　吴先生\n0571-1234 5688", SiteCode: "0000000000",
	})
	must(t, err)
	st.other, err = orgs.Add(ctx, actor.Console(), organisation.Details{Slug: "elsewhere", Name: "云州市财政局", Lang: "zh-CN"})
	must(t, err)
	for i, role := range []actor.Role{actor.Secretary, actor.Reviewer, actor.Signer, actor.Officer, actor.Auditor, actor.Administrator} {
		st.hire(string(role), int64(10+i), st.org, role)
		st.hire("other-"+string(role), int64(30+i), st.other, role)
	}
	st.hire("second", 70, st.org, actor.Secretary)
	st.people["member"] = actor.Actor{Kind: actor.Account, ID: 60, Name: "市民"}
	st.selections = selection.New(db, gate, st.meetings)
	st.services = selectionweb.Services{Selections: st.selections, Meetings: st.meetings, Organisations: orgs}
	st.serve(keys)
	return st
}

func (st *stage) hire(name string, id int64, o organisation.Organisation, role actor.Role) {
	st.people[name] = actor.Actor{Kind: actor.Account, ID: id, Name: name, Grants: []actor.Grant{
		{Organisation: o.ID, Role: role, OrganisationSlug: o.Slug, OrganisationName: o.Name},
	}}
}

// serve answers on a port; the session's cookie and the bearer token are the name.
func (st *stage) serve(keys *seal.Keys) {
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
		Site: visit.Site{Assets: set}, Log: slog.New(slog.NewTextHandler(testLog{st.t}, nil)), Session: person, Bearer: person, ErrorPage: refusal})
	site.Get(assets.Prefix+":name", func(c *web.Ctx) error {
		f, ok := set.File(c.Params("name"))
		if !ok {
			return fault.Missing()
		}
		c.Set("Content-Type", f.ContentType)
		return c.Send(f.Body)
	}, web.Download)
	selectionweb.Mount(site, st.services)
	site.Finish()
	go func() { _ = site.Serve(l) }()
	st.t.Cleanup(func() { _ = site.Shutdown(2 * time.Second) })
}

type testLog struct{ t *testing.T }

func (l testLog) Write(p []byte) (int, error) {
	l.t.Logf("%s", p)
	return len(p), nil
}

// refusal names the fault: the site's own page of errors is tested with the site.
func refusal(_ *visit.Visit, f web.Failure) templ.Component {
	return templ.Raw("<p>" + f.Fault.Code + "</p>")
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func ptr[T any](v T) *T { return &v }

// call is a call whose seats go by draw: that of the pictures.
func (st *stage) call() meeting.In {
	now := st.clock.Now()
	return meeting.In{
		Title: ptr("请您列席：审议养老服务收费公示办法"), Matter: ptr("养老服务收费公示办法（草案）"), Kind: ptr(meeting.Office), Lang: ptr("zh-CN"),
		Ask:      ptr("局长办公会议决定这份办法以前，想当面听8位列席代表的意见。列席代表可以发言，不参加表决。"),
		StartsAt: ptr(now.Add(17*day + 30*time.Minute)), EndsAt: ptr(now.Add(17*day + 150*time.Minute)),
		Place: ptr("云州市人民路100号"), Access: ptr("3楼会议室，有坡道和电梯"), Contact: ptr("办公室　吴先生\n0571-1234 5688"),
		Conditions: ptr("年满18岁，在本市居住或者工作"), Seats: ptr(8), Procedure: ptr("plain"),
		Categories: &[]meeting.Category{
			{Code: "citizen", Name: "市民代表", Note: "老人、家属、护理员", Seats: 3}, {Code: "enterprise", Name: "企业代表", Note: "养老机构，一家一人", Seats: 3},
			{Code: "expert", Name: "专家学者", Note: "老年医学、法律、财务", Seats: 2},
		},
		Districts: &districts,
		Quotas: &[]meeting.Quota{
			{Category: "sex", Feature: "female", Min: 3, Max: 8}, {Category: "district", Feature: "城北区", Max: 3},
			{Category: "district", Feature: "城南区", Max: 3}, {Category: "district", Feature: "城东区", Max: 3}, {Category: "district", Feature: "开发区", Max: 3},
		},
		OpensAt: ptr(now.Add(time.Minute)), ClosesAt: ptr(now.Add(9*day + 9*time.Hour)), ForgetAt: ptr(now.Add(48 * day)),
		AnswerBy: ptr(now.Add(12 * day)), PapersAt: ptr(now.Add(12 * day)), MinutesEach: ptr(5), Undertaking: ptr("没有公开的材料请保密。"),
		Method: ptr("draw"), Panels: ptr(1000), Units: ptr(false),
		Seed: &meeting.Seed{Source: "lottery", Name: "福彩3D", Reference: "2026333", KnownAt: now.Add(10*day + 12*time.Hour + 15*time.Minute)},
	}
}

// published makes, submits and approves a call.
func (st *stage) published(in meeting.In) meeting.Meeting {
	st.t.Helper()
	m, err := st.meetings.Prepare(ctx, st.people["secretary"], st.org.ID, in)
	must(st.t, err)
	_, err = st.meetings.Apply(ctx, st.people["secretary"], m.Slug, meeting.Submit, meeting.Note{})
	must(st.t, err)
	m, err = st.meetings.Apply(ctx, st.people["reviewer"], m.Slug, meeting.Approve, meeting.Note{})
	must(st.t, err)
	return m
}

// opened is a published call at its opening.
func (st *stage) opened(in meeting.In) meeting.Meeting {
	st.t.Helper()
	m := st.published(in)
	st.clock.Set(*m.OpensAt)
	return m
}

// browser is somebody's browser without scripts.
type browser struct {
	st     *stage
	client *http.Client
}

// answer is what came back, after redirects.
type answer struct {
	status int
	body   string
	path   string
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
	return &browser{st: st, client: &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if r.URL.Path == "/signin" {
			return http.ErrUseLastResponse
		}
		return nil
	}}}
}

func (b *browser) read(r *http.Request) answer {
	b.st.t.Helper()
	res, err := b.client.Do(r)
	must(b.st.t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	must(b.st.t, err)
	return answer{res.StatusCode, string(body), res.Request.URL.RequestURI()}
}

func (b *browser) get(path string) answer {
	b.st.t.Helper()
	r, err := http.NewRequest("GET", b.st.base+path, nil)
	must(b.st.t, err)
	return b.read(r)
}

var token = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// post sends fields with the token of the page at from.
func (b *browser) post(from, path string, fields url.Values) answer {
	b.st.t.Helper()
	page := b.get(from)
	m := token.FindStringSubmatch(page.body)
	if m == nil {
		b.st.t.Fatalf("no form on %s (%d)", from, page.status)
	}
	return b.send(path, m[1], fields)
}

func (b *browser) send(path, csrf string, fields url.Values) answer {
	b.st.t.Helper()
	values := url.Values{"csrf": {csrf}}
	for k, v := range fields {
		values[k] = v
	}
	r, err := http.NewRequest("POST", b.st.base+path, strings.NewReader(values.Encode()))
	must(b.st.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.read(r)
}

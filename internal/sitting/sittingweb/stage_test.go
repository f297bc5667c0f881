package sittingweb_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
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
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/seal"
	"guangyi/internal/platform/visit"
	"guangyi/internal/platform/web"
	"guangyi/internal/sitting"
	"guangyi/internal/sitting/sittingweb"
	"guangyi/internal/submission"
	"guangyi/views"
	"guangyi/views/assets"
)

var ctx = context.Background()

const law = `养老服务收费公示办法

第一条 为了让老人明白花钱，制定本办法。

第六条 收费表写明项目、价格和计价单位。
`

// stage is the day's own pages on a port, in the middle of a meeting.
type stage struct {
	t      *testing.T
	db     *database.DB
	clock  *clock.Manual
	orgs   *organisation.Service
	cons   *consultation.Service
	meets  *meeting.Service
	s      *sitting.Service
	org    organisation.Organisation
	slug   string
	id     int64
	base   string
	seats  []string
	items  []string
	people map[string]actor.Actor
	sealed atomic.Bool // sessions have ended
	line   line
}

func each(t *testing.T, test func(*stage)) {
	t.Helper()
	at := clock.At(time.Now().UTC().Truncate(time.Second))
	databasetest.EachWith(t, database.Options{Clock: at}, func(t *testing.T, db *database.DB) { test(newStage(t, db, at)) })
}

// once runs a test on one database: what a browser does not depend on it.
func once(t *testing.T, test func(*stage)) {
	t.Helper()
	at := clock.At(time.Now().UTC().Truncate(time.Second))
	databasetest.EachWith(t, database.Options{Clock: at}, func(t *testing.T, db *database.DB) {
		if db.Dialect() == database.SQLite {
			test(newStage(t, db, at))
		}
	})
}

func newStage(t *testing.T, db *database.DB, at *clock.Manual) *stage {
	t.Helper()
	gate, err := access.New()
	must(t, err)
	keys, err := seal.Open(ctx, db, t.TempDir())
	must(t, err)
	st := &stage{t: t, db: db, clock: at, orgs: organisation.New(db, gate)}
	drafts := draft.New(db, gate)
	st.cons = consultation.New(db, gate, drafts, st.orgs)
	subs := submission.New(db, gate, keys, st.cons, drafts)
	t.Cleanup(subs.Close)
	st.meets = meeting.New(db, gate, keys, st.orgs, st.cons, drafts)
	st.s = sitting.New(db, gate, keys, st.meets, subs, drafts, st.meets)
	st.org, err = st.orgs.Add(ctx, actor.Console(), organisation.Details{Slug: "bureau", Name: "云州市民政局", Lang: "zh-CN"})
	must(t, err)
	grant := func(id int64, name string, roles ...actor.Role) actor.Actor {
		a := actor.Actor{Kind: actor.Account, ID: id, Name: name}
		for _, r := range roles {
			a.Grants = append(a.Grants, actor.Grant{Organisation: st.org.ID, Role: r, OrganisationName: st.org.Name})
		}
		return a
	}
	st.people = map[string]actor.Actor{"secretary": grant(1, "吴越", actor.Secretary), "reviewer": grant(2, "周敏", actor.Reviewer), "officer": grant(3, "林知行", actor.Officer)}
	st.open()
	st.serve(keys, drafts)
	return st
}

func ptr[T any](v T) *T { return &v }

// open brings a meeting to its morning: eight people, five of them as expected.
func (st *stage) open() {
	st.t.Helper()
	day := st.clock.Now() // the browser's clock is the machine's
	now := day.Add(-20 * 24 * time.Hour)
	st.clock.Set(now)
	secretary, reviewer, officer := st.people["secretary"], st.people["reviewer"], st.people["officer"]
	c, err := st.cons.ImportDraft(ctx, officer, st.org.ID, draft.Source{Name: "办法.txt", Text: law})
	must(st.t, err)
	text, end, public := "为了老人", now.Add(60*24*time.Hour), "no"
	_, err = st.cons.Edit(ctx, officer, c.Slug, consultation.Changes{Background: &text, Explanation: &text, Contact: &text, ClosesAt: &end, CommentsPublic: &public}, 0)
	must(st.t, err)
	_, err = st.cons.Apply(ctx, officer, c.Slug, consultation.Submit, consultation.Note{})
	must(st.t, err)
	_, err = st.cons.Apply(ctx, reviewer, c.Slug, consultation.Approve, consultation.Note{})
	must(st.t, err)
	m, err := st.meets.Prepare(ctx, secretary, st.org.ID, meeting.In{
		Title: ptr("12月18日局长办公会议"), Matter: ptr("养老服务收费公示办法"), Kind: ptr(meeting.Seminar), Contact: ptr("办公室 010-12345678"), Method: ptr(meeting.ByOrder),
		StartsAt: ptr(day.Add(-30 * time.Minute)), EndsAt: ptr(day.Add(2 * time.Hour)), Place: ptr("人民路100号"), Seats: ptr(8),
		Categories: &[]meeting.Category{{Code: "citizen", Name: "市民代表"}, {Code: "enterprise", Name: "企业代表"}, {Code: "expert", Name: "专家学者"}}, Quotas: &[]meeting.Quota{}, Seed: &meeting.Seed{},
		OpensAt: ptr(now.Add(time.Hour)), ClosesAt: ptr(now.Add(9 * 24 * time.Hour)), Privacy: ptr("只用于这次会议"), ForgetAt: ptr(now.Add(47 * 24 * time.Hour)),
		About: &c.Slug, MinutesEach: ptr(5),
	})
	must(st.t, err)
	m, err = st.meets.Apply(ctx, secretary, m.Slug, meeting.Submit, meeting.Note{})
	must(st.t, err)
	m, err = st.meets.Apply(ctx, reviewer, m.Slug, meeting.Approve, meeting.Note{})
	must(st.t, err)
	st.slug, st.id = m.Slug, m.ID
	st.clock.Set(*m.OpensAt)
	for i, name := range []string{"陈阿玉", "罗建军", "赵一鸣", "沈国良", "马小梅", "刘洋", "钱文", "何思远"} {
		a, _, err := st.meets.Receive(ctx, actor.Public(), m.Slug, meeting.ApplicationIn{
			Key: fmt.Sprint("key-", i), Category: []string{"citizen", "citizen", "citizen", "enterprise", "enterprise", "enterprise", "expert", "expert"}[i],
			Sex: "female", Consent: true, Person: meeting.Person{Name: name, Phone: fmt.Sprintf("138%08d", i)},
		})
		must(st.t, err)
		st.seats = append(st.seats, ids.Format(a.ID))
	}
	for i, title := range []string{"十五五养老规划", "养老服务收费公示办法", "社区食堂补贴办法"} {
		x, err := st.meets.AddItem(ctx, secretary, m.Slug, meeting.ItemIn{Title: title, Attended: i > 0})
		must(st.t, err)
		st.items = append(st.items, ids.Format(x.ID))
	}
	st.clock.Set(day)
}

// morning is what was noted before: five have come, one gave notice, two have spoken.
func (st *stage) morning() {
	st.t.Helper()
	now := st.clock.Now()
	n := 0
	a := func(kind sitting.Kind, minutes int, set func(*sitting.Act)) sitting.Act {
		n++
		x := sitting.Act{ID: fmt.Sprintf("early-%05d", n), Kind: kind, At: now.Add(time.Duration(minutes-60) * time.Minute), Device: "tablet"}
		set(&x)
		return x
	}
	none := func(*sitting.Act) {}
	acts := []sitting.Act{a(sitting.Begin, 30, none), a(sitting.OpenItem, 31, func(x *sitting.Act) { x.Item = st.items[1] })}
	for i, seat := range st.seats[:5] {
		acts = append(acts, a(sitting.CheckIn, 12+3*i, func(x *sitting.Act) { x.Seat, x.Way = seat, sitting.ByName }))
	}
	acts = append(acts, a(sitting.CheckIn, 5, func(x *sitting.Act) { x.Seat, x.Way = st.seats[6], sitting.ByCode }), a(sitting.Excuse, 6, func(x *sitting.Act) { x.Seat = st.seats[7] }))
	for i, who := range []int{6, 3} {
		turn := fmt.Sprintf("turn-%05d", i)
		of := func(x *sitting.Act) { x.Seat, x.Item, x.Entry = st.seats[who], st.items[1], turn }
		words := func(x *sitting.Act) {
			of(x)
			x.Points = sitting.Paragraphs("收费表挂在大厅，字要大。", "art-6")
		}
		acts = append(acts, a(sitting.Start, 33+8*i, of), a(sitting.Words, 36+8*i, words), a(sitting.Stop, 38+8*i, of), a(sitting.Sign, 39+8*i, words))
	}
	for _, who := range []int{0, 4, 1} {
		acts = append(acts, a(sitting.Add, 50, func(x *sitting.Act) { x.Seat, x.Item = st.seats[who], st.items[1] }))
	}
	taken, err := st.s.Take(ctx, st.people["secretary"], st.slug, time.Time{}, acts)
	must(st.t, err)
	if len(taken.Refused) > 0 {
		st.t.Fatalf("%+v", taken.Refused)
	}
}

func (st *stage) day() sitting.Day {
	st.t.Helper()
	d, err := st.s.Day(ctx, st.people["secretary"], st.slug)
	must(st.t, err)
	return d
}

// serve answers on a port; the session's cookie is the name of the person.
func (st *stage) serve(keys *seal.Keys, drafts *draft.Service) {
	st.t.Helper()
	zone, err := time.LoadLocation("Asia/Shanghai")
	must(st.t, err)
	bundle, err := i18n.Load(views.Locales, "locales", zone)
	must(st.t, err)
	set, err := assets.Open()
	must(st.t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(st.t, err)
	end, err := st.line.lay(l.Addr().String())
	must(st.t, err)
	st.base = "http://" + end
	person := func(_ context.Context, name string) (actor.Actor, error) {
		if a, ok := st.people[name]; ok && !st.sealed.Load() {
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
	site.Post("/signout", func(c *web.Ctx) error {
		c.SetSession("")
		return c.Render(200, templ.Raw("<p id=out>out</p>"))
	})
	sittingweb.Mount(site, sittingweb.Services{Sittings: st.s, Meetings: st.meets, Drafts: drafts, Organisations: st.orgs})
	site.Finish()
	go func() { _ = site.Serve(l) }()
	st.t.Cleanup(func() { _ = site.Shutdown(2 * time.Second) })
}

// refusal names the fault: the site's own page of errors is tested with the site.
func refusal(_ *visit.Visit, f web.Failure) templ.Component {
	return templ.Raw("<p>" + f.Fault.Code + "</p>")
}

type answer struct {
	status int
	header http.Header
	body   string
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
	b.page = answer{res.StatusCode, res.Header, string(raw)}
	return b.page
}

func (b *browser) get(path string) answer {
	b.st.t.Helper()
	r, err := http.NewRequest("GET", b.st.base+path, nil)
	must(b.st.t, err)
	return b.do(r)
}

var guard = regexp.MustCompile(`name="csrf" value="([^"]*)"`)

// post sends a form of the page that is shown, with its guard.
func (b *browser) post(path string, form url.Values) answer {
	b.st.t.Helper()
	if m := guard.FindStringSubmatch(b.page.body); m != nil {
		form.Set("csrf", m[1])
	}
	r, err := http.NewRequest("POST", b.st.base+path, strings.NewReader(form.Encode()))
	must(b.st.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(r)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

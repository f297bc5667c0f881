package availabilityweb_test

import (
	"context"
	"html"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"guangyi/internal/access"
	"guangyi/internal/availability"
	"guangyi/internal/availability/availabilityweb"
	"guangyi/internal/challenge"
	"guangyi/internal/consultation"
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
	"guangyi/views/assets"
)

var (
	ctx   = context.Background()
	zone  = time.FixedZone("China", 8*3600)
	start = time.Date(2026, 11, 24, 9, 0, 0, 0, zone)
)

const law = "试行办法（征求意见稿）\n\n第一条 为了集思广益，制定本办法。\n第二条 任何人可以提出意见。\n"

// stage is a site with only these pages, on a clock that the test moves.
type stage struct {
	t             *testing.T
	db            *database.DB
	clock         *clock.Manual
	base          string
	consultations *consultation.Service
	availability  *availability.Service
	challenges    *challenge.Service
	org           organisation.Organisation
	people        map[string]actor.Actor
	slug          string
}

func each(t *testing.T, test func(*stage)) {
	t.Helper()
	for _, dialect := range []database.Dialect{database.SQLite, database.Postgres} {
		t.Run(string(dialect), func(t *testing.T) { test(newStage(t, dialect)) })
	}
}

func newStage(t *testing.T, dialect database.Dialect) *stage {
	t.Helper()
	st := &stage{t: t, clock: clock.At(start), people: map[string]actor.Actor{}}
	var err error
	st.db, err = database.Open(ctx, databasetest.Target(t, dialect), database.Options{Clock: st.clock})
	must(t, err)
	t.Cleanup(func() { st.db.Close() })
	gate, err := access.New()
	must(t, err)
	keys, err := seal.Open(ctx, st.db, t.TempDir())
	must(t, err)
	bundle, err := i18n.Load(views.Locales, "locales", zone)
	must(t, err)
	orgs, drafts := organisation.New(st.db, gate), draft.New(st.db, gate)
	st.consultations = consultation.New(st.db, gate, drafts, orgs)
	st.availability = availability.New(st.db, gate, st.consultations, zone)
	st.challenges = challenge.New(st.db, keys, true, zone)
	st.org, err = orgs.Add(ctx, actor.Console(), organisation.Details{Slug: "bureau", Name: "云州市市场监督管理局", Contact: "0571-1234 5678"})
	must(t, err)
	other, err := orgs.Add(ctx, actor.Console(), organisation.Details{Slug: "elsewhere", Name: "云州市财政局"})
	must(t, err)
	for i, role := range []actor.Role{actor.Officer, actor.Reviewer, actor.Auditor} {
		st.people[string(role)] = person(int64(10+i), st.org, role)
	}
	st.people["stranger"] = person(20, other, actor.Officer)
	st.people["member"] = actor.Actor{Kind: actor.Account, ID: 30, Name: "市民"}
	st.people["operator"] = actor.Actor{Kind: actor.Account, ID: 31, Name: "运行", Grants: []actor.Grant{{Role: actor.Operator}}}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	st.base = "http://" + l.Addr().String()
	set, err := assets.Open()
	must(t, err)
	site := web.New(web.Options{
		Bundle: bundle, Language: "zh-CN", Zone: zone, Clock: st.clock, Keys: keys, BaseURL: st.base, Site: visit.Site{Assets: set},
		Log: slog.New(slog.DiscardHandler), Session: st.person, Bearer: st.person, ErrorPage: failure,
	})
	availabilityweb.Mount(site, availabilityweb.Services{
		Availability: st.availability, Challenges: st.challenges, Consultations: st.consultations, Organisations: orgs, Bundle: bundle,
	})
	site.Get(assets.Prefix+":name", func(c *web.Ctx) error {
		f, ok := set.File(c.Params("name"))
		if !ok {
			return fault.Missing()
		}
		c.Set("Content-Type", f.ContentType)
		return c.Send(f.Body)
	}, web.Download)
	site.Finish()
	ended := make(chan error, 1)
	go func() { ended <- site.Serve(l) }()
	t.Cleanup(func() {
		must(t, site.Shutdown(5*time.Second))
		_ = l.Close() // a shutdown that came before the serving would leave it open
		<-ended
	})
	st.slug = st.running()
	return st
}

func person(id int64, o organisation.Organisation, role actor.Role) actor.Actor {
	return actor.Actor{Kind: actor.Account, ID: id, Name: string(role), Grants: []actor.Grant{
		{Organisation: o.ID, Role: role, OrganisationSlug: o.Slug, OrganisationName: o.Name},
	}}
}

func (st *stage) person(_ context.Context, token string) (actor.Actor, error) {
	if who, ok := st.people[token]; ok {
		return who, nil
	}
	return actor.Actor{}, fault.New(fault.Unauthenticated, "sign_in_first")
}

func failure(_ *visit.Visit, f web.Failure) templ.Component {
	return templ.Raw("<p>" + html.EscapeString(f.Fault.Code) + "</p>")
}

func ptr[T any](v T) *T { return &v }

// running is a consultation that opens now, for thirty days.
func (st *stage) running() string {
	st.t.Helper()
	officer, now := st.people["officer"], st.clock.Now()
	c, err := st.consultations.ImportDraft(ctx, officer, st.org.ID, draft.Source{Name: "a.txt", Text: law})
	must(st.t, err)
	c, err = st.consultations.Edit(ctx, officer, c.Slug, consultation.Changes{
		Title: ptr("云州市早市管理办法（征求意见稿）"), Background: ptr("背景"), Explanation: ptr("说明"), Contact: ptr("法规处"),
		Channels: &[]consultation.Channel{{Channel: "web"}}, OpensAt: ptr(now), ClosesAt: ptr(now.Add(30 * 24 * time.Hour)),
	}, c.Version)
	must(st.t, err)
	_, err = st.consultations.Apply(ctx, officer, c.Slug, consultation.Submit, consultation.Note{})
	must(st.t, err)
	_, err = st.consultations.Apply(ctx, st.people["reviewer"], c.Slug, consultation.Approve, consultation.Note{})
	must(st.t, err)
	return c.Slug
}

// lose lets the site lose time, as its operator reports it.
func (st *stage) lose(d time.Duration) {
	st.t.Helper()
	began := st.clock.Now()
	st.clock.Add(d + time.Minute)
	_, err := st.availability.Report(ctx, st.people["operator"], availability.Outage{BeganAt: began, EndedAt: began.Add(d), Note: "专线中断"})
	must(st.t, err)
}

// answer is what came back.
type answer struct {
	status int
	to     string
	body   string
}

func (st *stage) do(who, method, path, body string, head ...string) answer {
	st.t.Helper()
	r, err := http.NewRequest(method, st.base+path, strings.NewReader(body))
	must(st.t, err)
	for i := 0; i+1 < len(head); i += 2 {
		r.Header.Set(head[i], head[i+1])
	}
	if who != "" {
		r.AddCookie(&http.Cookie{Name: web.SessionCookie, Value: who})
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	must(st.t, err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	must(st.t, err)
	return answer{res.StatusCode, res.Header.Get("Location"), string(raw)}
}

func (st *stage) get(who, path string) answer { return st.do(who, "GET", path, "") }

var guard = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// post sends a form of the page at from.
func (st *stage) post(who, from, path string, fields url.Values) answer {
	st.t.Helper()
	page := st.get(who, from)
	m := guard.FindStringSubmatch(page.body)
	if m == nil {
		st.t.Fatalf("no form on %s for %s (%d)", from, who, page.status)
	}
	fields.Set("csrf", m[1])
	return st.do(who, "POST", path, fields.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

func (st *stage) want(a answer, status int, holds ...string) {
	st.t.Helper()
	if a.status != status {
		st.t.Fatalf("status %d, want %d: %.600s", a.status, status, a.body)
	}
	for _, h := range holds {
		if !strings.Contains(a.body, h) {
			st.t.Errorf("the answer lacks %q", h)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

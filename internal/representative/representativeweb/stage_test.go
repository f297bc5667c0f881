package representativeweb_test

import (
	"context"
	"html"
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
	"guangyi/internal/representative"
	"guangyi/internal/representative/representativeweb"
	"guangyi/views"
	"guangyi/views/assets"
)

var (
	ctx   = context.Background()
	zone  = time.FixedZone("Asia/Shanghai", 8*3600)
	start = time.Date(2026, 7, 1, 9, 0, 0, 0, zone)
)

// stage is the pool's pages on a port, with the people of a bureau.
type stage struct {
	t      *testing.T
	clock  *clock.Manual
	db     *database.DB
	pool   *representative.Service
	org    organisation.Organisation
	base   string
	people map[string]actor.Actor
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
	orgs := organisation.New(db, gate)
	st := &stage{t: t, clock: at, db: db, pool: representative.New(db, gate, keys, orgs), people: map[string]actor.Actor{}}
	st.org, err = orgs.Add(ctx, actor.Console(), organisation.Details{Slug: "bureau", Name: "云州市市场监督管理局", Lang: "zh-CN", SiteCode: "0000000000"})
	must(t, err)
	other, err := orgs.Add(ctx, actor.Console(), organisation.Details{Slug: "elsewhere", Name: "云州市财政局", Lang: "zh-CN"})
	must(t, err)
	for i, role := range []actor.Role{actor.Secretary, actor.Reviewer, actor.Signer, actor.Auditor, actor.Administrator} {
		st.people[string(role)] = actor.Actor{Kind: actor.Account, ID: int64(10 + i), Name: string(role), Grants: []actor.Grant{
			{Organisation: st.org.ID, Role: role, OrganisationSlug: st.org.Slug, OrganisationName: st.org.Name}}}
	}
	st.people["other"] = actor.Actor{Kind: actor.Account, ID: 30, Name: "other", Grants: []actor.Grant{
		{Organisation: other.ID, Role: actor.Secretary, OrganisationSlug: other.Slug, OrganisationName: other.Name}}}
	st.people["member"] = actor.Actor{Kind: actor.Account, ID: 60, Name: "市民"}
	_, err = st.pool.SetPool(ctx, st.people["secretary"], representative.Pool{Organisation: st.org.ID, Open: true, Lang: "zh-CN",
		About: "列席局长办公会议和听证会，发言，不参加表决。", Conditions: "年满18岁，在本市居住或者工作。",
		Districts: "城北区\n城南区", Fields: "养老\n食品安全", TermMonths: 24, RenewDays: 60, ForgetDays: 30}, 0)
	must(t, err)
	st.serve(keys, orgs)
	return st
}

// serve answers on a port; the session's cookie is the name.
func (st *stage) serve(keys *seal.Keys, orgs *organisation.Service) {
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
	representativeweb.Mount(site, st.pool, orgs, keys)
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

// browser is somebody's browser without scripts.
type browser struct {
	st     *stage
	client *http.Client
}

func (st *stage) browser(who string) *browser {
	jar, err := cookiejar.New(nil)
	must(st.t, err)
	if who != "" {
		u, _ := url.Parse(st.base)
		jar.SetCookies(u, []*http.Cookie{{Name: web.SessionCookie, Value: who}})
	}
	return &browser{st, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

type page struct {
	status   int
	body, to string
}

func (b *browser) read(r *http.Response, err error) page {
	b.st.t.Helper()
	must(b.st.t, err)
	defer r.Body.Close()
	raw, err := io.ReadAll(r.Body)
	must(b.st.t, err)
	return page{r.StatusCode, html.UnescapeString(string(raw)), r.Header.Get("Location")}
}

func (b *browser) get(path string) page {
	b.st.t.Helper()
	return b.read(b.client.Get(b.st.base + path))
}

var token = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// post sends a form from a page that holds one; pairs are name, value.
func (b *browser) post(from, to string, pairs ...string) page {
	b.st.t.Helper()
	form := url.Values{}
	if m := token.FindStringSubmatch(b.get(from).body); m != nil {
		form.Set("csrf", m[1])
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return b.read(b.client.PostForm(b.st.base+to, form))
}

func (b *browser) want(what string, got page, status int, words ...string) {
	b.st.t.Helper()
	if got.status != status {
		b.st.t.Errorf("%s: %d, want %d\n%s", what, got.status, status, short(got.body))
	}
	for _, w := range words {
		if !strings.Contains(got.body, w) && !strings.HasPrefix(got.to, w) {
			b.st.t.Errorf("%s: %q is not there (to %q)\n%s", what, w, got.to, short(got.body))
		}
	}
}

var main = regexp.MustCompile(`(?s)<main.*</main>`)

func short(body string) string {
	if m := main.FindString(body); m != "" {
		body = m
	}
	return body[:min(len(body), 3000)]
}

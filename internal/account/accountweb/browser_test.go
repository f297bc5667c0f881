package accountweb_test

import (
	"context"
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
	"guangyi/internal/account"
	"guangyi/internal/account/accountweb"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/platform/seal"
	"guangyi/internal/platform/visit"
	"guangyi/internal/platform/web"
	"guangyi/views"
)

const password = "三个词 river 石头 lamp"

var (
	ctx  = context.Background()
	noon = time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)
)

// place is a served site with one organisation and an administrator.
type place struct {
	t        *testing.T
	site     *web.Site
	clock    *clock.Manual
	accounts *account.Service
	orgs     *organisation.Service
	own      organisation.Organisation
	other    organisation.Organisation
}

func each(t *testing.T, test func(p *place)) {
	t.Helper()
	c := clock.At(noon)
	databasetest.EachWith(t, database.Options{Clock: c}, func(t *testing.T, db *database.DB) {
		c.Set(noon)
		test(newPlace(t, db, c, "http://site.example"))
	})
}

// plain stands for the built assets.
type plain struct{}

func (plain) URL(name string) string { return "/assets/" + name }

func newPlace(t *testing.T, db *database.DB, c *clock.Manual, base string) *place {
	t.Helper()
	gate, err := access.New()
	must(t, err)
	keys, err := seal.Open(ctx, db, t.TempDir())
	must(t, err)
	bundle, err := i18n.Load(views.Locales, "locales", time.UTC)
	must(t, err)
	p := &place{t: t, clock: c, orgs: organisation.New(db, gate)}
	p.accounts = account.New(db, gate, p.orgs, keys)
	p.site = web.New(web.Options{
		Bundle: bundle, Language: "zh-CN", Zone: time.UTC, Clock: c, Keys: keys, BaseURL: base, Site: visit.Site{Assets: plain{}},
		Log: slog.New(slog.DiscardHandler), Session: p.accounts.Session, Bearer: p.accounts.Bearer,
		ErrorPage: func(_ *visit.Visit, f web.Failure) templ.Component {
			return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
				_, err := io.WriteString(w, "failed "+f.Fault.Code)
				return err
			})
		},
	})
	accountweb.Mount(p.site, p.accounts, p.orgs)
	p.site.Finish()
	p.own, p.other = p.organisation("own"), p.organisation("other")
	p.person("admin@own.example", actor.Administrator, p.own.ID)
	return p
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (p *place) organisation(slug string) organisation.Organisation {
	p.t.Helper()
	o, err := p.orgs.Add(ctx, actor.Console(), organisation.Details{Slug: slug, Name: "局 " + slug})
	must(p.t, err)
	return o
}

func (p *place) person(email string, role actor.Role, organisation int64) account.Account {
	p.t.Helper()
	a, err := p.accounts.Add(ctx, actor.Console(), account.Details{Email: email, Name: "张三", Role: role, Organisation: organisation, Password: password})
	must(p.t, err)
	return a
}

// browser keeps cookies as a browser does.
type browser struct {
	*place
	jar map[string]string
}

func (p *place) browser() *browser { return &browser{p, map[string]string{}} }

// page is an answer.
type page struct {
	*http.Response
	body string
}

func (b *browser) send(method, path string, form url.Values) page {
	b.t.Helper()
	r := httptest.NewRequest(method, "http://site.example"+path, strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range b.jar {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	got, err := b.site.App().Test(r, 20_000)
	must(b.t, err)
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	must(b.t, err)
	for _, c := range got.Cookies() {
		if c.MaxAge < 0 || c.Value == "" {
			delete(b.jar, c.Name)
		} else {
			b.jar[c.Name] = c.Value
		}
	}
	return page{got, string(body)}
}

func (b *browser) get(path string) page {
	b.t.Helper()
	return b.send("GET", path, nil)
}

var hidden = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// post opens the page from and sends a form of its guard to path.
func (b *browser) post(from, path string, fields ...string) page {
	b.t.Helper()
	form := url.Values{}
	if m := hidden.FindStringSubmatch(b.get(from).body); m != nil {
		form.Set("csrf", html.UnescapeString(m[1]))
	}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	return b.send("POST", path, form)
}

func (b *browser) signIn(email string) page {
	b.t.Helper()
	return b.post("/signin", "/signin", "email", email, "password", password)
}

// want checks status and, for redirects, where to.
func (b *browser) want(what string, got page, status int, location ...string) {
	b.t.Helper()
	if got.StatusCode != status || (len(location) > 0 && got.Header.Get("Location") != location[0]) {
		b.t.Errorf("%s: %d to %q, want %d %v\n%s", what, got.StatusCode, got.Header.Get("Location"), status, location, short(got.body))
	}
}

func short(s string) string {
	if i := strings.Index(s, "<main"); i >= 0 {
		s = s[i:]
	}
	return s[:min(len(s), 600)]
}

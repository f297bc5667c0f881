package web_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/a-h/templ"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/platform/seal"
	"guangyi/internal/platform/visit"
	"guangyi/internal/platform/web"
)

type shell struct {
	t     *testing.T
	site  *web.Site
	clock *clock.Manual
	jar   map[string]string
	runs  int
}

// newShell is a site with a form, a cached page and an API behind the real shell.
func newShell(t *testing.T) *shell {
	t.Helper()
	keys, err := seal.Open(context.Background(), databasetest.SQLite(t), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	messages := []byte(`{"error.stale":"stale {{.x}}","error.not_found":"missing","hello":"hello"}`)
	bundle, err := i18n.Load(fstest.MapFS{"l/zh-CN/a.json": {Data: messages}, "l/en/a.json": {Data: messages}}, "l", time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	s := &shell{t: t, clock: clock.At(time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)), jar: map[string]string{}}
	s.site = web.New(web.Options{
		Bundle: bundle, Language: "zh-CN", Zone: time.UTC, Clock: s.clock, Keys: keys, BaseURL: "https://site.example",
		Limits: true, PageCache: true, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Session: func(_ context.Context, token string) (actor.Actor, error) {
			if token != "lin" {
				return actor.Actor{}, fault.New(fault.Unauthenticated, "ended")
			}
			return actor.Actor{Kind: actor.Account, ID: 1, Name: "林"}, nil
		},
		Bearer: func(context.Context, string) (actor.Actor, error) {
			return actor.Actor{}, fault.New(fault.Unauthenticated, "token")
		},
		ErrorPage: failurePage,
	})
	s.site.Get("/form", func(c *web.Ctx) error {
		return c.Render(200, text(`<input name="csrf" value="`+c.Visit.CSRF+`"><p>`+c.Who().Name+`</p>`))
	})
	s.site.Post("/form", func(c *web.Ctx) error { s.runs++; return c.Render(200, text("took "+c.Form("text"))) })
	s.site.Get("/page", func(c *web.Ctx) error {
		s.runs++
		return c.Render(200, text(fmt.Sprintf("%s %s %d csrf=%s;", c.Visit.Locale.Tag(), c.Who().Name, s.runs, c.Visit.CSRF)))
	}, web.Cached)
	s.site.Get("/table.csv", func(c *web.Ctx) error { return c.SendString("number\n1\n") }, web.Download)
	s.site.Get("/panic", func(*web.Ctx) error { panic("secret detail") })
	s.site.Post("/api/v1/things", func(c *web.Ctx) error {
		var in struct {
			Name string `json:"name"`
		}
		if err := c.ReadJSON(&in); err != nil {
			return err
		}
		return c.Answer(201, in)
	})
	s.site.Finish()
	return s
}

func text(s string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error { _, err := io.WriteString(w, s); return err })
}

func failurePage(_ *visit.Visit, f web.Failure) templ.Component {
	return text(fmt.Sprintf("failed %s to=%s %v", f.Fault.Code, f.Action, f.Carry))
}

func (s *shell) do(method, path, body string, headers ...string) (status int, text string, head http.Header) {
	s.t.Helper()
	req, err := http.NewRequest(method, path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	for k, v := range s.jar {
		req.AddCookie(&http.Cookie{Name: k, Value: v})
	}
	resp, err := s.site.App().Test(req, -1)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	for _, c := range resp.Cookies() {
		s.jar[c.Name] = c.Value
	}
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp.StatusCode, string(raw), resp.Header
}

var tokenIn = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

func (s *shell) form(values url.Values) (int, string) {
	status, body, _ := s.do("POST", "/form", values.Encode(), "Content-Type", "application/x-www-form-urlencoded")
	return status, body
}

func (s *shell) token() string {
	_, body, _ := s.do("GET", "/form", "")
	m := tokenIn.FindStringSubmatch(body)
	if m == nil {
		s.t.Fatalf("no guard on %q", body)
	}
	return m[1]
}

func TestAFormIsTakenWithItsGuardOnly(t *testing.T) {
	s := newShell(t)
	token := s.token()
	if status, body := s.form(url.Values{"csrf": {token}, "text": {"好"}}); status != 200 || body != "took 好" {
		t.Fatalf("%d %q", status, body)
	}
	for name, guard := range map[string]string{"none": "", "forged": strings.Repeat("A", len(token)), "cut": token[:10]} {
		status, body := s.form(url.Values{"csrf": {guard}, "text": {"一字不差"}, "password": {"geheim"}})
		if status != 403 || !strings.Contains(body, "一字不差") || strings.Contains(body, "geheim") || !strings.Contains(body, "to=/form") {
			t.Errorf("%s: %d %q", name, status, body)
		}
	}
	s.clock.Add(13 * time.Hour)
	if status, body := s.form(url.Values{"csrf": {token}, "text": {"写了很久"}}); status != 403 || !strings.Contains(body, "写了很久") {
		t.Fatalf("after 13 hours: %d %q", status, body)
	}
	s.jar["gy_visit"] = "another"
	if status, _ := s.form(url.Values{"csrf": {s.token()}, "text": {"x"}}); status != 200 {
		t.Fatalf("a fresh guard of this browser: %d", status)
	}
}

func TestAGuardOfAnotherBrowserIsRefused(t *testing.T) {
	s := newShell(t)
	token := s.token()
	s.jar = map[string]string{"gy_visit": "somebody-else"}
	if status, _ := s.form(url.Values{"csrf": {token}, "text": {"x"}}); status != 403 {
		t.Fatalf("%d", status)
	}
}

func TestUnreadableTextIsRefusedAndTheRestComesBack(t *testing.T) {
	s := newShell(t)
	for _, bad := range []string{"a%00b", "a%ff%feb"} {
		status, body, _ := s.do("POST", "/form", "csrf="+s.token()+"&kept=留下&text="+bad, "Content-Type", "application/x-www-form-urlencoded")
		if status != 400 || !strings.Contains(body, "留下") || s.runs != 0 {
			t.Errorf("%s: %d %q", bad, status, body)
		}
	}
	if status, _, _ := s.do("GET", "/page?q=%ff", ""); status != 400 {
		t.Errorf("unreadable query: %d", status)
	}
}

func TestACachedPageHoldsNobodysNameAndChangesWithinASecond(t *testing.T) {
	s := newShell(t)
	_, first, head := s.do("GET", "/page", "")
	if _, again, _ := s.do("GET", "/page", ""); again != first || strings.Contains(first, "csrf=A") || head.Get("Set-Cookie") != "" {
		t.Fatalf("%q then %q", first, again)
	}
	if status, _, _ := s.do("GET", "/page", "", "If-None-Match", head.Get("ETag")); status != 304 {
		t.Fatalf("unchanged: %d", status)
	}
	if _, en, _ := s.do("GET", "/page", "", "Accept-Language", "en"); !strings.HasPrefix(en, "en") {
		t.Fatalf("in English: %q", en)
	}
	s.jar["gy_session"] = "lin"
	_, mine, head := s.do("GET", "/page", "")
	if !strings.Contains(mine, "林") || head.Get("Cache-Control") == "no-cache" {
		t.Fatalf("signed in: %q %q", mine, head.Get("Cache-Control"))
	}
	delete(s.jar, "gy_session")
	if _, others, _ := s.do("GET", "/page", ""); strings.Contains(others, "林") {
		t.Fatal("a signed-in person's page was shown to another")
	}
	time.Sleep(1100 * time.Millisecond)
	if _, later, _ := s.do("GET", "/page", ""); later == first {
		t.Fatal("a change does not show after a second")
	}
}

// A file that anybody may have carries no cookie, which a proxy would keep with it.
func TestADownloadSetsNoCookie(t *testing.T) {
	s := newShell(t)
	status, _, head := s.do("GET", "/table.csv", "")
	if status != 200 || head.Get("Set-Cookie") != "" || head.Get("Cache-Control") != "no-cache" {
		t.Errorf("status %d, cookie %q, cache %q", status, head.Get("Set-Cookie"), head.Get("Cache-Control"))
	}
	s.jar["gy_session"] = "lin"
	if _, _, head := s.do("GET", "/table.csv", ""); !strings.Contains(head.Get("Cache-Control"), "no-store") {
		t.Errorf("a member of staff's copy may be kept: %q", head.Get("Cache-Control"))
	}
}

func TestProgramsGetProblemDocuments(t *testing.T) {
	s := newShell(t)
	for _, c := range []struct {
		name, method, path, kind, body string
		want                           int
	}{
		{"taken", "POST", "/api/v1/things", "application/json", `{"name":"x"}`, 201},
		{"other type", "POST", "/api/v1/things", "text/plain", `{}`, 415},
		{"malformed", "POST", "/api/v1/things", "application/json", `{"name":`, 400},
		{"wrong type", "POST", "/api/v1/things", "application/json", `{"name":7}`, 422},
		{"null character", "POST", "/api/v1/things", "application/json", `{"name":"a\u0000"}`, 400},
		{"bad UTF-8", "POST", "/api/v1/things", "application/json", "{\"name\":\"\xff\"}", 400},
		{"deep", "POST", "/api/v1/things", "application/json", strings.Repeat("[", 1000), 400},
		{"array", "POST", "/api/v1/things", "application/json", `[1]`, 400},
		{"other method", "DELETE", "/api/v1/things", "", "", 405},
		{"nowhere", "GET", "/api/v1/nothing", "", "", 404},
		{"unreadable query", "GET", "/api/v1/nothing?q=a%00b", "", "", 400},
	} {
		status, body, head := s.do(c.method, c.path, c.body, "Content-Type", c.kind)
		if status != c.want {
			t.Errorf("%s: %d %s", c.name, status, body)
		}
		if status >= 400 && (head.Get("Content-Type") != "application/problem+json" || !strings.Contains(body, fmt.Sprintf(`"status":%d`, status))) {
			t.Errorf("%s: %s %s", c.name, head.Get("Content-Type"), body)
		}
	}
	if status, _, head := s.do("OPTIONS", "/api/v1/things", ""); status != 204 || head.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("preflight: %d %v", status, head)
	}
}

func TestAFaultOfTheProgramShowsNoDetail(t *testing.T) {
	s := newShell(t)
	if status, body, _ := s.do("GET", "/panic", ""); status != 500 || strings.Contains(body, "secret detail") {
		t.Fatalf("%d %q", status, body)
	}
}

func TestTooManyPostsFromOneAddressHaveToWait(t *testing.T) {
	s := newShell(t)
	token := s.token()
	for range 240 {
		if status, _ := s.form(url.Values{"csrf": {token}, "text": {"x"}}); status != 200 {
			t.Fatalf("%d", status)
		}
	}
	status, body, head := s.do("POST", "/form", url.Values{"csrf": {token}, "text": {"还在"}}.Encode(), "Content-Type", "application/x-www-form-urlencoded")
	if status != 429 || head.Get("Retry-After") == "" || !strings.Contains(body, "还在") {
		t.Fatalf("%d %q %q", status, head.Get("Retry-After"), body)
	}
}

func TestEveryAnswerForbidsForeignScripts(t *testing.T) {
	s := newShell(t)
	for _, path := range []string{"/form", "/page", "/nothing", "/api/v1/nothing"} {
		_, _, head := s.do("GET", path, "")
		if !strings.Contains(head.Get("Content-Security-Policy"), "default-src 'none'") || head.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v", path, head)
		}
	}
	if _, _, head := s.do("GET", "/form", ""); !strings.Contains(head.Get("Cache-Control"), "no-store") {
		t.Errorf("a page with a form may be stored: %q", head.Get("Cache-Control"))
	}
	if _, _, head := s.do("GET", "/form?lang=en", ""); !strings.Contains(strings.Join(head["Set-Cookie"], " "), "gy_lang=en") {
		t.Errorf("the chosen language is not kept: %v", head["Set-Cookie"])
	}
}

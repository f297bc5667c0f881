package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"guangyi/internal/account"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/config"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/platform/web"
	"guangyi/internal/server"
)

// place is a whole site that answers on a port of this machine, on a clock that
// the test sets.
type place struct {
	t        *testing.T
	clock    *clock.Manual
	settings config.Settings
	services *server.Services
	site     *web.Site
	base     string
	log      *bytes.Buffer
	orgs     map[string]organisation.Organisation
	people   map[string]account.Account
	visitors map[string]*visitor
	tokens   map[string]string
}

// password is everybody's.
const password = "nine bicycles under the plane tree"

// began is when every test site begins: a Tuesday morning in Shanghai.
var began = time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)

// eachPlace runs a test over a whole site, on each database.
func eachPlace(t *testing.T, test func(*place)) {
	t.Helper()
	databasetest.EachTarget(t, func(t *testing.T, target string) { test(newPlace(t, target)) })
}

// settingsFor names a database as the program's settings do.
func settingsFor(t testing.TB, target string) config.Settings {
	s := config.Settings{
		Listen: "127.0.0.1:0", Challenge: "off", RateLimit: "off", PageCache: "off", Language: "zh-CN", TimeZone: "Asia/Shanghai",
	}
	if strings.HasPrefix(target, "postgres") {
		s.Data, s.Database = t.TempDir(), target
		return s
	}
	s.Data = filepath.Dir(target)
	return s
}

func newPlace(t *testing.T, target string) *place {
	t.Helper()
	p := unserved(t, target)
	p.serve(server.WithClock(p.clock))
	return p
}

// unserved is a place before it is opened.
func unserved(t *testing.T, target string) *place {
	return &place{
		t: t, clock: clock.At(began), settings: settingsFor(t, target), log: new(bytes.Buffer), orgs: map[string]organisation.Organisation{},
		people: map[string]account.Account{}, visitors: map[string]*visitor{}, tokens: map[string]string{},
	}
}

// serve opens the site and answers until the test ends.
func (p *place) serve(opts ...server.Option) {
	p.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(p.t, err)
	p.settings.Listen = l.Addr().String()
	p.base = "http://" + p.settings.Listen
	p.settings.BaseURL = p.base
	log := &lockedLog{to: p.log}
	p.services, err = server.Open(context.Background(), p.settings, append(opts, server.LoggingTo(log))...)
	must(p.t, err)
	p.site, err = p.services.Site()
	must(p.t, err)
	ended := make(chan error, 1)
	go func() { ended <- p.site.Serve(l) }()
	p.t.Cleanup(func() {
		if err := p.site.Shutdown(5 * time.Second); err != nil {
			p.t.Logf("the site did not drain: %v", err)
		}
		_ = l.Close() // a shutdown that came before the serving would leave it open
		<-ended
		must(p.t, p.services.Close())
		if p.t.Failed() {
			p.t.Logf("the site's log:\n%s", tail(log.String(), 6000))
		}
	})
}

// org gives an organisation, made at the first call.
func (p *place) org(slug string) organisation.Organisation {
	p.t.Helper()
	if o, ok := p.orgs[slug]; ok {
		return o
	}
	name := "云州市市场监督管理局"
	if slug != "own" {
		name = "云州市" + slug + "局"
	}
	o, err := p.services.Organisations.Add(context.Background(), actor.Console(), organisation.Details{Slug: slug, Name: name, Lang: "zh-CN"})
	must(p.t, err)
	p.orgs[slug] = o
	return o
}

// person gives the account of a role in an organisation, made at the first call.
func (p *place) person(org string, role actor.Role) account.Account {
	p.t.Helper()
	name := org + " " + string(role)
	if a, ok := p.people[name]; ok {
		return a
	}
	in := account.Details{Email: string(role) + "@" + org + ".example", Name: name, Role: role, Password: password}
	if role != actor.Operator {
		in.Organisation = p.org(org).ID
	}
	a, err := p.services.Accounts.Add(context.Background(), actor.Console(), in)
	must(p.t, err)
	p.people[name] = a
	return a
}

// as gives the browser of a role, signed in at the first call: a hash of a
// password is slow on purpose.
func (p *place) as(org string, role actor.Role) *visitor {
	p.t.Helper()
	name := org + " " + string(role)
	if v, ok := p.visitors[name]; ok {
		return v
	}
	v := p.visitor()
	v.signIn(p.person(org, role).Email)
	p.visitors[name] = v
	return v
}

// token gives a token with every scope that acts as the role's person.
func (p *place) token(org string, role actor.Role) string {
	p.t.Helper()
	name := org + " " + string(role)
	if plain, ok := p.tokens[name]; ok {
		return plain
	}
	plain := p.newToken(org, p.person(org, role).Email, actor.Scopes...)
	p.tokens[name] = plain
	return plain
}

// scoped gives a token with one scope that acts for nobody.
func (p *place) scoped(org string, scope actor.Scope) string {
	p.t.Helper()
	name := org + " scope " + string(scope)
	if plain, ok := p.tokens[name]; ok {
		return plain
	}
	plain := p.newToken(org, "", scope)
	p.tokens[name] = plain
	return plain
}

func (p *place) newToken(org, user string, scopes ...actor.Scope) string {
	p.t.Helper()
	plain, err := p.services.Accounts.AddToken(context.Background(), actor.Console(), account.NewToken{
		Organisation: p.org(org).ID, Name: "test", Scopes: scopes, User: user,
	})
	must(p.t, err)
	return plain
}

// answer is what a program gets.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a answer) String() string {
	return fmt.Sprintf("%d %s", a.status, tail(string(a.body), 700))
}

// object reads the body as a JSON object.
func (a answer) object(t testing.TB) map[string]any {
	t.Helper()
	var out map[string]any
	if err := json.Unmarshal(a.body, &out); err != nil {
		t.Fatalf("no JSON object: %v\n%s", err, a)
	}
	return out
}

func (a answer) text(t testing.TB, name string) string {
	t.Helper()
	s, _ := a.object(t)[name].(string)
	return s
}

// fields lists the fields that a problem document names.
func (a answer) fields(t testing.TB) []string {
	t.Helper()
	var out []string
	list, _ := a.object(t)["errors"].([]any)
	for _, e := range list {
		if m, ok := e.(map[string]any); ok {
			out = append(out, fmt.Sprint(m["field"]))
		}
	}
	return out
}

// client follows no redirect: a test looks at each answer.
var client = &http.Client{
	Timeout:       60 * time.Second,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// call is a program's request; body is sent as JSON unless it is nil or []byte.
func (p *place) call(method, path, token string, body any, headers ...string) answer {
	p.t.Helper()
	a, err := p.try(method, path, token, body, headers...)
	must(p.t, err)
	return a
}

func (p *place) try(method, path, token string, body any, headers ...string) (answer, error) {
	raw, ready := body.([]byte)
	if body != nil && !ready {
		var err error
		if raw, err = json.Marshal(body); err != nil {
			return answer{}, err
		}
	}
	req, err := http.NewRequest(method, p.base+path, bytes.NewReader(raw))
	if err != nil {
		return answer{}, err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, got}, err
}

// ask is call that wants one of some statuses.
func (p *place) ask(method, path, token string, body any, want ...int) answer {
	p.t.Helper()
	a := p.call(method, path, token, body)
	if len(want) == 0 {
		want = []int{200}
	}
	if !slices.Contains(want, a.status) {
		p.t.Fatalf("%s %s: want %v, got %s", method, path, want, a)
	}
	return a
}

// items reads a whole list, page by page.
func (p *place) items(path, token string) []map[string]any {
	p.t.Helper()
	var out []map[string]any
	for path != "" {
		var list struct {
			Items []map[string]any `json:"items"`
			Next  *string          `json:"next"`
		}
		a := p.ask("GET", path, token, nil)
		if err := json.Unmarshal(a.body, &list); err != nil || list.Items == nil {
			p.t.Fatalf("%s is no list: %v %s", path, err, a)
		}
		out = append(out, list.Items...)
		path = ""
		if list.Next != nil {
			path = strings.TrimPrefix(*list.Next, p.base)
		}
	}
	return out
}

// db is the site's database, for the audit of it.
func (p *place) db() *database.DB { return p.services.DB }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func tail(s string, most int) string {
	if len(s) > most {
		return "…" + s[len(s)-most:]
	}
	return s
}

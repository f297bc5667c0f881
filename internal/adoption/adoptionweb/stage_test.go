package adoptionweb_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
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
	"guangyi/internal/adoption"
	"guangyi/internal/adoption/adoptionweb"
	"guangyi/internal/consultation"
	"guangyi/internal/desk"
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

// stage is the capability's own pages on a port, over a closed consultation.
type stage struct {
	t      *testing.T
	clock  *clock.Manual
	org    organisation.Organisation
	cons   *consultation.Service
	sub    *submission.Service
	s      *adoption.Service
	slug   string
	base   string
	people map[string]actor.Actor
	paper  desk.Gaps
}

const law = `云州市集市办法

第一条 为了规范集市，制定本办法。

第二条 本办法所称集市，是指周末开放的市场。

第三条 摊位费由区人民政府核定，向社会公布。

第四条 违反本办法的，罚款五百元。

第五条 本办法自公布之日起施行。
`

func each(t *testing.T, test func(*stage)) {
	t.Helper()
	at := clock.At(time.Date(2026, 11, 1, 1, 0, 0, 0, time.UTC))
	databasetest.EachWith(t, database.Options{Clock: at}, func(t *testing.T, db *database.DB) { test(newStage(t, db, at)) })
}

func newStage(t *testing.T, db *database.DB, at *clock.Manual) *stage {
	t.Helper()
	ctx := context.Background()
	gate, err := access.New()
	must(t, err)
	keys, err := seal.Open(ctx, db, t.TempDir())
	must(t, err)
	orgs, drafts := organisation.New(db, gate), draft.New(db, gate)
	cons := consultation.New(db, gate, drafts, orgs)
	st := &stage{t: t, clock: at, cons: cons, sub: submission.New(db, gate, keys, cons, drafts), s: adoption.New(db, gate, cons, drafts)}
	t.Cleanup(st.sub.Close)
	cons.Guard(consultation.SubmitSummary, st.s.Check)
	cons.Guard(consultation.PublishSummary, st.s.Check)
	cons.Consequence(consultation.PublishSummary, st.s.Sign)
	st.org, err = orgs.Add(ctx, actor.Console(), organisation.Details{Slug: "bureau", Name: "云州市市场监督管理局", Lang: "zh-CN"})
	must(t, err)
	st.hire()
	st.slug = st.open()
	st.serve(keys, drafts, orgs)
	return st
}

// hire makes the people of the bureau, one of another, and a token for each.
func (st *stage) hire() {
	grant := func(org int64, id int64, name string, roles ...actor.Role) actor.Actor {
		a := actor.Actor{Kind: actor.Account, ID: id, Name: name}
		for _, r := range roles {
			a.Grants = append(a.Grants, actor.Grant{Organisation: org, Role: r, OrganisationName: "云州市市场监督管理局"})
		}
		return a
	}
	st.people = map[string]actor.Actor{
		"officer": grant(st.org.ID, 1, "林知行", actor.Officer), "reviewer": grant(st.org.ID, 2, "周敏", actor.Reviewer),
		"both": grant(st.org.ID, 3, "何静", actor.Officer, actor.Reviewer), "auditor": grant(st.org.ID, 4, "唐河", actor.Auditor),
		"stranger": grant(st.org.ID+1, 5, "外人", actor.Officer, actor.Reviewer),
	}
}

func (st *stage) open() string {
	ctx := context.Background()
	c, err := st.cons.ImportDraft(ctx, st.people["officer"], st.org.ID, draft.Source{Name: "办法.txt", Text: law})
	must(st.t, err)
	text, end, public := "为了赶集的人", st.clock.Now().Add(30*24*time.Hour), "at_once"
	_, err = st.cons.Edit(ctx, st.people["officer"], c.Slug, consultation.Changes{Background: &text, Explanation: &text, Contact: &text, ClosesAt: &end, CommentsPublic: &public}, 0)
	must(st.t, err)
	_, err = st.cons.Apply(ctx, st.people["officer"], c.Slug, consultation.Submit, consultation.Note{})
	must(st.t, err)
	_, err = st.cons.Apply(ctx, st.people["reviewer"], c.Slug, consultation.Approve, consultation.Note{})
	must(st.t, err)
	return c.Slug
}

// serve answers on a port; the session's cookie and the bearer token are the name.
func (st *stage) serve(keys *seal.Keys, drafts *draft.Service, orgs *organisation.Service) {
	st.t.Helper()
	zone, err := time.LoadLocation("Asia/Shanghai")
	must(st.t, err)
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
	adoptionweb.Mount(site, st.s, st.cons, drafts, orgs, adoptionweb.WithDesk(st))
	site.Finish()
	go func() { _ = site.Serve(l) }()
	st.t.Cleanup(func() { _ = site.Shutdown(2 * time.Second) })
}

// Gaps are the letters at the desk, as a test says.
func (st *stage) Gaps(context.Context, int64) (desk.Gaps, error) { return st.paper, nil }

// refusal names the fault: the site's own page of errors is tested with the site.
func refusal(_ *visit.Visit, f web.Failure) templ.Component {
	return templ.Raw("<p>" + f.Fault.Code + "</p>")
}

// letter sends one submission with its comments on the third article.
func (st *stage) letter(texts ...string) {
	st.t.Helper()
	in := submission.In{Consultation: st.slug, Submitter: submission.Submitter{Kind: "individual"}, Consent: true}
	for _, text := range texts {
		in.Comments = append(in.Comments, submission.Part{Provision: "art-3", Text: text})
	}
	_, err := st.sub.Receive(context.Background(), actor.Public(), in)
	must(st.t, err)
}

func (st *stage) close() { st.clock.Add(31 * 24 * time.Hour) }

// waiting lists the ids of the comments that wait.
func (st *stage) waiting() []string {
	st.t.Helper()
	b, err := st.s.Bench(context.Background(), st.people["officer"], st.slug, adoption.QueueFilter{Limit: 500}, 0, "")
	must(st.t, err)
	var out []string
	for _, w := range b.Queue {
		out = append(out, fmt.Sprint(w.ID))
	}
	return out
}

// answer is what came back.
type answer struct {
	status int
	media  string
	body   string
	url    string
}

func (a answer) json(t *testing.T) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		t.Fatalf("%d %s: %v in %.300s", a.status, a.media, err, a.body)
	}
	return v
}

// api asks as a program; who is empty for the public.
func (st *stage) api(who, method, path string, body any) answer {
	st.t.Helper()
	var raw io.Reader = http.NoBody
	if body != nil {
		b, err := json.Marshal(body)
		must(st.t, err)
		raw = bytes.NewReader(b)
	}
	r, err := http.NewRequest(method, st.base+"/api/v1"+path, raw)
	must(st.t, err)
	r.Header.Set("Content-Type", "application/json")
	if who != "" {
		r.Header.Set("Authorization", "Bearer "+who)
	}
	return read(st.t, http.DefaultClient, r)
}

func read(t *testing.T, client *http.Client, r *http.Request) answer {
	t.Helper()
	res, err := client.Do(r)
	must(t, err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	must(t, err)
	media, _, _ := strings.Cut(res.Header.Get("Content-Type"), ";")
	return answer{res.StatusCode, media, string(b), res.Request.URL.RequestURI()}
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

func (b *browser) get(path string) answer {
	b.st.t.Helper()
	r, err := http.NewRequest("GET", b.st.base+path, nil)
	must(b.st.t, err)
	b.page = read(b.st.t, b.client, r)
	return b.page
}

var guard = regexp.MustCompile(`name="csrf" value="([^"]*)"`)

// post sends a form of the page that is shown, with its hidden guard.
func (b *browser) post(path string, pairs ...string) answer {
	b.st.t.Helper()
	form := url.Values{}
	if m := guard.FindStringSubmatch(b.page.body); m != nil {
		form.Set("csrf", m[1])
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	r, err := http.NewRequest("POST", b.st.base+path, strings.NewReader(form.Encode()))
	must(b.st.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	b.page = read(b.st.t, b.client, r)
	return b.page
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func formatted(n int64) string { return fmt.Sprint(n) }

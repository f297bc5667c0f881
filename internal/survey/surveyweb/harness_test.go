package surveyweb_test

import (
	"bytes"
	"context"
	"encoding/json"
	"html"
	"io"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"guangyi/internal/access"
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
	"guangyi/internal/register"
	"guangyi/internal/submission"
	"guangyi/internal/survey"
	"guangyi/internal/survey/surveyweb"
	"guangyi/views"
	"guangyi/views/assets"
)

var (
	ctx   = context.Background()
	zone  = time.FixedZone("China", 8*3600)
	start = time.Date(2026, 11, 24, 9, 0, 0, 0, zone)
)

const law = "试行办法（征求意见稿）\n\n第一条 为了集思广益，制定本办法。\n第二条 任何人可以提出意见。\n"

// desk is a site with only these pages and one open consultation.
type desk struct {
	t       *testing.T
	site    *web.Site
	clock   *clock.Manual
	cons    *consultation.Service
	subs    *submission.Service
	surveys *survey.Service
	log     *register.Service
	base    string
	slug    string
	people  map[string]actor.Actor
}

func each(t *testing.T, test func(*desk)) {
	t.Helper()
	at := clock.At(start)
	databasetest.EachWith(t, database.Options{Clock: at}, func(t *testing.T, db *database.DB) { test(open(t, db, at)) })
}

func open(t *testing.T, db *database.DB, at *clock.Manual) *desk {
	t.Helper()
	at.Set(start)
	d := &desk{t: t, clock: at, people: map[string]actor.Actor{}}
	gate, err := access.New()
	must(t, err)
	keys, err := seal.Open(ctx, db, t.TempDir())
	must(t, err)
	bundle, err := i18n.Load(views.Locales, "locales", zone)
	must(t, err)
	orgs, drafts := organisation.New(db, gate), draft.New(db, gate)
	d.cons = consultation.New(db, gate, drafts, orgs)
	d.subs = submission.New(db, gate, keys, d.cons, drafts)
	t.Cleanup(d.subs.Close)
	d.log, err = register.New(ctx, db, register.Options{Folder: t.TempDir(), Origin: "guangyi.test/log"})
	must(t, err)
	set, err := assets.Open()
	must(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	d.base = "http://" + l.Addr().String()
	d.site = web.New(web.Options{
		Bundle: bundle, Language: "zh-CN", Zone: zone, Clock: at, Keys: keys, BaseURL: d.base,
		Site: visit.Site{Assets: set}, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Session: d.person, Bearer: d.person, ErrorPage: failure,
	})
	d.surveys = survey.New(db, gate, d.cons, drafts, d.subs)
	surveyweb.Mount(d.site, surveyweb.Services{Surveys: d.surveys, Consultations: d.cons, Drafts: drafts, Organisations: orgs, Keys: keys})
	d.site.Get(assets.Prefix+":name", func(c *web.Ctx) error {
		f, ok := set.File(c.Params("name"))
		if !ok {
			return fault.Missing()
		}
		c.Set("Content-Type", f.ContentType)
		return c.Send(f.Body)
	}, web.Download)
	d.site.Get("/receipts/:number", func(c *web.Ctx) error { // another capability's page
		return c.Render(200, templ.Raw(`<!doctype html><html lang="zh-CN"><title>x</title><main><h1>`+c.Params("number")+`</h1></main></html>`))
	})
	d.site.Finish()
	go func() { _ = d.site.Serve(l) }()
	t.Cleanup(func() { _ = d.site.Shutdown(2 * time.Second) })
	org, err := orgs.Add(ctx, actor.Console(), organisation.Details{Slug: "bureau", Name: "云州市市场监督管理局"})
	must(t, err)
	other, err := orgs.Add(ctx, actor.Console(), organisation.Details{Slug: "elsewhere", Name: "云州市财政局"})
	must(t, err)
	for i, role := range []actor.Role{actor.Officer, actor.Reviewer, actor.Auditor} {
		for name, id := range map[string]int64{"": org.ID, "other-": other.ID} {
			d.people[name+string(role)] = actor.Actor{Kind: actor.Account, ID: int64(10+i) + id, Name: string(role), Grants: []actor.Grant{{Organisation: id, Role: role}}}
		}
	}
	d.prepare(org.ID)
	return d
}

// prepare makes a notice with a question of every kind, not yet submitted.
func (d *desk) prepare(org int64) {
	officer := d.people["officer"]
	c, err := d.cons.ImportDraft(ctx, officer, org, draft.Source{Name: "x.txt", Text: law})
	must(d.t, err)
	text, public, end := "说明", consultation.PublicAtOnce, start.Add(30*24*time.Hour)
	_, err = d.cons.Edit(ctx, officer, c.Slug, consultation.Changes{Background: &text, Explanation: &text, Contact: &text, CommentsPublic: &public, ClosesAt: &end}, 0)
	must(d.t, err)
	d.slug = c.Slug
	_, err = d.surveys.Keep(ctx, officer, c.Slug, questionnaire(), 0)
	must(d.t, err)
}

func questionnaire() survey.In {
	w := func(zh, en string) survey.Words { return survey.Words{Text: zh, Other: en} }
	return survey.In{
		Title: w("您怎么看集思广益", "What you think"), Introduction: w("用来修改草案。", "It serves to change the draft."), Results: survey.Live,
		Questions: []survey.Question{
			{Kind: survey.Single, Label: w("您提过意见吗？", "Have you ever commented?"), Required: true, Provision: "art-2",
				Options: []survey.Option{{Label: w("提过", "Yes")}, {Label: w("没有", "No")}}},
			{Kind: survey.Several, Label: w("您怎样知道这次征集？", "How did you hear of it?"), Most: 2, Other: true,
				Options: []survey.Option{{Label: w("网站", "Web site")}, {Label: w("报纸", "Newspaper")}, {Label: w("朋友", "Friends")}}},
			{Kind: survey.Scale, Label: w("草案好懂吗？", "Is the draft easy to read?"), Points: 5, Low: w("难懂", "hard"), High: w("好懂", "easy")},
			{Kind: survey.Short, Label: w("用一句话说说您的看法", "Your view in a sentence")},
			{Kind: survey.Long, Label: w("还有什么意见？", "Anything else?"), Provision: "art-2"},
		},
	}
}

// publish brings the notice to the public.
func (d *desk) publish() {
	d.t.Helper()
	_, err := d.cons.Apply(ctx, d.people["officer"], d.slug, consultation.Submit, consultation.Note{})
	must(d.t, err)
	_, err = d.cons.Apply(ctx, d.people["reviewer"], d.slug, consultation.Approve, consultation.Note{})
	must(d.t, err)
}

func (d *desk) person(_ context.Context, token string) (actor.Actor, error) {
	if who, ok := d.people[token]; ok {
		return who, nil
	}
	return actor.Actor{}, fault.New(fault.Unauthenticated, "sign_in_first")
}

func failure(_ *visit.Visit, f web.Failure) templ.Component {
	return templ.Raw("<p>" + html.EscapeString(f.Fault.Code) + "</p>")
}

// browser keeps cookies and fills forms, without script.
type browser struct {
	d       *desk
	cookies map[string]string
}

func (d *desk) visitor() *browser { return &browser{d, map[string]string{}} }

func (d *desk) signedIn(who string) *browser {
	return &browser{d, map[string]string{web.SessionCookie: who}}
}

// page is an answer.
type page struct {
	status int
	header http.Header
	body   string
}

func (b *browser) do(r *http.Request) page {
	b.d.t.Helper()
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	res, err := b.d.site.App().Test(r, -1)
	must(b.d.t, err)
	raw, err := io.ReadAll(res.Body)
	must(b.d.t, err)
	for _, c := range res.Cookies() {
		b.cookies[c.Name] = c.Value
	}
	return page{res.StatusCode, res.Header, string(raw)}
}

func (b *browser) get(path string) page {
	b.d.t.Helper()
	return b.do(httptest.NewRequest("GET", path, nil))
}

func (b *browser) post(path string, form url.Values) page {
	b.d.t.Helper()
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(r)
}

func (b *browser) json(method, path, body string, headers ...string) page {
	b.d.t.Helper()
	r := httptest.NewRequest(method, "/api/v1"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return b.do(r)
}

var (
	inputField  = regexp.MustCompile(`<input [^>]*>`)
	attribute   = regexp.MustCompile(`([a-z-]+)="([^"]*)"`)
	selectField = regexp.MustCompile(`(?s)<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>`)
	optionField = regexp.MustCompile(`<option value="([^"]*)"( selected)?`)
	areaField   = regexp.MustCompile(`(?s)<textarea[^>]* name="([^"]*)"[^>]*>\n?(.*?)</textarea>`)
)

// fields are what the page's form would send without being touched.
func (p page) fields() url.Values {
	out := url.Values{}
	for _, tag := range inputField.FindAllString(p.body, -1) {
		at := map[string]string{}
		for _, m := range attribute.FindAllStringSubmatch(tag, -1) {
			at[m[1]] = html.UnescapeString(m[2])
		}
		ticked := at["type"] != "radio" && at["type"] != "checkbox" || strings.Contains(tag, " checked")
		if at["name"] != "" && ticked {
			out.Add(at["name"], at["value"])
		}
	}
	for _, m := range selectField.FindAllStringSubmatch(p.body, -1) {
		for i, o := range optionField.FindAllStringSubmatch(m[2], -1) {
			if i == 0 || o[2] != "" {
				out.Set(m[1], html.UnescapeString(o[1]))
			}
		}
	}
	for _, m := range areaField.FindAllStringSubmatch(p.body, -1) {
		out.Add(m[1], html.UnescapeString(m[2]))
	}
	return out
}

func (p page) element(id string) string {
	m := regexp.MustCompile(`id="` + id + `"[^>]*>([^<]*)<`).FindStringSubmatch(p.body)
	if m == nil {
		return ""
	}
	return m[1]
}

func (p page) decode(t *testing.T) map[string]any {
	t.Helper()
	out := map[string]any{}
	if err := json.Unmarshal([]byte(p.body), &out); err != nil {
		t.Fatalf("%v: %s", err, p.body)
	}
	return out
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// upload posts a file with fields.
func (b *browser) upload(path string, fields map[string]string, name, content string) page {
	b.d.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for k, v := range fields {
		must(b.d.t, w.WriteField(k, v))
	}
	f, err := w.CreateFormFile("file", name)
	must(b.d.t, err)
	_, err = f.Write([]byte(content))
	must(b.d.t, err)
	must(b.d.t, w.Close())
	r := httptest.NewRequest("POST", path, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return b.do(r)
}

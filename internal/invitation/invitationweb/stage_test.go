package invitationweb_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/emersion/go-smtp"
	"github.com/wneessen/go-mail"

	"guangyi/internal/access"
	"guangyi/internal/attachment"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/invitation"
	"guangyi/internal/invitation/invitationweb"
	"guangyi/internal/meeting"
	"guangyi/internal/notice"
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
	"guangyi/internal/procedure"
	"guangyi/policies"
	"guangyi/views"
	"guangyi/views/assets"
)

var (
	ctx   = context.Background()
	zone  = time.FixedZone("Asia/Shanghai", 8*3600)
	start = time.Date(2026, 11, 24, 9, 0, 0, 0, zone)
)

const (
	day   = 24 * time.Hour
	vowed = "我承诺：会议材料和会上讨论的内容，在公布以前不向他人透露。"
)

// stage is a bureau that invites, its pages on a port, and the mail server that
// its letters go to.
type stage struct {
	t           *testing.T
	db          *database.DB
	clock       *clock.Manual
	org, other  organisation.Organisation
	meetings    *meeting.Service
	invitations *invitation.Service
	notices     *notice.Service
	office      *office
	bundle      *i18n.Bundle
	base        string
	people      map[string]actor.Actor
}

// office is a mail server that keeps what it takes.
type office struct {
	mu      sync.Mutex
	letters []taken
}

type taken struct{ to, subject, text, raw string }

func (o *office) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{o: o}, nil }

type session struct {
	o  *office
	to string
}

func (s *session) Mail(string, *smtp.MailOptions) error { return nil }

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if strings.HasPrefix(to, "gone") {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such mailbox"}
	}
	s.to = to
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m, err := mail.EMLToMsgFromString(string(raw))
	if err != nil {
		return err
	}
	l := taken{to: s.to, raw: string(raw)}
	if h := m.GetGenHeader(mail.HeaderSubject); len(h) > 0 {
		if l.subject, err = new(mime.WordDecoder).DecodeHeader(h[0]); err != nil {
			return err
		}
	}
	if parts := m.GetParts(); len(parts) > 0 {
		text, err := parts[0].GetContent()
		if err != nil {
			return err
		}
		l.text = string(text)
	}
	s.o.mu.Lock()
	defer s.o.mu.Unlock()
	s.o.letters = append(s.o.letters, l)
	return nil
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

func (o *office) open(t *testing.T) notice.Post {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	s := smtp.NewServer(o)
	s.Domain = "localhost"
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { s.Close() })
	p, err := notice.NewSMTP("smtp://"+l.Addr().String()+"?from=huiwu@bureau.example", "")
	must(t, err)
	return p
}

// line is the reserves in their order.
type line struct{}

func (line) Next(tx *database.Tx, m *meeting.Meeting, _ []int64) (int64, bool, error) {
	list, err := meeting.ApplicationsIn(tx, m.ID, meeting.Reserve)
	if err != nil || len(list) == 0 {
		return 0, false, err
	}
	slices.SortFunc(list, func(a, b meeting.Application) int { return a.Rank - b.Rank })
	return list[0].ID, true, nil
}

func each(t *testing.T, test func(*stage)) {
	t.Helper()
	at := clock.At(start)
	databasetest.EachWith(t, database.Options{Clock: at}, func(t *testing.T, db *database.DB) {
		at.Set(start)
		test(newStage(t, db, at))
	})
}

// shown runs what a browser shows once: it does not depend on the database.
func shown(t *testing.T, test func(*stage)) {
	t.Helper()
	each(t, func(st *stage) {
		if st.db.Dialect() == database.SQLite {
			test(st)
		}
	})
}

func newStage(t *testing.T, db *database.DB, at *clock.Manual) *stage {
	t.Helper()
	gate, err := access.New()
	must(t, err)
	keys, err := seal.Open(ctx, db, t.TempDir())
	must(t, err)
	files, err := attachment.New(db, gate, t.TempDir())
	must(t, err)
	profiles, err := procedure.Load(policies.Procedures, zone)
	must(t, err)
	orgs, drafts := organisation.New(db, gate), draft.New(db, gate)
	st := &stage{t: t, db: db, clock: at, office: &office{}, people: map[string]actor.Actor{}}
	st.meetings = meeting.New(db, gate, keys, orgs, consultation.New(db, gate, drafts, orgs), drafts)
	st.invitations = invitation.New(invitation.Deps{DB: db, Gate: gate, Keys: keys, Meetings: st.meetings, Reserves: line{}, Files: files,
		Profiles: profiles, Log: slog.New(slog.NewTextHandler(testLog{t}, nil))})
	st.org, err = orgs.Add(ctx, actor.Console(), organisation.Details{Slug: "bureau", Name: "云州市民政局", Lang: "zh-CN", Contact: "办公室　0571-1234 5688"})
	must(t, err)
	st.other, err = orgs.Add(ctx, actor.Console(), organisation.Details{Slug: "elsewhere", Name: "云州市财政局", Lang: "zh-CN"})
	must(t, err)
	for i, role := range []actor.Role{actor.Secretary, actor.Reviewer, actor.Officer, actor.Administrator} {
		st.hire(string(role), int64(10+i), st.org, role)
		st.hire("other-"+string(role), int64(30+i), st.other, role)
	}
	st.serve(keys)
	st.notices = notice.New(db, invitationweb.Letters{Invitations: st.invitations, Bundle: st.bundle, Language: "zh-CN", BaseURL: st.base},
		notice.Posts{Mail: st.office.open(t)}, slog.New(slog.NewTextHandler(testLog{t}, nil)))
	st.invitations.Notify(st.notices)
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
	var err error
	st.bundle, err = i18n.Load(views.Locales, "locales", zone)
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
	site := web.New(web.Options{Bundle: st.bundle, Language: "zh-CN", Zone: zone, Clock: st.clock, Keys: keys, BaseURL: st.base,
		Site: visit.Site{Assets: set}, Log: slog.New(slog.NewTextHandler(testLog{st.t}, nil)), Session: person, Bearer: person, ErrorPage: refusal})
	site.Get(assets.Prefix+":name", func(c *web.Ctx) error {
		f, ok := set.File(c.Params("name"))
		if !ok {
			return fault.Missing()
		}
		c.Set("Content-Type", f.ContentType)
		return c.Send(f.Body)
	}, web.Download)
	invitationweb.Mount(site, invitationweb.Services{Invitations: st.invitations, Meetings: st.meetings, BaseURL: st.base})
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

// called is a published call for which some applied by these addresses; the first
// places of them hold a place, the rest wait as reserves.
func (st *stage) called(places int, emails ...string) (meeting.Meeting, []meeting.Application) {
	st.t.Helper()
	now := st.clock.Now()
	m, err := st.meetings.Prepare(ctx, st.people["secretary"], st.org.ID, meeting.In{
		Title: ptr("请您列席：审议养老服务收费公示办法"), Matter: ptr("养老服务收费公示办法（草案）"), Kind: ptr(meeting.Office), Lang: ptr("zh-CN"),
		Contact: ptr("办公室　0571-1234 5688"), StartsAt: ptr(now.Add(27 * day)), EndsAt: ptr(now.Add(27*day + 2*time.Hour)),
		Place: ptr("云州市人民路100号"), Access: ptr("3楼会议室，有坡道和电梯"), Duties: ptr("可以发言，不参加表决"), Seats: ptr(places),
		Categories: &[]meeting.Category{{Code: "citizen", Name: "市民代表"}}, OpensAt: ptr(now.Add(day)), ClosesAt: ptr(now.Add(9 * day)),
		Privacy: ptr("只用于这次会议"), ForgetAt: ptr(now.Add(30 * day)), AnswerBy: ptr(now.Add(20 * day)), Undertaking: ptr(vowed),
		Seed: &meeting.Seed{Source: "lottery", Name: "福彩3D", Reference: "2026333", KnownAt: now.Add(10 * day)},
	})
	must(st.t, err)
	_, err = st.meetings.Apply(ctx, st.people["secretary"], m.Slug, meeting.Submit, meeting.Note{})
	must(st.t, err)
	m, err = st.meetings.Apply(ctx, st.people["reviewer"], m.Slug, meeting.Approve, meeting.Note{})
	must(st.t, err)
	st.clock.Set(*m.OpensAt)
	var all []meeting.Application
	for i, email := range emails {
		a, _, err := st.meetings.Receive(ctx, actor.Public(), m.Slug, meeting.ApplicationIn{
			Key: fmt.Sprint("key-", i), Category: "citizen", Sex: "female", Consent: true, Lang: "zh-CN",
			Person: meeting.Person{Name: "王" + email[:1], Phone: fmt.Sprintf("138%08d", i), Email: email},
		})
		must(st.t, err)
		all = append(all, a)
	}
	st.clock.Set(m.ClosesAt.Add(day))
	must(st.t, st.db.Write(ctx, st.people["secretary"], func(tx *database.Tx) error {
		m, err = st.meetings.Lock(tx, m.ID)
		must(st.t, err)
		must(st.t, st.meetings.Step(ctx, tx, &m, meeting.Select, meeting.Note{}))
		for i, a := range all {
			to, change := meeting.Chosen, meeting.Change{}
			if i >= places {
				to, change = meeting.Reserve, meeting.Change{Rank: i - places + 1}
			}
			_, err := st.meetings.Move(ctx, tx, &m, a.ID, to, change)
			must(st.t, err)
		}
		return nil
	}))
	return m, all
}

func (st *stage) deliver() {
	st.t.Helper()
	_, err := st.notices.Deliver(ctx)
	must(st.t, err)
}

var linked = regexp.MustCompile(`(/i/[a-z0-9]+)`)

// link is the path of the one in the newest letter to an address.
func (st *stage) link(email string) string {
	st.t.Helper()
	for _, l := range slices.Backward(st.office.letters) {
		if m := linked.FindString(l.text); l.to == email && m != "" {
			return m
		}
	}
	st.t.Fatalf("no letter to %s holds a link: %+v", email, st.office.letters)
	return ""
}

// browser is somebody's browser without scripts.
type browser struct {
	st     *stage
	client *http.Client
}

type answer struct {
	status int
	body   string
	path   string
	header http.Header
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

func (b *browser) do(method, path, contentType, body string) answer {
	b.st.t.Helper()
	r, err := http.NewRequest(method, b.st.base+path, strings.NewReader(body))
	must(b.st.t, err)
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	res, err := b.client.Do(r)
	must(b.st.t, err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	must(b.st.t, err)
	return answer{res.StatusCode, string(raw), res.Request.URL.Path, res.Header}
}

func (b *browser) get(path string) answer { return b.do("GET", path, "", "") }

var token = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// post sends fields with the token of the page at from.
func (b *browser) post(from, path string, fields url.Values) answer {
	b.st.t.Helper()
	page := b.get(from)
	m := token.FindStringSubmatch(page.body)
	if m == nil {
		b.st.t.Fatalf("no form on %s (%d)", from, page.status)
	}
	values := url.Values{"csrf": {m[1]}}
	for k, v := range fields {
		values[k] = v
	}
	return b.do("POST", path, "application/x-www-form-urlencoded", values.Encode())
}

func (st *stage) want(a answer, status int, holds ...string) {
	st.t.Helper()
	if a.status != status {
		st.t.Fatalf("%s: status %d, want %d: %.1500s", a.path, a.status, status, a.body)
	}
	for _, h := range holds {
		if !strings.Contains(a.body, h) {
			st.t.Errorf("%s lacks %q", a.path, h)
		}
	}
}

func (st *stage) lacks(a answer, words ...string) {
	st.t.Helper()
	for _, w := range words {
		if strings.Contains(a.body, w) {
			st.t.Errorf("%s holds %q", a.path, w)
		}
	}
}

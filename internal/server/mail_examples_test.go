package server_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	incoming "guangyi/internal/mailbox"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/imaptest"
)

// mailroom is a mailbox on a mail server of this process, and a service that may
// ask it; the site's own trusts no certificate of a test.
type mailroom struct {
	server  *imaptest.Server
	service *incoming.Service
	account incoming.Account
	slug    string
	sent    int
}

const bureauMail = "advice@own.example"

func (p *place) mailroom(org, slug string) *mailroom {
	p.t.Helper()
	s := p.services
	m := &mailroom{server: imaptest.Memory(p.t, bureauMail), slug: slug}
	m.service = incoming.New(incoming.Deps{
		DB: s.DB, Gate: s.Gate, Keys: s.Keys, Consultations: s.Consultations, Submissions: s.Submissions, Files: s.Attachments,
		Hosts: []string{imaptest.Host}, Roots: m.server.Roots,
	})
	var err error
	m.account, err = m.service.Save(context.Background(), p.acting(org, actor.Administrator), 0, incoming.AccountIn{
		Organisation: p.org(org).ID, Address: bureauMail, Host: imaptest.Host, Port: m.server.Port, Security: incoming.TLS,
		Password: imaptest.Password, Active: true,
	}, 0)
	must(p.t, err)
	return m
}

// post sends a mail and fetches it; it gives the row.
func (m *mailroom) post(p *place, header, body string) string {
	p.t.Helper()
	m.sent++
	raw := fmt.Sprintf("From: %s <sender%d@home.example>\r\nMessage-ID: <%d@home.example>\r\n%s\r\n"+
		"Content-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n", secretName, m.sent, m.sent, header, body)
	m.server.Put(p.t, bureauMail, "INBOX", p.clock.Now(), []byte(raw))
	p.clock.Add(time.Second)
	_, err := m.service.Fetch(context.Background(), m.account.ID)
	must(p.t, err)
	var id string
	must(p.t, p.db().Reader().QueryRow("SELECT MAX(id) FROM mails").Scan(&id))
	return id
}

// to is the header of a mail to the consultation.
func (m *mailroom) to() string { return "To: " + incoming.AddressOf(bureauMail, m.slug) }

// mail is the grid's mailroom, made at the first call.
func (g *grid) mail() *mailroom {
	g.t.Helper()
	if g.mails == nil {
		g.mails = g.mailroom(g.owner, g.slug)
	}
	return g.mails
}

// mailMaker tells how to make what a parameter of the mail's rooms names; nil for
// another room.
func (g *grid) mailMaker(room, name string) func() string {
	switch room + "/" + name {
	case "mails/id": // one that is no submission by itself
		return func() string {
			m := g.mail()
			return m.post(g.place, m.to()+"\r\nSubject: 意见\r\nPrecedence: bulk", secretComment+fmt.Sprint(m.sent))
		}
	case "mailboxes/id":
		return func() string { return fmt.Sprint(g.mail().account.ID) }
	}
	return nil
}

// mailNames adds mails of every sort to the open consultation.
func (x *exhibition) mailNames() {
	x.t.Helper()
	m := x.mailroom("own", x.names["open"])
	x.names["mailbox"] = fmt.Sprint(m.account.ID)
	x.names["mail-taken"] = m.post(x.place, m.to()+"\r\nSubject: 第三条应当写清楚", "摊位费按面积收，不要按天收。\r\n\r\n发自我的iPhone")
	x.names["mail-auto"] = m.post(x.place, m.to()+"\r\nSubject: =?utf-8?B?6Ieq5Yqo5Zue5aSN?=\r\nAuto-Submitted: auto-replied", "我在休假，回来后回复您。")
	x.names["mail-stray"] = m.post(x.place, "To: "+bureauMail+"\r\nSubject: 关于集市", "集市什么时候开？\r\n\r\n"+
		"在 2026-11-24 20:10:10，\"集市意见\" <advice@own.example> 写道：\r\n>请就草案提出意见。\r\n")
	x.names["mail-empty"] = m.post(x.place, m.to(), "")
}

// mailPages are the addresses of the pages of mail.
func mailPages() map[string][]shown {
	const officer, administrator = actor.Officer, actor.Administrator
	room, one := "/staff/consultations/{open}/mail", "/staff/mails/"
	return map[string][]shown{
		"/staff/mail":                     {{"/staff/mail", officer, 0}, {"/staff/mail", administrator, 0}, {"/staff/mail", actor.Auditor, 0}, {"/staff/mail", actor.Secretary, 404}},
		"/staff/mailboxes/new":            {{"/staff/mailboxes/new?organisation=own", administrator, 0}, {"/staff/mailboxes/new", officer, 403}},
		"/staff/mailboxes/:id":            {{"/staff/mailboxes/{mailbox}", administrator, 0}, {"/staff/mailboxes/{mailbox}", officer, 403}},
		"/staff/mails/:id":                {{one + "{mail-taken}", officer, 0}, {one + "{mail-auto}", officer, 0}, {one + "{mail-stray}", officer, 0}, {one + "{mail-empty}", officer, 0}, {one + "1", officer, 404}, {one + "{mail-taken}", actor.Auditor, 403}},
		"/staff/consultations/:slug/mail": {{room, officer, 0}, {"/staff/consultations/{published}/mail", officer, 0}, {room, actor.Reviewer, 403}},
	}
}

// A person who writes by mail gets number and code by mail, and with them the page
// of the receipt.
func TestAMailIsAnsweredWithAReceiptThatOpens(t *testing.T) {
	eachPosted(t, func(p *place, post *mailbox) {
		slug := p.open("own", nil)
		m := p.mailroom("own", slug)
		m.post(p, m.to()+"\r\nSubject: 意见", "摊位费太高。")
		_, err := p.services.Notices.Deliver(context.Background())
		must(p.t, err)
		got := post.of("sender1@home.example")
		if len(got) != 1 {
			p.t.Fatalf("%d letters", len(got))
		}
		number, secret := wordAfter(got[0].text, "受理编号："), wordAfter(got[0].text, "查询码：")
		if number == "" || secret == "" {
			p.t.Fatalf("the letter says %q", got[0].text)
		}
		tracked, err := p.services.Submissions.Track(context.Background(), number, secret)
		if err != nil || tracked.Submission.Channel != "email" {
			p.t.Errorf("number and code of the letter open %+v, %v", tracked.Submission, err)
		}
	})
}

func wordAfter(text, label string) string {
	_, rest, _ := strings.Cut(text, label)
	word, _, _ := strings.Cut(rest, "\n")
	return strings.TrimSpace(word)
}

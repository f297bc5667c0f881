package server_test

import (
	"bytes"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"guangyi/internal/platform/actor"
)

// markup is what an attacker would write into every field.
const markup = `<script>alert(1)</script><img src=x onerror=alert(2)>"'&{{7*7}}`

// formulas are cells that a spreadsheet would run.
var formulas = []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =cmd|' /C calc'!A0"}

// unharmed wants that nothing that people wrote became markup: no script but the
// site's own, and no attribute that runs.
func unharmed(t testing.TB, g *page) {
	t.Helper()
	for _, n := range find(g.doc, func(*html.Node) bool { return true }) {
		if n.Data == "script" && !strings.HasPrefix(attribute(n, "src"), "/") {
			t.Errorf("%s: a script that is not the site's: %s", g.path, innerText(n))
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || strings.HasPrefix(strings.TrimSpace(strings.ToLower(a.Val)), "javascript:") {
				t.Errorf("%s: <%s %s=%q>", g.path, n.Data, a.Key, a.Val)
			}
		}
		if n.Data == "img" && attribute(n, "src") == "x" {
			t.Errorf("%s: what somebody wrote became a picture", g.path)
		}
	}
	if policy := g.header.Get("Content-Security-Policy"); strings.Contains(policy, "unsafe") || !strings.Contains(policy, "script-src 'self'") {
		t.Errorf("%s: the policy lets scripts in: %q", g.path, policy)
	}
}

// Markup in every field that a person can fill is shown as it was typed, on every
// page and in every export (CVE-2026-23891: a name; CVE-2026-45572: staff's text).
func TestMarkupIsText(t *testing.T) {
	eachPlace(t, func(p *place) {
		m := &marked{place: p}
		m.fill()
		for _, path := range m.publicPages() {
			for _, lang := range []string{"zh-CN", "en"} {
				v := p.visitor()
				v.lang = lang
				g := v.open(path)
				unharmed(p.t, g)
			}
		}
		for _, path := range m.staffPages() {
			for _, role := range []actor.Role{actor.Officer, actor.Reviewer, actor.Administrator} {
				if g := p.as("own", role).get(path); g.status == 200 {
					unharmed(p.t, g)
				} else if role == actor.Officer && !strings.HasPrefix(path, "/staff/organisations") {
					p.t.Errorf("the officer gets %s", g)
				}
			}
		}
		m.shown()
		m.exports()
		auditDatabase(p.t, p.db())
	})
}

// marked is a site in which every field holds markup.
type marked struct {
	*place
	slug string
	sent []receipt
}

func (m *marked) fill() {
	m.t.Helper()
	m.names()
	const tags = `<script>alert(1)</script>{{7*7}}`
	m.slug = m.prepare("own", "# "+tags+"\n\n第一条 "+tags+"\n\n第二条 "+tags+"\n\n第三条 本办法自公布之日起施行。\n")
	m.approve("own", m.slug, map[string]any{
		"title": "办法" + markup, "ask": markup, "background": markup, "explanation": markup, "changes": markup, "contact": markup, "privacy": markup,
		"channels": []map[string]any{{"channel": "web"}, {"channel": "letter", "detail": markup}},
	})
	say := said(markup + "网页")
	say["name"], say["region"], say["publish_name"] = []string{markup}, []string{markup}, []string{"on"}
	say["kind"] = []string{"enterprise"} // a body's name is published in full
	m.sent = append(m.sent, m.visitor().comment(m.slug, say))
	body := letter(markup + "接口")
	body["submitter"] = map[string]any{"kind": "organisation", "name": markup, "region": markup, "publish_name": true}
	body["comments"].([]map[string]any)[0]["proposed_text"] = markup
	m.sent = append(m.sent, m.send(m.slug, "markup", body))
	for i, f := range formulas {
		m.sent = append(m.sent, m.send(m.slug, fmt.Sprint("formula", i), letter(f+" 公式")))
	}
	m.clock.Add(period + time.Second)
	clear(m.visitors) // whoever had signed in signs in anew after a month
	ids := m.commentIDs("own", m.slug)
	id := m.gather("own", m.slug, markup, ids[0], ids[1])
	m.settle("own", id, disposition{Code: "not_adopted", Reason: markup})
	for i, c := range ids[2:] {
		id := m.gather("own", m.slug, formulas[i%len(formulas)]+" 归纳", c)
		m.settle("own", id, disposition{Code: "answered", Reason: formulas[i%len(formulas)] + " 答复"})
	}
	m.finish("own", m.slug)
}

// names puts markup into what staff are called by.
func (m *marked) names() {
	m.t.Helper()
	officer, admin := m.as("own", actor.Officer), m.as("own", actor.Administrator)
	name := markup[:60] // the longest name
	g := officer.open("/my/account")
	if got := officer.send(g, g.formTo(m.t, "/my/account/name"), "", url.Values{"name": {name}}); got.status != 303 {
		m.t.Fatalf("the name was refused: %s", got)
	}
	g = admin.open("/staff/organisations/own/settings")
	if got := admin.send(g, g.formWith(m.t, "contact"), "", url.Values{"contact": {markup}}); got.status != 303 {
		m.t.Fatalf("the settings were refused: %s", got)
	}
	g = admin.open("/staff/organisations/own/tokens")
	got := admin.send(g, g.formWith(m.t, "name", "scope"), "", url.Values{"name": {markup}, "scope": {"read"}})
	if got.status != 200 && got.status != 201 && got.status != 303 {
		m.t.Fatalf("the token was refused: %s", got)
	}
	unharmed(m.t, got)
}

func (m *marked) publicPages() []string {
	at := "/consultations/" + m.slug
	return []string{"/", "/consultations", at, at + "/draft", at + "/comments", at + "/summary", at + "/suggestions/1",
		"/consultations?q=" + url.QueryEscape(markup), "/consultations?status=" + url.QueryEscape(markup), "/signin?next=" + url.QueryEscape("/"+markup),
		"/receipts?number=" + url.QueryEscape(markup), "/consultations?cursor=" + url.QueryEscape(markup), "/consultations?limit=" + url.QueryEscape(markup)}
}

func (m *marked) staffPages() []string {
	at := "/staff/consultations/" + m.slug
	return []string{"/staff", "/my/account", "/staff/organisations", "/staff/organisations/own/settings", "/staff/organisations/own/accounts", "/staff/organisations/own/tokens", "/staff/consultations", at, at + "/submissions", at + "/workbench", at + "/suggestions", at + "/review", at + "/summary", at + "/record", at + "/draft",
		"/staff/consultations?q=" + url.QueryEscape(markup), at + "/submissions?q=" + url.QueryEscape(markup)}
}

// shown wants the words as they were typed where they are shown.
func (m *marked) shown() {
	m.t.Helper()
	at := "/consultations/" + m.slug
	for path, text := range map[string]string{at: markup, at + "/draft": "<script>alert(1)</script>", at + "/comments": markup + "接口", at + "/summary": markup} {
		if g := m.visitor().open(path); !g.reads(text) {
			m.t.Errorf("%s does not show what was typed: %s", path, g)
		}
	}
	for _, r := range m.sent[:2] {
		v := m.visitor()
		g := v.open("/receipts")
		f, ok := formLike(g, "number", "secret")
		if !ok {
			m.t.Fatalf("no form for a receipt: %s", g)
		}
		got := v.follow(v.send(g, f, "", url.Values{"number": {r.Number}, "secret": {r.Secret}}))
		unharmed(m.t, got)
		if !got.reads(markup) {
			m.t.Errorf("the receipt does not show what was typed: %s", got)
		}
	}
	if body := m.ask("GET", "/feeds/consultations.atom", "", nil).body; bytes.Contains(body, []byte("<script>")) {
		m.t.Error("markup stands in the feed")
	}
}

// exports wants every cell that a spreadsheet would run as text.
func (m *marked) exports() {
	m.t.Helper()
	files := map[string][]byte{"summary.csv": m.ask("GET", "/consultations/"+m.slug+"/summary.csv", "", nil).body}
	for _, what := range []string{"summary", "submissions"} {
		file := filepath.Join(m.t.TempDir(), "out.csv")
		m.cli("export", what, "--consultation", m.slug, "--format", "csv", "-o", file)
		raw, err := os.ReadFile(file)
		must(m.t, err)
		files[what] = raw
	}
	for name, raw := range files {
		rows := table(m.t, raw)
		if len(rows) == 0 {
			m.t.Errorf("%s is empty", name)
		}
		for _, row := range rows {
			for column, cell := range row {
				if begins := strings.TrimLeft(cell, " \u00a0\u3000"); begins != "" && strings.ContainsAny(begins[:1], "=+-@\t\r") {
					m.t.Errorf("%s: the cell %s is run by a spreadsheet: %q", name, column, cell)
				}
			}
		}
	}
}

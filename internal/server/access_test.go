package server_test

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/platform/web"
)

var update = flag.Bool("update", false, "write the golden files anew")

// staffRoles and publicRoles are who has a page of the site open.
var (
	publicRoles = []actor.Role{actor.Member, actor.Representative}
	staffRoles  = []actor.Role{actor.Administrator, actor.Officer, actor.Reviewer, actor.Signer, actor.Legal, actor.Secretary, actor.Auditor}
)

// words that must not get where they do not belong.
const (
	secretTitle   = "尚未公布的草案甲乙丙"
	secretComment = "只给承办单位看的意见丁戊己"
)

// asker is who asks for a route: a browser or a program.
type asker struct {
	name  string // as the column is called
	own   bool   // of the organisation whose things are asked for
	role  actor.Role
	who   *visitor
	csrf  string
	jar   []*http.Cookie // as after signing in
	token string
}

// cell is what one asker got.
type cell struct {
	status int
	body   string
	to     string // where a redirect leads
}

// row is one route with everybody's answer.
type accessRow struct {
	route web.RouteInfo
	cells map[string]cell // by column; "/other" behind those of the other organisation
}

// grid asks every route as everybody. A fresh object is made after each request
// that changed one, so that no answer depends on an earlier one.
type grid struct {
	*place
	owner        string // whose things are asked for
	slug, hidden string // a public and a prepared consultation of it
	meeting      meeting.Meeting
	guests       []meeting.Application // of it, untouched
	mails        *mailroom
	tables       int
	fixed        map[string]string
	made         int
	names        []string
	askers       []asker
	programs     []asker
}

func newGrid(t *testing.T, target string) *grid {
	t.Helper()
	g := &grid{place: newPlace(t, target), owner: "own", fixed: map[string]string{}}
	g.org("own")
	g.org("other")
	g.hidden = g.prepare("own", rules)
	g.slug = g.hidden
	g.fixed["attachments/id"] = g.newAttachment()
	g.approve("own", g.slug, map[string]any{"comments_public": "no"})
	g.hidden = g.prepare("own", "# "+secretTitle+"\n\n"+rules)
	g.send(g.slug, "secret", letter(secretComment))
	g.everybody()
	return g
}

func (g *grid) everybody() {
	anonymous := g.visitor()
	g.askers = append(g.askers, asker{name: "anonymous", own: true, role: actor.Nobody, who: anonymous, csrf: anonymous.guard()})
	g.programs = append(g.programs, asker{name: "anonymous", own: true, role: actor.Nobody})
	for _, org := range []string{"own", "other"} {
		for _, role := range append(slices.Clone(publicRoles), staffRoles...) {
			v := g.as(org, role)
			g.askers = append(g.askers, asker{name: string(role), own: org == "own", role: role, who: v, csrf: v.guard(), jar: v.cookies()})
			g.programs = append(g.programs, asker{name: string(role), own: org == "own", role: role, token: g.token(org, role)})
		}
		for _, s := range actor.Scopes {
			g.programs = append(g.programs, asker{name: "scope:" + string(s), own: org == "own", token: g.scoped(org, s)})
		}
	}
	operator := g.as("own", actor.Operator)
	g.askers = append(g.askers, asker{name: "operator", own: true, role: actor.Operator, who: operator, csrf: operator.guard(), jar: operator.cookies()})
}

// column is where an asker's answer stands.
func (a asker) column() string {
	if a.own {
		return a.name
	}
	return a.name + "/other"
}

// request sends one request with a valid guard and nothing in it but, where there
// are several, the name of an event.
func (g *grid) request(r web.RouteInfo, path string, a asker) cell {
	g.t.Helper()
	if r.API {
		var body any
		if r.Method != "GET" {
			body = map[string]any{}
		}
		if event := eventFor(r); event != "" {
			body = map[string]any{"event": event}
		}
		got := g.call(r.Method, path, a.token, body)
		return cell{got.status, string(got.body), ""}
	}
	if r.Method == "GET" {
		got := a.who.get(path)
		return cell{got.status, got.body, got.header.Get("Location")}
	}
	sessions := g.sessions()
	values := url.Values{"csrf": {a.csrf}}
	if event := eventFor(r); event != "" {
		values.Set("event", event)
	}
	if r.Path == "/signin" {
		g.upkeep("DELETE FROM sign_in_failures") // or the tenth refusal is another one
	}
	got := a.who.post(path, values)
	if g.sessions() != sessions { // it signed somebody out: back in, with the same token
		g.restore()
		a.who.keep(a.jar)
	}
	return cell{got.status, got.body, got.header.Get("Location")}
}

// eventFor names an event where who may do it depends on the event.
func eventFor(r web.RouteInfo) string {
	switch {
	case strings.HasSuffix(r.Path, "/events"):
		return "submit"
	case r.Method == "POST" && strings.HasSuffix(r.Path, "/review"):
		return "decide"
	}
	return ""
}

// table asks every route of the site as everybody.
func (g *grid) table() []accessRow {
	g.t.Helper()
	g.keep()
	var out []accessRow
	for _, r := range g.site.Routes() {
		row := accessRow{r, map[string]cell{}}
		askers := g.askers
		if r.API {
			askers = g.programs
		}
		path := g.address(r)
		for _, a := range askers {
			c := g.request(r, path, a)
			if c.status < 400 && r.Method != "GET" { // it may have changed the thing: the next asks for another
				path = g.address(r)
			}
			row.cells[a.column()] = c
		}
		out = append(out, row)
	}
	return out
}

// line writes a row: METHOD path  anonymous=303 member=404 officer=200/404 …
func (r accessRow) line() string {
	order := []string{"anonymous"}
	for _, role := range append(slices.Clone(publicRoles), staffRoles...) {
		order = append(order, string(role))
	}
	order = append(order, "operator")
	for _, s := range actor.Scopes {
		order = append(order, "scope:"+string(s))
	}
	line := r.route.Method + " " + r.route.Path + " "
	for _, name := range order {
		own, ok := r.cells[name]
		if !ok {
			continue
		}
		line += fmt.Sprintf(" %s=%d", name, own.status)
		if other, ok := r.cells[name+"/other"]; ok && other.status != own.status {
			line += fmt.Sprintf("/%d", other.status)
		}
	}
	return line
}

// Who gets what, for every route that the router has. A new route fails here
// until somebody looked at its line.
func TestAccessTable(t *testing.T) {
	golden := filepath.Join("testdata", "access.golden")
	var lines []string
	databasetest.EachTarget(t, func(t *testing.T, target string) {
		g := newGrid(t, target)
		rows := g.table()
		lines = nil
		for _, r := range rows {
			lines = append(lines, r.line())
		}
		g.rules(rows)
		if !*update {
			compareLines(t, golden, lines)
		}
		auditDatabase(t, g.db())
	})
	if *update {
		head := "# Who gets which status: own organisation, then other where it differs. Written by go test -run TestAccessTable -update; read each line.\n"
		must(t, os.WriteFile(golden, []byte(head+strings.Join(lines, "\n")+"\n"), 0o644))
	}
}

func compareLines(t *testing.T, golden string, lines []string) {
	t.Helper()
	raw, err := os.ReadFile(golden)
	must(t, err)
	known := map[string]string{}
	for _, l := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		if !strings.HasPrefix(l, "#") {
			known[routeOf(l)] = l
		}
	}
	for _, l := range lines {
		want, ok := known[routeOf(l)]
		switch {
		case !ok:
			t.Errorf("a route that nobody looked at: %s", l)
		case want != l:
			t.Errorf("access changed\nwas %s\nis  %s", want, l)
		}
		delete(known, routeOf(l))
	}
	for _, l := range known {
		t.Errorf("the route is gone: %s", l)
	}
}

func routeOf(line string) string {
	route, _, _ := strings.Cut(line, "  ")
	return route
}

// sessions counts the sessions in force.
func (g *grid) sessions() int { return countOf(g.t, g.db(), "SELECT COUNT(*) FROM sessions") }

// keep and restore put the table of sessions aside and back: signing everybody
// in anew would take a second each.
func (g *grid) keep() {
	g.t.Helper()
	g.upkeep("DROP TABLE IF EXISTS kept_sessions", "CREATE TABLE kept_sessions AS SELECT * FROM sessions")
	g.t.Cleanup(func() { g.upkeep("DROP TABLE kept_sessions") })
}

func (g *grid) restore() {
	g.t.Helper()
	g.upkeep("DELETE FROM sessions", "INSERT INTO sessions SELECT * FROM kept_sessions")
}

func (g *grid) upkeep(statements ...string) {
	g.t.Helper()
	must(g.t, g.db().Upkeep(context.Background(), func(tx *database.Tx) error {
		for _, s := range statements {
			if err := tx.Exec(s).Error; err != nil {
				return err
			}
		}
		return nil
	}))
}

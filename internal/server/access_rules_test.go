package server_test

import (
	"slices"
	"strings"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/web"
)

// rules are what must hold of the whole table, whatever its lines say.
func (g *grid) rules(rows []accessRow) {
	for _, r := range rows {
		g.noFault(r)
		g.strangersAreAlike(r)
		g.auditorChangesNothing(r)
		g.operatorSeesNoContent(r)
		g.nothingLeaks(r)
		g.nobodyEntersTheStaffSide(r)
		g.scopesAreHeld(r)
	}
	g.preparedIsHidden()
}

func (g *grid) noFault(r accessRow) {
	for name, c := range r.cells {
		if c.status >= 500 && c.status != 501 {
			g.t.Errorf("%s %s as %s: %d", r.route.Method, r.route.Path, name, c.status)
		}
	}
}

// belongs reports whether a route is about a thing of one organisation.
func belongsTo(r web.RouteInfo) bool { return strings.Contains(r.Path, ":") }

func staffSide(r web.RouteInfo) bool { return strings.HasPrefix(r.Path, "/staff") }

// What another organisation's people get is what a stranger gets, whatever they
// are at home (CVE-2026-45414: a token of one organisation read another's).
func (g *grid) strangersAreAlike(r accessRow) {
	if !belongsTo(r.route) {
		return
	}
	stranger := r.cells["member/other"]
	for _, role := range staffRoles {
		if c := r.cells[string(role)+"/other"]; c.status != stranger.status {
			g.t.Errorf("%s %s: the other organisation's %s gets %d, a stranger %d", r.route.Method, r.route.Path, role, c.status, stranger.status)
		}
	}
	if staffSide(r.route) && stranger.status != 404 {
		g.t.Errorf("%s %s: a stranger gets %d, not 404", r.route.Method, r.route.Path, stranger.status)
	}
}

// publicForms are what anybody may send, and own account what everybody signed in may.
func publicForm(path string) bool {
	for _, prefix := range []string{"/signin", "/signout", "/my/", "/receipts", "/language", "/consultations/:slug/comment", "/consultations/:slug/survey", "/api/v1/consultations/:slug/survey/responses", "/consultations/:slug/not-me", "/api/v1/consultations/:slug/not-me", "/api/v1/receipts/", "/consultations/:slug/receipt", "/api/v1/consultations/:slug/submissions", "/api/v1/consultations/:slug/files", "/representatives/:slug/apply", "/i/", "/f/", "/s/", "/applications", "/meetings/:slug/apply", "/meetings/:slug/draw/full", "/api/v1/applications/"} {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return path == "/api/v1/meetings/:slug/applications"
}

// The auditor reads all and changes nothing: refused before the content is even
// looked at.
func (g *grid) auditorChangesNothing(r accessRow) {
	if r.route.Method == "GET" || publicForm(r.route.Path) {
		return
	}
	if c := r.cells[string(actor.Auditor)]; c.status != 403 && c.status != 404 {
		g.t.Errorf("%s %s: the auditor gets %d, not 403 or 404", r.route.Method, r.route.Path, c.status)
	}
}

func (g *grid) operatorSeesNoContent(r accessRow) {
	c, ok := r.cells[string(actor.Operator)]
	if !ok {
		return
	}
	for _, word := range []string{secretTitle, secretComment} {
		if strings.Contains(c.body, word) {
			g.t.Errorf("%s %s: the operator reads %q", r.route.Method, r.route.Path, word)
		}
	}
	if staffSide(r.route) && belongsTo(r.route) && strings.Contains(r.route.Path, "/consultations/") && c.status != 404 && c.status != 403 {
		g.t.Errorf("%s %s: the operator gets %d", r.route.Method, r.route.Path, c.status)
	}
}

// What is not public reaches nobody but the organisation's own people. A sender
// reads the own words on the receipt, for which one needs its secret.
func (g *grid) nothingLeaks(r accessRow) {
	for name, c := range r.cells {
		stranger := strings.HasSuffix(name, "/other") || slices.Contains([]string{"anonymous", "member", "representative"}, name)
		if !stranger {
			continue
		}
		for _, word := range []string{secretTitle, secretComment} {
			if strings.Contains(c.body, word) {
				g.t.Errorf("%s %s: %s reads %q", r.route.Method, r.route.Path, name, word)
			}
		}
	}
}

func (g *grid) nobodyEntersTheStaffSide(r accessRow) {
	anonymous := r.cells["anonymous"]
	switch {
	case staffSide(r.route) && r.route.Method == "GET":
		if anonymous.status != 303 || !strings.HasPrefix(anonymous.to, "/signin") {
			g.t.Errorf("GET %s: a stranger gets %d %s, not the way to sign in", r.route.Path, anonymous.status, anonymous.to)
		}
	case staffSide(r.route):
		if anonymous.status != 401 {
			g.t.Errorf("%s %s: a stranger gets %d, not 401", r.route.Method, r.route.Path, anonymous.status)
		}
	case r.route.API && r.route.Method != "GET" && !publicForm(r.route.Path):
		if anonymous.status != 401 {
			g.t.Errorf("%s %s: without a token %d, not 401", r.route.Method, r.route.Path, anonymous.status)
		}
	}
	for _, role := range publicRoles {
		if c := r.cells[string(role)]; staffSide(r.route) && c.status < 400 {
			g.t.Errorf("%s %s: a %s gets %d", r.route.Method, r.route.Path, role, c.status)
		}
	}
}

// A token is held to its scopes: one that reads changes nothing, one that reviews
// or publishes does no officer's act.
func (g *grid) scopesAreHeld(r accessRow) {
	if !r.route.API || r.route.Method == "GET" || publicForm(r.route.Path) {
		return
	}
	if c := r.cells["scope:read"]; c.status != 403 && c.status != 404 {
		g.t.Errorf("%s %s: a token that reads gets %d", r.route.Method, r.route.Path, c.status)
	}
	for _, scope := range []string{"scope:review", "scope:publish"} {
		if c := r.cells[scope]; c.status != 403 && c.status != 404 {
			g.t.Errorf("%s %s: a token with %s gets %d", r.route.Method, r.route.Path, scope, c.status)
		}
	}
}

// Nothing of a consultation in preparation is there for strangers, on any route.
func (g *grid) preparedIsHidden() {
	g.t.Helper()
	public := g.slug
	g.slug = g.hidden
	defer func() { g.slug = public }()
	for _, r := range g.site.Routes() {
		if r.Method != "GET" || !strings.Contains(r.Path, "consultations/:slug") || strings.Contains(r.Path, ":id") {
			continue
		}
		askers := g.askers
		if r.API {
			askers = g.programs
		}
		for _, a := range askers {
			home := a.own && (slices.Contains(staffRoles, a.role) || strings.HasPrefix(a.name, "scope:"))
			if home {
				continue
			}
			c := g.request(r, g.address(r), a)
			if c.status < 400 && !strings.HasPrefix(c.to, "/signin") {
				g.t.Errorf("%s of a consultation in preparation: %s gets %d %s", r.Path, a.column(), c.status, c.to)
			}
		}
	}
}

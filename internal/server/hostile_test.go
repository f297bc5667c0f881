package server_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/web"
)

// problem wants a problem document (RFC 9457) with the status.
func problem(t testing.TB, what string, a answer, status int) {
	t.Helper()
	if a.status != status {
		t.Errorf("%s: want %d, got %s", what, status, a)
		return
	}
	if kind := a.header.Get("Content-Type"); !strings.HasPrefix(kind, "application/problem+json") {
		t.Errorf("%s: the refusal is %s, not a problem document", what, kind)
		return
	}
	doc := a.object(t)
	if doc["title"] == "" || doc["type"] == "" || doc["status"] != float64(status) {
		t.Errorf("%s: %s", what, a)
	}
	if strings.Contains(fmt.Sprint(doc["title"]), "error.") {
		t.Errorf("%s: the catalogue has no words for it: %s", what, a)
	}
}

// refused wants a page with the status that says in words what it is.
func refused(t testing.TB, what string, g *page, status int) {
	t.Helper()
	if g.status != status {
		t.Errorf("%s: want %d, got %s", what, status, g)
		return
	}
	title := innerText(g.main())
	if len(find(g.doc, named("h1"))) != 1 || strings.Contains(title, "error.") {
		t.Errorf("%s: the page says nothing clear: %s", what, g)
	}
}

// hostileSite is one site for the tests of bad input: an open consultation of own
// and of other, each with a submission and a suggestion.
type hostileSite struct {
	*place
	slug, theirs string
	sent         receipt
}

func eachHostile(t *testing.T, test func(*hostileSite)) {
	t.Helper()
	eachPlace(t, func(p *place) {
		h := &hostileSite{place: p, slug: p.open("own", nil), theirs: p.open("other", nil)}
		h.sent = p.send(h.slug, "first", letter("摊位费太高了。"))
		p.send(h.theirs, "first", letter("他们的意见。"))
		test(h)
		auditDatabase(p.t, p.db())
	})
}

func (h *hostileSite) submissions() string {
	return api + "/consultations/" + h.slug + "/submissions"
}

func (h *hostileSite) countSubmissions() int {
	h.t.Helper()
	return countOf(h.t, h.db(), "SELECT COUNT(*) FROM submissions")
}

func TestWrongMethods(t *testing.T) {
	eachHostile(t, func(h *hostileSite) {
		problem(h.t, "DELETE of a consultation", h.call("DELETE", api+"/consultations/"+h.slug, "", nil), 405)
		problem(h.t, "PUT of a submission", h.call("PUT", h.submissions(), "", letter("x")), 405)
		a := h.call("DELETE", "/consultations/"+h.slug, "", nil)
		if a.status != 405 || !strings.Contains(a.header.Get("Allow"), "GET") {
			h.t.Errorf("DELETE of a page: %s, Allow: %s", a, a.header.Get("Allow"))
		}
		v := h.visitor()
		refused(h.t, "POST of a page", v.post("/consultations/"+h.slug, url.Values{"csrf": {v.guard()}}), 405)
		for _, path := range []string{"/", "/consultations", "/consultations/" + h.slug, api + "/consultations"} {
			if a := h.call("HEAD", path, "", nil); a.status != 200 || len(a.body) != 0 {
				h.t.Errorf("HEAD %s: %s", path, a)
			}
			if a := h.call("BREW", path, "", nil); a.status >= 500 || a.status < 400 {
				h.t.Errorf("BREW %s: %s", path, a)
			}
		}
	})
}

func TestBodiesThatAreTooLarge(t *testing.T) {
	eachHostile(t, func(h *hostileSite) {
		for path, kind := range map[string]string{
			h.submissions(): "application/json", "/consultations/" + h.slug + "/comment": "application/x-www-form-urlencoded", "/signin": "application/x-www-form-urlencoded",
		} {
			if status := h.announce(path, kind, 64<<20); status != 413 {
				h.t.Errorf("POST of 64 MiB to %s: %d", path, status)
			}
		}
		if n := h.countSubmissions(); n != 2 {
			h.t.Errorf("%d submissions", n)
		}
	})
}

// announce says how long a body will be and reads the answer, which must come
// before the body is there.
func (h *hostileSite) announce(path, kind string, length int) int {
	h.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(h.base, "http://"))
	must(h.t, err)
	defer conn.Close()
	must(h.t, conn.SetDeadline(time.Now().Add(20*time.Second)))
	_, err = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\nthe first bytes", path, kind, length)
	must(h.t, err)
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	must(h.t, err)
	resp.Body.Close()
	return resp.StatusCode
}

func TestTextThatNobodyCanRead(t *testing.T) {
	eachHostile(t, func(h *hostileSite) {
		v := h.visitor()
		guard := v.guard()
		for name, bad := range map[string]string{"malformed UTF-8": "a\xff\xfeb", "half a sign": "\xe6\x84", "U+0000": "a\x00b", "a surrogate": "\xed\xa0\x80"} {
			got := v.post("/consultations/"+h.slug+"/comment", url.Values{"csrf": {guard}, "text": {"完好的话" + bad}})
			refused(h.t, "a form with "+name, got, 400)
			if !strings.Contains(got.body, "完好的话") {
				h.t.Errorf("a form with %s: what can be read is lost", name)
			}
			refused(h.t, "a query with "+name, v.get("/consultations?q="+url.QueryEscape(bad)), 400)
			body := []byte(`{"submitter":{"kind":"individual"},"consent":true,"comments":[{"text":"` + bad + `"}]}`)
			problem(h.t, "JSON with "+name, h.call("POST", h.submissions(), "", body, "Idempotency-Key", "bad"), 400)
			if a := h.call("GET", "/consultations/"+url.PathEscape(bad), "", nil); a.status != 400 && a.status != 404 {
				h.t.Errorf("an address with %s: %s", name, a)
			}
			if a := h.call("GET", api+"/receipts/"+url.PathEscape(bad), "", nil, "Receipt-Secret", "x"); a.status != 400 && a.status != 404 {
				h.t.Errorf("a receipt with %s: %s", name, a)
			}
		}
		escaped := []byte(`{"submitter":{"kind":"individual"},"consent":true,"comments":[{"text":"a\u0000b"}]}`)
		problem(h.t, "JSON with an escaped U+0000", h.call("POST", h.submissions(), "", escaped, "Idempotency-Key", "bad"), 400)
		if n := h.countSubmissions(); n != 2 {
			h.t.Errorf("%d submissions", n)
		}
	})
}

func TestJSONThatIsNone(t *testing.T) {
	eachHostile(t, func(h *hostileSite) {
		deep := strings.Repeat("[", 100000) + strings.Repeat("]", 100000)
		for name, body := range map[string]string{
			"nothing": "", "half": `{"comments":`, "a list": `[]`, "a word": `"x"`, "null": `null`, "twice": `{}{}`, "100,000 brackets": deep,
			"a wrong type": `{"comments":"x"}`, "a wrong member": `{"comments":[{"text":7}]}`, "a huge number": `{"version":1e400}`, "no comments": `{"consent":true}`,
		} {
			a := h.call("POST", h.submissions(), "", []byte(body), "Idempotency-Key", "bad")
			if a.status != 400 && a.status != 422 {
				h.t.Errorf("%s as a submission: %s", name, a)
				continue
			}
			problem(h.t, name, a, a.status)
		}
		for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml"} {
			problem(h.t, "JSON called "+kind, h.call("POST", h.submissions(), "", letter("x"), "Content-Type", kind), 415)
			if !strings.Contains(kind, "form") {
				v := h.visitor()
				req := v.formRequest("/consultations/"+h.slug+"/comment", url.Values{"text": {"x"}})
				req.Header.Set("Content-Type", kind)
				refused(h.t, "a form called "+kind, v.do(req), 415)
			}
		}
	})
}

func TestCommentsThatAreTooLong(t *testing.T) {
	eachHostile(t, func(h *hostileSite) {
		long := strings.Repeat("长", 100000)
		a := h.call("POST", h.submissions(), "", letter(long), "Idempotency-Key", "long")
		problem(h.t, "100,000 signs", a, 422)
		if f := a.fields(h.t); len(f) != 1 || f[0] != "comments[0].text" {
			h.t.Errorf("100,000 signs: the fields %v", f)
		}
		v := h.visitor()
		g := v.open("/consultations/" + h.slug + "/comment")
		got := v.step(g, said(long))
		refused(h.t, "100,000 signs", got, 422)
		if f, _ := v.commentForm(got); f == nil || f.values.Get("text") != long {
			h.t.Error("the page with the refusal does not hold every sign that was typed")
		}
		many := make([]string, 51)
		for i := range many {
			many[i] = "一条"
		}
		problem(h.t, "51 comments", h.call("POST", h.submissions(), "", letter(many...), "Idempotency-Key", "many"), 422)
		for name, text := range map[string]string{"nothing": "", "white space": " \n\t　", "signs of no width": "\u200b\u200d"} {
			problem(h.t, name, h.call("POST", h.submissions(), "", letter(text), "Idempotency-Key", "empty"), 422)
			refused(h.t, name, v.step(v.open("/consultations/"+h.slug+"/comment"), said(text)), 422)
		}
		problem(h.t, "a key of 256 bytes", h.call("POST", h.submissions(), "", letter("x"), "Idempotency-Key", strings.Repeat("k", 256)), 422)
		if n := h.countSubmissions(); n != 2 {
			h.t.Errorf("%d submissions", n)
		}
	})
}

func TestWhatIsNotThere(t *testing.T) {
	eachHostile(t, func(h *hostileSite) {
		officer := h.as("own", actor.Officer)
		v := h.visitor()
		for _, slug := range []string{"no-such", "NO", strings.Repeat("a", 300), "..", "%2e%2e%2f", "a'b", "1;drop", "早市"} {
			for _, path := range []string{"/consultations/%s", "/consultations/%s/draft", "/consultations/%s/comment", "/consultations/%s/summary"} {
				g := v.follow(v.get(fmt.Sprintf(path, url.PathEscape(slug))))
				if g.status != 404 && !(slug == ".." && g.status < 400) {
					h.t.Errorf("%s: %s", path, g)
				}
			}
			if a := h.call("GET", api+"/consultations/"+url.PathEscape(slug), "", nil); a.status != 404 && slug != ".." {
				h.t.Errorf("the API for %q: %s", slug, a)
			}
		}
		refused(h.t, "an unknown page", v.get("/no-such-page"), 404)
		problem(h.t, "an unknown address of the API", h.call("GET", api+"/no-such", "", nil), 404)
		refused(h.t, "an unknown consultation of staff", officer.get("/staff/consultations/no-such"), 404)
		problem(h.t, "an unknown provision", h.call("POST", h.submissions(), "", map[string]any{
			"submitter": map[string]any{"kind": "individual"}, "consent": true, "comments": []map[string]any{{"provision": "art-999", "text": "x"}}}), 422)
		problem(h.t, "an unknown version", h.call("POST", h.submissions(), "", map[string]any{
			"submitter": map[string]any{"kind": "individual"}, "consent": true, "version": 99, "comments": []map[string]any{{"text": "x"}}}), 422)
		for _, query := range []string{"?cursor=x", "?cursor=-1", "?limit=0", "?limit=x", "?limit=100000000000000000000", "?status=none", "?organisation=none", "?q=%25_%5C'\"", "?lang=xx", "?version=x"} {
			for _, path := range []string{"/consultations", "/consultations/" + h.slug + "/draft", api + "/consultations", api + "/consultations/" + h.slug + "/provisions", "/consultations/" + h.slug + "/comments"} {
				if a := h.call("GET", path+query, "", nil); a.status >= 500 {
					h.t.Errorf("GET %s%s: %s", path, query, a)
				}
			}
		}
	})
}

// Every route that takes an identifier refuses one of another organisation and
// one that is none, to a member of staff and to a program alike.
func TestForgedIdentifiers(t *testing.T) {
	eachPlace(t, func(p *place) {
		theirs := gridOf(p, "other")
		ours := gridOf(p, "own")
		officer := p.as("own", actor.Officer)
		guard := officer.guard()
		for _, r := range p.site.Routes() {
			if !strings.Contains(r.Path, ":id") {
				continue
			}
			for _, path := range forged(r, ours, theirs) {
				status := p.forge(r, path, officer, guard)
				late := status == 409 && strings.Contains(path, ours.slug) // one's own, but not now
				if status != 404 && status != 403 && !late {
					p.t.Errorf("%s %s: %d", r.Method, path, status)
				}
			}
		}
		if n := countOf(p.t, p.db(), "SELECT COUNT(*) FROM audit_entries WHERE actor_kind IN ('account', 'token') AND actor_id = "+fmt.Sprint(p.person("own", actor.Officer).ID)+
			" AND consultation_id IN (SELECT id FROM consultations WHERE organisation_id = "+fmt.Sprint(p.org("other").ID)+")"); n != 0 {
			p.t.Errorf("%d changes of another organisation's things", n)
		}
		auditDatabase(p.t, p.db())
	})
}

// gridOf is a grid whose things belong to one organisation.
func gridOf(p *place, org string) *grid {
	p.t.Helper()
	g := &grid{place: p, fixed: map[string]string{}, owner: org}
	g.slug = p.open(org, nil)
	g.hidden = p.prepare(org, rules)
	return g
}

// forged lists addresses of a route with identifiers that are not the officer's.
func forged(r web.RouteInfo, ours, theirs *grid) []string {
	out := []string{theirs.address(r)}
	if strings.Contains(r.Path, ":slug") { // one's own consultation, the others' thing in it
		out = append(out, strings.Replace(theirs.address(r), theirs.slug, ours.slug, 1))
	}
	for _, id := range []string{"0", "-1", "x", "99999999999999999999999", "1", "1.5", "%00"} {
		path := strings.Replace(r.Path, ":slug", ours.slug, 1)
		path = strings.Replace(path, "organisations/"+ours.slug, "organisations/"+ours.owner, 1)
		out = append(out, strings.NewReplacer(":id", id, ":comment", id).Replace(path))
	}
	return out
}

func (p *place) forge(r web.RouteInfo, path string, officer *visitor, guard string) int {
	p.t.Helper()
	if r.API {
		var body any
		if r.Method != "GET" {
			body = map[string]any{"event": "submit", "text": "x", "disposition": "supported", "comments": []string{}, "into": "1"}
		}
		return p.call(r.Method, path, p.token("own", actor.Officer), body).status
	}
	if r.Method == "GET" {
		return officer.get(path).status
	}
	return officer.post(path, url.Values{"csrf": {guard}, "event": {"submit"}, "text": {"x"}, "disposition": {"supported"}}).status
}

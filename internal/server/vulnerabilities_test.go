package server_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
)

// One test for each class of published vulnerability of the widest peer.

// CVE-2026-40869: anybody who was signed in could decide.
func TestDecisionByAnyone(t *testing.T) {
	eachHostile(t, func(h *hostileSite) {
		h.clock.Add(period + time.Second)
		id := h.gather("own", h.slug, "降低摊位费", h.commentIDs("own", h.slug)...)
		d := disposition{Code: "not_adopted", Reason: "不行", Provisions: []string{}}
		for _, role := range []actor.Role{actor.Member, actor.Representative, actor.Administrator, actor.Secretary, actor.Legal, actor.Auditor, actor.Reviewer, actor.Signer} {
			a := h.call("PUT", api+"/suggestions/"+id+"/disposition", h.token("own", role), d)
			if a.status != 403 && a.status != 404 {
				h.t.Errorf("a %s drafts a disposition: %s", role, a)
			}
		}
		officer := h.token("own", actor.Officer)
		h.ask("PUT", api+"/suggestions/"+id+"/disposition", officer, d)
		h.ask("POST", api+"/suggestions/"+id+"/events", officer, map[string]any{"event": "submit"})
		for _, role := range []actor.Role{actor.Member, actor.Administrator, actor.Officer, actor.Legal, actor.Auditor, actor.Secretary} {
			a := h.call("POST", api+"/suggestions/"+id+"/events", h.token("own", role), map[string]any{"event": "agree"})
			if a.status != 403 && a.status != 404 {
				h.t.Errorf("a %s agrees: %s", role, a)
			}
		}
		for _, role := range []actor.Role{actor.Member, actor.Administrator, actor.Legal, actor.Auditor, actor.Secretary} {
			for _, event := range consultation.Events {
				a := h.call("POST", api+"/consultations/"+h.slug+"/events", h.token("own", role), map[string]any{"event": event, "note": "x"})
				if a.status != 403 && a.status != 404 {
					h.t.Errorf("a %s does %s: %s", role, event, a)
				}
			}
		}
		if a := h.call("POST", api+"/suggestions/"+id+"/events", h.token("other", actor.Reviewer), map[string]any{"event": "agree"}); a.status != 404 {
			h.t.Errorf("the other organisation's reviewer agrees: %s", a)
		}
	})
}

// Nobody reviews their own, whatever they hold: a token that acts for the person
// counts as the person.
func TestNobodyReviewsTheirOwn(t *testing.T) {
	eachHostile(t, func(h *hostileSite) {
		both := h.person("own", actor.Officer)
		must(h.t, h.services.Accounts.Grant(h.t.Context(), actor.Console(), both.ID, h.org("own").ID, actor.Reviewer))
		must(h.t, h.services.Accounts.Grant(h.t.Context(), actor.Console(), both.ID, h.org("own").ID, actor.Signer))
		token := h.newToken("own", both.Email, actor.Scopes...)
		slug := h.prepare("own", rules)
		h.notice("own", slug, nil)
		h.event(token, slug, "submit")
		problem(h.t, "one's own notice", h.call("POST", api+"/consultations/"+slug+"/events", token, map[string]any{"event": "approve"}), 403)
		h.clock.Add(period + time.Second)
		id := h.gather("own", h.slug, "降低摊位费", h.commentIDs("own", h.slug)...)
		h.ask("PUT", api+"/suggestions/"+id+"/disposition", token, disposition{"supported", "", []string{}})
		h.ask("POST", api+"/suggestions/"+id+"/events", token, map[string]any{"event": "submit"})
		problem(h.t, "one's own disposition", h.call("POST", api+"/suggestions/"+id+"/events", token, map[string]any{"event": "agree"}), 403)
		h.ask("POST", api+"/suggestions/"+id+"/events", h.token("own", actor.Reviewer), map[string]any{"event": "agree"})
		h.event(token, h.slug, "decide")
		h.event(token, h.slug, "submit_summary")
		problem(h.t, "one's own summary", h.call("POST", api+"/consultations/"+h.slug+"/events", token, map[string]any{"event": "publish_summary"}), 403)
	})
}

// CVE-2026-45414: tokens of one organisation were accepted by another.
func TestTokenOfAnotherOrganisation(t *testing.T) {
	eachHostile(t, func(h *hostileSite) {
		// Somebody works for both; the token is for one.
		person := h.person("other", actor.Officer)
		must(h.t, h.services.Accounts.Grant(h.t.Context(), actor.Console(), person.ID, h.org("own").ID, actor.Officer))
		token := h.newToken("other", person.Email, actor.Scopes...)
		for _, path := range []string{"/consultations/" + h.slug + "/submissions", "/consultations/" + h.slug + "/comments", "/consultations/" + h.slug + "/suggestions"} {
			if a := h.call("GET", api+path, token, nil); a.status != 404 {
				h.t.Errorf("%s: %s", path, a)
			}
		}
		if a := h.call("PATCH", api+"/consultations/"+h.slug, token, map[string]any{"title": "x"}); a.status != 404 {
			h.t.Errorf("the notice: %s", a)
		}
		problem(h.t, "a token that nobody made", h.call("GET", api+"/consultations", "gy_"+strings.Repeat("0", 43), nil), 401)
	})
}

// Whoever left the house has no key to it: a token ends with the account it acts
// for, and with its revocation.
func TestTokenEnds(t *testing.T) {
	eachHostile(t, func(h *hostileSite) {
		person := h.person("own", actor.Legal)
		token := h.token("own", actor.Legal)
		h.ask("GET", api+"/consultations/"+h.slug+"/comments", token, nil)
		must(h.t, h.services.Accounts.Disable(h.t.Context(), actor.Console(), h.org("own").ID, person.ID, 0))
		problem(h.t, "the token of an account that was disabled", h.call("GET", api+"/consultations/"+h.slug+"/comments", token, nil), 401)
	})
}

// CVE-2024-32469: what stands in the address came back as markup. (The stored
// ones are in TestMarkupIsText.)
func TestReflectedMarkup(t *testing.T) {
	eachHostile(t, func(h *hostileSite) {
		officer := h.as("own", actor.Officer)
		for _, r := range h.site.Routes() {
			if r.Method != "GET" || r.API || strings.Contains(r.Path, ":id") || strings.Contains(r.Path, ":name") {
				continue
			}
			path := strings.NewReplacer(":slug", h.slug, ":number", "1").Replace(r.Path)
			for _, name := range []string{"q", "limit", "per_page", "cursor", "status", "lang", "version", "compare", "provision", "channel", "next", "theme", "elder", "page", "notice", "number"} {
				g := officer.get(path + "?" + name + "=" + url.QueryEscape(markup))
				if strings.Contains(g.header.Get("Content-Type"), "html") {
					unharmed(h.t, g)
				}
				if g.status >= 500 {
					h.t.Errorf("%s", g)
				}
				if to := g.header.Get("Location"); to != "" && !strings.HasPrefix(to, "/") {
					h.t.Errorf("%s?%s leads to %s", path, name, to)
				}
			}
		}
	})
}

// CVE-2025-65017: an export was attached to another person, whose identifier
// began alike. Identifiers go through JSON whole, as strings.
func TestIdentifiersAreWhole(t *testing.T) {
	eachHostile(t, func(h *hostileSite) {
		officer := h.token("own", actor.Officer)
		for _, c := range h.items(api+"/consultations/"+h.slug+"/comments", officer) {
			id, ok := c["id"].(string)
			if !ok {
				h.t.Fatalf("the identifier %v is no string", c["id"])
			}
			n, err := strconv.ParseInt(id, 10, 64)
			if err != nil || n <= 1<<53 {
				h.t.Logf("identifier %s", id)
			}
			for _, near := range []string{id[:len(id)-1], id + "0", fmt.Sprint(n + 1), fmt.Sprint(float64(n))} {
				a := h.call("POST", api+"/consultations/"+h.slug+"/suggestions", officer, map[string]any{"text": "x", "comments": []string{near}})
				if a.status != 422 && a.status != 404 {
					h.t.Errorf("%s taken for %s: %s", near, id, a)
				}
			}
		}
	})
}

// CVE-2026-45377: the address of a private export worked for anybody. What is
// private is never stored by a cache on the way.
func TestPrivateAnswersAreNotKept(t *testing.T) {
	eachHostile(t, func(h *hostileSite) {
		officer := h.as("own", actor.Officer)
		for _, r := range h.site.Routes() {
			if r.Method != "GET" || r.API || !staffSide(r) || strings.Contains(r.Path, ":id") {
				continue
			}
			path := strings.NewReplacer("consultations/:slug", "consultations/"+h.slug, "organisations/:slug", "organisations/own").Replace(r.Path)
			g := officer.get(path)
			if c := g.header.Get("Cache-Control"); g.status == 200 && !strings.Contains(c, "no-store") {
				h.t.Errorf("%s may be kept: %q", path, c)
			}
			if s := h.visitor().get(path); s.status == 200 {
				h.t.Errorf("%s works for anybody", path)
			}
		}
		a := h.call("GET", api+"/consultations/"+h.slug+"/comments", h.token("own", actor.Officer), nil)
		if c := a.header.Get("Cache-Control"); !strings.Contains(c, "no-store") {
			h.t.Errorf("the API's staff lists may be kept: %q", c)
		}
		if a := h.track(h.sent); !strings.Contains(a.header.Get("Cache-Control"), "no-store") {
			h.t.Errorf("a receipt may be kept: %q", a.header.Get("Cache-Control"))
		}
	})
}

// CVE-2023-47634: parallel requests did more than one may. A comment is gathered
// once, a suggestion agreed once, a consultation approved once.
func TestRaces(t *testing.T) {
	eachHostile(t, func(h *hostileSite) {
		for i := range 6 {
			h.send(h.slug, fmt.Sprint("race", i), letter(fmt.Sprintf("第%d条", i)))
		}
		ids := h.commentIDs("own", h.slug)
		officer, reviewer := h.token("own", actor.Officer), h.token("own", actor.Reviewer)
		gathered := h.atOnce(8, "POST", "/consultations/"+h.slug+"/suggestions", officer, map[string]any{"text": "同样的意见", "comments": ids})
		if gathered[201] != 1 || gathered[409] != 7 {
			h.t.Errorf("the same comments gathered eight times at once: %v", gathered)
		}
		list := h.items(api+"/consultations/"+h.slug+"/suggestions", officer)
		if len(list) != 1 {
			h.t.Fatalf("%d suggestions", len(list))
		}
		id := fmt.Sprint(list[0]["id"])
		h.ask("PUT", api+"/suggestions/"+id+"/disposition", officer, disposition{"supported", "", []string{}})
		for event, token := range map[string]string{"submit": officer} {
			if n := h.atOnce(6, "POST", "/suggestions/"+id+"/events", token, map[string]any{"event": event}); n[200] != 1 || n[409] != 5 {
				h.t.Errorf("%s six times at once: %v", event, n)
			}
		}
		if n := h.atOnce(6, "POST", "/suggestions/"+id+"/events", reviewer, map[string]any{"event": "agree"}); n[200] != 1 || n[409] != 5 {
			h.t.Errorf("agree six times at once: %v", n)
		}
		slug := h.prepare("own", rules)
		h.notice("own", slug, nil)
		if n := h.atOnce(6, "POST", "/consultations/"+slug+"/events", officer, map[string]any{"event": "submit"}); n[200] != 1 || n[409] != 5 {
			h.t.Errorf("submit six times at once: %v", n)
		}
		if n := h.atOnce(6, "POST", "/consultations/"+slug+"/events", reviewer, map[string]any{"event": "approve"}); n[200] != 1 || n[409] != 5 {
			h.t.Errorf("approve six times at once: %v", n)
		}
	})
}

// atOnce sends the same request several times at once and counts the statuses.
func (p *place) atOnce(n int, method, path, token string, body any) map[int]int {
	p.t.Helper()
	got := make([]answer, n)
	errs := make([]error, n)
	var wait sync.WaitGroup
	for i := range n {
		wait.Go(func() { got[i], errs[i] = p.try(method, api+path, token, body) })
	}
	wait.Wait()
	out := map[int]int{}
	for i, a := range got {
		must(p.t, errs[i])
		out[a.status]++
	}
	return out
}

// 1,000 posts created by 4 clients, half of which failed on MAX(number)+1: here
// each is taken, with a number of its own.
func TestManyAtOnceEachGetANumber(t *testing.T) {
	eachHostile(t, func(h *hostileSite) {
		const clients, each = 4, 50
		numbers := make(chan string, clients*each)
		var wait sync.WaitGroup
		for c := range clients {
			wait.Go(func() {
				for i := range each {
					a, err := h.try("POST", h.submissions(), "", letter("一条"), "Idempotency-Key", fmt.Sprintf("many-%d-%d", c, i))
					var doc struct{ Receipt string }
					if err == nil && a.status == 201 && json.Unmarshal(a.body, &doc) == nil {
						numbers <- doc.Receipt
					}
				}
			})
		}
		wait.Wait()
		close(numbers)
		seen := map[string]bool{}
		for n := range numbers {
			seen[n] = true
		}
		if len(seen) != clients*each {
			h.t.Errorf("%d were sent, %d got a number of their own", clients*each, len(seen))
		}
	})
}

// Personal data does not get out: not through the public pages and answers, not
// through what most of the staff see, and not through the trail (mails of a
// million commenters were published elsewhere).
func TestContactsStayInside(t *testing.T) {
	eachPlace(t, func(p *place) {
		slug := p.open("own", nil)
		body := letter("请公开我的意见，不要公开我。")
		body["submitter"] = map[string]any{"kind": "individual", "name": "钱钟书", "email": "qian@secret.example", "phone": "13900001111"}
		r := p.send(slug, "contact", body)
		words := []string{"钱钟书", "qian@secret.example", "13900001111"}
		for _, path := range []string{"/", "/consultations/" + slug, "/consultations/" + slug + "/comments", api + "/consultations/" + slug, api + "/receipts/" + r.Number} {
			noWord(p.t, path, p.call("GET", path, "", nil, "Receipt-Secret", r.Secret).body, words)
		}
		for _, path := range []string{"/submissions", "/comments", "/record"} {
			noWord(p.t, path, p.call("GET", api+"/consultations/"+slug+path, p.token("own", actor.Auditor), nil).body, words)
		}
		for _, row := range rowsOf(p.t, p.db(), "SELECT before, after FROM audit_entries WHERE after LIKE '%secret.example%' OR after LIKE '%钱钟书%' OR after LIKE '%13900001111%'") {
			p.t.Errorf("personal data in the trail: %s", row)
		}
		if n := countOf(p.t, p.db(), "SELECT COUNT(*) FROM submitters"); n != 1 {
			p.t.Errorf("%d senders are kept", n)
		}
		noWord(p.t, "the log", []byte(p.log.String()), words)
	})
}

func noWord(t testing.TB, where string, text []byte, words []string) {
	t.Helper()
	for _, w := range words {
		if strings.Contains(string(text), w) {
			t.Errorf("%s tells %q", where, w)
		}
	}
}

// A sign-in page is no way to another site, and says the same to everybody who
// is refused.
func TestSignInTellsNothing(t *testing.T) {
	p := newPlace(t, databasetest.Target(t, database.SQLite))
	p.person("own", actor.Officer)
	var said []string
	for _, email := range []string{"officer@own.example", "nobody@own.example"} {
		v := p.visitor()
		g := v.open("/signin")
		got := v.send(g, g.formWith(t, "password"), "", url.Values{"email": {email}, "password": {"wrong wrong wrong"}})
		if got.status != 422 && got.status != 401 {
			t.Errorf("a wrong password: %s", got)
		}
		said = append(said, strings.ReplaceAll(squeeze(innerText(got.main())), email, "E"))
		if strings.Contains(got.body, "wrong wrong wrong") {
			t.Error("the page repeats the password")
		}
	}
	if said[0] != said[1] {
		t.Errorf("one can tell who has an account:\n%s\n%s", said[0], said[1])
	}
	for _, next := range []string{"//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/%09/evil.example", "\\/evil.example"} {
		v := p.visitor()
		g := v.open("/signin?next=" + url.QueryEscape(next))
		got := v.send(g, g.formWith(t, "password"), "", url.Values{"email": {"officer@own.example"}, "password": {password}})
		if to := got.header.Get("Location"); got.status != 303 || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.Contains(to, "\\") {
			t.Errorf("next=%s leads to %d %q", next, got.status, to)
		}
	}
}

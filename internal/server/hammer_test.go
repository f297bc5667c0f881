package server_test

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"guangyi/internal/platform/actor"
)

// blows is how many operations the hammer does on each database.
var blows = often("GUANGYI_HAMMER_BLOWS", 1500)

// One blow in ten is wrong on purpose, one repeated.
const (
	oneIn  = 10
	hammer = 20261124 // the seed: a run that fails can be run again
)

// hammered is a site under random use. What it knows of the site is only what a
// user knows: addresses, ids that it was given, receipts.
type hammered struct {
	*place
	r         *rand.Rand
	slugs     []string // open ones
	receipts  []receipt
	last      func() (int, bool) // the last valid act, to be repeated
	sent      int
	wrong     int
	repeated  int
	successes map[int]int
}

// Random use of all that the site has: valid, wrong (whose success is an error)
// and repeated, in any order. Afterwards the whole database must be in order.
func TestHammer(t *testing.T) {
	eachPlace(t, func(p *place) {
		h := &hammered{place: p, r: rand.New(rand.NewPCG(hammer, hammer)), successes: map[int]int{}}
		for range 3 {
			h.slugs = append(h.slugs, p.open("own", nil))
		}
		h.slugs = append(h.slugs, p.open("other", nil))
		for i := range blows {
			if i%300 == 299 {
				h.clock.Add(26 * time.Hour)
			}
			h.blow(i)
		}
		if h.wrong < blows/oneIn/2 || h.repeated < blows/oneIn/2 || h.successes[201] < 50 || h.successes[200] < 200 {
			p.t.Errorf("the hammer did not strike: %d wrong, %d repeated, statuses %v", h.wrong, h.repeated, h.successes)
		}
		if n := countOf(p.t, p.db(), "SELECT COUNT(*) FROM submissions"); n != h.sent {
			p.t.Errorf("%d submissions were acknowledged, %d are stored", h.sent, n)
		}
		for _, r := range h.receipts {
			if a := p.track(r); a.status != 200 {
				p.t.Errorf("receipt %s: %s", r.Number, a)
			}
		}
		auditDatabase(p.t, p.db())
	})
}

// blow is one operation.
func (h *hammered) blow(i int) {
	h.t.Helper()
	switch h.r.IntN(oneIn) {
	case 0:
		h.wrong++
		what, status := h.invalid(i)
		if status < 400 || status >= 500 {
			h.t.Errorf("blow %d: %s was answered %d", i, what, status)
		}
	case 1:
		if h.last != nil {
			h.repeated++
			if status, ok := h.last(); !ok {
				h.t.Errorf("blow %d: a repetition was answered %d", i, status)
			}
		}
	default:
		status := h.valid(i)
		h.successes[status]++
		if status >= 500 && status != 501 {
			h.t.Errorf("blow %d: %d", i, status)
		}
	}
}

func (h *hammered) slug() string { return h.slugs[h.r.IntN(len(h.slugs))] }

// valid is something that a user may do; the state may refuse it (409).
func (h *hammered) valid(i int) int {
	h.t.Helper()
	switch h.r.IntN(8) {
	case 0, 1:
		return h.sendOne(i)
	case 2:
		return h.read()
	case 3:
		return h.readAsStaff()
	case 4, 5:
		return h.gatherSome(i)
	case 6:
		return h.disposeOne()
	default:
		return h.eventOfOne()
	}
}

func (h *hammered) sendOne(i int) int {
	h.t.Helper()
	slug, key := h.slug(), fmt.Sprintf("hammer-%d", i)
	body := letter(fmt.Sprintf("第%d下：%s", i, strings.Repeat("意见", 1+h.r.IntN(40))))
	if h.r.IntN(3) == 0 {
		body = letter("其一", "其二", "其三")
	}
	send := func() answer {
		return h.call("POST", api+"/consultations/"+slug+"/submissions", "", body, "Idempotency-Key", key)
	}
	a := send()
	if a.status != 201 {
		return a.status
	}
	h.sent++
	first := receipt{a.text(h.t, "receipt"), a.text(h.t, "secret")}
	h.receipts = append(h.receipts, first)
	h.last = func() (int, bool) {
		again := send()
		return again.status, (again.status == 201 || again.status == 200) && again.text(h.t, "receipt") == first.Number
	}
	return a.status
}

// read opens any public route.
func (h *hammered) read() int {
	h.t.Helper()
	routes := h.site.Routes()
	for {
		r := routes[h.r.IntN(len(routes))]
		if r.Method != "GET" || staffSide(r) || strings.Contains(r.Path, ":id") || strings.Contains(r.Path, ":name") {
			continue
		}
		path := strings.NewReplacer(":slug", h.slug(), ":number", "1").Replace(r.Path)
		return h.call("GET", path, "", nil).status
	}
}

func (h *hammered) readAsStaff() int {
	h.t.Helper()
	routes := h.site.Routes()
	for {
		r := routes[h.r.IntN(len(routes))]
		if r.Method != "GET" || !staffSide(r) || strings.Contains(r.Path, ":id") {
			continue
		}
		role := []actor.Role{actor.Officer, actor.Reviewer, actor.Auditor, actor.Administrator}[h.r.IntN(4)]
		path := strings.NewReplacer("consultations/:slug", "consultations/"+h.slug(), "organisations/:slug", "organisations/own").Replace(r.Path)
		return h.as("own", role).get(path).status
	}
}

func (h *hammered) orgOf(slug string) string {
	if slug == h.slugs[len(h.slugs)-1] {
		return "other"
	}
	return "own"
}

func (h *hammered) gatherSome(i int) int {
	h.t.Helper()
	slug := h.slug()
	officer := h.token(h.orgOf(slug), actor.Officer)
	var free []string
	for _, c := range h.items(api+"/consultations/"+slug+"/comments?limit=1000", officer) {
		if s, _ := c["suggestion"].(string); (s == "" || s == "0") && h.r.IntN(3) == 0 {
			free = append(free, fmt.Sprint(c["id"]))
		}
	}
	body := map[string]any{"text": fmt.Sprintf("归纳 %d", i), "comments": free}
	gather := func() answer { return h.call("POST", api+"/consultations/"+slug+"/suggestions", officer, body) }
	a := gather()
	if a.status == 201 && len(free) > 0 {
		h.last = func() (int, bool) { again := gather(); return again.status, again.status == 409 }
	}
	return a.status
}

// one gives a suggestion of any consultation, and a token of its officer and its
// reviewer; "" when there is none.
func (h *hammered) one() (id, officer, reviewer string) {
	h.t.Helper()
	slug := h.slug()
	officer, reviewer = h.token(h.orgOf(slug), actor.Officer), h.token(h.orgOf(slug), actor.Reviewer)
	list := h.items(api+"/consultations/"+slug+"/suggestions?limit=1000", officer)
	if len(list) == 0 {
		return "", officer, reviewer
	}
	return fmt.Sprint(list[h.r.IntN(len(list))]["id"]), officer, reviewer
}

func (h *hammered) disposeOne() int {
	h.t.Helper()
	id, officer, _ := h.one()
	if id == "" {
		return 0
	}
	d := eight[h.r.IntN(len(eight))]
	d.Provisions = slices.Clone(d.Provisions)
	for i := range d.Provisions {
		d.Provisions[i] = "art-3"
	}
	d.Provisions = slices.Compact(d.Provisions)
	if d.Provisions == nil {
		d.Provisions = []string{}
	}
	dispose := func() answer { return h.call("PUT", api+"/suggestions/"+id+"/disposition", officer, d) }
	a := dispose()
	if a.status == 200 {
		h.last = func() (int, bool) { again := dispose(); return again.status, again.status == 200 }
	}
	return a.status
}

func (h *hammered) eventOfOne() int {
	h.t.Helper()
	id, officer, reviewer := h.one()
	if id == "" {
		return 0
	}
	event := []string{"submit", "submit", "agree", "agree", "return"}[h.r.IntN(5)]
	token := reviewer
	if event == "submit" {
		token = officer
	}
	do := func() answer {
		return h.call("POST", api+"/suggestions/"+id+"/events", token, map[string]any{"event": event, "note": "再看一遍"})
	}
	a := do()
	if a.status == 200 {
		h.last = func() (int, bool) { again := do(); return again.status, again.status == 409 }
	}
	return a.status
}

// invalid breaks one rule; whatever is answered must be a refusal.
func (h *hammered) invalid(i int) (what string, status int) {
	h.t.Helper()
	slug, key := h.slug(), fmt.Sprintf("wrong-%d", i)
	at := api + "/consultations/" + slug
	officer := h.token("own", actor.Officer)
	switch h.r.IntN(12) {
	case 0:
		return "an empty comment", h.call("POST", at+"/submissions", "", letter(""), "Idempotency-Key", key).status
	case 1:
		body := letter("x")
		body["consent"] = false
		return "no consent", h.call("POST", at+"/submissions", "", body, "Idempotency-Key", key).status
	case 2:
		body := letter("x")
		body["submitter"] = map[string]any{"kind": "ghost"}
		return "an unknown kind", h.call("POST", at+"/submissions", "", body, "Idempotency-Key", key).status
	case 3:
		return "too long", h.call("POST", at+"/submissions", "", letter(strings.Repeat("长", 20001)), "Idempotency-Key", key).status
	case 4:
		return "another's suggestion", h.call("PUT", api+"/suggestions/1/disposition", officer, eight[0]).status
	case 5:
		return "own approval", h.call("POST", at+"/events", h.token("own", actor.Officer), map[string]any{"event": "approve"}).status
	case 6:
		return "publishing an open consultation", h.call("POST", at+"/events", h.token(h.orgOf(slug), actor.Reviewer), map[string]any{"event": "publish_summary"}).status
	case 7:
		return "an event that is none", h.call("POST", at+"/events", h.token(h.orgOf(slug), actor.Officer), map[string]any{"event": "explode"}).status
	case 8:
		return "a form without guard", h.as("own", actor.Officer).post("/staff/consultations/"+slug+"/events", url.Values{"event": {"decide"}}).status
	case 9:
		return "an unknown comment", h.call("POST", at+"/suggestions", h.token(h.orgOf(slug), actor.Officer), map[string]any{"text": "x", "comments": []string{"12345"}}).status
	case 10:
		return "a suggestion without words", h.call("POST", at+"/suggestions", h.token(h.orgOf(slug), actor.Officer), map[string]any{"text": " ", "comments": []string{}}).status
	default:
		return "an auditor who decides", h.call("POST", at+"/suggestions", h.token("own", actor.Auditor), map[string]any{"text": "x", "comments": []string{}}).status
	}
}

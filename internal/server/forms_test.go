package server_test

import (
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"guangyi/internal/platform/actor"
)

// typed is a text with everything that could get lost on the way.
const typed = "第一行\n  第二行，前有两个空格\n\n“引号” & <b>不是粗体</b> 'x' \\ 100% 😀 e\u0301\tTab"

// A form that lay open over night: the page that refuses it holds every typed
// sign, and sending again from there works.
func TestFormThatExpired(t *testing.T) {
	eachHostile(t, func(h *hostileSite) {
		v := h.visitor()
		g := v.open("/consultations/" + h.slug + "/comment")
		f, press := v.commentForm(g)
		h.clock.Add(13 * time.Hour)
		got := v.send(g, f, press, f.known(said(typed)))
		refused(h.t, "a form of yesterday", got, 403)
		again := got.formWith(h.t, "text")
		if oneKindOfLines(again.values.Get("text")) != typed {
			h.t.Errorf("typed %q, kept %q", typed, again.values.Get("text"))
		}
		next := v.follow(v.send(got, again, "", nil))
		if next.status != 200 {
			h.t.Fatalf("sending again: %s", next)
		}
		r := v.finish(next, said(typed))
		if a := h.track(r); !strings.Contains(a.String(), "第二行") {
			h.t.Errorf("the receipt: %s", a)
		}
	})
}

// Another site cannot send a form in somebody's name.
func TestFormOfAnotherSite(t *testing.T) {
	eachHostile(t, func(h *hostileSite) {
		officer := h.as("own", actor.Officer)
		stranger := h.visitor()
		for name, guard := range map[string]string{"none": "", "a stranger's": stranger.guard(), "a made one": strings.Repeat("A", 43)} {
			got := officer.post("/staff/consultations/"+h.slug+"/events", url.Values{"csrf": {guard}, "event": {"decide"}})
			refused(h.t, "a staff form with "+name+" guard", got, 403)
			got = stranger.post("/signin", url.Values{"csrf": {strings.Repeat("B", 43)}, "email": {"officer@own.example"}, "password": {password}})
			refused(h.t, "signing in with a made guard", got, 403)
			if strings.Contains(got.body, password) {
				h.t.Error("the page that refuses a form repeats the password")
			}
		}
	})
}

// The session ended while somebody wrote: nothing of it is lost.
func TestSessionThatEnded(t *testing.T) {
	eachHostile(t, func(h *hostileSite) {
		officer := h.visitor()
		officer.signIn(h.person("own", actor.Officer).Email)
		slug := h.prepare("own", rules)
		g := officer.open("/staff/consultations/" + slug + "/edit")
		f := g.formWith(h.t, "background")
		h.clock.Add(9 * time.Hour) // longer than a session lasts without a request, shorter than a form
		got := officer.send(g, f, "", url.Values{"background": {typed}})
		refused(h.t, "a form of an ended session", got, 401)
		kept := got.formWith(h.t, "background")
		if oneKindOfLines(kept.values.Get("background")) != typed {
			h.t.Errorf("typed %q, kept %q", typed, kept.values.Get("background"))
		}
		for name, list := range f.values {
			if name != "csrf" && name != "background" && !slices.Equal(kept.values[name], list) {
				h.t.Errorf("the field %s was %q, kept is %q", name, list, kept.values[name])
			}
		}
	})
}

func TestFormsAfterTheEnd(t *testing.T) {
	eachHostile(t, func(h *hostileSite) {
		v := h.visitor()
		first := v.open("/consultations/" + h.slug + "/comment")
		last := v.lastStep(v.open("/consultations/"+h.slug+"/comment"), said(typed))
		h.clock.Add(period - time.Microsecond)
		last = v.lastStep(v.open("/consultations/"+h.slug+"/comment"), said(typed)) // forms of a month ago have expired
		first = v.open("/consultations/" + h.slug + "/comment")
		h.clock.Add(time.Microsecond)
		for name, g := range map[string]*page{"the first step": first, "the last step": last} {
			got := v.step(g, said(typed))
			refused(h.t, name+" after the end", got, 410)
			if !strings.Contains(oneKindOfLines(innerText(got.doc)), "前有两个空格") && !strings.Contains(got.body, "前有两个空格") {
				h.t.Errorf("%s after the end: the text is lost: %s", name, got)
			}
		}
		problem(h.t, "a submission at the closing instant", h.call("POST", h.submissions(), "", letter("迟了"), "Idempotency-Key", "late"), 410)
		if a := h.call("POST", h.submissions(), "", letter("摊位费太高了。"), "Idempotency-Key", "first"); a.status != 201 && a.status != 200 {
			h.t.Errorf("an accepted key after the end: %s", a)
		}
		if n := h.countSubmissions(); n != 2 {
			h.t.Errorf("%d submissions", n)
		}
	})
}

// Before the beginning it is a conflict, and the page says when it opens.
func TestFormsBeforeTheBeginning(t *testing.T) {
	eachPlace(t, func(p *place) {
		slug := p.open("own", map[string]any{"opens_at": p.clock.Now().Add(48 * time.Hour).Format(time.RFC3339)})
		problem(p.t, "a submission before the opening", p.call("POST", api+"/consultations/"+slug+"/submissions", "", letter("早了"), "Idempotency-Key", "early"), 409)
		v := p.visitor()
		if g := v.follow(v.get("/consultations/" + slug + "/comment")); g.status != 409 && g.status != 200 {
			p.t.Errorf("the form before the opening: %s", g)
		}
		p.clock.Add(48 * time.Hour)
		p.send(slug, "on time", letter("正好"))
		auditDatabase(p.t, p.db())
	})
}

// Double click, the back button and a lost answer make one submission.
func TestSendingTwice(t *testing.T) {
	eachHostile(t, func(h *hostileSite) {
		v := h.visitor()
		last := v.lastStep(v.open("/consultations/"+h.slug+"/comment"), said(typed))
		f, press := v.commentForm(last)
		before := h.countSubmissions()
		pages := make([]*page, 4)
		var wait sync.WaitGroup
		for i := range pages { // a double click, twice
			req := v.request(last, f, press, nil)
			wait.Go(func() { pages[i], _ = v.tryDo(req) })
		}
		wait.Wait()
		var receipts []receipt
		for _, g := range pages {
			if g == nil {
				h.t.Fatal("no answer to a click")
			}
			receipts = append(receipts, v.receiptOn(v.follow(g)))
		}
		back := v.receiptOn(v.follow(v.send(last, f, press, nil))) // back and again
		for _, r := range receipts {
			if r != back {
				h.t.Errorf("one form gave the receipts %v and %v", r, back)
			}
		}
		if n := h.countSubmissions(); n != before+1 {
			h.t.Errorf("one form made %d submissions", n-before)
		}
	})
}

// The same through the API: many at once with one key are one submission, and the
// key with other words is a conflict.
func TestOneKeyAtOnce(t *testing.T) {
	eachHostile(t, func(h *hostileSite) {
		before := h.countSubmissions()
		got := make([]answer, 16)
		var wait sync.WaitGroup
		for i := range got {
			wait.Go(func() {
				got[i], _ = h.try("POST", h.submissions(), "", letter(typed), "Idempotency-Key", "at once")
			})
		}
		wait.Wait()
		for _, a := range got {
			if a.status != 201 && a.status != 200 {
				h.t.Fatalf("one of sixteen: %s", a)
			}
			if string(a.body) != string(got[0].body) {
				h.t.Errorf("two answers: %s and %s", a, got[0])
			}
		}
		if n := h.countSubmissions(); n != before+1 {
			h.t.Errorf("one key made %d submissions", n-before)
		}
		problem(h.t, "the key with other words", h.call("POST", h.submissions(), "", letter("别的话"), "Idempotency-Key", "at once"), 409)
	})
}

// A form that was opened before somebody else changed the notice is stale: 409,
// and both texts are there.
func TestStaleForm(t *testing.T) {
	eachHostile(t, func(h *hostileSite) {
		slug := h.prepare("own", rules)
		officer := h.as("own", actor.Officer)
		g := officer.open("/staff/consultations/" + slug + "/edit")
		h.notice("own", slug, map[string]any{"background": "同事刚写的背景"})
		got := officer.send(g, g.formWith(h.t, "background"), "", url.Values{"background": {"我写的背景"}})
		if got.status != 409 || !strings.Contains(got.body, "我写的背景") || !strings.Contains(got.body, "同事刚写的背景") {
			h.t.Errorf("want 409 with both texts: %s", got)
		}
		a := h.call("PATCH", api+"/consultations/"+slug, h.token("own", actor.Officer), map[string]any{"background": "x", "version": 1})
		problem(h.t, "a stale version", a, 409)
	})
}

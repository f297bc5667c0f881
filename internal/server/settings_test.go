package server_test

import (
	"bytes"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/server"
)

// newPlaceWith is a site with the limits per address and the cache of pages as a
// real one has them.
func newPlaceWith(t *testing.T, limits, cache string) *place {
	t.Helper()
	p := unserved(t, databasetest.Target(t, database.SQLite))
	p.settings.RateLimit, p.settings.PageCache = limits, cache
	p.serve(server.WithClock(p.clock))
	return p
}

// A page from the cache holds nothing of the person for whom it was made, is in
// the reader's language, and shows a change within a second.
func TestCacheKeepsPeopleApart(t *testing.T) {
	p := newPlaceWith(t, "off", "on")
	slug := p.open("own", nil)
	officer := p.as("own", actor.Officer)
	for _, path := range []string{"/", "/consultations", "/consultations/" + slug, "/consultations/" + slug + "/draft", "/consultations/" + slug + "/comments"} {
		if g := officer.open(path); !strings.Contains(g.body, "own officer") {
			t.Errorf("%s does not say who is signed in", path)
		}
		for range 2 {
			g := p.visitor().open(path)
			if strings.Contains(g.body, "own officer") || strings.Contains(g.body, "csrf") || g.header.Get("Set-Cookie") != "" {
				t.Errorf("%s is somebody's own and comes to everybody", path)
			}
		}
		english := p.visitor()
		english.lang = "en"
		if lang := attribute(find(english.open(path).doc, named("html"))[0], "lang"); lang != "en" {
			t.Errorf("%s in English is %q", path, lang)
		}
		if lang := attribute(find(p.visitor().open(path).doc, named("html"))[0], "lang"); lang != "zh-CN" {
			t.Errorf("%s in Chinese is %q", path, lang)
		}
	}
	p.send(slug, "new", letter("刚刚写下的意见"))
	p.clock.Add(time.Second)
	time.Sleep(1100 * time.Millisecond)
	if g := p.visitor().open("/consultations/" + slug + "/comments"); !g.reads("刚刚写下的意见") {
		t.Errorf("a change is not visible after a second: %s", g)
	}
	p.event(p.token("own", actor.Reviewer), slug, "withdraw", map[string]any{"note": "撤回的理由"})
	p.clock.Add(time.Second)
	time.Sleep(1100 * time.Millisecond)
	if g := p.visitor().open("/consultations/" + slug); !g.reads("撤回的理由") {
		t.Errorf("a withdrawal is not visible after a second: %s", g)
	}
}

// Unchanged pages are not sent again.
func TestUnchangedPageIsNotSentAgain(t *testing.T) {
	p := newPlaceWith(t, "off", "on")
	path := "/consultations/" + p.open("own", nil)
	first := p.call("GET", path, "", nil)
	tag := first.header.Get("ETag")
	if first.status != 200 || tag == "" {
		t.Fatalf("no tag: %v", first.header)
	}
	if again := p.call("GET", path, "", nil, "If-None-Match", tag); again.status != 304 || len(again.body) != 0 {
		t.Errorf("the page was sent again: %d, %d bytes", again.status, len(again.body))
	}
}

// Guessing is slowed down and the answer says how long; what a person typed into
// a form that came too fast is not lost.
func TestTooFast(t *testing.T) {
	p := newPlaceWith(t, "on", "on")
	slug := p.open("own", nil)
	r := p.send(slug, "one", letter("一条"))
	var slowed answer
	for range 200 {
		if slowed = p.track(receipt{r.Number, "AAAAA-AAAAA"}); slowed.status == 429 {
			break
		}
	}
	problem(t, "guessing the secret of a receipt", slowed, 429)
	if n, err := strconv.Atoi(slowed.header.Get("Retry-After")); err != nil || n < 1 || n > 60 {
		t.Errorf("Retry-After is %q", slowed.header.Get("Retry-After"))
	}
	v := p.visitor()
	g := v.open("/consultations/" + slug + "/comment")
	f, press := v.commentForm(g)
	var page *page
	for range 300 {
		if page = v.send(g, f, press, f.known(url.Values{"text": {typed}})); page.status == 429 {
			break
		}
	}
	refused(t, "forms without end", page, 429)
	if again := page.formWith(t, "text"); oneKindOfLines(again.values.Get("text")) != typed {
		t.Errorf("typed %q, kept %q", typed, again.values.Get("text"))
	}
	p.clock.Add(time.Minute)
	if a := p.track(r); a.status != 200 {
		t.Errorf("a minute later: %s", a)
	}
}

// Reading what is public is open to programs of any origin; what needs a token is
// never answered to a cookie.
func TestProgramsOfOtherSites(t *testing.T) {
	p := newPlaceWith(t, "off", "on")
	slug := p.open("own", nil)
	a := p.call("GET", api+"/consultations", "", nil, "Origin", "https://elsewhere.example")
	if a.header.Get("Access-Control-Allow-Origin") != "*" || a.header.Get("Access-Control-Allow-Credentials") != "" {
		t.Errorf("the headers are %v", a.header)
	}
	officer := p.as("own", actor.Officer)
	if g := officer.get(api + "/consultations/" + slug + "/comments"); g.status != 401 {
		t.Errorf("the API took a cookie for a token: %s", g)
	}
	if g := officer.get(api + "/consultations/" + slug); bytes.Contains([]byte(g.body), []byte("events")) {
		t.Errorf("the API shows staff's side to a cookie: %s", fmt.Sprint(g.body))
	}
}

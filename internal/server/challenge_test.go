package server_test

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"guangyi/internal/challenge"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/server"
)

// asking is a site that asks people without an account for work.
func asking(t *testing.T, target, limits string) *place {
	t.Helper()
	p := unserved(t, target)
	p.settings.Challenge, p.settings.RateLimit = "on", limits
	p.serve(server.WithClock(p.clock))
	return p
}

func eachAsking(t *testing.T, test func(*place)) {
	t.Helper()
	databasetest.EachTarget(t, func(t *testing.T, target string) { test(asking(t, target, "off")) })
}

// solved is an answer to a new task.
func (p *place) solved() string {
	p.t.Helper()
	var task challenge.Task
	must(p.t, json.Unmarshal(p.ask("GET", api+"/challenge", "", nil).body, &task))
	return challenge.Solve(task)
}

// worked is a body with an answer in it.
func worked(body map[string]any, answer string) map[string]any {
	body["challenge"] = answer
	return body
}

// refusedWork wants 422 that names the challenge and why.
func refusedWork(t *testing.T, what, code string, a answer) {
	t.Helper()
	if a.status != 422 || !slices.Contains(a.fields(t), "challenge") || !strings.Contains(string(a.body), `"`+code+`"`) {
		t.Errorf("%s: %s, want 422 with %s", what, a, code)
	}
}

func TestAProgramWithoutATokenShowsWork(t *testing.T) {
	eachAsking(t, func(p *place) {
		slug := p.open("own", nil)
		post := func(key string, body map[string]any) answer {
			return p.call("POST", api+"/consultations/"+slug+"/submissions", "", body, "Idempotency-Key", key)
		}
		refusedWork(p.t, "no answer", "missing", post("one", letter("一条")))
		refusedWork(p.t, "nonsense", "wrong", post("one", worked(letter("一条"), "bm8=")))
		old := p.solved()
		p.clock.Add(challenge.Life + time.Second)
		refusedWork(p.t, "too old", "expired", post("one", worked(letter("一条"), old)))
		if a := post("one", worked(letter(""), p.solved())); a.status != 422 || slices.Contains(a.fields(p.t), "challenge") {
			p.t.Errorf("an empty text with work: %s", a)
		}
		if a := post("one", letter("")); a.status != 422 || len(a.fields(p.t)) != 2 {
			p.t.Errorf("everything wrong is not told at once: %s", a)
		}
		answer := p.solved()
		first := post("one", worked(letter("一条"), answer))
		if first.status != 201 {
			p.t.Fatalf("%s", first)
		}
		again := post("one", worked(letter("一条"), answer))
		if again.status != 201 || string(again.body) != string(first.body) {
			p.t.Errorf("the retry gets another answer: %s\nbefore: %s", again, first)
		}
		if a := post("one", letter("一条")); a.status != 201 || string(a.body) != string(first.body) {
			p.t.Errorf("the retry without an answer: %s", a)
		}
		if a := post("one", worked(letter("另一条"), answer)); a.status != 409 {
			p.t.Errorf("another content under the key: %s", a)
		}
		refusedWork(p.t, "an answer twice", "used", post("two", worked(letter("两条"), answer)))
		spare := p.solved()
		if a := post("two", worked(letter(strings.Repeat("长", 20001)), spare)); a.status != 422 {
			p.t.Errorf("too long: %s", a)
		}
		if a := post("two", worked(letter("两条"), spare)); a.status != 201 {
			p.t.Errorf("an answer whose request was refused for its length is lost: %s", a)
		}
		if a := p.call("POST", api+"/consultations/"+slug+"/submissions", p.token("own", actor.Officer), letter("有令牌"), "Idempotency-Key", "token"); a.status != 201 {
			p.t.Errorf("a program with a token is asked for work: %s", a)
		}
		p.clock.Add(period + time.Hour)
		if a := post("late", letter("迟到")); a.status != 410 {
			p.t.Errorf("after the end: %s", a)
		}
		if a := post("one", letter("一条")); a.status != 201 || string(a.body) != string(first.body) {
			p.t.Errorf("after the end an accepted key gets %s", a)
		}
	})
}

func TestAnApplicationByAProgramShowsWork(t *testing.T) {
	p := asking(t, databasetest.Target(t, database.SQLite), "off")
	m := p.meetingOpen("own", nil)
	body := func() map[string]any {
		return map[string]any{"sex": "male", "consent": true, "person": map[string]any{"name": "陈阿玉", "phone": "13800138000", "email": "chen@example.test"}}
	}
	post := func(body map[string]any) answer {
		return p.call("POST", api+"/meetings/"+m.Slug+"/applications", "", body, "Idempotency-Key", "one")
	}
	refusedWork(t, "no answer", "missing", post(body()))
	answer := p.solved()
	first := post(worked(body(), answer))
	if first.status != 201 {
		t.Fatalf("%s", first)
	}
	if again := post(worked(body(), answer)); again.status != 201 || again.text(t, "reference") != first.text(t, "reference") {
		t.Errorf("the retry: %s", again)
	}
}

// Who comments without script is taken, and slowed down only when it is more than
// an office does; what was typed stays.
func TestAFormWithoutScriptIsTakenAndSlowedDownSooner(t *testing.T) {
	p := asking(t, databasetest.Target(t, database.SQLite), "on")
	slug := p.open("own", nil)
	v := p.visitor()
	last := v.lastStep(v.open("/consultations/"+slug+"/comment"), said("没有脚本的浏览器"))
	p.clock.Add(time.Minute)
	taken := 0
	var g *page
	for range 60 {
		f, press := v.commentForm(last)
		fill := url.Values{"key": {"form-" + strings.Repeat("x", taken+1)}}
		if g = v.send(last, f, press, fill); g.status != 303 {
			break
		}
		taken++
	}
	if g.status != 429 || g.header.Get("Retry-After") == "" || !strings.Contains(g.body, "没有脚本的浏览器") {
		t.Errorf("after %d: %s", taken, g)
	}
	if taken != 20 {
		t.Errorf("%d forms without an answer were taken in a minute", taken)
	}
	// Beside them, one with an answer comes through.
	f, press := v.commentForm(last)
	if g = v.send(last, f, press, url.Values{"key": {"form-worked"}, "challenge": {p.solved()}}); g.status != 303 {
		t.Errorf("with an answer: %s", g)
	}
	days, err := p.services.Challenges.Days(context.Background(), 1)
	if err != nil || len(days) != 1 || days[0].Counts[challenge.KindUnanswered] != 20 || days[0].Counts[challenge.KindLimited] != 1 {
		t.Errorf("counted: %v %v", days, err)
	}
}

// What falls into the trap gets its receipt, is held, and is counted.
func TestWhatFillsInTheTrapIsHeldAndNotDropped(t *testing.T) {
	p := newPlace(t, databasetest.Target(t, database.SQLite))
	slug := p.open("own", map[string]any{"comments_public": "at_once"})
	v := p.visitor()
	last := v.lastStep(v.open("/consultations/"+slug+"/comment"), said("买便宜手表"))
	f, press := v.commentForm(last)
	r := v.receiptOn(v.follow(v.send(last, f, press, url.Values{"note_extra": {"http://watches.example"}})))
	if a := p.track(r); a.status != 200 || a.text(t, "state") != "held" {
		t.Errorf("it is not held: %s", a)
	}
	if g := p.visitor().open("/consultations/" + slug + "/comments"); strings.Contains(g.body, "手表") {
		t.Errorf("it is public: %s", g)
	}
	days, err := p.services.Challenges.Days(context.Background(), 1)
	if err != nil || len(days) != 1 || days[0].Counts[challenge.KindTrap] != 1 {
		t.Errorf("counted: %v %v", days, err)
	}
}

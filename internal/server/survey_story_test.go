package server_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"guangyi/internal/verification"
	"guangyi/internal/verification/published"
)

// response is a response as a program sends it; without words it has no comment.
func response(option, words string) map[string]any {
	answers := []map[string]any{{"question": "q1", "choices": []string{option}}, {"question": "q3", "choices": []string{"4"}}}
	if words != "" {
		answers = append(answers, map[string]any{"question": "q6", "text": words})
	}
	return map[string]any{"submitter": map[string]any{"kind": "individual"}, "answers": answers, "consent": true}
}

// From the questions to the published answer: what was chosen is counted, what was
// written is answered, both stand in the register and in the balance, and anybody
// can check it.
func TestASurveyFromItsQuestionsToTheAnswer(t *testing.T) {
	eachPlace(t, func(p *place) {
		slug := p.asking("own")
		at := api + "/consultations/" + slug
		p.approve("own", slug, nil)
		words := p.ask("POST", at+"/survey/responses", "", response("o1", "摊位费按面积收"), 201)
		only := p.ask("POST", at+"/survey/responses", "", response("o2", ""), 201)
		p.send(slug, "letter", letter("另一份意见"))
		p.clock.Add(period + time.Hour)
		results := p.ask("GET", at+"/survey/results", "", nil).object(p.t)
		if results["responses"] != 2.0 || results["partial"] != false {
			p.t.Errorf("the figures: %v", results)
		}
		for _, c := range p.commentIDs("own", slug) {
			p.settle("own", p.gather("own", slug, "按面积收摊位费", c), disposition{"adopted", "合理。", []string{"art-3"}})
		}
		p.finish("own", slug)
		counts := p.ask("GET", at+"/summary", "", nil).object(p.t)["counts"].(map[string]any)
		if counts["submissions"] != 3.0 || counts["comments"] != 2.0 || fmt.Sprint(counts["by_channel"]) != "map[api:1 survey:2]" {
			p.t.Errorf("published: %v", counts)
		}
		got := p.track(receipt{words.text(p.t, "receipt"), words.text(p.t, "secret")}).object(p.t)
		if got["state"] != "answered" || !strings.Contains(fmt.Sprint(got["answers"]), "o1 每周都去") {
			p.t.Errorf("the receipt of what was written: %v", got)
		}
		got = p.track(receipt{only.text(p.t, "receipt"), only.text(p.t, "secret")}).object(p.t)
		if got["channel"] != "survey" || len(got["comments"].([]any)) != 0 || !strings.Contains(fmt.Sprint(got["answers"]), "o2 每月一两次") {
			p.t.Errorf("the receipt of choices only: %v", got)
		}
		a := &audited{place: p, slug: slug}
		for _, r := range []answer{words, only} {
			a.receipts = append(a.receipts, published.Receipt{Number: r.text(p.t, "receipt"), Secret: r.text(p.t, "secret"), LeafHash: r.text(p.t, "leaf_hash")})
		}
		a.pass()
		a.holds("", published.Options{Receipts: a.receipts}, verification.FactCovered, verification.FactFigures, verification.FactReceipt, verification.FactOpening)
	})
}

// With work demanded, a program shows it for a response as for a comment, and a
// page without script is not refused.
func TestAResponseShowsWorkAsACommentDoes(t *testing.T) {
	eachAsking(t, func(p *place) {
		slug := p.asking("own")
		p.approve("own", slug, nil)
		post := func(key string, body map[string]any) answer {
			return p.call("POST", api+"/consultations/"+slug+"/survey/responses", "", body, "Idempotency-Key", key)
		}
		refusedWork(p.t, "no answer", "missing", post("one", response("o1", "")))
		if a := post("one", response("o9", "")); a.status != 422 || !slices.Contains(a.fields(p.t), "answers.q1") || !slices.Contains(a.fields(p.t), "challenge") {
			p.t.Errorf("everything wrong is not told at once: %s", a)
		}
		solution := p.solved()
		first := post("one", worked(response("o1", ""), solution))
		if first.status != 201 {
			p.t.Fatalf("%s", first)
		}
		if a := post("one", response("o1", "")); a.status != 201 || string(a.body) != string(first.body) {
			p.t.Errorf("the retry without an answer: %s", a)
		}
		refusedWork(p.t, "an answer twice", "used", post("two", worked(response("o1", ""), solution)))
		v := p.visitor()
		page := v.open("/consultations/" + slug + "/survey")
		sent := v.follow(v.send(page, page.formTo(p.t, "/survey"), "send", url.Values{"a-q1": {"o3"}, "kind": {"individual"}, "consent": {"true"}}))
		if !strings.Contains(sent.path, "/receipts/") || !sent.reads("很少去") {
			p.t.Errorf("without script: %s", sent)
		}
	})
}

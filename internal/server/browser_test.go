package server_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/browsertest"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
)

// clearCookies makes a tab forget who sat there.
func clearCookies() chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, network.ClearBrowserCookies, cdp.Empty{})
		return err
	})
}

// journey is one consultation from the first comment to the published answer, as
// people go it in a browser.
type journey struct {
	*place
	t       *testing.T
	tab     *browsertest.Tab
	slug    string
	name    string
	receipt receipt
	seen    int
}

// What the law of the main job asks of a person, in both languages, on a phone and
// on a screen, with scripts and without.
func TestJourneys(t *testing.T) {
	p := newPlace(t, databasetest.Target(t, database.SQLite))
	b := browsertest.Start(t)
	for _, view := range browsertest.Views() {
		for _, view.NoScript = range []bool{true, false} {
			name := fmt.Sprintf("%s-%d-script-%t", view.Lang, view.Width, !view.NoScript)
			t.Run(name, func(t *testing.T) {
				j := &journey{place: p, t: t, name: name, slug: p.open("own", nil)}
				j.tab = b.Tab(t, view)
				j.walk()
			})
		}
	}
	auditDatabase(t, p.db())
}

func (j *journey) walk() {
	j.writeAComment()
	j.clock.Add(period + time.Second)
	j.as(actor.Officer)
	j.splitAndAim()
	suggestions := j.gatherAndDispose()
	j.handIn(suggestions)
	j.as(actor.Reviewer)
	j.agree(suggestions)
	j.as(actor.Officer)
	j.step("decide")
	j.step("submit_summary")
	j.as(actor.Reviewer)
	j.step("publish_summary")
	j.readTheAnswer()
}

// look examines the page that the tab shows.
func (j *journey) look(what string, got browsertest.Response, want int) {
	j.t.Helper()
	if got.Status != want {
		j.t.Fatalf("%s: status %d at %s", what, got.Status, got.URL)
	}
	if j.tab.Scrolls() {
		j.t.Errorf("%s scrolls sideways", what)
	}
	browsertest.NoViolations(j.t, j.tab)
	j.seen++
	browsertest.Screenshot(j.t, j.tab, fmt.Sprintf("journey-%s-%02d", j.name, j.seen))
}

func (j *journey) as(role actor.Role) {
	j.t.Helper()
	signIn(j.tab, j.base, j.person("own", role).Email)
}

const twoPoints = "摊位费应当按面积收。收市以后要有人清扫。"

// writeAComment goes from the draft to the receipt in three steps, over a mistake.
func (j *journey) writeAComment() {
	j.t.Helper()
	j.look("the draft", j.tab.Open(j.base+"/consultations/"+j.slug+"/draft"), 200)
	j.look("the first step", j.tab.Follow(`a[href*="comment?provision=art-3"]`), 200)
	j.look("nothing written", j.tab.Follow(`button[value=continue]`), 422)
	j.tab.Type(`textarea[name=text]`, twoPoints)
	j.look("the second step", j.tab.Follow(`button[value=continue]`), 200)
	j.tab.Click(`input[name=kind][value=individual]`)
	if j.tab.Exists(`input[type=checkbox][name=consent]`) {
		j.tab.Click(`input[type=checkbox][name=consent]`)
	}
	j.look("the third step", j.tab.Follow(`button[value=check]`), 200)
	if !strings.Contains(j.tab.Text("main"), "收市以后要有人清扫") {
		j.t.Error("the check does not show what was written")
	}
	j.look("the receipt", j.tab.Follow(`button[value=send]`), 200)
	j.receipt = receipt{squeeze(j.tab.Text("#receipt-number")), squeeze(j.tab.Text("#receipt-secret"))}
	if j.receipt.Number == "" || j.receipt.Secret == "" {
		j.t.Fatal("no receipt")
	}
	if strings.HasSuffix(j.name, "script-true") {
		j.image()
	}
}

// image is the receipt as a picture to keep, drawn by the page.
func (j *journey) image() {
	j.t.Helper()
	var wide int
	j.tab.Evaluate(`document.querySelector("[data-keepsake] img").decode().then(() => document.querySelector("[data-keepsake] img").naturalWidth)`, &wide)
	if wide != 720 {
		j.t.Errorf("the image of the receipt is %d pixels wide", wide)
	}
}

func (j *journey) bench() string { return j.base + "/staff/consultations/" + j.slug + "/workbench" }

// splitAndAim makes two comments of one and puts the second to its article.
func (j *journey) splitAndAim() {
	j.t.Helper()
	ids := j.commentIDs("own", j.slug)
	j.look("today", j.tab.Open(j.base+"/staff"), 200)
	j.look("the workbench", j.tab.Open(j.bench()+"?comment="+ids[0]+"&pane=text"), 200)
	first := strings.Index(twoPoints, "。") / 3 // signs of three bytes
	split := `form[action*="/split/"]`
	j.unfold(split)
	j.tab.Type(split+` [name=start]`, fmt.Sprint(first+1))
	j.tab.Type(split+` [name=end]`, fmt.Sprint(len([]rune(twoPoints))))
	j.look("after the split", j.tab.Follow(split+` button`), 200)
	ids = j.commentIDs("own", j.slug)
	if len(ids) != 2 {
		j.t.Fatalf("the split made %d comments", len(ids))
	}
	j.look("the second point", j.tab.Open(j.bench()+"?comment="+ids[1]+"&pane=text"), 200)
	aim := `form[action*="/aim/"]`
	j.unfold(aim)
	j.tab.Choose(aim+` [name=provision]`, "art-4")
	j.look("after aiming", j.tab.Follow(aim+` button`), 200)
}

// unfold opens what is folded around an element.
func (j *journey) unfold(css string) {
	j.tab.Evaluate(fmt.Sprintf(`for (let e = document.querySelector(%q); e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true; 0`, css), nil)
}

// gatherAndDispose makes a suggestion of each point, with its disposition.
func (j *journey) gatherAndDispose() (suggestions []string) {
	j.t.Helper()
	for i, id := range j.commentIDs("own", j.slug) {
		j.tab.Open(j.bench() + "?comment=" + id + "&pane=gather")
		form := `form[action*="/workbench/"]`
		j.unfold(form + ` [name=text]`)
		if j.tab.Exists(form + ` [name=into][value=new]`) {
			j.tab.Click(form + ` [name=into][value=new]`)
		}
		j.tab.Type(form+` [name=text]`, fmt.Sprintf("归纳意见之%d", i+1))
		code := []string{"not_adopted", "answered"}[i]
		j.unfold(form + ` [name=disposition]`)
		j.tab.Click(form + ` [name=disposition][value=` + code + `]`)
		j.tab.Type(form+` [name=reason]`, "摊位费由区人民政府核定，另有规定。")
		j.look("after gathering", j.tab.Follow(form+` button[type=submit], `+form+` button:not([type])`), 200)
	}
	for _, s := range j.items(api+"/consultations/"+j.slug+"/suggestions", j.token("own", actor.Officer)) {
		if s["disposition"] == "" {
			j.t.Errorf("a suggestion without disposition: %v", s)
		}
		suggestions = append(suggestions, fmt.Sprint(s["id"]))
	}
	if len(suggestions) != 2 {
		j.t.Fatalf("%d suggestions", len(suggestions))
	}
	return suggestions
}

func (j *journey) handIn(suggestions []string) {
	j.t.Helper()
	for _, id := range suggestions {
		j.look("the suggestion", j.tab.Open(j.base+"/staff/consultations/"+j.slug+"/suggestions/"+id), 200)
		j.look("after handing in", j.press("submit"), 200)
	}
}

func (j *journey) agree(suggestions []string) {
	j.t.Helper()
	for _, id := range suggestions {
		j.tab.Open(j.base + "/staff/consultations/" + j.slug + "/suggestions/" + id)
		j.look("after agreeing", j.press("agree"), 200)
	}
}

// step does an event on the page of the balance.
func (j *journey) step(event string) {
	j.t.Helper()
	j.look("the balance", j.tab.Open(j.base+"/staff/consultations/"+j.slug+"/review"), 200)
	j.look("after "+event, j.press(event), 200)
}

// press presses the button that stands for an event.
func (j *journey) press(event string) browsertest.Response {
	j.t.Helper()
	button := `main button[value=` + event + `]`
	if !j.tab.Exists(button) { // the event stands in a hidden field of its form
		j.tab.Evaluate(fmt.Sprintf(`document.querySelector('input[name=event][value=%s]').form.querySelector("button").setAttribute("data-press", "1"); 0`, event), nil)
		button = `[data-press]`
	}
	j.unfold(button)
	return j.tab.Follow(button)
}

// readTheAnswer reads the summary and the own receipt, as the public.
func (j *journey) readTheAnswer() {
	j.t.Helper()
	j.tab.Run(clearCookies())
	j.look("the summary", j.tab.Open(j.base+"/consultations/"+j.slug+"/summary"), 200)
	text := j.tab.Text("main")
	for _, want := range []string{"归纳意见之1", "归纳意见之2", "摊位费由区人民政府核定"} {
		if !strings.Contains(text, want) {
			j.t.Errorf("the summary does not say %q", want)
		}
	}
	j.look("the look-up", j.tab.Open(j.base+"/receipts"), 200)
	j.tab.Type(`main [name=number]`, j.receipt.Number)
	j.tab.Type(`main [name=secret]`, j.receipt.Secret)
	j.look("the answer", j.tab.Follow(`main form button`), 200)
	if text := j.tab.Text("main"); !strings.Contains(text, "收市以后要有人清扫") || !strings.Contains(text, "摊位费由区人民政府核定") {
		j.t.Errorf("the receipt does not answer: %s", text)
	}
}

package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/a-h/templ"

	"guangyi/internal/platform/browsertest"
	"guangyi/views/assets"
	"guangyi/views/components"
	"guangyi/views/layouts"
)

// letter is a form as the comment page has it.
func letter(p layouts.Page) templ.Component {
	l := p.Locale
	area := components.Textarea(l, components.Area{Field: components.Field{Name: "text", Label: "意见"}, Limit: 5})
	split := components.SplitText(l, "甲𠀀乙丙丁", "", "start", "end")
	return templ.Join(
		templ.Raw(`<form method="post" action="/send" data-draft="x" data-once data-sending="正在提交">`), area,
		components.PrimaryButton(components.Button{Text: "继续", ID: "go"}), templ.Raw(`</form>`),
		components.DraftNote(l, "x"), split,
		components.Input(l, components.Field{Name: "start", Label: "从"}), components.Input(l, components.Field{Name: "end", Label: "到"}),
		components.NumberBox(l, "YZ-26-004172", "K7QD-M2XR-94TP"),
	)
}

// post serves the form, slowly answers what it sends and counts it.
func post(t *testing.T, sent *atomic.Int32) string {
	t.Helper()
	p := page(t, "zh-CN")
	set := p.Assets.(*assets.Set)
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, asset := strings.CutPrefix(r.URL.Path, assets.Prefix)
		switch {
		case asset:
			file, _ := set.File(name)
			w.Header().Set("Content-Type", file.ContentType)
			_, _ = w.Write(file.Body)
		case r.Method == http.MethodPost:
			sent.Add(1)
			<-release
		default:
			w.Header().Set("Content-Security-Policy", policy)
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_ = layouts.Public(p).Render(templ.WithChildren(context.Background(), letter(p)), w)
		}
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(release) })
	return server.URL
}

// A device that loses its page brings the words back; clearing forgets them.
func TestWhatIsTypedStaysOnTheDevice(t *testing.T) {
	tab := browsertest.Start(t).Tab(t, browsertest.Page{})
	base := post(t, new(atomic.Int32))
	tab.Open(base + "/")
	tab.Type("#text", "网名也要管")
	until(t, tab, `document.querySelector("[data-draft-note]").textContent.includes("清除草稿")`)
	tab.Open(base + "/")
	if got := tab.Value("#text"); got != "" {
		t.Errorf("the page was filled without being asked: %q", got)
	}
	tab.Click("[data-draft-note] button")
	if got := tab.Value("#text"); got != "网名也要管" {
		t.Errorf("brought back %q", got)
	}
	until(t, tab, `document.querySelectorAll("[data-draft-note] button").length === 1`)
	tab.Click("[data-draft-note] button")
	var kept int
	tab.Evaluate(`localStorage.length`, &kept)
	if kept != 0 {
		t.Error("a cleared draft is still on the device")
	}
}

// The count says how much is too much and cuts nothing; a rare character is one.
func TestTheCountCutsNothing(t *testing.T) {
	tab := browsertest.Start(t).Tab(t, browsertest.Page{})
	tab.Open(post(t, new(atomic.Int32)) + "/")
	var words string
	tab.Evaluate(`(() => { const a = document.getElementById("text"); a.value = "𠀀𠀀𠀀𠀀𠀀𠀀𠀀"; a.dispatchEvent(new Event("input")); return document.getElementById("text-info").textContent })()`, &words)
	if words != "多了2个字，内容没有被删" {
		t.Errorf("seven characters of five: %q", words)
	}
	if got := tab.Value("#text"); len([]rune(got)) != 7 {
		t.Errorf("the text was cut to %q", got)
	}
}

// A selection becomes a span in code points, whatever the characters' width.
func TestASelectionBecomesASpanInCodePoints(t *testing.T) {
	tab := browsertest.Start(t).Tab(t, browsertest.Page{})
	tab.Open(post(t, new(atomic.Int32)) + "/")
	var done bool
	tab.Evaluate(`(() => {
		const text = document.querySelector("[data-split]");
		getSelection().setBaseAndExtent(text.firstChild, 3, text.firstChild, 5);
		text.dispatchEvent(new MouseEvent("mouseup"));
		return true;
	})()`, &done)
	if start, end := tab.Value("#start"), tab.Value("#end"); start != "2" || end != "4" {
		t.Errorf("乙丙 is the span %s to %s, want 2 to 4", start, end)
	}
}

func TestASecondPressSendsNothing(t *testing.T) {
	tab := browsertest.Start(t).Tab(t, browsertest.Page{})
	var sent atomic.Int32
	tab.Open(post(t, &sent) + "/")
	var words string
	tab.Evaluate(`(() => { const b = document.getElementById("go"); b.click(); b.click(); b.click(); return b.textContent.trim() })()`, &words)
	if words != "正在提交" {
		t.Errorf("the button says %q", words)
	}
	// The page is leaving: asking it anything now may never be answered.
	for end := time.Now().Add(20 * time.Second); sent.Load() == 0 && time.Now().Before(end); {
		time.Sleep(20 * time.Millisecond)
	}
	time.Sleep(200 * time.Millisecond) // a second letter would be on its way
	if n := sent.Load(); n != 1 {
		t.Errorf("%d letters were sent", n)
	}
}

// Programs read number and secret by their ids; the copy button is not part of them.
func TestNumberAndSecretStandAlone(t *testing.T) {
	tab := browsertest.Start(t).Tab(t, browsertest.Page{})
	tab.Open(post(t, new(atomic.Int32)) + "/")
	if got := tab.Text("#receipt-number"); got != "YZ-26-004172" {
		t.Errorf("number reads %q", got)
	}
	if got := tab.Text("#receipt-secret"); got != "K7QD-M2XR-94TP" {
		t.Errorf("secret reads %q", got)
	}
}

// until waits for a condition of the page, twenty seconds at most.
func until(t *testing.T, tab *browsertest.Tab, condition string) {
	t.Helper()
	var met bool
	tab.Evaluate(`new Promise(done => { const end = Date.now() + 20000; (function look() { if (`+condition+`) done(true); else if (Date.now() > end) done(false); else setTimeout(look, 50) })() })`, &met)
	if !met {
		t.Fatalf("waited in vain for %s", condition)
	}
}

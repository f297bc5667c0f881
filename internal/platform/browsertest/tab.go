package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// step is how long one action may take before the test fails.
const step = 30 * time.Second

// Page says how a tab shows pages. The zero value is 1280 × 900 pixels in
// Chinese with scripts.
type Page struct {
	Width, Height int    // CSS pixels
	Lang          string // Accept-Language, such as "zh-CN" or "en"
	NoScript      bool   // the page's own scripts do not run
	Dark          bool   // prefers-color-scheme: dark
}

// Tab is one tab with cookies of its own. Its methods fail the test on error;
// selectors are CSS and must match something visible unless said otherwise.
type Tab struct {
	t        testing.TB
	ctx      context.Context
	noScript bool
}

// Response is the answer to a navigation.
type Response struct {
	Status int
	URL    string
}

// Tab opens a tab that is closed when the test ends.
func (b *Browser) Tab(t testing.TB, page Page) *Tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	tab := &Tab{t: t, ctx: ctx, noScript: page.NoScript}
	if page.Width == 0 {
		page.Width = 1280
	}
	if page.Height == 0 {
		page.Height = 900
	}
	if page.Lang == "" {
		page.Lang = "zh-CN"
	}
	scheme := "light"
	if page.Dark {
		scheme = "dark"
	}
	// The first run makes the tab and must not carry a deadline of its own.
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("Chromium opens no tab: %v", err)
	}
	tab.Run(
		command(emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
			Width: int64(page.Width), Height: int64(page.Height), DeviceScaleFactor: 1, Mobile: page.Width < 600}),
		command(emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: b.agent, AcceptLanguage: page.Lang}),
		command(emulation.SetLocaleOverride, emulation.SetLocaleOverrideParams{Locale: page.Lang}),
		command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}),
	)
	tab.scripts(!page.NoScript)
	return tab
}

// Print shows the page as it is printed from here on.
func (tab *Tab) Print() {
	tab.t.Helper()
	tab.Run(command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}))
}

// scripts switches the scripts of the pages on or off.
func (tab *Tab) scripts(on bool) {
	tab.t.Helper()
	tab.Run(command(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on}))
}

// command makes an action of a protocol command that answers nothing.
func command[P any](c cdp.Command[P, cdp.Empty], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, c, params)
		return err
	})
}

// Run runs any actions of chromedp, each within the time of one step.
func (tab *Tab) Run(actions ...chromedp.Action[chromedp.Void]) {
	tab.t.Helper()
	for _, action := range actions {
		Get(tab, action)
	}
}

// Get runs an action of chromedp that has a value.
func Get[T any](tab *Tab, action chromedp.Action[T]) T {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, step)
	defer cancel()
	value, err := chromedp.Run(ctx, action)
	if err != nil {
		tab.t.Fatalf("%v\nat %s", err, tab.where())
	}
	return value
}

// where is the address for a test's message; empty when the tab does not answer.
func (tab *Tab) where() string {
	ctx, cancel := context.WithTimeout(tab.ctx, step)
	defer cancel()
	url, _ := chromedp.Run(ctx, chromedp.Location())
	return url
}

// Open navigates and waits until the page is loaded.
func (tab *Tab) Open(url string) Response {
	tab.t.Helper()
	return tab.navigate("open "+url, chromedp.Navigate(url))
}

// Follow clicks a link or a button and waits until the next page is loaded.
// For a click that stays on the page use Click.
func (tab *Tab) Follow(css string) Response {
	tab.t.Helper()
	return tab.navigate("follow "+css, chromedp.Click(chromedp.CSS(css), chromedp.NodeVisible))
}

// Back goes one page back, as the browser's button does.
func (tab *Tab) Back() {
	tab.t.Helper()
	tab.Run(chromedp.NavigateBack(), chromedp.WaitReady(chromedp.CSS("body")))
}

func (tab *Tab) navigate(what string, action chromedp.Action[chromedp.Void]) Response {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, step)
	defer cancel()
	answer, err := chromedp.RunResponse(ctx, action)
	if err != nil {
		tab.t.Fatalf("%s: %v\nat %s", what, err, tab.where())
	}
	if answer == nil { // the browser took the page from its memory
		return Response{Status: 200, URL: tab.URL()}
	}
	return Response{Status: int(answer.Status), URL: answer.URL}
}

// Click clicks something without waiting for a page. A script may put a fresh
// element in the place of the one that was just found: then it is looked for again.
func (tab *Tab) Click(css string) {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, step)
	defer cancel()
	for {
		_, err := chromedp.Run(ctx, chromedp.Click(chromedp.CSS(css), chromedp.NodeVisible))
		if err == nil {
			return
		}
		if ctx.Err() != nil || !strings.Contains(err.Error(), "Could not find node") {
			tab.t.Fatalf("click %s: %v\nat %s", css, err, tab.where())
		}
	}
}

// Type replaces what stands in a text field by a text of any length, at once.
// For fields of dates and numbers with parts use Choose.
func (tab *Tab) Type(css, text string) {
	tab.t.Helper()
	tab.Run(chromedp.WaitVisible(chromedp.CSS(css)))
	tab.Evaluate(fmt.Sprintf("{ const field = document.querySelector(%q); field.focus(); field.select() }", css), nil)
	if text == "" {
		tab.Press(kb.Backspace)
		return
	}
	tab.Run(command(input.InsertText, input.InsertTextParams{Text: text}))
}

// Press types keys one by one where the focus is; package kb names the special ones.
func (tab *Tab) Press(keys string) {
	tab.t.Helper()
	tab.Run(chromedp.KeyEvent(keys))
}

// Choose sets the value of a select, date or other field.
func (tab *Tab) Choose(css, value string) {
	tab.t.Helper()
	tab.Run(chromedp.SetValue(chromedp.CSS(css), value))
}

// Text is what a person reads in the first match.
func (tab *Tab) Text(css string) string {
	tab.t.Helper()
	return Get(tab, chromedp.Text(chromedp.CSS(css), chromedp.NodeVisible))
}

// Value is what stands in a field.
func (tab *Tab) Value(css string) string {
	tab.t.Helper()
	return Get(tab, chromedp.Value(chromedp.CSS(css)))
}

// Count is how many elements match now, visible or not.
func (tab *Tab) Count(css string) int {
	tab.t.Helper()
	var n int
	tab.Evaluate(fmt.Sprintf("document.querySelectorAll(%q).length", css), &n)
	return n
}

// Exists reports whether something matches now, visible or not.
func (tab *Tab) Exists(css string) bool {
	tab.t.Helper()
	return tab.Count(css) > 0
}

// Evaluate runs an expression in the page, also when the page's own scripts
// are off, and decodes its JSON into value unless that is nil. A promise is
// awaited.
func (tab *Tab) Evaluate(expression string, value any) {
	tab.t.Helper()
	raw := Get(tab, chromedp.Evaluate[[]byte](expression, chromedp.EvalAwaitPromise, chromedp.EvalAsValue))
	if value == nil {
		return
	}
	if err := json.Unmarshal(raw, value); err != nil {
		tab.t.Fatalf("%s: %v", expression, err)
	}
}

// URL is the address that the tab shows.
func (tab *Tab) URL() string {
	tab.t.Helper()
	return Get(tab, chromedp.Location())
}

// Scrolls reports whether the page is wider than the tab, which makes a reader
// scroll sideways.
func (tab *Tab) Scrolls() bool {
	tab.t.Helper()
	var wide bool
	tab.Evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth", &wide)
	return wide
}

// Screenshot stores the whole page as NAME.png in the folder that
// GUANGYI_SCREENSHOTS names; without that variable it does nothing.
func Screenshot(t testing.TB, tab *Tab, name string) {
	t.Helper()
	folder := os.Getenv("GUANGYI_SCREENSHOTS")
	if folder == "" {
		return
	}
	picture := Get(tab, chromedp.FullScreenshot(100))
	err := os.MkdirAll(folder, 0o755)
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

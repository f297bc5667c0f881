package server_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"guangyi/internal/challenge"
	"guangyi/internal/platform/browsertest"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/server"
)

// A person comments in a browser on a site that asks for work: the script has the
// answer ready when the button is pressed, nothing of it is to be seen or heard,
// and without script the comment is taken too.
func TestWorkIsDoneWhileThePersonTypes(t *testing.T) {
	p := unserved(t, databasetest.Target(t, database.SQLite))
	p.settings.Challenge = "on"
	p.clock.Set(time.Now()) // the script looks at the browser's clock
	p.serve(server.WithClock(p.clock))
	slug := p.open("own", nil)
	b := browsertest.Start(t)
	unanswered := int64(0)
	for _, noScript := range []bool{false, true} {
		for _, lang := range []string{"zh-CN", "en"} {
			for _, width := range []int{360, 1280} {
				tab := b.Tab(t, browsertest.Page{Width: width, Height: 800, Lang: lang, NoScript: noScript})
				tab.Open(p.base + "/consultations/" + slug + "/comment")
				tab.Type("#text-1", fmt.Sprintf("有脚本%t %s %d", !noScript, lang, width))
				if !noScript {
					p.solvedIn(tab)
				}
				browsertest.NoViolations(t, tab)
				if tab.Scrolls() {
					t.Error("the form scrolls sideways")
				}
				tab.Follow(`button[value="continue"]`)
				tab.Click(`input[name="kind"][value="individual"]`)
				tab.Click(`input[name="consent"]`)
				tab.Follow(`button[value="check"]`)
				browsertest.NoViolations(t, tab)
				if line := tab.Text("main"); strings.Contains(line, "计算") || strings.Contains(line, "留空") {
					t.Errorf("the page speaks of the work: %s", line)
				}
				if r := tab.Follow(`button[value="send"]`); r.Status != 200 || !tab.Exists("#receipt-number") {
					t.Fatalf("%s %d script %t: %d %s", lang, width, !noScript, r.Status, tab.Text("main"))
				}
				if noScript {
					unanswered++
				}
			}
		}
	}
	days, err := p.services.Challenges.Days(context.Background(), 1)
	if err != nil || len(days) != 1 || days[0].Counts[challenge.KindUnanswered] != unanswered {
		t.Errorf("%v %v: want %d without an answer", days, err, unanswered)
	}
}

// solvedIn waits for the answer that the page's script finds.
func (p *place) solvedIn(tab *browsertest.Tab) {
	p.t.Helper()
	for range 200 {
		if tab.Value(`input[name="challenge"]`) != "" {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	p.t.Fatal("the script found no answer")
}

// The trap is reached by nobody: not by the eye, not by the tabulator, not by a
// screen reader.
func TestTheTrapIsNowhere(t *testing.T) {
	p := newPlace(t, databasetest.Target(t, database.SQLite))
	slug := p.open("own", nil)
	tab := browsertest.Start(t).Tab(t, browsertest.Page{Width: 360, Height: 800, Lang: "zh-CN"})
	tab.Open(p.base + "/consultations/" + slug + "/comment")
	var seen bool
	tab.Evaluate(`document.getElementById("note_extra").checkVisibility()`, &seen)
	if seen {
		t.Error("the trap can be seen")
	}
}

// How fast the site's own script tries numbers in a browser, for the bound of a
// task's difficulty; a figure for the log, not a demand on this machine.
func TestHowFastABrowserTries(t *testing.T) {
	p := asking(t, databasetest.Target(t, database.SQLite), "off")
	slug := p.open("own", nil)
	tab := browsertest.Start(t).Tab(t, browsertest.Page{Width: 360, Height: 800, Lang: "zh-CN"})
	tab.Open(p.base + "/consultations/" + slug + "/comment")
	const tries = 200_000
	var ms float64
	tab.Evaluate(fmt.Sprintf(`new Promise((done) => {
		const worker = new Worker(document.querySelector("input[data-work]").dataset.worker), began = performance.now();
		worker.onmessage = () => done(performance.now() - began);
		worker.postMessage({salt: "0123456789abcdef01234567?expires=1795555555&", challenge: "0".repeat(64), maxnumber: %d});
	})`, tries), &ms)
	perSecond := tries / ms * 1000
	t.Logf("%.0f numbers a second; the hardest task takes %.2f s at worst here, %.2f s on a telephone that tries 50,000",
		perSecond, challenge.MostWork/perSecond, challenge.MostWork/50_000.0)
	if perSecond <= 0 {
		t.Error("nothing was tried")
	}
}

package registerweb_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/browsertest"
	"guangyi/internal/platform/database/databasetest"
)

// unworded is a key of a message for which a catalogue has no words.
var unworded = regexp.MustCompile(`\bregister\.(now|size|keys|follow|format|inside|late|verify|check)\b`)

func TestThePagesOfTheRegister(t *testing.T) {
	st := newStage(t, databasetest.SQLite(t))
	st.grow(2317)
	_, err := st.s.Rotate(ctx, actor.Console(), nil, true)
	must(t, err)
	st.grow(3)
	b := browsertest.Start(t)
	for _, page := range []browsertest.Page{
		{Width: 360, Height: 800, Lang: "zh-CN"}, {Width: 1280, Height: 800, Lang: "zh-CN", NoScript: true},
		{Width: 360, Height: 800, Lang: "en", NoScript: true}, {Width: 1280, Height: 800, Lang: "en"},
	} {
		tab := b.Tab(t, page)
		for _, path := range []string{"/log", "/log/format"} {
			if r := tab.Open(st.base + path); r.Status != 200 {
				t.Fatalf("%s: %d", path, r.Status)
			}
			browsertest.NoViolations(t, tab)
			if tab.Scrolls() {
				t.Errorf("%s scrolls sideways at %d", path, page.Width)
			}
			if key := unworded.FindString(tab.Text("main")); key != "" {
				t.Errorf("%s has no words in %s", key, page.Lang)
			}
			browsertest.Screenshot(t, tab, "register"+strings.ReplaceAll(path, "/", "-")+"-"+page.Lang+"-"+strconv.FormatInt(int64(page.Width), 10))
		}
	}
}

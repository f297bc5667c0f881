package browsertest

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// page has one violation, a picture without a text, and a script that shows
// whether scripts run.
const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Test</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head><body>
<main><h1>Test</h1><p id="script">off</p><p id="lang">%s</p>
%s
<form method="post" action="/send"><label for="f">Text</label><textarea id="f" name="text">old</textarea>
<label for="s">Kind</label><select id="s" name="kind"><option value="a">A</option><option value="b">B</option></select>
<button>Send</button></form></main>
<script>document.getElementById("script").textContent = "on"</script></body></html>`

const picture = `<img src="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==">`

func site(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	show := func(extra string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Security-Policy", "default-src 'self'; script-src 'unsafe-inline'; img-src data:")
			fmt.Fprintf(w, page, r.Header.Get("Accept-Language"), extra)
		}
	}
	mux.HandleFunc("/good", show(""))
	mux.HandleFunc("/bad", show(picture))
	mux.HandleFunc("/send", func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusUnprocessableEntity)
		fmt.Fprintf(w, "<title>Sent</title><p id=got>%s/%s</p>", r.FormValue("text"), r.FormValue("kind"))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func TestAPersonUsesAPageWithAndWithoutScripts(t *testing.T) {
	url := site(t)
	for script, want := range map[bool]string{false: "on", true: "off"} {
		t.Run("script "+want, func(t *testing.T) {
			tab := Start(t).Tab(t, Page{Width: 360, Height: 800, Lang: "en", NoScript: script})
			if got := tab.Open(url + "/good"); got.Status != http.StatusOK {
				t.Errorf("status %d", got.Status)
			}
			if got := tab.Text("#script"); got != want {
				t.Errorf("scripts are %s, want %s", got, want)
			}
			if got := tab.Text("#lang"); !strings.HasPrefix(got, "en") {
				t.Errorf("language %q", got)
			}
			if tab.Value("#f") != "old" || !tab.Exists("form") || tab.Count("option") != 2 || tab.Scrolls() {
				t.Errorf("value %q, %d options, scrolls %v", tab.Value("#f"), tab.Count("option"), tab.Scrolls())
			}
			text := strings.Repeat("建议修改第三条。", 3000)
			tab.Type("#f", text)
			tab.Choose("#s", "b")
			if got := tab.Follow("button"); got.Status != http.StatusUnprocessableEntity {
				t.Errorf("status %d", got.Status)
			}
			if diff := cmp.Diff(text+"/b", tab.Text("#got")); diff != "" {
				t.Error(diff)
			}
			if tab.Back(); tab.URL() != url+"/good" || tab.Value("#f") != text {
				t.Errorf("back leads to %s, where %d characters stand", tab.URL(), len(tab.Value("#f")))
			}
		})
	}
}

func TestAxeFindsTheOneViolation(t *testing.T) {
	url := site(t)
	for _, noScript := range []bool{false, true} {
		t.Run(fmt.Sprintf("without scripts %v", noScript), func(t *testing.T) {
			tab := Start(t).Tab(t, Page{NoScript: noScript})
			tab.Open(url + "/bad")
			var found []string
			for _, violation := range Axe(t, tab) {
				found = append(found, violation.ID)
				if !strings.Contains(violation.String(), "<img") {
					t.Errorf("the place is missing: %s", violation)
				}
			}
			if diff := cmp.Diff([]string{"image-alt"}, found); diff != "" {
				t.Error(diff)
			}
			tab.Open(url + "/good")
			NoViolations(t, tab)
		})
	}
}

func TestTabsDoNotShareCookies(t *testing.T) {
	url := site(t)
	first, second := Start(t).Tab(t, Page{}), Start(t).Tab(t, Page{})
	first.Open(url + "/good")
	first.Evaluate(`document.cookie = "a=1"`, new(string))
	second.Open(url + "/good")
	var cookie string
	second.Evaluate("document.cookie", &cookie)
	if cookie != "" {
		t.Errorf("the second person has the cookie %q of the first", cookie)
	}
}

func TestAScreenshotGoesToTheNamedFolder(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "pictures")
	tab := Start(t).Tab(t, Page{Dark: true})
	tab.Open(site(t) + "/good")
	t.Setenv("GUANGYI_SCREENSHOTS", "")
	Screenshot(t, tab, "none")
	t.Setenv("GUANGYI_SCREENSHOTS", folder)
	Screenshot(t, tab, "good")
	content, err := os.ReadFile(filepath.Join(folder, "good.png"))
	if err != nil || !strings.HasPrefix(string(content), "\x89PNG") {
		t.Errorf("%d bytes, error %v", len(content), err)
	}
}

func TestAMissingBrowserIsSaid(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("CHROMIUM", "")
	if _, err := find(); !errors.Is(err, ErrMissing) || !strings.Contains(err.Error(), "apt-get install chromium") {
		t.Errorf("error %v", err)
	}
}

package webtest

import (
	"bytes"
	"encoding/json"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"guangyi/internal/platform/web"
)

// Browser keeps cookies and fills forms, without script and without a port.
type Browser struct {
	t       testing.TB
	site    *web.Site
	cookies map[string]string
}

// Visitor is a browser in which nobody is signed in.
func Visitor(t testing.TB, site *web.Site) *Browser { return &Browser{t, site, map[string]string{}} }

// SignedIn is somebody's browser; "" is a visitor's.
func SignedIn(t testing.TB, site *web.Site, who string) *Browser {
	b := Visitor(t, site)
	if who != "" {
		b.cookies[web.SessionCookie] = who
	}
	return b
}

// Page is an answer.
type Page struct {
	Status int
	Header http.Header
	Body   string
}

// Do sends a request.
func (b *Browser) Do(r *http.Request) Page {
	b.t.Helper()
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	res, err := b.site.App().Test(r, -1)
	b.must(err)
	raw, err := io.ReadAll(res.Body)
	b.must(err)
	for _, c := range res.Cookies() {
		b.cookies[c.Name] = c.Value
	}
	return Page{res.StatusCode, res.Header, string(raw)}
}

// Get opens a path.
func (b *Browser) Get(path string) Page {
	b.t.Helper()
	return b.Do(httptest.NewRequest("GET", path, nil))
}

// Post sends a form.
func (b *Browser) Post(path string, form url.Values) Page {
	b.t.Helper()
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.Do(r)
}

// JSON calls the API; headers are names and values by turns.
func (b *Browser) JSON(method, path, body string, headers ...string) Page {
	b.t.Helper()
	r := httptest.NewRequest(method, web.APIPrefix+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return b.Do(r)
}

// Upload sends a form with one file in its field "file".
func (b *Browser) Upload(path string, fields map[string]string, name, content string) Page {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for k, v := range fields {
		b.must(w.WriteField(k, v))
	}
	f, err := w.CreateFormFile("file", name)
	b.must(err)
	_, err = f.Write([]byte(content))
	b.must(err)
	b.must(w.Close())
	r := httptest.NewRequest("POST", path, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return b.Do(r)
}

func (b *Browser) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

var (
	inputField  = regexp.MustCompile(`<input [^>]*>`)
	attribute   = regexp.MustCompile(`([a-z-]+)="([^"]*)"`)
	selectField = regexp.MustCompile(`(?s)<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>`)
	optionField = regexp.MustCompile(`<option value="([^"]*)"( selected)?`)
	areaField   = regexp.MustCompile(`(?s)<textarea[^>]* name="([^"]*)"[^>]*>\n?(.*?)</textarea>`)
)

// Hidden are the hidden fields and the texts of a page's forms.
func (p Page) Hidden() url.Values {
	return p.fields(func(kind string, _ bool) bool { return kind == "hidden" })
}

// Fields are what the page's forms would send without being touched.
func (p Page) Fields() url.Values {
	out := p.fields(func(kind string, ticked bool) bool { return kind != "radio" && kind != "checkbox" || ticked })
	for _, m := range selectField.FindAllStringSubmatch(p.Body, -1) {
		for i, o := range optionField.FindAllStringSubmatch(m[2], -1) {
			if i == 0 || o[2] != "" {
				out.Set(m[1], html.UnescapeString(o[1]))
			}
		}
	}
	return out
}

func (p Page) fields(sent func(kind string, ticked bool) bool) url.Values {
	out := url.Values{}
	for _, tag := range inputField.FindAllString(p.Body, -1) {
		at := map[string]string{}
		for _, m := range attribute.FindAllStringSubmatch(tag, -1) {
			at[m[1]] = html.UnescapeString(m[2])
		}
		if at["name"] != "" && sent(at["type"], strings.Contains(tag, " checked")) {
			out.Add(at["name"], at["value"])
		}
	}
	for _, m := range areaField.FindAllStringSubmatch(p.Body, -1) {
		out.Add(m[1], html.UnescapeString(m[2]))
	}
	return out
}

// Element is the text of the element with an id; "" when there is none.
func (p Page) Element(id string) string {
	m := regexp.MustCompile(`id="` + id + `"[^>]*>([^<]*)<`).FindStringSubmatch(p.Body)
	if m == nil {
		return ""
	}
	return m[1]
}

// Decode reads a JSON object.
func (p Page) Decode(t testing.TB) map[string]any {
	t.Helper()
	out := map[string]any{}
	if err := json.Unmarshal([]byte(p.Body), &out); err != nil {
		t.Fatalf("%v: %s", err, p.Body)
	}
	return out
}

// Ask calls the API of a served site as somebody ("" nobody) and gives status and
// answer; headers are names and values by turns.
func Ask(t testing.TB, base, method, path, who string, body any, headers ...string) (int, map[string]any) {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequest(method, base+web.APIPrefix+path, bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if who != "" {
		r.Header.Set("Authorization", "Bearer "+who)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	out := map[string]any{}
	if raw, err = io.ReadAll(res.Body); err == nil && len(raw) > 0 {
		err = json.Unmarshal(raw, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, out
}

package server_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// visitor is a person with a browser in which no script runs: it keeps cookies,
// reads pages and fills in the forms that stand on them.
type visitor struct {
	t      testing.TB
	base   string
	client *http.Client
	lang   string
}

func (p *place) visitor() *visitor { return newVisitor(p.t, p.base) }

func newVisitor(t testing.TB, base string) *visitor {
	jar, err := cookiejar.New(nil)
	must(t, err)
	c := *client
	c.Jar = jar
	return &visitor{t: t, base: base, client: &c, lang: "zh-CN"}
}

// page is an answer that a person reads.
type page struct {
	status int
	path   string
	header http.Header
	body   string
	doc    *html.Node
}

func (g *page) String() string {
	return fmt.Sprintf("%d %s: %s", g.status, g.path, tail(strings.Join(strings.Fields(innerText(g.main())), " "), 500))
}

func (v *visitor) do(req *http.Request) *page {
	v.t.Helper()
	g, err := v.tryDo(req)
	must(v.t, err)
	return g
}

func (v *visitor) tryDo(req *http.Request) (*page, error) {
	req.Header.Set("Accept-Language", v.lang)
	req.Header.Set("Accept", "text/html")
	resp, err := v.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	doc, err := html.Parse(bytes.NewReader(body))
	return &page{resp.StatusCode, req.URL.RequestURI(), resp.Header, string(body), doc}, err
}

// get opens an address and follows no redirect.
func (v *visitor) get(path string) *page {
	v.t.Helper()
	req, err := http.NewRequest("GET", v.base+path, nil)
	must(v.t, err)
	return v.do(req)
}

// open opens an address, follows redirects as a browser does, and wants a page.
func (v *visitor) open(path string) *page {
	v.t.Helper()
	g := v.follow(v.get(path))
	if g.status != 200 {
		v.t.Fatalf("want a page at %s, got %s", path, g)
	}
	return g
}

// follow goes where an answer sends the browser.
func (v *visitor) follow(g *page) *page {
	v.t.Helper()
	for range 5 {
		if g.status != 303 && g.status != 302 {
			return g
		}
		g = v.get(v.local(g.header.Get("Location")))
	}
	v.t.Fatalf("redirects without end: %s", g)
	return nil
}

// local gives the path of an address of this site.
func (v *visitor) local(address string) string {
	v.t.Helper()
	u, err := url.Parse(address)
	must(v.t, err)
	if u.Host != "" && "http://"+u.Host != v.base {
		v.t.Fatalf("%s leads to another site", address)
	}
	return u.RequestURI()
}

// post sends a form's values, by itself without looking at a page.
func (v *visitor) post(path string, values url.Values) *page {
	v.t.Helper()
	return v.do(v.formRequest(path, values))
}

func (v *visitor) formRequest(path string, values url.Values) *http.Request {
	v.t.Helper()
	req, err := http.NewRequest("POST", v.base+path, strings.NewReader(values.Encode()))
	must(v.t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return req
}

// form is a form of a page with what stands in its fields.
type form struct {
	action, method, kind string
	values               url.Values
	buttons              []button
	names                []string // every field, also unchecked ones
	areas                []string // of these, the textareas
	node                 *html.Node
}

type button struct{ name, value, text string }

// send presses a button of a form: the one whose value or text is named; empty:
// the first. fill replaces values; a nil list takes a field out.
func (v *visitor) send(g *page, f *form, press string, fill url.Values) *page {
	v.t.Helper()
	return v.do(v.request(g, f, press, fill))
}

func (v *visitor) request(g *page, f *form, press string, fill url.Values) *http.Request {
	v.t.Helper()
	values := url.Values{}
	for k, list := range f.values {
		values[k] = list
	}
	for k, list := range fill {
		if list != nil && !slices.Contains(f.names, k) {
			v.t.Fatalf("%s: the form %s has no field %q, only %v", g.path, f.action, k, f.names)
		}
		values[k] = list
	}
	for _, k := range f.areas { // browsers send lines so
		for i, text := range values[k] {
			values[k] = slices.Clone(values[k])
			values[k][i] = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
		}
	}
	b, ok := f.press(press)
	if !ok {
		v.t.Fatalf("%s: the form %s has no button %q, only %v", g.path, f.action, press, f.buttons)
	}
	if b.name != "" {
		values.Set(b.name, b.value)
	}
	at, err := url.Parse(g.path)
	must(v.t, err)
	to, err := at.Parse(f.action)
	must(v.t, err)
	if f.method == "GET" {
		to.RawQuery = values.Encode()
		req, err := http.NewRequest("GET", v.base+v.local(to.String()), nil)
		must(v.t, err)
		return req
	}
	if f.kind == "multipart/form-data" {
		return v.multipart(v.local(to.String()), values, nil)
	}
	return v.formRequest(v.local(to.String()), values)
}

// upload is a chosen file.
type upload struct {
	field, name string
	data        []byte
}

func (v *visitor) multipart(path string, values url.Values, files []upload) *http.Request {
	v.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for k, list := range values {
		for _, value := range list {
			must(v.t, w.WriteField(k, value))
		}
	}
	for _, f := range files {
		part, err := w.CreateFormFile(f.field, f.name)
		must(v.t, err)
		_, err = part.Write(f.data)
		must(v.t, err)
	}
	must(v.t, w.Close())
	req, err := http.NewRequest("POST", v.base+path, &body)
	must(v.t, err)
	req.Header.Set("Content-Type", w.FormDataContentType())
	return req
}

func (f *form) press(name string) (button, bool) {
	if len(f.buttons) == 0 {
		return button{}, name == ""
	}
	for _, b := range f.buttons {
		if name == "" || b.value == name || strings.Contains(b.text, name) {
			return b, true
		}
	}
	return button{}, false
}

// signIn fills in the page of that name.
func (v *visitor) signIn(email string) {
	v.t.Helper()
	g := v.open("/signin")
	f := g.formWith(v.t, "password")
	r := v.send(g, f, "", url.Values{"email": {email}, "password": {password}})
	if r.status != 303 {
		v.t.Fatalf("%s was not signed in: %s", email, r)
	}
}

// cookies are what the browser keeps of the site; keep puts them back.
func (v *visitor) cookies() []*http.Cookie {
	u, err := url.Parse(v.base)
	must(v.t, err)
	return v.client.Jar.Cookies(u)
}

func (v *visitor) keep(list []*http.Cookie) {
	u, err := url.Parse(v.base)
	must(v.t, err)
	v.client.Jar.SetCookies(u, list)
}

// guard gives a token for this browser's forms, taken from a page that has one.
func (v *visitor) guard() string {
	v.t.Helper()
	for _, path := range []string{"/staff", "/signin", "/receipts", "/my/account"} {
		g := v.follow(v.get(path))
		for _, f := range g.forms() {
			if f.values.Get("csrf") != "" {
				return f.values.Get("csrf")
			}
		}
	}
	v.t.Fatal("no page holds the guard of forms")
	return ""
}

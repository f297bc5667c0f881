package server_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// slowly sends a request whose body comes in two parts, over a bare connection: the
// head and the first part now, the rest when the returned function is called.
func (p *place) slowly(head string, body []byte) (finish func() *http.Response) {
	p.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(p.base, "http://"))
	must(p.t, err)
	p.t.Cleanup(func() { conn.Close() })
	half := len(body) / 2
	_, err = fmt.Fprintf(conn, "%sHost: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n", head, strings.TrimPrefix(p.base, "http://"), len(body))
	must(p.t, err)
	_, err = conn.Write(body[:half])
	must(p.t, err)
	return func() *http.Response {
		p.t.Helper()
		_, err := conn.Write(body[half:])
		must(p.t, err)
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		must(p.t, err)
		return res
	}
}

func read(t testing.TB, res *http.Response) string {
	t.Helper()
	raw, err := io.ReadAll(res.Body)
	must(t, err)
	return string(raw)
}

// The closing instant decides by when the whole of a request had arrived. What was
// under way across it is refused with all its text; what had arrived is in, with a
// receipt, and says when.
func TestTheClosingInstantDecidesByTheWholeRequest(t *testing.T) {
	eachPlace(t, func(p *place) {
		slug := p.open("own", nil)
		end := p.closesAt(slug)
		p.program(slug, end)
		p.clock.Set(end.Add(-time.Hour))
		p.form(slug, end)
	})
}

// program tries the API's door.
func (p *place) program(slug string, end time.Time) {
	p.t.Helper()
	raw, err := json.Marshal(letter("写到截止的那一刻"))
	must(p.t, err)
	head := func(key string) string {
		return "POST " + api + "/consultations/" + slug + "/submissions HTTP/1.1\r\nContent-Type: application/json\r\nIdempotency-Key: " + key + "\r\n"
	}
	for _, c := range []struct {
		name         string
		begins, ends time.Time
		want         int
	}{
		{"a moment before", end.Add(-time.Hour), end.Add(-time.Microsecond), 201},
		{"begun before and arrived at the instant", end.Add(-time.Second), end, 410},
		{"begun before and arrived a moment later", end.Add(-time.Second), end.Add(time.Microsecond), 410},
	} {
		p.clock.Set(c.begins)
		finish := p.slowly(head(c.name), raw)
		p.clock.Set(c.ends)
		res := finish()
		body := read(p.t, res)
		if res.StatusCode != c.want {
			p.t.Errorf("API, %s: %d %s", c.name, res.StatusCode, body)
			continue
		}
		if c.want == 410 && !strings.Contains(body, "/closed") {
			p.t.Errorf("API, %s: %s", c.name, body)
		}
		var got struct {
			ReceivedAt time.Time `json:"received_at"`
		}
		if c.want == 201 && (json.Unmarshal([]byte(body), &got) != nil || !got.ReceivedAt.Equal(c.ends)) {
			p.t.Errorf("API, %s: received at %s, arrived at %s", c.name, got.ReceivedAt, c.ends)
		}
	}
}

// form tries the page's door.
func (p *place) form(slug string, end time.Time) {
	p.t.Helper()
	const words = "写到截止的那一刻<b>，一个字也不能丢"
	for _, c := range []struct {
		name string
		ends time.Time
		want int
	}{{"a moment before", end.Add(-time.Microsecond), 303}, {"at the instant", end, 410}} {
		p.clock.Set(end.Add(-time.Hour))
		v := p.visitor()
		last := v.lastStep(v.open("/consultations/"+slug+"/comment"), said(words))
		f, press := v.commentForm(last)
		req := v.request(last, f, press, url.Values{})
		raw, err := io.ReadAll(req.Body)
		must(p.t, err)
		var head strings.Builder
		fmt.Fprintf(&head, "POST %s HTTP/1.1\r\nContent-Type: %s\r\n", req.URL.RequestURI(), req.Header.Get("Content-Type"))
		for _, cookie := range v.cookies() {
			fmt.Fprintf(&head, "Cookie: %s=%s\r\n", cookie.Name, cookie.Value)
		}
		p.clock.Set(end.Add(-time.Second))
		finish := p.slowly(head.String(), raw)
		p.clock.Set(c.ends)
		res := finish()
		body := read(p.t, res)
		if res.StatusCode != c.want {
			p.t.Errorf("form, %s: %d %.400s", c.name, res.StatusCode, body)
		}
		if c.want == 410 && !strings.Contains(body, "写到截止的那一刻&lt;b&gt;，一个字也不能丢") {
			p.t.Errorf("form, %s: the text is not given back: %.1500s", c.name, body)
		}
	}
}

// closesAt is when a consultation closes.
func (p *place) closesAt(slug string) time.Time {
	p.t.Helper()
	at, err := time.Parse(time.RFC3339, p.ask("GET", api+"/consultations/"+slug, "", nil).text(p.t, "closes_at"))
	must(p.t, err)
	return at
}

package notice

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// Gateway hands short messages to an HTTP gateway. Every provider has its own
// interface and signature; what is sent here is one plain request, which a few
// lines on the provider's or the bureau's side turn into theirs:
//
//	POST <GUANGYI_SMS_URL without user and the parameters below>
//	Authorization: Basic …            (when the address holds user:password@)
//	Idempotency-Key: 7042             (the same at every attempt of one message)
//	Content-Type: application/json
//	{"id": "7042", "to": "+8613800000000", "sign": "云州市监局",
//	 "topic": "meeting.invited", "template": "SMS_2001", "lang": "zh-CN",
//	 "variables": {"meeting": "…", "at": "…", "link": "…"}}
//
// Carriers refuse free text: what is said is the template that was registered
// with them, filled with the variables. The query parameter sign is the signature
// registered there; template.TOPIC (template.meeting.invited=SMS_2001) is the
// template's id, without it the topic's own name is sent. All other parameters
// stay in the address.
//
// Any 2xx means taken. 408, 425, 429 and 5xx, and no answer, are tried again;
// every other status is a refusal for good, whose reason is the field error,
// message or detail of a JSON answer.
type Gateway struct {
	address   string
	user      *url.Userinfo
	sign      string
	templates map[string]string
	client    *http.Client
}

// answerLimit is how much of an answer is read, in bytes.
const answerLimit = 64 << 10

// NewGateway reads GUANGYI_SMS_URL; http:// is for this machine only.
func NewGateway(address string) (*Gateway, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return nil, fmt.Errorf("GUANGYI_SMS_URL cannot be read: write https://user:password@sms.example.gov/messages?sign=NAME")
	}
	if u.Scheme == "http" && !local(u.Hostname()) {
		return nil, fmt.Errorf("GUANGYI_SMS_URL is not encrypted: telephone numbers go over https only, except on this machine")
	}
	g := &Gateway{user: u.User, templates: map[string]string{}, client: &http.Client{
		Timeout: sendingLimit,
		// A message is not handed on to an address that nobody set.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	rest := url.Values{}
	for name, values := range u.Query() {
		topic, isTemplate := strings.CutPrefix(name, "template.")
		switch {
		case name == "sign":
			g.sign = values[0]
		case isTemplate:
			g.templates[topic] = values[0]
		default:
			rest[name] = values
		}
	}
	u.User, u.RawQuery = nil, rest.Encode()
	g.address = u.String()
	return g, nil
}

type message struct {
	ID        string            `json:"id"`
	To        string            `json:"to"`
	Sign      string            `json:"sign,omitempty"`
	Topic     string            `json:"topic"`
	Template  string            `json:"template"`
	Lang      string            `json:"lang"`
	Variables map[string]string `json:"variables"`
}

// Send hands one message to the gateway. *Refused when it is refused for good.
func (g *Gateway) Send(ctx context.Context, letter Letter) error {
	m := message{ID: strconv.FormatInt(letter.ID, 10), To: letter.To, Sign: g.sign, Topic: letter.Template,
		Template: letter.Template, Lang: letter.Lang, Variables: letter.Variables}
	if id, ok := g.templates[letter.Template]; ok {
		m.Template = id
	}
	if m.Variables == nil {
		m.Variables = map[string]string{}
	}
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Idempotency-Key", m.ID)
	if g.user != nil {
		password, _ := g.user.Password()
		req.SetBasicAuth(g.user.Username(), password)
	}
	resp, err := g.client.Do(req)
	if err != nil {
		return fmt.Errorf("the gateway did not answer: %w", err)
	}
	defer resp.Body.Close()
	return judge(resp)
}

// judge reads what became of a message.
func judge(resp *http.Response) error {
	if resp.StatusCode/100 == 2 {
		return nil
	}
	reason := fmt.Sprintf("the gateway answered %d: %s", resp.StatusCode, reasonIn(resp.Body))
	switch {
	case resp.StatusCode >= 500, resp.StatusCode == http.StatusRequestTimeout, resp.StatusCode == http.StatusTooEarly,
		resp.StatusCode == http.StatusTooManyRequests:
		return fmt.Errorf("%s", reason)
	}
	return &Refused{reason}
}

func reasonIn(body io.Reader) string {
	raw, err := io.ReadAll(io.LimitReader(body, answerLimit))
	if err != nil {
		return "its answer broke off"
	}
	var said map[string]any
	if json.Unmarshal(raw, &said) == nil {
		for _, name := range []string{"error", "message", "detail"} {
			if text, ok := said[name].(string); ok && text != "" {
				return text
			}
		}
	}
	return "no reason was given"
}

var notDigits = regexp.MustCompile(`\D`)

// Number brings a telephone number to the form of ITU-T E.164. Without a country
// it is China's (+86): ok is false for numbers that take no short messages, such
// as landlines there.
func Number(phone string) (number string, ok bool) {
	phone = strings.TrimSpace(phone)
	digits := notDigits.ReplaceAllString(phone, "")
	international := strings.HasPrefix(phone, "+") || strings.HasPrefix(phone, "＋")
	switch {
	case strings.HasPrefix(digits, "00"):
		digits, international = digits[2:], true
	case !international && len(digits) == 13 && strings.HasPrefix(digits, "861"):
		international = true
	}
	if !international {
		digits = "86" + digits
	}
	if rest, china := strings.CutPrefix(digits, "86"); china {
		return "+" + digits, len(rest) == 11 && rest[0] == '1'
	}
	return "+" + digits, len(digits) >= 8 && len(digits) <= 15
}

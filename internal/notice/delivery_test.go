package notice_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"guangyi/internal/notice"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
)

// office is a mail server that says no as often as it is told to.
type office struct {
	mu       sync.Mutex
	refusals []*smtp.SMTPError // at RCPT TO, one after another
	letters  []string
	tries    int
}

func (o *office) NewSession(*smtp.Conn) (smtp.Session, error) { return &counter{o}, nil }

type counter struct{ o *office }

func (c *counter) Mail(string, *smtp.MailOptions) error { return nil }

func (c *counter) Rcpt(string, *smtp.RcptOptions) error {
	c.o.mu.Lock()
	defer c.o.mu.Unlock()
	c.o.tries++
	if len(c.o.refusals) == 0 {
		return nil
	}
	no := c.o.refusals[0]
	c.o.refusals = c.o.refusals[1:]
	return no
}

func (c *counter) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	c.o.mu.Lock()
	defer c.o.mu.Unlock()
	c.o.letters = append(c.o.letters, string(raw))
	return err
}

func (c *counter) Reset()        {}
func (c *counter) Logout() error { return nil }

func (o *office) open(t *testing.T) notice.Post {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := smtp.NewServer(o)
	s.Domain = "localhost"
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { s.Close() })
	p, err := notice.NewSMTP("smtp://"+l.Addr().String()+"?from=huiwu@bureau.example", "")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// invited writes one letter of a meeting to everybody, with a date for a calendar.
type invited struct{}

func (invited) Letter(_ context.Context, i notice.Item) (notice.Letter, bool, error) {
	return notice.Letter{
		To: map[notice.Way]string{notice.Mail: "zhang@example.test", notice.SMS: "+8613912345678"}[i.Way], Subject: "邀请您列席", Text: "您被选为列席代表。\n",
		Lang: "zh-CN", Template: i.Topic, Variables: map[string]string{"meeting": "第31次局长办公会议", "code": "7k2m"},
		Files: []notice.File{{Name: "meeting.ics", MediaType: "text/calendar", Data: []byte("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")}},
	}, true, nil
}

const (
	meeting = 41
	person  = 8
	bureau  = 5
)

func ask(t *testing.T, db *database.DB, ways ...notice.Way) {
	t.Helper()
	err := db.Upkeep(ctx, func(tx *database.Tx) error {
		for _, way := range ways {
			if err := notice.Add(tx, notice.Request{Topic: "meeting.invited", Organisation: bureau, Scope: meeting, Ref: person, Way: way}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func logOf(t *testing.T, s *notice.Service) []notice.Delivery {
	t.Helper()
	out, err := s.OfPerson(ctx, meeting, person)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func deliver(t *testing.T, s *notice.Service, want int) {
	t.Helper()
	if n, err := s.Deliver(ctx); n != want || err != nil {
		t.Fatalf("%d letters went out, not %d: %v", n, want, err)
	}
}

func TestALetterThatAMailServerPutsOffArrivesLaterWithItsFile(t *testing.T) {
	each(t, func(t *testing.T, db *database.DB, c *clock.Manual) {
		o := &office{refusals: []*smtp.SMTPError{{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "greylisted, come back later"}}}
		s := notice.New(db, invited{}, notice.Posts{Mail: o.open(t)}, quiet())
		ask(t, db, notice.Mail)
		deliver(t, s, 0)
		if d := logOf(t, s)[0]; d.State != notice.Failing || d.Attempts != 1 || !strings.Contains(d.Failure, "greylisted") || !d.NextAt.Equal(noon.Add(time.Minute)) {
			t.Errorf("after the first attempt: %+v", d)
		}
		c.Add(time.Minute)
		deliver(t, s, 1)
		if d := logOf(t, s)[0]; d.State != notice.Sent || d.Attempts != 2 || d.Failure != "" || !d.SentAt.Equal(c.Now()) {
			t.Errorf("after the second: %+v", d)
		}
		calendar := base64.StdEncoding.EncodeToString([]byte("BEGIN:VCALENDAR"))
		for _, want := range []string{"text/calendar", "meeting.ics", calendar[:16], "To: <zhang@example.test>"} {
			if !strings.Contains(o.letters[0], want) {
				t.Errorf("%q is not in\n%s", want, o.letters[0])
			}
		}
	})
}

func TestAMailboxThatDoesNotExistIsGivenUpUntilSomebodyAsksAgain(t *testing.T) {
	each(t, func(t *testing.T, db *database.DB, c *clock.Manual) {
		o := &office{refusals: []*smtp.SMTPError{{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "<zhang@example.test>: no such mailbox"}}}
		s := notice.New(db, invited{}, notice.Posts{Mail: o.open(t)}, quiet())
		ask(t, db, notice.Mail)
		deliver(t, s, 0)
		d := logOf(t, s)[0]
		if d.State != notice.GivenUp || strings.Contains(d.Failure, "zhang") || !strings.Contains(d.Failure, "no such mailbox") {
			t.Errorf("%+v", d)
		}
		c.Add(48 * time.Hour)
		deliver(t, s, 0)
		if o.tries != 1 {
			t.Errorf("a server was asked %d times after it had refused for good", o.tries)
		}
		again := func(organisation int64) error {
			return db.Upkeep(ctx, func(tx *database.Tx) error { return notice.Again(tx, organisation, d.ID) })
		}
		if again(bureau+1) == nil {
			t.Error("another bureau may send it again")
		}
		if err := again(bureau); err != nil {
			t.Fatal(err)
		}
		deliver(t, s, 1)
		if again(bureau) == nil {
			t.Error("a letter that went out may be sent again as if it had not")
		}
	})
}

// gateway is what a provider's interface is turned into.
type gateway struct {
	mu      sync.Mutex
	answers []func(http.ResponseWriter)
	got     []map[string]any
	headers []http.Header
	paths   []string
}

func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	var body map[string]any
	_ = json.NewDecoder(r.Body).Decode(&body)
	g.got, g.headers, g.paths = append(g.got, body), append(g.headers, r.Header), append(g.paths, r.URL.String())
	if len(g.answers) > 0 {
		answer := g.answers[0]
		g.answers = g.answers[1:]
		answer(w)
		return
	}
	w.WriteHeader(http.StatusAccepted)
}

func says(status int, body string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func (g *gateway) open(t *testing.T) notice.Post {
	t.Helper()
	s := httptest.NewServer(g)
	t.Cleanup(s.Close)
	address := strings.Replace(s.URL, "http://", "http://bureau:secret@", 1)
	p, err := notice.NewGateway(address + "/v1/messages?region=east&sign=%E4%BA%91%E5%B7%9E&template.meeting.invited=SMS_2001")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAShortMessageGoesAsATemplateWithVariables(t *testing.T) {
	each(t, func(t *testing.T, db *database.DB, c *clock.Manual) {
		g := &gateway{answers: []func(http.ResponseWriter){says(503, `{"message":"busy, +86 139 1234 5678 waits"}`), says(429, "slow down")}}
		s := notice.New(db, invited{}, notice.Posts{SMS: g.open(t)}, quiet())
		ask(t, db, notice.SMS, notice.Mail)
		for range 2 {
			deliver(t, s, 0)
			c.Add(2 * time.Minute)
		}
		if d := logOf(t, s)[0]; d.State != notice.Failing || d.Attempts != 2 {
			t.Errorf("%+v", d)
		}
		deliver(t, s, 1)
		if d := logOf(t, s); d[0].State != notice.Sent || d[1].State != notice.Queued {
			t.Errorf("the message is %s; the mail, for which no server is set up, %s", d[0].State, d[1].State)
		}
		last := g.got[2]
		if last["to"] != "+8613912345678" || last["template"] != "SMS_2001" || last["sign"] != "云州" || last["topic"] != "meeting.invited" {
			t.Errorf("the gateway got %v", last)
		}
		if v, _ := last["variables"].(map[string]any); v["code"] != "7k2m" || last["text"] != nil {
			t.Errorf("the gateway got %v", last)
		}
		key := g.headers[0].Get("Idempotency-Key")
		if key == "" || key != g.headers[1].Get("Idempotency-Key") || key != g.headers[2].Get("Idempotency-Key") {
			t.Error("the attempts of one message cannot be told from new ones")
		}
		if user, password, ok := (&http.Request{Header: g.headers[0]}).BasicAuth(); !ok || user != "bureau" || password != "secret" {
			t.Errorf("the gateway was told %s:%s", user, password)
		}
		if g.paths[0] != "/v1/messages?region=east" {
			t.Errorf("the address was %s", g.paths[0])
		}
	})
}

func TestAFailureOfTheGatewayIsKeptWithoutTheNumber(t *testing.T) {
	each(t, func(t *testing.T, db *database.DB, _ *clock.Manual) {
		g := &gateway{answers: []func(http.ResponseWriter){says(422, `{"error":"number 139-1234-5678 is not in use"}`)}}
		s := notice.New(db, invited{}, notice.Posts{SMS: g.open(t)}, quiet())
		ask(t, db, notice.SMS)
		deliver(t, s, 0)
		d := logOf(t, s)[0]
		if d.State != notice.GivenUp || !strings.Contains(d.Failure, "is not in use") || strings.Contains(d.Failure, "1234") {
			t.Errorf("%+v", d)
		}
	})
}

func TestACallIsMadeByPeople(t *testing.T) {
	each(t, func(t *testing.T, db *database.DB, c *clock.Manual) {
		s := notice.New(db, invited{}, notice.Posts{Mail: (&office{}).open(t), SMS: (&gateway{}).open(t)}, quiet())
		ask(t, db, notice.Phone)
		deliver(t, s, 0)
		if d := logOf(t, s)[0]; d.State != notice.ToCall {
			t.Errorf("%+v", d)
		}
		c.Add(time.Hour)
		if err := db.Upkeep(ctx, func(tx *database.Tx) error { return notice.Told(tx, meeting, person) }); err != nil {
			t.Fatal(err)
		}
		if d := logOf(t, s)[0]; d.State != notice.Called || !d.SentAt.Equal(c.Now()) {
			t.Errorf("%+v", d)
		}
	})
}

func TestNothingIsSentToSomebodyWhoIsForgotten(t *testing.T) {
	each(t, func(t *testing.T, db *database.DB, c *clock.Manual) {
		o := &office{refusals: []*smtp.SMTPError{{Code: 452, Message: "the box of Zhang Wei is full"}}}
		s := notice.New(db, invited{}, notice.Posts{Mail: o.open(t)}, quiet())
		ask(t, db, notice.Mail)
		deliver(t, s, 0)
		if err := db.Upkeep(ctx, func(tx *database.Tx) error { return notice.Forget(tx, meeting, person) }); err != nil {
			t.Fatal(err)
		}
		c.Add(24 * time.Hour)
		deliver(t, s, 0)
		d := logOf(t, s)[0]
		if d.State != notice.Nobody || strings.Contains(d.Failure, "Zhang") || len(o.letters) != 0 {
			t.Errorf("%+v", d)
		}
	})
}

func TestANumberIsBroughtToOneForm(t *testing.T) {
	for phone, want := range map[string]string{
		"139 1234 5678": "+8613912345678", "+86 139-1234-5678": "+8613912345678", "008613912345678": "+8613912345678",
		"8613912345678": "+8613912345678", "+44 20 7946 0958": "+442079460958", "021-12345678": "", "1391234567": "", "": "",
	} {
		got, ok := notice.Number(phone)
		if ok != (want != "") || (ok && got != want) {
			t.Errorf("%q is %q, %v", phone, got, ok)
		}
	}
}

func TestAGatewayIsSpokenToInTheOpenOnThisMachineOnly(t *testing.T) {
	for _, address := range []string{"http://sms.example.gov/x", "ftp://sms.example.gov", "https://", "%"} {
		if _, err := notice.NewGateway(address); err == nil || !strings.Contains(err.Error(), "GUANGYI_SMS_URL") {
			t.Errorf("%q: %v", address, err)
		}
	}
	if _, err := notice.NewGateway("https://user:secret@sms.example.gov/x"); err != nil {
		t.Error(err)
	}
}

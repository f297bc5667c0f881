package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"guangyi/internal/platform/config"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/cluster"
)

// often reads how often something is done from the environment, where a long run
// asks for more than usual.
func often(name string, usual int) int {
	n, err := strconv.Atoi(os.Getenv(name))
	if err != nil || n < 1 {
		return usual
	}
	return n
}

// rounds is how often the program is killed on each database.
var rounds = often("GUANGYI_KILL_ROUNDS", 3)

// The program is killed in the middle of its work, again and again: what it
// acknowledged is there afterwards, each once.
func TestKilledWhileTakingIn(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { killed(t, config.Settings{}) })
	t.Run("postgres", func(t *testing.T) {
		killed(t, config.Settings{Database: durablePostgres(t)})
	})
}

// durablePostgres is a server of its own with fsync on: the program does not
// serve on one that may forget.
func durablePostgres(t *testing.T) string {
	t.Helper()
	c, err := cluster.Start(context.Background(), cluster.Settings{Durable: true})
	must(t, err)
	t.Cleanup(func() { must(t, c.Stop()) })
	conn, err := pgx.Connect(context.Background(), c.Address())
	must(t, err)
	defer conn.Close(context.Background())
	_, err = conn.Exec(context.Background(), "CREATE DATABASE killed")
	must(t, err)
	u, err := url.Parse(c.Address())
	must(t, err)
	u.Path = "/killed"
	return u.String()
}

// taken is a submission that was acknowledged, with the key it was sent under.
type taken struct {
	key, text string
	receipt   receipt
}

// intakeLoad sends from several connections until it is told to stop.
type intakeLoad struct {
	mu    sync.Mutex
	taken []taken
	sent  map[string]string // every key that was sent, acknowledged or not
}

func killed(t *testing.T, s config.Settings) {
	s.Data, s.Challenge, s.RateLimit, s.PageCache, s.Language, s.TimeZone = t.TempDir(), "off", "off", "on", "zh-CN", "Asia/Shanghai"
	s.Listen = freeAddress(t)
	k := &killing{t: t, settings: s, load: &intakeLoad{sent: map[string]string{}}}
	k.prepare()
	for round := range rounds {
		k.round(round)
	}
	r := launch(t, s, "--migrate")
	k.everyReceipt(r.base)
	k.retries(r.base)
	r.kill()
	db, err := database.Open(context.Background(), s.DatabaseTarget(), database.Options{})
	must(t, err)
	defer db.Close()
	if n, want := countOf(t, db, "SELECT COUNT(*) FROM submissions"), len(k.load.sent); n != want {
		t.Errorf("%d submissions were sent, %d are stored", want, n)
	}
	auditDatabase(t, db)
	t.Logf("%d acknowledged in %d rounds, %d sent again, 0 lost", len(k.load.taken), rounds, len(k.load.sent)-len(k.load.taken))
}

// killing is the program over one database that is killed and started again.
type killing struct {
	t        *testing.T
	settings config.Settings
	load     *intakeLoad
	slug     string
}

// prepare brings a consultation to the public by commands and the API.
func (k *killing) prepare() {
	k.t.Helper()
	r := launch(k.t, k.settings, "--migrate")
	env := environment(k.settings, time.Time{})
	run := func(input string, args ...string) string {
		o := command(k.t, env, input, args...)
		if o.code != 0 {
			k.t.Fatalf("guangyi %s: %s", strings.Join(args, " "), o)
		}
		return o.last()
	}
	run("", "org", "add", "--slug", "own", "--name", "局")
	tokens := map[string]string{}
	for _, role := range []string{"officer", "reviewer"} {
		run(password+"\n", "user", "add", "--email", role+"@own.example", "--role", role, "--org", "own", "--password-stdin")
		tokens[role] = run("", "token", "add", "--name", role, "--org", "own", "--user", role+"@own.example", "--scope", "read", "--scope", "write", "--scope", "review")
	}
	draft := k.t.TempDir() + "/draft.md"
	must(k.t, os.WriteFile(draft, []byte(rules), 0o600))
	k.slug = run("", "import", "draft", "--org", "own", draft)
	p := &place{t: k.t, base: r.base}
	at := api + "/consultations/" + k.slug
	p.ask("PATCH", at, tokens["officer"], map[string]any{"background": "x", "explanation": "x", "contact": "x", "channels": []string{"web"},
		"closes_at": time.Now().Add(40 * 24 * time.Hour).Format(time.RFC3339)})
	p.ask("POST", at+"/events", tokens["officer"], map[string]any{"event": "submit"})
	p.ask("POST", at+"/events", tokens["reviewer"], map[string]any{"event": "approve"})
	r.kill()
}

// round lets eight senders write, kills the program under them, and looks whether
// it comes up again.
func (k *killing) round(round int) {
	k.t.Helper()
	r := launch(k.t, k.settings, "--migrate")
	stop := make(chan struct{})
	var wait sync.WaitGroup
	for c := range 8 {
		wait.Go(func() { k.load.send(r.base, k.slug, fmt.Sprintf("%d-%d", round, c), stop) })
	}
	time.Sleep(time.Duration(400+137*round%300) * time.Millisecond)
	r.kill()
	close(stop)
	wait.Wait()
}

func (l *intakeLoad) send(base, slug, name string, stop chan struct{}) {
	for i := 0; ; i++ {
		select {
		case <-stop:
			return
		default:
		}
		key, text := fmt.Sprintf("%s-%d", name, i), fmt.Sprintf("第%s-%d条意见", name, i)
		l.mu.Lock()
		l.sent[key] = text
		l.mu.Unlock()
		r, err := post(base, slug, key, text)
		if err != nil {
			return // the program is dead
		}
		l.mu.Lock()
		l.taken = append(l.taken, taken{key, text, r})
		l.mu.Unlock()
	}
}

// post sends one submission; any answer but an acknowledgement is an error.
func post(base, slug, key, text string) (receipt, error) {
	raw, err := json.Marshal(letter(text))
	if err != nil {
		return receipt{}, err
	}
	req, err := http.NewRequest("POST", base+api+"/consultations/"+slug+"/submissions", bytes.NewReader(raw))
	if err != nil {
		return receipt{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", key)
	resp, err := client.Do(req)
	if err != nil {
		return receipt{}, err
	}
	defer resp.Body.Close()
	var doc struct{ Receipt, Secret string }
	if err := json.NewDecoder(resp.Body).Decode(&doc); err != nil {
		return receipt{}, err
	}
	if resp.StatusCode != 201 && resp.StatusCode != 200 {
		return receipt{}, fmt.Errorf("status %d", resp.StatusCode)
	}
	return receipt{doc.Receipt, doc.Secret}, nil
}

// everyReceipt asks with each acknowledged receipt for its own words.
func (k *killing) everyReceipt(base string) {
	k.t.Helper()
	if len(k.load.taken) < 20 {
		k.t.Errorf("only %d were acknowledged before the program was killed: that tests nothing", len(k.load.taken))
	}
	p := &place{t: k.t, base: base}
	seen := map[string]bool{}
	for _, one := range k.load.taken {
		if seen[one.receipt.Number] {
			k.t.Errorf("the receipt %s was given twice", one.receipt.Number)
		}
		seen[one.receipt.Number] = true
		if a := p.track(one.receipt); a.status != 200 || !strings.Contains(string(a.body), one.text) {
			k.t.Errorf("acknowledged and lost: %s %s", one.receipt.Number, a)
		}
	}
}

// retries sends everything again under its key, as a client does that got no
// answer: what was taken keeps its receipt, the rest is taken now.
func (k *killing) retries(base string) {
	k.t.Helper()
	had := map[string]receipt{}
	for _, one := range k.load.taken {
		had[one.key] = one.receipt
	}
	for key, text := range k.load.sent {
		r, err := post(base, k.slug, key, text)
		if err != nil {
			k.t.Fatalf("%s again: %v", key, err)
		}
		if was, ok := had[key]; ok && was != r {
			k.t.Errorf("%s had the receipt %v and got %v", key, was, r)
		}
	}
}

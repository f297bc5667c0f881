package server_test

import (
	"context"
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
	"guangyi/internal/verification"
	"guangyi/internal/verification/published"
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

// The program is killed in the middle of its work, again and again, and in every
// other round PostgreSQL is: what was acknowledged is there afterwards, each once,
// and in the register within ten seconds.
func TestKilledWhileTakingIn(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { killed(t, config.Settings{}, nil) })
	t.Run("postgres", func(t *testing.T) {
		c, target := durablePostgres(t)
		killed(t, config.Settings{Database: target}, c)
	})
}

// durablePostgres is a server of its own with fsync on: the program does not
// serve on one that may forget.
func durablePostgres(t *testing.T) (*cluster.Cluster, string) {
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
	return c, u.String()
}

func killed(t *testing.T, s config.Settings, c *cluster.Cluster) {
	s.Data, s.Challenge, s.RateLimit, s.PageCache, s.Language, s.TimeZone = t.TempDir(), "off", "off", "on", "zh-CN", "Asia/Shanghai"
	s.Listen = freeAddress(t)
	k := &killing{t: t, settings: s, cluster: c, copied: t.TempDir(), load: &intakeLoad{sent: map[string]string{}}}
	k.prepare()
	for round := range rounds {
		k.round(round)
	}
	r := launch(t, s, "--migrate")
	k.entered(r.base)
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
	t.Logf("%d acknowledged in %d rounds, %d sent again", len(k.load.taken), rounds, len(k.load.sent)-len(k.load.taken))
}

// killing is the program over one database that is killed and started again.
type killing struct {
	t        *testing.T
	settings config.Settings
	cluster  *cluster.Cluster // nil on SQLite
	copied   string           // a follower's copy of the register
	load     *intakeLoad
	slug     string
	checked  int // of what was acknowledged, the entries in the register
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

// round lets eight senders write, kills the program or PostgreSQL under them, and
// looks whether the one before was forgotten.
func (k *killing) round(round int) {
	k.t.Helper()
	r := launch(k.t, k.settings, "--migrate")
	k.entered(r.base)
	stop := make(chan struct{})
	var wait sync.WaitGroup
	for c := range 8 {
		wait.Go(func() { k.load.send(r.base, k.slug, fmt.Sprintf("%d-%d", round, c), stop) })
	}
	time.Sleep(time.Duration(400+137*round%300) * time.Millisecond)
	if k.cluster != nil && round%2 == 1 {
		k.killDatabase(r.base, round)
	}
	r.kill()
	close(stop)
	wait.Wait()
}

// killDatabase kills PostgreSQL under the program, which goes on by itself: what
// it answers once the server is back is acknowledged as before.
func (k *killing) killDatabase(base string, round int) {
	k.t.Helper()
	must(k.t, k.cluster.Kill(context.Background()))
	one := taken{key: fmt.Sprintf("after-%d", round), text: "之后"}
	until(k.t, "the program does not take in again after PostgreSQL came back", func() bool {
		var err error
		one.receipt, err = post(base, k.slug, one.key, one.text)
		return err == nil
	})
	k.load.acknowledged(one)
}

// entered wants what was acknowledged since it was last called to be in the
// register within ten seconds, and the register to continue the copy that is kept
// since the first round: checked as a stranger does, over HTTP.
func (k *killing) entered(base string) {
	k.t.Helper()
	var asked published.Options
	asked.Keep = k.copied
	p := &place{t: k.t, base: base}
	for _, one := range k.load.taken[k.checked:] {
		asked.Receipts = append(asked.Receipts, published.Receipt{Number: one.receipt.Number, Secret: one.receipt.Secret})
		until(k.t, "acknowledged and not in the register: "+one.receipt.Number, func() bool {
			return p.call("GET", api+"/receipts/"+one.receipt.Number+"/proof", "", nil).status == http.StatusOK
		})
	}
	k.checked = len(k.load.taken)
	site, err := published.At(base, asked)
	must(k.t, err)
	proved := 0
	must(k.t, site.Check(context.Background(), func(about string, f verification.Finding) {
		if f.State == verification.Broken {
			k.t.Errorf("%s: %v", about, f)
		}
		if f.Fact == verification.FactInclusion && f.State == verification.Holds {
			proved++
		}
	}))
	if proved < len(asked.Receipts) {
		k.t.Errorf("of %d receipts %d are proved to be in the register", len(asked.Receipts), proved)
	}
}

// until asks again and again for the ten seconds that are promised.
func until(t *testing.T, otherwise string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !holds(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal(otherwise)
		}
	}
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
